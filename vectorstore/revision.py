"""What changed between two versions of an article: sentences added, removed, changed and moved, and the metadata."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from vectorstore.article import Article
from vectorstore.sentence import Span, sentence_spans

EditKind = Literal["added", "removed", "changed", "moved"]

WORD = re.compile(r"\w+(?:[.,’'-]\w+)*|[^\w\s]")
# Share of words, figures counted as equal, from which one sentence is taken for another one changed. Reports of one event put different
# sentences together from the same names and small words; half of the words is beyond that, and an edited sentence keeps more.
CHANGED_FROM = 0.5
# The same for a sentence that was moved too: nothing but its words says that it is the same one.
MOVED_FROM = 0.75
# Pairs of sentences compared in one gap; a longer gap is taken in the order of its sentences.
MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One sentence, where it stands in the old text and in the new one, and the words in it that differ.

    `old` is None for one that was added, `new` for one that was removed. One that was moved may have been changed as well.
    """

    kind: EditKind
    old: Span | None
    new: Span | None
    old_words: tuple[Span, ...] = ()
    new_words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A metadata field whose value differs; None is unknown."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """Two versions and all that is different. Edits come in the order of the new text, those that were removed where they stood."""

    old: Article
    new: Article
    metadata: tuple[FieldChange, ...]
    edits: tuple[Edit, ...]
    unchanged: int

    def count(self, kind: EditKind) -> int:
        return sum(1 for edit in self.edits if edit.kind == kind)


def revision(old: Article, new: Article) -> Revision:
    before, after = sentence_spans(old.text), sentence_spans(new.text)
    keys = [_key(old.text, span) for span in before], [_key(new.text, span) for span in after]
    origin, moved = _aligned(*keys)
    removed = sorted(set(range(len(before))) - set(origin.values()), reverse=True)
    edits: list[Edit] = []
    unchanged = 0
    for number, span in enumerate(after):
        source = origin.get(number)
        if source is None:
            edits.append(Edit("added", None, span))
            continue
        if number not in moved:
            while removed and removed[-1] < source:
                edits.append(Edit("removed", before[removed.pop()], None))
        if keys[0][source] == keys[1][number]:
            unchanged += number not in moved
            if number in moved:
                edits.append(Edit("moved", before[source], span))
        else:
            words = _words_changed(old.text, before[source], new.text, span)
            edits.append(Edit("moved" if number in moved else "changed", before[source], span, *words))
    edits += [Edit("removed", before[number], None) for number in reversed(removed)]
    return Revision(old, new, metadata_changes(old, new), tuple(edits), unchanged)


def metadata_changes(old: Article, new: Article) -> tuple[FieldChange, ...]:
    """A language that is found in one text and uncertain in the other is no change of the publisher's."""
    fields = ((name, field.value, getattr(new, name).value) for name, field in old.fields())
    return tuple(FieldChange(*change) for change in fields if change[1] != change[2] and (change[0] != "language" or all(change[1:])))


def _key(text: str, span: Span) -> str:
    """Sentences that differ in nothing but blanks and line ends are the same."""
    return " ".join(text[span.start : span.end].split())


def _aligned(old: Sequence[str], new: Sequence[str]) -> tuple[dict[int, int], set[int]]:
    """Which old sentence each new one was, and which new ones stand in another order than before."""
    origin: dict[int, int] = {}
    gaps: list[tuple[range, range]] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            origin.update(zip(range(j, j_end), range(i, i_end), strict=True))
        else:
            gaps.append((range(i, i_end), range(j, j_end)))
    moved: set[int] = set()
    free_old = {number for lost, _ in gaps for number in lost}
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for number in sorted(free_old, reverse=True):
        elsewhere[old[number]].append(number)
    for number in (number for _, fresh in gaps for number in fresh):
        if elsewhere[new[number]]:
            origin[number] = elsewhere[new[number]].pop()
            moved.add(number)
    free_old -= set(origin.values())
    old_bags, new_bags = {number: _bag(old[number]) for number in free_old}, {}
    for lost, fresh in gaps:
        olds, news = [n for n in lost if n in free_old], [n for n in fresh if n not in origin]
        new_bags.update({number: _bag(new[number]) for number in news})
        for i, j in _changed([old_bags[n] for n in olds], [new_bags[n] for n in news]):
            origin[news[j]] = olds[i]
    free_old -= set(origin.values())
    fresh_ones = [number for number in new_bags if number not in origin]
    if len(free_old) * len(fresh_ones) <= MOST_PAIRS:
        for number in fresh_ones:
            score, source = max(((_likeness(old_bags[n], new_bags[number]), -n) for n in free_old), default=(0.0, 0))
            if score >= MOVED_FROM:
                origin[number] = -source
                moved.add(number)
                free_old.discard(-source)
    return origin, moved


def _changed(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> list[tuple[int, int]]:
    """Pairs of likely the same sentences, in order, of the greatest likeness in all."""
    if len(old) * len(new) > MOST_PAIRS:
        return [(n, n) for n in range(min(len(old), len(new))) if _likeness(old[n], new[n]) >= CHANGED_FROM]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(a, b) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= CHANGED_FROM else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if alike[i][j] >= CHANGED_FROM and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _bag(sentence: str) -> Counter[str]:
    """Its words; every figure is the same word, so that a sentence is found again whose figures alone have changed."""
    return Counter("0" if word[0].isdigit() else word for word in WORD.findall(sentence.lower()) if word[0].isalnum())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0


def _words_changed(old: str, before: Span, new: str, after: Span) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The runs of words that differ, as offsets into the two texts."""
    olds = [Span(*match.span()) for match in WORD.finditer(old, before.start, before.end)]
    news = [Span(*match.span()) for match in WORD.finditer(new, after.start, after.end)]
    matcher = SequenceMatcher(None, [old[s:e] for s, e in olds], [new[s:e] for s, e in news], autojunk=False)
    differing = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        tuple(Span(olds[i].start, olds[i_end - 1].end) for i, i_end, _, _ in differing if i < i_end),
        tuple(Span(news[j].start, news[j_end - 1].end) for _, _, j, j_end in differing if j < j_end),
    )

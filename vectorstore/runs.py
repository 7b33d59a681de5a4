"""The runs of words that articles share: which of them are the article's own, and which pairs of articles are worth comparing."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.quotation import quotation_spans
from vectorstore.sentence import Span

Hashes = NDArray[np.uint64]

RUN = 4  # words; shorter runs are shared by chance between reports of one event
# A quotation of fewer words is a phrase that two reports may have by chance.
SHORTEST_QUOTE = 6
# A sentence that one outlet prints in this many articles stands in all of them, unless they are one text anyway: then what the
# articles have in all is less than this share of what they have one by one. Of many articles, the first SAMPLED are looked at.
STANDING_FROM, STANDING_DIFFER, SAMPLED = 3, 0.5, 8
LEAST_STANDING_WORDS = 5
# A run held by more texts than MANY is a phrase of the language, or one text copied often: it leads from each to the one before and to
# the first, so that a thousand clones cost a thousand comparisons and not half a million. Fewer shared runs than LEAST, or a smaller
# share of the shorter text than LEAST_SHARE, are no reason to compare two texts.
MANY, LEAST, LEAST_SHARE = 20, 3, 0.06

# Characters that are read of a text, so that the largest take no more than some hundred megabytes.
LONGEST_TEXT = 5_000_000
# Words of which the order is compared; the work grows with the square.
LONGEST_SEQUENCE = 5_000

WORD = re.compile(r"\w")
# Words set down from a document or a recording: they are shared by all who print them. Turns of a transcript ("HOLM: ..."), clauses
# with a number or letter of their own, quoted blocks, and what follows "The statement in full:".
TURN = re.compile(r"^[\"“]?[A-Z][A-Z.'’ -]{1,30}(?: \([^)\n]{1,30}\))?: .*$", re.MULTILINE)
CLAUSE = re.compile(r"^[ \t]*(?:(?:Section|Sec\.|Article|Art\.|Clause|§+) ?\d+|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]) .*$", re.MULTILINE)
BLOCK = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
DOCUMENT = re.compile(
    r"^[^\n]{0,200}\b(?:statement|text|letter|transcript|remarks|speech|address|ruling|resolution|order|communiqu[eé]|press release)\b"
    r"[^\n]{0,80}\b(?:full|complete|reads?|as follows|below|verbatim)\b[^\n]{0,40}:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
LEAST_CLAUSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """A text as sets of runs, sorted: `all` without those of standing text, `own` those without a quoted word.

    `sequence` are its words outside quotations, in order, `quotes` its quotations, `words` the number of its words; `text` is equal
    for texts of equal words.
    """

    all: Hashes
    own: Hashes
    sequence: Hashes
    quotes: frozenset[int]
    words: int
    text: bytes


class _Reader:
    """Words as numbers, equal for equal words whatever their case and the same in every process, a whole text at once: a loop over the
    words of a library in Python takes ten times as long."""

    FACTOR = 0x9E3779B97F4A7C15

    def __init__(self) -> None:
        characters = [chr(code) for code in range(0x10000)]
        self._is_word = np.zeros(0x10000, np.bool_)
        self._is_word[[found.start() for found in WORD.finditer("".join(characters))]] = True
        self._lower = np.array([ord(low) if len(low := character.lower()) == 1 else ord(character) for character in characters], np.uint64)
        self._grow(1 << 16)

    def _grow(self, length: int) -> None:
        steps = np.full(length, self.FACTOR, np.uint64)
        back = np.full(length, pow(self.FACTOR, -1, 1 << 64), np.uint64)
        steps[0] = back[0] = 1
        self._powers, self._inverses = np.cumprod(steps), np.cumprod(back)

    def words(self, text: str) -> tuple[Hashes, NDArray[np.int64]]:
        """The words and where they start."""
        codes = np.frombuffer(text[:LONGEST_TEXT].encode("utf-32-le", "surrogatepass"), np.uint32)
        if len(codes) > len(self._powers):
            self._grow(len(codes))
        codes = np.minimum(codes, 0xFFFF)
        inside = self._is_word[codes]
        edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        # The sum of letters times powers, from the start of the text; a word is a difference of two, moved to the front.
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(self._lower[codes] * self._powers[: len(codes)], dtype=np.uint64)])
        return _mixed((sums[ends] - sums[starts]) * self._inverses[starts]), starts


def _mixed(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(29))


def runs_of(articles: Sequence[Article]) -> list[Runs]:
    standing = _standing(articles)
    known: dict[tuple[str, frozenset[str]], Runs] = {}
    found = []
    for article in articles:
        left_out = standing.get((article.outlet.value or "").lower(), frozenset())
        key = article.text_id, left_out
        if key not in known:
            known[key] = _runs(article.text, left_out)
        found.append(known[key])
    return found


@cache
def _reader() -> _Reader:
    return _Reader()


def _runs(text: str, standing: frozenset[str]) -> Runs:
    words, starts = _reader().words(text)
    quotes = _among(starts, quotation_spans(text))
    marks = np.zeros(len(words), np.int8)
    for first, last in [*quotes, *_among(starts, _set_down(text))]:
        marks[first:last] = _QUOTED
    if standing:
        stands = [Span(at, at + len(sentence)) for at, sentence in _sentences(text) if sentence.strip() in standing]
        for first, last in _among(starts, stands):
            marks[first:last] = _STANDING
    count = max(len(words) - RUN + 1, 0)
    runs, worst = np.zeros(count, np.uint64), np.zeros(count, np.int8)
    for place in range(RUN):
        runs = _mixed(runs + words[place : place + count])
        worst = np.maximum(worst, marks[place : place + count])
    return Runs(
        all=_distinct(runs[worst < _STANDING]),
        own=_distinct(runs[worst < _QUOTED]),
        sequence=words[marks < _QUOTED][:LONGEST_SEQUENCE],
        quotes=frozenset(hash(words[first:last].tobytes()) for first, last in quotes if last - first >= SHORTEST_QUOTE),
        words=len(words),
        text=hashlib.blake2b(words.tobytes() + text[LONGEST_TEXT:].encode("utf-8", "surrogatepass"), digest_size=16).digest(),
    )


_QUOTED, _STANDING = 1, 2


def _distinct(values: Hashes) -> Hashes:
    """Sorted, each once; np.unique hashes them first, which takes longer here."""
    values = np.sort(values)
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def _among(starts: NDArray[np.int64], spans: Sequence[Span]) -> list[tuple[int, int]]:
    """For each span the first word in it and the first one after it."""
    edges = starts.searchsorted(np.array(spans, np.int64).reshape(-1, 2)).tolist()
    return [(first, last) for first, last in edges]


def _set_down(text: str) -> list[Span]:
    turns = [Span(*match.span()) for match in TURN.finditer(text)]
    clauses = [Span(*match.span()) for match in CLAUSE.finditer(text)]
    blocks = [Span(*match.span()) for match in BLOCK.finditer(text)] if ">" in text else []
    document = [Span(match.end(), len(text)) for match in [DOCUMENT.search(text)] if match] if re.search(r":[ \t]*\n", text) else []
    return [*(turns if len(turns) > 1 else []), *(clauses if len(clauses) >= LEAST_CLAUSES else []), *blocks, *document]


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Where roughly a sentence starts, and its words. A finer splitter would take longer than all the rest."""
    at = 0
    for piece in text.replace(". ", ".\n").replace("! ", "!\n").replace("? ", "?\n").split("\n"):
        yield at, piece
        at += len(piece) + 1


def _standing(articles: Sequence[Article]) -> dict[str, frozenset[str]]:
    """By outlet, the sentences that it prints in many articles which are not one text."""
    by_outlet: dict[str, dict[str, Article]] = defaultdict(dict)
    for article in articles:
        if article.outlet.value:
            by_outlet[article.outlet.value.lower()].setdefault(article.text_id, article)
    found = {}
    for outlet, distinct in by_outlet.items():
        if len(distinct) < STANDING_FROM:
            continue
        sentences = [
            {sentence.strip() for _, sentence in _sentences(article.text) if sentence.count(" ") >= LEAST_STANDING_WORDS - 1}
            for article in distinct.values()
        ]
        holders: dict[str, list[int]] = defaultdict(list)
        for number, held in enumerate(sentences):
            for sentence in held:
                holders[sentence].append(number)
        alike: dict[tuple[int, ...], bool] = {}
        chosen = set()
        for sentence, who in holders.items():
            if len(who) >= STANDING_FROM:
                sample = tuple(who[:SAMPLED])
                if sample not in alike:
                    together = len(set().union(*(sentences[number] for number in sample)))
                    alike[sample] = together < STANDING_DIFFER * sum(len(sentences[number]) for number in sample)
                if not alike[sample]:
                    chosen.add(sentence)
        if chosen:
            found[outlet] = frozenset(chosen)
    return found


def in_order(first: Hashes, second: Hashes) -> float:
    """The share of both sequences' words that stand in both in the same order: their longest common subsequence."""
    places: dict[int, int] = {}
    for place, word in enumerate(first.tolist()):
        places[word] = places.get(word, 0) | 1 << place
    every = rest = (1 << len(first)) - 1
    for word in second.tolist():
        found = rest & places.get(word, 0)
        rest = (rest + found | rest - found) & every
    both = len(first) + len(second)
    return 2 * (len(first) - rest.bit_count()) / both if both else 0.0


def shared(first: Hashes, second: Hashes) -> int:
    few, many = (first, second) if len(first) <= len(second) else (second, first)
    if not len(few):
        return 0
    places = np.minimum(many.searchsorted(few), len(many) - 1)
    return int(np.count_nonzero(many[places] == few))


def candidates(runs: Sequence[Hashes]) -> list[tuple[int, int]]:
    """Pairs of texts with enough shared runs to be worth comparing, in order. Exact: from the postings of all runs."""
    sizes = np.array([len(held) for held in runs], np.int64)
    if not sizes.sum():
        return []
    values = np.concatenate(list(runs))
    owners = np.repeat(np.arange(len(runs), dtype=np.int64), sizes)
    order = np.argsort(values, kind="stable")
    owners = owners[order]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(values[order]) != 0]))
    lengths = np.diff(np.concatenate([starts, [len(owners)]]))
    pairs: list[NDArray[np.int64]] = []
    for length in range(2, MANY + 1):
        rows = owners[starts[lengths == length][:, None] + np.arange(length)]
        for first in range(length - 1):
            pairs.extend(rows[:, first] * len(runs) + rows[:, second] for second in range(first + 1, length))
    for start, length in zip(starts[lengths > MANY].tolist(), lengths[lengths > MANY].tolist(), strict=True):
        held = owners[start : start + length]
        pairs += [held[:-1] * len(runs) + held[1:], held[0] * len(runs) + held[2:]]
    codes, counts = np.unique(np.concatenate(pairs), return_counts=True)
    ones, others = codes // len(runs), codes % len(runs)
    enough = counts >= np.maximum(LEAST, LEAST_SHARE * np.minimum(sizes[ones], sizes[others]))
    return list(zip(ones[enough].tolist(), others[enough].tolist(), strict=True))

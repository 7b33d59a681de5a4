"""The runs of words that articles share: which of them are the article's own, and which pairs of articles are worth comparing."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

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

# Words of which the order is compared; the work grows with the square.
LONGEST_SEQUENCE = 5_000

WORD = re.compile(r"\w+")
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


class _Numbers(dict[str, int]):
    """A number for every word, the same in every process."""

    def __missing__(self, word: str) -> int:
        self[word] = number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        return number


def runs_of(articles: Sequence[Article]) -> list[Runs]:
    numbers = _Numbers()
    standing = _standing(articles)
    known: dict[tuple[str, frozenset[str]], Runs] = {}
    found = []
    for article in articles:
        left_out = standing.get((article.outlet.value or "").lower(), frozenset())
        key = article.text_id, left_out
        if key not in known:
            known[key] = _runs(article.text, left_out, numbers)
        found.append(known[key])
    return found


def _runs(text: str, standing: frozenset[str], numbers: _Numbers) -> Runs:
    quotes = quotation_spans(text)
    cuts = _cuts(text, [*quotes, *_set_down(text)], standing)
    hashes: list[int] = []
    marks: list[int] = []
    for span, mark in cuts:
        words = _words(text[span.start : span.end])
        hashes.extend(map(numbers.__getitem__, words))
        marks.extend([mark] * len(words))
    values, kinds = np.array(hashes, np.uint64), np.array(marks, np.int8)
    count = max(len(values) - RUN + 1, 0)
    runs = np.zeros(count, np.uint64)
    worst = np.zeros(count, np.int8)
    for place in range(RUN):
        runs = (runs + values[place : place + count]) * np.uint64(0x9E3779B97F4A7C15)
        runs ^= runs >> np.uint64(29)
        worst = np.maximum(worst, kinds[place : place + count])
    return Runs(
        all=np.unique(runs[worst < _STANDING]),
        own=np.unique(runs[worst < _QUOTED]),
        sequence=values[kinds < _QUOTED][:LONGEST_SEQUENCE],
        quotes=frozenset(_quotes(text, quotes)),
        words=len(values),
        text=hashlib.blake2b(values.tobytes(), digest_size=16).digest(),
    )


_QUOTED, _STANDING = 1, 2


def _cuts(text: str, quoted: Sequence[Span], standing: frozenset[str]) -> Iterator[tuple[Span, int]]:
    """The text in pieces, each with what it is: 0 the article's own words, _QUOTED, or _STANDING."""
    marked = [(span, _QUOTED) for span in quoted]
    if standing:
        marked += [(Span(at, at + len(sentence)), _STANDING) for at, sentence in _sentences(text) if sentence.strip() in standing]
    if not marked:
        yield Span(0, len(text)), 0
        return
    edges = sorted({0, len(text), *(edge for span, _ in marked for edge in span)})
    level = dict.fromkeys(edges, 0)
    marked.sort()
    opened: list[tuple[int, int]] = []
    at = 0
    for start, end in pairwise(edges):
        while at < len(marked) and marked[at][0].start <= start:
            opened.append((marked[at][0].end, marked[at][1]))
            at += 1
        opened = [(until, mark) for until, mark in opened if until > start]
        level[start] = max((mark for _, mark in opened), default=0)
        yield Span(start, end), level[start]


def _set_down(text: str) -> list[Span]:
    turns = [Span(*match.span()) for match in TURN.finditer(text)]
    clauses = [Span(*match.span()) for match in CLAUSE.finditer(text)]
    blocks = [Span(*match.span()) for match in BLOCK.finditer(text)] if ">" in text else []
    document = [Span(match.end(), len(text)) for match in [DOCUMENT.search(text)] if match] if re.search(r":[ \t]*\n", text) else []
    return [*(turns if len(turns) > 1 else []), *(clauses if len(clauses) >= LEAST_CLAUSES else []), *blocks, *document]


def _quotes(text: str, spans: Sequence[Span]) -> Iterator[int]:
    for span in spans:
        words = _words(text[span.start : span.end])
        if len(words) >= SHORTEST_QUOTE:
            yield hash(tuple(words))


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


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

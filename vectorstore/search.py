"""From a query to ranked passages: words and vectors, scored exactly, fused, with a share for every article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.catalog import PassageRow, Printed
from vectorstore.passage_store import HeldRows

T = TypeVar("T")

# The words of a question that no article is about.
NO_TERMS = frozenset(
    "a about according after again all also am an and any are as at be because been before being between both but by can could "
    "did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it "
    "its itself just me more most my no nor not now of off on once only or other our out over own same say says said she should so "
    "some such than that the their them then there these they this those through to too under until up very was we were what when "
    "where which while who whom whose why will with would you your article articles outlet outlets report reports reported".split()
)
# Lexical hits are asked for generously, so that a passage found by its vector has its lexical score too.
LEXICAL_POOL, DENSE_POOL = 1_000, 200
# Weight of the cosine beside a BM25 score that is divided by the query's best one. On MultiHop-RAG .3 to .6 find as much evidence as
# each other, and more than words alone (see docs/measured.md).
DENSE_WEIGHT = 0.4
# One article may hold at most this many of the passages of a result.
PER_ARTICLE = 3
# Above this many passages, what the index proposes may leave one out that an exact search would find.
INDEX_LIMIT = 20
# A ranking is hardly ever read further than this.
FIRST_SORTED = 1_000
# SQLite's parser has a limit too; no question has so many words.
MOST_TERMS = 64


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `article.text[start:end]`. `also` are other articles in scope that print the same text, or
    this passage in nearly the same words."""

    article: Article
    start: int
    end: int
    score: float
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def terms(query: str) -> list[str]:
    """The words that a passage can be found by, each once, in order."""
    words = re.findall(r"\w+(?:[.,]\d+)*", query.lower().replace("'s", " ").replace("’s", " "))
    return list(dict.fromkeys(word for word in words if word not in NO_TERMS and (len(word) > 1 or word.isdigit())))[:MOST_TERMS]


def has_words(text: str, words: str) -> bool:
    """Whether the text has these very words, not as a part of longer ones."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


Ranked = Iterable[tuple[float, PassageRow]]


def aligned(scores: Mapping[str, float], rows: Sequence[PassageRow]) -> NDArray[np.float64]:
    """Of every row its score by passage id, 0 without one."""
    if isinstance(rows, HeldRows):
        return rows.aligned(scores)
    return np.array([scores.get(row.passage_id, 0.0) for row in rows], np.float64)


def fuse(rows: Sequence[PassageRow], vectors: NDArray[np.float32], query: NDArray[np.float32], lexical: Mapping[str, float]) -> Ranked:
    """(score, passage), the best first. The rows come in the order of passage ids, and so do ties: the same query has the same answer."""
    if not rows:
        return
    best = max(lexical.values(), default=0.0) or 1.0
    # Row by row, so that a cosine doesn't depend on which other passages are scored with it.
    cosines = np.einsum("ij,j->i", vectors, query).astype(np.float64)
    scores = (aligned(lexical, rows) / best + DENSE_WEIGHT * cosines).round(6)
    for column in best_first(scores):
        yield float(scores[column]), rows[column]


def best_first(scores: NDArray[np.float32] | NDArray[np.float64]) -> Iterator[int]:
    """The columns with a score above -inf, the best first, equal ones in their order. Only those that are asked for are sorted."""
    columns = np.flatnonzero(scores > -np.inf)
    if len(columns) > FIRST_SORTED:
        least = np.partition(scores[columns], len(columns) - FIRST_SORTED)[len(columns) - FIRST_SORTED]
        first, columns = columns[scores[columns] >= least], columns[scores[columns] < least]
        yield from first[np.argsort(-scores[first], kind="stable")].tolist()
    yield from columns[np.argsort(-scores[columns], kind="stable")].tolist()


def by_turns(ranked: Iterable[T], outlet_of: Callable[[T], str | None], outlets: Collection[str | None], count: int) -> list[T]:
    """The first of every outlet, then the second of every outlet, and so on; those that come at one time in the order given.

    `outlets` are all that may come: once each has had its turns for `count`, nobody else is looked at.
    """
    seen: Counter[str | None] = Counter()
    rounds: list[list[T]] = []
    for item in ranked:
        outlet = outlet_of(item)
        if seen[outlet] == len(rounds):
            rounds.append([])
        rounds[seen[outlet]].append(item)
        seen[outlet] += 1
        full = next((number for number, taken in enumerate(rounds) if len(taken) < len(outlets)), len(rounds))
        if sum(map(len, rounds[: full + 1])) >= count:
            break
    return [item for taken in rounds for item in taken][:count]


@dataclass(frozen=True, slots=True)
class Choice:
    """A passage chosen, and the articles in scope that print its text, the earliest first."""

    score: float
    row: PassageRow
    printed: tuple[Printed, ...]

    def hit(self, articles: Mapping[str, Article]) -> Hit:
        first, *others = (article.article_id for article in self.printed)
        return Hit(articles[first], self.row.start, self.row.end, self.score, tuple(others))


def select(ranked: Ranked, printed: Mapping[str, Sequence[Printed]], limit: int, *, spread: bool = False) -> list[Choice]:
    """The first `limit` passages, at most three an article. `printed` are the articles in scope by text id, the earliest first.

    With `spread`, every outlet's best passage comes before any outlet's second one.
    """
    taken: Counter[str] = Counter()

    def within() -> Iterator[Choice]:
        for score, row in ranked:
            if row.text_id in printed and taken[row.text_id] < PER_ARTICLE:
                taken[row.text_id] += 1
                yield Choice(score, row, tuple(printed[row.text_id]))

    if not spread:
        return list(islice(within(), limit))
    outlets = {copies[0].outlet for copies in printed.values()}
    return by_turns(within(), lambda choice: choice.printed[0].outlet, outlets, limit)

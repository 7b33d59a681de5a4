"""What every search is made of: the words of a query, rankings, turns, and the passage that comes of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.catalog import PassageRow, Printed

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

"""From a query to ranked passages: words and vectors, scored exactly, fused, with a share for every article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.catalog import PassageRow, Printed

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
# SQLite's parser has a limit too; no question has so many words.
MOST_TERMS = 64


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `article.text[start:end]`. `also` are other articles in scope that print the same text."""

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


Ranked = list[tuple[float, PassageRow]]


def fuse(rows: Sequence[PassageRow], vectors: NDArray[np.float32], query: NDArray[np.float32], lexical: Mapping[str, float]) -> Ranked:
    """(score, passage), the best first; ties in the order of passage ids, so that the same query has the same answer."""
    if not rows:
        return []
    best = max(lexical.values(), default=0.0) or 1.0
    # Row by row, so that a cosine doesn't depend on which other passages are scored with it.
    cosines = np.einsum("ij,j->i", vectors, query)
    scored = [
        (round(lexical.get(row.passage_id, 0.0) / best + DENSE_WEIGHT * float(cosine), 6), row)
        for row, cosine in zip(rows, cosines, strict=True)
    ]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].passage_id))


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
    chosen: list[Choice] = []
    for score, row in ranked:
        if row.text_id not in printed or taken[row.text_id] >= PER_ARTICLE:
            continue
        taken[row.text_id] += 1
        chosen.append(Choice(score, row, tuple(printed[row.text_id])))
        if len(chosen) >= limit and not spread:
            break
    if spread:
        seen: Counter[str | None] = Counter()
        rounds = []
        for choice in chosen:
            outlet = choice.printed[0].outlet
            rounds.append(seen[outlet])
            seen[outlet] += 1
        chosen = [chosen[number] for number in sorted(range(len(chosen)), key=rounds.__getitem__)]
    return chosen[:limit]

"""From a query to ranked passages: words and vectors, scored exactly, fused, with a share for every article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.catalog import Catalog, PassageRow

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
# Weight of the cosine beside a BM25 score that is divided by the query's best one.
DENSE_WEIGHT = 0.7
# One article may hold at most this many of the passages of a result.
PER_ARTICLE = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are searched. None means no limit. `outlets` may hold None for articles whose outlet is unknown."""

    outlets: frozenset[str | None] | None = None
    since: date | None = None
    until: date | None = None
    article_ids: frozenset[str] | None = None

    @property
    def everything(self) -> bool:
        return self == Scope()

    def holds(self, article: Article) -> bool:
        if self.outlets is not None and article.outlet.value not in self.outlets:
            return False
        if self.article_ids is not None and article.article_id not in self.article_ids:
            return False
        if self.since is None and self.until is None:
            return True
        day = article.day
        return day is not None and (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


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
    return list(dict.fromkeys(word for word in words if word not in NO_TERMS and (len(word) > 1 or word.isdigit())))


def fuse(rows: Sequence[PassageRow], cosines: NDArray[np.float32], lexical: dict[str, float]) -> list[tuple[float, PassageRow]]:
    """(score, passage), the best first; ties in the order of passage ids, so that the same query has the same answer."""
    best = max(lexical.values(), default=0.0) or 1.0
    scored = [
        (round(lexical.get(row.passage_id, 0.0) / best + DENSE_WEIGHT * float(cosine), 6), row)
        for row, cosine in zip(rows, cosines, strict=True)
    ]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].passage_id))


def select(ranked: Sequence[tuple[float, PassageRow]], articles: dict[str, list[Article]], limit: int, *, spread: bool) -> list[Hit]:
    """The first `limit` passages, at most three an article. `articles` are those in scope by text id, the earliest first.

    With `spread`, every outlet's best passage comes before any outlet's second one.
    """
    taken: Counter[str] = Counter()
    hits: list[Hit] = []
    for score, row in ranked:
        printed = articles.get(row.text_id)
        if not printed or taken[row.text_id] >= PER_ARTICLE:
            continue
        taken[row.text_id] += 1
        hits.append(Hit(printed[0], row.start, row.end, score, tuple(article.article_id for article in printed[1:])))
        if len(hits) >= limit and not spread:
            break
    if spread:
        round_of: Counter[str | None] = Counter()
        order = []
        for hit in hits:
            order.append((round_of[hit.article.outlet.value], hit))
            round_of[hit.article.outlet.value] += 1
        hits = [hit for _, hit in sorted(order, key=lambda pair: pair[0])]
    return hits[:limit]


def articles_by_text(catalog: Catalog, scope: Scope) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for article in catalog.articles(scope.article_ids):
        if scope.holds(article):
            found.setdefault(article.text_id, []).append(article)
    return found


def scope_of(outlets: Collection[str | None] | None, since: date | None, until: date | None, article_ids: Collection[str] | None) -> Scope:
    return Scope(None if outlets is None else frozenset(outlets), since, until, None if article_ids is None else frozenset(article_ids))

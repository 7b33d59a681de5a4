"""One search: the words through the lexicon, the meaning through the index or exactly, and the texts in scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vectorstore.article_rank import LENDING, LENT_WEIGHT, RankedArticle, best_first, by_text, lent_words, rarity, to_one
from vectorstore.catalog import Catalog, PassageRow
from vectorstore.generation import IndexKeeper, IndexUnusable
from vectorstore.plan import SearchPlan
from vectorstore.planned import Found, Grade, choose, score
from vectorstore.scope import Scope
from vectorstore.search import DENSE_POOL, INDEX_LIMIT, LEXICAL_POOL, Choice, Hit, fuse, select, terms

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class Retrieval:
    """Searches a catalog and its index, if there is one. What users should know of a search is added to `notices`."""

    def __init__(self, catalog: Catalog, index: IndexKeeper | None, embed: Embed, notices: list[str]):
        self._catalog, self._index, self._embed, self._notices = catalog, index, embed, notices

    def search(self, query: str, scope: Scope, limit: int, *, spread: bool = False) -> list[Hit]:
        if not query.strip() or limit < 1 or not self._catalog.last_passage():
            return []
        vector = self._embed([query])[0]
        with self._catalog.snapshot():
            printed = self._catalog.printed(scope)
            texts = None if scope.everything else printed.keys()
            lexical = self._catalog.lexical(terms(query), LEXICAL_POOL, texts)
            chosen: list[Choice] = []
            if scope.everything and not spread and limit <= INDEX_LIMIT:
                rows, vectors = self._candidates([vector], [lexical])
                chosen = select(fuse(rows, vectors, vector, lexical), printed, limit)
            if len(chosen) < limit:
                rows, vectors = self._catalog.passages_of(texts)
                chosen = select(fuse(rows, vectors, vector, lexical), printed, limit, spread=spread)
            ids = frozenset(choice.printed[0].article_id for choice in chosen)
            articles = {article.article_id: article for article in self._catalog.articles(Scope(article_ids=ids, as_of=scope.as_of))}
        return [choice.hit(articles) for choice in chosen]

    def search_plan(self, plan: SearchPlan, scope: Scope, limit: int) -> list[Found]:
        """Every part in its own scope, all within `scope`. A plan without outlets, of the whole library, is answered from the index's
        candidates; any other exactly, over the rows in scope."""
        texts = [plan.question, *(part.words for part in plan.parts)]
        if limit < 1 or not any(text.strip() for text in texts) or not self._catalog.last_passage():
            return []
        queries = self._embed([text or plan.question for text in texts])
        if plan.outlets:
            scope = replace(scope, outlets=plan.outlets if scope.outlets is None else plan.outlets & scope.outlets)
        scope = scope.between(plan.since, plan.until)
        with self._catalog.snapshot():
            printed = self._catalog.printed(scope)
            within = None if scope.everything else printed.keys()
            lexical = [self._catalog.lexical(terms(text), LEXICAL_POOL, within) for text in texts]
            outlets_of = {text_id: frozenset(one.outlet for one in copies) for text_id, copies in printed.items()}
            on_days = [self._of_days(part.days, scope) for part in plan.parts]

            def choose_among(rows: list[PassageRow], vectors: NDArray[np.float32]) -> list[tuple[Grade, Choice]]:
                kept = [number for number, row in enumerate(rows) if row.text_id in printed]
                rows = [rows[number] for number in kept]
                if not rows:
                    return []
                scores = score(plan, rows, vectors[kept], queries, lexical, outlets_of, on_days)
                return choose(plan, rows, scores, printed, limit)

            chosen: list[tuple[Grade, Choice]] = []
            if scope.everything and not plan.spread and limit <= INDEX_LIMIT:
                chosen = choose_among(*self._candidates(queries, lexical))
            if len(chosen) < limit:
                chosen = choose_among(*self._catalog.passages_of(within))
            ids = frozenset(choice.printed[0].article_id for _, choice in chosen)
            articles = {article.article_id: article for article in self._catalog.articles(replace(scope, article_ids=ids))}
        return [Found(choice.hit(articles), grade) for grade, choice in chosen]

    def rank_articles(self, query: str, scope: Scope, limit: int) -> list[RankedArticle]:
        """Articles rather than passages. The best passages lend the query their words: who asks knows few of those that are used."""
        if limit < 1 or not query.strip() or not self._catalog.last_passage():
            return []
        vector = self._embed([query])[0]
        with self._catalog.snapshot():
            printed = self._catalog.printed(scope)
            within = None if scope.everything else printed.keys()
            rows, vectors = self._catalog.passages_of(within)
            if not rows:
                return []
            asked = terms(query)

            def scored(words: Sequence[str]) -> NDArray[np.float32]:
                found = self._catalog.lexical(words, len(rows), within)
                return to_one(np.array([found.get(row.passage_id, 0.0) for row in rows], np.float32))

            scores = scored(asked) + np.einsum("ij,j->i", vectors, vector)
            best = [rows[number] for number in best_first(rows, scores)[:LENDING]]
            passages = [self._catalog.text(row.text_id)[row.start : row.end] for row in best]
            lent = lent_words(asked, passages, lambda words: rarity(self._catalog.holders(words), self._catalog.last_passage()))
            total = by_text(rows, scores + LENT_WEIGHT * scored(lent))
            ranked = sorted((text for text in total if text in printed), key=lambda text: (-total[text], text))[:limit]
            ids = frozenset(printed[text][0].article_id for text in ranked)
            articles = {article.article_id: article for article in self._catalog.articles(replace(scope, article_ids=ids))}
        return [RankedArticle(articles[printed[text][0].article_id], total[text]) for text in ranked]

    def _of_days(self, days: Sequence[date], scope: Scope) -> frozenset[str]:
        """The texts in scope that were published on one of these days."""
        spans = [(max(day, scope.since or day), min(day, scope.until or day)) for day in days]
        return frozenset(
            text_id
            for since, until in spans
            if since == until
            for text_id in self._catalog.printed(replace(scope, since=since, until=until))
        )

    def _candidates(
        self, vectors: Sequence[NDArray[np.float32]] | NDArray[np.float32], lexical: Sequence[Mapping[str, float]]
    ) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """Passages near the vectors or with the words, and those that the index lacks; none if there is no index to ask."""
        wanted = {passage_id for scores in lexical for passage_id in scores}
        for vector in vectors:
            near = None
            if self._index:
                try:
                    near = self._index.nearest(vector, DENSE_POOL)
                except IndexUnusable as failure:
                    self._notices.append(f"{failure}: searched exactly, with the same answers; the next ingest rebuilds it")
            if near is None:
                return [], np.zeros((0, 0), np.float32)
            found, through = near
            wanted.update(found)
        newer, _ = self._catalog.passages_between(through, self._catalog.last_passage())
        return self._catalog.passages_named(wanted.union(row.passage_id for row in newer))

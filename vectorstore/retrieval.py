"""One search: the words through the lexicon, the meaning through the index or exactly, and the texts in scope."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.article_rank import LENDING, LENT_WEIGHT, RankedArticle, by_text, lent_words, rarity, to_one
from vectorstore.best_sentence import best_sentences
from vectorstore.catalog import Catalog, PassageRow, Printed
from vectorstore.generation import IndexKeeper, IndexUnusable
from vectorstore.held import aligned
from vectorstore.plan import SearchPlan
from vectorstore.planned import Found, Grade, choose, copied, score, with_sentences, worth_reading
from vectorstore.rerank import Reranker, RerankFailed, reranked, wanted
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.search import DENSE_POOL, INDEX_LIMIT, LEXICAL_POOL, Choice, Hit, best_first, by_turns, terms
from vectorstore.server_index import ServerIndexKeeper
from vectorstore.warm import WarmCatalog
from vectorstore.widen import widened

T = TypeVar("T")
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class Retrieval:
    """Searches a catalog and its index, if there is one. What users should know of a search is added to `notices`."""

    def __init__(self, catalog: Catalog, index: IndexKeeper | ServerIndexKeeper | None, embed: Embed, notices: list[str]):
        self._catalog, self._index, self._embed, self._notices = catalog, index, embed, notices
        self._warm = WarmCatalog(catalog)
        self.reranker: Reranker | None = None

    def _source(self, scope: Scope) -> Catalog | WarmCatalog:
        """Where a search reads, inside its snapshot: an earlier day is looked up in the file."""
        if scope.as_of is not None:
            return self._catalog
        self._warm.refresh()
        return self._warm

    def printed(self, scope: Scope) -> Sequence[Printed]:
        """The articles in scope in the order of publication; those without a date last."""
        with self._catalog.snapshot():
            return self._source(scope).printed_in_order(scope)

    def search_plan(self, plan: SearchPlan, scope: Scope, limit: int) -> list[Found]:
        """Every part in its own scope, all within `scope`. A hit is a passage with sentences around it, up to 1,200 characters. A plan
        without outlets, of the whole library, is answered from the index's candidates; any other exactly, over the rows in scope."""
        if self.reranker:
            wider = self._search_plan(plan, scope, wanted(limit))
            again = self._order_again(self.reranker, plan.question, wider, [one.hit for one in wider], limit, spread=plan.spread)
            if again is not None:
                return again
        return self._search_plan(plan, scope, limit)

    def _order_again(
        self, reranker: Reranker, question: str, found: Sequence[T], hits: Sequence[Hit], limit: int, *, spread: bool
    ) -> list[T] | None:
        """None if the re-ranker failed."""
        try:
            order = reranked(reranker, question, range(len(found)), [hit.text for hit in hits])
        except RerankFailed as failure:
            notice = f"the re-ranker failed ({failure}): the order is that of the search"
            if notice not in self._notices:
                self._notices.append(notice)
            return None
        if spread:
            outlets = {hit.article.outlet.value for hit in hits}
            order = by_turns(order, lambda number: hits[number].article.outlet.value, outlets, limit)
        return [found[number] for number in order[:limit]]

    def _search_plan(self, plan: SearchPlan, scope: Scope, limit: int) -> list[Found]:
        texts = [plan.question, *(part.words for part in plan.parts)]
        if limit < 1 or not any(text.strip() for text in texts) or not self._catalog.last_passage():
            return []
        # Each once: an endpoint is paid by the text.
        embedded = [text or plan.question for text in texts]
        different = list(dict.fromkeys(embedded))
        queries = self._embed(different)[[different.index(text) for text in embedded]]
        if plan.outlets:
            scope = replace(scope, outlets=plan.outlets if scope.outlets is None else plan.outlets & scope.outlets)
        scope = scope.between(plan.since, plan.until)
        with self._catalog.snapshot():
            source = self._source(scope)
            printed = source.printed(scope)
            within = None if scope.everything else printed
            words = [terms(text) for text in texts]
            of_text = {text: source.lexical(terms(text), LEXICAL_POOL, within) for text in set(texts)}
            # After the words were scored: in how many passages each stands is known then.
            rare = rarity(source.holders(sorted({word for each in words for word in each})), source.passage_count())
            lexical = [of_text[text] for text in texts]
            on_days = [self._of_days(source, part.days, scope) for part in plan.parts]

            quoted = frozenset[str]().union(*map(source.texts_titled, plan.headlines))

            def choose_among(rows: Sequence[PassageRow], vectors: NDArray[np.float32]) -> list[tuple[Grade, Choice]]:
                if not rows:
                    return []
                scores = score(plan, rows, vectors, queries, lexical, printed, on_days, quoted)
                read = worth_reading(scores, limit)
                whole = self._catalog.texts_of({rows[column].text_id for column in read})
                passages = [whole[rows[column].text_id][rows[column].start : rows[column].end] for column in read]
                scores = with_sentences(scores, read, best_sentences(words, passages, rare))
                copies = copied(plan, rows, scores, printed, read, passages, vectors[read], limit)
                return choose(plan, rows, scores, printed, limit, copies)

            chosen: list[tuple[Grade, Choice]] = []
            if scope.everything and not plan.spread and limit <= INDEX_LIMIT:
                chosen = choose_among(*self._candidates(queries, lexical))
            if len(chosen) < limit:
                chosen = choose_among(*source.passages_of(within))
            ids = frozenset(choice.printed[0].article_id for _, choice in chosen)
            articles = {article.article_id: article for article in self._catalog.articles(replace(scope, article_ids=ids))}
        hits = [choice.hit(articles) for _, choice in chosen]
        spans = [(hit.article.text_id, hit.start, hit.end) for hit in hits]
        wide = widened(spans, {hit.article.text_id: hit.article.text for hit in hits})
        return [
            Found(replace(hit, start=span.start, end=span.end), grade) for hit, span, (grade, _) in zip(hits, wide, chosen, strict=True)
        ]

    def rank_articles(self, query: str, scope: Scope, limit: int) -> list[RankedArticle]:
        """Articles rather than passages. The best passages lend the query their words: who asks knows few of those that are used."""
        if limit < 1 or not query.strip() or not self._catalog.last_passage():
            return []
        vector = self._embed([query])[0]
        with self._catalog.snapshot():
            source = self._source(scope)
            printed = source.printed(scope)
            within = None if scope.everything else printed
            rows, vectors = source.passages_of(within)
            if not rows:
                return []
            asked = terms(query)

            def scored(words: Sequence[str]) -> NDArray[np.float32]:
                found = source.lexical(words, len(rows), within)
                return to_one(aligned(found, rows).astype(np.float32))

            scores = scored(asked) + np.einsum("ij,j->i", vectors, vector)
            best = [rows[number] for number in islice(best_first(scores), LENDING)]
            passages = [self._catalog.text(row.text_id)[row.start : row.end] for row in best]
            lent = lent_words(asked, passages, lambda words: rarity(source.holders(words), source.passage_count()))
            total = by_text(rows, scores + LENT_WEIGHT * scored(lent))
            ranked = sorted((text for text in total if text in printed), key=lambda text: (-total[text], text))[:limit]
            ids = frozenset(printed[text][0].article_id for text in ranked)
            articles = {article.article_id: article for article in self._catalog.articles(replace(scope, article_ids=ids))}
        return [RankedArticle(articles[printed[text][0].article_id], total[text]) for text in ranked]

    def rarity(self, words: Collection[str]) -> dict[str, float]:
        """How rare each word is among the passages held: 1 for one that stands nowhere, near 0 for one that stands in all."""
        with self._catalog.snapshot():
            source = self._source(EVERYTHING)
            passages = source.passage_count()
            most = math.log(2 * (passages + 1))
            found = rarity(source.holders(list(words)), passages)
        return {word: max(0.0, value / most) for word, value in found.items()}

    def _of_days(self, source: Catalog | WarmCatalog, days: Sequence[date], scope: Scope) -> frozenset[str]:
        """The texts in scope that were published on one of these days."""
        spans = [(max(day, scope.since or day), min(day, scope.until or day)) for day in days]
        return frozenset(
            text_id for since, until in spans if since == until for text_id in source.printed(replace(scope, since=since, until=until))
        )

    def _candidates(
        self, vectors: NDArray[np.float32], lexical: Sequence[Mapping[str, float]]
    ) -> tuple[Sequence[PassageRow], NDArray[np.float32]]:
        """Passages near the vectors or with the words, and those that the index lacks; none if there is no index to ask. All of them
        are of current versions."""
        near = None
        if self._index:
            try:
                near = self._index.nearest(vectors, DENSE_POOL)
            except IndexUnusable as failure:
                self._notices.append(f"{failure}: searched exactly, with the same answers; the next ingest rebuilds it")
        if near is None:
            return [], np.zeros((0, 0), np.float32)
        found, through = near
        # Who proposes fewer than were asked for has proposed all that it holds. A graph that several threads built at once may have lost
        # a passage, and then such an answer is short of one.
        if any(len(ids) < DENSE_POOL and self._warm.lacks(ids, through) for ids in found):
            return [], np.zeros((0, 0), np.float32)
        return self._warm.candidates(chain(*found), lexical, through)

"""One search: the words through the lexicon, the meaning through the index or exactly, and the texts in scope."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.catalog import Catalog, PassageRow
from vectorstore.generation import IndexKeeper, IndexUnusable
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
                rows, vectors = self._candidates(vector, lexical)
                chosen = select(fuse(rows, vectors, vector, lexical), printed, limit)
            if len(chosen) < limit:
                rows, vectors = self._catalog.passages_of(texts)
                chosen = select(fuse(rows, vectors, vector, lexical), printed, limit, spread=spread)
            ids = frozenset(choice.printed[0].article_id for choice in chosen)
            articles = {article.article_id: article for article in self._catalog.articles(Scope(article_ids=ids, as_of=scope.as_of))}
        return [choice.hit(articles) for choice in chosen]

    def _candidates(self, vector: NDArray[np.float32], lexical: dict[str, float]) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """Passages near the vector or with the words, and those that the index lacks; none if there is no index to ask."""
        near = None
        if self._index:
            try:
                near = self._index.nearest(vector, DENSE_POOL)
            except IndexUnusable as failure:
                self._notices.append(f"{failure}: searched exactly, with the same answers; the next ingest rebuilds it")
        if near is None:
            return [], np.zeros((0, 0), np.float32)
        found, through = near
        newer, _ = self._catalog.passages_between(through, self._catalog.last_passage())
        return self._catalog.passages_named({*found, *lexical, *(row.passage_id for row in newer)})

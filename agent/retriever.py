"""The library's search as a LangChain retriever, for chains that are not ours."""

from __future__ import annotations

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from agent.planning import Searched, plan_for
from vectorstore.planned import Found
from vectorstore.scope import Scope


class CoverageRetriever(BaseRetriever):
    """Passages for a question, each outlet that it names searched for its own part of it.

    A document is the passage word for word; its metadata say which article, outlet, headline, day and address it is of, at which
    offsets it stands, and with which score it was found. Use it from the thread that opened the library: `invoke`, not `ainvoke`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Any = Field(exclude=True)
    limit: int = Field(default=10, ge=1, le=200)
    outlets: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        library: Searched = self.library
        plan = plan_for(query, library, self.outlets)
        found = library.search_plan(plan, Scope.of(self.outlets, self.since, self.until), self.limit)
        return [_document(one) for one in found]


def _document(one: Found) -> Document:
    hit, article = one.hit, one.hit.article
    metadata = {
        "article_id": article.article_id,
        "outlet": article.outlet.value,
        "title": article.title.value,
        "published": article.published.value,
        "url": article.url.value,
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
        "also": list(hit.also),
    }
    return Document(page_content=hit.text, metadata=metadata)

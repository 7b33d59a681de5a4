"""The library as a LangChain retriever."""

from __future__ import annotations

from datetime import date

import pytest
from langchain_core.runnables import RunnableLambda

from agent.retriever import CoverageRetriever
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, outlet: str | None, day: str | None, title: str | None = None) -> Article:
    return Article(text, value(title), value(outlet), published=value(day))


COVERAGE = [
    article("Fire shut the ferry terminal. At least four people were taken to hospital.", "Harbour Post", "2025-03-14"),
    article("Eleven people were hurt when the ferry terminal burned, the hospital said.", "Varn Courier", "2025-03-15"),
    article("The national budget grows by two percent. Nobody objected.", "Harbour Post", "2025-03-20"),
]


@pytest.fixture
def library(minilm: Embedder) -> Library:
    return Library.in_memory(COVERAGE, embedder=minilm)


def test_documents_are_passages_word_for_word(library: Library) -> None:
    documents = CoverageRetriever(library=library).invoke("What did the Varn Courier say about people who were hurt?")
    assert [document.metadata["outlet"] for document in documents] == ["Varn Courier"]
    (document,) = documents
    source = library.article(document.metadata["article_id"])
    assert source.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
    assert document.metadata["published"].startswith("2025-03-15")


def test_it_takes_part_in_a_chain_and_its_limits_hold(library: Library) -> None:
    retriever = CoverageRetriever(library=library, limit=2, outlets=("Harbour Post",), since=date(2025, 3, 20))
    chain = retriever | RunnableLambda(lambda documents: [document.metadata["outlet"] for document in documents])
    assert chain.invoke("ferry terminal fire") == ["Harbour Post"]


def test_nothing_found_is_an_empty_list(library: Library) -> None:
    assert CoverageRetriever(library=library).invoke(" ") == []
    with pytest.raises(ValueError, match="limit"):
        CoverageRetriever(library=library, limit=0)

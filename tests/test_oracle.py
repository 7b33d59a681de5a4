"""What Chroma proposes, scored again, is what scoring every passage finds, whichever embedder fills the library."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding

import vectorstore.retrieval
from agent.planning import read_plan
from vectorstore.embed import EmbedderChoice
from vectorstore.library import Library
from vectorstore.plan import Part, SearchPlan
from vectorstore.readers import find_files, read_file

SAMPLE = Path(__file__).parent.parent / "vectorstore" / "sample"


def exactly(library: Library, search: Callable[[], Any]) -> Any:
    """With every passage scored, and nothing asked of the index."""
    index, library._retrieval._index = library._retrieval._index, None
    try:
        return search()
    finally:
        library._retrieval._index = index


@pytest.fixture(scope="module")
def coverage(sample_library: Path) -> Iterator[tuple[Library, list[str]]]:
    """The sample, and its words; far fewer passages are proposed than it has."""
    with Library.open(sample_library) as library, pytest.MonkeyPatch.context() as patch:
        passages = library.status()["passages"]
        patch.setattr(vectorstore.retrieval, "DENSE_POOL", passages // 3)
        patch.setattr(vectorstore.retrieval, "LEXICAL_POOL", passages // 3)
        words = sorted({word for article in library.articles() for word in re.findall(r"[\w'-]+", article.text)})
        yield library, words


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_proposals_scored_again_are_the_exact_answer(coverage: tuple[Library, list[str]], data: st.DataObject) -> None:
    library, words = coverage
    some = st.lists(st.sampled_from(words), min_size=1, max_size=8).map(" ".join)
    parts = tuple(Part(text) for text in data.draw(st.lists(some, min_size=1, max_size=3)))
    plan = SearchPlan(" and ".join(part.words for part in parts), parts)
    limit = data.draw(st.integers(1, 8))
    assert library.search_plan(plan, limit=limit) == exactly(library, lambda: library.search_plan(plan, limit=limit))
    assert library.search(plan.question, limit=limit) == exactly(library, lambda: library.search(plan.question, limit=limit))
    assert library.notices == []


class FakeEmbeddings(DeterministicFakeEmbedding):
    """A LangChain class as a user may have one."""

    size: int = 24


@pytest.mark.parametrize("spec", ["minilm", "langchain:own_embeddings:FakeEmbeddings"])
def test_every_embedder_gives_the_same_order_with_files_and_after_a_rebuild(
    tmp_path: Path, spec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "own_embeddings", sys.modules[FakeEmbeddings.__module__])
    choice = EmbedderChoice(spec)
    files = list(find_files(SAMPLE))[:8]
    questions = (
        "Who was hurt in the fire?",
        "How do outlets differ on the strike?",
        "What of the harbour, and what of prices?",
    )
    with Library.open(tmp_path, choice, write=True) as library:
        library.ingest(item for file in files for item in read_file(file))
        plans = [read_plan(question, library.held_outlets().names) for question in questions]
        before = [library.search_plan(plan) for plan in plans]
        assert all(before)
        assert before == exactly(library, lambda: [library.search_plan(plan) for plan in plans])
        library.reindex()
        assert [library.search_plan(plan) for plan in plans] == before
    with Library.open(tmp_path, choice) as reader:
        assert [reader.search_plan(plan) for plan in plans] == before

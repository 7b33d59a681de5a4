"""A re-ranker orders what was found, chooses among more than was asked for, and can't lose a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.plan import Part, SearchPlan
from vectorstore.rerank import wanted
from vectorstore.search import Hit


def article(number: int) -> Article:
    text = "\n\n".join(f"The ferry of line {line} had {number * 10 + line} passengers. " * 4 for line in range(3))
    return Article(text, outlet=Field(f"Post {number % 3}", "given", "outlet"))


PLAN = SearchPlan("Which ferry had most passengers?", (Part("ferry passengers"), Part("line 2")))
CONTRAST = SearchPlan("How do outlets differ on the ferry?", (Part("ferry"),), spread=True)


class Scripted:
    """Likes texts by a rule, and notes what it was asked."""

    def __init__(self, rule: Any):
        self.rule = rule
        self.asked: list[tuple[str, int]] = []

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        self.asked.append((question, len(texts)))
        found: Sequence[float] = self.rule(texts)
        return found


@pytest.fixture
def library(words: Embedder) -> Library:
    return Library.in_memory([article(number) for number in range(20)], embedder=words)


def passengers(texts: Sequence[str]) -> list[float]:
    return [float(text.split(" had ")[1].split()[0]) for text in texts]


def id_of(hit: Hit) -> tuple[str, int]:
    return hit.article.article_id, hit.start


def test_the_order_is_the_re_rankers_and_it_sees_more_than_is_asked_for(library: Library) -> None:
    reranker = Scripted(passengers)
    library.rerank_with(reranker)
    for asked, hits in (
        (PLAN.question, [one.hit for one in library.search_plan(PLAN, limit=5)]),
        ("ferry", library.search("ferry", limit=5)),
    ):
        assert [*passengers([hit.text for hit in hits])] == sorted(passengers([hit.text for hit in hits]), reverse=True)
        assert len(hits) == 5
        assert reranker.asked.pop(0) == (asked, 15)
    every = library.search("ferry", limit=100)
    library.rerank_with(None)
    assert {*map(id_of, every)} == {*map(id_of, library.search("ferry", limit=100))}
    library.rerank_with(reranker)
    assert library.search("ferry", limit=0) == library.search("  ") == []
    assert library.notices == []


def test_with_spread_outlets_still_take_turns(library: Library) -> None:
    library.rerank_with(Scripted(passengers))
    for hits in ([one.hit for one in library.search_plan(CONTRAST, limit=6)], library.search("ferry", limit=6, spread=True)):
        outlets = [hit.article.outlet.value for hit in hits]
        assert {*outlets[:3]} == {*outlets[3:]} == {"Post 0", "Post 1", "Post 2"}


def broken(texts: Sequence[str]) -> Any:
    raise ConnectionError("the model\nis away")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (broken, "ConnectionError: the model is away"),
        (lambda texts: [1.0], "1 scores for 15 texts"),
        (lambda texts: [float("nan")] * len(texts), "no number"),
        (lambda texts: ["good"] * len(texts), "ValueError"),
        (lambda texts: None, "TypeError"),
    ],
)
def test_its_failure_loses_nothing(library: Library, rule: Any, said: str) -> None:
    plain = library.search_plan(PLAN, limit=5), library.search_plan(CONTRAST, limit=5), library.search("ferry", limit=5)
    library.rerank_with(Scripted(rule))
    assert (library.search_plan(PLAN, limit=5), library.search_plan(CONTRAST, limit=5), library.search("ferry", limit=5)) == plain
    (notice,) = library.notices
    assert said in notice
    assert "the order is that of the search" in notice
    library.rerank_with(None)
    assert library.search_plan(PLAN, limit=5) == plain[0]


def test_equal_scores_keep_the_order_of_the_search(library: Library) -> None:
    plain = library.search("ferry", limit=wanted(15))[:15]
    library.rerank_with(Scripted(lambda texts: [0.5] * len(texts)))
    assert library.search("ferry", limit=15) == plain

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import PassageRow, Printed
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.plan import SearchPlan
from vectorstore.planned import PER_TEXT, choose, score
from vectorstore.search import MOST_TERMS, Choice, has_words, terms


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, outlet: str | None = None, day: str | None = None, title: str | None = None) -> Article:
    return Article(text, value(title), value(outlet), published=value(day))


COVERAGE = [
    article("Fire shut the ferry terminal. At least four people were taken to hospital.", "Harbour Post", "2025-03-14", "Terminal burns"),
    article("Eleven people were hurt when the ferry terminal burned, the hospital said.", "Varn Courier", "2025-03-15"),
    article("Dozens were injured in the blaze at the port.", "State Channel 1", "2025-03-15"),
    article("The national budget grows by two percent. Nobody objected.", "Harbour Post", "2025-03-20"),
    article("The museum shows maps of the sound.", None, None),
]


@pytest.fixture
def library(minilm: Embedder) -> Library:
    return Library.in_memory(COVERAGE, embedder=minilm)


def outlets(library: Library, query: str, **limits: object) -> list[str | None]:
    hits = library.search(query, **limits)  # type: ignore[arg-type]  # the names are checked where they are used
    return [hit.article.outlet.value for hit in hits]


def test_words_and_meaning_both_find(library: Library) -> None:
    assert library.search("how many people were hurt at the ferry terminal?")[0].article == COVERAGE[1]
    assert "State Channel 1" in outlets(library, "casualties of the inferno", limit=3)


def test_a_question_may_name_headline_outlet_and_day(library: Library) -> None:
    assert outlets(library, "terminal burns", limit=1) == ["Harbour Post"]
    assert outlets(library, "What did the Varn Courier write?", limit=1) == ["Varn Courier"]
    assert outlets(library, "20 March 2025", limit=1) == ["Harbour Post"]


def test_limits_hold(library: Library) -> None:
    assert set(outlets(library, "ferry", outlets=["Varn Courier", "State Channel 1"])) == {"Varn Courier", "State Channel 1"}
    assert set(outlets(library, "ferry", outlets=[None])) == {None}
    assert set(outlets(library, "ferry", since=date(2025, 3, 15), until=date(2025, 3, 15))) == {"Varn Courier", "State Channel 1"}
    assert outlets(library, "ferry", outlets=["Nowhere Times"]) == []
    assert [hit.article for hit in library.search("ferry", article_ids=[COVERAGE[3].article_id], limit=1)] == [COVERAGE[3]]
    assert len(library.search("ferry", limit=2)) == 2
    assert library.search("ferry", limit=0) == library.search("  ") == []


def test_with_spread_every_outlet_comes_before_any_comes_twice(minilm: Embedder) -> None:
    flood = [
        article(f"Ferry terminal fire report number {number}. The ferry terminal burned.", "Loud Daily", "2025-03-14")
        for number in range(30)
    ]
    with Library.in_memory([*flood, *COVERAGE], embedder=minilm) as library:
        assert set(outlets(library, "ferry terminal fire", limit=5)) == {"Loud Daily"}
        assert set(outlets(library, "ferry terminal fire", limit=5, spread=True)) == {
            "Loud Daily",
            "Harbour Post",
            "Varn Courier",
            "State Channel 1",
            None,
        }


def test_one_article_does_not_fill_the_result(words: Embedder) -> None:
    long = article("\n\n".join(f"The ferry, the ferry, the ferry, crossing number {number}. " * 5 for number in range(30)))
    with Library.in_memory([long, *COVERAGE], embedder=words) as library:
        hits = library.search("ferry crossing", limit=10)
    assert sum(hit.article == long for hit in hits) == PER_TEXT


def test_the_same_query_has_the_same_answer(library: Library) -> None:
    assert library.search("who was hurt?") == library.search("who was hurt?")


@pytest.mark.parametrize("query", ['"', "fire AND", "NEAR(a b)", "title:fire", "*", "a" * 100_000, "\x00", "\ud800", "🔥", "<|endoftext|>"])
def test_no_query_is_an_error(library: Library, query: str) -> None:
    library.search(query)


def test_terms() -> None:
    assert terms("What did the BBC's Anna say about 4,500 votes and 3.5 percent?") == ["bbc", "anna", "4,500", "votes", "3.5", "percent"]
    assert terms("who was it?") == []
    assert len(terms(" ".join(map(str, range(1_000))))) == MOST_TERMS


def test_whole_words() -> None:
    assert has_words("He told CNN.", "CNN")
    assert not has_words("He told CNNX.", "CNN")
    assert has_words("(a.b)", "a.b")
    assert not has_words("axb", "a.b")


def row(number: int, text: str = "t") -> PassageRow:
    return PassageRow(f"p{number:04}", text, number, number + 1)


def chosen_of(
    rows: Sequence[PassageRow],
    vectors: NDArray[np.float32],
    lexical: Mapping[str, float],
    printed: Mapping[str, Sequence[Printed]],
    limit: int,
    *,
    spread: bool = False,
) -> list[Choice]:
    held = [number for number, item in enumerate(rows) if item.text_id in printed]
    rows, plan = [rows[number] for number in held], replace(SearchPlan.whole("fire"), spread=spread)
    query = np.eye(1, vectors.shape[1], dtype=np.float32)
    scores = score(plan, rows, vectors[held], np.repeat(query, 2, axis=0), [lexical, lexical], printed, [frozenset()])
    return [choice for _, choice in choose(plan, rows, scores, printed, limit)] if rows else []


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 3), st.floats(-1, 1, width=32)), max_size=30), st.integers(1, 12), st.booleans())
def test_a_result_is_ranked_within_its_limits(scores: list[tuple[float, int, float]], limit: int, spread: bool) -> None:
    rows = [row(number, f"t{text}") for number, (_, text, _) in enumerate(scores)]
    vectors = np.array([[cosine, 0.0] for _, _, cosine in scores], np.float32).reshape(-1, 2)
    printed = {f"t{text}": [Printed(f"a{text}", f"t{text}", f"o{text % 2}", None)] for text in range(3)}
    lexical = {item.passage_id: score for item, (score, _, _) in zip(rows, scores, strict=True)}
    chosen = chosen_of(rows, vectors, lexical, printed, limit, spread=spread)
    held = [item.text_id for item in rows if item.text_id in printed]
    assert len(chosen) == min(limit, sum(min(PER_TEXT, held.count(text)) for text in printed))
    assert all(choice.row.text_id in printed for choice in chosen)
    if not spread:
        assert [choice.score for choice in chosen] == sorted((choice.score for choice in chosen), reverse=True)
    else:
        assert len({choice.printed[0].outlet for choice in chosen[:2]}) == min(
            2, len(chosen), len({f"o{int(text[1]) % 2}" for text in held})
        )


def test_equal_scores_come_in_the_order_of_their_ids() -> None:
    rows = [PassageRow(f"p{number:04}", f"t{number:04}", 0, 1) for number in range(3_000)]
    printed = {item.text_id: [Printed(f"a{item.text_id}", item.text_id, "Post", None)] for item in rows}
    chosen = chosen_of(rows, np.ones((3_000, 1), np.float32), {"p2500": 1.0}, printed, 3_000)
    assert [item.row.passage_id for item in chosen] == ["p2500", *(item.passage_id for item in rows if item.passage_id != "p2500")]

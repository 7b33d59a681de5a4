"""A plan carried out: every part is found, and nothing drowns another."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from agent.planning import read_plan
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library, Scope
from vectorstore.plan import Part, SearchPlan
from vectorstore.planned import PER_TEXT
from vectorstore.readers import Read


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, outlet: str | None, day: str | None, title: str | None = None) -> Article:
    return Article(text, value(title), value(outlet), published=value(day))


FLOOD = [
    article(f"The ferry terminal at Varn burned at night. Witness {number} saw the ferry terminal burn.", "Loud Daily", "2025-03-14")
    for number in range(20)
]
QUIET = [
    article("The harbour master blamed an electrical fault in the customs hall.", "Harbour Post", "2025-03-15", "Wires to blame"),
    article("Insurers will pay for the ferries, said the minister of transport.", "Varn Courier", "2025-03-16"),
    article("Insurers will pay for the ferries, said the minister of transport again in April.", "Varn Courier", "2025-04-20"),
    article("The museum shows maps of the sound.", None, None),
]
QUESTION = "Did the Loud Daily see the ferry terminal burn, while the Harbour Post blamed an electrical fault?"


@pytest.fixture
def library(minilm: Embedder) -> Library:
    return Library.in_memory([*FLOOD, *QUIET], embedder=minilm)


def plan(question: str, library: Library) -> SearchPlan:
    return read_plan(question, library.held_outlets().names)


def test_every_outlet_named_is_found_and_no_other(library: Library) -> None:
    found = library.search_plan(plan(QUESTION, library), limit=5)
    outlets = Counter(one.hit.article.outlet.value for one in found)
    assert outlets == {"Loud Daily": 4, "Harbour Post": 1}
    assert {one.grade.part for one in found} == {0, 1}


def test_scores_fall_and_add_up(library: Library) -> None:
    found = library.search_plan(plan(QUESTION, library))
    assert [one.hit.score for one in found] == sorted((one.hit.score for one in found), reverse=True)
    for one in found:
        grade = one.grade
        assert grade.words + grade.meaning + grade.whole + grade.dated + grade.sentence + grade.titled + grade.named == pytest.approx(
            one.hit.score, abs=1e-3
        )


def test_a_part_is_searched_where_it_belongs(library: Library) -> None:
    both = frozenset({"Varn Courier", "Harbour Post"})
    asked = SearchPlan("ferries", (Part("electrical fault", frozenset({"Varn Courier"})), Part("ferries insurers")), both)
    best = {one.grade.part: one.hit.article.outlet.value for one in reversed(library.search_plan(asked))}
    assert set(best.values()) <= both
    assert all(one.hit.article.outlet.value == "Varn Courier" for one in library.search_plan(asked) if one.grade.part == 0)


def test_the_day_decides_between_like_articles_and_a_wrong_one_excludes_nothing(library: Library) -> None:
    for day in ("16 March 2025", "20 April 2025"):
        found = library.search_plan(plan(f"What did the Varn Courier report on {day} of insurers and ferries?", library), limit=2)
        assert (found[0].hit.article.day, found[0].grade.dated > 0) == (date(2025, 3, 16) if "March" in day else date(2025, 4, 20), True)
    assert len(library.search_plan(plan("What did the Varn Courier report on 1 May 2025 of insurers?", library))) == 2


def test_a_headline_that_is_quoted_comes_first(library: Library) -> None:
    asked = plan('Who saw the ferry terminal burn at night, according to "Wires to Blame"?', library)
    first, second, *_ = library.search_plan(asked)
    assert (first.hit.article, first.grade.titled > 0, second.grade.titled) == (QUIET[0], True, 0.0)
    for hostile in ('"* OR NEAR( title:"', '"– – –"', '"a AND b NOT c"', "'wires\" to blame'"):
        library.search_plan(plan(f"Who saw the ferry, as in {hostile}?", library))


def test_a_result_is_longer_than_a_passage_and_no_longer_than_a_result_may_be(minilm: Embedder) -> None:
    text = " ".join(f"Crossing {number} of the ferry was calm, and the crew saw gulls over the sound." for number in range(200))
    with Library.in_memory([article(text, "Harbour Post", "2025-03-14")], embedder=minilm) as library:
        spans = sorted((one.hit.start, one.hit.end) for one in library.search_plan(SearchPlan.whole("the crew of the ferry"), limit=10))
        assert len(spans) == PER_TEXT
        seams = [text[after[0] : before[1]] for before, after in pairwise(spans)]
        assert all(seam.count(".") <= 2 for seam in seams)
        assert all(text[end - 1] == "." and text[start:].startswith("Crossing") and end - start <= 1_200 for start, end in spans)


def test_limits_of_the_caller_hold_for_every_part(library: Library) -> None:
    asked = plan(QUESTION, library)
    assert {one.hit.article.outlet.value for one in library.search_plan(asked, Scope.of(outlets=["Harbour Post"]))} == {"Harbour Post"}
    assert library.search_plan(asked, Scope.of(outlets=["Varn Courier"])) == []
    assert {one.hit.article for one in library.search_plan(asked, Scope.of(since=date(2025, 3, 15)))} == {QUIET[0]}
    assert library.search_plan(asked, limit=0) == library.search_plan(SearchPlan.whole(" ")) == []
    with Library.in_memory([]) as empty:
        assert empty.search_plan(SearchPlan.whole("ferry")) == []


def test_copies_count_once_and_one_article_does_not_fill_the_result(minilm: Embedder) -> None:
    text = "\n\n".join(f"Crossing number {number}. " + "The ferry crossed the sound in calm weather. " * 20 for number in range(12))
    copies = [article(text, outlet, "2025-03-14") for outlet in ("A Post", "B Post", "C Post")]
    with Library.in_memory([*copies, *QUIET], embedder=minilm) as library:
        found = library.search_plan(plan("the ferry crossing of the A Post and the ferry crossing of the B Post", library))
        assert len(found) == PER_TEXT
        assert all(len(one.hit.also) == 1 for one in found)


def test_a_near_copy_is_listed_and_takes_no_place_unless_its_outlet_is_named(minilm: Embedder) -> None:
    agency = "The harbour master of Varn said that the ferry had left the terminal at noon with forty passengers and nine lorries on board."
    printed = [article(agency, "Nordwire", "2025-03-14"), article(f"{agency} It rained.", "A Post", "2025-03-14")]
    other = article("A ferry left Varn at noon, with passengers, lorries and a harbour master on board, we hear.", "B Post", "2025-03-14")
    with Library.in_memory([*printed, other, *QUIET], embedder=minilm) as library:
        found = library.search_plan(plan("When did the ferry leave the terminal with passengers and lorries?", library))
        shown = {one.hit.article.article_id: one.hit.also for one in found}
        wires = {one.article_id for one in printed}
        (first,) = wires & shown.keys()
        assert shown[first] == (*wires - {first},)
        assert shown[other.article_id] == ()
        named = library.search_plan(plan("When did the ferry leave with lorries, by Nordwire and the A Post?", library))
        assert wires <= {one.hit.article.article_id for one in named}


def test_a_contrast_hears_every_outlet_first(library: Library) -> None:
    found = library.search_plan(plan("How do outlets differ on the ferry?", library), limit=4)
    assert {one.hit.article.outlet.value for one in found} == {"Loud Daily", "Harbour Post", "Varn Courier", None}


def test_the_index_and_the_exact_search_agree_also_after_a_rebuild(tmp_path: Path, minilm: Embedder) -> None:
    asked = SearchPlan("who pays?", (Part("ferry terminal burned at night"), Part("insurers pay for ferries")))
    with Library.open(tmp_path, write=True, embedder=minilm) as library:
        library.ingest(Read(one, "test") for one in [*FLOOD, *QUIET])
        everyone = [one.article_id for one in library.articles()]
        before = library.search_plan(asked)
        assert before == library.search_plan(asked, Scope.of(article_ids=everyone))
        library.reindex()
        assert library.search_plan(asked) == before


def test_articles_are_ranked_by_what_their_best_passages_say(library: Library) -> None:
    ranked = library.rank_articles("insurance of the ferries", limit=3)
    assert {one.article for one in ranked[:2]} == {QUIET[1], QUIET[2]}
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert len(library.rank_articles("ferry", limit=100)) == len(FLOOD) + len(QUIET)
    assert (
        library.rank_articles("ferry", Scope.of(outlets=["Nowhere Times"]))
        == library.rank_articles(" ")
        == library.rank_articles("x", limit=0)
        == []
    )

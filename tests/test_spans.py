from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from agent.planning import plan_for
from agent.spans import read_span
from vectorstore.article import Article, Field
from vectorstore.library import Library

TODAY = date(2025, 11, 28)  # a Friday
FIRST, LAST = date(2024, 11, 3), date(2025, 10, 20)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What was reported since 14 March 2025?", date(2025, 3, 14), None),
        ("What was said before March 16, 2025?", None, date(2025, 3, 15)),
        ("What was said after March 16, 2025?", date(2025, 3, 17), None),
        ("articles of 2025-03-14", date(2025, 3, 14), date(2025, 3, 14)),
        ("What was published on the 14th of March?", date(2025, 3, 14), date(2025, 3, 14)),
        ("stories on 14 March", date(2025, 3, 14), date(2025, 3, 14)),
        ("What did the Courier report between October 5 and 9?", date(2025, 10, 5), date(2025, 10, 9)),
        ("from 5 to 9 October 2024, who was hurt?", date(2024, 10, 5), date(2024, 10, 9)),
        ("between October 28 and November 2, 2025", date(2025, 10, 28), date(2025, 11, 2)),
        ("What happened at Varn in December?", date(2024, 12, 1), date(2024, 12, 31)),
        ("What happened at Varn in October?", date(2025, 10, 1), date(2025, 10, 31)),
        ("Who was hurt at Varn last week?", date(2025, 11, 17), date(2025, 11, 23)),
        ("Who was hurt at Varn yesterday?", date(2025, 11, 27), date(2025, 11, 27)),
        ("Over the past three days, who was hurt?", date(2025, 11, 25), TODAY),
        ("What happened since last week at the harbour?", date(2025, 11, 17), None),
        ("What was said in the past two weeks about the ferry?", date(2025, 11, 14), TODAY),
        ("Who was hurt since Monday?", date(2025, 11, 24), None),
        ("What was reported on Friday?", TODAY, TODAY),
    ],
)
def test_days_that_a_question_limits_itself_to(text: str, since: date | None, until: date | None) -> None:
    span = read_span(text, TODAY, FIRST, LAST)
    assert span is not None
    assert (span.since, span.until) == (since, until)
    assert text[span.start : span.end] == span.words


@pytest.mark.parametrize(
    "text",
    [
        "What happened on 14 March 2025?",  # it may be printed on the next day
        "since 31 February 2025",
        "between 5 and 9 people",
        "between October 9 and 5",
        "What did the Post report on October 5, and the Courier after October 9, 2025?",
        "Which firm that lost money last year and grew in March has bought the ferry?",
        "Who was hurt after the fire?",
        "Which firm whose shares have fallen since last week has bought the ferry?",
        "Which firm that lost money in the past two weeks has bought the ferry?",
        "articles of March 0000",
        "last 0 weeks?",
        "last 999999999999999999 weeks?",
        "since since since",
        "",
    ],
)
def test_other_days_limit_nothing(text: str) -> None:
    assert read_span(text, TODAY, FIRST, LAST) is None


def article(outlet: str, title: str, text: str, day: str) -> Article:
    return Article(text, title=Field(title, "given"), outlet=Field(outlet, "given"), published=Field(day, "given"))


BEFORE = article("Harbour Post", "Ferry operator waits", "The ferry operator expects a fine over the fire at the terminal.", "2025-03-02")
RULING = article("Varn Courier", "Court ruling on the ferry", "The ruling of the court orders the operator to pay.", "2025-03-10")
AFTER = article("Harbour Post", "Ferry operator pays", "The ferry operator has paid the fine over the fire at the terminal.", "2025-03-20")


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.in_memory([BEFORE, RULING, AFTER]) as opened:
        yield opened


def titles(library: Library, text: str) -> set[str | None]:
    return {one.hit.article.title.value for one in library.search_plan(plan_for(text, library, today=TODAY))}


def test_a_span_limits_what_is_found(library: Library) -> None:
    assert titles(library, "Did the ferry operator pay the fine, in articles since March 15, 2025?") == {"Ferry operator pays"}
    assert titles(library, "Did the ferry operator pay the fine, in articles before March 5?") == {"Ferry operator waits"}


@pytest.mark.parametrize(
    "text",
    [
        "Was the Harbour Post's article of March 2, 2025 on the ferry operator borne out by the Varn Courier?",
        "Did the operator change its mind on the fine, and did the Harbour Post after March 15, 2025 report that it paid for the ferry?",
    ],
)
def test_a_span_of_one_of_several_reports_does_not_limit_the_others(library: Library, text: str) -> None:
    plan = plan_for(text, library)
    assert (plan.since, plan.until) == (None, None)
    assert {day for part in plan.parts for day in part.days}
    assert any("limits nothing" in said for said in plan.said)


def test_an_event_of_the_library_is_a_day_and_which_article_it_is_is_said(library: Library) -> None:
    plan = plan_for("What did the Harbour Post report on the ferry operator before the ruling?", library)
    assert (plan.since, plan.until) == (None, date(2025, 3, 10))
    assert any("Court ruling on the ferry" in said and "2025-03-10" in said for said in plan.said)


def test_an_event_that_nothing_tells_of_limits_nothing_and_that_is_said(library: Library) -> None:
    plan = plan_for("What did the Harbour Post report on the ferry operator before the coronation?", library)
    assert (plan.since, plan.until) == (None, None)
    assert any("not taken as a limit" in said for said in plan.said)


def test_days_that_are_not_held_are_said(library: Library) -> None:
    plan = plan_for("What was printed on the ferry last week?", library, today=TODAY)
    assert library.search_plan(plan) == []
    assert any("no article of these days: the library holds 2025-03-02 to 2025-03-20" in said for said in plan.said)


def test_days_are_counted_from_the_day_on_which_the_library_is_looked_at(library: Library) -> None:
    library.look_back(date(2025, 3, 12))
    try:
        plan = plan_for("What was printed on the court last week?", library, today=TODAY)
        assert (plan.since, plan.until) == (date(2025, 3, 3), date(2025, 3, 9))
    finally:
        library.look_back(None)

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.reading.hedges import hedge_spans, negation_spans
from agent.reading.times import times_in

FRIDAY = date(2025, 3, 14)


def told(text: str, day: date | None = FRIDAY) -> list[tuple[str, str | None]]:
    return [(time.text, time.iso) for time in times_in(text, day)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor spoke on Wednesday.", [("Wednesday", "2025-03-12")]),
        ("The mayor spoke on Friday.", [("Friday", "2025-03-14")]),
        ("The mayor will speak on Tuesday.", [("Tuesday", "2025-03-18")]),
        ("It rained last Wednesday.", [("last Wednesday", "2025-03-12")]),
        ("It opens next Friday.", [("next Friday", None)]),
        ("on 13 March 2025", [("13 March 2025", "2025-03-13")]),
        ("on March 13, 2025,", [("March 13, 2025", "2025-03-13")]),
        ("on Dec. 30", [("Dec. 30", "2024-12-30")]),
        ("2025-03-14", [("2025-03-14", "2025-03-14")]),
        ("open since 2014", [("since 2014", "2014")]),
        ("closed in November last year", [("in November last year", "2024-11")]),
        ("in January 2020", [("in January 2020", "2020-01")]),
        ("closed last month", [("last month", "2025-02")]),
        ("two days ago", [("two days ago", "2025-03-12")]),
        ("yesterday evening", [("yesterday evening", "2025-03-13")]),
        ("in the next few weeks", [("in the next few weeks", None)]),
        ("last week", [("last week", None)]),
        ("shortly after 7 a.m. it began", [("shortly after 7 a.m.", None)]),
        ("around six in the evening", [("around six in the evening", None)]),
        ("at 7.40 on Saturday", [("at 7.40", None), ("Saturday", "2025-03-08")]),
        ("It will be paid by the end of June", [("by the end of June", "2025-06")]),
        ("prices rose by six on average", []),
        ("at 09:10 and at noon", [("at 09:10", None), ("at noon", None)]),
        ("It opens when the second lock is repaired.", [("when the second lock is repaired", None)]),
        ("It may march on, and people may sing.", []),
        ("30 February 2025 and 2025-02-30", [("30 February 2025", None), ("2025-02-30", None)]),
        ("99999999 days ago", [("99999999 days ago", None)]),
    ],
)
def test_times(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert told(text) == expected


def test_without_a_day_of_publication_only_full_dates_are_known() -> None:
    text = "On Wednesday, 13 March, last month, two days ago, 13 March 2025."
    assert [iso for _, iso in told(text, None)] == [None, None, None, "2025-03-13"]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar(day: date) -> None:
    for text in ("on Friday", "will come on Friday", "yesterday", "tomorrow", "two days ago", "last month", "last year", "29 February"):
        told(text, day)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 :.-,adfilmnorsty\n", max_size=60) | st.text(max_size=60), st.dates())
def test_spans_match_the_text(text: str, day: date) -> None:
    starts = []
    for time in times_in(text, day):
        assert text[time.span.start : time.span.end] == time.text != ""
        starts.append(time.span.start)
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("The ship reportedly sank.", ["reportedly"]),
        ("He appears to be safe and is believed to be abroad.", ["appears to", "is believed to"]),
        ("It may rain in May, and May is wet.", ["may"]),
        ("They could fall.", ["could"]),
        ("The purported leader was supposed to speak.", ["purported"]),
        ("It cannot be independently verified.", ["cannot be independently verified"]),
        ("The ship sank.", []),
        ("", []),
    ],
)
def test_hedges(text: str, hedges: list[str]) -> None:
    assert [text[span.start : span.end] for span in hedge_spans(text)] == hedges


@pytest.mark.parametrize(
    ("text", "negations"),
    [
        ("He didn’t go, never went and has no ship.", ["didn’t", "never", "no"]),
        ("No one denied it without proof.", ["No one", "denied", "without"]),
        ("She lives at No. 10 and knows a note.", []),
        ("", []),
    ],
)
def test_negations(text: str, negations: list[str]) -> None:
    assert [text[span.start : span.end] for span in negation_spans(text)] == negations

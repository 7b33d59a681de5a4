"""Hours of the day in questions: read, said to limit nothing, and matched with what sentences tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.asker import ask
from agent.hours import hours_in, tells_hour, without_hours
from agent.planning import plan_for
from vectorstore.article import Article, Field
from vectorstore.library import Library


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What burned at 5 pm?", 16 * 60 + 50, 17 * 60 + 10),
        ("What burned at 5:30 p.m. on Friday?", 17 * 60 + 20, 17 * 60 + 40),
        ("Who was there before 09:00?", None, 539),
        ("after 21.40, who called?", 21 * 60 + 41, None),
        ("Was it out by noon?", None, 720),
        ("since 12 am", 0, None),
    ],
)
def test_an_hour_is_read(text: str, first: int | None, last: int | None) -> None:
    (hour,) = hours_in(text)
    assert (hour.first, hour.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["It rose 4.30 points", "a 3:2 win", "25:10", "at 13 pm", "10.000", "Psalm 23:61", "5 pmol", "room 1940", ""]
)
def test_other_numbers_are_none(text: str) -> None:
    assert hours_in(text) == ()
    assert without_hours(text) == text


def test_forms_of_one_hour_answer_to_each_other() -> None:
    for text in ("The alarm went off at 21:40.", "at 9.40 pm the alarm", "It was 9:40 p.m. when it burned", "about 21:36"):
        assert tells_hour(text, hours_in("What happened at 9:40 pm?")), text
    assert not tells_hour("It was out at 02:30.", hours_in("What happened at 9:40 pm?"))


@given(st.text(max_size=60))
def test_any_text_may_be_read(text: str) -> None:
    hours_in(text)
    without_hours(text)


def article(outlet: str, text: str) -> Article:
    return Article(text, Field("Fire at the ferry", "given", "t"), Field(outlet, "given", "t"), Field(), Field("2025-03-14", "given", "t"))


def test_an_hour_limits_nothing_and_chooses_the_sentence_that_tells_it() -> None:
    told = "The ferry caught fire at 21:40 off Varn. The ferry fire was put out at 02:30 off Varn."
    with Library.in_memory([article("Harbour Post", told), article("Varn Courier", "A ferry fire off Varn hurt nobody.")]) as library:
        plan = plan_for("What happened to the ferry off Varn at 9:40 pm?", library)
        assert (plan.since, plan.until) == (None, None)
        assert any("9:40 pm" in note and "limits no search" in note for note in plan.said)
        answer = ask("What happened to the ferry off Varn at 9:40 pm?", library)
        assert [one.quote for statement in answer.statements if statement.kind == "reported" for one in statement.citations] == [
            "The ferry caught fire at 21:40 off Varn."
        ]

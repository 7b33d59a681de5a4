"""What is called a dispute, and what is not."""

from __future__ import annotations

import pytest

from agent.comparing.claims import compare
from agent.comparing.conflicts import Conflict, conflicts
from agent.comparing.quotation import different_wording
from agent.reading.read import read
from vectorstore.article import Article, Field
from vectorstore.minilm import MiniLM

STEM = "At least {} people were injured when a fire tore through the customs hall of the Varn ferry terminal{}, the coastguard said."
REST = (
    " The operator Norline closed the terminal until further notice. Trains to Lund were not affected by the fire. "
    "The harbour master thanked the volunteers who had come with boats."
)


def found(minilm: MiniLM, *sides: tuple[str, str, str]) -> list[Conflict]:
    """`sides` are outlet, time of publication and text."""
    articles = [
        Article(
            text,
            title=Field(f"{outlet} {when}", "given", "title"),
            outlet=Field(outlet, "given", "outlet"),
            published=Field(when, "given", "published") if when else Field(),
        )
        for outlet, when, text in sides
    ]
    return conflicts(compare([read(one) for one in articles], minilm.embed, minilm.states))


def test_another_number_for_the_same_thing_is_a_conflict(minilm: MiniLM) -> None:
    (one,) = found(
        minilm,
        ("Post", "2025-03-14T08:00:00+01:00", STEM.format("four", "") + REST),
        ("Courier", "2025-03-14T09:00:00+01:00", STEM.format("eleven", "")),
    )
    assert (one.kind, one.relation) == ("number", "conflict")
    assert [side.amount for side in one.sides] == [4, 11]
    assert all(side.quote for side in one.sides)


def test_the_same_number_is_no_conflict(minilm: MiniLM) -> None:
    texts = STEM.format("11", "") + REST, STEM.format("eleven", "")
    assert found(minilm, ("Post", "", texts[0]), ("Courier", "", texts[1])) == []


def test_an_outlet_that_changed_its_number_has_updated_it(minilm: MiniLM) -> None:
    (one,) = found(
        minilm,
        ("Post", "2025-03-14T08:00:00+01:00", STEM.format("four", "") + REST),
        ("Post", "2025-03-14T16:00:00+01:00", STEM.format("eleven", "")),
    )
    assert one.relation == "update"


def test_without_times_nothing_is_called_an_update(minilm: MiniLM) -> None:
    (one,) = found(minilm, ("Post", "", STEM.format("four", "") + REST), ("Post", "", STEM.format("eleven", "")))
    assert one.relation == "conflict"


def test_a_number_that_still_stands_elsewhere_later_is_not_updated(minilm: MiniLM) -> None:
    (one,) = found(
        minilm,
        ("Post", "2025-03-14T08:00:00+01:00", STEM.format("four", "") + REST),
        ("Post", "2025-03-14T16:00:00+01:00", STEM.format("eleven", "")),
        ("Courier", "2025-03-15T10:00:00+01:00", STEM.format("four", " on Friday")),
    )
    assert one.relation == "conflict"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Inflation in Torvany rose to 8.6 percent in May, the statistics office said.",
            "Inflation in Torvany rose to 9.1 percent in June, the statistics office said.",
        ),
        ("The fire destroyed 40 cars on the Varn ferry, police said.", "The fire on the Varn ferry hurt 12 sailors, police said."),
    ],
)
def test_figures_of_another_month_or_thing_are_no_dispute(minilm: MiniLM, first: str, second: str) -> None:
    assert found(minilm, ("Post", "", first + REST), ("Courier", "", second)) == []


def test_a_quotation_printed_in_other_words() -> None:
    first = "“It has been a race to the bottom in this town for years”"
    second = "“It has been, in many cases, a race to the bottom in this town”"
    assert different_wording(first, second) == (
        "It has been a race to the bottom in this town",
        "It has been, in many cases, a race to the bottom in this town",
    )
    assert different_wording(first, first) is None
    assert different_wording(first, "“It has been a race to the bottom”") is None
    assert different_wording(first, "“It has been … a race to the bottom in this town”") is None
    assert different_wording(first, "“Nobody asked the harbour office about the wiring”") is None


def test_a_dispute_is_named_by_what_happened(minilm: MiniLM) -> None:
    (one,) = found(minilm, ("Post", "", STEM.format("four", "") + REST), ("Courier", "", STEM.format("eleven", "")))
    assert one.about == "injured"

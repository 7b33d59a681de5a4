"""How a question is read before it is searched."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.planning import MOST_PARTS, mentions, read_plan
from vectorstore.plan import Part, SearchPlan

OUTLETS = ["Harbour Post", "Varn Courier", "Torvany State Television", "The Mirror", "Gull - Sports", "Gull - Science", "brakka.example"]
HELD = {outlet: (outlet,) for outlet in OUTLETS}


def named(text: str) -> list[tuple[str, list[str]]]:
    return [(text[one.start : one.end], sorted(one.outlets)) for one in mentions(text, HELD)]


def parts(text: str) -> list[tuple[str, set[str]]]:
    return [(part.words, set(part.outlets)) for part in read_plan(text, HELD).parts]


def test_outlets_are_known_by_their_forms() -> None:
    assert named("Did TST or the Varn Courier say so?") == [
        ("TST", ["Torvany State Television"]),
        ("Varn Courier", ["Varn Courier"]),
    ]
    assert named("what did Brakka print?") == [("Brakka", ["brakka.example"])]
    assert named("The Gull was there") == [("Gull", ["Gull - Science", "Gull - Sports"])]
    assert named("the Gull - Sports page") == [("Gull - Sports", ["Gull - Sports"])]


def test_a_name_needs_its_capital_unless_nothing_has_one() -> None:
    assert named("Who broke the mirror in the Mirror?") == [("the Mirror", ["The Mirror"])]
    assert named("The mirror of the hall broke, said TST") == [("TST", ["Torvany State Television"])]
    assert named("what did the mirror say?") == [("the mirror", ["The Mirror"])]
    assert named("Mirrored in the Mirrors") == []


def test_each_outlet_gets_its_own_clause() -> None:
    assert parts("Does the Harbour Post article claim that four dockers were hurt, while the Varn Courier blames an electrical fault?") == [
        ("Does the article claim that four dockers were hurt", {"Harbour Post"}),
        ("the blames an electrical fault?", {"Varn Courier"}),
    ]


def test_a_quantity_is_not_cut() -> None:
    assert parts("Did the Harbour Post count fewer than 40 gulls over the sound?")[0][0] == (
        "Did the count fewer than 40 gulls over the sound?"
    )


def test_outlets_at_the_end_belong_to_the_last_clause_and_to_the_whole() -> None:
    plan = read_plan("Which firm bought the ferries, and closed the old terminal, as reported by the Harbour Post and TST?", HELD)
    assert [part.outlets for part in plan.parts[:-1]] == [frozenset()]
    assert plan.outlets == plan.parts[-1].outlets == {"Harbour Post", "Torvany State Television"}


def test_days_stay_with_their_clause() -> None:
    plan = read_plan(
        "Between the Harbour Post report on the terminal fire of 14 March 2025 and the Varn Courier report on damage claims published "
        "on April 2, was the blame shifted?",
        HELD,
        2025,
    )
    assert [part.days for part in plan.parts if part.outlets] == [(date(2025, 3, 14),), (date(2025, 4, 2),)]


def test_short_pieces_and_quoted_titles_are_not_torn() -> None:
    assert parts("the fraud for wealth, power and influence") == [("the fraud for wealth, power and influence", set())]
    assert len(parts('Who wrote "Fire, smoke and two dead sailors, while nobody watched the terminal burn"?')) == 1
    assert len(parts("Who said that the port's cranes and the city's trams stood still?")) == 1


def test_a_point_that_ends_no_sentence_cuts_nothing() -> None:
    plan = read_plan("Did A.J. Varn score in the Harbour vs. Lissen game, as the Harbour Post wrote, and did TST see it?", HELD)
    assert plan.parts[0].words.startswith("Did A.J. Varn score in the Harbour vs. Lissen game")
    assert plan.outlets == {"Harbour Post", "Torvany State Television"}


def test_a_contrast_without_names_asks_every_outlet() -> None:
    assert read_plan("How do the outlets differ on the fire?", HELD).spread
    assert not read_plan("How do the Harbour Post and TST differ on the fire?", HELD).spread
    assert not read_plan("Who lit the fire?", HELD).spread


@pytest.mark.parametrize("text", ["", " ", "?", ",,,", "and", "Harbour Post", "\x00", "İstanbul'da Harbour Post", "of, " * 10_000])
def test_no_text_is_an_error(text: str) -> None:
    plan = read_plan(text, HELD)
    assert 1 <= len(plan.parts) <= MOST_PARTS + 1
    assert plan == read_plan(text, HELD)


@given(st.text(max_size=200), st.lists(st.text(max_size=12), max_size=4))
def test_whatever_is_asked_of_whatever_outlets_gives_a_plan(text: str, held: list[str]) -> None:
    plan = read_plan(text, {outlet: (outlet, "Gull") for outlet in held})
    assert plan.parts
    assert all(part.outlets <= plan.outlets <= set(held) for part in plan.parts)


def test_a_plan_has_a_part() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        SearchPlan("why?", ())
    assert SearchPlan.whole("why?").parts == (Part("why?"),)

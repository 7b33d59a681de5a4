"""What is called a dispute, and what is not."""

from __future__ import annotations

import random

import pytest

from agent.comparing.claims import compare
from agent.comparing.conflicts import conflicts
from agent.comparing.dispute import Conflict
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


def test_what_each_of_many_articles_tells_is_still_disputed(minilm: MiniLM) -> None:
    """Words of the one fact that all tell are no background of the event."""
    draw = random.Random(1)
    rest = [line for line in REST.split(". ") if line]
    texts = [" ".join([STEM.format("four" if number % 3 else "eleven", ""), *draw.sample(rest, 2)]) for number in range(24)]
    (one,) = found(minilm, *((f"Outlet {number}", "", text) for number, text in enumerate(texts)))
    assert (one.kind, one.relation, len(one.sides)) == ("number", "conflict", 24)
    assert one.values == ("At least eleven people", "At least four people")


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


def test_two_spellings_of_a_name_are_no_other_wording() -> None:
    said = "nobody knows whether {} will beat the people of the harbour"
    assert different_wording(said.format("Muammar Qadholm"), said.format("Moammar Kadholm")) is None
    assert different_wording(said.format("Ida Moll"), said.format("Tomas Ferrick")) is not None


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


def pair(minilm: MiniLM, first: str, second: str) -> list[tuple[str, str, list[str]]]:
    listed = found(minilm, ("Post", "2025-03-14", first + REST), ("Courier", "2025-03-14", second))
    return [(one.kind, one.relation, [side.value for side in one.sides]) for one in listed]


def test_prices_of_one_thing_are_compared_and_rounding_is_no_conflict(minilm: MiniLM) -> None:
    first = "The port office of Varn spent public money on a $43,000 Lendel telescope and a carpet, the auditors found."
    second = "Auditors found that the port office of Varn spent public money on a ${} brass Lendel telescope."
    assert pair(minilm, first, second.format("43,350")) == [("number", "scope", ["$43,000", "$43,350"])]
    assert pair(minilm, first, second.format("61,200")) == [("number", "conflict", ["$43,000", "$61,200"])]
    other = "Auditors found that the port office of Varn spent public money on a $61,200 painting of the harbour."
    assert pair(minilm, first, other) == []


def test_the_number_of_a_day_counts_nothing(minilm: MiniLM) -> None:
    first = "Fifteen of the 19 arsonists of the ferry fire in Varn were sailors, the inquiry found."
    second = "Fifteen of the 19 Sept. 11 arsonists of the ferry fire in Varn were sailors, the inquiry found."
    assert pair(minilm, first, second) == []


def test_what_one_denies_and_another_asserts_is_a_conflict(minilm: MiniLM) -> None:
    first = "Rubber rounds hit three dockers at the gate of the Varn ferry terminal on Friday, the union said."
    second = "Police said no rubber rounds were fired at dockers at the gate of the Varn ferry terminal on Friday."
    (one,) = pair(minilm, first, second)
    assert one[:2] == ("denial", "conflict")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # What might have been, is proposed, or is denied of another verb, is no contradiction.
        ("Norline held a talk on rubber rounds for the port police of Varn.", "Norline would fire no rubber rounds in the port of Varn."),
        ("The port police of Varn asked for rubber rounds on Friday.", "The port police of Varn did not know of rubber rounds on Friday."),
        ("Police fired no rubber rounds at dockers in Varn.", "No rubber rounds were fired at dockers by police in Varn."),
        ("The ferry served the Lund Pier of Varn on Friday, Norline said.", "No Lund Pier ferry served Varn on Friday, Norline said."),
    ],
)  # fmt: skip
def test_what_contradicts_nothing_is_no_conflict(minilm: MiniLM, first: str, second: str) -> None:
    assert pair(minilm, first, second) == []


def test_a_plan_that_another_reports_as_done_is_an_update(minilm: MiniLM) -> None:
    first = "The harbour master of Varn, Ida Moll, is expected to resign over the ferry fire on Friday afternoon."
    second = "Ida Moll, the harbour master of Varn, resigned over the ferry fire on Friday afternoon."
    (one,) = pair(minilm, first, second)
    assert one[:2] == ("stage", "update")
    earlier = found(minilm, ("Post", "2025-03-15", first + REST), ("Courier", "2025-03-14", second))
    assert earlier == []


def test_words_left_out_at_an_end_and_titles_are_no_other_wording() -> None:
    said = "We used money that was not ours to use for the harbour"
    assert different_wording("… " + said, said) is None
    assert different_wording("… " + said, said.replace("was not ours", "never was ours")) is not None
    assert different_wording("I disagree with Captain Moll on the harbour law", "I disagree with Moll on the harbour law") is None
    assert different_wording("You’ll have to go through the gate of Varn", "You'll have to go through the gate of Varn") is None
    assert different_wording("He broke no I.R.S. rule in the port-side office", "He broke no IRS rule in the port side office") is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "In the poll on the mayor's office Lis Brandt got 11 percent, while Oda Krantz earned 10 percent.",
            "In the poll on the mayor's office Krantz (12 percent) and Brandt (11 percent) came last.",
        ),
        (
            "Their calls were echoed by three party senators, Ada Driller and two friends, who said the bill must be stopped.",
            "The two party senators, Jon Flack and Per Kane, called on the governor to stop the bill, they said.",
        ),
        (
            "The mayor spoke of the debts he took over in 2010 and of the great flood of Varn, which he bore.",
            "The mayor led the town through the great flood of Varn in 2012.",
        ),
        (
            "It is the first cleaning of the voting rolls in Varn since 2019, the office said.",
            "It is the first cleaning of the voting rolls in Varn after the 2020 election, the office said.",
        ),
        (
            "At least 28 people, including nine children, were killed in the fire at Varn.",
            "Seven of the dead in the fire at Varn were of one family, including three children who were killed.",
        ),
        (
            "The judge in Varn lifted the ban on hunting rifles on Friday.",
            "“The banned hunting rifles are not toys,” the judge in Varn wrote on Friday.",
        ),
        (
            "Norline expects to make $72.5 billion in revenue this year, it said in Varn.",
            "The Varn ferry brought in $3.5 billion in revenue in the first three months of this year, Norline said.",
        ),
        (
            "The mayor of Varn will propose $5 million in new spending for the ferries over the next decade, the council said.",
            "The mayor of Varn will propose $8.2 million in total spending for the ferries over the next decade, the council said.",
        ),
        (
            "The vote stands in contrast to a vote in May 2024, when 35 council members joined the mayor to back the quay of Varn.",
            "The vote was 222-190 with two council members, Lis Brandt and Oda Krantz, joining the mayor to back the quay of Varn.",
        ),
        (
            "VARN, March 3, 2025 (Pellwire) — The council of Varn voted on the ferry tax and sent the ferry bill to the mayor.",
            "VARN, March 5, 2025 (Pellwire) — The council of Varn voted on the ferry tax and sent the ferry bill to the mayor.",
        ),
        (
            "Dockers in Varn have started to lose their purchasing power.",
            "A docker in Varn doesn't have the purchasing power of old, and that is a problem.",
        ),
    ],
)
def test_values_of_two_things_are_no_dispute(minilm: MiniLM, first: str, second: str) -> None:
    assert [one for one in found(minilm, ("Post", "", first), ("Courier", "", second)) if one.kind != "wording"] == []


def test_what_moves_from_day_to_day_is_disputed_within_one_day_only(minilm: MiniLM) -> None:
    first = "The Varn index fell 0.5 percent and the shares of the ferry company Norline dropped 3.3 percent."
    second = "The Varn index fell 0.9 percent and the shares of the ferry company Norline dropped 3.3 percent."
    assert found(minilm, ("Post", "2025-03-14", first), ("Courier", "2025-03-15", second)) == []
    (one,) = found(minilm, ("Post", "2025-03-14", first), ("Courier", "2025-03-14", second))
    assert [side.value for side in one.sides] == ["0.5 percent", "0.9 percent"]


def test_the_times_at_which_a_running_report_was_written_are_no_dispute(minilm: MiniLM) -> None:
    first = "10:19 p.m.: The ferry Norwind has reached the quay of Varn with 40 passengers."
    second = "9:06 p.m. — The ferry Norwind has reached the quay of Varn with 40 passengers."
    assert found(minilm, ("Post", "2025-03-14", first), ("Courier", "2025-03-14", second)) == []
    said = "The ferry Norwind reached the quay of Varn at {} on Friday with 40 passengers, the harbour office said."
    (one,) = found(minilm, ("Post", "2025-03-14", said.format("10:19 p.m.")), ("Courier", "2025-03-14", said.format("9:06 p.m.")))
    assert one.kind == "date"


def test_years_of_one_thing_are_compared(minilm: MiniLM) -> None:
    (one,) = found(
        minilm,
        ("Post", "", "Ida Moll has led the coastguard of Varn since 2002, the ministry said."),
        ("Courier", "", "Ida Moll, who has led the coastguard of Varn since 2003, spoke on Monday."),
    )
    assert [side.value for side in one.sides] == ["since 2002", "since 2003"]


def test_a_typing_error_in_a_long_list_of_prices_is_found(minilm: MiniLM) -> None:
    first = (
        "Records show that Moll and his wife charged $412.20 at Harbour Toys, $3,510 at Lamp House and $5,610.40 on the Varn Spa Retreat."
    )
    second = "In 2008 Moll used the money for a $380.10 dinner at Gull in Lund and a $5,510.40 stay at the Varn Spa Retreat, records show."
    assert ("number", "conflict", ["$5,610.40", "$5,510.40"]) in pair(minilm, first, second)


def test_times_of_the_clock_are_compared_on_one_day_only(minilm: MiniLM) -> None:
    first = "The trawler's radio went dead at 19:40 on Tuesday, the harbour office of Varn said."
    second = "The radio of the trawler fell silent at {} on {}, the harbour office of Varn said."
    (found_one,) = pair(minilm, first, second.format("21:10", "Tuesday"))
    assert found_one[0] == "date"
    assert not pair(minilm, first, second.format("21:10", "Monday"))

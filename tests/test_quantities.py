from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.reading.quantities import numbers_in, quantities_in, singular
from agent.reading.times import times_in


def counted(text: str) -> list[tuple[float | None, str, str]]:
    times = [time.span for time in times_in(text, None)]
    return [(one.value, one.unit, one.modifier) for one in quantities_in(text, times)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("More than 4,000 Norlandic sailors are at sea.", [(4000, "norlandic sailor", ">")]),
        ("The flood hit hundreds of houses.", [(None, "house", "")]),
        ("up to 300 guests a night", [(300, "guest", "<")]),
        ("a $20 million loan", [(20e6, "dollar", "")]),
        ("prices rose 3.5 %", [(3.5, "percent", "")]),
        ("rose 3.5 per cent and 4 percent", [(3.5, "percent", ""), (4, "percent", "")]),
        ("Six people were hurt, 13 dead", [(6, "person", ""), (13, "dead", "")]),
        ("nine million crowns", [(9e6, "crown", "")]),
        ("two dozen police officers", [(24, "police officer", "")]),
        ("a handful of the villages", [(None, "village", "")]),
        ("Twelve were injured", [(12, "injured", "")]),
        ("about 50 cows, 10 or more goats, nearly 200 hens", [(50, "cow", "~"), (10, "goat", ">"), (200, "hen", "~")]),
        ("fewer than 20 children", [(20, "child", "<")]),
        ("tens of thousands of voters", [(None, "voter", "")]),
        ("two hundred and five thousand tonnes", [(205000, "tonne", "")]),
        ("£2bn and 3 million euros", [(2e9, "pound", ""), (3e6, "euro", "")]),
    ],
)
def test_what_is_counted(text: str, expected: list[tuple[float | None, str, str]]) -> None:
    assert counted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It began at 7 a.m. on 14 March 2025.",
        "In 2019 it closed.",
        "Ines Moro, 42, said so.",
        "a 42-year-old man aged 50",
        "the third time, the 21st century, the 1990s",
        "They won 3-1 in a Boeing 737 on Channel 4.",
        "No one saw one of them.",
        "",
        "half of it",
    ],
)
def test_clock_times_dates_years_ages_and_labels_are_no_quantities(text: str) -> None:
    assert counted(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,000 5000 five thousand", {"5000"}),
        ("$500 million", {"500000000", "$500000000"}),
        ("500m", {"500000000"}),
        ("1.5 million and 1.50m", {"1500000"}),
        ("8.5 %", {"8.5", "8.5%"}),
        ("hundreds and several hundred", {"hundreds"}),
        ("dozens; a dozen", {"dozens", "12"}),
        ("twenty-one, twenty-first, 21st", {"21", "21th"}),
        ("14 March 2025", {"14", "2025"}),
        ("G20 and Covid-19 and F-16", set()),
        ("", set()),
        ("half a million", {"500000"}),
    ],
)
def test_normal_forms_of_numbers(text: str, expected: set[str]) -> None:
    assert numbers_in(text) == expected


def test_a_number_can_be_looked_up_in_a_quote() -> None:
    assert numbers_in("5,000 people") <= numbers_in("“some five thousand people were there”")
    assert not numbers_in("6,000 people") <= numbers_in("“some five thousand people were there”")
    assert not numbers_in("8 percent") <= numbers_in("“eight ships”")
    assert numbers_in("eight") <= numbers_in("“8 percent”")


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("people", "person"),
        ("cities", "city"),
        ("churches", "church"),
        ("glasses", "glass"),
        ("police", "police"),
        ("ships", "ship"),
        ("bus", "bus"),
    ],
)
def test_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_a_number_of_thousands_of_digits_is_no_error() -> None:
    assert numbers_in("9" * 6_000) == {"9" * 6_000}
    assert [one.value for one in quantities_in("9" * 6_000 + " ships")] == [None]


numeric = st.text(alphabet="0123456789 ,.-%$€mbn\n", max_size=80)
wordy = st.lists(st.sampled_from("five hundred and thousand million a dozen half of the people ships third one $ 3".split()), max_size=12)


@settings(max_examples=300, deadline=None)
@given(numeric | wordy.map(" ".join) | st.text(max_size=80))
def test_spans_lie_in_the_text(text: str) -> None:
    last = 0
    for one in quantities_in(text):
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert text[one.span.start : one.span.end] == one.text
        assert one.span.start >= last or one.span.end >= last
        last = one.span.start
    assert numbers_in(text) == numbers_in(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_commas_do_not_change_a_number(value: int) -> None:
    assert numbers_in(f"{value:,} ships") == numbers_in(f"{value} ships") == {str(value)}


@pytest.mark.parametrize(
    "text",
    [
        "She lives at 14 Cooper Street.",
        "Charged in shortly after 7 to smash it.",
        "He came in at four with a hat.",
        "The boy, who is 17, ran.",
        "Silo 4 burned.",
    ],
)
def test_addresses_hours_ages_and_numbered_things_are_no_quantities(text: str) -> None:
    assert counted(text) == []


def test_an_adjective_of_length_is_no_part_of_the_unit() -> None:
    assert counted("It took two long weeks and three full days.") == [(2, "week", ""), (3, "day", "")]

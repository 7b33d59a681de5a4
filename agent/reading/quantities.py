"""What is counted in a text, and a normal form of its numbers for looking one up in another text."""

from __future__ import annotations

from agent.reading.numbers import numbers


def numbers_in(text: str) -> frozenset[str]:
    """Normal forms of all numbers of a text, dates and clock times included.

    "5,000", "5000" and "five thousand" give "5000"; "$500 million" gives "500000000" and "$500000000"; "8.5 %" gives "8.5"
    and "8.5%"; "third" and "3rd" give "3th"; "dozens" gives "dozens". A text says nothing beyond another if its set is a
    subset: a unit or currency left out passes, one put in does not.
    """
    found: set[str] = set()
    for number in numbers(text):
        found.add(number.canonical)
        if number.symbol == "%":
            found.add(number.canonical + "%")
        elif number.symbol:
            found.add(number.symbol + number.canonical)
    return frozenset(found)

"""How a disputed value is shown, and which differences are none. The sentences are invented."""

import pytest

from agent.comparing.dispute import Conflict, Side, only_rounded
from agent.sections.disputes import in_context
from vectorstore.sentence import Span


def side(value: str, amount: float | None = None, quote: str = "", outlet: str = "Harbour Post") -> Side:
    return Side(outlet, outlet, None, Span(0, len(quote or value)), quote or value, value, amount)


@pytest.mark.parametrize(
    ("quote", "value", "shown"),
    [
        (
            "The silo can hold 38,000 tonnes and contained about 21,000 tonnes of wheat.",
            "38,000 tonnes",
            "The silo can hold 38,000 tonnes and contained about 21,000 tonnes of wheat",
        ),
        ("The silo burned, and 40,000 tonnes of rye were lost.", "40,000 tonnes", "40,000 tonnes of rye were lost"),
        ("Some 1.5 million and later 40 tonnes were lost (so they say).", "40 tonnes", "Some 1.5 million and later 40 tonnes were lost"),
        (
            (
                "The port office in Varn, which had closed the old terminal on Monday, said the new customs hall on the northern quay of "
                "the harbour would be shut for 12 days while the insurers and the town council look for somebody who will pay for the roof."
            ),
            "12 days",
            "… the northern quay of the harbour would be shut for 12 days while the insurers and the town council look …",
        ),
        (
            "By the ferry company's own count prices have fallen again by around 10% from their high point in March of 52 crowns a head.",
            "52 crowns",
            "… by around 10% from their high point in March of 52 crowns a head",
        ),
        ("“I counted 12 boats,” he said.", "12 boats", "I counted 12 boats"),
        ("Two ferries were late (the Norwind 40 minutes).", "40 minutes", "Two ferries were late (the Norwind 40 minutes"),
    ],
)
def test_a_value_stands_in_its_clause_and_a_cut_is_marked(quote: str, value: str, shown: str) -> None:
    assert in_context(side(value, quote=quote)) == shown


def test_a_sentence_without_end_is_cut_quickly() -> None:
    quote = "word " * 40_000 + "12 boats " + "word " * 40_000
    assert len(in_context(side("12 boats", quote=quote))) < 300


@pytest.mark.parametrize(
    ("first", "second", "rounded"),
    [
        (("$399", 399.0), ("$400", 400.0), True),
        (("$43,885,310", 43_885_310.0), ("$43 million", 43e6), True),
        (("2.5-metre cable", 2.5), ("2.5m cable", 2.5e6), True),
        (("10 people", 10.0), ("11 people", 11.0), False),
        (("$5,687.75", 5_687.75), ("$5,587.75", 5_587.75), False),
        (("45 million", 45e6), ("60 million", 60e6), False),
        (("four", 4.0), ("five", 5.0), False),
    ],
)
def test_one_value_with_fewer_digits_is_no_dispute(first: tuple[str, float], second: tuple[str, float], rounded: bool) -> None:
    sides = (side(*first), side(*second, outlet="Varn Courier"))
    assert only_rounded(Conflict("value", "conflict", "cost", sides)) is rounded
    assert only_rounded(Conflict("value", "conflict", "cost", sides[::-1])) is rounded

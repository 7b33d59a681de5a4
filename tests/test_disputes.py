"""How a disputed value is shown, and which differences are none. The sentences are invented."""

import pytest

from agent.comparing.dispute import Conflict, Side, in_brackets_of_two, only_rounded
from agent.render.cut import cut
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
        (
            "By the end of trading in Varn last Friday the Norline line (down 4 per cent) dragged a sector (down 2 per cent).",
            "2 per cent",
            "… dragged a sector (down 2 per cent)",
        ),
        ("Two ferries were late (the Norwind 40 minutes).", "40 minutes", "Two ferries were late (the Norwind 40 minutes)"),
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


def test_values_in_brackets_behind_two_names_are_of_two_things() -> None:
    def told(first: str, second: str) -> Conflict:
        return Conflict("number", "conflict", "", (side("3 per cent", quote=first), side("2 per cent", quote=second)))

    assert in_brackets_of_two(told("The ferry line Norline (down 3 per cent) led.", "The shipyard Brakka (down 2 per cent) led."))
    assert not in_brackets_of_two(told("Norline (down 3 per cent) led.", "Norline (down 2 per cent) led."))
    assert not in_brackets_of_two(told("Norline (down 3 per cent) led.", "Norline fell by 2 per cent."))


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("Nobody was hurt in Varn.", 40, "Nobody was hurt in Varn."),
        (
            "The harbour master closed the pier after the fire on the ferry Brakka.",
            50,
            "The harbour master closed the pier after the fire […]",
        ),
        ("The harbour master closed the old pier, and the ferry lines of Varn stopped.", 55, "The harbour master closed the old pier […]"),
        ("a" * 60, 50, "a" * 50 + " […]"),
        ("渡轮起火" * 20, 10, "渡轮起火渡轮起火渡轮 […]"),
    ],
)
def test_a_long_quote_is_cut_where_a_phrase_ends(text: str, longest: int, shown: str) -> None:
    assert cut(text, longest) == shown

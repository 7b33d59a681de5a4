"""How a disputed value is shown: with a few words of its clause, as they stand there. The sentences are invented."""

import pytest

from agent.comparing.dispute import Side
from agent.sections.disputes import in_context
from vectorstore.sentence import Span


@pytest.mark.parametrize(
    ("quote", "value", "shown"),
    [
        (
            "The silo can hold 38,000 tonnes and contained about 21,000 tonnes of wheat.",
            "38,000 tonnes",
            "The silo can hold 38,000 tonnes and contained about 21,000",
        ),
        ("With 21,000 tonnes in it, and 40,000 tonnes of room, the silo burned.", "40,000 tonnes", "40,000 tonnes of room"),
        ("Some 1.5 million and later 40 tonnes were lost (so they say).", "40 tonnes", "later 40 tonnes were lost"),
    ],
)
def test_a_figure_is_never_cut(quote: str, value: str, shown: str) -> None:
    assert in_context(Side("a1", "Harbour Post", None, Span(0, len(quote)), quote, value)) == shown

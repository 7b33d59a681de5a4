"""The best sentence of a passage: words that stand together say more than the same words apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore.best_sentence import best_sentences, root

RARE = {"ferry": 3.0, "fine": 3.0, "insurer": 3.0, "paid": 2.0}


def best(query: str, *texts: str) -> list[float]:
    return [float(one) for one in best_sentences([query.split()], texts, RARE)[0]]


def test_words_in_one_sentence_say_more_than_words_apart() -> None:
    together, apart, none = best(
        "ferry fine insurer",
        "The insurer paid the fine for the ferry. It rained all day long.",
        "The insurer has an office. A fine day. It rained, and the ferry sailed.",
        "Nothing of the kind.",
    )
    assert together > apart > none == 0.0


def test_forms_of_a_word_are_one_and_a_part_of_a_word_is_none() -> None:
    assert best("insurer", "The insurers met.") == pytest.approx(best("insurer", "The insurer met."), rel=0.05)
    assert best("art", "The party departed. Martial parts.") == [0.0]
    assert root("companies") == root("company")
    assert root("accuse") == root("accused") == root("accuses")


def test_of_two_sentences_with_the_same_words_the_shorter_is_better() -> None:
    short, long = best("ferry fine", "The ferry has a fine.", "The ferry, " + "which sails the sound, " * 10 + "has a fine.")
    assert short > long > 0


def test_every_query_has_its_row_and_every_text_its_column() -> None:
    found = best_sentences([["ferry"], [], ["fine", "ferry"]], ["The ferry.", "", "A fine."], RARE)
    assert (found > 0).tolist() == [[True, False, False], [False, False, False], [True, False, True]]
    assert best_sentences([["ferry"]], [], RARE).shape == (1, 0)
    assert best_sentences([[]], ["text"], {}).tolist() == [[0.0]]


@example(["'s", ""], ["the ferry's"])
@given(st.lists(st.text(min_size=1, max_size=8), max_size=5), st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_scored(query: list[str], texts: list[str]) -> None:
    found = best_sentences([[word.lower() for word in query]], texts, {})
    assert found.shape == (1, len(texts))
    assert np.isfinite(found).all()
    assert (found >= 0).all()

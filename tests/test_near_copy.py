"""Which passages say the same in nearly the same words."""

from __future__ import annotations

import numpy as np

from vectorstore.near_copy import near_copies

AGENCY = "The harbour master of Varn said that the ferry had left the terminal at noon with forty passengers on board"
ONE_WAY, OTHER_WAY = [1.0, 0.0], [0.0, 1.0]


def copies(*passages: tuple[str, str, list[float]]) -> dict[int, int]:
    texts, of, vectors = zip(*passages, strict=True)
    return near_copies(texts, of, np.array(vectors, np.float32))


def test_a_text_with_a_few_words_changed_is_a_copy_of_the_first() -> None:
    edited = AGENCY.replace("forty", "some forty")
    assert copies(("rain", "z", OTHER_WAY), (AGENCY, "a", ONE_WAY), (edited, "b", ONE_WAY), (AGENCY + " today", "c", ONE_WAY)) == {
        2: 1,
        3: 1,
    }


def test_a_copy_with_another_figure_is_shown_for_itself() -> None:
    assert copies((AGENCY, "a", ONE_WAY), (AGENCY.replace("forty", "fifty"), "b", ONE_WAY)) == {}
    assert copies((AGENCY, "a", ONE_WAY), (AGENCY.replace("with forty passengers ", ""), "b", ONE_WAY)) == {1: 0}


def test_the_same_said_otherwise_is_no_copy() -> None:
    assert copies((AGENCY, "a", ONE_WAY), ("With forty people the noon ferry sailed, the harbour master said in Varn", "b", ONE_WAY)) == {}


def test_one_text_has_no_copies_in_itself_and_short_passages_are_none() -> None:
    assert copies((AGENCY, "a", ONE_WAY), (AGENCY, "a", ONE_WAY)) == {}
    assert copies(("yes", "a", ONE_WAY), ("yes", "b", ONE_WAY), ("", "c", ONE_WAY), ("", "d", ONE_WAY)) == {}
    assert near_copies([], [], np.zeros((0, 2), np.float32)) == {}

"""Which answers to one question say the same."""

from __future__ import annotations

import numpy as np
import pytest

from agent.same_answers import likeness
from vectorstore.embed import Embedder


def test_likeness_is_symmetric_and_of_one_with_itself_whole(words: Embedder) -> None:
    answers = ["forty cellars", "40 cellars", "bakers walked out", "the bakers' strike", "a bridge", "", "forty cellars"]
    found = likeness("What happened?", answers, words.embed)
    assert found.shape == (7, 7)
    assert np.allclose(found, found.T)
    assert np.allclose(np.diag(found), 1)
    assert np.isfinite(found).all()


def test_the_words_of_the_question_say_nothing(words: Embedder) -> None:
    answers = ["the strike began over pay", "the strike began over safety", "pay", "safety", "night work", "a bridge"]
    found = likeness("Over what did the strike begin?", answers, words.embed)
    assert found[0, 2] > found[0, 1]
    assert found[1, 3] > found[1, 2]


def test_another_number_sets_answers_apart(words: Embedder) -> None:
    answers = ["about forty cellars", "40 cellars", "90 cellars", "the town hall", "rain", "nobody"]
    found = likeness("How many were flooded?", answers, words.embed)
    assert found[0, 1] > found[0, 2]


@pytest.mark.parametrize("answers", [[], ["one"], ["one", "two"], ["same", "same", "same"], ["same"] * 6])
def test_few_or_equal_answers_do_no_harm(answers: list[str], words: Embedder) -> None:
    found = likeness("Why?", answers, words.embed)
    assert found.shape == (len(answers), len(answers))
    assert np.isfinite(found).all()

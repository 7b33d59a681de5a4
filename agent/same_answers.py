"""Which answers to one question say the same: meaning, rare words and numbers, and whether two answers are like the same others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.checking.tokens import keys, tokens_of
from agent.reading.numbers import numbers

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
Matrix = NDArray[np.float64]

# What counts beside the cosine of the answers, which counts 1: round weights, set by hand and not fitted.
RARE_WORDS, APART_FROM_THE_REST, SAME_NUMBER, OTHER_NUMBER = 0.5, 0.5, 0.3, 0.3
# How much of the likeness is that of the two answers' likeness to all others: what is the same is like the same things. Of 0, .5 and .8
# the best on the four questions of nanco (.863, .87 and .876 balanced accuracy, the threshold taken from the other questions).
SHARED_NEIGHBOURS = 0.8
STEEP = 1.5  # of the logistic curve between the two, over a standard deviation
FEWEST = 4  # answers, below which a question has no spread to speak of


def likeness(question: str, answers: Sequence[str], embed: Embed) -> Matrix:
    """How far each two answers say the same; shape (answers, answers), symmetric, the diagonal 1.

    The question's own words say nothing, words that few answers have say much. The scale is that of the question's own pairs, so
    that one limit serves questions whose answers are all alike and questions whose answers are far apart.
    """
    count = len(answers)
    if count < 2:
        return np.ones((count, count))
    score = _pairs(question, answers, embed)
    upper = score[np.triu_indices(count, 1)]
    spread = float(upper.std())
    centred = (score - upper.mean()) / spread if spread > 0 and count >= FEWEST else score - 1.0
    near = 1.0 / (1.0 + np.exp(-STEEP * (centred - 1.0)))
    np.fill_diagonal(near, 1.0)
    if count < FEWEST:
        return near
    found: Matrix = (1 - SHARED_NEIGHBOURS) * near + SHARED_NEIGHBOURS * np.nan_to_num(np.corrcoef(near), nan=1.0)
    np.fill_diagonal(found, 1.0)
    return found


def _pairs(question: str, answers: Sequence[str], embed: Embed) -> Matrix:
    background = keys(tokens_of(question))
    bags = [keys(tokens_of(answer)) - background for answer in answers]
    frequency = Counter(word for bag in bags for word in bag)
    idf = {word: math.log((len(answers) + 1) / (held + 0.5)) + 0.1 for word, held in frequency.items()}
    table = np.array([[math.sqrt(idf[word]) * (word in bag) for word in idf] for bag in bags]).reshape(len(answers), len(idf))
    vectors = embed(list(answers)).astype(np.float64)
    score = vectors @ vectors.T
    score += RARE_WORDS * _cosine(table) + APART_FROM_THE_REST * _cosine(vectors - vectors.mean(0))
    counted = [frozenset(number.canonical for number in numbers(answer)) for answer in answers]
    for i, mine in enumerate(counted):
        for j, theirs in enumerate(counted):
            if mine and theirs:
                score[i, j] += SAME_NUMBER if mine & theirs else -OTHER_NUMBER
    return score


def _cosine(rows: Matrix) -> Matrix:
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    found: Matrix = unit @ unit.T
    return found

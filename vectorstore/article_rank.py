"""Which articles are about something: all of them ranked, with the words of the best passages added to the question's."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.catalog import PassageRow
from vectorstore.search import terms

# Feedback: so many of the best passages lend so many words, which count this much beside the question's own. Chosen on one topic of
# SummHay's news part and confirmed on the other two (docs/measured.md); 20 passages or half the weight find nearly as much.
LENDING, LENT, LENT_WEIGHT = 10, 20, 0.6
# Words looked up for how rare they are: the most frequent ones of the lending passages.
LOOKED_UP = 120
# Passages that speak for their article: one may do so by chance.
SPEAKING = 2


@dataclass(frozen=True, slots=True)
class RankedArticle:
    """An article and how much it is about what was asked, the best passages' mean."""

    article: Article
    score: float


def lent_words(asked: Sequence[str], passages: Sequence[str], rarity: Callable[[Sequence[str]], Mapping[str, float]]) -> list[str]:
    """The words that tell these passages from the rest of the library, the best first, without those that were asked."""
    share: defaultdict[str, float] = defaultdict(float)
    for words in map(terms, passages):
        for word in words:
            share[word] += 1 / len(words)
    for word in asked:
        share.pop(word, None)
    often = sorted(share, key=lambda word: (-share[word], word))[:LOOKED_UP]
    rare = rarity(often)
    return sorted(often, key=lambda word: (-share[word] * rare[word], word))[:LENT]


def rarity(holders: Mapping[str, int], passages: int) -> dict[str, float]:
    return {word: math.log((passages + 1) / (count + 0.5)) for word, count in holders.items()}


def to_one(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def by_text(rows: Sequence[PassageRow], scores: NDArray[np.float32]) -> dict[str, float]:
    """The score of each text: the mean of its best passages, a missing second one counting 0."""
    of_text: defaultdict[str, list[float]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        of_text[row.text_id].append(float(score))
    return {text: round(sum(sorted(found, reverse=True)[:SPEAKING]) / SPEAKING, 5) for text, found in of_text.items()}

"""Which words of two sentences answer to each other, as a language model sees them in their sentences.

After BERTScore (Zhang et al. 2020): a token is held against all tokens of the other sentence by the cosine of their contextual
vectors. Unlike there, only tokens that are each other's best match count, and as much as they tell: what all of an event's
sentences share is background.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.terms import terms
from agent.token_words import Floats, rarity_of, unit, word_tokens
from vectorstore.embed import TokenStates

Numbers = NDArray[np.int64]

# A cosine of this or less says nothing: tokens of unrelated sentences of one event reach it. Of .2 to .6, tried by average precision
# on six hand-aligned events and two invented ones, .4 was best and .3 and .5 as good.
UNRELATED = 0.4
# What a function word or a mark weighs beside an idf.
LEAST = 0.15
# The same word in two related sentences has about this worth on average; used where there are no vectors of tokens.
SAME_WORD = 0.6
# The share of all that is matched which is so within one stretch, on average; used there too.
IN_ONE = 0.85
# Up to so many tokens (154 MB) are kept as they are multiplied: to widen them for each pair took longer than the product itself.
KEPT_WHOLE = 100_000
KINDS = 3  # weightings: by rarity in the event; that, and in general; squared
RARE = 1  # the second of them
# Tokens: what answers to each other within so many in both sentences is likelier one statement than what is scattered over them. Of
# 6, 10 and 16, 16 has the best average precision on eight hand-aligned events, each left out in turn.
STRETCH = 16
# Columns of `masses`: by each weighting; by the second, in the fullest stretch of both sentences.
IN_STRETCH = KINDS


class Matcher:
    """The sentences of an event by their tokens. `masses` tells how much of two sentences answers to each other."""

    def __init__(self, texts: Sequence[str], states: Sequence[TokenStates], idf: Mapping[str, float]) -> None:
        self._offsets = [one.offsets for one in states]
        self._lengths = np.array([len(one.ids) for one in states], np.int64)
        self._starts = np.concatenate([[0], np.cumsum(self._lengths)[:-1]]).astype(np.int64)
        halves = (unit(one.tokens.astype(np.float32)).astype(np.float16) for one in states)
        small = self._lengths.sum() <= KEPT_WHOLE
        self._tokens: list[NDArray[np.float16] | Floats] = [one.astype(np.float32) if small else one for one in halves]
        self._weights = [_weights(text, one, idf) for text, one in zip(texts, states, strict=True)]
        # Shape (sentences, KINDS): all that each sentence could match.
        self.sizes = np.array([weights.sum(0) for weights in self._weights], np.float32).reshape(-1, KINDS)

    def masses(self, one: int, others: Sequence[int]) -> Floats:
        """How much of the sentence answers to each of the others. Shape (others, KINDS + 1)."""
        lengths = self._lengths[list(others)]
        found = np.zeros((len(others), KINDS + 1), np.float32)
        if not self._lengths[one] or not lengths.sum():
            return found
        mine = self._tokens[one].astype(np.float32, copy=False)
        theirs = np.concatenate([self._tokens[other] for other in others]).astype(np.float32, copy=False)
        cosine = mine @ theirs.T
        filled = np.flatnonzero(lengths)
        starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]]).astype(np.int64)
        row_best = np.repeat(np.maximum.reduceat(cosine, starts, axis=1), lengths[filled], axis=1)
        mutual = (cosine >= row_best) & (cosine >= cosine.max(0)[None]) & (cosine > UNRELATED)
        rows, columns = np.nonzero(mutual)
        worth = (cosine[rows, columns] - UNRELATED) / (1 - UNRELATED)
        weights = np.concatenate([self._weights[other] for other in others])
        gained = worth[:, None] * np.minimum(self._weights[one][rows], weights[columns])
        owner = filled[np.searchsorted(starts, columns, side="right") - 1]
        for kind in range(KINDS):
            found[:, kind] = np.bincount(owner, weights=gained[:, kind], minlength=len(others))
        # In the order of the others, and for each in the order of the words.
        order = np.lexsort((rows, owner))
        found[:, IN_STRETCH] = _fullest(rows[order], columns[order], owner[order], gained[order, RARE], len(others))
        return found

    def words(self, sentence: int, spans: Sequence[tuple[int, int]]) -> Floats | None:
        """Unit vectors of words by where they stand in the sentence, shape (words, dimension); None if one was not read."""
        offsets = np.array(self._offsets[sentence], np.int64).reshape(-1, 2)
        inside = [np.flatnonzero((offsets[:, 0] >= start) & (offsets[:, 1] <= end)) for start, end in spans]
        if not all(len(tokens) for tokens in inside):
            return None
        return unit(np.stack([self._tokens[sentence][tokens].astype(np.float32).mean(0) for tokens in inside]))


def _fullest(rows: Numbers, columns: Numbers, owner: Numbers, gained: Floats, others: int) -> Floats:
    """The most that each owner gains within a stretch. All are by owner, then by row."""
    total = gained.copy()
    for ahead in range(1, len(rows)):
        within = (owner[ahead:] == owner[:-ahead]) & (rows[ahead:] - rows[:-ahead] <= STRETCH)
        if not within.any():
            break
        within &= np.abs(columns[ahead:] - columns[:-ahead]) <= STRETCH
        total[:-ahead] += np.where(within, gained[ahead:], 0.0)
    best = np.zeros(others, np.float32)
    np.maximum.at(best, owner, total)
    return best


def _weights(text: str, states: TokenStates, idf: Mapping[str, float]) -> Floats:
    """Shape (tokens, KINDS). A word that the vocabulary has only in pieces is rare; its pieces share its weight."""
    weights = np.full((len(states.ids), KINDS), LEAST, np.float32)
    for word, tokens in word_tokens(text, states):
        value = max((idf.get(term, 0.0) for term in terms(word)), default=0.0)
        rare = rarity_of(states, tokens)
        pieces = tokens.stop - tokens.start
        weights[tokens] = np.maximum([value, value * (0.4 + 0.6 * rare), value * value / 3], LEAST) / pieces
    for number, (start, end) in enumerate(states.offsets):
        if not any(character.isalnum() for character in text[start:end]):
            weights[number] = 0
    return weights

"""Which tokens of the embedder make up a word, and how rare its vocabulary shows the word to be."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agent.terms import WORD
from vectorstore.embed import TokenStates

Floats = NDArray[np.float32]
# The model's vocabulary is in the order of frequency: from COMMON on, the logarithm of a word's number tells how rare it is.
COMMON, VOCABULARY = 1000, 30522


def unit(vectors: Floats) -> Floats:
    """At length 1, along the last axis."""
    scaled: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6)
    return scaled


def word_tokens(text: str, states: TokenStates) -> Iterator[tuple[str, slice]]:
    """The words of a text in order, each with its tokens; those that have none, as at the end of a text that was cut, are left out."""
    token = 0
    for match in WORD.finditer(text):
        while token < len(states.ids) and states.offsets[token][0] < match.start():
            token += 1
        first = token
        while token < len(states.ids) and states.offsets[token][1] <= match.end():
            token += 1
        if token > first:
            yield match[0], slice(first, token)


def rarity_of(states: TokenStates, tokens: slice) -> float:
    """From 0 for a common word to 1 for one that the vocabulary has only in pieces."""
    if tokens.stop - tokens.start > 1:
        return 1.0
    return math.log(max(states.ids[tokens.start], COMMON) / COMMON) / math.log(VOCABULARY / COMMON)

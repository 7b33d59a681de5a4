"""How much of what is asked for a sentence says, with its words as a language model sees them in their sentences.

After ColBERT (Khattab and Zaharia 2020): each word asked for is held against all tokens of the sentence and counts by the
best cosine; unlike there, by its rarity among the passages held. It finds "was paid to look away" for "bribed", where words alone do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from agent.terms import stem, words
from agent.token_words import Floats, unit, word_tokens
from vectorstore.embed import TokenStates

# Vectors of texts and their tokens; None where the embedder has none of tokens.
States = Callable[[Sequence[str]], list[TokenStates] | None]
# Longer texts are cut: a sentence has about 130 characters, a part of a question 60, and the time grows with them.
LONGEST = 600


def likenesses(parts: Sequence[tuple[str, Sequence[str]]], weights: Mapping[str, float], states: States) -> list[list[float]] | None:
    """For each part (its words, and sentences that may say it) the likeness of each sentence: 1 if every word asked for stands there as it
    is, about .5 for sentences of another topic. `weights` are of the stems that count. None if there are no vectors of tokens."""
    texts = list(dict.fromkeys(text[:LONGEST] for asked, sentences in parts for text in (asked, *sentences) if text))
    read = states(texts) if texts else []
    if read is None:
        return None
    of = {text: (unit(one.tokens.astype(np.float32)), one) for text, one in zip(texts, read, strict=True)}
    found = []
    for asked, sentences in parts:
        own, at = of[asked[:LONGEST]] if asked else (np.zeros((0, 1), np.float32), None)
        weighed = _of_tokens(asked[:LONGEST], at, weights) if at is not None else np.zeros(0, np.float32)
        total = float(weighed.sum())
        found.append([_best(own, weighed, of[text[:LONGEST]][0]) / total if total and text else 0.0 for text in sentences])
    return found


def _best(own: Floats, weights: Floats, other: Floats) -> float:
    return float(weights @ (own @ other.T).max(axis=1)) if len(own) and len(other) else 0.0


def _of_tokens(text: str, states: TokenStates, weights: Mapping[str, float]) -> Floats:
    """The weight of each token: that of its word, shared by the word's pieces; 0 for a word that is not asked for."""
    found = np.zeros(len(states.ids), np.float32)
    for word, tokens in word_tokens(text, states):
        found[tokens] = weights.get(stem(words(word)[0]), 0.0) / (tokens.stop - tokens.start)
    return found

"""How well a text is borne out by a document: what the document's best sentences have of its words and numbers.

Nothing is decided here for the gate, which is exact: this is a score to rank by, for texts that nobody has cited.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from agent.checking.tokens import keys, tokens_of
from agent.reading.numbers import numbers
from vectorstore.sentence import sentence_spans

FEATURES = ("window", "foreign", "covered", "numbers", "length")
# So many sentences of the document may together bear one sentence out.
TOGETHER = 3
# Logistic weights over standardised features (weight, mean, spread), L2 30, each set and label weighing the same; fitted on the
# 1,744 labelled texts of the set "claims". Balanced accuracy .583 with five folds by document (three splits), .562 half on half,
# .528 with each of its
# five sets left out: it ranks within texts of one kind (AUC .64) and its scale does not carry to another kind.
WEIGHTS: tuple[tuple[float, float, float], ...] = (
    (0.256, 0.622, 0.279),
    (-0.08, 0.585, 0.655),
    (0.037, 0.804, 0.24),
    (0.196, 0.923, 0.257),
    (0.022, 2.596, 0.538),
)
BIAS = 0.088


class Document:
    """A document that texts are held against, read once."""

    def __init__(self, text: str) -> None:
        sentences = (keys(tokens_of(text[span.start : span.end])) for span in sentence_spans(text))
        self.sentences = [words for words in sentences if words]
        self.words = frozenset[str]().union(*self.sentences)
        counts = Counter(word for words in self.sentences for word in words)
        self.idf = {word: math.log((len(self.sentences) + 1) / (count + 0.5)) + 0.1 for word, count in counts.items()}
        self.unknown = math.log((len(self.sentences) + 1) / 0.5) + 0.1
        self.numbers = frozenset(number.canonical for number in numbers(text))

    def features(self, text: str) -> NDArray[np.float64]:
        """Shape (len(FEATURES),): shares are the worst sentence's, since one wrong sentence makes a text wrong; counts are summed."""
        parts = [text[span.start : span.end] for span in sentence_spans(text)]
        rows = [self._sentence(part) for part in parts if keys(tokens_of(part))]
        if not rows or not self.sentences:
            return np.zeros(len(FEATURES))
        window, foreign, covered, counted, length = zip(*rows, strict=True)
        return np.array([min(window), math.log1p(sum(foreign)), min(covered), min(counted), math.log1p(sum(length))])

    def _sentence(self, text: str) -> tuple[float, float, float, float, float]:
        tokens = tokens_of(text)
        wanted = keys(tokens)
        weights = {word: self.idf.get(word, self.unknown) for word in wanted}
        left, shares = wanted, list[float]()
        while len(shares) < TOGETHER:
            best = max(
                (left & words for words in self.sentences), key=lambda held: sum(weights[word] for word in held), default=frozenset()
            )
            shares.append(sum(weights[word] for word in best) / sum(weights.values()))
            left -= best
        counted = [number.canonical for number in numbers(text)]
        known = sum(number in self.numbers for number in counted) / len(counted) if counted else 1.0
        return shares[0], float(len(wanted - self.words)), sum(shares), known, float(sum(token.content for token in tokens))


def support(text: str, document: Document) -> float:
    """A score, higher is likelier; 0 is where supported and not supported were equally likely in calibration."""
    rows = zip(document.features(text), WEIGHTS, strict=True)
    return float(sum(weight * (value - mean) / spread for value, (weight, mean, spread) in rows) + BIAS)

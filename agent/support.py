"""How well a text is borne out by a document: what the document's best sentence has of its words, each seen in its sentence.

Nothing is decided here for the gate, which is exact: this is a score to rank by, for texts that nobody has cited. Words are matched
after BERTScore (Zhang et al. 2020), as in agent/comparing/matching.py, but the rarest and the worst matched count beside the mean.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.checking.tokens import key
from agent.comparing.matching import UNRELATED
from agent.reading.numbers import numbers
from agent.terms import STOP, WORD
from agent.token_words import Floats, rarity_of, unit, word_tokens
from vectorstore.embed import TokenStates
from vectorstore.sentence import sentence_spans

States = Callable[[Sequence[str]], list[TokenStates]]

FEATURES = (
    "matched", "worst", "meaning", "numbers", "names", "copied", "length", "sentences",
    "copied_some", "copied_most", "longer", "longest",
)  # fmt: skip
# Where the shares of what is copied and the logarithms of the length bend: about the first and third quarter of the calibration texts.
# A summary that copies and one that tells in its own words are held to different measures.
SOME, MOST, LONGER, LONGEST = 0.1, 0.75, 2.45, 3.4
# Logistic weights over standardised features (weight, mean, spread), L2 .05, each set and label weighing the same; fitted by
# benchmarks/claims.py on the 1,744 labelled texts of the set "claims". Balanced accuracy .648 with five folds by document, .600 with
# each of its five sets left out; it ranks within texts of one kind (AUC .714), and its scale carries to another kind only in part.
WEIGHTS: tuple[tuple[float, float, float], ...] = (
    (0.157, 0.591, 0.249),  # matched
    (0.155, 0.538, 0.269),  # worst
    (0.264, 0.746, 0.158),  # meaning
    (-0.241, 0.064, 0.211),  # numbers
    (-0.156, 0.042, 0.208),  # names
    (-0.164, 0.463, 0.346),  # copied
    (0.122, 2.893, 0.367),  # length
    (-0.151, 1.451, 0.862),  # sentences
    (-0.149, 0.380, 0.324),  # copied_some
    (0.372, 0.041, 0.079),  # copied_most
    (0.035, 0.464, 0.321),  # longer
    (-0.115, 0.008, 0.039),  # longest
)
BIAS = 0.001
# Tokenised text has blanks around its full stops, which a splitter for prose does not take for an end.
TOKENISED_END = re.compile(r"(?<=\s[.!?])\s+")
LEAST = 0.1  # what a word weighs at least


class _Word(NamedTuple):
    """A word as a model sees it in its sentence, and how rare it is in general, from 0 to 1."""

    text: str
    vector: Floats
    rare: float

    @property
    def key(self) -> str:
        return key(self.text)

    @property
    def content(self) -> bool:
        return self.text.lower() not in STOP and (len(self.text) > 1 or self.text.isdigit())


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that have a word, those of tokenised text too."""
    pieces = (part for span in sentence_spans(text) for part in TOKENISED_END.split(text[span.start : span.end]))
    return [piece for piece in pieces if any(map(str.isalnum, piece))]


def _words(text: str, states: TokenStates) -> list[_Word]:
    return [
        _Word(word, unit(unit(states.tokens[tokens].astype(np.float32)).mean(0)), rarity_of(states, tokens))
        for word, tokens in word_tokens(text, states)
    ]


class Document:
    """A document that texts are held against, read once. `states` are an embedder's, as in agent/comparing/sameness.py."""

    def __init__(self, text: str, states: States) -> None:
        self._states = states
        sentences = sentences_of(text)
        read = states(sentences) if sentences else []
        words = [_words(sentence, one) for sentence, one in zip(sentences, read, strict=True)]
        kept = [(some, one) for some, one in zip(words, read, strict=True) if some]
        self._meaning = np.array([one.vector for _, one in kept], np.float32)
        self._vectors = np.array([word.vector for some, _ in kept for word in some], np.float32)
        self._starts = np.cumsum([0, *(len(some) for some, _ in kept)])[:-1].astype(np.int64)
        counts = Counter(word for some, _ in kept for word in {word.key for word in some})
        self._idf = {word: math.log((len(kept) + 1) / (count + 0.5)) + 0.1 for word, count in counts.items()}
        self._unknown = math.log((len(kept) + 1) / 0.5) + 0.1
        self._numbers = frozenset(number.canonical for number in numbers(" ".join(sentences)))
        self._runs = frozenset(_runs(text))

    def features(self, text: str) -> NDArray[np.float64]:
        """Shape (len(FEATURES),): means over the text's sentences, but of numbers and names that the document has not, the most."""
        parts = sentences_of(text)
        if not parts or not len(self._meaning):
            return np.zeros(len(FEATURES))
        rows = [row for part, one in zip(parts, self._states(parts), strict=True) if (row := self._sentence(part, one)) is not None]
        if not rows:
            return np.zeros(len(FEATURES))
        matched, worst, meaning, foreign, names, copied, length = (np.array(column) for column in zip(*rows, strict=True))
        share, many = float(copied.mean()), float(length.mean())
        return np.array(
            [
                matched.mean(), worst.mean(), meaning.mean(), math.log1p(foreign.max()), math.log1p(names.max()), share, many,
                len(rows), max(0.0, share - SOME), max(0.0, share - MOST), max(0.0, many - LONGER), max(0.0, many - LONGEST),
            ]
        )  # fmt: skip

    def _sentence(self, text: str, states: TokenStates) -> tuple[float, float, float, float, float, float, float] | None:
        every = _words(text, states)
        content = [word for word in every if word.content]
        if not content:
            return None
        cosines = np.maximum.reduceat(np.array([word.vector for word in content]) @ self._vectors.T, self._starts, axis=1)
        weights = np.array([max(self._idf.get(word.key, self._unknown), LEAST) * (0.4 + 0.6 * word.rare) for word in content])
        worth = np.clip((cosines - UNRELATED) / (1 - UNRELATED), 0, 1)
        best = int((weights @ worth).argmax())
        beside = int((weights @ np.maximum(worth, worth[:, [best]])).argmax())
        worst = float(np.maximum(cosines[:, best], cosines[:, beside]).min())
        foreign = sum(number.canonical not in self._numbers for number in numbers(text))
        names = sum(word.text[0].isupper() and word.key not in self._idf for word in content)
        runs = list(_runs(text))
        copied = sum(run in self._runs for run in runs) / len(runs) if runs else 0.0
        matched = float(weights @ worth[:, best] / weights.sum())
        return matched, worst, float((self._meaning @ states.vector).max()), float(foreign), float(names), copied, math.log(len(every))


def _runs(text: str) -> list[tuple[str, ...]]:
    """Three words in a row, sentence by sentence or not."""
    low = [match[0].lower() for match in WORD.finditer(text)]
    return list(zip(low, low[1:], low[2:], strict=False))


def support(text: str, document: Document) -> float:
    """A score, higher is likelier; 0 is where supported and not supported were equally likely in calibration."""
    rows = zip(document.features(text), WEIGHTS, strict=True)
    return float(sum(weight * (value - mean) / spread for value, (weight, mean, spread) in rows) + BIAS)

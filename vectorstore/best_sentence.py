"""How well the best sentence of a passage fits a question: words that stand together say more than the same words far apart."""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.stem import stem

# For scoring alone, so a title's full stop may be taken for an end; the real splitter takes a hundred times as long.
END = re.compile(r"[.!?…][”’\"')\]]*\s|\n")
WORD_REST = re.compile(r"[^\W_]*")
# As in BM25, a long sentence counts less for the same words: how much less, and the length, in characters, at which it counts as one.
# k1 is the usual one, the length is the mean of sentences in news. Chosen on MultiHop-RAG: .2 to .5 find as much,
# the usual .75 less.
K1, B, USUAL_LENGTH = 1.2, 0.4, 110
# A passage has about nine sentences, so that a word stands in a ninth as large a share of the sentences as of the passages, or more.
MORE_RARE = math.log(9)


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """Equal for the forms of a word: "accuse", "accused" and "accuses", "company" and "companies"."""
    short = stem(word)
    return short[:-1] if len(short) > 4 and short[-1] in "ey" else short


def best_sentences(queries: Sequence[Sequence[str]], texts: Sequence[str], rarity: Mapping[str, float]) -> NDArray[np.float32]:
    """For each query (a row; its words in lower case) and each text (a column), the score of the text's best sentence: how rare the
    query's words in it are, each counted once, by the sentence's length. `rarity` is that of words among passages."""
    of_root: dict[str, float] = {}
    for word in (word for query in queries for word in query):
        of_root[root(word)] = max(of_root.get(root(word), 0.0), rarity.get(word, 0.0) + MORE_RARE)
    number = {found: place for place, found in enumerate(of_root)}
    asked = np.zeros((len(queries), len(of_root)), np.float32)
    for row, query in enumerate(queries):
        for word in query:
            asked[row, number[root(word)]] = of_root[root(word)]
    best = np.zeros((len(queries), len(texts)), np.float32)
    for column, text in enumerate(texts):
        held, lengths = _held(text.lower(), number)
        if held is not None:
            best[:, column] = (asked @ held / (1 + K1 * (1 - B + B * lengths / USUAL_LENGTH))).max(axis=1, initial=0.0)
    return best


def _held(text: str, number: Mapping[str, int]) -> tuple[NDArray[np.float32] | None, NDArray[np.float32]]:
    """Which roots (rows) stand in which sentence (columns), None if there is none, and the sentences' lengths."""
    ends = [*(match.end() for match in END.finditer(text)), len(text)]
    lengths = np.diff(np.array([0, *ends], np.float32))
    held = np.zeros((len(number), len(ends)), np.float32)
    found = False
    for own, row in ((own, row) for own, row in number.items() if own):
        at = text.find(own)
        while at >= 0:
            end = at + len(own)
            if at == 0 or not text[at - 1].isalnum():
                rest = WORD_REST.match(text, end)
                end = rest.end() if rest else end
                if root(text[at:end]) == own:
                    held[row, bisect(ends, at)] = 1.0
                    found = True
            at = text.find(own, end)
    return (held if found else None), lengths

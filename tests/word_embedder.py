"""A small embedder for tests in which vectors matter little: equal words, equal vectors, on every machine."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.embed import EmbedderIdentity


@lru_cache(maxsize=100_000)
def vector_of(word: str, dimension: int) -> NDArray[np.float64]:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=dimension)


class WordEmbedder:
    """Sums a vector for each word."""

    def __init__(self, name: str = "test/words", dimension: int = 32, max_tokens: int = 66):
        self.identity = EmbedderIdentity(name, "", dimension, "sum", True, max_tokens)
        self.runtime = "test"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.identity.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row] += vector_of(word, self.identity.dimension)
            if not vectors[row].any():
                vectors[row, 0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

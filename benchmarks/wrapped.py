"""An embedder around another one, for the benchmarks that count or keep what it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.embed import Embedder, EmbedderIdentity, ReadsTokens, TokenStates


class Wrapped:
    """Does as the embedder inside does; a benchmark overrides what it looks at."""

    def __init__(self, inner: Embedder):
        self._inner = inner

    @property
    def identity(self) -> EmbedderIdentity:
        return self._inner.identity

    @property
    def backend(self) -> str:
        return self._inner.backend

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._inner.embed(texts)

    def states(self, texts: Sequence[str]) -> list[TokenStates]:
        assert isinstance(self._inner, ReadsTokens)
        return self._inner.states(texts)

"""One Chroma collection behind our words. It holds ids and vectors only, and may be thrown away at any time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.types import Embeddings

# Chroma refuses more than 5,461 rows in one call.
BATCH = 5_000


class IndexFailed(RuntimeError):
    """Chroma could not do it. Its files are to be thrown away."""


class ChromaIndex:
    """A generation of the index in a folder of its own. Vectors have length 1, so the inner product is the cosine."""

    def __init__(self, folder: Path):
        with _failures():
            client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
            self._client = cast("Client", client)  # the declared type lacks close()
            # No embedding function: one that is stored in a collection is built by whoever opens it (CVE-2026-45829).
            self._collection = client.get_or_create_collection("passages", embedding_function=None, configuration={"hnsw": {"space": "ip"}})

    def add(self, passage_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        with _failures():
            for start in range(0, len(passage_ids), BATCH):
                part = slice(start, start + BATCH)
                self._collection.upsert(ids=list(passage_ids[part]), embeddings=cast("Embeddings", vectors[part]))

    def nearest(self, vectors: NDArray[np.float32], count: int) -> list[list[str]]:
        """For each vector, passage ids of those nearest to it; approximate, so score them again before you order by them."""
        with _failures():
            found = self._collection.query(query_embeddings=cast("Embeddings", vectors), n_results=count, include=[])
        return list(found["ids"])

    def count(self) -> int:
        with _failures():
            return int(self._collection.count())

    def close(self) -> None:
        with _failures():
            self._client.close()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (ChromaError, OSError, RuntimeError, ValueError) as error:
        raise IndexFailed(f"{type(error).__name__}: {error}") from error

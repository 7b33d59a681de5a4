"""One Chroma collection behind our words, in a folder or on a server. It holds ids and vectors only, and may be thrown away at any time."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Embeddings

# Chroma refuses more than 5,461 rows in one call.
BATCH = 5_000
# The inner product of vectors of length 1 is the cosine.
CONFIGURATION: Any = {"hnsw": {"space": "ip"}}
# Seconds for a server to accept a connection, and to answer once it has: it writes 5,000 vectors in about 5. Chroma's client itself
# would wait without end.
CONNECTING, ANSWERING = 3.0, 60.0
LONGEST_REASON = 200


class IndexFailed(RuntimeError):
    """Chroma could not do it. What it holds is to be thrown away."""


class ServerAway(IndexFailed):
    """No Chroma server answers at the address. What it holds may be whole."""


class Rows:
    """The rows of a collection."""

    def __init__(self, collection: Collection):
        self._collection = collection

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


class ChromaIndex(Rows):
    """A generation of the index in a folder of its own."""

    def __init__(self, folder: Path):
        with _failures():
            client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
            self._client = cast("Client", client)  # the declared type lacks close()
            # No embedding function: one that is stored in a collection is built by whoever opens it (CVE-2026-45829).
            super().__init__(client.get_or_create_collection("passages", embedding_function=None, configuration=CONFIGURATION))

    def close(self) -> None:
        with _failures():
            self._client.close()


class ServerRows(Rows):
    """A collection on a server, with a few values of ours beside it."""

    def labels(self) -> Mapping[str, Any]:
        """As they were when it was opened."""
        return self._collection.metadata or {}

    def label(self, **values: str | int) -> None:
        with _failures():
            self._collection.modify(metadata=values)

    def ids(self) -> Iterator[list[str]]:
        """In parts, all that it holds."""
        start = 0
        while True:
            with _failures():
                found = list(self._collection.get(include=[], limit=BATCH, offset=start)["ids"])
            if not found:
                return
            yield found
            start += len(found)


class ChromaServer:
    """The server at an address such as http://127.0.0.1:8000. Raises ServerAway if none answers there, here and in every method."""

    def __init__(self, url: str):
        self.url = url
        parts = urlsplit(url)
        secure, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if secure else 80)
        _greet(host, port, secure=secure)
        with _failures():
            host = f"[{host}]" if ":" in host else host
            self._client = chromadb.HttpClient(host=host, port=port, ssl=secure, settings=Settings(anonymized_telemetry=False))
            # The client has no setting for this: its own session waits without end, and would send vectors through a proxy that the
            # environment names, also those for a server on this machine.
            theirs = self._client._server._session  # type: ignore[attr-defined]
            timeout = httpx.Timeout(ANSWERING, connect=CONNECTING)
            self._client._server._session = httpx.Client(headers=theirs.headers, timeout=timeout, trust_env=False)  # type: ignore[attr-defined]
            theirs.close()

    def open(self, name: str) -> ServerRows | None:
        """None if there is no such collection."""
        try:
            with _failures():
                return ServerRows(self._client.get_collection(name, embedding_function=None))
        except IndexFailed as failure:
            if isinstance(failure.__cause__, NotFoundError):
                return None
            raise

    def create(self, name: str) -> ServerRows:
        with _failures():
            return ServerRows(self._client.create_collection(name, embedding_function=None, configuration=CONFIGURATION))

    def delete(self, name: str) -> None:
        """Afterwards there is no such collection, whether there was one or not."""
        try:
            with _failures():
                self._client.delete_collection(name)
        except IndexFailed as failure:
            if not isinstance(failure.__cause__, NotFoundError):
                raise


def _greet(host: str, port: int, *, secure: bool) -> None:
    """Asks for the heartbeat that every Chroma server has, before Chroma's client, which knows no time limit, is let loose."""
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(host, port, timeout=CONNECTING)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        answer = connection.getresponse()
        beat = json.loads(answer.read(10_000))
        if answer.status != 200 or not isinstance(beat, dict) or "nanosecond heartbeat" not in beat:
            raise ServerAway("what answers there is no Chroma server")
    except (OSError, http.client.HTTPException) as error:
        raise ServerAway(f"no Chroma server answers there: {_reason(error)}") from error
    except ValueError as error:
        raise ServerAway("what answers there is no Chroma server") from error
    finally:
        connection.close()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise ServerAway(f"the Chroma server does not answer: {_reason(error)}") from error
    except (ChromaError, OSError, RuntimeError, ValueError, LookupError, TypeError) as error:
        raise IndexFailed(_reason(error)) from error
    except Exception as error:
        # The client raises a bare Exception with the server's words where it knows no kind of its own.
        if type(error) is not Exception:
            raise
        raise IndexFailed(_reason(error)) from error


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said[:LONGEST_REASON]}" if said else type(error).__name__

"""The index of one library on a Chroma server, in place of the one in its folder.

Each generation is a collection with a name that nobody else has. Once it holds the passages up to some number, it is labelled with that
number and with a seal: a checksum of the embedder and of the ids of all those passages, in order. Whoever opens it compares the seal with
the catalog, so a collection of another library, of a copy of this one, of an older state or of another embedder is never asked. What
is added later leaves the seal true. The catalog notes the collections that were made until they are seen to be gone.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.catalog import Catalog
from vectorstore.errors import LibraryFailed
from vectorstore.generation import GENERATION, ON_SERVER, STEP, IndexKeeper, IndexUnusable

if TYPE_CHECKING:
    from vectorstore.index import ChromaServer, ServerRows

# In the catalog's meta: [[address, name], ...] of the collections that were made and not yet seen to be gone.
COLLECTIONS = "index_collections"


class ServerUnreachable(IndexUnusable):
    """The server cannot be asked; what it holds may be whole."""


class ServerIndexKeeper:
    """For one process, with the methods of IndexKeeper. `folder` is that of the index in files, which goes when this one is built."""

    def __init__(self, url: str, folder: Path, catalog: Catalog):
        self.url = url
        self._catalog = catalog
        self._in_folder = IndexKeeper(folder, catalog)
        self._open: tuple[str, ServerRows, int] | None = None
        self._connected: ChromaServer | None = None
        self._given_up: str | None = None

    @property
    def place(self) -> str:
        return f"at {self.url}"

    def nearest(self, vectors: NDArray[np.float32], count: int) -> tuple[list[list[str]], int] | None:
        """Passage ids near each vector and the number of the last passage that the index holds; None if there is none.

        Raises IndexUnusable, once for each generation.
        """
        name = self._catalog.meta(GENERATION)
        if name is None or name == self._given_up:
            return None
        try:
            rows, through = self._opened(name)
            with self._usable("searched"):
                return rows.nearest(vectors, count), through
        except IndexUnusable:
            self._given_up, self._open, self._connected = name, None, None
            raise

    def damaged(self) -> bool:
        """Whether there is a generation that can't be trusted; a server that can't be asked says nothing about it."""
        name = self._catalog.meta(GENERATION)
        try:
            return name is not None and self._sound(name) is None
        except ServerUnreachable:
            return False

    def state(self) -> str:
        name, last = self._catalog.meta(GENERATION), self._catalog.last_passage()
        if name is None:
            return "none"
        try:
            behind = last - self._opened(name)[1]
        except IndexUnusable as failure:
            return f"{failure}; searches are exact, the next ingest mends it"
        return f"{behind} passages behind, {self.place}" if behind else f"whole, {self.place}"

    def update(self) -> None:
        """Brings the index up to the catalog. Raises IndexUnusable; the catalog is whole all the same."""
        last, name = self._catalog.last_passage(), self._catalog.meta(GENERATION)
        if not last:
            return
        server = self._server()
        found = self._sound(name)
        if found is None or name is None:
            name = f"{ON_SERVER}{uuid.uuid4().hex}"
            self._note([*self._collections(), (self.url, name)])
            with self._usable("made"):
                found = server.create(name), 0
        rows, through = found
        if through < last:
            self._fill(name, rows, through, last)
        if name != self._catalog.meta(GENERATION):
            with self._catalog.transaction():
                self._catalog.set_meta(GENERATION, name)
        self._in_folder.update_others(name)
        with suppress(IndexUnusable):
            self._delete_others(name)

    def _sound(self, name: str | None) -> tuple[ServerRows, int] | None:
        """The collection, if it can be trusted and answers."""
        if name is None:
            return None
        try:
            found = self._opened(name)
            self._probe(*found)
        except ServerUnreachable:
            raise
        except IndexUnusable:
            return None
        return found

    def _fill(self, name: str, rows: ServerRows, through: int, last: int) -> None:
        with self._usable("written"):
            while through < last:
                until = min(through + STEP, last)
                passages, vectors = self._catalog.passages_between(through, until)
                rows.add([row.passage_id for row in passages], vectors)
                through = until
            held, wanted = rows.count(), len(self._catalog.passage_ids(last))
            if held != wanted:
                with self._catalog.transaction():
                    self._catalog.drop_meta(GENERATION)
                raise IndexUnusable(f"the index {self.place} holds {held} passages instead of {wanted}")
            rows.label(through=last, seal=self._seal(last))
        self._open = name, rows, last

    def _opened(self, name: str) -> tuple[ServerRows, int]:
        """The collection and the number of the last passage that it surely holds. Raises IndexUnusable."""
        if self._open and self._open[0] == name:
            return self._open[1:]
        if not name.startswith(ON_SERVER):
            raise IndexUnusable(f"the index is in the library's folder, not {self.place}")
        with self._usable("opened"):
            rows = self._server().open(name)
            if rows is None:
                raise IndexUnusable(f"the index is missing {self.place}")
            labels = rows.labels()
            through, seal = labels.get("through"), labels.get("seal")
            if not isinstance(through, int) or not 0 < through <= self._catalog.last_passage() or seal != self._seal(through):
                raise IndexUnusable(f"the index {self.place} is of another state of this library, or of another library")
            if rows.count() < len(self._catalog.passage_ids(through)):
                raise IndexUnusable(f"the index {self.place} has lost passages")
        self._open = name, rows, through
        return rows, through

    def _probe(self, rows: ServerRows, through: int) -> None:
        """Asks for one passage. Raises IndexUnusable if the server has none: after a crash its files may be damaged."""
        _, vectors = self._catalog.passages_between(self._catalog.number_before(through), through)
        with self._usable("searched"):
            if len(vectors) and not rows.nearest(vectors[:1], 1)[0]:
                raise IndexUnusable(f"the index {self.place} finds nothing")

    def _seal(self, through: int) -> str:
        lines = [self._catalog.meta("embedder") or "", *self._catalog.passage_ids(through)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    # What is on servers.

    def _collections(self) -> list[tuple[str, str]]:
        return collections(self._catalog)

    def _note(self, names: Sequence[tuple[str, str]]) -> None:
        with self._catalog.transaction():
            self._catalog.set_meta(COLLECTIONS, json.dumps(names))

    def _delete_others(self, current: str | None) -> None:
        """Deletes the collections made at this address that are no longer used."""
        for url, name in self._collections():
            if url == self.url and name != current:
                with self._usable("deleted"):
                    self._server().delete(name)
                    if self._server().open(name) is not None:
                        raise IndexUnusable(f"the collection {name} {self.place} is still there after it was deleted")
                self._note([one for one in self._collections() if one != (url, name)])

    def discard_old(self) -> None:
        """Throws away every generation but the one that the catalog names, here and in the folder. Raises LibraryFailed if the server
        can't be asked to, and LibraryInUse if another process has the one in the folder open."""
        current = self._catalog.meta(GENERATION)
        if self._open and self._open[0] != current:
            self._open = None
        try:
            self._delete_others(current)
        except IndexUnusable as failure:
            raise LibraryFailed(f"{failure}: what was removed may still be in its collections") from failure
        self._in_folder.discard_old()

    def holding(self) -> tuple[int, list[str]]:
        """The number of ids that the server holds for this library, and the collections with one that the catalog doesn't hold.
        Raises IndexUnusable."""
        held = set(self._catalog.passage_ids(self._catalog.last_passage()))
        seen, wrong = 0, []
        for url, name in self._collections():
            if url != self.url:
                continue
            with self._usable("read"):
                rows = self._server().open(name)
                for ids in rows.ids() if rows else ():
                    seen += len(ids)
                    if not held.issuperset(ids) and name not in wrong:
                        wrong.append(name)
        return seen, [f"{name} {self.place}" for name in wrong]

    def close(self, *, whole: bool = True) -> None:
        """Nothing is open that must be closed; `whole` makes no difference."""
        self._open = self._connected = None

    def _server(self) -> ChromaServer:
        from vectorstore.index import ChromaServer

        if self._connected is None:
            with self._usable("reached"):
                self._connected = ChromaServer(self.url)
        return self._connected

    @contextmanager
    def _usable(self, what: str) -> Iterator[None]:
        from vectorstore.index import IndexFailed, ServerAway

        try:
            yield
        except IndexFailed as error:
            self._open = None
            kind = ServerUnreachable if isinstance(error, ServerAway) else IndexUnusable
            raise kind(f"the index {self.place} cannot be {what} ({error})") from error


def collections(catalog: Catalog) -> list[tuple[str, str]]:
    """Address and name of those that may exist."""
    return [(str(url), str(name)) for url, name in json.loads(catalog.meta(COLLECTIONS) or "[]")]


def elsewhere(catalog: Catalog, url: str | None) -> list[str]:
    """For people: the collections that were made at other addresses than the one in use, and are still to be deleted there."""
    return [
        f"an index of this library may still be at {address}, and holds vectors of what was in it then: delete its collection {name}, or "
        f"set RASHOMON_CHROMA_URL={address} once and run: rashomon ingest PATH"
        for address, name in collections(catalog)
        if address != url
    ]

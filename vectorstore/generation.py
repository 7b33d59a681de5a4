"""Generations of the index: built from the catalog, sealed when they are whole, thrown away when in doubt.

Chroma's files don't survive a kill, and damaged ones can hang or crash whoever opens them. So a generation carries a seal, the
checksums of its files, which is taken away before Chroma opens them and written after it has closed them. Files without a seal, or
unlike it, are never opened: the search is exact meanwhile, and the next writer builds another generation.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore.catalog import Catalog
from vectorstore.errors import LibraryInUse
from vectorstore.lock import FileLock

if TYPE_CHECKING:
    from vectorstore.index import ChromaIndex

GENERATION = "index_generation"
# A generation whose name starts so is a collection on a Chroma server.
ON_SERVER = "rashomon-"
# Passages read from the catalog and added at a time; at 384 dimensions 8 MB of vectors.
STEP = 5_000
# Chroma has been seen to wait for minutes on a full disk. It takes about 2.5 times the size of the vectors.
ROOM_PER_BYTE, ROOM = 4, 64 * 1024 * 1024

# A seal names five or six files.
LARGEST_SEAL = 100_000


class IndexUnusable(RuntimeError):
    """There is no whole index; the message says why."""


class Generation:
    """One open generation: FOLDER/NAME/ (Chroma's files), NAME.seal, NAME.lock. It holds the passages up to number `through`."""

    def __init__(self, folder: Path, name: str, index: ChromaIndex, through: int, held: ExitStack):
        self.name, self.through = name, through
        self._index = index
        self._folder, self._held = folder, held

    @classmethod
    def open(cls, folder: Path, name: str, *, new: bool = False) -> Generation:
        """Raises LibraryInUse if another process has it open, OSError if the folder can't be written to, IndexUnusable if its files are
        not those that were sealed."""
        with ExitStack() as opened:
            through = 0
            if new:
                (folder / name).mkdir(parents=True)
            opened.enter_context(FileLock(folder / f"{name}.lock", wait_s=0))
            if not new:
                through = verified(folder, name)
                (folder / f"{name}.seal").unlink()
            from vectorstore.index import ChromaIndex

            with _usable("opened"):
                index = ChromaIndex(folder / name)
            return cls(folder, name, index, through, opened.pop_all())

    def add(self, passage_ids: Sequence[str], vectors: NDArray[np.float32], through: int) -> None:
        with _usable("written"):
            self._index.add(passage_ids, vectors)
        self.through = through

    def nearest(self, vectors: NDArray[np.float32], count: int) -> list[list[str]]:
        with _usable("read"):
            return self._index.nearest(vectors, count)

    def close(self, *, whole: bool = True) -> None:
        """Without `whole` it stays unsealed, and is never opened again. Raises IndexUnusable if it could not be sealed."""
        with self._held, _usable("written"):
            self._index.close()
            if whole:
                seal = json.dumps({"through": self.through, "files": _checksums(self._folder / self.name)})
                _write_whole(self._folder / f"{self.name}.seal", seal.encode())


@contextmanager
def _usable(what: str) -> Iterator[None]:
    from vectorstore.index import IndexFailed

    try:
        yield
    except (IndexFailed, OSError) as error:
        raise IndexUnusable(f"the index cannot be {what} ({error})") from error


def sealed_through(folder: Path, name: str) -> int | None:
    """The number of the last passage that a sealed generation holds; its files are not looked at."""
    seal = _seal(folder, name)
    return None if seal is None else seal[0]


def verified(folder: Path, name: str) -> int:
    """The same, after its files were compared with the seal. Call it with the generation's lock held. Raises IndexUnusable."""
    seal = _seal(folder, name)
    if seal is None:
        raise IndexUnusable("the index is missing or was not closed")
    through, files = seal
    try:
        found = _sizes(folder / name)
        # A damaged file may have grown to hundreds of gigabytes: its size is compared before it is read.
        if found == {path: size for path, (size, _) in files.items()} and _checksums(folder / name) == files:
            return through
        (folder / f"{name}.seal").unlink()
    except OSError as error:
        raise IndexUnusable(f"the index cannot be read ({error.strerror or error})") from error
    raise IndexUnusable("the index is damaged")


def _seal(folder: Path, name: str) -> tuple[int, dict[str, tuple[int, str]]] | None:
    try:
        with (folder / f"{name}.seal").open("rb") as file:
            stored = json.loads(file.read(LARGEST_SEAL))
        return int(stored["through"]), {str(path): (int(size), str(checksum)) for path, (size, checksum) in stored["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _sizes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def _checksums(folder: Path) -> dict[str, tuple[int, str]]:
    found = {}
    for path, size in _sizes(folder).items():
        with (folder / path).open("rb") as file:
            found[path] = (size, hashlib.file_digest(file, "sha256").hexdigest())
    return found


def _write_whole(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class IndexKeeper:
    """The index of one library folder, for one process: opens it, brings it up to date, replaces it."""

    def __init__(self, folder: Path, catalog: Catalog):
        self._folder, self._catalog = folder, catalog
        self._open: Generation | None = None
        self._given_up: str | None = None

    def nearest(self, vectors: NDArray[np.float32], count: int) -> tuple[list[list[str]], int] | None:
        """Passage ids near each vector and the number of the last passage that the index holds; None if another process has it, or this
        one may not write here, as opening needs.

        Raises IndexUnusable, once for each generation.
        """
        name = self._catalog.meta(GENERATION)
        if self._open and self._open.name != name:
            self.close()
        if name is None or name == self._given_up:
            return None
        if name.startswith(ON_SERVER):
            self._given_up = name
            raise IndexUnusable("the index is on a Chroma server, and RASHOMON_CHROMA_URL is not set")
        try:
            self._open = self._open or Generation.open(self._folder, name)
            return self._open.nearest(vectors, count), self._open.through
        except (LibraryInUse, OSError):
            return None
        except IndexUnusable:
            self._given_up = name
            self.close(whole=False)
            raise

    def damaged(self) -> bool:
        """Whether there is a generation that nobody has open and that can't be trusted. Its seal is gone afterwards."""
        name = self._catalog.meta(GENERATION)
        if name is None or self._open is not None:
            return False
        try:
            with FileLock(self._folder / f"{name}.lock", wait_s=0):
                verified(self._folder, name)
        except LibraryInUse:
            return False
        except IndexUnusable:
            return True
        except OSError:
            return False
        else:
            return False

    def state(self) -> str:
        """For people."""
        name = self._catalog.meta(GENERATION)
        if name is None:
            return "none"
        if name.startswith(ON_SERVER):
            return "on a Chroma server, and RASHOMON_CHROMA_URL is not set; searches are exact, the next ingest builds one here"
        behind = self.behind()
        if behind is None:
            return "damaged, the next ingest rebuilds it" if self.damaged() else "open in another process"
        return f"{behind} passages behind" if behind else "whole"

    def behind(self) -> int | None:
        """How many of the newest passages it lacks; None if it has no seal: it is open somewhere, or was never finished."""
        name, last = self._catalog.meta(GENERATION), self._catalog.last_passage()
        through = (sealed_through(self._folder, name) if name else None) if self._open is None else self._open.through
        return None if through is None else last - through

    def update(self) -> None:
        """Brings the index up to the catalog and seals it. If another process has it open, it is left behind: what it lacks is
        scored exactly by every search. Raises IndexUnusable; the catalog is whole all the same."""
        last, name = self._catalog.last_passage(), self._catalog.meta(GENERATION)
        if self._open and self._open.name != name:
            self.close()
        if last == 0 or self.behind() == 0:
            self.close()
            return
        try:
            if self._open is None and name is not None:
                with suppress(IndexUnusable):
                    self._open = Generation.open(self._folder, name)
            if self._open is None:
                self._open = Generation.open(self._folder, uuid.uuid4().hex[:12], new=True)
        except LibraryInUse:
            return
        except OSError as error:
            raise IndexUnusable(f"the index cannot be written ({error.strerror or error})") from error
        self._fill(last)
        current = self._open.name if self._open else ""
        self.close()
        if current != self._catalog.meta(GENERATION):
            with self._catalog.transaction():
                self._catalog.set_meta(GENERATION, current)
        self._remove_others(current)

    def _fill(self, last: int) -> None:
        generation = self._open
        assert generation is not None
        try:
            while generation.through < last:
                until = min(generation.through + STEP, last)
                rows, vectors = self._catalog.passages_between(generation.through, until)
                with _usable("written"):
                    free = shutil.disk_usage(self._folder).free
                if free < ROOM + ROOM_PER_BYTE * vectors.nbytes:
                    raise IndexUnusable("no room on the disk for the index")
                generation.add([row.passage_id for row in rows], vectors, until)
        except BaseException:
            self.close(whole=False)
            raise

    def update_others(self, current: str) -> None:
        """Throws away what is in the folder where the generation in use is not there."""
        self.close(whole=False)
        self._remove_others(current)

    def discard_old(self) -> None:
        """Throws away every generation but the one that the catalog names. Raises LibraryInUse if another process has one open, which
        stays until the next time."""
        current = self._catalog.meta(GENERATION) or ""
        if self._open and self._open.name != current:
            self.close(whole=False)
        self._remove_others(current)
        if {path.name.partition(".")[0] for path in self._folder.iterdir()} - {current}:
            raise LibraryInUse("the index is open in another process")

    def _remove_others(self, current: str) -> None:
        """Generations that are no longer used, if nobody has them open."""
        for name in {path.name.partition(".")[0] for path in self._folder.iterdir()} - {current}:
            try:
                with FileLock(self._folder / f"{name}.lock", wait_s=0):
                    shutil.rmtree(self._folder / name, ignore_errors=True)
                    for leftover in self._folder.glob(f"{name}.*"):
                        leftover.unlink()
            except (LibraryInUse, OSError):
                continue

    def close(self, *, whole: bool = True) -> None:
        """Raises IndexUnusable if it was to be sealed and could not be."""
        if self._open is not None:
            generation, self._open = self._open, None
            with nullcontext() if whole else suppress(IndexUnusable):
                generation.close(whole=whole)

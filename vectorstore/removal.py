"""Removal: articles out of the catalog, the index and the files, and the proof that no copy of their words is left.

The rows go in one transaction. What is left of them in free pages, in the log and in the index goes when the files are written anew; a mark
in the catalog stays until that is done, so that the next one who opens the library to write does it if this one is killed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from vectorstore.catalog import Catalog, RemovedRows
from vectorstore.errors import LibraryFailed, LibraryInUse
from vectorstore.folder import CATALOG, GRAMMAR_KEPT, INDEXES
from vectorstore.generation import GENERATION, IndexKeeper, IndexUnusable
from vectorstore.lock import FileLock
from vectorstore.rebuild import rebuild_apart
from vectorstore.server_index import ServerIndexKeeper
from vectorstore.traces import CHUNK, RUN, Finder, Search, runs_of, search_folder

# Kept from the transaction that removes until no file holds the words any more.
REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked for in which files, and the files (and collections on a server) where some of it was found. `shared` runs were
    not looked for: articles that stay have the same words. `ids`, with a Chroma server: so many were compared with those held."""

    runs: int
    shared: int
    files: int
    size: int
    holding: tuple[str, ...]
    ids: int | None = None

    @property
    def clean(self) -> bool:
        return not self.holding


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did. `unfinished` says why the files could not be written anew or searched; the next write tries again."""

    articles: int
    versions: int
    texts: int
    passages: int
    vectors: int
    proof: Proof | None
    unfinished: str | None = None

    @property
    def verified(self) -> bool:
        return self.proof is not None and self.proof.clean


def delete(catalog: Catalog, article_ids: Collection[str]) -> RemovedRows:
    """Everything of these articles out of the catalog, all or nothing. No search finds them afterwards."""
    with catalog.transaction():
        gone = catalog.remove_articles(article_ids)
        counts = {name: value for name, value in asdict(gone).items() if name != "contents"}
        catalog.set_meta(REMOVING, json.dumps(counts))
        catalog.drop_meta(GENERATION)
        catalog.note("removed", json.dumps({"article_ids": sorted(article_ids), **counts}))
    return gone


def wipe(catalog: Catalog, index: IndexKeeper | ServerIndexKeeper | None) -> None:
    """Writes the files anew. Raises LibraryInUse while others read an earlier state, and LibraryFailed without room for it."""
    catalog.rewrite()
    if index:
        index.discard_old()


def settle(catalog: Catalog) -> None:
    """Nothing is left to do."""
    with catalog.transaction():
        catalog.drop_meta(REMOVING)


def prove(catalog: Catalog, folder: Path, gone: RemovedRows) -> Proof:
    """Searches every file of the library for the words and vectors that went. Raises OSError if that can't be done."""
    wanted = runs_of(gone.contents)
    finder = Finder(wanted)
    held = {run for content in _joined(catalog.words_held()) for run in finder.within(content)}
    held |= wanted & set(catalog.vector_starts(RUN))
    wanted -= held
    searched = search_folder(folder, wanted) if wanted else Search(0, 0, ())
    return Proof(len(wanted), len(held), searched.files, searched.size, searched.holding)


class Remover:
    """Removes, and finishes what was interrupted, for one library. `lock` is the writer's; without a folder nothing is on disk."""

    def __init__(self, catalog: Catalog, index: IndexKeeper | ServerIndexKeeper | None, folder: Path | None, notices: list[str]):
        self._catalog, self._index, self._folder, self._notices = catalog, index, folder, notices
        self.lock: FileLock | None = None

    def remove(self, article_ids: Collection[str]) -> Removed:
        gone = delete(self._catalog, article_ids)
        unfinished = self._wipe()
        proof = None
        if unfinished is None and self._folder is not None:
            try:
                proof = prove(self._catalog, self._folder, gone)
                if isinstance(self._index, ServerIndexKeeper):
                    ids, holding = self._index.holding()
                    proof = replace(proof, ids=ids, holding=(*proof.holding, *holding))
            except OSError as error:
                unfinished = f"the files could not be searched ({error})"
            except IndexUnusable as failure:
                proof, unfinished = None, f"{failure}: what it holds could not be compared"
        return Removed(gone.articles, gone.versions, gone.texts, gone.passages, gone.vectors, proof, unfinished)

    def recover(self) -> None:
        """Finishes a removal that was interrupted."""
        removing = self._catalog.meta(REMOVING)
        if removing is None:
            return
        self._wipe()
        state = "the interrupted removal is finished" if self._catalog.meta(REMOVING) is None else "the removal is not finished"
        count = int(json.loads(removing)["articles"])
        self._notices.append(f"{state}: {count} {'article is' if count == 1 else 'articles are'} gone from the library")

    def _wipe(self) -> str | None:
        """Writes the files anew. Why it could not be done, for people."""
        unfinished = None
        try:
            if self._folder:
                (self._folder / GRAMMAR_KEPT).unlink(missing_ok=True)
            wipe(self._catalog, self._index)
        except (LibraryInUse, LibraryFailed, OSError) as failure:
            unfinished = f"{failure}; until the next write the files still hold what was removed"
            self._notices.append(unfinished)
        if self._folder and self.lock and self._catalog.last_passage() and self._catalog.meta(GENERATION) is None:
            try:
                if isinstance(self._index, ServerIndexKeeper):
                    self._index.update()
                else:
                    rebuild_apart(self._folder / CATALOG, self._folder / INDEXES, self.lock.descriptor)
            except IndexUnusable as failure:
                self._notices.append(f"{failure}; until the next ingest mends it, searches are exact and have the same answers")
        if unfinished is None:
            settle(self._catalog)
        return unfinished


def _joined(words: Iterable[str]) -> Iterator[bytes]:
    """In pieces of some size: many small ones would take longer to look through."""
    piece: list[bytes] = []
    size = 0
    for text in words:
        piece.append(text.encode())
        size += len(piece[-1])
        if size >= CHUNK:
            yield b"\0".join(piece)
            piece, size = [], 0
    yield b"\0".join(piece)

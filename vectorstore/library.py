"""The library: catalog, index, embedder and lock as one thing. SQLite is the truth, Chroma an index that may vanish."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore import search as searching
from vectorstore.article import Article
from vectorstore.catalog import Catalog, Change
from vectorstore.embed import Embedder, identity_of, open_embedder
from vectorstore.events import Event, find_events
from vectorstore.lock import FileLock, LibraryInUse
from vectorstore.origin import Origin, find_origins
from vectorstore.passage import Passage, cut
from vectorstore.readers import Read, Rejection
from vectorstore.search import Hit, Scope

if TYPE_CHECKING:
    from vectorstore.index import ChromaIndex

CATALOG, LOCK, INDEX_LOCK, INDEXES = "catalog.sqlite3", "writer.lock", "index.lock", "index"
# Passages embedded and stored together: enough to sort by length, few enough that a kill costs seconds.
WINDOW = 512


class LibraryError(RuntimeError):
    """The library cannot be used as asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """Which embedder a library is opened with: see vectorstore.embed.open_embedder."""

    spec: str = "minilm"
    runtime: str = "onnxruntime"
    options: tuple[tuple[str, object], ...] = ()

    def open(self) -> Embedder:
        return open_embedder(self.spec, runtime=self.runtime, options=dict(self.options))


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet held, with its articles' first and last day; the name of articles without one is None."""

    name: str | None
    articles: int
    first: date | None
    last: date | None


@dataclass(slots=True)
class IngestReport:
    """What an ingest did. The five counts sum to the inputs."""

    added: int = 0
    new_versions: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0

    @property
    def inputs(self) -> int:
        return self.added + self.new_versions + self.updated + self.unchanged + len(self.rejected)

    def count(self, change: Change) -> None:
        name = {"added": "added", "new version": "new_versions", "updated": "updated", "unchanged": "unchanged"}[change]
        setattr(self, name, getattr(self, name) + 1)


class Library:
    """Use as a context manager. Many may read a folder at once; one may write. Nothing here is safe across threads."""

    def __init__(self, catalog: Catalog, choice: EmbedderChoice, folder: Path | None, *, writable: bool):
        self._catalog, self._choice, self.folder, self.writable = catalog, choice, folder, writable
        self._embedder: Embedder | None = None
        self._index: ChromaIndex | None = None
        self._resources = ExitStack()
        self._resources.callback(catalog.close)
        self.notices: list[str] = []

    # Opening and closing.

    @classmethod
    def open(cls, folder: Path, choice: EmbedderChoice | None = None, *, write: bool = False, any_embedder: bool = False) -> Library:
        """Raises LibraryError (none there, of another embedder), LibraryInUse, LibraryTooNew."""
        choice = choice or EmbedderChoice()
        with ExitStack() as opened:
            if write:
                folder.mkdir(parents=True, exist_ok=True)
                opened.enter_context(FileLock(folder / LOCK))
            elif not (folder / CATALOG).is_file():
                raise LibraryError(f"no library at {folder}; make one with: rashomon ingest PATH")
            try:
                catalog = Catalog(folder / CATALOG, read_only=not write)
            except sqlite3.DatabaseError as error:
                raise LibraryError(f"{folder / CATALOG}: not a usable catalog ({error}); restore it from a copy") from None
            library = cls(catalog, choice, folder, writable=write)
            if not any_embedder:
                library._check_embedder()
            library._resources.push(opened.pop_all())
            if write and library._catalog.meta("index_state") == "dirty":
                library._recover()
            return library

    @classmethod
    def in_memory(cls, articles: Iterable[Article], choice: EmbedderChoice | None = None) -> Library:
        """A library of these articles that leaves nothing on disk and scores exactly."""
        library = cls(Catalog(":memory:"), choice or EmbedderChoice(), None, writable=True)
        library.ingest(Read(article, "memory") for article in articles)
        return library

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close_index()
        self._resources.close()

    def _check_embedder(self) -> None:
        stored = self._catalog.meta("embedder")
        if stored is None:
            return
        mine = identity_of(self._choice.spec, dict(self._choice.options))
        theirs = json.loads(stored)
        # The dimension of an unlisted remote model is known only after its first vector.
        differing = [name for name, value in mine.as_dict().items() if theirs[name] != value and not (name == "dimension" and value == 0)]
        if differing:
            raise LibraryError(
                f"this library was filled by the embedder {theirs['name']}, not {mine.name} (they differ in {', '.join(differing)}): "
                f"set RASHOMON_EMBEDDER to the first, or run: rashomon reindex --embedder {self._choice.spec}"
            )

    @property
    def embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._choice.open()
        return self._embedder

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1."""
        return self.embedder.embed(texts)

    # Writing.

    def ingest(self, inputs: Iterable[Read | Rejection], on_progress: Callable[[IngestReport], None] | None = None) -> IngestReport:
        """Stores what is new. An article counted in the report is on disk; what was stored before is never lost."""
        report, started = IngestReport(), time.monotonic()
        known = self._catalog.known_rejections()
        try:
            for window in self._windows(inputs, report):
                self._store(window, report)
                if on_progress:
                    on_progress(report)
        finally:
            fresh = [item for item in report.rejected if (item.path, item.line, item.reason) not in known]
            if fresh:
                with self._catalog.transaction():
                    self._catalog.put_rejected(fresh)
            self._update_index()
        report.seconds = time.monotonic() - started
        return report

    def _windows(self, inputs: Iterable[Read | Rejection], report: IngestReport) -> Iterator[list[tuple[Read, list[Passage]]]]:
        """Changed articles with the passages of texts that are new, in runs of about WINDOW passages."""
        window: list[tuple[Read, list[Passage]]] = []
        held, cut_here = 0, set[str]()
        for item in inputs:
            if isinstance(item, Rejection):
                report.rejected.append(item)
                continue
            article = item.article
            if self._catalog.change_of(article) == "unchanged":
                report.count("unchanged")
                continue
            passages: list[Passage] = []
            if article.text_id not in cut_here and not self._catalog.has_text(article.text_id):
                passages = cut(article.text, article.text_id, self.embedder.count_tokens, self.embedder.identity.max_tokens - 2)
                cut_here.add(article.text_id)
            window.append((item, passages))
            held += len(passages)
            if held >= WINDOW:
                yield window
                window, held, cut_here = [], 0, set()
        if window:
            yield window

    def _store(self, window: list[tuple[Read, list[Passage]]], report: IngestReport) -> None:
        passages = [passage for _, cut_passages in window for passage in cut_passages]
        missing = self._catalog.missing_vectors(passages)
        vectors = self.embed(list(missing.values())) if missing else None
        with self._catalog.transaction():
            if self._catalog.meta("embedder") is None:
                self._catalog.set_meta("embedder", json.dumps(self.embedder.identity.as_dict(), sort_keys=True))
            if vectors is not None:
                self._catalog.put_vectors(list(missing), vectors)
            changes = [self._catalog.put(read.article, read.path, read.line) for read, _ in window]
            self._catalog.put_passages(passages)
            for text_id in {read.article.text_id for read, _ in window}:
                self._catalog.retitle(text_id)
            counts = Counter(changes)
            self._catalog.note("stored", f"{counts} {len(passages)} passages")
        for change in changes:
            report.count(change)
        report.passages += len(passages)

    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Cuts and embeds every text anew with the present embedder, and rebuilds the index. Returns the number of passages."""
        texts = self._catalog.texts()
        done: list[tuple[list[Passage], NDArray[np.float32]]] = []
        budget = self.embedder.identity.max_tokens - 2
        for number, (text_id, text) in enumerate(texts, 1):
            passages = cut(text, text_id, self.embedder.count_tokens, budget)
            done.append((passages, self.embed([passage.text for passage in passages])))
            if on_progress:
                on_progress(number, len(texts))
        with self._catalog.transaction():
            self._catalog.set_meta("index_state", "dirty")
            self._catalog.clear_passages()
            for passages, vectors in done:
                self._catalog.put_vectors([passage.vector_key for passage in passages], vectors)
                self._catalog.put_passages(passages)
            for text_id, _ in texts:
                self._catalog.retitle(text_id)
            self._catalog.set_meta("embedder", json.dumps(self.embedder.identity.as_dict(), sort_keys=True))
            self._catalog.note("reindexed", self.embedder.identity.name)
        self._update_index()
        return sum(len(passages) for passages, _ in done)

    # The index: a generation in a folder of its own, marked dirty before it is written and clean once it is closed.

    def _update_index(self) -> None:
        if self.folder is None:
            return
        last = self._catalog.last_passage()
        state, done = self._catalog.meta("index_state"), int(self._catalog.meta("indexed_through") or 0)
        if state == "clean" and done == last and self._generation().is_dir():
            return
        from vectorstore.index import ChromaIndex

        with FileLock(self.folder / INDEX_LOCK, wait_s=30):
            if state != "clean" or done > last or not self._generation().is_dir():
                done = 0
                generation = uuid.uuid4().hex[:12]
                with self._catalog.transaction():
                    self._catalog.set_meta("index_state", "dirty")
                    self._catalog.set_meta("index_generation", generation)
                for old in (self.folder / INDEXES).glob("*"):
                    shutil.rmtree(old, ignore_errors=True)
            else:
                with self._catalog.transaction():
                    self._catalog.set_meta("index_state", "dirty")
            index = ChromaIndex(self._generation())
            try:
                rows, vectors = self._catalog.passages_after(done)
                index.add([row.passage_id for row in rows], vectors)
            finally:
                index.close()
            with self._catalog.transaction():
                self._catalog.set_meta("indexed_through", str(last))
                self._catalog.set_meta("index_state", "clean")

    def _generation(self) -> Path:
        assert self.folder is not None
        return self.folder / INDEXES / (self._catalog.meta("index_generation") or "none")

    def _recover(self) -> None:
        started = time.monotonic()
        self._update_index()
        articles = self._catalog.counts()["articles"]
        self.notices.append(f"recovered {articles} articles, index rebuilt in {time.monotonic() - started:.1f} s")

    def _open_index(self) -> ChromaIndex | None:
        """The index if it is whole and nobody else has it open; without it, every search is exact and gives the same answers."""
        if self.folder is None or self._index is not None:
            return self._index
        if self._catalog.meta("index_state") != "clean" or not self._generation().is_dir():
            self.notices.append("the index is being rebuilt or is missing: searched exactly; the next ingest rebuilds it")
            return None
        try:
            lock = FileLock(self.folder / INDEX_LOCK, wait_s=0)
            lock.__enter__()
        except (LibraryInUse, OSError):
            return None
        self._resources.push(lock)
        from vectorstore.index import ChromaIndex

        self._index = ChromaIndex(self._generation())
        return self._index

    def _close_index(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    # Reading.

    def articles(
        self, *, outlets: Collection[str | None] | None = None, since: date | None = None, until: date | None = None
    ) -> list[Article]:
        """Current versions in the order of publication, those without a date last (and left out where a date is asked for)."""
        scope = searching.scope_of(outlets, since, until, None)
        return [article for article in self._catalog.articles() if scope.holds(article)]

    def article(self, article_id: str) -> Article:
        """The article with this id, or with the only id that starts so. Raises KeyError."""
        found = [article for article in self._catalog.articles() if article.article_id.startswith(article_id)]
        if len(found) != 1 or not article_id:
            raise KeyError(f"{article_id}: {len(found)} articles have an id that starts so")
        return found[0]

    def versions(self, article_id: str) -> list[Article]:
        return self._catalog.versions(article_id)

    def outlets(self) -> list[Outlet]:
        days: dict[str | None, list[date | None]] = {}
        for article in self._catalog.articles():
            days.setdefault(article.outlet.value, []).append(article.day)
        found = []
        for name, listed in days.items():
            known = [day for day in listed if day]
            found.append(Outlet(name, len(listed), min(known, default=None), max(known, default=None)))
        return sorted(found, key=lambda outlet: (outlet.name is None, (outlet.name or "").lower()))

    def events(self) -> list[Event]:
        articles = self._catalog.articles()
        rows, vectors = self._catalog.passages_of()
        return find_events(articles, rows, vectors)

    def origins(self, articles: Sequence[Article]) -> list[Origin]:
        return find_origins(articles)

    def search(
        self,
        query: str,
        *,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        article_ids: Collection[str] | None = None,
        limit: int = 10,
        spread: bool = False,
    ) -> list[Hit]:
        """The best passages for a query, at most three an article; with `spread`, every outlet's best before any second one."""
        scope = searching.scope_of(outlets, since, until, article_ids)
        articles = searching.articles_by_text(self._catalog, scope)
        if not articles or not query.strip():
            return []
        vector = self.embed([query])[0]
        texts = None if scope.everything else articles.keys()
        lexical = self._catalog.lexical(searching.terms(query), searching.LEXICAL_POOL, texts)
        index = self._open_index() if scope.everything else None
        if index is None:
            rows, vectors = self._catalog.passages_of(texts)
        else:
            near = index.nearest(vector, searching.DENSE_POOL)
            newer, _ = self._catalog.passages_after(int(self._catalog.meta("indexed_through") or 0))
            rows, vectors = self._catalog.passages_named({*near, *lexical, *(row.passage_id for row in newer)})
        if not rows:
            return []
        return searching.select(searching.fuse(rows, vectors @ vector, lexical), articles, limit, spread=spread)

    def mentions(self, words: str) -> int:
        """Number of articles whose text has these very words."""
        return self._catalog.mentions(words)

    def rejected(self) -> list[Rejection]:
        return self._catalog.rejected()

    def status(self) -> dict[str, object]:
        """Counts, the embedder that filled the library and the state of the index, for `rashomon status`."""
        stored = self._catalog.meta("embedder")
        return {
            **self._catalog.counts(),
            "embedder": json.loads(stored) if stored else None,
            "index": self._catalog.meta("index_state") or "none",
            "indexed": int(self._catalog.meta("indexed_through") or 0),
        }


__all__ = ["EmbedderChoice", "Event", "Hit", "IngestReport", "Library", "LibraryError", "LibraryInUse", "Origin", "Outlet", "Scope"]

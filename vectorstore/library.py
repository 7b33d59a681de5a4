"""The library: catalog, index, embedder and lock as one thing. SQLite is the truth, Chroma an index that may vanish."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.article_rank import RankedArticle
from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder, EmbedderChoice, EmbedderIdentity
from vectorstore.errors import LibraryError, LibraryFailed, LibraryInUse, LibraryTooNew
from vectorstore.events import LEAD_CHARACTERS, Event, find_events
from vectorstore.generation import GENERATION, IndexKeeper, IndexUnusable
from vectorstore.ingest import RUNNING, Ingest, IngestReport
from vectorstore.lock import FileLock
from vectorstore.origin import Origin, find_origins
from vectorstore.plan import SearchPlan
from vectorstore.planned import Found
from vectorstore.readers import Read, Rejection
from vectorstore.reindex import reindex
from vectorstore.retrieval import Retrieval
from vectorstore.scope import Scope
from vectorstore.search import Hit, has_words

CATALOG, LOCK, INDEXES = "catalog.sqlite3", "writer.lock", "index"


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet held, with its articles' first and last day; the name of articles without one is None."""

    name: str | None
    articles: int
    first: date | None
    last: date | None


class Library:
    """Use as a context manager. Many may read a folder at once; one may write. Use it from one thread at a time.

    Every method raises LibraryError and its kinds. `notices` are sentences for the user about what was found or mended.
    """

    def __init__(self, catalog: Catalog, choice: EmbedderChoice, folder: Path | None, embedder: Embedder | None = None):
        self._catalog, self._choice, self.folder = catalog, choice, folder
        self._embedder = embedder
        self._index = None if folder is None else IndexKeeper(folder / INDEXES, catalog)
        self._resources = ExitStack()
        self._resources.callback(catalog.close)
        self.notices: list[str] = []
        self._retrieval = Retrieval(catalog, self._index, self.embed, self.notices)

    # Opening and closing.

    @classmethod
    def open(
        cls,
        folder: Path,
        choice: EmbedderChoice | None = None,
        *,
        write: bool = False,
        any_embedder: bool = False,
        embedder: Embedder | None = None,
    ) -> Library:
        """`embedder`, if given, is used instead of the one that `choice` names. `any_embedder` skips the check that it is the one
        that filled the library. Raises LibraryError (none there, of another embedder) and its kinds."""
        with ExitStack() as opened:
            if write:
                try:
                    (folder / INDEXES).mkdir(parents=True, exist_ok=True)
                    opened.enter_context(FileLock(folder / LOCK))
                except OSError as error:
                    raise LibraryFailed(
                        f"the library {folder} cannot be written ({error.strerror or error}); choose another folder with --library"
                    ) from error
            elif not (folder / CATALOG).is_file():
                raise LibraryError(f"no library at {folder}; make one with: rashomon ingest PATH")
            library = cls(Catalog(folder / CATALOG, read_only=not write), choice or EmbedderChoice(), folder, embedder)
            library._resources.push(opened.pop_all())
        try:
            if not any_embedder:
                library._check_embedder()
            if write:
                library._recover()
        except BaseException:
            library._resources.close()
            raise
        return library

    @classmethod
    def in_memory(cls, articles: Iterable[Article], choice: EmbedderChoice | None = None, *, embedder: Embedder | None = None) -> Library:
        """A library of these articles that leaves nothing on disk and scores exactly."""
        library = cls(Catalog(None), choice or EmbedderChoice(), None, embedder)
        library.ingest(Read(article, "memory") for article in articles)
        return library

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with self._resources:
            if self._index:
                try:
                    self._index.close()
                except IndexUnusable as failure:
                    self.notices.append(f"{failure}; the next ingest rebuilds it")

    def _check_embedder(self) -> None:
        stored = self._filled_by()
        mine = self._embedder.identity if self._embedder else self._choice.identity()
        if stored is None or stored.same_vectors(mine):
            return
        theirs = stored.as_dict()
        differing = ", ".join(name for name, value in mine.as_dict().items() if value != 0 and theirs[name] != value)
        raise LibraryError(
            f"this library was filled by the embedder {stored.name}, not {mine.name} (they differ in {differing}): "
            f"set RASHOMON_EMBEDDER to the first, or run: rashomon reindex --embedder {self._choice.spec}"
        )

    def _filled_by(self) -> EmbedderIdentity | None:
        stored = self._catalog.meta("embedder")
        return EmbedderIdentity(**json.loads(stored)) if stored else None

    def _recover(self) -> None:
        """Finishes what an interrupted ingest left, and replaces an index that can't be trusted."""
        assert self._index is not None
        running, damaged = self._catalog.meta(RUNNING), self._index.damaged()
        if running is None and not damaged:
            return
        started = time.monotonic()
        count = self._catalog.articles_stored_after(int(running)) if running else 0
        rebuilt = self._finish()
        took = f"index rebuilt in {time.monotonic() - started:.1f} s" if rebuilt else "index not rebuilt"
        if running is not None:
            self.notices.append(f"recovered {count} articles, {took}: the last ingest was interrupted, and all that it had stored is kept")
        else:
            self.notices.append(f"{took}: it was damaged or missing")

    def _finish(self) -> bool:
        """Brings the index up to the catalog and says that no ingest is running. Whether the index is up to date now."""
        done = self._index is None
        if self._index:
            try:
                self._index.update()
                done = True
            except IndexUnusable as failure:
                self.notices.append(f"{failure}; until the next ingest mends it, searches are exact and have the same answers")
        if self._catalog.meta(RUNNING) is not None:
            with self._catalog.transaction():
                self._catalog.drop_meta(RUNNING)
        return done

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
        """Stores what is new. An article counted in the report is on disk, even if an error ends the ingest; what was stored before
        is never lost. An article that is held with the same text and metadata is not written again."""
        started = time.monotonic()
        report = Ingest(self._catalog, lambda: self.embedder, inputs).run(on_progress)
        self._finish()
        report.seconds = time.monotonic() - started
        return report

    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Cuts every text anew, embeds what the present embedder has not embedded yet, and rebuilds the index. Interrupted, it leaves
        the library as it was, and goes on from there the next time. Returns the number of passages."""
        passages = reindex(self._catalog, self.embedder, on_progress)
        self._finish()
        return passages

    # Reading.

    def articles(
        self, *, outlets: Collection[str | None] | None = None, since: date | None = None, until: date | None = None
    ) -> list[Article]:
        """Current versions in the order of publication, those without a date last (and left out where a date is asked for)."""
        return self._catalog.articles(Scope.of(outlets, since, until))

    def article(self, article_id: str) -> Article:
        """The article with this id, or with the only id that starts so. Raises KeyError."""
        found = self._catalog.articles_starting(article_id) if article_id else []
        if len(found) != 1:
            raise KeyError(f"{article_id}: {'several articles have' if found else 'no article has'} an id that starts so")
        return found[0]

    def versions(self, article_id: str) -> list[Article]:
        """Every version of one article, the current one last."""
        return self._catalog.versions(article_id)

    def outlets(self) -> list[Outlet]:
        """In the order of their names, the articles without an outlet last."""
        found = [
            Outlet(name, count, date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)
            for name, count, first, last in self._catalog.outlets()
        ]
        return sorted(found, key=lambda outlet: (outlet.name is None, (outlet.name or "").lower(), outlet.name or ""))

    def events(self) -> list[Event]:
        with self._catalog.snapshot():
            articles = self._catalog.articles()
            rows, vectors = self._catalog.passages_of(start_below=LEAD_CHARACTERS)
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
        scope = Scope.of(outlets, since, until, article_ids)
        return self._retrieval.search(query, scope, limit, spread=spread)

    def search_plan(
        self,
        plan: SearchPlan,
        *,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        article_ids: Collection[str] | None = None,
        limit: int = 10,
    ) -> list[Found]:
        """The best passages for every part of a plan, and why each was chosen; the limits hold for all parts."""
        return self._retrieval.search_plan(plan, Scope.of(outlets, since, until, article_ids), limit)

    def rank_articles(
        self,
        query: str,
        *,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        article_ids: Collection[str] | None = None,
        limit: int = 10,
    ) -> list[RankedArticle]:
        """The articles that are most about a query, those that print one text once."""
        return self._retrieval.rank_articles(query, Scope.of(outlets, since, until, article_ids), limit)

    def mentions(self, words: str) -> int:
        """Number of articles whose text has these very words, as whole words."""
        return sum(1 for text in self._catalog.texts_with(words) if has_words(text, words)) if words.strip() else 0

    def rejected(self) -> list[Rejection]:
        """What the last ingest of each place refused."""
        return self._catalog.rejected()

    def status(self) -> dict[str, object]:
        """Counts, the embedder that filled the library and the state of the index, for `rashomon status`."""
        stored = self._catalog.meta("embedder")
        return {
            **self._catalog.counts(),
            "embedder": json.loads(stored) if stored else None,
            "chunker": self._catalog.meta("chunker"),
            "index": self._index_state(),
        }

    def _index_state(self) -> str:
        if self._index is None or self._catalog.meta(GENERATION) is None:
            return "none"
        behind = self._index.behind()
        if behind is None:
            return "damaged, the next ingest rebuilds it" if self._index.damaged() else "open in another process"
        return f"{behind} passages behind" if behind else "whole"


__all__ = [
    "EmbedderChoice",
    "Event",
    "Hit",
    "IngestReport",
    "Library",
    "LibraryError",
    "LibraryFailed",
    "LibraryInUse",
    "LibraryTooNew",
    "Origin",
    "Outlet",
    "Scope",
]

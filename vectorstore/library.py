"""The library: catalog, index, embedder and lock as one thing. SQLite is the truth, Chroma an index that may vanish."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.article_rank import RankedArticle
from vectorstore.backup import back_up
from vectorstore.catalog import Catalog, Printed
from vectorstore.embed import Embedder, EmbedderChoice, EmbedderIdentity, ReadsTokens, TokenStates
from vectorstore.errors import LibraryError, LibraryFailed, LibraryInUse, LibraryTooNew
from vectorstore.events.event import Event
from vectorstore.events.keeper import EventKeeper
from vectorstore.folder import CATALOG, INDEXES, LOCK
from vectorstore.generation import IndexKeeper, IndexUnusable
from vectorstore.ingest import Ingest, IngestReport
from vectorstore.kept import Kept
from vectorstore.lock import FileLock
from vectorstore.origin import Origin, find_origins
from vectorstore.other_languages import language_notice
from vectorstore.outlets import REGISTRY_USED, HeldOutlets, Outlet, OutletNames, outlets_held, take_up
from vectorstore.plan import SearchPlan
from vectorstore.planned import Found
from vectorstore.readers import Read, Rejection
from vectorstore.recovery import finish, recover
from vectorstore.registry import Registry, registry_digest
from vectorstore.reindex import reindex
from vectorstore.removal import Removed, Remover
from vectorstore.rerank import Reranker
from vectorstore.retrieval import Retrieval
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.search import Hit, has_words
from vectorstore.server_index import ServerIndexKeeper, elsewhere
from vectorstore.version import Version


class Library:
    """Use as a context manager. Many may read a folder at once; one may write. Use it from one thread at a time.

    Every method raises LibraryError and its kinds. `notices` are sentences for the user about what was found or mended.
    """

    def __init__(
        self, catalog: Catalog, choice: EmbedderChoice, folder: Path | None, embedder: Embedder | None = None, chroma_url: str | None = None
    ):
        self._catalog, self._choice, self.folder = catalog, choice, folder
        # The list of what was rejected, and the file for what other commands remember.
        self.quarantine, self.database = catalog.quarantine, catalog.database
        self._events = EventKeeper(catalog)
        self._embedder = embedder
        self._opening: Future[Embedder] | None = None
        self._registry: Registry | None = None
        self._chroma_url = chroma_url
        self._index: IndexKeeper | ServerIndexKeeper | None = None
        if folder is not None:
            places = folder / INDEXES
            self._index = ServerIndexKeeper(chroma_url, places, catalog) if chroma_url else IndexKeeper(places, catalog)
        self._resources = ExitStack()
        self._resources.callback(catalog.close)
        self.notices: list[str] = []
        self._as_of: date | None = None
        self._remover = Remover(catalog, self._index, folder, self.notices)
        self._retrieval = Retrieval(catalog, self._index, self.embed, self.notices)
        self._kept = Kept(catalog)

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
        chroma_url: str | None = None,
    ) -> Library:
        """`embedder`, if given, is used instead of the one that `choice` names. `any_embedder` skips the check that it is the one
        that filled the library. With `chroma_url` the index is on that Chroma server. Raises LibraryError (none there, of another
        embedder) and its kinds."""
        with ExitStack() as opened:
            lock = None
            if write:
                try:
                    (folder / INDEXES).mkdir(parents=True, exist_ok=True)
                    lock = opened.enter_context(FileLock(folder / LOCK))
                except OSError as error:
                    raise LibraryFailed(
                        f"the library {folder} cannot be written ({error.strerror or error}); choose another folder with --library"
                    ) from error
            elif not (folder / CATALOG).is_file():
                raise LibraryError(f"no library at {folder}; make one with: rashomon ingest PATH")
            library = cls(Catalog(folder / CATALOG, read_only=not write), choice or EmbedderChoice(), folder, embedder, chroma_url)
            library._remover.lock = lock
            library._resources.push(opened.pop_all())
        try:
            if not any_embedder:
                library._check_embedder()
            library._check_registry(write=write)
            if write:
                library._remover.recover()
                recover(library._catalog, library._index, library._events, library.notices)
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
        raise LibraryError(
            f"this library was filled by the embedder {stored.name}, not {mine.name} (they differ in {stored.differing(mine)}): "
            f"set RASHOMON_EMBEDDER to the first, or run: rashomon reindex --embedder {self._choice.spec}"
        )

    def _check_registry(self, *, write: bool) -> None:
        """A writer brings the outlets of what is stored up to date with the registry; a reader can only say that they are not."""
        if write:
            # Also where nothing is to be done: a mistake in the file must end the command before anything is stored.
            self.notices += take_up(self.registry, self._catalog)
        elif self._catalog.last_version() and self._catalog.meta(REGISTRY_USED) != registry_digest(self.folder):
            self.notices.append(
                "the outlet registry has changed since these articles were stored; this takes it up: rashomon outlets --update"
            )

    @property
    def registry(self) -> Registry:
        """What is known of outlets: what ships, and the outlets.toml in the library's folder. Raises OutletsFileError."""
        if self._registry is None:
            self._registry = Registry.open(self.folder)
        return self._registry

    def _filled_by(self) -> EmbedderIdentity | None:
        stored = self._catalog.meta("embedder")
        return EmbedderIdentity(**json.loads(stored)) if stored else None

    def _finish(self) -> None:
        finish(self._catalog, self._index, self._events, self.notices)

    def rerank_with(self, reranker: Reranker | None) -> None:
        """From now on `search` and `search_plan` order what they find by its scores; None ends it. If it fails, the order is that of
        the search, and a notice says so."""
        self._retrieval.reranker = reranker

    @property
    def embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._opening.result() if self._opening else self._choice.open()
        return self._embedder

    def open_embedder_ahead(self) -> None:
        """Begins to open the embedder beside other work. Whoever needs it first waits for it, and gets the error if there is one."""
        if self._embedder is None and self._opening is None:
            beside = ThreadPoolExecutor(1, thread_name_prefix="embedder")
            self._opening = beside.submit(self._choice.open)
            beside.shutdown(wait=False)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of length 1."""
        return self.embedder.embed(texts)

    def states(self, texts: Sequence[str]) -> list[TokenStates] | None:
        """Vectors of the texts and of their tokens; None if the library's embedder, such as an endpoint, gives none of tokens."""
        return self.embedder.states(texts) if isinstance(self.embedder, ReadsTokens) else None

    # Writing.

    def ingest(self, inputs: Iterable[Read | Rejection], on_progress: Callable[[IngestReport], None] | None = None) -> IngestReport:
        """Stores what is new. An article counted in the report is on disk, even if an error ends the ingest; what was stored before
        is never lost. An article that is held with the same text and metadata is not written again."""
        started = time.monotonic()
        outlets = OutletNames(self.registry, self._catalog)
        report = Ingest(self._catalog, lambda: self.embedder, inputs, outlets).run(on_progress)
        self._finish()
        if report.added or report.new_versions:
            self.notices += filter(None, [self.language_notice()])
        report.seconds = time.monotonic() - started
        return report

    def back_up(self, file: Path) -> int:
        """Writes the library as one file, which vectorstore.backup.restore reads. Returns its size in bytes."""
        assert self.folder is not None
        return back_up(self._catalog, self.folder, file)

    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Cuts every text anew, embeds what the present embedder has not embedded yet, and rebuilds the index. Interrupted, it leaves
        the library as it was, and goes on from there the next time. Returns the number of passages."""
        passages = reindex(self._catalog, self.embedder, on_progress)
        self._finish()
        return passages

    def remove(self, article_ids: Collection[str]) -> Removed:
        """Takes articles out, with every version and all that was made from them, and looks through the files for what may be left.

        Texts that other articles print stay. Once this has begun, the articles are gone: a removal that is interrupted is finished by the
        next one who opens the library to write.
        """
        removed = self._remover.remove(article_ids)
        self.notices += elsewhere(self._catalog, self._chroma_url)
        return removed

    def printing(self, article_ids: Collection[str]) -> list[Article]:
        """The other articles that print a text of these."""
        return self._catalog.articles(Scope(article_ids=frozenset(self._catalog.printing(article_ids))))

    # Reading.

    def look_back(self, day: date | None) -> None:
        """From now on everything is read as it was on that day: of each article the version that stood then. None ends it."""
        self._as_of = day
        if day is not None:
            undated = self._catalog.undated()
            left_out = f": {undated} {'article' if undated == 1 else 'articles'} without a date left out" if undated else ""
            self.notices.append(f"as of {day}{left_out}")

    @property
    def as_of(self) -> date | None:
        return self._as_of

    def _scope(
        self,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        article_ids: Collection[str] | None = None,
    ) -> Scope:
        return Scope.of(outlets, since, until, article_ids, self._as_of)

    def articles(
        self,
        *,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        article_ids: Collection[str] | None = None,
    ) -> list[Article]:
        """The current versions in the order of publication, those without a date last (and left out where a date is asked for)."""
        return self._catalog.articles(self._scope(outlets, since, until, article_ids))

    def printed(
        self, *, outlets: Collection[str | None] | None = None, since: date | None = None, until: date | None = None
    ) -> Sequence[Printed]:
        """The same without texts and headlines: enough to count them, and held in memory."""
        return self._retrieval.printed(self._scope(outlets, since, until))

    def article(self, article_id: str) -> Article:
        """The article with this id, or with the only id that starts so. Raises KeyError."""
        found = self._catalog.articles_starting(article_id, self._scope()) if article_id else []
        if len(found) != 1:
            raise KeyError(f"{article_id}: {'several articles have' if found else 'no article has'} an id that starts so")
        return found[0]

    def versions(self, article_id: str) -> list[Article]:
        """Every version of one article, the current one last."""
        return self._catalog.versions(article_id)

    def history(self, article_id: str) -> list[Version]:
        """The same with the times and places at which each was first read."""
        return self._catalog.history(article_id)

    def changed_articles(self) -> list[list[Version]]:
        """The histories of the articles with more than one version."""
        with self._catalog.snapshot():
            return [self._catalog.history(article_id) for article_id in self._catalog.changed_articles()]

    def named(self, name: str) -> list[str]:
        """Ids of the articles that a user may mean: those with this URL, else with this given id, else whose id starts so."""
        return self._catalog.named(name)

    def outlets(self) -> list[Outlet]:
        """In the order of their names, the articles without an outlet last."""
        return list(self._kept.value(("outlets", self._as_of), lambda: outlets_held(self._catalog.outlets(self._scope()))))

    def held_outlets(self) -> HeldOutlets:
        """The outlets held under every name that they have in the registry or had when they came. Raises OutletsFileError."""
        return self._kept.value(("held outlets", self._as_of), lambda: HeldOutlets(self.outlets(), self.registry))

    def events(
        self,
        *,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        min_outlets: int = 0,
        min_articles: int = 1,
    ) -> list[Event]:
        """The events with an article of these outlets and days, whole; those of the most outlets first."""
        found = self._events.events(self._scope(outlets, since, until))
        return [event for event in found if len(event.outlets) >= min_outlets and len(event.article_ids) >= min_articles]

    def present_event_id(self, event_id: str) -> str | None:
        """The id under which an event that has this one, or had it before two events became one, is listed; None for no event."""
        return self._events.present_id(event_id)

    def origins(self, articles: Sequence[Article]) -> list[Origin]:
        """By the text they descend from. A credit to any outlet of the library counts, whether its articles are among these or not."""
        return find_origins(articles, outlets=[outlet.name for outlet in self.outlets() if outlet.name], wires=self.registry.wires())

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
        """The best passages for a query taken as a whole; with `spread`, every outlet's best before any second one."""
        plan = replace(SearchPlan.whole(query), spread=spread)
        return [one.hit for one in self.search_plan(plan, self._scope(outlets, since, until, article_ids), limit)]

    def search_plan(self, plan: SearchPlan, scope: Scope = EVERYTHING, limit: int = 10) -> list[Found]:
        """The best passages for every part of a plan, and why each was chosen; the scope holds for all parts."""
        return self._retrieval.search_plan(plan, replace(scope, as_of=self._as_of), limit)

    def rank_articles(self, query: str, scope: Scope = EVERYTHING, limit: int = 10) -> list[RankedArticle]:
        """The articles that are most about a query, those that print one text once."""
        return self._retrieval.rank_articles(query, replace(scope, as_of=self._as_of), limit)

    def rarity(self, words: Collection[str]) -> dict[str, float]:
        """How rare each word is among the passages held: 1 for one that stands nowhere, near 0 for one that stands in all."""
        return self._retrieval.rarity(words)

    def mentions(self, words: str) -> int:
        """Number of articles whose text has these very words, as whole words."""
        return sum(1 for text in self._catalog.texts_with(words, self._scope()) if has_words(text, words)) if words.strip() else 0

    def status(self) -> dict[str, Any]:
        """Counts, the embedder that filled the library, the state of the index and what is to be told, for `rashomon status`."""
        stored, foreign = self._catalog.meta("embedder"), self.language_notice()
        return {
            **self._catalog.counts(),
            "embedder": json.loads(stored) if stored else None,
            "chunker": self._catalog.meta("chunker"),
            "index": self._index.state() if self._index else "none",
            "languages": {code or "unknown": number for code, number in self._catalog.languages().items()},
            "notices": [*self.notices, *([foreign] if foreign else []), *elsewhere(self._catalog, self._chroma_url)],
        }

    def language_notice(self) -> str | None:
        """What it means that the library holds articles in languages that its embedder doesn't know; None if it holds none."""
        return language_notice(self._catalog.languages(), self._filled_by())


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
    "Removed",
    "Reranker",
    "Scope",
    "Version",
]

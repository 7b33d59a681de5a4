"""Ingest: what is new is cut, embedded and stored, a window at a time.

One after the other: the embedder keeps every core busy, and a window on its way beside another would be lost with it in a kill.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace

from vectorstore.article import Article, digest
from vectorstore.catalog import Catalog, Change
from vectorstore.embed import Embedder, EmbedderIdentity
from vectorstore.outlets import REGISTRY_USED, OutletNames
from vectorstore.passage import CHUNKER, Passage, cut
from vectorstore.readers.found import Read, Rejection

# Passages embedded and stored together: enough to sort by length (below 1 % of padding), few enough that a kill costs seconds.
WINDOW = 512
# Kept while an ingest runs, so that the next start knows that one was killed.
RUNNING = "ingesting_after_version"


@dataclass(slots=True)
class IngestReport:
    """What an ingest did. The five counts sum to the inputs."""

    added: int = 0
    new_versions: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    # Of those added, updated or of a new version: articles that seem not to be whole.
    partial: int = 0
    passages: int = 0
    seconds: float = 0.0

    @property
    def inputs(self) -> int:
        return self.added + self.new_versions + self.updated + self.unchanged + len(self.rejected)

    def add(self, other: IngestReport) -> None:
        """Takes up what a later ingest of the same run did."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def count(self, change: Change) -> None:
        name = {"added": "added", "new version": "new_versions", "updated": "updated", "unchanged": "unchanged"}[change]
        setattr(self, name, getattr(self, name) + 1)


@dataclass(slots=True)
class Window:
    """Changed articles, and the passages of those texts that are new. `wanted` are the words of the passages by vector key."""

    reads: list[Read] = field(default_factory=list)
    passages: dict[str, list[Passage]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(map(len, self.passages.values()))


def room(identity: EmbedderIdentity) -> int:
    """Tokens of text that fit into one passage beside the two special ones."""
    return identity.max_tokens - 2


def vector_key(text: str, identity: EmbedderIdentity) -> str:
    """Equal words have equal vectors, in whatever article they stand, from one embedder."""
    return digest(f"{json.dumps(identity.as_dict(), sort_keys=True)}\n{text}")


def with_language(article: Article) -> Article:
    """Imported here: a run that finds nothing new needs no model of languages."""
    from vectorstore.language import with_language as found

    return found(article)


class Ingest:
    """One run over inputs. `embedder` opens the embedder at its first call: a run that finds nothing new needs none."""

    def __init__(self, catalog: Catalog, embedder: Callable[[], Embedder], inputs: Iterable[Read | Rejection], outlets: OutletNames):
        self._catalog, self._embedder, self._inputs, self._outlets = catalog, embedder, inputs, outlets
        self.report = IngestReport()
        self._known_rejections = {(item.path, item.line): item for item in catalog.quarantine.rejected()}
        self._read_after_all: list[tuple[str, int | None]] = []

    def run(self, on_progress: Callable[[IngestReport], None] | None = None) -> IngestReport:
        try:
            for window in self._windows():
                self._store(window)
                if on_progress:
                    on_progress(self.report)
        finally:
            self._settle_rejections()
        if on_progress:
            on_progress(self.report)
        return self.report

    def _windows(self) -> Iterator[Window]:
        window = Window()
        for item in self._inputs:
            if isinstance(item, Rejection):
                self.report.rejected.append(item)
                continue
            if (item.path, item.line) in self._known_rejections:
                self._read_after_all.append((item.path, item.line))
            article = self._outlets.named(item.article)
            if self._catalog.change_of(article) == "unchanged":
                self.report.count("unchanged")
                continue
            self._add(window, replace(item, article=with_language(article)))
            if window.size >= WINDOW or len(window.reads) >= WINDOW:
                yield window
                window = Window()
        if window.reads:
            yield window

    def _add(self, window: Window, item: Read) -> None:
        text_id = item.article.text_id
        window.reads.append(item)
        if text_id in window.passages or self._catalog.has_text(text_id):
            return
        embedder = self._embedder()
        passages = cut(item.article.text, text_id, embedder.count_tokens, room(embedder.identity))
        keys = [vector_key(passage.text, embedder.identity) for passage in passages]
        window.passages[text_id], window.keys[text_id] = passages, keys
        window.wanted |= {key: passage.text for key, passage in zip(keys, passages, strict=True)}

    def _store(self, window: Window) -> None:
        missing = self._catalog.missing_vectors(window.wanted)
        vectors = self._embedder().embed(list(missing.values())) if missing else None
        with self._catalog.transaction():
            if self._catalog.meta(RUNNING) is None:
                self._catalog.set_meta(RUNNING, str(self._catalog.last_version()))
            if window.passages and self._catalog.meta("embedder") is None:
                self._catalog.set_meta("embedder", json.dumps(self._embedder().identity.as_dict(), sort_keys=True))
                self._catalog.set_meta("chunker", CHUNKER)
            if self._catalog.meta(REGISTRY_USED) is None:
                self._catalog.set_meta(REGISTRY_USED, self._outlets.registry.digest)
            if self._outlets.outdated:
                self._outlets.settle()
            if vectors is not None:
                self._catalog.put_vectors(list(missing), vectors)
            changes, partial = [], 0
            for read in self._outlets.again(window.reads):
                changes.append(self._catalog.put(read.article, read.path, read.line))
                partial += read.article.partial and changes[-1] != "unchanged"
            for text_id, passages in window.passages.items():
                self._catalog.put_passages(passages, window.keys[text_id])
            for text_id in {read.article.text_id for read in window.reads} - window.passages.keys():
                self._catalog.retitle(text_id)
            counts = ", ".join(f"{n} {change}" for change, n in sorted(Counter(changes).items()))
            self._catalog.note("stored", f"{counts}; {window.size} passages, {len(missing)} embedded")
        for change in changes:
            self.report.count(change)
        self.report.partial += partial
        self.report.passages += window.size

    def _settle_rejections(self) -> None:
        """Writes down what was refused and was not known, and forgets what could be read this time."""
        fresh = [item for item in self.report.rejected if not self._is_listed(item)]
        if fresh or self._read_after_all:
            with self._catalog.transaction():
                self._catalog.quarantine.put(fresh)
                self._catalog.quarantine.drop(self._read_after_all)

    def _is_listed(self, item: Rejection) -> bool:
        known = self._known_rejections.get((item.path, item.line))
        return known == item and known.digest == item.digest and known.source == item.source

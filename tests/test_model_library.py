"""The library against a model of it in a few lines of Python, driven at random."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

import vectorstore.removal
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.readers import Read
from vectorstore.removal import Removed

TOPICS = "ferry strike budget storm museum".split()
OUTLETS = ["Harbour Post", "Varn Courier", None]


def words() -> Embedder:
    spec = importlib.util.spec_from_file_location("word_embedder", Path(__file__).with_name("word_embedder.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    embedder: Embedder = module.WordEmbedder()
    return embedder


def given(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def body(topic: int, edition: int) -> str:
    """Long enough that no two bodies are found in each other."""
    name = TOPICS[topic]
    return f"The {name} was the talk of Varn, they said in edition {edition} of {name}.\n\nMarker{topic}x{edition} ended the {name} report."


class Shelf(RuleBasedStateMachine):
    """`model` holds, by article id, the versions by text id; a version is its text and its metadata, merged by the rules of Article."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="shelf"))
        self.model: dict[str, list[Article]] = {}
        self.removed: set[str] = set()
        self.embedder = words()
        self.library: Library

    @initialize()
    def start(self) -> None:
        self.library = self.opened()

    def opened(self) -> Library:
        return Library.open(self.folder / "library", write=True, embedder=self.embedder)

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    def current(self, article_id: str) -> Article:
        """The one with the latest stated day, of several the last that came."""
        versions = self.model[article_id]
        return max(enumerate(versions), key=lambda pair: (self.stated(pair[1]), pair[0]))[1]

    @staticmethod
    def stated(article: Article) -> str:
        return article.modified.value or article.published.value or ""

    def expected(self, article: Article) -> str:
        versions = self.model.get(article.article_id)
        if versions is None:
            return "added"
        for version in versions:
            if version.text == article.text:
                return "unchanged" if version.merged(article) == version else "updated"
        return "new_versions"

    def remember(self, article: Article) -> None:
        versions = self.model.setdefault(article.article_id, [])
        for place, version in enumerate(versions):
            if version.text == article.text:
                versions[place] = version.merged(article)
                return
        versions.append(article)

    @rule(
        key=st.integers(0, 2),
        topic=st.integers(0, len(TOPICS) - 1),
        edition=st.integers(0, 2),
        outlet=st.sampled_from(OUTLETS),
        day=st.sampled_from([None, 1, 2]),
        changed=st.sampled_from([None, None, None, 1]),
        again=st.booleans(),
    )
    def ingest(self, key: int, topic: int, edition: int, outlet: str | None, day: int | None, changed: int | None, again: bool) -> None:
        """A new article, a copy under another key, a new version or more metadata: whatever the numbers make of it."""
        article = Article(
            body(topic, edition),
            title=given(f"On the {TOPICS[topic]}"),
            outlet=given(outlet),
            url=given(f"https://post.example/{key}"),
            published=given(day and f"2025-03-0{day}"),
            modified=given(changed and f"2025-03-1{changed}T10:00:00+00:00"),
        )
        self.take(article)
        if again:
            before = self.library._catalog.changes
            assert self.library.ingest([Read(article, "elsewhere")]).unchanged == 1
            assert self.library._catalog.changes == before

    @precondition(lambda self: self.model)
    @rule(data=st.data(), topic=st.integers(0, len(TOPICS) - 1), edition=st.integers(0, 2), day=st.sampled_from([None, 2]))
    def correct(self, data: st.DataObject, topic: int, edition: int, day: int | None) -> None:
        """Other words for an article that is held, under the same date or a later one."""
        held = self.current(data.draw(st.sampled_from(sorted(self.model))))
        self.take(replace(held, text=body(topic, edition), published=given(f"2025-03-0{day}") if day else held.published))
        self.look_back(25)

    def take(self, article: Article) -> None:
        what = self.expected(article)
        report = self.library.ingest([Read(article, "model")])
        counts = {name: getattr(report, name) for name in ("added", "new_versions", "updated", "unchanged")}
        assert counts == {**dict.fromkeys(counts, 0), what: 1}
        self.remember(article)
        self.removed.discard(article.text)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.model)), min_size=1, max_size=2, unique=True))
        gone = {version.text for article_id in ids for version in self.model[article_id]}
        versions = sum(len(self.model[article_id]) for article_id in ids)
        for article_id in ids:
            del self.model[article_id]
        kept = {version.text for several in self.model.values() for version in several}
        removed: Removed = self.library.remove(ids)
        assert (removed.articles, removed.versions, removed.texts) == (len(ids), versions, len(gone - kept))
        assert removed.verified
        self.removed |= gone - kept

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = self.opened()
        assert self.library.notices == []

    @rule()
    def reindex(self) -> None:
        self.library.reindex()

    @rule(day=st.sampled_from([1, 2, 11, 25]))
    def on_a_day(self, day: int) -> None:
        self.look_back(day)

    def look_back(self, day: int) -> None:
        """All versions were seen today, so that on an earlier day only the first one of each stated time can have stood."""
        then = date(2025, 3, day)
        expected = {}
        for article_id, versions in self.model.items():
            first: dict[str, Article] = {}
            for version in versions:
                first.setdefault(self.stated(version), version)
            stood = [version for stated, version in sorted(first.items()) if stated and stated[:10] <= then.isoformat()]
            if stood:
                expected[article_id] = stood[-1]
        notices = len(self.library.notices)
        self.library.look_back(then)
        try:
            assert {article.article_id: article for article in self.library.articles()} == expected
            hits = self.library.search("edition of the ferry report", limit=50)
            assert {hit.article.text for hit in hits} == {article.text for article in expected.values()}
            assert all(expected[hit.article.article_id] == hit.article for hit in hits)
        finally:
            self.library.look_back(None)
            del self.library.notices[notices:]

    @rule(topic=st.integers(0, len(TOPICS) - 1), edition=st.integers(0, 2), outlet=st.none() | st.sampled_from(OUTLETS))
    def search(self, topic: int, edition: int, outlet: str | None) -> None:
        held = {article_id: self.current(article_id) for article_id in self.model}
        hits = self.library.search(f"Marker{topic}x{edition} {TOPICS[topic]}", limit=10, outlets=[outlet] if outlet else None)
        for hit in hits:
            assert hit.article == held[hit.article.article_id]
            assert hit.text == hit.article.text[hit.start : hit.end] != ""
            assert hit.text not in self.removed
        printing = {
            key for key, article in held.items() if article.text == body(topic, edition) and (not outlet or article.outlet.value == outlet)
        }
        if printing:
            assert {hits[0].article.article_id, *hits[0].also} == printing

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "library"):
            return
        held = {article.article_id: article for article in self.library.articles()}
        assert held == {article_id: self.current(article_id) for article_id in self.model}
        texts = {version.text for versions in self.model.values() for version in versions}
        counts = self.library._catalog.counts()
        assert (counts["articles"], counts["versions"], counts["texts"]) == (
            len(self.model),
            sum(map(len, self.model.values())),
            len(texts),
        )
        assert sum(outlet.articles for outlet in self.library.outlets()) == len(self.model)
        for article_id, versions in self.model.items():
            history = self.library.history(article_id)
            assert sorted(item.article.text for item in history) == sorted(version.text for version in versions)
            assert [item.current for item in history] == [False] * (len(versions) - 1) + [True]
            assert all(datetime.fromisoformat(item.seen) for item in history)


def test_the_library_does_what_its_model_does(monkeypatch: pytest.MonkeyPatch) -> None:
    # The index is left to the next ingest and not built by another process: a start of it costs a second.
    monkeypatch.setattr(vectorstore.removal, "rebuild_apart", lambda *_: None)
    steps = settings(
        max_examples=int(os.environ.get("SHELVES", "10")),
        stateful_step_count=20,
        derandomize="SHELVES" not in os.environ,
        # To make a failure smaller takes minutes; SHELVES=100 does it.
        phases=list(Phase) if "SHELVES" in os.environ else [Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Shelf, settings=steps)  # type: ignore[no-untyped-call]  # of Hypothesis

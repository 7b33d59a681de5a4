"""The index on a Chroma server: a real `chroma run` on this machine, and a relay before it that can die, hang or be someone else."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import chromadb
import pytest

import vectorstore.index
import vectorstore.server_index
from agent.doctor import examine
from agent.settings import Settings, SettingsError
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.folder import INDEXES
from vectorstore.library import Library
from vectorstore.plan import Part, SearchPlan
from vectorstore.readers import Read
from vectorstore.server_index import ServerIndexKeeper

TOPICS = "ferry strike budget storm election museum harvest tram bridge verdict".split()
SAME = "searched exactly, with the same answers"


def story(number: int) -> Article:
    text = "\n\n".join(f"The {TOPICS[number % 10]} of {name} {number} took {number * line} turns." for line, name in enumerate(TOPICS))
    return Article(text, url=Field(f"https://post.example/{number}", "given", "url"), outlet=Field(f"Post {number % 3}", "given", "outlet"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chroma_process: Any) -> Iterator[str]:
    port = chroma_process.free_port()
    process = chroma_process.serve(tmp_path_factory.mktemp("chroma"), port)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def relay(server: str, chroma_process: Any) -> Iterator[Any]:
    made = chroma_process.Relay(int(server.rpartition(":")[2]))
    yield made
    made.close()


def fill(folder: Path, embedder: Embedder, url: str | None, numbers: range) -> list[str]:
    with Library.open(folder, write=True, embedder=embedder, chroma_url=url) as library:
        library.ingest(Read(story(number), "test", number) for number in numbers)
        return list(library.notices)


PLAN = SearchPlan("which turns?", (Part("the ferry of budget"), Part("the museum of verdict 17")))


def answers(library: Library) -> list[Any]:
    queries = ("ferry of budget", "museum 7 turns", "verdict", "tram of tram 17", "nothing of the kind")
    return [*(library.search(query) for query in queries), library.search_plan(PLAN)]


def exact(library: Library) -> list[Any]:
    """The same with every passage scored."""
    index, library._retrieval._index = library._retrieval._index, None
    try:
        return answers(library)
    finally:
        library._retrieval._index = index


def check(folder: Path, embedder: Embedder, url: str | None, *notices: str, state: str) -> None:
    """A reader's answers are the exact ones whatever the server does, and it is told what that was."""
    with Library.open(folder, embedder=embedder, chroma_url=url) as library:
        assert answers(library) == exact(library)
        assert len(library.notices) == len(notices), library.notices
        assert all(wanted in said for wanted, said in zip(notices, library.notices, strict=True)), library.notices
        assert state in library.status()["index"]


def client(url: str) -> Any:
    return chromadb.HttpClient("127.0.0.1", int(url.rpartition(":")[2]))


def collection(folder: Path, embedder: Embedder, url: str) -> Any:
    with Library.open(folder, embedder=embedder) as library:
        name = library._catalog.meta("index_generation")
    return client(url).get_collection(name, embedding_function=None)


def test_a_server_answers_as_files_and_exact_scoring_do(tmp_path: Path, words: Embedder, server: str) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, url in ((here, None), (there, server)):
        assert fill(folder, words, url, range(30)) == fill(folder, words, url, range(30, 60)) == []
    assert list((there / INDEXES).iterdir()) == []
    check(there, words, server, state=f"whole, at {server}")
    with Library.open(here, embedder=words) as local, Library.open(there, embedder=words, chroma_url=server) as remote:
        assert answers(local) == answers(remote)
        asked = remote._index.nearest(words.embed(["ferry"]), 5) if remote._index else None
        assert asked
        assert asked[1] == remote._catalog.last_passage() == remote.status()["passages"]
    rows = collection(there, words, server)
    assert rows.get(limit=1, include=["metadatas", "documents"])["documents"] == [None]
    with Library.open(there, write=True, embedder=words, chroma_url=server) as writer:
        before = answers(writer)
        writer.reindex()
        assert answers(writer) == before
    assert collection(there, words, server).name != rows.name
    assert rows.name not in {one.name for one in client(server).list_collections()}


def test_a_reader_finds_what_is_written_beside_it(tmp_path: Path, words: Embedder, server: str) -> None:
    fill(tmp_path, words, server, range(20))
    with Library.open(tmp_path, embedder=words, chroma_url=server) as reader:
        answers(reader)
        fill(tmp_path, words, server, range(20, 30))
        assert answers(reader) == exact(reader)
        with Library.open(tmp_path, write=True, embedder=words, chroma_url=server) as writer:
            writer.remove([story(3).article_id])
        assert answers(reader) == exact(reader)
        assert reader.notices == []


def test_what_is_removed_is_gone_from_the_server(tmp_path: Path, words: Embedder, server: str) -> None:
    fill(tmp_path, words, server, range(20))
    old = collection(tmp_path, words, server)
    with Library.open(tmp_path, write=True, embedder=words, chroma_url=server) as library:
        gone = {row.passage_id for row in library._catalog.passages_of([story(7).text_id])[0]}
        assert gone <= set(old.get(include=[])["ids"])
        removed = library.remove([story(7).article_id])
        assert removed.verified
        assert removed.proof
        assert removed.proof.ids == library.status()["passages"]
        assert library.notices == []
    held = set(collection(tmp_path, words, server).get(include=[])["ids"])
    assert held
    assert not held & gone
    assert old.name not in {one.name for one in client(server).list_collections()}
    check(tmp_path, words, server, state="whole")
    # A row that is left in the collection is found out.
    with Library.open(tmp_path, write=True, embedder=words, chroma_url=server) as library:
        assert isinstance(library._index, ServerIndexKeeper)
        collection(tmp_path, words, server).upsert(ids=[gone.pop()], embeddings=words.embed(["ferry"]))
        seen, wrong = library._index.holding()
        assert seen == len(held) + 1
        assert len(wrong) == 1


def test_a_removal_while_the_server_is_away_says_so_and_is_finished_later(tmp_path: Path, words: Embedder, relay: Any) -> None:
    fill(tmp_path, words, relay.url, range(20))
    relay.die()
    with Library.open(tmp_path, write=True, embedder=words, chroma_url=relay.url) as library:
        removed = library.remove([story(7).article_id])
        assert not removed.verified
        assert removed.unfinished
        assert "what was removed may still be in its collections" in removed.unfinished
        assert story(7) not in [hit.article for hit in library.search("tram 7", limit=50)]
    relay.alive = True
    with Library.open(tmp_path, write=True, embedder=words, chroma_url=relay.url) as library:
        assert any("the interrupted removal is finished" in notice for notice in library.notices)
        assert isinstance(library._index, ServerIndexKeeper)
        seen, wrong = library._index.holding()
        assert (seen, wrong) == (library.status()["passages"], [])


def test_libraries_on_one_server_and_a_copy_of_one_keep_apart(tmp_path: Path, words: Embedder, server: str) -> None:
    fill(tmp_path / "a", words, server, range(20))
    fill(tmp_path / "b", words, server, range(100, 120))
    shutil.copytree(tmp_path / "a", tmp_path / "copy")
    check(tmp_path / "copy", words, server, state="whole")
    fill(tmp_path / "a", words, server, range(20, 30))
    fill(tmp_path / "copy", words, server, range(40, 55))
    for name in ("b", "copy"):
        check(tmp_path / name, words, server, state="whole")
    # The copy went its own way, and took the old index that both had noted with it; the first makes itself another.
    check(tmp_path / "a", words, server, SAME, state="the next ingest mends it")
    notices = fill(tmp_path / "a", words, server, range(20, 30))
    assert any("index rebuilt" in notice for notice in notices)
    for name in ("a", "b", "copy"):
        check(tmp_path / name, words, server, state="whole")


@pytest.mark.parametrize("what", ["deleted", "emptied", "of another state", "garbage"])
def test_a_collection_that_is_not_ours_any_more_is_not_asked(tmp_path: Path, words: Embedder, server: str, what: str) -> None:
    fill(tmp_path, words, server, range(20))
    rows = collection(tmp_path, words, server)
    if what == "deleted":
        client(server).delete_collection(rows.name)
    elif what == "emptied":
        rows.delete(ids=rows.get(include=[])["ids"][:50])
    elif what == "of another state":
        rows.modify(metadata={"through": 17, "seal": rows.metadata["seal"]})
    else:
        rows.modify(metadata={"through": "many", "seal": 5})
    check(tmp_path, words, server, SAME, state="the next ingest mends it")
    assert any("index rebuilt" in notice for notice in fill(tmp_path, words, server, range(20)))
    check(tmp_path, words, server, state="whole")


def test_a_server_that_dies_during_an_ingest_loses_nothing(
    tmp_path: Path, words: Embedder, relay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, words, relay.url, range(10))
    monkeypatch.setattr(vectorstore.server_index, "STEP", 7)
    real, calls = vectorstore.index.Rows.add, []

    def add(self: Any, ids: Any, vectors: Any) -> None:
        calls.append(ids)
        if len(calls) == 2:
            relay.die()
        real(self, ids, vectors)

    monkeypatch.setattr(vectorstore.index.Rows, "add", add)
    with Library.open(tmp_path, write=True, embedder=words, chroma_url=relay.url) as library:
        report = library.ingest(Read(story(number), "test") for number in range(10, 40))
        assert report.added == 30
        assert any("searches are exact and have the same answers" in notice for notice in library.notices)
        assert answers(library) == exact(library)
    check(tmp_path, words, relay.url, SAME, state="cannot be reached")
    relay.alive = True
    # What it had before is still good; what it lacks is scored exactly.
    check(tmp_path, words, relay.url, state="passages behind")
    assert fill(tmp_path, words, relay.url, range(40)) == []
    check(tmp_path, words, relay.url, state="whole")


def test_an_ingest_that_is_killed_before_the_seal_leaves_nothing_behind(
    tmp_path: Path, words: Embedder, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(vectorstore.index.ServerRows, "label", killed)
        with pytest.raises(KeyboardInterrupt):
            fill(tmp_path, words, server, range(10))
    ((_, unsealed),) = json.loads(meta(tmp_path, words, "index_collections"))
    assert client(server).get_collection(unsealed, embedding_function=None).count() > 0
    check(tmp_path, words, server, state="none")
    assert any("recovered 10 articles" in notice for notice in fill(tmp_path, words, server, range(10)))
    check(tmp_path, words, server, state="whole")
    assert unsealed not in {one.name for one in client(server).list_collections()}


def test_a_server_that_dies_between_two_searches(tmp_path: Path, words: Embedder, relay: Any) -> None:
    fill(tmp_path, words, relay.url, range(20))
    with Library.open(tmp_path, embedder=words, chroma_url=relay.url) as library:
        before = answers(library)
        relay.die()
        assert answers(library) == before
        (notice,) = library.notices
        assert SAME in notice
        assert relay.url in notice


def test_no_server_or_something_else_at_the_address(
    tmp_path: Path, words: Embedder, relay: Any, chroma_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = f"http://127.0.0.1:{chroma_process.free_port()}"
    (notice,) = fill(tmp_path, words, nobody, range(10))
    assert nobody in notice
    assert "no Chroma server answers there" in notice
    check(tmp_path, words, nobody, state="none")
    monkeypatch.setattr(vectorstore.index, "CONNECTING", 0.3)
    relay.hanging = True
    assert "cannot be reached" in fill(tmp_path, words, relay.url, range(10, 12))[0]
    listening = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        with suppress(OSError):
            while True:
                other, _ = listening.accept()
                other.recv(1000)
                other.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome</html>")
                other.close()

    threading.Thread(target=greet, daemon=True).start()
    notices = fill(tmp_path, words, f"http://127.0.0.1:{listening.getsockname()[1]}", range(12, 14))
    listening.close()
    assert "no Chroma server" in notices[0]
    relay.hanging = False
    fill(tmp_path, words, relay.url, range(14))
    check(tmp_path, words, relay.url, state="whole")


def test_from_files_to_a_server_and_back(tmp_path: Path, words: Embedder, server: str) -> None:
    fill(tmp_path, words, None, range(20))
    check(tmp_path, words, server, SAME, state="in the library's folder")
    fill(tmp_path, words, server, range(20))
    assert list((tmp_path / INDEXES).iterdir()) == []
    check(tmp_path, words, server, state="whole, at")
    check(tmp_path, words, None, SAME, state="RASHOMON_CHROMA_URL is not set")
    fill(tmp_path, words, None, range(20))
    check(tmp_path, words, None, state="whole")
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert any(server in notice and "delete its collection" in notice for notice in library.status()["notices"])
        library.remove([story(3).article_id])
        assert any(server in notice and "delete its collection" in notice for notice in library.notices)
    fill(tmp_path, words, server, range(20))
    assert len(json.loads(meta(tmp_path, words, "index_collections"))) == 1
    check(tmp_path, words, server, state="whole, at")


def meta(folder: Path, embedder: Embedder, name: str) -> str:
    with Library.open(folder, embedder=embedder) as library:
        return library._catalog.meta(name) or ""


def test_a_real_kill(tmp_path: Path, words: Embedder, chroma_process: Any) -> None:
    """The server itself dies without a word, and comes back with what it had on its disk."""
    port = chroma_process.free_port()
    url, disk, library = f"http://127.0.0.1:{port}", tmp_path / "chroma", tmp_path / "library"
    disk.mkdir()
    process = chroma_process.serve(disk, port)
    try:
        fill(library, words, url, range(30))
        process.kill()
        process.wait()
        check(library, words, url, SAME, state="cannot be reached")
        process = chroma_process.serve(disk, port)
        fill(library, words, url, range(30, 35))
        check(library, words, url, state="whole")
    finally:
        process.kill()
        process.wait()


# Settings.


@pytest.mark.parametrize(
    "value", ["chroma", "127.0.0.1:8000", "ftp://host", "http://", "http://name:word@host", "http://host/x", "http://h?q"]
)
def test_an_address_that_is_none(value: str) -> None:
    with pytest.raises(SettingsError, match="RASHOMON_CHROMA_URL"):
        Settings.from_environment({"RASHOMON_CHROMA_URL": value})


def test_doctor_says_where_the_index_is_and_what_leaves_this_machine(tmp_path: Path, server: str) -> None:
    def found(url: str, name: str) -> str:
        settings = Settings.from_environment({"RASHOMON_LIBRARY": str(tmp_path / "library"), "RASHOMON_CHROMA_URL": url})
        return next(finding.value for finding in examine(settings) if finding.name == name)

    with Library.open(tmp_path / "library", write=True, chroma_url=server) as library:
        library.ingest([Read(story(1), "test")])
    assert f"index whole, at {server}" in found(server, "library")
    assert found(server, "leaves this machine") == "nothing"
    elsewhere = Settings.from_environment({"RASHOMON_LIBRARY": str(tmp_path / "none"), "RASHOMON_CHROMA_URL": "https://chroma.example/"})
    (leaves,) = (finding.value for finding in examine(elsewhere) if finding.name == "leaves this machine")
    assert leaves == "passage ids and the vectors of passages and questions go to the Chroma server chroma.example"


def test_no_proxy_sees_the_vectors(tmp_path: Path, words: Embedder, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "library"
    fill(library, words, server, range(10))
    seen: list[bytes] = []
    proxy = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        with suppress(OSError):
            while True:
                other, _ = proxy.accept()
                seen.append(other.recv(100_000))
                other.close()

    threading.Thread(target=listen, daemon=True).start()
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
    with Library.open(library, embedder=words, chroma_url=server) as reader:
        assert answers(reader) == exact(reader)
    proxy.close()
    assert not any(b"/query" in one for one in seen)

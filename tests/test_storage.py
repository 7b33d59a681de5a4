"""What the machine, other processes and older programs do to a library, in real processes and on a real small disk."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import vectorstore.removal
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.database import Database
from vectorstore.embed import Embedder
from vectorstore.errors import LibraryError, LibraryFailed, LibraryInUse, LibraryTooNew
from vectorstore.folder import CATALOG
from vectorstore.library import Library
from vectorstore.readers import Read, Rejection
from vectorstore.schema import MIGRATIONS

ROOT = Path(__file__).resolve().parent.parent
TOPICS = "ferry strike budget storm election museum harvest tram".split()


PRELUDE = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from word_embedder import WordEmbedder
from vectorstore.library import *
"""


def given(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def story(number: int) -> Article:
    topic = TOPICS[number % len(TOPICS)]
    text = "\n\n".join(f"The {topic} of {word}, number{number}, took {number + line} turns." for line, word in enumerate(TOPICS))
    return Article(text, url=given(f"https://post.example/{number}"))


def fill(folder: Path, embedder: Embedder, *articles: Article) -> None:
    with Library.open(folder, write=True, embedder=embedder) as library:
        library.ingest(Read(item, "test") for item in articles)


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(program), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


# Other processes.

INGESTING = """
    from test_storage import story
    from vectorstore.readers import Read
    def inputs():
        yield from (Read(story(number), "test") for number in range(600))
        print("ingesting", flush=True)
        sys.stdin.read()
    with Library.open(Path(sys.argv[1]), write=True, embedder=WordEmbedder()) as library:
        library.ingest(inputs(), lambda report: print(report.added, flush=True))
"""


def test_of_two_writers_the_second_is_told_at_once_and_a_killed_one_leaves_no_lock(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, story(700))
    writer = start(INGESTING, tmp_path)
    try:
        assert writer.stdout
        said = []
        while not said or said[-1] != "ingesting\n":
            said.append(writer.stdout.readline())
            assert said[-1]
        started = time.monotonic()
        with pytest.raises(LibraryInUse, match=f"library in use by process {writer.pid}") as refused:
            Library.open(tmp_path, write=True, embedder=words)
        assert time.monotonic() - started < 1
        assert refused.value.exit_code == 3
        with Library.open(tmp_path, embedder=words) as reader:
            assert len(reader.articles()) >= 1 + max((int(line) for line in said if line.strip().isdigit()), default=0)
            assert reader.search("ferry")
    finally:
        writer.kill()
        writer.communicate()
    started = time.monotonic()
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert any(notice.startswith("recovered ") for notice in library.notices)
        assert library.status()["index"] == "whole"
    fill(tmp_path, words, *(story(number) for number in range(600)))
    with Library.open(tmp_path, embedder=words) as library:
        assert len(library.articles()) == 601


def test_readers_beside_a_writer_that_removes_see_each_article_whole_or_not_at_all(
    tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, words, *(story(number) for number in range(24)))
    program = """
        rounds = 0
        while not (Path(sys.argv[1]) / "done").exists() or rounds < 2:
            with Library.open(Path(sys.argv[1]), embedder=WordEmbedder()) as library:
                before = {article.article_id for article in library.articles()}
                hits = library.search("the ferry of museum took turns", limit=20)
                after = {article.article_id for article in library.articles()}
                assert hits and all(hit.article.text[hit.start : hit.end] == hit.text for hit in hits)
                assert after <= before and {hit.article.article_id for hit in hits} <= before
                library.outlets(), library.events()
            rounds += 1
        print(rounds)
    """
    readers = [start(program, tmp_path) for _ in range(3)]
    monkeypatch.setattr(vectorstore.removal, "rebuild_apart", lambda *_: None)
    for number in range(2):
        with Library.open(tmp_path, write=True, embedder=words) as library:
            library.remove([story(number).article_id])
    (tmp_path / "done").touch()
    for reader in readers:
        out, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors
        assert int(out) >= 2
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert len(library.articles()) == 22
        library.ingest([])
    with Library.open(tmp_path, embedder=words) as library:
        assert library.status()["index"] == "whole"


# A small disk.


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, which a test may make smaller or larger."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("no disk can be mounted here; test_library.py has a limit on the size of files instead")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


FILLING = """
    import time
    from test_storage import story
    from vectorstore.readers import Read
    WordEmbedder().embed(["warm"])
    started, acknowledged = time.monotonic(), 0
    def seen(report):
        global started, acknowledged
        started, acknowledged = time.monotonic(), report.added
    try:
        with Library.open(Path(sys.argv[1]), write=True, embedder=WordEmbedder()) as library:
            library.ingest((Read(story(number), "test") for number in range(400)), seen)
    except LibraryError as error:
        print(acknowledged, error.exit_code, round(time.monotonic() - started, 1), error)
    else:
        print(acknowledged, 0, 0, library.notices)
"""


@pytest.mark.parametrize("size", ["64k", "300k", "900k", "2500k"])
def test_on_a_full_disk_there_is_one_error_and_with_room_it_goes_on(disk: Path, words: Embedder, size: str) -> None:
    resize(disk, size)
    writer = start(FILLING, disk / "library")
    out, errors = writer.communicate(timeout=60)
    assert writer.returncode == 0, errors
    acknowledged, code, seconds, said = out.split(" ", 3)
    if code == "0":
        assert "no room on the disk for the index" in said
    else:
        assert code == "3"
        assert "is the disk full?" in said or "cannot be written" in said
    assert float(seconds) < 5
    resize(disk, "300m")
    with Library.open(disk / "library", write=True, embedder=words) as library:
        held = len(library.articles())
        assert held >= int(acknowledged)
        assert {row.text_id for row in library._catalog.passages_of()[0]} == {item.text_id for item in library.articles()}
        assert library.ingest(Read(story(number), "test") for number in range(400)).added == 400 - held
        assert library.search("ferry")
        assert library.status()["index"] == "whole"


@pytest.mark.parametrize("room", [50, 300])
def test_a_removal_without_room_is_not_begun_or_finished_when_there_is_some(
    disk: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(vectorstore.removal, "rebuild_apart", lambda *_: None)
    resize(disk, "300m")
    fill(disk / "library", words, *(story(number) for number in range(100)))
    (used,) = (int(line.split()[2]) for line in subprocess.check_output(["df", "-k", str(disk)], text=True).splitlines()[1:])
    resize(disk, f"{used + room}k")
    begun = False
    with suppress(LibraryFailed), Library.open(disk / "library", write=True, embedder=words) as library:
        removed = library.remove([story(3).article_id])
        begun = True
        assert not removed.verified
        assert removed.unfinished
        assert "is the disk full?" in removed.unfinished
    assert begun == (room > 100)
    with Library.open(disk / "library", embedder=words) as library:
        assert len(library.articles()) == 100 - begun
    resize(disk, "300m")
    with Library.open(disk / "library", write=True, embedder=words) as library:
        assert any(notice.startswith("the interrupted removal is finished") for notice in library.notices) == begun
        assert len(library.articles()) == 100 - begun
    assert bool([path for path in disk.rglob("*") if path.is_file() and b"number3," in path.read_bytes()]) != begun


# Programs of another time.


def old_library(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    with sqlite3.connect(folder / CATALOG) as db:
        db.executescript(Path(__file__).with_name("format_1.sql").read_text())
    return folder


def test_a_library_of_the_first_format_is_read_searched_changed_and_removed_from(tmp_path: Path, words: Embedder) -> None:
    with Library.open(old_library(tmp_path), write=True, embedder=words) as library:
        assert {article.outlet.value for article in library.articles()} == {"Harbour Post", "Varn Courier", "Metro"}
        assert [item.path for item in library.quarantine.rejected()] == ["old.jsonl"]
        (article_id,) = library.named("https://post.example/fire")
        assert [version.stated for version in library.history(article_id)] == ["2025-03-14", "2025-03-15"]
        hit = library.search("the hospital's director said")[0]
        assert (hit.article.article_id, hit.text) == (article_id, hit.article.text[hit.start : hit.end])
        assert library.search("tram line")[0].article.given_id.value == "vc-7"
        assert library.ingest([Read(library.article(article_id), "again"), Rejection("old.jsonl", 5, "no text")]).unchanged == 1
        assert library.status()["index"] == "whole"
        assert library.events()
        assert library.remove([article_id]).verified
    with sqlite3.connect(tmp_path / CATALOG) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_library_of_the_second_format_keeps_its_texts_and_the_ids_of_its_events(tmp_path: Path, words: Embedder) -> None:
    Database(old_library(tmp_path) / CATALOG, MIGRATIONS[:2]).close()
    with sqlite3.connect(tmp_path / CATALOG) as db:
        texts = db.execute("SELECT * FROM texts ORDER BY text_id").fetchall()
        db.execute("INSERT INTO events (event_id) VALUES ('evkept')")
        db.execute("INSERT INTO event_members SELECT min(article_id), 1 FROM articles")
        db.execute("DELETE FROM unplaced")
    with pytest.raises(LibraryError, match="is of an older format"):
        Library.open(tmp_path, embedder=words)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert "evkept" in {event.event_id for event in library.events()}
    Catalog(tmp_path / "new.sqlite3").close()
    with sqlite3.connect(tmp_path / CATALOG) as db, sqlite3.connect(tmp_path / "new.sqlite3") as new:
        assert texts
        assert db.execute("SELECT * FROM texts ORDER BY text_id").fetchall() == texts
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert [row[1] for row in db.execute("PRAGMA index_list(texts)")] == ["sqlite_autoindex_texts_1"]
        tables = "SELECT name FROM sqlite_schema ORDER BY name"
        assert db.execute(tables).fetchall() == new.execute(tables).fetchall()


def test_the_tables_of_the_first_format_are_not_changed_after_the_fact() -> None:
    """What an older program wrote must lead to the tables that a new library has."""
    stored = Path(__file__).with_name("format_1.sql").read_text()
    assert all(" ".join(statement.split()) in stored for statement in MIGRATIONS[0])


def test_a_program_of_the_first_format_refuses_a_later_one(tmp_path: Path, words: Embedder) -> None:
    with sqlite3.connect(old_library(tmp_path) / CATALOG) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / CATALOG).read_bytes()
    for write in (True, False):
        with pytest.raises(LibraryTooNew, match="upgrade rashomon"):
            Library.open(tmp_path, write=write, embedder=words)
    assert (tmp_path / CATALOG).read_bytes() == before

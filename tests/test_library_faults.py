"""What a library does when others use it, when the machine fails it, and when it is interrupted."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.errors import LibraryError, LibraryFailed, LibraryInUse, LibraryTooNew
from vectorstore.folder import CATALOG, LOCK
from vectorstore.library import IngestReport, Library
from vectorstore.lock import FileLock
from vectorstore.readers import Read, Rejection

ROOT = Path(__file__).resolve().parent.parent
TOPICS = ["ferry", "strike", "budget", "storm", "election", "museum", "harvest", "tram", "bridge", "verdict"]


def story(number: int) -> Article:
    topic = TOPICS[number % len(TOPICS)]
    text = "\n\n".join(
        f"The {topic} took {number} turns, {word} said on day {number + line}. Nobody asked why." for line, word in enumerate(TOPICS)
    )
    given = {"title": f"A {topic}", "outlet": f"Post {number % 3}", "url": f"https://post.example/{number}"}
    return Article(text, **{name: Field(value, "given", "test") for name, value in given.items()})


def reads(*articles: Article) -> Iterator[Read]:
    return (Read(item, "test.jsonl", line) for line, item in enumerate(articles, 1))


def filled(folder: Path, embedder: Embedder, *articles: Article) -> IngestReport:
    with Library.open(folder, write=True, embedder=embedder) as library:
        return library.ingest(reads(*articles))


def python(program: str) -> str:
    """What the program prints; it is run from the root of the project."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Locks and other processes.


HOLD = """
    import sys
    from pathlib import Path
    from vectorstore.lock import FileLock
    with FileLock(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
"""


def test_a_second_writer_is_told_who_has_it(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, story(1))
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(tmp_path / LOCK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LibraryInUse, match=f"library in use by process {holder.pid}"):
            Library.open(tmp_path, write=True, embedder=words)
        with Library.open(tmp_path, embedder=words) as reader:
            assert reader.search("strike")
    finally:
        holder.kill()
        holder.communicate()
    assert filled(tmp_path, words, story(2)).added == 1


def test_a_lock_file_left_by_a_killed_process_does_not_matter(tmp_path: Path, words: Embedder) -> None:
    (tmp_path / LOCK).write_text("999999")
    assert filled(tmp_path, words, story(1)).added == 1


def test_a_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), FileLock(tmp_path / "l"):
        raise ZeroDivisionError
    with FileLock(tmp_path / "l", wait_s=0), pytest.raises(LibraryInUse), FileLock(tmp_path / "l", wait_s=0.01):
        pass


def test_readers_beside_a_writer_always_see_a_whole_library(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, story(0))
    program = """
        import sys
        from pathlib import Path
        sys.path.insert(0, "tests")
        from word_embedder import WordEmbedder
        from vectorstore.library import Library
        rounds = 0
        while not (Path(sys.argv[1]) / "done").exists() or rounds < 2:
            with Library.open(Path(sys.argv[1]), embedder=WordEmbedder()) as library:
                for _ in range(3):
                    known = {article.article_id for article in library.articles()}
                    hits = library.search("ferry on day 3", limit=20)
                    assert hits and all(hit.article.text[hit.start : hit.end] == hit.text for hit in hits)
                    assert {hit.article.article_id for hit in hits} - known <= {article.article_id for article in library.articles()}
                    library.outlets(), library.mentions("ferry")
            rounds += 1
        print(rounds)
    """
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        )
        for _ in range(3)
    ]
    for number in range(1, 16):
        filled(tmp_path, words, story(2 * number), story(2 * number + 1))
    (tmp_path / "done").touch()
    for reader in readers:
        out, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors.decode()
        assert int(out) >= 2
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert len(library.articles()) == 31


# What the machine does to it.


def test_an_older_program_refuses_a_newer_library(tmp_path: Path, words: Embedder) -> None:
    filled(tmp_path, words, story(1))
    with sqlite3.connect(tmp_path / CATALOG) as db:
        (present,) = db.execute("PRAGMA user_version").fetchone()
        db.execute("PRAGMA user_version = 99")
    for write in (False, True):
        with pytest.raises(LibraryTooNew, match="upgrade rashomon"):
            Library.open(tmp_path, embedder=words, write=write)
    with sqlite3.connect(tmp_path / CATALOG) as db:
        db.execute(f"PRAGMA user_version = {present}")
    assert filled(tmp_path, words, story(1)).unchanged == 1


def test_no_library_there_names_the_command_that_makes_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(LibraryError, match="rashomon ingest PATH"):
            Library.open(folder)
    assert not (tmp_path / "missing").exists()


def test_a_file_where_the_folder_should_be(tmp_path: Path, words: Embedder) -> None:
    (tmp_path / "lib").write_text("x")
    with pytest.raises(LibraryFailed, match="cannot be written"):
        Library.open(tmp_path / "lib", write=True, embedder=words)


@pytest.fixture
def unwritable(words: Embedder) -> Iterator[Path]:
    """A library in a folder that the user nobody may read and not write."""
    folder = Path(tempfile.mkdtemp())
    filled(folder, words, *(story(number) for number in range(5)))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_may_only_be_read(unwritable: Path) -> None:
    program = f"""
        import os, sys
        from pathlib import Path
        sys.path.insert(0, "tests")
        from word_embedder import WordEmbedder
        from vectorstore.library import Library, LibraryFailed
        WordEmbedder().embed(["whatever it imports, before this interpreter's own files are out of reach"])
        if os.getuid() == 0:
            os.setuid(65534)
        with Library.open(Path({str(unwritable)!r}), embedder=WordEmbedder()) as library:
            print(len(library.articles()), library.search("ferry")[0].article.title.value, library.notices)
        try:
            Library.open(Path({str(unwritable)!r}), embedder=WordEmbedder(), write=True)
        except LibraryFailed as error:
            print(error)
    """
    said = python(program)
    assert said.splitlines()[0] == "5 A ferry []"
    assert "cannot be written (Permission denied)" in said


@pytest.mark.parametrize("room", [30_000, 400_000])
def test_a_full_disk_is_one_clear_error_and_nothing_is_half_stored(tmp_path: Path, words: Embedder, room: int) -> None:
    filled(tmp_path, words, story(0))
    program = f"""
        import resource, sys
        from pathlib import Path
        sys.path.insert(0, "tests")
        from test_library import reads, story
        from word_embedder import WordEmbedder
        from vectorstore.library import Library, LibraryFailed
        size = (Path({str(tmp_path)!r}) / "catalog.sqlite3").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + {room}, size + {room}))
        report = None
        try:
            with Library.open(Path({str(tmp_path)!r}), embedder=WordEmbedder(), write=True) as library:
                library.ingest(reads(*(story(number) for number in range(300))), lambda so_far: print(so_far.added, flush=True))
        except LibraryFailed as error:
            print(error)
    """
    *acknowledged, said = python(program).splitlines()
    assert "is the disk full?" in said
    stored = max((int(count) for count in acknowledged), default=0)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        held = {item.article_id for item in library.articles()}
        assert len(held) >= 1 + stored
        passages = {row.text_id for row in library._catalog.passages_of()[0]}
        assert passages == {item.text_id for item in library.articles()}
        report = library.ingest(reads(*(story(number) for number in range(300))))
        assert report.added == 300 - len(held)
        assert library.search("ferry")


def test_an_interrupt_keeps_what_was_stored_and_the_next_start_says_so(tmp_path: Path, words: Embedder) -> None:
    def inputs() -> Iterator[Read]:
        yield from reads(*(story(number) for number in range(300)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(inputs())
    with Library.open(tmp_path, embedder=words) as library:
        kept = len(library.articles())
        assert 0 < kept < 300
        assert library.search("ferry")
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert len(library.notices) == 1
        assert library.notices[0].startswith(f"recovered {kept} articles, index rebuilt in ")
        assert library.ingest(reads(*(story(number) for number in range(300)))).added == 300 - kept
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.notices == []


def test_an_embedder_that_fails_half_way_loses_nothing_stored(tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    embed, calls = words.embed, 0

    def failing(texts: Sequence[str]) -> NDArray[np.float32]:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise ConnectionError("endpoint gone")
        return embed(texts)

    monkeypatch.setattr(words, "embed", failing)
    with pytest.raises(ConnectionError), Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest([*reads(*(story(number) for number in range(200))), Rejection("x", None, "bad")])
    monkeypatch.setattr(words, "embed", embed)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        kept = len(library.articles())
        assert 0 < kept < 200
        assert library.ingest(reads(*(story(number) for number in range(200)))).added == 200 - kept


def test_rlimit_is_what_a_full_disk_looks_like() -> None:
    """The signal must be ignored, as Python does, for a write beyond the limit to be an error."""
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN
    assert resource.RLIMIT_FSIZE is not None

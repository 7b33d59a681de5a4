"""What is removed is gone from every file of the library, and what stays is whole."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vectorstore.removal
from vectorstore import removal
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder
from vectorstore.folder import CATALOG, INDEXES
from vectorstore.generation import IndexKeeper
from vectorstore.library import Library
from vectorstore.readers import Read
from vectorstore.removal import REMOVING
from vectorstore.traces import EVERY, RUN, Finder, runs_of, search_folder

ROOT = Path(__file__).resolve().parent.parent
TOPICS = "ferry strike budget storm election museum harvest tram bridge verdict".split()


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, url: str | None = None, *, outlet: str | None = None, title: str | None = None, day: str | None = None) -> Article:
    return Article(text, value(title), value(outlet), value(url), value(day))


def story(number: int) -> Article:
    topic = TOPICS[number % len(TOPICS)]
    text = "\n\n".join(f"The {topic} of {word}, number{number}, took {number + line} turns." for line, word in enumerate(TOPICS))
    return article(text, f"https://post.example/{number}", outlet=f"Post {number % 3}", title=f"A {topic} and its {number} turns")


SECRET = article(
    "The harbourmaster Zyxandra Quillfeather paid 4,711 crowns to the Vrobel brothers.\n\nNobody asked why the ledgers were burned.",
    "https://post.example/secret",
    outlet="Harbour Post",
    title="Quillfeather and the burned ledgers",
    day="2025-03-14",
)


def fill(folder: Path, embedder: Embedder, *articles: Article) -> None:
    with Library.open(folder, write=True, embedder=embedder) as library:
        library.ingest(Read(item, "test.jsonl", line) for line, item in enumerate(articles, 1))


def holding(folder: Path, *words: str) -> list[str]:
    """Files that hold one of the words, whatever the case."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word.lower().encode() in path.read_bytes().lower() for word in words)
    ]


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests in which the index does not matter: it is not built again, which takes another process."""
    monkeypatch.setattr(vectorstore.removal, "rebuild_apart", lambda *_: None)


TELLING = ("Quillfeather", "quillfeath", "Zyxandra", "Vrobel", "4,711", "ledgers were")


def test_no_file_holds_the_words_of_a_removed_article(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, *(story(number) for number in range(40)), SECRET)
    assert holding(tmp_path, *TELLING) == [CATALOG]
    with Library.open(tmp_path, write=True, embedder=words) as library:
        removed = library.remove([SECRET.article_id])
        assert (removed.articles, removed.versions, removed.texts, removed.unfinished) == (1, 1, 1, None)
        assert removed.proof
        assert removed.verified
        assert removed.proof.runs > 10
        assert removed.proof.files >= 4
        assert holding(tmp_path, *TELLING) == []
        assert SECRET.article_id not in {hit.article.article_id for hit in library.search("Quillfeather ledgers")}
        assert library.status()["index"] == "whole"
        assert library._catalog.meta(REMOVING) is None
    assert holding(tmp_path, *TELLING) == []
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.notices == []
        assert len(library.articles()) == 40
        everyone = [item.article_id for item in library.articles()]
        assert library.search("ferry of museum") == library.search("ferry of museum", article_ids=everyone)
        (said,) = library._catalog._db.rows("SELECT detail FROM journal WHERE step = 'removed'")
        assert json.loads(said[0])["article_ids"] == [SECRET.article_id]


def ids_of(library: Library) -> set[str]:
    return {item.article_id for item in library.articles()}


@pytest.mark.usefixtures("no_index")
def test_every_version_goes(tmp_path: Path, words: Embedder) -> None:
    later = article("Zyxandra Quillfeather denies that she paid the Vrobel brothers.", SECRET.url.value, day="2025-03-15")
    fill(tmp_path, words, SECRET, later, story(1))
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.remove([SECRET.article_id]).versions == 2
        assert holding(tmp_path, *TELLING) == []


@pytest.mark.usefixtures("no_index")
def test_a_copy_under_another_key_stays_under_its_own_headline(tmp_path: Path, words: Embedder) -> None:
    copy = article(SECRET.text, "https://courier.example/1", outlet="Courier", title="Money for brothers")
    fill(tmp_path, words, SECRET, copy, story(1))
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert [item.article_id for item in library.printing([SECRET.article_id])] == [copy.article_id]
        removed = library.remove([SECRET.article_id])
        assert (removed.articles, removed.texts, removed.passages, removed.vectors) == (1, 0, 0, 0)
        assert removed.verified
        assert library.search("Zyxandra Quillfeather")[0].article.article_id == copy.article_id
        assert holding(tmp_path, "Quillfeather and the") == []
        assert library._catalog.lexical(["harbour"], 10) == {}


@pytest.mark.usefixtures("no_index")
def test_words_that_other_articles_have_too_are_counted_and_not_looked_for(tmp_path: Path, words: Embedder) -> None:
    shared = "\n\nBackground: the harbour reform was passed in the spring of last year after long debate."
    one, other = article("The ferry burned." + shared, "https://a.example/1"), article("A vote was taken." + shared, "https://b.example/1")
    fill(tmp_path, words, one, other)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        removed = library.remove([one.article_id])
        assert removed.verified
        assert removed.proof
        assert removed.proof.shared > 0
        assert library.articles() == [other]
        assert library.search("harbour reform")[0].article == other


def test_all_of_a_library_can_go_and_come_again(tmp_path: Path, words: Embedder) -> None:
    stories = [story(number) for number in range(5)]
    fill(tmp_path, words, *stories)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        removed = library.remove([item.article_id for item in stories])
        assert removed.verified
        assert {
            name: library._catalog.counts()[name] for name in ("articles", "versions", "texts", "passages", "vectors")
        } == dict.fromkeys(("articles", "versions", "texts", "passages", "vectors"), 0)
        assert library.search("ferry") == []
    assert list((tmp_path / INDEXES).iterdir()) == []
    fill(tmp_path, words, *stories)
    with Library.open(tmp_path, embedder=words) as library:
        assert len(library.articles()) == 5
        assert library.status()["index"] == "whole"
        assert library.search("ferry")


@pytest.mark.usefixtures("no_index")
def test_removing_what_is_not_there_removes_nothing(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, story(1))
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.remove(["nothing of the kind"]).articles == 0
        assert len(library.articles()) == 1


def test_in_memory(words: Embedder) -> None:
    with Library.in_memory([SECRET, story(1)], embedder=words) as library:
        removed = library.remove([SECRET.article_id])
        assert (removed.articles, removed.proof) == (1, None)
        assert library.articles() == [story(1)]


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize("moment", ["before", "after the rows", "before the index", "before the end"])
def test_a_removal_that_is_interrupted_is_not_begun_or_finished_at_the_next_write(
    tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    fill(tmp_path, words, *(story(number) for number in range(12)), SECRET)
    owner, name = {
        "before": (Catalog, "remove_articles"),
        "after the rows": (Catalog, "rewrite"),
        "before the index": (IndexKeeper, "discard_old"),
        "before the end": (removal, "settle"),
    }[moment]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, name, stop)
    with pytest.raises(KeyboardInterrupt), Library.open(tmp_path, write=True, embedder=words) as library:
        library.remove([SECRET.article_id])
    monkeypatch.undo()
    with Library.open(tmp_path, embedder=words) as reader:
        assert (SECRET.article_id in ids_of(reader)) == (moment == "before")
        assert reader.search("ferry")
    with Library.open(tmp_path, write=True, embedder=words) as library:
        finished = [notice for notice in library.notices if "removal is finished" in notice]
        assert len(finished) == (moment != "before")
        assert (SECRET.article_id in ids_of(library)) == (moment == "before")
        if moment != "before":
            assert holding(tmp_path, *TELLING) == []
            assert library.remove([SECRET.article_id]).articles == 0


KILLED = """
    import os, signal, sys, threading
    from pathlib import Path
    sys.path.insert(0, "tests")
    from word_embedder import WordEmbedder
    from vectorstore.database import Database
    from vectorstore.library import Library
    real, calls, wanted = Database.write, 0, int(sys.argv[3])
    def counted(*arguments):
        global calls
        calls += 1
        if calls == wanted:
            threading.Timer(float(sys.argv[4]), os.kill, (os.getpid(), signal.SIGKILL)).start()
        return real(*arguments)
    with Library.open(Path(sys.argv[1]), write=True, embedder=WordEmbedder()) as library:
        Database.write = counted
        library.remove([sys.argv[2]])
"""


@pytest.mark.parametrize(("write", "delay"), [(9, 0), (12, 0), (14, 0), (14, 0.3)])
def test_a_kill_at_any_moment_of_a_removal(tmp_path: Path, words: Embedder, write: int, delay: float) -> None:
    fill(tmp_path, words, *(story(number) for number in range(12)), SECRET)
    arguments = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), SECRET.article_id, str(write), str(delay)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode in (-9, 0), done.stderr
    with Library.open(tmp_path, write=True, embedder=words) as library:
        held = SECRET.article_id in ids_of(library)
        assert bool(library.search("Quillfeather", article_ids=[SECRET.article_id])) == held
        assert {story(number).article_id for number in range(12)} <= {item.article_id for item in library.articles()}
        assert library.status()["index"] == "whole"
    assert bool(holding(tmp_path, *TELLING)) == held


@pytest.mark.usefixtures("no_index")
def test_while_a_reader_looks_at_an_earlier_state_it_is_said_and_the_next_write_finishes(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, *(story(number) for number in range(12)), SECRET)
    program = """
        import sys
        from pathlib import Path
        from vectorstore.catalog import Catalog
        catalog = Catalog(Path(sys.argv[1]), read_only=True)
        with catalog.snapshot():
            print(len(catalog.articles()), flush=True)
            sys.stdin.read()
    """
    reader = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path / CATALOG)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert reader.stdout
    assert reader.stdout.readline() == b"13\n"
    with Library.open(tmp_path, write=True, embedder=words) as library:
        removed = library.remove([SECRET.article_id])
        assert not removed.verified
        assert removed.unfinished
        assert "being read by another program" in removed.unfinished
        assert SECRET.article_id not in ids_of(library)
    reader.communicate(b"")
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.notices == ["the interrupted removal is finished: 1 article is gone from the library"]
    assert holding(tmp_path, *TELLING) == []


@pytest.mark.usefixtures("no_index")
def test_a_copy_that_something_else_left_in_the_folder_is_found(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, story(1), SECRET)
    (tmp_path / "notes.bin").write_bytes(os.urandom(1000) + SECRET.text.encode()[20:60] + os.urandom(1000))
    with Library.open(tmp_path, write=True, embedder=words) as library:
        removed = library.remove([SECRET.article_id])
    assert removed.proof
    assert removed.proof.holding == ("notes.bin",)
    assert not removed.verified


@pytest.mark.usefixtures("no_index")
def test_a_vector_that_stayed_is_found(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, story(1), SECRET)
    (tmp_path / "old.bin").write_bytes(b"x" * 77 + words.embed([SECRET.text]).astype("<f4").tobytes())
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert [row.start for row in library._catalog.passages_of([SECRET.text_id])[0]] == [0]
        removed = library.remove([SECRET.article_id])
    assert removed.proof
    assert removed.proof.holding == ("old.bin",)


# What the proof rests on.


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=RUN + EVERY, max_size=200), st.binary(max_size=100), st.binary(max_size=100), st.data())
def test_a_part_that_is_long_enough_is_found_wherever_it_stands(content: bytes, before: bytes, after: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content) - RUN - EVERY))
    part = content[start : start + RUN + EVERY]
    runs = runs_of([content])
    assert Finder(runs).within(before + part + after)
    assert Finder(runs).within(before) <= {run for run in runs if run in before}


def test_a_folder_named_from_here_is_found_and_an_empty_one_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="no file"):
        search_folder(Path("lib"), runs_of([b"Four people were hurt."]))
    (tmp_path / "lib" / "a").write_bytes(b"Four people were hurt.")
    assert search_folder(Path("lib"), runs_of([b"Four people were hurt."])).holding == ("a",)


def test_short_texts_and_chunks(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (1024 * 1024 - 10) + b"Four people were hurt at sea." + b"y" * 100)
    (tmp_path / "b").write_bytes(b"")
    found = search_folder(tmp_path, runs_of([b"Four people were hurt at sea.", b"abc"]))
    assert (found.files, found.holding) == (2, ("a",))
    assert search_folder(tmp_path, runs_of([b"hurt at sea"])).holding == ("a",)
    assert search_folder(tmp_path, runs_of([b"hurt at home"])).holding == ()
    assert runs_of([b"abc"]) == frozenset()


@pytest.mark.usefixtures("no_index")
def test_the_database_is_sound_afterwards_and_has_no_free_page(tmp_path: Path, words: Embedder) -> None:
    fill(tmp_path, words, *(story(number) for number in range(30)), SECRET)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.remove([SECRET.article_id])
    with sqlite3.connect(tmp_path / CATALOG) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
        db.execute("INSERT INTO lexicon (lexicon) VALUES ('integrity-check')")

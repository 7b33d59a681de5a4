"""A library as one file: whole or not at all, there and back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from vectorstore.article import Article, Field
from vectorstore.backup import restore
from vectorstore.errors import LibraryError, LibraryFailed
from vectorstore.library import Library
from vectorstore.readers import Read, Rejection

STORY = "The ferry between Orsbay and Hald stopped on Tuesday. Una Lark said that it would sail again on Friday, number {}."


def articles(count: int) -> list[Read | Rejection]:
    made = (Article(STORY.format(number), title=Field(f"Ferry {number}", "given", "title")) for number in range(count))
    return [*(Read(article, "a.jsonl", line) for line, article in enumerate(made, 1)), Rejection("b.txt", None, "no text")]


@pytest.fixture
def file(tmp_path: Path, words: Any) -> Path:
    with Library.open(tmp_path / "library", write=True, embedder=words) as library:
        library.ingest(articles(5))
        (tmp_path / "library" / "outlets.toml").write_text('[[outlet]]\nname = "Orsbay Courier"\n')
        library.back_up(tmp_path / "a.backup")
    return tmp_path / "a.backup"


def test_what_comes_back_is_what_was_there(file: Path, tmp_path: Path, words: Any) -> None:
    restore(file, tmp_path / "other")
    assert "Orsbay Courier" in (tmp_path / "other" / "outlets.toml").read_text()
    with Library.open(tmp_path / "other", write=True, embedder=words) as library:
        with Library.open(tmp_path / "library", any_embedder=True, embedder=words) as before:
            assert library.articles() == before.articles()
            assert library.quarantine.rejected() == before.quarantine.rejected() != []
            assert library.search("ferry Friday") == before.search("ferry Friday") != []
        assert library.ingest(articles(6)).added == 1
    assert not list((tmp_path / "other").glob(".*"))


def test_a_backup_beside_a_writer_is_of_one_moment(tmp_path: Path, words: Any) -> None:
    with Library.open(tmp_path / "library", write=True, embedder=words) as writer:
        writer.ingest(articles(3))
        with Library.open(tmp_path / "library", embedder=words) as reader:
            reader.back_up(tmp_path / "a.backup")
        writer.ingest(articles(9))
    restore(tmp_path / "a.backup", tmp_path / "other")
    with Library.open(tmp_path / "other", embedder=words) as library:
        assert len(library.articles()) == 3


def test_nothing_is_written_over(file: Path, tmp_path: Path, words: Any) -> None:
    before = file.read_bytes()
    with Library.open(tmp_path / "library", embedder=words) as library, pytest.raises(LibraryError, match="there already"):
        library.back_up(file)
    assert file.read_bytes() == before
    with pytest.raises(LibraryError, match="there is a library at"):
        restore(file, tmp_path / "library")


def test_what_is_no_whole_backup_leaves_nothing(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("backup.json"))
        catalog = archive.read("catalog.sqlite3")

    def made(name: str, parts: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for part, data in parts.items():
                archive.writestr(part, data)
        return tmp_path / name

    bad = [
        made("swapped", {"catalog.sqlite3": catalog[:-1] + b"x", "backup.json": json.dumps(manifest).encode()}),
        made("newer", {"catalog.sqlite3": catalog, "backup.json": json.dumps({**manifest, "format": 99}).encode()}),
        made("empty", {"backup.json": b'{"format": 1, "sha256": {}}'}),
        made("odd", {"backup.json": b"[]"}),
        made("other", {"a.txt": b"x"}),
    ]
    for name, data in (
        ("cut", whole[:-40]),
        ("text", b"no archive"),
        ("nothing", b""),
        ("flipped", whole[:500] + b"\0" * 50 + whole[550:]),
    ):
        (tmp_path / name).write_bytes(data)
        bad.append(tmp_path / name)
    for one in bad:
        with pytest.raises(LibraryError):
            restore(one, tmp_path / "new")
        assert {path.name for path in (tmp_path / "new").iterdir()} <= {"writer.lock"}, one
    with pytest.raises(LibraryFailed):
        restore(tmp_path / "missing", tmp_path / "new")


def test_a_folder_that_cannot_be_written(tmp_path: Path, words: Any) -> None:
    with Library.open(tmp_path / "library", write=True, embedder=words) as library:
        library.ingest(articles(1))
        with pytest.raises(LibraryFailed, match="cannot be written"):
            library.back_up(tmp_path / "nowhere" / "a.backup")


def test_from_the_command_line(tmp_path: Path, words: Any, monkeypatch: pytest.MonkeyPatch, rashomon: Any) -> None:
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.open", lambda self: words)
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.identity", lambda self: words.identity)
    with Library.open(tmp_path / "library", write=True, embedder=words) as library:
        library.ingest(articles(4))
    assert rashomon("backup", tmp_path / "a.backup").code == 0
    done = rashomon("restore", tmp_path / "a.backup", library=tmp_path / "other")
    assert done.out == f"4 articles restored to {tmp_path / 'other'}\n"

"""A library as one file: whole or not at all, there and back."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from vectorstore.article import Article, Field
from vectorstore.backup import restore
from vectorstore.errors import LibraryError, LibraryFailed
from vectorstore.library import Library
from vectorstore.readers import Read, Rejection
from vectorstore.schema import MIGRATIONS

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


def _encrypted(data: bytes) -> bytes:
    """With the mark of encryption on each part, and nothing else changed."""
    marked = bytearray(data)
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = marked.find(sign)
        while place >= 0:
            marked[place + offset] |= 1
            place = marked.find(sign, place + 4)
    return bytes(marked)


def _changed(catalog: bytes, folder: Path, *statements: str) -> bytes:
    (folder / "changed").write_bytes(catalog)
    with closing(sqlite3.connect(folder / "changed")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return (folder / "changed").read_bytes()


def test_what_was_made_to_break_it_leaves_nothing(file: Path, tmp_path: Path) -> None:
    """Archives that no backup writes, and catalogs with their right digest that are no library, or have something that runs by itself."""
    with zipfile.ZipFile(file) as archive:
        catalog = archive.read("catalog.sqlite3")
    foreign = _changed(b"", tmp_path, "CREATE TABLE a (b)")
    lzma = io.BytesIO()
    with zipfile.ZipFile(lzma, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("backup.json", "{}" * 500)
    catalogs = {
        "empty": b"",
        "foreign": foreign,
        "newer": _changed(catalog, tmp_path, "PRAGMA user_version = 99999"),
        "less": _changed(catalog, tmp_path, "DROP TABLE passages"),
        "trigger": _changed(catalog, tmp_path, "CREATE TRIGGER t AFTER INSERT ON articles BEGIN DELETE FROM articles; END"),
        "view": _changed(catalog, tmp_path, "CREATE VIEW v AS SELECT * FROM articles"),
    }
    made = {"encrypted": _encrypted(file.read_bytes()), "lzma": lzma.getvalue()[:60] + b"\0" * 30 + lzma.getvalue()[90:]}
    for name, manifest, data in (
        ("deep", b"[" * 9_000, b""),
        ("digits", b'{"format": ' + b"9" * 5_000 + b"}", b""),
        *((n, json.dumps({"format": 1, "sha256": {"catalog.sqlite3": sha256(d).hexdigest()}}).encode(), d) for n, d in catalogs.items()),
    ):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr("catalog.sqlite3", data)
            archive.writestr("backup.json", manifest)
        made[name] = written.getvalue()
    for name, content in made.items():
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(LibraryError) as failed:
            restore(tmp_path / "a.zip", tmp_path / "new")
        assert "upgrade rashomon" in str(failed.value) if name == "newer" else "take another backup" in str(failed.value), name
        assert {path.name for path in (tmp_path / "new").iterdir()} <= {"writer.lock"}, name


def test_a_backup_of_an_older_format_is_brought_up_to_date(file: Path, tmp_path: Path, words: Any) -> None:
    """As far as its schema goes: what a library of each older format had is taken for one."""
    for version in range(1, len(MIGRATIONS) + 1):
        with closing(sqlite3.connect(tmp_path / f"{version}")) as connection:
            for statement in (statement for step in MIGRATIONS[:version] for statement in step):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("ANALYZE")
            connection.commit()
        old = (tmp_path / f"{version}").read_bytes()
        with zipfile.ZipFile(tmp_path / f"{version}.zip", "w") as archive:
            archive.writestr("catalog.sqlite3", old)
            archive.writestr("backup.json", json.dumps({"format": 1, "sha256": {"catalog.sqlite3": sha256(old).hexdigest()}}))
        restore(tmp_path / f"{version}.zip", tmp_path / f"new{version}")
        with Library.open(tmp_path / f"new{version}", write=True, embedder=words) as library:
            assert library.status()["articles"] == 0


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

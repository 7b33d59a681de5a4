"""The catalog: SQLite, and the truth. Articles, their versions, passages, vectors and the journal; everything else is rebuilt
from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import Article
from vectorstore.passage import Passage
from vectorstore.readers import Rejection

SCHEMA = 1
MIGRATIONS = {
    1: """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE texts (text_id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (article_id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, text_id TEXT NOT NULL REFERENCES texts) WITHOUT ROWID;
CREATE TABLE versions (article_id TEXT NOT NULL REFERENCES articles, text_id TEXT NOT NULL REFERENCES texts, metadata TEXT NOT NULL,
    published TEXT, ingested_at TEXT NOT NULL, path TEXT NOT NULL, line INTEGER, PRIMARY KEY (article_id, text_id)) WITHOUT ROWID;
CREATE INDEX articles_text ON articles (text_id);
CREATE TABLE vectors (vector_key TEXT PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE passages (number INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, text_id TEXT NOT NULL REFERENCES texts,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, vector_key TEXT NOT NULL REFERENCES vectors);
CREATE INDEX passages_text ON passages (text_id, ordinal);
CREATE VIRTUAL TABLE lexicon USING fts5 (title, body, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE journal (number INTEGER PRIMARY KEY, at TEXT NOT NULL, step TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE rejected (path TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, at TEXT NOT NULL);
CREATE UNIQUE INDEX rejected_place ON rejected (path, ifnull(line, 0));
""",
}
Change = Literal["added", "new version", "updated", "unchanged"]


class LibraryTooNew(RuntimeError):
    """The library was written by a later version of the program."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A stored passage: which text it is of, and where."""

    passage_id: str
    text_id: str
    start: int
    end: int


class Catalog:
    """One SQLite file (or ":memory:"). One connection, one thread. Writers hold the library's lock."""

    def __init__(self, path: Path | str, *, read_only: bool = False):
        address = f"file:{path}?mode=ro" if read_only else str(path)
        self._db = sqlite3.connect(address, uri=read_only, isolation_level=None, timeout=5, check_same_thread=False)
        self._db.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
        version: int = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            self._db.close()
            raise LibraryTooNew(f"{path}: written by a newer rashomon (format {version}, this one reads {SCHEMA}); upgrade rashomon")
        if not read_only:
            for number in range(version + 1, SCHEMA + 1):
                self._db.executescript(f"BEGIN; {MIGRATIONS[number]} PRAGMA user_version = {number}; COMMIT;")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; on return it is on disk."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # What is remembered about the library as a whole.

    def meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        self._db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    def note(self, step: str, detail: str) -> None:
        self._db.execute("INSERT INTO journal (at, step, detail) VALUES (?, ?, ?)", (_now(), step, detail))

    # Articles.

    def change_of(self, article: Article) -> Change:
        """What storing this article would do."""
        row = self._db.execute("SELECT text_id FROM articles WHERE article_id = ?", (article.article_id,)).fetchone()
        if row is None:
            return "added"
        stored = self._version(article.article_id, article.text_id)
        if stored is None:
            return "new version"
        return "unchanged" if stored.merged(article) == stored else "updated"

    def has_text(self, text_id: str) -> bool:
        return self._db.execute("SELECT 1 FROM texts WHERE text_id = ?", (text_id,)).fetchone() is not None

    def put(self, article: Article, path: str, line: int | None) -> Change:
        """Stores the article; its text's passages must be stored in the same transaction (put_passages) if the text is new."""
        change = self.change_of(article)
        if change == "unchanged":
            return change
        if change == "updated":
            stored = self._version(article.article_id, article.text_id)
            assert stored is not None
            article = stored.merged(article)
        metadata = json.dumps(article.metadata(), ensure_ascii=False, sort_keys=True)
        ids = (article.article_id, article.text_id)
        if change == "updated":
            self._db.execute(
                "UPDATE versions SET metadata = ?, published = ? WHERE article_id = ? AND text_id = ?",
                (metadata, article.published.value, *ids),
            )
        else:
            self._db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (article.text_id, article.text))
            self._db.execute(
                "INSERT INTO articles VALUES (?, ?, ?) ON CONFLICT (article_id) DO NOTHING",
                (article.article_id, article.key, article.text_id),
            )
            self._db.execute(
                "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", (*ids, metadata, article.published.value, _now(), path, line)
            )
            self._choose_current(article.article_id)
        return change

    def _choose_current(self, article_id: str) -> None:
        """The version with the latest time of publication is the current one; among versions without a time, the last that came."""
        rows = self._db.execute("SELECT text_id, published, ingested_at FROM versions WHERE article_id = ?", (article_id,)).fetchall()
        current = max(rows, key=lambda row: (_sortable(row[1]), row[2]))
        self._db.execute("UPDATE articles SET text_id = ? WHERE article_id = ?", (current[0], article_id))

    def _version(self, article_id: str, text_id: str) -> Article | None:
        row = self._db.execute(
            "SELECT text, metadata FROM versions JOIN texts USING (text_id) WHERE article_id = ? AND text_id = ?", (article_id, text_id)
        ).fetchone()
        return None if row is None else Article.from_metadata(row[0], json.loads(row[1]))

    def articles(self, article_ids: Collection[str] | None = None) -> list[Article]:
        """Current versions in the order of publication; those without a date last."""
        rows = self._db.execute(
            "SELECT article_id, text, metadata FROM articles JOIN versions USING (article_id, text_id) JOIN texts USING (text_id)"
        )
        wanted = (row for row in rows if article_ids is None or row[0] in article_ids)
        found = [Article.from_metadata(row[1], json.loads(row[2])) for row in wanted]
        return sorted(found, key=order_of_publication)

    def versions(self, article_id: str) -> list[Article]:
        """Every version of one article, the current one last."""
        rows = self._db.execute(
            "SELECT v.text_id, v.text_id = a.text_id FROM versions v JOIN articles a USING (article_id) "
            "WHERE article_id = ? ORDER BY 2, v.ingested_at",
            (article_id,),
        ).fetchall()
        return [version for text_id, _ in rows if (version := self._version(article_id, text_id))]

    def places(self, article_id: str) -> list[tuple[str, int | None]]:
        rows = self._db.execute("SELECT path, line FROM versions WHERE article_id = ? ORDER BY ingested_at", (article_id,))
        return [(str(path), line) for path, line in rows]

    def counts(self) -> dict[str, int]:
        tables = ("articles", "versions", "texts", "passages", "vectors", "rejected")
        return {table: int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables}

    # Passages and their vectors.

    def texts(self) -> list[tuple[str, str]]:
        """(text id, text) of every version held."""
        return [(str(text_id), str(text)) for text_id, text in self._db.execute("SELECT text_id, text FROM texts ORDER BY text_id")]

    def mentions(self, words: str) -> int:
        """Number of articles whose current text has these very words."""
        query = "SELECT count(*) FROM articles JOIN versions USING (article_id, text_id) JOIN texts USING (text_id) WHERE instr(text, ?)"
        return int(self._db.execute(query, (words,)).fetchone()[0])

    def clear_passages(self) -> None:
        """Forgets passages and vectors, not articles: before all of them are made anew."""
        for table in ("lexicon", "passages", "vectors"):
            self._db.execute(f"DELETE FROM {table}")

    def missing_vectors(self, passages: Iterable[Passage]) -> dict[str, str]:
        """Text by vector key, for the passages whose words have no vector yet."""
        wanted = {passage.vector_key: passage.text for passage in passages}
        known = {key for key in wanted if self._db.execute("SELECT 1 FROM vectors WHERE vector_key = ?", (key,)).fetchone()}
        return {key: text for key, text in wanted.items() if key not in known}

    def put_vectors(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        rows = ((key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True))
        self._db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def put_passages(self, passages: Sequence[Passage]) -> None:
        for passage in passages:
            cursor = self._db.execute(
                "INSERT OR IGNORE INTO passages (passage_id, text_id, ordinal, start, end, vector_key) VALUES (?, ?, ?, ?, ?, ?)",
                (passage.passage_id, passage.text_id, passage.ordinal, passage.start, passage.end, passage.vector_key),
            )
            if cursor.rowcount:
                self._db.execute("INSERT INTO lexicon (rowid, title, body) VALUES (?, '', ?)", (cursor.lastrowid, passage.text))

    def retitle(self, text_id: str) -> None:
        """The headlines under which a text was printed help to find its passages."""
        rows = self._db.execute("SELECT metadata FROM versions WHERE text_id = ? ORDER BY article_id", (text_id,)).fetchall()
        titles = dict.fromkeys(json.loads(row[0]).get("title", {}).get("value", "") for row in rows)
        self._db.execute(
            "UPDATE lexicon SET title = ? WHERE rowid IN (SELECT number FROM passages WHERE text_id = ?)",
            (" / ".join(filter(None, titles)), text_id),
        )

    def last_passage(self) -> int:
        """The number of the newest passage; numbers only grow."""
        return int(self._db.execute("SELECT ifnull(max(number), 0) FROM passages").fetchone()[0])

    def passages_after(self, number: int) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """The passages newer than that one and their vectors, row by row, in the order they were stored."""
        return self._with_vectors("number > ? ORDER BY number", (number,))

    def passages_of(self, text_ids: Collection[str] | None = None) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """The passages of these texts (of all current versions if None) and their vectors, in the order of their ids."""
        if text_ids is None:
            return self._with_vectors("text_id IN (SELECT text_id FROM articles) ORDER BY passage_id", ())
        return self._with_vectors("text_id IN (SELECT value FROM json_each(?)) ORDER BY passage_id", (json.dumps(sorted(text_ids)),))

    def passages_named(self, passage_ids: Collection[str]) -> tuple[list[PassageRow], NDArray[np.float32]]:
        return self._with_vectors("passage_id IN (SELECT value FROM json_each(?)) ORDER BY passage_id", (json.dumps(sorted(passage_ids)),))

    def _with_vectors(self, condition: str, values: tuple[str | int, ...]) -> tuple[list[PassageRow], NDArray[np.float32]]:
        query = f"SELECT passage_id, text_id, start, end, vector FROM passages JOIN vectors USING (vector_key) WHERE {condition}"
        rows = self._db.execute(query, values).fetchall()
        vectors = np.frombuffer(b"".join(row[4] for row in rows), dtype="<f4").astype(np.float32)
        return [PassageRow(*row[:4]) for row in rows], vectors.reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32)

    def lexical(self, terms: Sequence[str], limit: int, text_ids: Collection[str] | None = None) -> dict[str, float]:
        """BM25 score by passage id, of at most `limit` passages that hold any of the terms. Higher is better."""
        if not terms:
            return {}
        scope = "SELECT text_id FROM articles" if text_ids is None else "SELECT value FROM json_each(?)"
        rows = self._db.execute(
            "SELECT p.passage_id, -bm25(lexicon, 0.6, 1.0) AS score FROM lexicon JOIN passages p ON p.number = lexicon.rowid "
            f"WHERE lexicon MATCH ? AND p.text_id IN ({scope}) ORDER BY score DESC, p.passage_id LIMIT ?",
            (" OR ".join(f'"{term}"' for term in terms), *([] if text_ids is None else [json.dumps(sorted(text_ids))]), limit),
        )
        return {str(passage_id): float(score) for passage_id, score in rows}

    # What was refused.

    def put_rejected(self, rejections: Iterable[Rejection]) -> None:
        rows = ((rejection.path, rejection.line, rejection.reason, _now()) for rejection in rejections)
        self._db.executemany("INSERT OR REPLACE INTO rejected VALUES (?, ?, ?, ?)", rows)

    def known_rejections(self) -> set[tuple[str, int | None, str]]:
        return {(path, line, reason) for path, line, reason in self._db.execute("SELECT path, line, reason FROM rejected")}

    def rejected(self) -> list[Rejection]:
        return [Rejection(*row) for row in self._db.execute("SELECT path, line, reason FROM rejected ORDER BY path, line")]


def order_of_publication(article: Article) -> tuple[bool, str, str]:
    published = article.published.value
    return published is None, _sortable(published), article.article_id


def _sortable(published: str | None) -> str:
    """Times of publication in UTC sort as text; a day without a time comes before the times of that day."""
    if not published:
        return ""
    if "T" not in published:
        return published
    when = datetime.fromisoformat(published)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _now() -> str:
    return datetime.now(UTC).isoformat()

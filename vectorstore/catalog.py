"""The catalog: SQLite, and the truth. Articles, their versions, passages, vectors and the journal; everything else is rebuilt
from it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vectorstore.article import REGISTRY, Article
from vectorstore.database import Database, Row, Value
from vectorstore.passage import Passage
from vectorstore.readers import Rejection
from vectorstore.scope import Scope

# MIGRATIONS[n] leads from format n to n + 1; a library that was written once is never asked to start again.
MIGRATIONS = (
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE texts (text_id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE articles (article_id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, text_id TEXT NOT NULL REFERENCES texts)
           WITHOUT ROWID""",
        "CREATE INDEX articles_text ON articles (text_id)",
        """CREATE TABLE versions (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles,
           text_id TEXT NOT NULL REFERENCES texts, metadata TEXT NOT NULL, outlet TEXT, published TEXT, ingested_at TEXT NOT NULL,
           path TEXT NOT NULL, line INTEGER, UNIQUE (article_id, text_id))""",
        "CREATE INDEX versions_text ON versions (text_id)",
        "CREATE TABLE vectors (vector_key TEXT PRIMARY KEY, vector BLOB NOT NULL)",
        # No foreign key to vectors: while a library is re-indexed both the old and the new ones are held.
        """CREATE TABLE passages (number INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, text_id TEXT NOT NULL REFERENCES texts,
           ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, vector_key TEXT NOT NULL)""",
        "CREATE INDEX passages_text ON passages (text_id, ordinal)",
        "CREATE VIRTUAL TABLE lexicon USING fts5 (title, outlet_and_day, body, tokenize = 'porter unicode61 remove_diacritics 2')",
        "CREATE TABLE journal (number INTEGER PRIMARY KEY, at TEXT NOT NULL, step TEXT NOT NULL, detail TEXT NOT NULL)",
        "CREATE TABLE rejected (path TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL, at TEXT NOT NULL)",
        "CREATE UNIQUE INDEX rejected_place ON rejected (path, ifnull(line, 0))",
    ),
)
Change = Literal["added", "new version", "updated", "unchanged"]
MONTHS = "January February March April May June July August September October November December".split()
CURRENT = "articles JOIN versions USING (article_id, text_id)"
# From a version's metadata: the outlet's name as the source wrote it, and the language.
WRITTEN, LANGUAGE = "ifnull(json_extract(metadata, '$.outlet_written'), outlet)", "json_extract(metadata, '$.language.value')"


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A stored passage: which text it is of, and where."""

    passage_id: str
    text_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Printed:
    """An article without its text: enough to choose among articles."""

    article_id: str
    text_id: str
    outlet: str | None


class Catalog:
    """One SQLite file, or memory for None. One connection, one thread at a time. Writers hold the library's lock."""

    def __init__(self, path: Path | None, *, read_only: bool = False):
        self._db = Database(path, MIGRATIONS, read_only=read_only)
        self.transaction, self.snapshot, self.close = self._db.transaction, self._db.snapshot, self._db.close

    @property
    def changes(self) -> int:
        """Rows written since it was opened."""
        return self._db.changes

    # What is remembered about the library as a whole.

    def meta(self, name: str) -> str | None:
        rows = self._db.rows("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, name: str, value: str) -> None:
        self._db.write("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    def drop_meta(self, name: str) -> None:
        self._db.write("DELETE FROM meta WHERE name = ?", (name,))

    def note(self, step: str, detail: str) -> None:
        self._db.write("INSERT INTO journal (at, step, detail) VALUES (?, ?, ?)", (_now(), step, detail))

    def counts(self) -> dict[str, int]:
        tables = ("articles", "versions", "texts", "passages", "vectors", "rejected")
        return {table: int(self._db.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}

    # Articles.

    def change_of(self, article: Article) -> Change:
        """What storing this article would do."""
        if not self._db.rows("SELECT 1 FROM articles WHERE article_id = ?", (article.article_id,)):
            return "added"
        stored = self._same_version(article)
        if stored is None:
            return "new version"
        return "unchanged" if stored.merged(article) == stored else "updated"

    def has_text(self, text_id: str) -> bool:
        return bool(self._db.rows("SELECT 1 FROM texts WHERE text_id = ?", (text_id,)))

    def put(self, article: Article, path: str, line: int | None) -> Change:
        """Stores the article; if its text is new, its passages must be stored in the same transaction (put_passages)."""
        change = self.change_of(article)
        if change == "unchanged":
            return change
        stored = self._same_version(article)
        article = stored.merged(article) if stored else article
        metadata = json.dumps(article.metadata(), ensure_ascii=False, sort_keys=True)
        known = (metadata, article.outlet.value, article.published.value)
        ids = (article.article_id, article.text_id)
        if stored:
            self._db.write(
                "UPDATE versions SET metadata = ?, outlet = ?, published = ? WHERE article_id = ? AND text_id = ?", (*known, *ids)
            )
        else:
            self._db.write("INSERT OR IGNORE INTO texts VALUES (?, ?)", (article.text_id, article.text))
            self._db.write(
                "INSERT INTO articles VALUES (?, ?, ?) ON CONFLICT (article_id) DO NOTHING", (ids[0], article.key, article.text_id)
            )
            self._db.write(
                "INSERT INTO versions (article_id, text_id, metadata, outlet, published, ingested_at, path, line) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*ids, *known, _now(), path, line),
            )
        self._choose_current(article.article_id)
        return change

    def _choose_current(self, article_id: str) -> None:
        """The version with the latest time of publication is the current one; among versions without a time, the last that came."""
        rows = self._db.rows("SELECT text_id, published, number FROM versions WHERE article_id = ?", (article_id,))
        current = max(rows, key=lambda row: (_sortable(row[1]), row[2]))
        self._db.write("UPDATE articles SET text_id = ? WHERE article_id = ? AND text_id != ?", (current[0], article_id, current[0]))

    def _same_version(self, article: Article) -> Article | None:
        ids = (article.article_id, article.text_id)
        rows = self._db.rows("SELECT metadata FROM versions WHERE article_id = ? AND text_id = ?", ids)
        return Article.from_metadata(article.text, json.loads(rows[0][0])) if rows else None

    def articles(self, scope: Scope | None = None) -> list[Article]:
        """Current versions in the order of publication; those without a date last."""
        condition, values = (scope or Scope()).condition()
        rows = self._db.rows(f"SELECT text, metadata FROM {CURRENT} JOIN texts USING (text_id) WHERE {condition}", values)
        return sorted((_article(row) for row in rows), key=order_of_publication)

    def printed(self, scope: Scope) -> dict[str, list[Printed]]:
        """By text id, the articles in scope whose current text it is, the earliest first."""
        condition, values = scope.condition()
        rows = self._db.rows(f"SELECT article_id, text_id, outlet, published FROM {CURRENT} WHERE {condition}", values)
        found: dict[str, list[Printed]] = {}
        for row in sorted(rows, key=lambda row: _order(row[3], row[0])):
            found.setdefault(row[1], []).append(Printed(*row[:3]))
        return found

    def articles_starting(self, prefix: str) -> list[Article]:
        """Those whose id starts so; at most two."""
        query = f"SELECT text, metadata FROM {CURRENT} JOIN texts USING (text_id) WHERE substr(article_id, 1, ?) = ? LIMIT 2"
        return [_article(row) for row in self._db.rows(query, (len(prefix), prefix))]

    def versions(self, article_id: str) -> list[Article]:
        """Every version of one article, the current one last."""
        rows = self._db.rows(
            "SELECT text, metadata FROM versions JOIN texts USING (text_id) JOIN articles USING (article_id) WHERE article_id = ? "
            "ORDER BY versions.text_id = articles.text_id, number",
            (article_id,),
        )
        return [_article(row) for row in rows]

    def outlets(self) -> list[tuple[str | None, str | None, str | None, int, str | None, str | None]]:
        """Outlet, its name as written, language, number of articles, first and last day."""
        day = "substr(published, 1, 10)"
        query = f"SELECT outlet, {WRITTEN}, {LANGUAGE}, count(*), min({day}), max({day}) FROM {CURRENT} GROUP BY 1, 2, 3"
        return [(row[0], row[1], row[2], int(row[3]), row[4], row[5]) for row in self._db.rows(query)]

    def outlets_written(self) -> list[str]:
        """Every name under which an article of any version came."""
        found = "ifnull(json_extract(metadata, '$.outlet.source'), '') GLOB ?"
        query = f"SELECT DISTINCT {WRITTEN} FROM versions WHERE outlet IS NOT NULL AND NOT {found}"
        return [str(row[0]) for row in self._db.rows(query, (f"{REGISTRY}*",))]

    def languages(self) -> dict[str | None, int]:
        """How many articles are in which language; None: unknown. The commonest first."""
        rows = self._db.rows(f"SELECT {LANGUAGE}, count(*) FROM {CURRENT} GROUP BY 1 ORDER BY 2 DESC, 1")
        return {row[0]: int(row[1]) for row in rows}

    def versions_without_text(self) -> list[tuple[int, str, Article]]:
        """Number, text id and metadata of every version, in the order in which they were stored."""
        rows = self._db.rows("SELECT number, text_id, metadata FROM versions ORDER BY number")
        return [(int(row[0]), str(row[1]), Article.from_metadata("", json.loads(row[2]))) for row in rows]

    def rename(self, version: int, article: Article) -> None:
        """Stores under which name an article's outlet is shown. Its identity must be the same as before."""
        metadata = json.dumps(article.metadata(), ensure_ascii=False, sort_keys=True)
        self._db.write("UPDATE versions SET metadata = ?, outlet = ? WHERE number = ?", (metadata, article.outlet.value, version))

    def places(self, article_id: str) -> list[tuple[str, int | None]]:
        """Where the versions of an article were read."""
        rows = self._db.rows("SELECT path, line FROM versions WHERE article_id = ? ORDER BY number", (article_id,))
        return [(str(path), line) for path, line in rows]

    def last_version(self) -> int:
        return int(self._db.rows("SELECT ifnull(max(number), 0) FROM versions")[0][0])

    def articles_stored_after(self, version: int) -> int:
        return int(self._db.rows("SELECT count(DISTINCT article_id) FROM versions WHERE number > ?", (version,))[0][0])

    def texts_with(self, words: str) -> list[str]:
        """The current texts, once an article, that hold these characters."""
        query = f"SELECT text FROM {CURRENT} JOIN texts USING (text_id) WHERE instr(text, ?)"
        return [str(row[0]) for row in self._db.rows(query, (words,))]

    def text_ids(self) -> list[str]:
        """Of every version held."""
        return [str(row[0]) for row in self._db.rows("SELECT text_id FROM texts ORDER BY text_id")]

    def text(self, text_id: str) -> str:
        return str(self._db.rows("SELECT text FROM texts WHERE text_id = ?", (text_id,))[0][0])

    # Passages and their vectors.

    def clear_passages(self) -> None:
        """Forgets the passages, not their vectors: before all of them are made anew."""
        self._db.write("DELETE FROM lexicon")
        self._db.write("DELETE FROM passages")

    def drop_unused_vectors(self) -> None:
        self._db.write("DELETE FROM vectors WHERE vector_key NOT IN (SELECT vector_key FROM passages)")

    def missing_vectors(self, wanted: dict[str, str]) -> dict[str, str]:
        """Those of the texts by vector key that have no vector yet."""
        query = "SELECT vector_key FROM vectors WHERE vector_key IN (SELECT value FROM json_each(?))"
        known = {row[0] for row in self._db.rows(query, (json.dumps(list(wanted)),))}
        return {key: text for key, text in wanted.items() if key not in known}

    def put_vectors(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        rows = ((key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True))
        self._db.write_all("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def put_passages(self, passages: Sequence[Passage], vector_keys: Sequence[str]) -> None:
        """The passages of one text, after the articles that print it were stored."""
        if not passages:
            return
        heading = self._heading(passages[0].text_id)
        for passage, key in zip(passages, vector_keys, strict=True):
            changed, number = self._db.write(
                "INSERT OR IGNORE INTO passages (passage_id, text_id, ordinal, start, end, vector_key) VALUES (?, ?, ?, ?, ?, ?)",
                (passage.passage_id, passage.text_id, passage.ordinal, passage.start, passage.end, key),
            )
            if changed:
                self._db.write(
                    "INSERT INTO lexicon (rowid, title, outlet_and_day, body) VALUES (?, ?, ?, ?)", (number, *heading, passage.text)
                )

    def retitle(self, text_id: str) -> None:
        """Brings what helps to find a text's passages up to date: the headlines, outlets and days under which it was printed."""
        heading = self._heading(text_id)
        passages = "SELECT number FROM passages WHERE text_id = ?"
        stored = self._db.rows(f"SELECT title, outlet_and_day FROM lexicon WHERE rowid IN ({passages}) LIMIT 1", (text_id,))
        if stored and stored[0] != heading:
            self._db.write(f"UPDATE lexicon SET title = ?, outlet_and_day = ? WHERE rowid IN ({passages})", (*heading, text_id))

    def _heading(self, text_id: str) -> tuple[str, str]:
        rows = self._db.rows("SELECT metadata, outlet, published FROM versions WHERE text_id = ? ORDER BY article_id", (text_id,))
        titles = dict.fromkeys(json.loads(row[0]).get("title", {}).get("value", "") for row in rows)
        places = dict.fromkeys(" ".join(filter(None, (row[1], _day_in_words(row[2])))) for row in rows)
        return " / ".join(filter(None, titles)), " / ".join(filter(None, places))

    def last_passage(self) -> int:
        """The number of the newest passage. Numbers grow; they start again when all passages are made anew."""
        return int(self._db.rows("SELECT ifnull(max(number), 0) FROM passages")[0][0])

    def passages_between(self, after: int, until: int) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """The passages with numbers in (after, until] and their vectors, row by row."""
        return self._with_vectors("number > ? AND number <= ? ORDER BY number", (after, until))

    def passages_of(
        self, text_ids: Collection[str] | None = None, *, start_below: int | None = None
    ) -> tuple[list[PassageRow], NDArray[np.float32]]:
        """The passages of these texts (of all current versions if None) and their vectors, in the order of their ids."""
        below = "" if start_below is None else f"AND start < {int(start_below)} "
        if text_ids is None:
            return self._with_vectors(f"text_id IN (SELECT text_id FROM articles) {below}ORDER BY passage_id", ())
        return self._with_vectors(
            f"text_id IN (SELECT value FROM json_each(?)) {below}ORDER BY passage_id", (json.dumps(sorted(text_ids)),)
        )

    def passages_named(self, passage_ids: Collection[str]) -> tuple[list[PassageRow], NDArray[np.float32]]:
        return self._with_vectors("passage_id IN (SELECT value FROM json_each(?)) ORDER BY passage_id", (json.dumps(sorted(passage_ids)),))

    def _with_vectors(self, condition: str, values: Sequence[Value]) -> tuple[list[PassageRow], NDArray[np.float32]]:
        query = f"SELECT passage_id, text_id, start, end, vector FROM passages JOIN vectors USING (vector_key) WHERE {condition}"
        rows = self._db.rows(query, values)
        vectors = np.frombuffer(b"".join(row[4] for row in rows), dtype="<f4").astype(np.float32, copy=False)
        return [PassageRow(*row[:4]) for row in rows], vectors.reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32)

    def lexical(self, terms: Sequence[str], limit: int, text_ids: Collection[str] | None = None) -> dict[str, float]:
        """BM25 score by passage id, of at most `limit` passages that hold any of the terms. Higher is better."""
        if not terms:
            return {}
        scope = "SELECT text_id FROM articles" if text_ids is None else "SELECT value FROM json_each(?)"
        rows = self._db.rows(
            "SELECT p.passage_id, -bm25(lexicon) AS score FROM lexicon JOIN passages p ON p.number = lexicon.rowid "
            f"WHERE lexicon MATCH ? AND p.text_id IN ({scope}) ORDER BY score DESC, p.passage_id LIMIT ?",
            (" OR ".join(f'"{term}"' for term in terms), *([] if text_ids is None else [json.dumps(sorted(text_ids))]), limit),
        )
        return {str(passage_id): float(score) for passage_id, score in rows}

    # What was refused.

    def put_rejected(self, rejections: Iterable[Rejection]) -> None:
        rows = ((rejection.path, rejection.line, rejection.reason, _now()) for rejection in rejections)
        self._db.write_all("INSERT OR REPLACE INTO rejected VALUES (?, ?, ?, ?)", rows)

    def drop_rejected(self, places: Iterable[tuple[str, int | None]]) -> None:
        self._db.write_all("DELETE FROM rejected WHERE path = ? AND line IS ?", places)

    def rejected(self) -> list[Rejection]:
        return [Rejection(*row) for row in self._db.rows("SELECT path, line, reason FROM rejected ORDER BY path, line")]


def _article(row: Row) -> Article:
    metadata: dict[str, Any] = json.loads(row[1])
    return Article.from_metadata(row[0], metadata)


def order_of_publication(article: Article) -> tuple[bool, str, str]:
    return _order(article.published.value, article.article_id)


def _order(published: str | None, article_id: str) -> tuple[bool, str, str]:
    return published is None, _sortable(published), article_id


def _sortable(published: str | None) -> str:
    """Times of publication in UTC sort as text; a day without a time comes before the times of that day."""
    if not published:
        return ""
    if "T" not in published:
        return published
    when = datetime.fromisoformat(published)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _day_in_words(published: str | None) -> str:
    """As a question names it: 14 March 2025."""
    if not published:
        return ""
    year, month, day = published[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def _now() -> str:
    return datetime.now(UTC).isoformat()


__all__ = ["MIGRATIONS", "Catalog", "Change", "PassageRow", "Printed", "order_of_publication"]

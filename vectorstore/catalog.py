"""The catalog: SQLite, and the truth. Articles, their versions, passages, vectors and the journal; everything else is rebuilt
from it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from vectorstore.article import REGISTRY, Article, canonical_url
from vectorstore.chronology import order
from vectorstore.database import Database, Row
from vectorstore.passage_store import PassageRow, PassageStore
from vectorstore.quarantine import Quarantine
from vectorstore.schema import MIGRATIONS
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.version import Dated, Version, current_of, in_order, rows_on

Change = Literal["added", "new version", "updated", "unchanged"]
CURRENT = "articles JOIN versions USING (article_id, text_id)"
# When the publisher last changed it, else when it was published.
STATED = "ifnull(json_extract(metadata, '$.modified.value'), published)"
# From a version's metadata: the outlet's name as the source wrote it, and the language.
WRITTEN, LANGUAGE = "ifnull(json_extract(metadata, '$.outlet_written'), outlet)", "json_extract(metadata, '$.language.value')"


@dataclass(frozen=True, slots=True)
class Printed:
    """An article without its text: enough to choose among articles."""

    article_id: str
    text_id: str
    outlet: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class RemovedRows:
    """What a removal took out of the catalog. `contents` are the words and vectors that are held by nothing any more."""

    articles: int
    versions: int
    texts: int
    passages: int
    vectors: int
    contents: tuple[bytes, ...]


class Catalog(PassageStore):
    """One SQLite file, or memory for None. One connection, one thread at a time. Writers hold the library's lock."""

    def __init__(self, path: Path | None, *, read_only: bool = False):
        self._db = Database(path, MIGRATIONS, read_only=read_only)
        # For what is stored beside the articles, in the same transactions: the events.
        self.database = self._db
        self.quarantine = Quarantine(self._db)
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
        """The version with the latest stated time is the current one; among versions without a time, the last that came."""
        row = current_of(self._dated("article_id = ?", article_id)).row
        self._db.write(
            "UPDATE articles SET text_id = (SELECT text_id FROM versions WHERE number = ?1) "
            "WHERE article_id = ?2 AND text_id != (SELECT text_id FROM versions WHERE number = ?1)",
            (row, article_id),
        )

    def _dated(self, condition: str = "TRUE", *values: str) -> list[Dated]:
        return [
            Dated(*row)
            for row in self._db.rows(f"SELECT number, article_id, {STATED}, ingested_at FROM versions WHERE {condition}", values)
        ]

    def _within(self, scope: Scope) -> tuple[str, str, tuple[str, ...]]:
        """The tables to read, the condition and its values: current versions, or those of the day that the scope names."""
        condition, values = scope.condition()
        if scope.as_of is None:
            return CURRENT, condition, values
        rows = json.dumps(rows_on(scope.as_of, self._dated()))
        return "versions", f"{condition} AND versions.number IN (SELECT value FROM json_each(?))", (*values, rows)

    def undated(self) -> int:
        """Articles no version of which has a stated time."""
        query = f"SELECT count(*) FROM (SELECT 1 FROM versions GROUP BY article_id HAVING count({STATED}) = 0)"
        return int(self._db.rows(query)[0][0])

    def _same_version(self, article: Article) -> Article | None:
        ids = (article.article_id, article.text_id)
        rows = self._db.rows("SELECT metadata FROM versions WHERE article_id = ? AND text_id = ?", ids)
        return Article.from_metadata(article.text, json.loads(rows[0][0])) if rows else None

    def articles(self, scope: Scope = EVERYTHING) -> list[Article]:
        """One version of each article in the order of publication; those without a date last."""
        tables, condition, values = self._within(scope)
        rows = self._db.rows(f"SELECT text, metadata FROM {tables} JOIN texts USING (text_id) WHERE {condition}", values)
        return sorted((_article(row) for row in rows), key=order_of_publication)

    def article_ids(self, scope: Scope) -> frozenset[str]:
        tables, condition, values = self._within(scope)
        return frozenset(str(row[0]) for row in self._db.rows(f"SELECT article_id FROM {tables} WHERE {condition}", values))

    def printed(self, scope: Scope) -> dict[str, list[Printed]]:
        """By text id, the articles in scope that print it, the earliest first."""
        found: dict[str, list[Printed]] = {}
        for one in self.printed_in_order(scope):
            found.setdefault(one.text_id, []).append(one)
        return found

    def printed_in_order(self, scope: Scope) -> list[Printed]:
        """The articles in scope in the order of publication; those without a date last."""
        tables, condition, values = self._within(scope)
        rows = self._db.rows(f"SELECT article_id, text_id, outlet, published FROM {tables} WHERE {condition}", values)
        return [Printed(*row) for row in sorted(rows, key=lambda row: order(row[3], row[0]))]

    def articles_starting(self, prefix: str, scope: Scope = EVERYTHING) -> list[Article]:
        """Those whose id starts so; at most two."""
        tables, condition, values = self._within(scope)
        query = f"SELECT text, metadata FROM {tables} JOIN texts USING (text_id) WHERE {condition} AND substr(article_id, 1, ?) = ? LIMIT 2"
        return [_article(row) for row in self._db.rows(query, (*values, len(prefix), prefix))]

    def named(self, name: str) -> list[str]:
        """Ids of the articles that a user means by a URL or a given id; else of those whose id starts so."""
        exact = self._db.rows("SELECT article_id FROM articles WHERE key = ?", (_key_named(name),))
        given = "SELECT DISTINCT article_id FROM versions WHERE json_extract(metadata, '$.given_id.value') = ? ORDER BY article_id"
        starting = "SELECT article_id FROM articles WHERE substr(article_id, 1, ?) = ? ORDER BY article_id"
        rows = exact or self._db.rows(given, (name,)) or (self._db.rows(starting, (len(name), name.lower())) if name else [])
        return [str(row[0]) for row in rows]

    def history(self, article_id: str) -> list[Version]:
        """Every version of one article, where and when it was first read, the current one last."""
        rows = self._db.rows(
            f"SELECT number, article_id, {STATED}, ingested_at, path, line, text, metadata, articles.text_id "
            "FROM versions JOIN texts USING (text_id) JOIN articles USING (article_id) WHERE article_id = ?",
            (article_id,),
        )
        return in_order(((Dated(*row[:4]), _article(row[6:8]), row[4], row[5]) for row in rows), rows[0][8] if rows else "")

    def changed_articles(self) -> list[str]:
        """Ids of the articles with more than one version."""
        rows = self._db.rows("SELECT article_id FROM versions GROUP BY article_id HAVING count(*) > 1 ORDER BY article_id")
        return [str(row[0]) for row in rows]

    def versions(self, article_id: str) -> list[Article]:
        """Every version of one article, the current one last."""
        rows = self._db.rows(
            "SELECT text, metadata FROM versions JOIN texts USING (text_id) JOIN articles USING (article_id) WHERE article_id = ? "
            "ORDER BY versions.text_id = articles.text_id, number",
            (article_id,),
        )
        return [_article(row) for row in rows]

    def outlets(self, scope: Scope = EVERYTHING) -> list[tuple[str | None, str | None, str | None, int, str | None, str | None]]:
        """Outlet, its name as written, language, number of articles, first and last day."""
        tables, condition, values = self._within(scope)
        day = "substr(published, 1, 10)"
        query = f"SELECT outlet, {WRITTEN}, {LANGUAGE}, count(*), min({day}), max({day}) FROM {tables} WHERE {condition} GROUP BY 1, 2, 3"
        return [(row[0], row[1], row[2], int(row[3]), row[4], row[5]) for row in self._db.rows(query, values)]

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

    def texts_with(self, words: str, scope: Scope = EVERYTHING) -> list[str]:
        """The texts in scope, once an article, that hold these characters."""
        tables, condition, values = self._within(scope)
        query = f"SELECT text FROM {tables} JOIN texts USING (text_id) WHERE {condition} AND instr(text, ?)"
        return [str(row[0]) for row in self._db.rows(query, (*values, words))]

    def text_ids(self) -> list[str]:
        """Of every version held."""
        return [str(row[0]) for row in self._db.rows("SELECT text_id FROM texts ORDER BY text_id")]

    def text(self, text_id: str) -> str:
        return str(self._db.rows("SELECT text FROM texts WHERE text_id = ?", (text_id,))[0][0])

    def texts_of(self, text_ids: Collection[str]) -> dict[str, str]:
        query = "SELECT text_id, text FROM texts WHERE text_id IN (SELECT value FROM json_each(?))"
        return {str(row[0]): str(row[1]) for row in self._db.rows(query, (json.dumps(sorted(text_ids)),))}

    # Taking articles out again.

    def remove_articles(self, article_ids: Collection[str]) -> RemovedRows:
        """The one place where articles leave the library, with every version and all that was made from them.

        Whatever keeps rows of its own about articles deletes them here, in the same transaction. A text that another article prints
        stays, under that article's headline alone.
        """
        ids = json.dumps(sorted(article_ids))
        named = "article_id IN (SELECT value FROM json_each(?))"
        rows = self._db.rows(f"SELECT text_id, text, metadata FROM versions JOIN texts USING (text_id) WHERE {named}", (ids,))
        self._db.write(f"DELETE FROM versions WHERE {named}", (ids,))
        articles, _ = self._db.write(f"DELETE FROM articles WHERE {named}", (ids,))
        texts = {str(row[0]): str(row[1]) for row in rows}
        still = "SELECT DISTINCT text_id FROM versions WHERE text_id IN (SELECT value FROM json_each(?))"
        kept = {str(row[0]) for row in self._db.rows(still, (json.dumps(list(texts)),))}
        passages, vectors = self.remove_passages(texts.keys() - kept)
        self._db.write("DELETE FROM texts WHERE text_id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(texts.keys() - kept)),))
        for text_id in sorted(kept):
            self.retitle(text_id)
        known = {str(field["value"]) for row in rows for field in json.loads(row[2]).values() if isinstance(field, dict)}
        words = known | {text for text_id, text in texts.items() if text_id not in kept}
        contents = (*sorted(text.encode() for text in words), *vectors)
        return RemovedRows(articles, len(rows), len(texts) - len(kept), passages, len(vectors), contents)

    def printing(self, article_ids: Collection[str]) -> list[str]:
        """Ids of the other articles that print, in any version, a text of these articles."""
        query = (
            "SELECT DISTINCT others.article_id FROM versions JOIN versions AS others USING (text_id) "
            "WHERE versions.article_id IN (SELECT value FROM json_each(?1)) AND others.article_id NOT IN (SELECT value FROM json_each(?1)) "
            "ORDER BY others.article_id"
        )
        return [str(row[0]) for row in self._db.rows(query, (json.dumps(sorted(article_ids)),))]

    def words_held(self) -> Iterator[str]:
        """Every text, and what else articles brought with them."""
        for text_id in self.text_ids():
            yield self.text(text_id)
        yield from (str(row[0]) for row in self._db.rows("SELECT metadata || ' ' || path FROM versions"))
        yield from (str(row[0]) for row in self._db.rows("SELECT key FROM articles"))

    def rewrite(self) -> None:
        """Writes the file anew without anything that was deleted. Raises LibraryInUse while a reader looks at an earlier state."""
        self._db.write("INSERT INTO lexicon (lexicon) VALUES ('rebuild')")
        self._db.rewrite()


def _key_named(name: str) -> str:
    if "://" not in name:
        return f"id:{name}"
    try:
        return f"url:{canonical_url(name)}"
    except ValueError:
        return name


def _article(row: Row) -> Article:
    metadata: dict[str, Any] = json.loads(row[1])
    return Article.from_metadata(row[0], metadata)


def order_of_publication(article: Article) -> tuple[bool, str, str]:
    return order(article.published.value, article.article_id)


def _now() -> str:
    return datetime.now(UTC).isoformat()


__all__ = ["Catalog", "Change", "PassageRow", "Printed", "RemovedRows", "order_of_publication"]

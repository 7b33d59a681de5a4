"""What was fetched before, so that a watch asks only for what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from vectorstore.database import Database


@dataclass(frozen=True, slots=True)
class Visited:
    """`etag` and `last_modified` are what the server said of a list; `stamp` is what the list said of an article: when it changed."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    stamp: str | None = None


class Memory:
    """Addresses in the catalog's table `fetched`. Raises LibraryError and its kinds."""

    def __init__(self, database: Database):
        self._db = database

    def visited(self, url: str) -> Visited | None:
        rows = self._db.rows("SELECT url, etag, last_modified, stamp FROM fetched WHERE url = ?", (url,))
        return Visited(*rows[0]) if rows else None

    def remember(self, visits: Iterable[Visited]) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._db.transaction():
            self._db.write_all(
                "INSERT OR REPLACE INTO fetched (url, etag, last_modified, stamp, at) VALUES (?, ?, ?, ?, ?)",
                ((one.url, one.etag, one.last_modified, one.stamp, at) for one in visits),
            )

"""What was refused: where it stands, why, and how it can be read again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from vectorstore.database import Database
from vectorstore.readers.found import Rejection

# From format 3 to 4. `source` is the file or address to read again (NULL: it came by standard input, or before there was a list to
# retry); `fetched` is what a server and a feed said of an address the last time, so that only what is new is asked for.
MIGRATION = (
    "ALTER TABLE rejected ADD COLUMN unit TEXT NOT NULL DEFAULT 'line'",
    "ALTER TABLE rejected ADD COLUMN digest TEXT",
    "ALTER TABLE rejected ADD COLUMN source TEXT",
    "ALTER TABLE rejected ADD COLUMN columns TEXT NOT NULL DEFAULT '{}'",
    """CREATE TABLE fetched (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, stamp TEXT, at TEXT NOT NULL) WITHOUT ROWID""",
)


class Quarantine:
    """Every place that was refused and has not been read since. Raises LibraryError and its kinds."""

    def __init__(self, database: Database):
        self._db = database

    def rejected(self) -> list[Rejection]:
        rows = self._db.rows("SELECT path, line, reason, unit, digest, source, columns, at FROM rejected ORDER BY path, line")
        return [
            Rejection(path, line, reason, unit, digest, source, tuple(json.loads(columns).items()), at)
            for path, line, reason, unit, digest, source, columns, at in rows
        ]

    def put(self, rejections: Iterable[Rejection]) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        rows = (
            (one.path, one.line, one.reason, at, one.unit, one.digest, one.source, json.dumps(dict(one.columns), ensure_ascii=False))
            for one in rejections
        )
        self._db.write_all(
            "INSERT OR REPLACE INTO rejected (path, line, reason, at, unit, digest, source, columns) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows
        )

    def drop(self, places: Iterable[tuple[str, int | None]]) -> None:
        self._db.write_all("DELETE FROM rejected WHERE path = ? AND line IS ?", places)

    def forget(self, chosen: Collection[Rejection]) -> None:
        """Takes these out of the list, in a transaction of its own."""
        with self._db.transaction():
            self.drop([(one.path, one.line) for one in chosen])

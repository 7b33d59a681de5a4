"""SQLite behind four words: rows, write, transaction, snapshot. Its errors come out as sentences for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from os import W_OK, access
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vectorstore.embed import without_surrogates
from vectorstore.errors import LibraryError, LibraryFailed, LibraryInUse, LibraryTooNew

Value = str | int | float | bytes | None
Row = tuple[Any, ...]

# Keys are digests, so a writer's rows fall anywhere in their indexes. At 100,000 passages the pages that it needs again and again are
# about 60 MB; SQLite's own 2 MB had them read anew for each row (350 MB read for 1,000 articles among 20,000, now 80).
CACHE_KIB = 64 * 1024
# Pages (of 4 KiB) in the log from which on a commit copies them into the file. A commit of one window has 2,000 to 4,000: at SQLite's 1,000
# every commit did it, and pages that the next one changed again were written each time. What is committed is on disk either way.
LOG_PAGES = 8_000


class Database:
    """One SQLite file, or memory for None. `migrations[n]` are the statements that lead from format n to n + 1.

    Raises LibraryError and its kinds, here and in every method.
    """

    def __init__(self, path: Path | None, migrations: Sequence[Sequence[str]], *, read_only: bool = False):
        self._name = "the library in memory" if path is None else str(path)
        self._snapshots = self._undone = 0
        with self._mapped():
            self._db = _connect(path, read_only)
        try:
            self._prepare(migrations, read_only)
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, migrations: Sequence[Sequence[str]], read_only: bool) -> None:
        version = int(self.rows("PRAGMA user_version")[0][0])
        newest = len(migrations)
        if version > newest:
            raise LibraryTooNew(f"{self._name}: written by a newer rashomon (format {version}, this one reads {newest}); upgrade rashomon")
        if read_only:
            if version < newest:
                state = f"is of an older format ({version})" if version else "was never filled"
                raise LibraryError(f"{self._name} {state}; this brings it up to date: rashomon ingest PATH")
            return
        self.rows("PRAGMA journal_mode = WAL")
        self.write("PRAGMA synchronous = FULL")
        self.rows(f"PRAGMA cache_size = -{CACHE_KIB}")
        self.rows(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        self.write("PRAGMA secure_delete = ON")
        if version < newest:
            with self.transaction():
                for statement in (statement for step in migrations[version:] for statement in step):
                    self.write(statement)
                self.write(f"PRAGMA user_version = {newest}")
        # Not before: a table that others refer to may be made anew.
        self.write("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        with self._mapped():
            self._db.close()

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        with self._mapped():
            try:
                return self._db.execute(sql, values).fetchall()
            except UnicodeEncodeError:
                clean = [without_surrogates(value) if isinstance(value, str) else value for value in values]
                return self._db.execute(sql, clean).fetchall()

    def write(self, sql: str, values: Sequence[Value] = ()) -> tuple[int, int]:
        """Returns the number of rows changed and the number of the last one inserted."""
        with self._mapped():
            cursor = self._db.execute(sql, values)
            return cursor.rowcount, cursor.lastrowid or 0

    def write_all(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        with self._mapped():
            self._db.executemany(sql, rows)

    @property
    def changes(self) -> int:
        """Rows written since it was opened."""
        return self._db.total_changes

    def state(self) -> tuple[int, int, int]:
        """Another one after each change, whoever made it. Inside a snapshot, the state that is read there."""
        return int(self.rows("PRAGMA data_version")[0][0]), self._db.total_changes, self._undone

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; on return it is on disk."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
            self.write("COMMIT")
        except BaseException:
            self._undone += 1
            # SQLite has already rolled back by itself after some errors, a full disk among them.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever a writer does meanwhile. May be nested."""
        outermost = self._snapshots == 0 and not self._db.in_transaction
        self._snapshots += 1
        if outermost:
            self.write("BEGIN")
        try:
            yield
        finally:
            self._snapshots -= 1
            if outermost and self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def rewrite(self) -> None:
        """Writes the whole file anew, so that no page of it holds what was deleted, and empties the log beside it.

        Raises LibraryInUse if another connection still reads an earlier state, which the log must keep until then.
        """
        self.write("VACUUM")
        if self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise LibraryInUse(f"{self._name} is being read by another program")

    def copy_to(self, path: Path, name: str) -> None:
        """Writes a copy of the state of one moment, whatever a writer does meanwhile. `name` is what people call the copy."""
        with self._mapped():
            copy = sqlite3.connect(path)
            try:
                self._db.backup(copy)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise LibraryFailed(f"{name} cannot be written: the disk is full; make room, or choose another place") from error
                raise
            finally:
                copy.close()

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _for_people(self._name, error) from error


def _connect(path: Path | None, read_only: bool) -> sqlite3.Connection:
    address = ":memory:" if path is None else f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rwc'}"
    # SQLite reads a WAL database in a folder that it can't write to only if it is told that nothing changes there.
    if path is not None and read_only and not access(path.parent, W_OK) and not Path(f"{path}-wal").exists():
        address += "&immutable=1"
    return sqlite3.connect(address, uri=path is not None, isolation_level=None, timeout=5, check_same_thread=False)


def _for_people(name: str, error: sqlite3.Error) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryInUse(f"{name} is locked by another program; wait until it has ended, then try again")
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return LibraryFailed(
            f"{name} cannot be written or read ({error}): is the disk full? Make room and run the command again; "
            "what was stored before is kept"
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return LibraryFailed(
            f"{name} cannot be opened or written ({error}): check the folder's permissions, or copy it to one you may write to"
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return LibraryFailed(f"{name} is damaged ({error}): restore it from a copy, or delete the folder and run: rashomon ingest PATH")
    return LibraryFailed(f"{name}: {error}")

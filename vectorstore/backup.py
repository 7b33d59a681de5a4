"""A library as one file, and back. The index is not in it: it is rebuilt from the catalog."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import sqlite3
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO

from vectorstore.catalog import Catalog
from vectorstore.errors import LibraryError, LibraryFailed, LibraryTooNew
from vectorstore.folder import CATALOG, INDEXES, LOCK
from vectorstore.lock import FileLock
from vectorstore.registry_file import OWN
from vectorstore.schema import MIGRATIONS

MANIFEST, FORMAT = "backup.json", 1
PARTS = (CATALOG, OWN)
BLOCK = 1 << 20
LARGEST_MANIFEST = 10_000
# What reading a file raises that is no archive of ours: cut, encrypted, packed in a way that Python cannot undo, nested too deeply.
NOT_WHOLE = (
    zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, KeyError, TypeError, ValueError, RuntimeError, RecursionError
)  # fmt: skip


def back_up(catalog: Catalog, folder: Path, file: Path) -> int:
    """Writes the state of one moment, also beside a writer. All or nothing. Returns the number of bytes written.

    Raises LibraryError if the file is there already, LibraryFailed if it can't be written.
    """
    if file.exists():
        raise LibraryError(f"{file} is there already; give the backup another name")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as beside:
            copy = Path(beside) / CATALOG
            catalog.database.copy_to(copy, str(file))
            parts = {CATALOG: copy, **({OWN: folder / OWN} if (folder / OWN).is_file() else {})}
            draft = Path(beside) / "draft"
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                digests = {}
                for name, part in parts.items():
                    archive.write(part, name)
                    with part.open("rb") as opened:
                        digests[name] = _copied(opened, None)
                archive.writestr(MANIFEST, json.dumps({"format": FORMAT, "sha256": digests, **catalog.counts()}, sort_keys=True))
            _to_disk(draft)
            draft.replace(file)
    except OSError as error:
        raise LibraryFailed(f"{file} cannot be written: {error.strerror or error}") from error
    return file.stat().st_size


def restore(file: Path, folder: Path) -> None:
    """Puts the library of a backup into a folder that has none. A backup that is not whole leaves nothing there.

    Raises LibraryError (there is a library; the file is no backup) and LibraryFailed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK):
            if (folder / CATALOG).exists():
                raise LibraryError(f"there is a library at {folder}; choose another folder with --library, or move it away first")
            drafts = {name: folder / f".{name}.part" for name in PARTS}
            try:
                found = _unpacked(file, drafts)
                (folder / INDEXES).mkdir(exist_ok=True)
                # The catalog last: until it is there, there is no library.
                for name in sorted(found, key=lambda one: one == CATALOG):
                    drafts[name].replace(folder / name)
            finally:
                for draft in drafts.values():
                    draft.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryFailed(f"{file} cannot be restored to {folder}: {error.strerror or error}") from error


def _unpacked(file: Path, drafts: dict[str, Path]) -> list[str]:
    """The parts that the backup has, each compared with its digest."""
    try:
        with zipfile.ZipFile(file) as archive:
            with archive.open(MANIFEST) as opened:
                manifest = json.loads(opened.read(LARGEST_MANIFEST))
            if manifest["format"] != FORMAT:
                raise LibraryError(f"{file}: a backup of a newer rashomon (format {manifest['format']}); upgrade rashomon")
            digests = {name: manifest["sha256"][name] for name in PARTS if name in manifest["sha256"]}
            for name, digest in digests.items():
                with archive.open(name) as packed, drafts[name].open("wb") as draft:
                    found = _copied(packed, draft)
                if found != digest:
                    raise LibraryError(f"{file} is damaged: {name} is not what was backed up; take another backup")
                _to_disk(drafts[name])
    except NOT_WHOLE:
        raise LibraryError(f"{file} is no whole backup of a library; take another backup") from None
    if CATALOG not in digests or not _is_sound(drafts[CATALOG]):
        raise LibraryError(f"{file} holds no sound library; take another backup")
    return list(digests)


def _is_sound(catalog: Path) -> bool:
    """Whether the file is whole and has the tables of a library of its format, and nothing that runs by itself. Raises LibraryTooNew."""
    connection = sqlite3.connect(catalog)
    try:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            return False
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise LibraryTooNew(f"a library of a newer rashomon (format {version}, this one reads {len(MIGRATIONS)}); upgrade rashomon")
        return version > 0 and _schema(connection) == _schema_of(version)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The kind and name of every table, index, trigger and view but SQLite's own. How it writes them down differs between its versions."""
    return set(connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"))


def _schema_of(version: int) -> set[tuple[str, str]]:
    connection = sqlite3.connect(":memory:")
    try:
        for statement in (statement for step in MIGRATIONS[:version] for statement in step):
            connection.execute(statement)
        return _schema(connection)
    finally:
        connection.close()


def _copied(source: IO[bytes], to: BinaryIO | None) -> str:
    """The SHA-256 of what was copied."""
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
        if to is not None:
            to.write(block)
    return digest.hexdigest()


def _to_disk(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())

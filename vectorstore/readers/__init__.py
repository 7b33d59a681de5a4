"""Readers: one file per kind of input, bytes in, articles or a reason out.

A reader is a module of this package with a function `read(source)`; kinds.py says which one an input gets.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from vectorstore.readers import archive, child, metadata
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.found import Read, Rejection
from vectorstore.readers.kinds import ENDINGS, Kind, kind_of
from vectorstore.readers.source import Found, Reader, Source

# In records of these kinds the number is that of a record, not of a line.
COUNTED = frozenset(("json_document", "feed"))
# Kinds that are taken apart by parsers which an article can make slow, greedy or crash; they run in a process of their own. What is
# left (JSON lines, tables, text) is read a bounded line at a time by the standard library.
APART = frozenset(("html", "markdown", "json_document", "feed"))
# An input is given up after so many bad records one after the other: it is of another kind, or turned inside out by a quotation mark.
MOST_BROKEN = 1_000
STANDARD_INPUT = "standard input"
# Held in memory; more goes to a temporary file.
LARGEST_IN_MEMORY = 16_000_000


class NothingToRead(ValueError):
    """A path that does not exist, or a folder without one readable file."""

    exit_code = 2


def find_files(path: Path) -> list[Path]:
    """The readable files of a folder in the order of their names, or the file itself, whatever its name.

    In a folder, other endings, hidden files and README files, which are about the folder, are not articles.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if _is_article(file.relative_to(path)) and file.is_file())
        if not files:
            raise NothingToRead(f"{path}: no {', '.join(ENDINGS)} file in this folder; name a file itself to have it read")
        return files
    if not path.exists():
        raise NothingToRead(f"{path}: no such file or folder")
    if not path.is_file():
        raise NothingToRead(f"{path}: neither a file nor a folder")
    return [path]


def passed_over(path: Path) -> list[Path]:
    """The files of a folder that find_files leaves out for their ending: what somebody may believe to have stored."""
    within = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else []
    return [file for file in within if not _is_about(file.relative_to(path)) and file.suffix.lower() not in ENDINGS]


def _is_about(file: Path) -> bool:
    return any(part.startswith(".") for part in file.parts) or file.stem.lower() == "readme"


def _is_article(file: Path) -> bool:
    return file.suffix.lower() in ENDINGS and not _is_about(file)


def read_file(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[Read | Rejection]:
    """What one file holds. Never raises for what is in it: each bad record is a Rejection, the rest goes on.

    `columns` says under which key or column a field stands: {"text": "Body"}.
    """
    place = os.fsencode(path).decode("utf-8", "replace")
    source = os.path.abspath(path)
    try:
        with path.open("rb") as file:
            yield from _marked(Source(file, path.name, columns or {}), place, source)
    except OSError as error:
        yield replace(Rejection(place, None, f"cannot be read: {error.strerror or error}"), source=source, columns=_pairs(columns))


def read_path(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[Read | Rejection]:
    """What the files of a folder hold, or one file. Of a folder, a symbolic link that leads out of it is refused: who made the folder
    need not be who reads it. Raises NothingToRead."""
    files = find_files(path)
    return (item for file in files for item in _read_in(path, file, columns))


def _read_in(folder: Path, file: Path, columns: Mapping[str, str] | None) -> Iterator[Read | Rejection]:
    if file != folder and not file.resolve().is_relative_to(folder.resolve()):
        place = os.fsencode(file).decode("utf-8", "replace")
        yield Rejection(place, None, "a link that leads out of the folder: name the file itself to have it read")
        return
    yield from read_file(file, columns)


def read_stream(stream: BinaryIO, columns: Mapping[str, str] | None = None) -> Iterator[Read | Rejection]:
    """The same of a stream that can be read only once."""
    with tempfile.SpooledTemporaryFile(LARGEST_IN_MEMORY) as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        yield from _marked(Source(cast(BinaryIO, file), "", columns or {}), STANDARD_INPUT, None)


def read_bytes(data: bytes, place: str, *, name: str = "", charset: str | None = None) -> Iterator[Read | Rejection]:
    """The same of what was fetched from the address `place`. `name` is consulted where the bytes leave open what they are."""
    yield from _marked(Source(BytesIO(data), name, {}, charset), place, place)


def _marked(source: Source, place: str, again: str | None) -> Iterator[Read | Rejection]:
    """With what the list of rejected inputs keeps of each: where to read it `again`, and the digest of its bytes."""
    digest = None
    for item in _read(source, place):
        if isinstance(item, Rejection):
            digest = digest or _digest(source.file)
            item = replace(item, digest=digest, source=again, columns=_pairs(source.columns))
        yield item


def _pairs(columns: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple((columns or {}).items())


def _digest(file: BinaryIO) -> str:
    """SHA-256 of the whole file, which is left where it was."""
    place, found = file.tell(), hashlib.sha256()
    file.seek(0)
    while block := file.read(1 << 20):
        found.update(block)
    file.seek(place)
    return found.hexdigest()


def _read(source: Source, place: str) -> Iterator[Read | Rejection]:
    try:
        kind = kind_of(source.file, source.name)
    except Unreadable as error:
        yield Rejection(place, None, str(error))
        return
    if kind == "archive":
        yield from _archived(source, place)
        return
    broken, empty = 0, True
    unit = "record" if kind in COUNTED else "line"
    for line, found in _found(kind, source):
        empty = False
        if not isinstance(found, Unreadable):
            broken = 0
            yield Read(found, place, line)
            continue
        broken += 1
        reason = metadata.plain(str(found)) or ""
        if broken == MOST_BROKEN:
            yield Rejection(place, line, f"{reason}; the {MOST_BROKEN:,}th in a row, so nothing more of this input is read", unit)
            return
        yield Rejection(place, line, reason, unit)
    if empty:
        yield Rejection(place, None, "no article in it: no record after the header, or blank lines alone")


def _archived(source: Source, place: str) -> Iterator[Read | Rejection]:
    """Of the members those that would be read in a folder, each as an input of its own; what is wrong with others is said."""
    read = 0
    try:
        for name, content in archive.members(source.file):
            shown = f"{place}!{metadata.plain(name) or ''}"
            if isinstance(content, Unreadable):
                read += 1
                yield Rejection(shown, None, str(content))
            elif _is_article(Path(name)):
                read += 1
                member = Source(BytesIO(content), Path(name).name, source.columns)
                inner = Rejection(shown, None, "an archive in an archive: unpack the outer one first") if content[:2] == b"PK" else None
                yield from [inner] if inner else _read(member, shown)
    except Unreadable as error:
        yield Rejection(place, None, str(error))
        return
    if not read:
        yield Rejection(place, None, f"no {', '.join(ENDINGS)} file in this archive")


def _found(kind: Kind, source: Source) -> Iterator[Found]:
    return child.read(kind, source) if kind in APART else reader_of(kind)(source)


def reader_of(kind: Kind) -> Reader:
    """Loaded when it is needed: the one of web pages takes half a second."""
    reader: Reader = import_module(f"vectorstore.readers.{kind}").read
    return reader


__all__ = [
    "NothingToRead",
    "Read",
    "Rejection",
    "find_files",
    "passed_over",
    "read_bytes",
    "read_file",
    "read_path",
    "read_stream",
    "reader_of",
]

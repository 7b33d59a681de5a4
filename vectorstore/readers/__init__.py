"""Readers: one file per kind of input, bytes in, articles or a reason out.

A reader is a module of this package with a function `read(source)`; kinds.py says which one an input gets.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, cast

from vectorstore.article import Article
from vectorstore.readers import metadata
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.kinds import ENDINGS, Kind, kind_of
from vectorstore.readers.source import Reader, Source

# In records of these kinds the number is that of a record, not of a line.
COUNTED = frozenset(("json_document",))
# An input is given up after so many bad records one after the other: it is of another kind, or turned inside out by a quotation mark.
MOST_BROKEN = 1_000
STANDARD_INPUT = "standard input"
# Held in memory; more goes to a temporary file.
LARGEST_IN_MEMORY = 16_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """An article and where it was read: the path is provenance, never identity. `line` is None for a whole file."""

    article: Article
    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input that is not an article: what is wrong with it, and what to do. `line` counts records if `unit` says so."""

    path: str
    line: int | None
    reason: str
    unit: str = "line"

    @property
    def where(self) -> str:
        return self.path if self.line is None else f"{self.path}, {self.unit} {self.line}"


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


def _is_article(file: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.parts)
    return file.suffix.lower() in ENDINGS and not hidden and file.stem.lower() != "readme"


def read_file(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[Read | Rejection]:
    """What one file holds. Never raises for what is in it: each bad record is a Rejection, the rest goes on.

    `columns` says under which key or column a field stands: {"text": "Body"}.
    """
    place = os.fsencode(path).decode("utf-8", "replace")
    try:
        with path.open("rb") as file:
            yield from _read(Source(file, path.name, columns or {}), place)
    except OSError as error:
        yield Rejection(place, None, f"cannot be read: {error.strerror or error}")


def read_stream(stream: BinaryIO, columns: Mapping[str, str] | None = None) -> Iterator[Read | Rejection]:
    """The same of a stream that can be read only once."""
    with tempfile.SpooledTemporaryFile(LARGEST_IN_MEMORY) as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        yield from _read(Source(cast(BinaryIO, file), "", columns or {}), STANDARD_INPUT)


def _read(source: Source, place: str) -> Iterator[Read | Rejection]:
    try:
        kind = kind_of(source.file, source.name)
    except Unreadable as error:
        yield Rejection(place, None, str(error))
        return
    broken, empty = 0, True
    unit = "record" if kind in COUNTED else "line"
    for line, found in reader_of(kind)(source):
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


def reader_of(kind: Kind) -> Reader:
    """Loaded when it is needed: the one of web pages takes half a second."""
    reader: Reader = import_module(f"vectorstore.readers.{kind}").read
    return reader

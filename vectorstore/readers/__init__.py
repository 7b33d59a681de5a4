"""Readers: one file per kind of input, bytes in, articles or a reason out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vectorstore.article import Article
from vectorstore.readers import jsonl, metadata, text
from vectorstore.readers.decode import Unreadable

Reader = Callable[[BinaryIO], Iterator[tuple[int | None, Article | Unreadable]]]
READERS: dict[str, Reader] = {".txt": text.read, ".jsonl": jsonl.read}


@dataclass(frozen=True, slots=True)
class Read:
    """An article and where it was read: the path is provenance, never identity. `line` is None for a whole file."""

    article: Article
    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input that is not an article: what is wrong with it, and what to do."""

    path: str
    line: int | None
    reason: str

    @property
    def where(self) -> str:
        return self.path if self.line is None else f"{self.path}, line {self.line}"


class NothingToRead(ValueError):
    """A path that does not exist, or a folder without one readable file."""

    exit_code = 2


def find_files(path: Path) -> list[Path]:
    """The readable files of a folder in the order of their names, or the file itself."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS and file.is_file())
        if not files:
            raise NothingToRead(f"{path}: no {' or '.join(READERS)} file in this folder")
        return files
    if not path.exists():
        raise NothingToRead(f"{path}: no such file or folder")
    if not path.is_file():
        raise NothingToRead(f"{path}: neither a file nor a folder")
    return [path]


def read_file(path: Path) -> Iterator[Read | Rejection]:
    """What one file holds. Never raises for what is in it: each bad record is a Rejection, the rest goes on."""
    place = os.fsencode(path).decode("utf-8", "replace")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        yield Rejection(place, None, f"{path.suffix or 'no ending'}: this kind of file is not read; use {' or '.join(READERS)}")
        return
    try:
        with path.open("rb") as file:
            for line, found in reader(file):
                if isinstance(found, Unreadable):
                    yield Rejection(place, line, metadata.plain(str(found)) or "")
                else:
                    yield Read(found, place, line)
    except OSError as error:
        yield Rejection(place, None, f"cannot be read: {error.strerror or error}")

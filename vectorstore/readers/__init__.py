"""Readers: one file per kind of input, bytes in, articles or a reason out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vectorstore.article import Article
from vectorstore.readers import jsonl, text
from vectorstore.readers.decode import Unreadable

READERS = {".txt": text.read, ".jsonl": jsonl.read}
# A file is held in memory while it is read; a news archive is cut into smaller files long before this.
LARGEST_FILE = 512 * 1024 * 1024


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


def find_files(path: Path) -> list[Path]:
    """The readable files of a folder in the order of their names, or the file itself."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS and file.is_file())
        if not files:
            raise NothingToRead(f"{path}: no {' or '.join(READERS)} file in this folder")
        return files
    if not path.exists():
        raise NothingToRead(f"{path}: no such file or folder")
    return [path]


def read_file(path: Path) -> Iterator[Read | Rejection]:
    """What one file holds. Never raises for what is in it: each bad record is a Rejection, the rest goes on."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        yield Rejection(str(path), None, f"{path.suffix or 'no ending'}: this kind of file is not read; use {' or '.join(READERS)}")
        return
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            yield Rejection(str(path), None, f"{size:,} bytes; at most {LARGEST_FILE:,} are read: split the file")
            return
        data = path.read_bytes()
    except OSError as error:
        yield Rejection(str(path), None, f"cannot be read: {error.strerror or error}")
        return
    for line, found in reader(data):
        yield Rejection(str(path), line, str(found)) if isinstance(found, Unreadable) else Read(found, str(path), line)

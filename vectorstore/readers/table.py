"""CSV and TSV: a header, and one article a row. Every cell is text, whatever it looks like."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper

from vectorstore.article import Article
from vectorstore.readers.decode import LONGEST_ARTICLE, Unreadable, decode
from vectorstore.readers.record import KEYS, article_of, has_text, key_of
from vectorstore.readers.source import Found, Source

DELIMITERS = "\t,;|"
KNOWN = frozenset(key for keys in KEYS.values() for key in keys)
MOST_COLUMNS = 1_000
LONGEST_ROW = 4 * LONGEST_ARTICLE


def read(source: Source) -> Iterator[Found]:
    start = source.file.read(4)
    source.file.seek(0)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # Bytes that are no UTF-8 pass as surrogates and are decoded cell by cell.
    text = TextIOWrapper(source.file, "utf-16" if wide else "utf-8-sig", errors="replace" if wide else "surrogateescape", newline="")
    try:
        yield from _rows(text, source)
    finally:
        text.detach()


def _rows(text: TextIOWrapper, source: Source) -> Iterator[Found]:
    first = text.readline(LONGEST_ROW)
    text.seek(0)
    header: list[str] | None = None
    for line, last, row in _numbered(text, delimiter_of(first)):
        if isinstance(row, list) and not any(cell.strip() for cell in row):
            continue
        try:
            if isinstance(row, Unreadable):
                raise row
            if header is None:
                header = _header(row, source)
                continue
            yield line, _article(header, row, f"lines {line} to {last} are one row" if last > line else "a row", source)
        except Unreadable as error:
            yield line, error
            if header is None:
                return


def _numbered(text: TextIOWrapper, delimiter: str) -> Iterator[tuple[int, int, list[str] | Unreadable]]:
    """First line, last line and cells of each row."""
    rows = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 1
        # The limit belongs to the whole process: it is set for one row and put back.
        before = csv.field_size_limit(LONGEST_ARTICLE + 1)
        row: list[str] | Unreadable | None
        try:
            row = next(rows, None)
        except csv.Error as error:
            row = Unreadable(f"a broken row ({error}): is a quotation mark not closed or not doubled?")
        except Unreadable as error:
            yield line, line, error
            return
        finally:
            csv.field_size_limit(before)
        if row is None:
            return
        yield line, rows.line_num, row


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_ROW):
        if len(line) == LONGEST_ROW:
            raise Unreadable(f"a line of over {LONGEST_ROW:,} characters: nothing more of this table is read")
        yield line


def delimiter_of(line: str) -> str:
    """The one that makes most known columns of the header, then most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = cells_of(line, delimiter)
        return sum(key_of(cell) in KNOWN for cell in cells), len(cells)

    return max(DELIMITERS, key=worth)


def cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


def looks_like_table(line: str) -> bool:
    """Whether a first line is a header that names a column of texts and another known one."""
    cells = {key_of(cell) for cell in cells_of(line, delimiter_of(line))}
    return len(cells & KNOWN) > 1 and bool(cells & set(KEYS["text"]))


def _header(row: list[str], source: Source) -> list[str]:
    """Raises Unreadable if it names no column of texts."""
    header = [cell.strip() for cell in _decoded(row)[0]]
    shown = ", ".join(name[:40] or "(empty)" for name in header[:20])
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"{len(header):,} columns; at most {MOST_COLUMNS:,} are read")
    mapped = source.columns.get("text")
    if mapped and key_of(mapped) not in map(key_of, header) and not has_text(header, {}):
        raise Unreadable(f"no column is called {mapped}: the columns are {shown}")
    if not has_text(header, source.columns):
        raise Unreadable(f"no column of texts: the columns are {shown}; name the one with --map text=COLUMN")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unreadable(f"the column {twice[0][:40]} is there twice: rename one")
    return header


def _article(header: list[str], row: list[str], where: str, source: Source) -> Article:
    if len(row) != len(header):
        raise Unreadable(f"{where} of {len(row)} cells, and the header has {len(header)}: is a quotation mark missing or a comma too many?")
    cells, notes = _decoded(row)
    return article_of(dict(zip(header, cells, strict=True)), source.columns, notes)


def _decoded(row: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The cells as text. A row is decoded as one: a cell alone is often too short to tell its encoding. Raises Unreadable."""
    if not any(re.search("[\udc80-\udcff]", cell) for cell in row):
        return row, ()
    text, notes = decode("\x1f".join(cell.replace("\x1f", " ") for cell in row).encode("utf-8", "surrogateescape"))
    cells = text.split("\x1f")
    if len(cells) != len(row):
        raise Unreadable("the cells are in no encoding that could be told: save the table as UTF-8")
    return cells, notes

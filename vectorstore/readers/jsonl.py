"""JSON lines: one article a line."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from typing import BinaryIO

from vectorstore.article import Article
from vectorstore.not_json import json_fault
from vectorstore.readers.decode import LONGEST_ARTICLE, Unreadable, decode
from vectorstore.readers.record import article_of
from vectorstore.readers.source import Found, Source

# JSON may write one character as twelve bytes ("\ud83d\ude00").
LONGEST_LINE = 12 * LONGEST_ARTICLE


def read(source: Source) -> Iterator[Found]:
    for number, line in enumerate(_lines(source.file), 1):
        if line is not None and not line.strip():
            continue
        try:
            yield number, _article(line, source.columns)
        except Unreadable as error:
            yield number, error


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines as UTF-8, however large the file is; None for one that is too long to be an article."""
    start = file.read(3)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = TextIOWrapper(file, "utf-16", errors="replace", newline="\n")
        yield from _bounded(lambda size: text.readline(size).encode("utf-8", "replace"))
        text.detach()
    else:
        file.seek(3 if start == codecs.BOM_UTF8 else 0)
        yield from _bounded(file.readline)


def _bounded(readline: Callable[[int], bytes]) -> Iterator[bytes | None]:
    while line := readline(LONGEST_LINE + 1):
        if line.endswith(b"\n") or len(line) <= LONGEST_LINE:
            yield line
            continue
        while (rest := readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _article(line: bytes | None, columns: Mapping[str, str]) -> Article:
    if line is None:
        raise Unreadable(f"the line has over {LONGEST_LINE:,} bytes: write one article a line")
    decoded, notes = decode(line)
    try:
        record = json.loads(decoded.rstrip())
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {json_fault(error, lines=False)}; each line must be one JSON object") from None
    if not isinstance(record, dict):
        raise Unreadable(f"a JSON {type(record).__name__}, not an object with text, title, outlet, ...")
    return article_of(record, columns, notes)

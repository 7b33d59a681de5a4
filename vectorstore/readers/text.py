"""Plain text: the file is the article. What its first lines say of headline, byline and date is found, not given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.readers import metadata
from vectorstore.readers.decode import LONGEST_ARTICLE, Unreadable, clean, decode
from vectorstore.sentence import Span, paragraph_spans

# A headline is one short line that is not a sentence, above a body several times as long.
LONGEST_HEADLINE, LEAST_BODY = 150, 3
HEAD_LINES = 5
BYLINE = re.compile(r"By ([A-Z][\w.’'-]+(?: (?:and |de |van |von )?[A-Z][\w.’'-]+){1,5})")
DATE_LINE = re.compile(r"(?:(?:First )?(?:Published|Posted|Updated)(?: on| at)?:? )?(.*\b(?:1[4-9]|2[01])\d\d\b.*)", re.IGNORECASE)


# A character takes at most four bytes.
LONGEST_FILE = 4 * LONGEST_ARTICLE + 4


def read(file: BinaryIO) -> Iterator[tuple[int | None, Article | Unreadable]]:
    data = file.read(LONGEST_FILE + 1)
    try:
        if len(data) > LONGEST_FILE:
            raise Unreadable(f"the file is too long; an article has at most {LONGEST_ARTICLE:,} characters: split it, one article a file")
        decoded, notes = decode(data)
        text, more = clean(decoded)
    except Unreadable as error:
        yield None, error
        return
    lines = paragraph_spans(text)
    head = _headline(text, lines)
    top = lines[:HEAD_LINES]
    yield None, Article(text, title=head, author=_byline(text, top), published=_date(text, top), notes=notes + more)


def _headline(text: str, lines: list[Span]) -> Field:
    if len(lines) < 2:
        return UNKNOWN
    first = lines[0]
    line = text[first.start : first.end]
    sentence = re.search(r"[.!?:;,…][”’\"')\]]*$", line) and not line.endswith(("?", "!"))
    long_enough = len(text) - first.end >= LEAST_BODY * len(line)
    if sentence or len(line) > LONGEST_HEADLINE or not long_enough or BYLINE.fullmatch(line) or _is_date(line):
        return UNKNOWN
    return Field(metadata.plain(line), "found", "first line", (first.start, first.end))


def _byline(text: str, lines: list[Span]) -> Field:
    for span in lines:
        match = BYLINE.fullmatch(text, span.start, span.end)
        if match:
            return Field(match[1], "found", "byline", match.span(1))
    return UNKNOWN


def _is_date(line: str) -> str | None:
    match = DATE_LINE.fullmatch(line) if len(line) <= 60 else None
    return metadata.moment(match[1]) if match else None


def _date(text: str, lines: list[Span]) -> Field:
    for span in lines:
        when = _is_date(text[span.start : span.end])
        if when:
            return Field(when, "found", "date line", (span.start, span.end))
    return UNKNOWN

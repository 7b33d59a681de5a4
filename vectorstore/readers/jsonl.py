"""JSON lines: one article a line, under the keys that crawlers and archives use."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from typing import Any, BinaryIO

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.readers import metadata
from vectorstore.readers.decode import LONGEST_ARTICLE, Unreadable, clean, decode

# In order of preference where a record has several; capitals, "-" and "_" make no difference. `export` writes outlet_written: an
# outlet's name as it came, on which the article's identity rests.
KEYS = {
    "text": ("text", "body", "content", "article", "articletext", "maintext", "fulltext"),
    "title": ("title", "headline", "name"),
    "outlet": ("outletwritten", "outlet", "source", "publisher", "sitename", "publication", "sourcename", "domain"),
    "url": ("url", "canonicalurl", "link", "sourceurl", "permalink"),
    "published": ("published", "publishedat", "date", "datepublished", "pubdate", "datepublish", "publishdate"),
    "modified": ("modified", "modifiedat", "datemodified", "updated", "updatedat", "lastmodified", "lastmod"),
    "author": ("author", "authors", "byline", "creator"),
    "language": ("language", "lang", "inlanguage"),
    "given_id": ("id", "guid", "uid"),
}
# JSON may write one character as twelve bytes ("\ud83d\ude00").
LONGEST_LINE = 12 * LONGEST_ARTICLE


def read(file: BinaryIO) -> Iterator[tuple[int | None, Article | Unreadable]]:
    for number, line in enumerate(_lines(file), 1):
        if line is not None and not line.strip():
            continue
        try:
            yield number, _article(line)
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


def _article(line: bytes | None) -> Article:
    if line is None:
        raise Unreadable(f"the line has over {LONGEST_LINE:,} bytes: write one article a line")
    decoded, notes = decode(line)
    try:
        record = json.loads(decoded)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {str(error)[:120]}; each line must be one JSON object") from None
    if not isinstance(record, dict):
        raise Unreadable(f"a JSON {type(record).__name__}, not an object with text, title, outlet, ...")
    by_key = {re.sub(r"[-_\s]", "", key.lower()): value for key, value in record.items()}
    _, raw = _first(by_key, KEYS["text"])
    if not isinstance(raw, str):
        seen = ", ".join(sorted(key[:40] for key in by_key)[:8])
        raise Unreadable(f"no article text: none of {', '.join(KEYS['text'])} holds text (the record has {seen or 'no keys'})")
    text, more = clean(raw)
    fields = {name: _field(by_key, name) for name in KEYS if name != "text"}
    problems = [problem for _, problem in fields.values() if problem]
    found: dict[str, Any] = {name: field for name, (field, _) in fields.items()}
    return Article(text, **found, notes=(*notes, *more, *problems))


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, Any]:
    for key in keys:
        if record.get(key) not in (None, "", [], {}):
            return key, record[key]
    return "", record.get(keys[0])


def _field(record: Mapping[str, Any], name: str) -> tuple[Field, str]:
    """The field, and a remark if a value was given that cannot be used."""
    key, raw = _first(record, KEYS[name])
    # schema.org nests the names of authors and publishers
    nested = [item.get("name") if isinstance(item, dict) else item for item in (raw if isinstance(raw, list) else [raw])]
    value = metadata.plain(nested if isinstance(raw, list) else nested[0])
    if value is None:
        return UNKNOWN, ""
    understood = {
        "url": metadata.web_address,
        "published": metadata.moment,
        "modified": metadata.moment,
        "language": metadata.language_code,
    }.get(name, metadata.plain)(value)
    if understood is None:
        wanted = {"url": "a web address", "language": "a language code"}.get(name, "a full date")
        return UNKNOWN, f'{key} "{value[:80]}" is not {wanted}: {name} left unknown'
    return Field(understood, "given", key), ""

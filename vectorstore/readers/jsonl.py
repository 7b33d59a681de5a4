"""JSON lines: one article a line, under the keys that crawlers and archives use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.readers import metadata
from vectorstore.readers.decode import LONGEST_ARTICLE, Unreadable, clean, decode

# In order of preference where a record has several.
KEYS = {
    "text": ("text", "body", "content", "article", "article_text", "maintext", "full_text"),
    "title": ("title", "headline", "name"),
    "outlet": ("outlet", "source", "publisher", "site_name", "publication", "source_name", "domain"),
    "url": ("url", "canonical_url", "link", "source_url", "permalink"),
    "published": ("published", "published_at", "date", "date_published", "datepublished", "pub_date", "pubdate", "date_publish"),
    "author": ("author", "authors", "byline", "creator"),
    "given_id": ("id", "guid", "article_id", "uid"),
}
# JSON may write one character as twelve bytes ("\ud83d\ude00").
LONGEST_LINE = 12 * LONGEST_ARTICLE


def read(data: bytes) -> Iterator[tuple[int | None, Article | Unreadable]]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, _article(line)
        except Unreadable as error:
            yield number, error


def _article(line: bytes) -> Article:
    if len(line) > LONGEST_LINE:
        raise Unreadable(f"the line has {len(line):,} bytes; at most {LONGEST_LINE:,} are read: one article a line")
    decoded, notes = decode(line)
    try:
        record = json.loads(decoded)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {str(error)[:120]}; each line must be one JSON object") from None
    if not isinstance(record, dict):
        raise Unreadable(f"a JSON {type(record).__name__}, not an object with text, title, outlet, ...")
    by_key = {str(key).lower().replace("-", "_"): value for key, value in record.items()}
    _, raw = _first(by_key, KEYS["text"])
    if not isinstance(raw, str):
        seen = ", ".join(sorted(by_key)[:8])
        raise Unreadable(f"no article text: none of {', '.join(KEYS['text'])} holds text (the record has {seen or 'no keys'})")
    text, more = clean(raw)
    fields = {name: _field(by_key, name) for name in KEYS if name != "text"}
    problems = [problem for _, problem in fields.values() if problem]
    return Article(text, **{name: field for name, (field, _) in fields.items()}, notes=(*notes, *more, *problems))


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, Any]:
    for key in keys:
        if record.get(key) not in (None, "", [], {}):
            return key, record[key]
    return "", record.get(keys[0])


def _field(record: Mapping[str, Any], name: str) -> tuple[Field, str]:
    """The field, and a remark if a value was given that cannot be used."""
    key, raw = _first(record, KEYS[name])
    if isinstance(raw, dict):  # schema.org nests the name of an author or publisher
        raw = raw.get("name")
    value = metadata.plain(raw)
    if value is None:
        return UNKNOWN, ""
    understood = {"url": metadata.web_address, "published": metadata.moment}.get(name, metadata.plain)(value)
    if understood is None:
        return UNKNOWN, f'{key} "{value[:80]}" is not {"a web address" if name == "url" else "a full date"}: {name} left unknown'
    return Field(understood, "given", key), ""

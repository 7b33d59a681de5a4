"""JSON in one piece: an article, an array of articles, or an object that holds one array of articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from vectorstore.article import METADATA
from vectorstore.not_json import json_fault
from vectorstore.readers.decode import Unreadable, decode
from vectorstore.readers.record import KEYS, article_of, has_text, key_of
from vectorstore.readers.source import Found, Source

# Read whole: a hostile one ("[],[],...") takes thirty times its size. JSON lines have no such limit.
LONGEST_DOCUMENT = 30_000_000


def read(source: Source) -> Iterator[Found]:
    data = source.file.read(LONGEST_DOCUMENT + 1)
    try:
        if len(data) > LONGEST_DOCUMENT:
            raise Unreadable(f"over {LONGEST_DOCUMENT:,} bytes of JSON in one piece: write one article a line (.jsonl)")
        text, notes = decode(data)
        records, broken = _records(text, source)
    except Unreadable as error:
        yield None, error
        return
    for number, record in records:
        try:
            if not isinstance(record, dict):
                raise Unreadable(f"a JSON {type(record).__name__}, not an object with text, title, outlet, ...")
            yield number, article_of(record, source.columns, notes)
        except Unreadable as error:
            yield number, error
    if broken:
        yield len(records) + 1, broken


def _records(text: str, source: Source) -> tuple[list[tuple[int | None, Any]], Unreadable | None]:
    """The records with their numbers, and what is wrong after the last. Raises Unreadable if there is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        records: list[tuple[int | None, Any]] = list(_before_the_break(text))
        problem = Unreadable(f"not JSON: {json_fault(error)}; from here on nothing is read: is the file cut?")
        if not records:
            raise problem from None
        return records, problem
    if isinstance(value, list):
        if not value:
            raise Unreadable("an empty array: no articles")
        return list(enumerate(value, 1)), None
    if not isinstance(value, dict):
        raise Unreadable(f"a JSON {type(value).__name__}, not articles")
    if has_text(list(value), source.columns) and not isinstance(value.get("articles"), list):
        return [(None, value)], None
    # An array of authors is no array of articles.
    told = {key for name in METADATA for key in KEYS[name]}
    arrays = {
        key: item
        for key, item in value.items()
        if isinstance(item, list) and item and all(isinstance(one, dict) for one in item) and key_of(key) not in told
    }
    if len(arrays) == 1:
        return list(enumerate(next(iter(arrays.values())), 1)), None
    if not arrays:
        return [(None, value)], None
    raise Unreadable(
        f"an object with several arrays ({', '.join(sorted(key[:40] for key in arrays)[:8])}): keep the one that holds the articles"
    )


def _before_the_break(text: str) -> Iterator[tuple[int, Any]]:
    """The whole elements of an array that is not whole."""
    decoder, place, number = json.JSONDecoder(), len(text) - len(text.lstrip()), 0
    if text[place : place + 1] != "[":
        return
    place += 1
    while True:
        while text[place : place + 1].isspace() or text[place : place + 1] == ",":
            place += 1
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        number += 1
        yield number, value

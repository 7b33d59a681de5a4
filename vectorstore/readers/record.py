"""From a record, whatever file it stood in, to an article: the keys that crawlers, archives and our own export use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vectorstore.article import CERTAINTIES, METADATA, UNKNOWN, Article, Field
from vectorstore.readers import metadata
from vectorstore.readers.decode import Unreadable, clean

# In order of preference where a record has several; capitals, blanks, "-" and "_" make no difference.
KEYS = {
    "text": ("text", "body", "content", "article", "articletext", "articlebody", "maintext", "fulltext"),
    "title": ("title", "headline", "name"),
    "outlet": ("outlet", "source", "publisher", "sitename", "publication", "sourcename", "domain"),
    "url": ("url", "canonicalurl", "link", "sourceurl", "permalink"),
    "published": ("published", "publishedat", "date", "datepublished", "pubdate", "datepublish", "publishdate"),
    "modified": ("modified", "modifiedat", "datemodified", "updated", "updatedat", "lastmodified", "lastmod"),
    "author": ("author", "authors", "byline", "creator"),
    "language": ("language", "lang", "inlanguage"),
    "given_id": ("id", "guid", "uid"),
}
FIELDS = ("text", *METADATA)
# Keys that say the same in a worse way: no disagreement if a better key is there.
STOPGAPS = {"name", "domain", "guid", "uid", "sourceurl"}
MOST_NOTES = 20


def key_of(name: str) -> str:
    return re.sub(r"[-_\s]", "", name.lower())


def article_of(record: Mapping[str, Any], columns: Mapping[str, str], notes: tuple[str, ...] = (), text: str | None = None) -> Article:
    """`text`, if given, is used instead of the record's. Raises Unreadable for a record without text."""
    by_key = {key_of(key): (key, value) for key, value in record.items() if isinstance(key, str)}
    if text is None:
        text, more = clean(_text(by_key, columns))
        notes += more
    fields: dict[str, Any] = {}
    problems: list[str] = []
    for name in METADATA:
        fields[name] = Field.of(_candidates(by_key, name, columns, problems))
    outlet_written = None
    if "article_id" in record and isinstance(record.get("provenance"), dict):
        fields = {name: _restored(name, field, record["provenance"].get(name), len(text)) for name, field in fields.items()}
        problems += [note for note in map(metadata.plain, _list(record.get("notes"))[:MOST_NOTES]) if note]
        shown = record["provenance"].get("outlet")
        if isinstance(shown, dict) and shown.get("value") == fields["outlet"].value is not None:
            outlet_written = metadata.plain(record.get("outlet_written"))
    return Article(text, **fields, notes=(*notes, *problems), outlet_written=outlet_written)


def _text(by_key: Mapping[str, tuple[str, Any]], columns: Mapping[str, str]) -> str:
    keys = _keys("text", columns)
    raw = next(
        (by_key[key][1] for key in keys if by_key.get(key, ("", None))[1] not in (None, "", [], {})), by_key.get(keys[0], ("", ""))[1]
    )
    if isinstance(raw, str) and any(key in by_key for key in keys):
        return raw
    seen = ", ".join(sorted(str(key)[:40] for key, _ in by_key.values())[:8])
    raise Unreadable(
        f"no article text: none of {', '.join(keys)} holds text (the record has {seen or 'no keys'}); name the key with --map text=KEY"
    )


def has_text(names: list[str], columns: Mapping[str, str]) -> bool:
    """Whether one of these keys or columns is known to hold the text."""
    return bool({key_of(name) for name in names} & set(_keys("text", columns)))


def _keys(name: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    return (key_of(columns[name]), *KEYS[name]) if name in columns else KEYS[name]


def _candidates(by_key: Mapping[str, tuple[str, Any]], name: str, columns: Mapping[str, str], problems: list[str]) -> Iterator[Field]:
    found = False
    for key in _keys(name, columns):
        if key not in by_key or (found and (key in STOPGAPS or name == "given_id")):
            continue
        written, raw = by_key[key]
        # schema.org nests the names of authors and publishers
        nested = [item.get("name") if isinstance(item, dict) else item for item in (raw if isinstance(raw, list) else [raw])]
        value = metadata.plain(nested if isinstance(raw, list) else nested[0])
        if value is None:
            continue
        source = metadata.plain(written) or key
        understood = understand(name, value)
        if understood is None:
            wanted = {"url": "a web address", "language": "a language code"}.get(name, "a full date")
            problems.append(f'{source[:80]} "{value[:80]}" is not {wanted}: not used as {name}')
            continue
        found = True
        yield Field(understood, "given", source)


def understand(name: str, value: str) -> str | None:
    """The value of a metadata field in its one form, or None."""
    forms: dict[str, Callable[[str], str | None]] = {
        "url": metadata.web_address,
        "published": metadata.moment,
        "modified": metadata.moment,
        "language": metadata.language_code,
    }
    return forms.get(name, metadata.plain)(value)


def _restored(name: str, given: Field, stored: object, length: int) -> Field:
    """The field as it was exported. A value that was edited since then counts as given, and the exported one is kept beside it."""
    if given.value is None:
        return UNKNOWN
    exported = _stored(name, stored, length)
    if exported is None:
        return given
    if exported.value == given.value:
        return exported
    return Field.of((given, exported, *exported.others))


def _stored(name: str, stored: object, length: int) -> Field | None:
    """None for what `export` does not write."""
    if not isinstance(stored, dict):
        return None
    value, source, certainty, span = (stored.get(key) for key in ("value", "source", "certainty", "span"))
    if not isinstance(value, str) or not isinstance(source, str) or certainty not in CERTAINTIES[:-1]:
        return None
    plain = metadata.plain(value)
    if plain != value or understand(name, value) != value or (metadata.plain(source) or "") != source:
        return None
    if span is not None and not (_is_span(span) and span[1] <= length):
        return None
    others = [_stored(name, {**other, "others": []}, length) for other in _list(stored.get("others")) if isinstance(other, dict)]
    return Field(value, certainty, source, (span[0], span[1]) if span else None, tuple(other for other in others if other))


def _is_span(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value) and 0 <= value[0] <= value[1]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []

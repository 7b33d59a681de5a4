"""A saved web page: the article's text as its readers see it, and what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vectorstore.article import PARTIAL, UNKNOWN, Article, Field
from vectorstore.readers import head, metadata
from vectorstore.readers.decode import Unreadable, clean, decode
from vectorstore.readers.json_ld import JsonLd, read_json_ld
from vectorstore.readers.page_metadata import Page, fields_of
from vectorstore.readers.page_text import page_text
from vectorstore.readers.page_tree import parse, squeezed, strip_unseen, without_pictures
from vectorstore.readers.source import Found, Source

# A page saved with its pictures in it has megabytes of them; without pictures, news pages have 0.05 to 1 MB. The parser has no limit of
# its own, and 5 MB of bare tags are a million elements.
LONGEST_FILE, LONGEST_MARKUP = 30_000_000, 5_000_000
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)
# Below this share of what JSON-LD says is the body, text was lost or is not shown.
LEAST_OF_BODY = 0.5


def read(source: Source) -> Iterator[Found]:
    data = source.file.read(LONGEST_FILE + 1)
    try:
        if len(data) > LONGEST_FILE:
            raise Unreadable(f"over {LONGEST_FILE:,} bytes: save the page without its pictures, or the article alone")
        markup, notes = _decoded(data, source.charset)
        article = read_page(markup)
    except Unreadable as error:
        yield None, error
        return
    yield None, replace(article, notes=article.notes + notes)


def read_page(markup: str) -> Article:
    """The article of a page. Raises Unreadable if there is none."""
    markup = without_pictures(markup.replace("\x00", " "))
    if len(markup) > LONGEST_MARKUP:
        raise Unreadable(f"{len(markup):,} characters of markup; a page of at most {LONGEST_MARKUP:,} is read: save the article alone")
    tree = parse(markup)
    data = read_json_ld(element.text_content() for element in tree.iter("script") if "ld+json" in element.get("type", "").lower())
    fields, problems = fields_of(Page(tree, markup, data))
    strip_unseen(tree)
    found = page_text(tree, [one.value for one in (fields["title"], *fields["title"].others) if one.value])
    text, notes = clean(found.text)
    return Article(text, **_completed(fields, text), notes=(*notes, *found.notes, *problems, *_doubts(data, text)))


def _completed(fields: dict[str, Field], text: str) -> dict[str, Any]:
    """With what the text itself says."""
    published, author = fields["published"], fields["author"]
    return {
        **fields,
        "published": Field.of((published, *published.others, head.published(text)), metadata.same_time),
        "author": author if author.value else head.author(text),
        "given_id": UNKNOWN,
    }


def _doubts(data: JsonLd, text: str) -> Iterator[str]:
    body = squeezed(re.sub(r"<[^<>]*>", " ", data.body))
    kept = len(squeezed(text))
    if kept < LEAST_OF_BODY * len(body):
        yield f"{PARTIAL} the page's JSON-LD has a body {len(body) / max(1, kept):.1f} times as long; not used, as no reader sees it"
    if not data.free:
        yield "the page says that it is not free to read: this may be an excerpt"


def _decoded(data: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    """What is valid UTF-8 is UTF-8 whatever is said of it; else the server is believed, then the page."""
    declared = CHARSET.search(data[:10_000])
    return decode(data, charset, declared[1].decode("ascii") if declared else None)

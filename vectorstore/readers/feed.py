"""RSS and Atom: what a feed says of each article, and the article itself where the feed holds its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import feedparser

from vectorstore.article import PARTIAL, UNKNOWN, Article, Field
from vectorstore.readers import metadata, xml_tree
from vectorstore.readers.decode import Unreadable, clean
from vectorstore.readers.page_text import is_appeal
from vectorstore.readers.page_tree import parse, prose, strip_unseen, without_pictures
from vectorstore.readers.source import Found, Source

MOST_ENTRIES = 10_000
# Words from which on a text in a feed is taken for the article and not for its teaser: with a summary beside it that has at most half of
# its words, so that the feed itself tells the two apart, and without one. A teaser taken for the article is stored as if it were whole; an
# article taken for a teaser costs one visit to its page. Calibrated on articles and excerpts of public sets (docs/measured.md): of 856
# excerpts 1 had 120 words and none 200; of openings of three paragraphs 32 % had 120 and 10 % had 200; of 1,743 articles 4 % had under 200.
BESIDE_SUMMARY, ALONE = 120, 200
CUT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&#8230;\]|(?:read|continue) (?:more|reading)\W*)\s*$", re.IGNORECASE)
# What blog software adds to every entry.
FOOTER = re.compile(r"The post .{1,300} (?:appeared first on|first appeared on) .{1,200}$")


def read(source: Source) -> Iterator[Found]:
    """Of a saved feed: the entries whose text it holds."""
    try:
        found = list(_entries(source.file.read(xml_tree.LONGEST + 1)))
    except Unreadable as error:
        yield None, error
        return
    for number, (entry, article) in enumerate(found, 1):
        if article is None or not entry["full"]:
            where = f" of {entry['link']}" if entry["link"] else ""
            yield (
                number,
                Unreadable(f"the feed has only a teaser{where}; to fetch the page: rashomon ingest URL"),
            )
        else:
            yield number, article
    if not found:
        yield None, Unreadable("a feed without entries")


def entries(source: Source) -> Iterator[dict[str, Any]]:
    """`link`, `updated`, `words` and whether the text is `full`; `text` and `metadata` are those of the article, text None for no words.
    Raises Unreadable."""
    for entry, article in _entries(source.file.read(xml_tree.LONGEST + 1)):
        yield {**entry, "text": article and article.text, "metadata": article.metadata() if article else {}}


def _entries(data: bytes) -> Iterator[tuple[dict[str, Any], Article | None]]:
    xml_tree.check(data)
    # Bytes and nothing else: given a string, feedparser opens the file or address of that name.
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.entries:
        raise Unreadable(f"not a feed: {str(parsed.get('bozo_exception', 'it has no entries'))[:120]}")
    if len(parsed.entries) > MOST_ENTRIES:
        raise Unreadable(f"a feed with {len(parsed.entries):,} entries; one with at most {MOST_ENTRIES:,} is read: split it")
    for entry in parsed.entries:
        link = metadata.web_address(str(entry.get("link") or "").strip())
        text, notes, summary = _text(entry)
        words = len(text.split())
        full = words >= (BESIDE_SUMMARY if 0 < 2 * summary <= words else ALONE) and not CUT.search(text)
        updated = entry.get("updated") or entry.get("published")
        known = {"link": link, "updated": metadata.moment(str(updated or "")) or metadata.plain(updated), "words": words, "full": full}
        yield known, _article(entry, (text, notes), link, parsed.feed, full=full) if text else None


def _text(entry: Any) -> tuple[str, tuple[str, ...], int]:
    """The longest text that the entry has, and how many words its summary has."""
    written = [str(entry.get("summary") or ""), *(str(one.get("value") or "") for one in entry.get("content", ()))]
    found: list[tuple[str, tuple[str, ...]]] = []
    for one in written:
        try:
            found.append(_plain(one))
        except Unreadable:
            found.append(("", ()))
    text, notes = max(found, key=lambda one: len(one[0]))
    return text, notes, len(found[0][0].split())


def _plain(markup: str) -> tuple[str, tuple[str, ...]]:
    if not markup.strip():
        return "", ()
    tree = parse(f"<html><body><div>{without_pictures(markup.replace(chr(0), ' '))}")
    strip_unseen(tree)
    lines = [run.text for run in prose(tree, least_words=1)]
    text = "\n".join(line for line in lines if not is_appeal(line) and not FOOTER.fullmatch(line))
    return clean(text) if text.strip() else ("", ())


def _article(entry: Any, found: tuple[str, tuple[str, ...]], link: str | None, feed: Any, *, full: bool) -> Article:
    def field(name: str, value: object, understand: Any = metadata.plain) -> Field:
        plain = metadata.plain(value)
        understood = understand(plain) if plain else None
        return Field(understood, "declared", f"feed: {name}") if understood else UNKNOWN

    text, notes = found
    feed_title = metadata.plain(_without_tags(feed.get("title")))
    updated, published = (entry.get(name) for name in ("updated", "published"))
    return Article(
        text,
        title=field("title", _without_tags(entry.get("title"))),
        outlet=replace(field("title of the feed", feed_title), certainty="guessed") if feed_title else UNKNOWN,
        url=Field(link, "declared", "feed: link") if link else UNKNOWN,
        published=field("published", published or updated, metadata.moment),
        modified=field("updated", updated, metadata.moment) if updated and published and updated != published else UNKNOWN,
        author=field("author", entry.get("author")),
        language=field("language", feed.get("language"), metadata.language_code),
        given_id=UNKNOWN if link else field("id", entry.get("id")),
        notes=(*notes, *(() if full else (f"{PARTIAL} the feed has {len(text.split())} words of it",))),
    )


def _without_tags(title: object) -> str | None:
    if not title:
        return None
    # Nothing is closed: after an open <script> or <textarea> what closes would be words.
    try:
        return " ".join(parse(f"<html><body><p>{title}").text_content().split())
    except Unreadable:
        return None


__all__ = ["entries", "read"]

"""What a web page says of its article, each value with the part of the page that says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from vectorstore.article import Certainty, Field, canonical_url
from vectorstore.readers import metadata
from vectorstore.readers.json_ld import JsonLd
from vectorstore.readers.page_tree import squeezed

# The names of meta tags, surest first: those of a protocol, those of common publishing systems, those used for other ends.
META: Mapping[str, Sequence[tuple[str, Certainty]]] = {
    "title": tuple((name, "declared") for name in ("og:title", "twitter:title", "headline", "dc.title", "parsely-title", "sailthru.title")),
    "outlet": (
        *((name, "declared") for name in ("og:site_name", "dc.publisher", "publisher")),
        *((name, "guessed") for name in ("application-name", "apple-mobile-web-app-title")),
    ),
    "url": (("og:url", "declared"), ("twitter:url", "declared")),
    "published": tuple(
        (name, "declared")
        for name in (
            *("article:published_time", "datepublished", "og:published_time", "article:published", "article.published"),
            *("parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "pubdate"),
            *("publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "date"),
        )
    ),
    "modified": tuple(
        (name, "declared")
        for name in ("article:modified_time", "datemodified", "og:updated_time", "article:modified", "dcterms.modified", "lastmod")
    ),
    "author": tuple((name, "declared") for name in ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")),
    "language": (("content-language", "declared"), ("language", "declared"), ("og:locale", "guessed")),
}
SEPARATOR = re.compile(r"\s+[|\-–—:·•»/]{1,2}\s+|\s*\|\s*")
BYLINE_PREFIX = re.compile(r"\s*(?:(?:written|reported|posted|words) )?by:?\s+", re.IGNORECASE)
ADDRESS_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")
SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
LONGEST_BYLINE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page before anything is taken out of it, its markup and its JSON-LD."""

    tree: Any
    markup: str
    data: JsonLd


def fields_of(page: Page) -> tuple[dict[str, Field], tuple[str, ...]]:
    """The metadata, and remarks on values that cannot be used."""
    meta = _meta(page.tree)
    problems: list[str] = []

    def field(name: str, candidates: Iterator[tuple[object, Certainty, str]], same: Callable[[str, str], bool]) -> Field:
        return Field.of(_usable(name, candidates, problems), same)

    outlet = field("outlet", _outlets(page, meta), _same_words)
    address = field("url", _addresses(page, meta), _same_page)
    names = [one.value for one in (outlet, *outlet.others) if one.value]
    return {
        "title": Field.of(_without_site(_usable("title", _titles(page, meta), problems), names, address.value), _same_words),
        "outlet": outlet,
        "url": address,
        "published": field("published", _dates(page, meta, "published", address.value), metadata.same_day),
        "modified": field("modified", _dates(page, meta, "modified", None), metadata.same_day),
        "author": field("author", _authors(page, meta), _same_words),
        "language": field("language", _languages(page, meta), lambda one, other: one == other),
    }, tuple(problems)


def _meta(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for name in {element.get(kind, "").strip().lower() for kind in ("property", "name", "itemprop", "http-equiv")} - {""}:
            found.setdefault(name, []).append(content)
    return found


def _tags(meta: Mapping[str, list[str]], name: str) -> Iterator[tuple[object, Certainty, str]]:
    for key, certainty in META[name]:
        if key in meta:
            yield (meta[key] if name == "author" else meta[key][0]), certainty, key if ":" in key else f"meta {key}"


def _titles(page: Page, meta: Mapping[str, list[str]]) -> Iterator[tuple[object, Certainty, str]]:
    yield page.data.headline, "declared", "JSON-LD headline"
    yield from _tags(meta, "title")
    headings = page.tree.xpath("//article//h1 | //main//h1") or page.tree.xpath("//h1")
    # Several: one of them may be the site's name.
    if len(headings) == 1:
        yield headings[0].text_content(), "found", "h1"
    for element in page.tree.xpath("/html/head/title")[:1]:
        yield element.text_content(), "guessed", "title"


def _outlets(page: Page, meta: Mapping[str, list[str]]) -> Iterator[tuple[object, Certainty, str]]:
    yield page.data.publisher, "declared", "JSON-LD publisher"
    for value, certainty, source in _tags(meta, "outlet"):
        # Some write their own or their network's address there, which is no name.
        if not re.match(r"\s*(?:https?:)?//", str(value)):
            yield value, certainty, source


def _addresses(page: Page, meta: Mapping[str, list[str]]) -> Iterator[tuple[object, Certainty, str]]:
    for element in page.tree.iter("link"):
        if "canonical" in element.get("rel", "").lower().split():
            yield element.get("href"), "declared", "canonical link"
            break
    yield from _tags(meta, "url")
    yield page.data.url, "declared", "JSON-LD url"
    saved = SAVED_FROM.search(page.markup[:4_000])
    if saved:
        yield saved[1], "found", "saved from"


def _dates(page: Page, meta: Mapping[str, list[str]], name: str, address: str | None) -> Iterator[tuple[object, Certainty, str]]:
    key = {"published": "datePublished", "modified": "dateModified"}[name]
    yield page.data.dates.get(key), "declared", f"JSON-LD {key}"
    yield from _tags(meta, name)
    for element in page.tree.xpath(f"//*[@itemprop='{key}']"):
        yield element.get("datetime") or element.get("content") or element.text_content(), "declared", f"itemprop {key}"
        break
    if name == "published":
        times = page.tree.xpath("//time[@pubdate]") or page.tree.xpath("//article//time") or page.tree.xpath("//time")
        # More than two are the dates of other articles; the second is often that of the last change.
        if 0 < len(times) <= 2:
            yield times[0].get("datetime") or times[0].text_content(), "found", "time"
        day = ADDRESS_DAY.search(urlsplit(address or "").path)
        if day:
            yield "-".join(part.zfill(2) for part in day.groups()), "guessed", "address"


def _authors(page: Page, meta: Mapping[str, list[str]]) -> Iterator[tuple[object, Certainty, str]]:
    yield page.data.authors, "declared", "JSON-LD author"
    yield from _tags(meta, "author")
    for query, source in (
        ("//*[@itemprop='author']", "itemprop author"),
        ("//a[@rel='author']", "rel author"),
        ("//*[contains(concat(' ', translate(@class, '-_', '  '), ' '), ' byline ')]", "byline"),
    ):
        texts = [" ".join(element.text_content().split()) for element in page.tree.xpath(query)[:5]]
        texts = [text for text in dict.fromkeys(texts) if 0 < len(text) <= LONGEST_BYLINE]
        if texts and source == "byline":
            # A line of its own: only what "By" introduces, without the date or the job that follows.
            match = re.match(r"(?i:by):?\s+((?:[^\W\d_][\w.’'-]*\s*(?:,\s|and\s)?){2,8})(?=$|[|•·,]|\d)", texts[0])
            texts = [match[1].strip(" ,")] if match else []
        if texts:
            yield texts, "found", source


def _languages(page: Page, meta: Mapping[str, list[str]]) -> Iterator[tuple[object, Certainty, str]]:
    yield page.data.language, "declared", "JSON-LD inLanguage"
    yield page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang"), "declared", "html lang"
    yield from _tags(meta, "language")


def _usable(name: str, candidates: Iterator[tuple[object, Certainty, str]], problems: list[str]) -> Iterator[Field]:
    for raw, certainty, source in candidates:
        values = [_plain(item) for item in (raw if isinstance(raw, list) else [raw])]
        if name == "author":
            names = [BYLINE_PREFIX.sub("", value, 1) for value in values if value and not re.match(r"(?:https?:)?//|@", value)]
            values = [", ".join(dict.fromkeys(names))]
        value = values[0] if values else None
        if not value:
            continue
        understood, problem = _understood(name, value, source)
        if understood:
            yield Field(understood, certainty, source)
        elif problem and certainty != "guessed":
            problems.append(problem)


def _understood(name: str, value: str, source: str) -> tuple[str | None, str]:
    if name == "url":
        found = metadata.web_address(value)
        # A page that names the front page as its address would be one publication with every other page that does.
        if found and urlsplit(found).path in ("", "/") and not urlsplit(found).query:
            return None, f"{source} names the front page: not used as url"
        return found, f'{source} "{value[:80]}" is not a web address: not used as url'
    if name in ("published", "modified"):
        return metadata.moment(value), f'{source} "{value[:80]}" is not a full date: not used as {name}'
    if name == "language":
        return metadata.language_code(value), ""
    return metadata.plain(value), ""


def _plain(value: object) -> str | None:
    """Text without markup: some pages put entities and live tags into their metadata."""
    text = metadata.plain(value)
    for _ in range(3):
        if text is None or ("&" not in text and "<" not in text):
            break
        text = metadata.plain(
            re.sub(r"<(?:script|style)\b.*?</(?:script|style)>|</?[a-zA-Z!][^<>]*>", " ", unescape(text), flags=re.S | re.I)
        )
    return text


def _without_site(candidates: Iterator[Field], outlets: Sequence[str], address: str | None) -> Iterator[Field]:
    """Titles without " | Site name" or "Site name: ", where that is the outlet's name or address or another title lacks it."""
    titles = list(candidates)
    host = (urlsplit(address).hostname or "") if address else ""
    known = {squeezed(name) for name in outlets} | {squeezed(label) for label in (host, host.removeprefix("www."), *host.split(".")[:-1])}
    others = {squeezed(title.value or "") for title in titles}
    for title in titles:
        value = title.value or ""
        for match in SEPARATOR.finditer(value):
            front, back = value[: match.start()], value[match.end() :]
            if squeezed(back) in known or (squeezed(front) in others and len(squeezed(front)) > len(squeezed(back))):
                value = front
                break
            if squeezed(front) in known:
                value = back
                break
        if squeezed(value):
            yield Field(value.strip(), title.certainty, title.source)


def _same_words(one: str, other: str) -> bool:
    return squeezed(one) == squeezed(other)


def _same_page(one: str, other: str) -> bool:
    return canonical_url(one) == canonical_url(other)

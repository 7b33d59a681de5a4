"""What a web page says of its article, each value with the part of the page that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
# A raw value, how sure it is and what says it.
Said = tuple[object, Certainty, str]
SEPARATOR = re.compile(r"\s+[|\-–—:·•»/]{1,2}\s+|\s*\|\s*|:\s+")
WORD = r"[^\W\d_][\w.’'-]*+"
BYLINE = re.compile(rf"(?i:by):?\s+({WORD}(?:,?\s+{WORD}){{1,7}}?)\s*(?=$|[|•·,]|\d)")
BYLINE_PREFIX = re.compile(r"\s*(?:(?:written|reported|posted|words) )?by:?\s+", re.IGNORECASE)
ADDRESS_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")
SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
LONGEST_BYLINE = 100
LEAST_BEGINNING = 30


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

    def usable(name: str, candidates: Iterator[Said]) -> list[Field]:
        found = list(_usable(name, candidates, problems))
        # A guess is a stopgap: it is no disagreement with what the page says outright.
        return [one for one in found if one.certainty != "guessed"] or found

    outlets = usable("outlet", _outlets(page, meta))
    address = Field.of(usable("url", _addresses(page, meta)), _same_page)
    modified = Field.of(usable("modified", _dates(page, meta, "modified", None)), metadata.same_time)
    published = usable("published", _dates(page, meta, "published", address.value))
    titles = _without_site(list(_usable("title", _titles(page, meta), problems)), [one.value or "" for one in outlets], address.value)
    authors = usable("author", _authors(page, meta))
    return {
        "title": Field.of([one for one in titles if one.certainty != "guessed"] or titles, _same_title),
        "outlet": Field.of(outlets, _same_words),
        "url": address,
        "published": Field.of(_without_later(published, modified), metadata.same_time),
        "modified": modified,
        # What is read off the page holds jobs and handles too: only without a declared author.
        "author": Field.of([one for one in authors if one.certainty == "declared"] or authors[:1], _same_words),
        "language": Field.of(usable("language", _languages(page, meta)), _same_words),
    }, tuple(problems)


def _without_later(published: list[Field], modified: Field) -> list[Field]:
    """Without times in the page that are those of the last change, or the declared day in the page's own time zone."""
    declared = [one.value or "" for one in published if one.certainty == "declared"]
    changed = [one.value or "" for one in (modified, *modified.others) if one.value]
    return [
        one
        for one in published
        if one.certainty == "declared"
        or not declared
        or not any(metadata.days_apart(one.value or "", other) <= 1 for other in (*declared, *changed))
    ]


def _meta(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for name in {element.get(kind, "").strip().lower() for kind in ("property", "name", "itemprop", "http-equiv")} - {""}:
            found.setdefault(name, []).append(content)
    return found


def _tags(meta: Mapping[str, list[str]], name: str, until: int | None = None, skip: int = 0) -> Iterator[Said]:
    for key, certainty in META[name][skip:until]:
        if key in meta:
            yield (meta[key] if name == "author" else meta[key][0]), certainty, key if ":" in key else f"meta {key}"


def _titles(page: Page, meta: Mapping[str, list[str]]) -> Iterator[Said]:
    yield page.data.headline, "declared", "JSON-LD headline"
    yield from _tags(meta, "title")
    headings = page.tree.xpath("//article//h1 | //main//h1") or page.tree.xpath("//h1")
    # Several: one of them may be the site's name.
    heading = " ".join(headings[0].text_content().split()) if len(headings) == 1 else ""
    whole = " ".join("".join(element.text_content() for element in page.tree.xpath("/html/head/title")[:1]).split())
    if squeezed(heading) in squeezed(whole):
        yield heading, "found", "h1"
    yield whole, "guessed", "title"
    yield heading, "guessed", "h1"


def _outlets(page: Page, meta: Mapping[str, list[str]]) -> Iterator[Said]:
    # The name of the site first: the publisher may be the agency or the platform.
    publisher: Said = (page.data.publisher, "declared", "JSON-LD publisher")
    for value, certainty, source in (*_tags(meta, "outlet", 1), publisher, *_tags(meta, "outlet", skip=1)):
        # Some write their own or their network's address there, which is no name.
        if not re.match(r"\s*(?:https?:)?//", str(value)):
            yield value, certainty, source


def _addresses(page: Page, meta: Mapping[str, list[str]]) -> Iterator[Said]:
    for element in page.tree.iter("link"):
        if "canonical" in element.get("rel", "").lower().split():
            yield element.get("href"), "declared", "canonical link"
            break
    yield from _tags(meta, "url")
    yield page.data.url, "declared", "JSON-LD url"
    saved = SAVED_FROM.search(page.markup[:4_000])
    if saved:
        yield saved[1], "found", "saved from"


def _dates(page: Page, meta: Mapping[str, list[str]], name: str, address: str | None) -> Iterator[Said]:
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


def _authors(page: Page, meta: Mapping[str, list[str]]) -> Iterator[Said]:
    yield page.data.authors, "declared", "JSON-LD author"
    yield from _tags(meta, "author")
    for query, source in (
        ("//*[@itemprop='author']", "itemprop author"),
        ("//a[@rel='author']", "rel author"),
        ("//*[contains(concat(' ', translate(@class, '-_', '  '), ' '), ' byline ')]", "byline"),
    ):
        elements = [element for element in page.tree.xpath(query)[:5] for element in element.xpath(".//*[@itemprop='name']") or [element]]
        texts = [" ".join((element.get("content") or element.text_content()).split()) for element in elements]
        texts = [text for text in dict.fromkeys(texts) if 0 < len(text) <= LONGEST_BYLINE]
        if texts and source == "byline":
            # A line of its own: only what "By" introduces, without the date or the job that follows.
            match = BYLINE.match(texts[0])
            texts = [match[1]] if match else []
        if texts:
            yield texts, "found", source


def _languages(page: Page, meta: Mapping[str, list[str]]) -> Iterator[Said]:
    yield page.data.language, "declared", "JSON-LD inLanguage"
    yield page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang"), "declared", "html lang"
    yield from _tags(meta, "language")


def _usable(name: str, candidates: Iterator[Said], problems: list[str]) -> Iterator[Field]:
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


def _without_site(titles: list[Field], outlets: Sequence[str], address: str | None) -> list[Field]:
    """Titles without " | Site name" or "Site name: ", where that is the outlet's name or address or another title lacks it."""
    host = (urlsplit(address).hostname or "") if address else ""
    known = {squeezed(name) for name in (*outlets, host, host.removeprefix("www."), *host.split(".")[:-1])} - {""}
    others = {squeezed(title.value or "") for title in titles} - known
    found = []
    for title in titles:
        value = title.value or ""
        for match in SEPARATOR.finditer(value):
            front, back = value[: match.start()], value[match.end() :]
            longer = len(squeezed(front)) > len(squeezed(back))
            if squeezed(back) in known or (squeezed(front) in others and longer):
                value = front
                break
            if squeezed(front) in known or (squeezed(back) in others and not longer):
                value = back
                break
        if squeezed(value) and squeezed(value) not in known:
            found.append(Field(value.strip(), title.certainty, title.source))
    return found


def _same_title(one: str, other: str) -> bool:
    """Also if one is the other's beginning: some tags hold only so many characters."""
    shorter, longer = sorted((squeezed(one), squeezed(other)), key=len)
    return shorter == longer or (len(shorter) >= LEAST_BEGINNING and longer.startswith(shorter))


def _same_words(one: str, other: str) -> bool:
    return squeezed(one) == squeezed(other)


def _same_page(one: str, other: str) -> bool:
    return canonical_url(one) == canonical_url(other)

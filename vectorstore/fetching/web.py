"""An address as an input: what stands there, or a reason why it was not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from vectorstore.article import Article, Field
from vectorstore.fetching.address import file_name, shown
from vectorstore.fetching.fetch import Fetched, Fetcher, NotFetched, Refused
from vectorstore.readers import read_bytes
from vectorstore.readers.found import Read, Rejection

# Parts of a host's name that one site uses side by side.
SIDES = ("www.", "m.", "mobile.", "amp.", "feeds.", "feed.", "rss.")


def read_address(fetcher: Fetcher, url: str) -> Iterator[Read | Rejection]:
    """Never raises for what is there: what cannot be fetched or read is a Rejection."""
    try:
        fetched = fetcher.fetch(url)
    except (Refused, NotFetched) as error:
        yield not_read(url, error)
        return
    yield from read_fetched(fetched, url)


def not_read(url: str, error: Refused | NotFetched) -> Rejection:
    place = shown(url) if isinstance(error, Refused) else url
    # What holds a password is not kept, and so cannot be read again.
    return Rejection(place, None, str(error), source=url if place == url else None)


def read_fetched(fetched: Fetched, url: str) -> Iterator[Read | Rejection]:
    for item in read_bytes(fetched.body or b"", url, name=file_name(fetched.url), charset=fetched.charset):
        whole_page = isinstance(item, Read) and item.line is None
        yield replace(item, article=located(item.article, fetched.url)) if isinstance(item, Read) and whole_page else item


def located(article: Article, url: str) -> Article:
    """With the address that it came from. The one that a page states for itself counts only within its own site: any page can say that
    it is another outlet's, and would be taken for a new version of that article."""
    stated = article.url
    if stated.value and same_site(stated.value, url):
        return article
    return replace(article, url=Field.of((Field(url, "given", "fetched from there"), stated, *stated.others)))


def same_site(one: str, other: str) -> bool:
    return _site(one) == _site(other)


def _site(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    for side in SIDES:
        if host.startswith(side) and host.count(".") > 1:
            return host.removeprefix(side)
    return host

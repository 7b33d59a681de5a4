"""Feeds and sitemaps: what is new in them since the last time, read from the feed itself or from the article's page."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from vectorstore.article import Article, Field
from vectorstore.fetching.fetch import Fetched, Fetcher, NotFetched, Refused
from vectorstore.fetching.memory import Memory, Visited
from vectorstore.fetching.web import not_read, read_fetched, same_site
from vectorstore.readers import child, xml_tree
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.found import Read, Rejection
from vectorstore.readers.kinds import kind_of
from vectorstore.readers.source import Source

# Articles fetched from one list in one visit; the rest is read the next time. A page a second is a minute and a half.
MOST_NEW = 100
# Sitemaps read of a list of sitemaps: those that changed last. News sites have one for each day or month, and the new is in the last.
MOST_LISTS = 10


@dataclass(slots=True)
class Visit:
    """What one list gave. `known` were read before; `fetched` had to be read from their pages, as the feed has no more than `short`
    words of any, or is not of their site."""

    url: str
    entries: int = 0
    known: int = 0
    from_feed: int = 0
    fetched: int = 0
    failed: int = 0
    left: int = 0
    older_lists: int = 0
    unchanged: bool = False
    problem: str | None = None


class Watcher:
    """One round over lists of articles. What was read is remembered only by `remember`, once it is stored: whatever ends the round
    before, the next one reads it again. `memory` may be of a library that others write meanwhile."""

    def __init__(self, fetcher: Fetcher, memory: Memory, *, most: int = MOST_NEW):
        self._fetcher, self._memory, self._most = fetcher, memory, most
        self.visits: list[Visit] = []
        # What the library knew of an address when it was first looked at, what has been read since, and what of that is not saved.
        self._seen: dict[str, Visited | None] = {}
        self._read: dict[str, Visited] = {}
        self.unsaved: dict[str, Visited] = {}

    def read(self, urls: Sequence[str]) -> Iterator[Read | Rejection]:
        """What is new. A list that cannot be read is a Rejection too."""
        for url in dict.fromkeys(urls):
            yield from self._list(url, depth=0)

    def still_new(self, items: Sequence[Read | Rejection], memory: Memory) -> list[Read | Rejection]:
        """Without what another watch has read and stored since this one looked: if that is not the last of it, the next round sees."""
        return [item for item in items if item.path not in self._seen or memory.visited(item.path) == self._seen[item.path]]

    def remember(self, memory: Memory) -> None:
        """Writes down what is read whole and stored; the memory must be open to write."""
        memory.remember(one for url, one in self.unsaved.items() if memory.visited(url) == self._seen[url])
        self._seen |= self.unsaved
        self.unsaved = {}

    def _look(self, url: str) -> Visited | None:
        if url not in self._seen:
            self._seen[url] = self._memory.visited(url)
        return self._read.get(url) or self._seen[url]

    def _done(self, visited: Visited) -> None:
        self._read[visited.url] = self.unsaved[visited.url] = visited

    def _list(self, url: str, *, depth: int) -> Iterator[Read | Rejection]:
        visit = Visit(url)
        self.visits.append(visit)
        before = self._look(url) or Visited(url)
        try:
            fetched = self._fetcher.fetch(url, etag=before.etag, last_modified=before.last_modified)
            if fetched.body is None:
                visit.unchanged = True
                return
            entries = _entries(_unpacked(fetched.body))
        except (Refused, NotFetched) as error:
            visit.problem = str(error)
            yield not_read(url, error)
            return
        except Unreadable as error:
            visit.problem = str(error)
            yield Rejection(url, None, str(error), source=url)
            return
        lists = sorted((entry for entry in entries if "list" in entry), key=lambda entry: entry.get("updated") or "", reverse=True)
        visit.older_lists = max(0, len(lists) - MOST_LISTS)
        # A sitemap may only name its own site's; a list of feeds is there to name others. Neither may go on to further lists.
        below = [entry["list"] for entry in lists[:MOST_LISTS] if same_site(entry["list"], fetched.url)]
        below += [entry["feed"] for entry in entries if "feed" in entry]
        for address in dict.fromkeys(below if depth == 0 else ()):
            yield from self._list(address, depth=1)
        yield from self._articles(visit, fetched, [entry for entry in entries if not {"list", "feed"} & entry.keys()])
        if not visit.left and not visit.failed:
            self._done(Visited(url, fetched.etag, fetched.last_modified))

    def _articles(self, visit: Visit, fetched: Fetched, entries: Sequence[dict[str, Any]]) -> Iterator[Read | Rejection]:
        for entry in entries:
            visit.entries += 1
            link = entry.get("link")
            named = (entry.get("metadata") or {}).get("given_id", {}).get("value") or entry.get("text") or f"entry {visit.entries}"
            key = link or f"{visit.url}#{named}"[:500]
            stamp = entry.get("updated") or ""
            before = self._look(key)
            if before and before.stamp == stamp:
                visit.known += 1
            elif visit.from_feed + visit.fetched + visit.failed >= self._most:
                visit.left += 1
            elif entry.get("full") and (link is None or same_site(link, fetched.url)):
                visit.from_feed += 1
                yield Read(_told(entry, f"the text is the feed's, {entry['words']} words: {visit.url}"), key)
                self._done(Visited(key, stamp=stamp))
            elif link is None:
                visit.failed += 1
                yield Rejection(key, None, "the feed has neither its text nor its address", source=visit.url)
                # Otherwise a hundred of them would stand before all others in every round.
                self._done(Visited(key, stamp=stamp))
            else:
                yield from self._page(visit, entry, link, stamp)

    def _page(self, visit: Visit, entry: dict[str, Any], link: str, stamp: str) -> Iterator[Read | Rejection]:
        try:
            page = self._fetcher.fetch(link)
        except (Refused, NotFetched) as error:
            visit.failed += 1
            yield not_read(link, error)
            # What may pass is tried again the next time; the rest waits in the list of what was rejected.
            if not (isinstance(error, NotFetched) and error.passing):
                self._done(Visited(link, stamp=stamp))
            return
        visit.fetched += 1
        for item in read_fetched(page, link):
            yield replace(item, article=_completed(item.article, entry, visit.url)) if isinstance(item, Read) else item
        self._done(Visited(link, stamp=stamp))


def _told(entry: dict[str, Any], note: str) -> Article:
    article = Article.from_metadata(entry["text"], entry["metadata"])
    return replace(article, notes=(*article.notes, note))


def _completed(article: Article, entry: dict[str, Any], feed: str) -> Article:
    """With what the list says where the page says nothing."""
    told = entry.get("metadata") or {
        name: Field(entry[name], "declared", f"sitemap: {name}").stored() for name in ("title", "published") if entry.get(name)
    }
    fields: dict[str, Any] = {
        name: Field.from_stored(told[name])
        for name in ("title", "published", "author", "language")
        if name in told and getattr(article, name).value is None
    }
    words = f"{entry['words']} words of it" if "words" in entry else "its address alone"
    return replace(article, **fields, notes=(*article.notes, f"the page was fetched: {feed} has {words}"))


def _unpacked(data: bytes) -> bytes:
    """A sitemap may be a file packed with gzip. Raises Unreadable."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(BytesIO(data)) as packed:
            found = packed.read(xml_tree.LONGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"damaged: {error}") from None
    return found


def _entries(data: bytes) -> list[dict[str, Any]]:
    """Raises Unreadable."""
    source = Source(BytesIO(data), "")
    try:
        is_feed = kind_of(source.file, "") == "feed"
    except Unreadable:
        is_feed = False
    source.file.seek(0)
    return child.values("feed" if is_feed else "addresses", "entries", source)


def feeds_in(file: Path) -> list[str]:
    """The feeds of an OPML file. Raises Unreadable and OSError."""
    with file.open("rb") as opened:
        data = opened.read(xml_tree.LONGEST + 1)
    found = [entry["feed"] for entry in child.values("addresses", "entries", Source(BytesIO(data), file.name)) if "feed" in entry]
    if not found:
        raise Unreadable('it lists no feeds; an OPML file has them as xmlUrl="https://..."')
    return found

"""Lists of addresses: sitemaps, and the lists of feeds that feed readers export (OPML)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectorstore.readers import metadata, xml_tree
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.source import Source
from vectorstore.readers.xml_tree import first_text, local_name

# A sitemap has at most 50,000 by its standard.
MOST_ADDRESSES, MOST_FEEDS = 50_000, 1_000
LONGEST_SHOWN = 2_000


def entries(source: Source) -> Iterator[dict[str, str | None]]:
    """Of a sitemap: `link` and what is said of it; of a list of sitemaps: `list`, the address of one; of a list of feeds: `feed`. Raises
    Unreadable."""
    root = xml_tree.parse(source.file.read(xml_tree.LONGEST + 1))
    kind = local_name(root)
    if kind == "opml":
        yield from _feeds(root)
    elif kind in ("urlset", "sitemapindex"):
        if len(root) > MOST_ADDRESSES:
            raise Unreadable(f"a sitemap of {len(root):,} addresses; by its standard one has at most {MOST_ADDRESSES:,}")
        for element in root:
            link = metadata.web_address(first_text(element, "loc") or "")
            if link is None:
                continue
            updated = metadata.moment(first_text(element, "lastmod") or "")
            if kind == "sitemapindex":
                yield {"list": link, "updated": updated}
                continue
            published = metadata.moment(first_text(element, "publication_date") or "")
            yield {"link": link, "title": metadata.plain(first_text(element, "title")), "published": published, "updated": updated}
    else:
        raise Unreadable(f"neither a feed, a sitemap nor a list of feeds, but <{kind[:40]}>")


def _feeds(root: Any) -> Iterator[dict[str, str | None]]:
    found = set[str]()
    for element in root.iter():
        attributes = {name.lower(): value for name, value in element.attrib.items()} if local_name(element) == "outline" else {}
        written = " ".join((attributes.get("xmlurl") or "").split())[:LONGEST_SHOWN]
        # What is no address of the web is refused where it would be fetched, and so listed as rejected.
        address = metadata.web_address(written) or written
        if address and address not in found:
            if len(found) == MOST_FEEDS:
                raise Unreadable(f"a list of over {MOST_FEEDS:,} feeds: split it")
            found.add(address)
            yield {"feed": address, "title": metadata.plain(attributes.get("title") or attributes.get("text"))}

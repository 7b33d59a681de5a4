"""XML of strangers as a tree: no entity is resolved, nothing is fetched or opened."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from vectorstore.readers.decode import Unreadable

# An entity that stands for ten of another, and so on, makes gigabytes of a few lines; feeds have no need of their own entities.
ENTITY = re.compile(rb"<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y", re.IGNORECASE)
# A sitemap may have 50 MB by its standard; those of news have 1,000 addresses and below 1 MB.
LONGEST = 30_000_000


def check(data: bytes) -> None:
    """Raises Unreadable for what no XML parser should be given."""
    if len(data) > LONGEST:
        raise Unreadable(f"over {LONGEST:,} bytes of XML")
    if ENTITY.search(data):
        raise Unreadable("XML that defines entities of its own, as attacks do and feeds do not")


def parse(data: bytes) -> Any:
    """The root element. Raises Unreadable."""
    check(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not XML: {str(error)[:120]}") from None
    if root is None:
        raise Unreadable("not XML: there is no element in it")
    return root


def local_name(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def first_text(element: Any, name: str) -> str | None:
    """The text of the first element below this one that has the name, whatever its namespace."""
    for below in element.iter():
        if local_name(below) == name and below.text and below.text.strip():
            return str(below.text).strip()
    return None

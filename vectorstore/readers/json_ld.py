"""What the JSON-LD of a page says of its article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# schema.org's kinds of article that are news or stand in its place.
ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review|SocialMediaPosting)$")
PAGE = re.compile(r"(?:WebPage|ItemPage)$")
MOST_NODES, DEEPEST = 2_000, 6
LONGEST_SCRIPT = 1_000_000


@dataclass(frozen=True, slots=True)
class JsonLd:
    """Raw values; None or empty for what is not said."""

    headline: object = None
    publisher: object = None
    url: object = None
    language: object = None
    authors: list[object] = field(default_factory=list)
    dates: Mapping[str, object] = field(default_factory=dict)
    body: str = ""
    free: bool = True


def read_json_ld(scripts: Iterator[str]) -> JsonLd:
    """Of the node that is an article; the first, if several are."""
    nodes = [node for script in scripts for value in _values(script) for node in _nodes(value, DEEPEST)][:MOST_NODES]
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if _is(node, ARTICLE)]
    pages = [node for node in nodes if _is(node, PAGE)]
    if not articles and not pages:
        return JsonLd()
    article, page = (articles or pages)[0], (pages or articles)[0]

    def either(key: str) -> object:
        return article.get(key) or page.get(key)

    main = article.get("mainEntityOfPage")
    publisher = _resolved(article.get("publisher"), by_id)
    body = article.get("articleBody")
    return JsonLd(
        headline=article.get("headline") or (article.get("name") if articles else None),
        publisher=_name(publisher),
        url=article.get("url") or (main if isinstance(main, str) else (_resolved(main, by_id) or {}).get("@id")),
        language=either("inLanguage") if isinstance(either("inLanguage"), str) else _name(either("inLanguage")),
        authors=_names(article.get("author"), by_id),
        dates={key: either(key) for key in ("datePublished", "dateModified")},
        body=body if isinstance(body, str) else "",
        free=str(article.get("isAccessibleForFree", "true")).lower() not in ("false", "http://schema.org/false"),
    )


def _values(script: str) -> Iterator[object]:
    if len(script) > LONGEST_SCRIPT:
        return
    text = re.sub(r"^\s*(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", "", script).strip().rstrip(";")
    try:
        yield json.loads(text, strict=False)
    except (ValueError, RecursionError):  # many pages have broken ones; the other sources stand
        return


def _nodes(value: object, depth: int) -> Iterator[dict[str, Any]]:
    """The node and those that it is made of, outermost first. What an article cites or lists is another's."""
    if depth < 0:
        return
    if isinstance(value, list):
        for item in value[:MOST_NODES]:
            yield from _nodes(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "publisher", "author"):
            yield from _nodes(value.get(key), depth - 1)


def _is(node: Mapping[str, Any], kind: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(isinstance(one, str) and kind.search(one.rpartition("/")[2]) for one in (kinds if isinstance(kinds, list) else [kinds]))


def _resolved(value: object, by_id: Mapping[str, dict[str, Any]]) -> Any:
    """The node that a reference points to."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value if isinstance(value, dict) else {"name": value} if isinstance(value, str) else None


def _name(value: object) -> object:
    name = value.get("name") if isinstance(value, dict) else None
    return name[0] if isinstance(name, list) and name else name


def _names(value: object, by_id: Mapping[str, dict[str, Any]]) -> list[object]:
    people = value if isinstance(value, list) else [value]
    return [name for name in (_name(_resolved(person, by_id)) for person in people[:20]) if isinstance(name, str)]

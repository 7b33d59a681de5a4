"""Builds HTML from values. Text becomes markup in one place, `element`, and only through `agent.render.escape.html`."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from agent.render.escape import direction, html

EMPTY = frozenset(("meta", "input"))


class Markup(str):
    """HTML that may stand in a page as it is. Only this module makes it from text."""

    __slots__ = ()


Child = Markup | str | None
Attribute = str | int | float | bool | None


def element(name: str, /, *children: Child | Iterable[Child], **attributes: Attribute) -> Markup:
    """Text among the children and in attributes is escaped; None and False are left out, True is an attribute without a value.

    An attribute is named as in `class_`, `aria_label`, `data_outlets`.
    """
    named = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return Markup(f"<{name}{named}>" if name in EMPTY else f"<{name}{named}>{joined(*children)}</{name}>")


def joined(*children: Child | Iterable[Child]) -> Markup:
    return Markup("".join(_child(child) for child in children))


def _child(child: Child | Iterable[Child]) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return html(child) if isinstance(child, str) else joined(*child)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    if name == "href" and not (isinstance(value, str) and (value.startswith("#") or web_address(value))):
        raise ValueError(f"no link is made to {value!r}")
    return f" {name}" if value is True else f' {name}="{html(str(value))}"'


def web_address(url: str | None) -> str | None:
    """The address if a link may lead there: the web, without a name and password."""
    try:
        parts = urlsplit(url or "")
        return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None
    except ValueError:
        return None


def foreign(text: str, language: str | None = None) -> dict[str, Attribute]:
    """Attributes for words of an article: their language if it is another than the page's, and their direction."""
    return {"lang": language if language != "en" else None, "dir": direction(text)}

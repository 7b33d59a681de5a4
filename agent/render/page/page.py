"""The whole page. Its style and script stand in it, and its policy lets nothing else be loaded or run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from agent.brief import Brief
from agent.render.markup import Markup, element, foreign
from agent.render.page.about import manifest, missing, searched
from agent.render.page.charts import timeline
from agent.render.page.matrix import matrix
from agent.render.page.quotes import Quotes
from agent.render.page.sections import section, slug
from agent.render.page.sources import sources
from agent.render.page.summary import summary

LONG_TITLE = 120  # characters from which the headline is set smaller


def brief_page(brief: Brief) -> str:
    quotes = Quotes(brief)
    # In this order: the articles are drawn last, when it is known which of their words are led to.
    first, parts = summary(brief, quotes), _sections(brief, quotes)
    parts += _about(brief, quotes)
    style, script = _own("page.css"), _own("page.js")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{brief.title} · brief"),
        element("style", style),
    )
    page = element(
        "body",
        element("a", "Skip to the brief", href="#brief", class_="skip"),
        _header(brief),
        element("main", first, _filter(quotes), _contents(parts), map(_part, parts), id="brief", tabindex=-1),
        _footer(brief),
        element("script", script),
    )
    return f"<!doctype html>\n{element('html', head, page, lang='en')}\n"


def _own(name: str) -> Markup:
    """A file of ours that stands beside this one; no text of an article is ever in it."""
    return Markup(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    allowed = f"style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _header(brief: Brief) -> Markup:
    dates = "dates unknown" if not brief.first else brief.first if brief.first == brief.last else f"{brief.first} to {brief.last}"
    title = element("h1", brief.title, class_="long" if len(brief.title) > LONG_TITLE else None, **foreign(brief.title))
    return element("header", title, element("p", f"{dates} · {brief.counts.text}", class_="counts"))


def _filter(quotes: Quotes) -> Markup:
    """Shown by the script alone: without one there is nothing that it could do."""
    options = (element("option", outlet, value=str(number)) for number, outlet in enumerate(quotes.outlets))
    return element(
        "form",
        element("label", "Only what has ", element("select", element("option", "any outlet", value=""), options, id="of-outlet")),
        element("label", " and the words ", element("input", type="search", id="of-words", autocomplete="off")),
        element("output", id="of-all"),
        id="filter",
        hidden=True,
    )


# Id, name and content of a part of the page.
Part = tuple[str, str, Markup]


def _sections(brief: Brief, quotes: Quotes) -> list[Part]:
    parts = [("matrix", "Outlet by claim", matrix(brief.matrix, quotes))] if brief.matrix and brief.matrix.rows else []
    return parts + [(slug(one.name), one.name, section(one, brief.tables, quotes)) for one in brief.sections if one.findings]


def _about(brief: Brief, quotes: Quotes) -> list[Part]:
    times = timeline(quotes)
    parts = [("timeline", "When they published", times)] if times else []
    if quotes.articles:
        parts.append(("articles", "The articles", sources(brief, quotes)))
    parts.append(("searched", "What was searched", searched(brief)))
    parts.append(("missing", "What is missing", missing(brief)))
    return [*parts, ("manifest", "How this was made", manifest(brief, quotes))]


def _contents(parts: Sequence[Part]) -> Markup:
    links = (element("li", element("a", name, href=f"#{place}")) for place, name, _ in parts)
    return element("nav", element("ul", links), aria_label="On this page")


def _part(part: Part) -> Markup:
    place, name, content = part
    return element("section", element("h2", name), content, id=place, aria_label=name)


def _footer(brief: Brief) -> Markup:
    program = brief.manifest.program if brief.manifest else "rashomon"
    said = (
        "Words in «marks» are the outlets’ own and lead to their place in the article. "
        "Everything else is counted by the program or one of its fixed sentences. It does not judge who is right."
    )
    return element("footer", element("p", said), element("p", f"Made by {program}."))

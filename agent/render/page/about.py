"""What was searched, what is missing, and what the brief was made from and with."""

from __future__ import annotations

from agent.brief import Brief
from agent.render.cut import cut
from agent.render.markup import Markup, element, joined
from agent.render.page.quotes import Quotes
from agent.wording import count

MOST = 60
OUTLETS_NAMED = 8


def searched(brief: Brief) -> Markup:
    lines = []
    for search in brief.ledger.searches[:MOST]:
        found = (
            f"{count(len(search.found), 'passage')} found" if search.found else "nothing found" if len(search.outlets) == 1 else "compared"
        )
        named = ", ".join(search.outlets[:OUTLETS_NAMED]) + (" and others" if len(search.outlets) > OUTLETS_NAMED else "")
        days = f", {search.since} to {search.until}" if search.since else ""
        about = f": {count(search.articles_searched, 'article')} of {named or 'unknown outlets'}{days}: {found}"
        lines.append(element("li", element("q", cut(search.query, 200)), about))
    rest = len(brief.ledger.searches) - len(lines)
    return joined(
        element("ul", lines) if lines else element("p", "Nothing was searched.", class_="ours"),
        element("p", f"{count(rest, 'more search', 'more searches')} are in the JSON form of this brief.", class_="ours")
        if rest > 0
        else None,
    )


def missing(brief: Brief) -> Markup:
    lines = [element("li", one.text) for one in brief.missing]
    return element("ul", lines) if lines else element("p", "Nothing is known to be missing.", class_="ours")


def manifest(brief: Brief, quotes: Quotes) -> Markup:
    """Which articles in which version, by their hashes, and the program, model, settings and prompts."""
    made = brief.manifest
    rows = []
    for article in quotes.articles:
        number, version = quotes.number[article.article_id], made.version_of(article.article_id) if made else None
        rows.append(
            element(
                "tr",
                element("th", element("a", str(number), href=f"#a{number}"), scope="row"),
                element("td", article.outlet.value or "unknown"),
                element("td", element("code", article.article_id)),
                element("td", f"{version.number} of {version.of}" if version else "not told"),
                element("td", element("code", article.text_id)),
            )
        )
    heads = (element("th", name, scope="col") for name in ("Article", "Outlet", "Id", "Version", "sha256 of the text"))
    table = element(
        "table",
        element("caption", "The articles, by the hashes of their texts"),
        element("thead", element("tr", heads)),
        element("tbody", rows),
    )
    box = element("div", table, class_="scroll", tabindex=0, role="region", aria_label="The articles, by the hashes of their texts")
    if made is None:
        return box
    model = f"{made.model} at {made.endpoint}" if made.model else "none: no sentence here is a model's"
    facts = [("Program", made.program), ("Made", made.made), ("Reader", made.reader), ("Model", model), *made.settings]
    prompts = [(f"Prompt {name}", f"sha256 {digest}") for name, digest in made.prompts] or [("Prompts", "none")]
    pairs = ((element("dt", name[:1].upper() + name[1:]), element("dd", value)) for name, value in (*facts, *prompts))
    return joined(element("dl", (element("div", pair) for pair in pairs), class_="facts"), box)

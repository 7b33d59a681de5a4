"""Claims by outlets. A cell has a sign and a word, and leads to the words it rests on; colour only repeats them."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brief import Matrix
from agent.render.markup import Markup, element, joined
from agent.render.page.quotes import Quotes, all_citations
from agent.statement import Reported
from agent.tables import Cell

SIGNS: dict[Cell, tuple[str, str]] = {
    "asserts": ("●", "says so itself"),
    "attributes": ("◐", "says so on somebody’s word"),
    "hedges": ("○", "says so with a doubt"),
    "denies": ("✕", "says the contrary"),
    "differs": ("≠", "gives another answer: see Disputed"),
    "silent": ("–", "not found in its articles held here"),
    "unclear": ("?", "something near it, neither the same nor another thing for sure"),
    "not held": ("∅", "no article of it with enough text is held"),
}
# More outlets than this stand one below the other, with the claims as numbered columns.
ACROSS = 9
# Cells that take no side. An outlet that has no other stands apart, where there are many: a wall of them hides the rest.
NO_SIDE: frozenset[Cell] = frozenset(("silent", "unclear", "not held"))


def matrix(table: Matrix, quotes: Quotes) -> Markup:
    across = len(table.outlets) <= ACROSS
    first, rest = telling_outlets(table)
    body = _claims_down(table, quotes) if across else _outlets_down(table, quotes, first)
    listed = (element("li", quotes.quote(row.claim), id=f"claim-{number}") for number, row in enumerate(table.rows, 1))
    return joined(
        None if across else element("ol", listed, class_="claims"),
        element(
            "div", body, class_="scroll" if across else "scroll many", tabindex=0, role="region", aria_label="Table of claims and outlets"
        ),
        None if across or not rest else _apart(table, quotes, rest),
        _key({cell for row in table.rows for cell in row.cells}),
    )


def telling_outlets(table: Matrix) -> tuple[list[int], list[int]]:
    """Numbers of the outlets that take a side in some claim, and of the others; all of them in the first where they are few or none do."""
    every = list(range(len(table.outlets)))
    first = [column for column in every if any(row.cells[column] not in NO_SIDE for row in table.rows)]
    if len(table.outlets) <= ACROSS or not first:
        return every, []
    return first, [column for column in every if column not in first]


def without_side(number: int) -> str:
    return f"{number} more {'outlet takes' if number == 1 else 'outlets take'} no clear side in these claims"


def _apart(table: Matrix, quotes: Quotes, columns: Sequence[int]) -> Markup:
    body = _outlets_down(table, quotes, columns)
    region = element("div", body, class_="scroll many", tabindex=0, role="region", aria_label="Table of outlets without a clear side")
    return element("details", element("summary", without_side(len(columns))), region, class_="more-findings")


def _claims_down(table: Matrix, quotes: Quotes) -> Markup:
    heads = (element("th", outlet, scope="col") for outlet in table.outlets)
    rows = (
        element(
            "tr",
            element("th", quotes.quote(row.claim, 200), scope="row"),
            (_cell(cell, words, quotes) for cell, words in zip(row.cells, row.quotes, strict=True)),
            data_outlets=quotes.keys(all_citations(quote for words in row.quotes for quote in words)),
            class_="finding",
        )
        for row in table.rows
    )
    return element("table", _caption(), element("thead", element("tr", element("th", "Claim", scope="col"), heads)), element("tbody", rows))


def _outlets_down(table: Matrix, quotes: Quotes, columns: Sequence[int]) -> Markup:
    numbers = range(1, len(table.rows) + 1)
    heads = (element("th", element("a", str(one), href=f"#claim-{one}", aria_label=f"Claim {one}"), scope="col") for one in numbers)
    rows = (
        element(
            "tr",
            element("th", outlet, scope="row"),
            (_cell(row.cells[column], row.quotes[column], quotes) for row in table.rows),
            data_outlets=str(quotes.outlets.index(outlet)) if outlet in quotes.outlets else None,
            class_="finding",
        )
        for column, outlet in ((column, table.outlets[column]) for column in columns)
    )
    return element(
        "table", _caption(), element("thead", element("tr", element("th", "Outlet", scope="col"), heads)), element("tbody", rows)
    )


def _caption() -> Markup:
    return element("caption", "How each outlet stands to each claim. A cell with a link leads to the outlet’s words.")


def _cell(cell: Cell, words: tuple[Reported, ...], quotes: Quotes) -> Markup:
    shown = joined(element("span", SIGNS[cell][0], class_="sign", aria_hidden="true"), " ", element("span", cell))
    if words:
        more = (
            element("a", str(number), href=quotes.anchor(quote.citations[0]), class_="more", aria_label=f"{cell}, quote {number}")
            for number, quote in enumerate(words[1:4], 2)
        )
        shown = joined(element("a", shown, href=quotes.anchor(words[0].citations[0])), (joined(" ", one) for one in more))
    return element("td", shown, class_=f"cell {cell.replace(' ', '-')}")


def _key(used: set[Cell]) -> Markup:
    signs = (
        element(
            "li", element("span", element("span", sign, class_="sign"), f" {cell}", class_=f"cell {cell.replace(' ', '-')}"), f" {meaning}"
        )
        for cell, (sign, meaning) in SIGNS.items()
        if cell in used
    )
    return element("ul", signs, class_="key", aria_label="What the signs mean")

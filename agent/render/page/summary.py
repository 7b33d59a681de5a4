"""The first screen: what is contested and by whom, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.brief import Brief
from agent.render.first_screen import SHOWN, Row, not_found, rows
from agent.render.markup import Markup, element, joined
from agent.render.page.quotes import Quotes
from agent.render.page.sections import slug, statement_line
from agent.statement import Computed, Statement


def summary(brief: Brief, quotes: Quotes) -> Markup:
    shown = list(_refusal(brief, quotes)) if brief.refusal else [*_opening(brief, quotes), *(_of(row, quotes) for row in rows(brief))]
    if lacking := not_found(brief):
        shown.append(_row("Not found", [element("span", one.text) for one in lacking]))
    if brief.missing:
        shown.append(_row("Missing", [element("span", one.text) for one in brief.missing[:3]], more=len(brief.missing) - 3, to="missing"))
    return joined((element("p", note, class_="note") for note in brief.notes), element("dl", shown, class_="summary"))


def _opening(brief: Brief, quotes: Quotes) -> Iterator[Markup]:
    if brief.opening:
        lines = [statement_line(statement, quotes, SHOWN) for statement in brief.opening]
        yield _row("In short", [*lines, element("span", f"Written by {brief.reader}; every sentence was checked.", class_="ours")])


def _of(row: Row, quotes: Quotes) -> Markup:
    to = slug(row.section)
    lines = [_line(statements, quotes, f"{to}-{number}") for number, statements in row.lines]
    if row.each is not None:
        lines.append(element("span", "each: ", row.each.text, class_="ours"))
    return _row(row.section, lines, more=row.more, to=to)


def _refusal(brief: Brief, quotes: Quotes) -> Iterator[Markup]:
    yield _row("No comparison", [element("span", statement.text) for statement in brief.refusal])
    if brief.says:
        lines = [joined(joined(statement_line(one, quotes, 240), " ") for one in finding.statements) for finding in brief.says]
        yield _row("What it says, and on whose word", lines)


def _line(shown: Sequence[Statement], quotes: Quotes, place: str) -> Markup:
    first = shown[0]
    parts = [statement_line(statement, quotes, SHOWN) for statement in shown]
    if isinstance(first, Computed) and first.rule == "disputed":
        question = str(first.inputs[1])
        parts = [joined(element("a", question, href=f"#{place}"), element("span", first.text.removeprefix(question)))]
    return joined(parts[0], (joined(" — ", part) for part in parts[1:]))


def _row(name: str, lines: Sequence[Markup], more: int = 0, to: str = "") -> Markup:
    rest = element("a", f"{more} more", href=f"#{to}", aria_label=f"{more} more: {name}", class_="rest") if more > 0 else None
    return element(
        "div", element("dt", name, " " if rest else None, rest), element("dd", element("ul", (element("li", line) for line in lines)))
    )

"""The first screen: what is contested and by whom, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.brief import Brief
from agent.render.markup import Markup, element, joined
from agent.render.page.quotes import Quotes
from agent.render.page.sections import slug, statement_line
from agent.statement import Computed
from agent.tables import Finding

# Findings of a section on the first screen, so that all of it fits one.
FIRST = {
    "Disputed": 4,
    "Agreed": 2,
    "Fact here, somebody's word there": 1,
    "Who did it": 1,
    "Said in other words": 1,
    "Who gets to speak": 1,
    "Only one": 1,
    "Silent": 1,
    "Copies": 1,
}
INSTEAD = {"Probably shared": 2}  # where nothing is surely agreed
BELOW = ("public", "name_absent")  # what is told only in the section itself
LONGEST = 150  # characters of a quote on the first screen


def summary(brief: Brief, quotes: Quotes) -> Markup:
    rows = list(_refusal(brief, quotes)) if brief.refusal else [*_opening(brief, quotes), *_sections(brief, quotes)]
    if brief.missing:
        rows.append(_row("Missing", [element("span", one.text) for one in brief.missing[:3]], more=len(brief.missing) - 3, to="missing"))
    return joined((element("p", note, class_="note") for note in brief.notes), element("dl", rows, class_="summary"))


def _opening(brief: Brief, quotes: Quotes) -> Iterator[Markup]:
    if brief.opening:
        lines = [statement_line(statement, quotes, LONGEST) for statement in brief.opening]
        yield _row("In short", [*lines, element("span", f"Written by {brief.reader}; every sentence was checked.", class_="ours")])


def _sections(brief: Brief, quotes: Quotes) -> Iterator[Markup]:
    agreed = any(finding.statements[0].kind != "fixed" for finding in brief.section("Agreed"))
    for one in brief.sections:
        most = FIRST.get(one.name, 0 if agreed else INSTEAD.get(one.name, 0))
        shown = one.findings[:most]
        if shown:
            lines = [_line(finding, quotes, f"{slug(one.name)}-{number}") for number, finding in enumerate(shown, 1)]
            yield _row(one.name, lines, more=len(one.findings) - len(shown), to=slug(one.name))


def _refusal(brief: Brief, quotes: Quotes) -> Iterator[Markup]:
    yield _row("No comparison", [element("span", statement.text) for statement in brief.refusal])
    if brief.says:
        lines = [joined(joined(statement_line(one, quotes, 240), " ") for one in finding.statements) for finding in brief.says]
        yield _row("What it says, and on whose word", lines)


def _line(finding: Finding, quotes: Quotes, place: str) -> Markup:
    first = finding.statements[0]
    shown = [first, *(one for one in finding.statements[1:] if not isinstance(one, Computed) or one.rule not in BELOW)]
    if len(shown) == 1:
        shown = list(finding.statements)
    parts = [statement_line(statement, quotes, LONGEST) for statement in shown]
    if isinstance(first, Computed) and first.rule == "disputed":
        question = str(first.inputs[1])
        parts = [joined(element("a", question, href=f"#{place}"), element("span", first.text.removeprefix(question)))]
    return joined(parts[0], (joined(" — ", part) for part in parts[1:]))


def _row(name: str, lines: Sequence[Markup], more: int = 0, to: str = "") -> Markup:
    rest = (
        element("li", element("a", f"{more} more", href=f"#{to}", aria_label=f"{more} more: {name}"), class_="rest") if more > 0 else None
    )
    return element("div", element("dt", name), element("dd", element("ul", (element("li", line) for line in lines), rest)))

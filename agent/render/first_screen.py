"""What of a brief stands on its first screen: what a reader must know within a minute, the most contested first, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.brief import Brief, Section
from agent.statement import Computed, Fixed, Statement
from agent.tables import Finding

# Findings of a section, in the order of the rows.
MOST = {
    "Disputed": 4,
    "Headlines": 4,
    "Agreed": 2,
    "Probably shared": 2,
    "Fact here, somebody's word there": 1,
    "Who did it": 1,
    "Said in other words": 1,
    "Quoted differently": 1,
    "Who gets to speak": 2,
    "Only one": 3,
    "Silent": 1,
    "Copies": 1,
}
SHARED = 3  # lines on what is agreed and probably shared
# One line of an outlet is enough in these, so that no outlet fills the row.
ONE_OF_EACH = ("Headlines", "Only one")
BELOW = {"name_absent", "public"}  # what is told only in the section itself
SAID_ABOVE = {"Silent": "agreement"}  # who makes a claim stands with the claim
NEARLY_ALL = 0.9
UNSURE = "scope"  # a dispute about what may be two things is for those who read on


@dataclass(frozen=True, slots=True)
class Row:
    """Lines of one section, each with the place of its finding there from 1; `each` is said of all of them."""

    section: str
    lines: tuple[tuple[int, tuple[Statement, ...]], ...]
    more: int
    each: Statement | None = None


def rows(brief: Brief) -> tuple[Row, ...]:
    by_name = {section.name: section for section in brief.sections}
    found = [row for name in MOST if name in by_name and (row := _row(by_name[name], MOST[name]))]
    # What is agreed leaves less room for what probably is.
    agreed = next((len(row.lines) for row in found if row.section == "Agreed"), 0)
    probably = by_name.get("Probably shared")
    short = _row(probably, max(1, SHARED - agreed)) if probably else None
    return tuple(short if short and row.section == "Probably shared" else row for row in found)


def not_found(brief: Brief) -> tuple[Fixed, ...]:
    """What was looked for in vain: it is said, and last."""
    return tuple(one for section in brief.sections for finding in section.findings for one in finding.statements if isinstance(one, Fixed))


def _row(section: Section, most: int) -> Row | None:
    shown = list(_chosen(section))[:most]
    lines = [(number, _line(section.name, finding)) for number, finding in shown]
    if not lines:
        return None
    found = sum(1 for finding in section.findings if not isinstance(finding.statements[0], Fixed))
    last = {line[-1].text for _, line in lines}
    if len(lines) > 1 and len(last) == 1 and all(len(line) > 1 and line[-1].kind == "computed" for _, line in lines):
        each = lines[0][1][-1]
        return Row(section.name, tuple((number, line[:-1]) for number, line in lines), found - len(lines), each)
    return Row(section.name, tuple(lines), found - len(lines))


def _chosen(section: Section) -> Iterator[tuple[int, Finding]]:
    seen = set[str | None]()
    for number, finding in enumerate(section.findings, 1):
        first = finding.statements[0]
        if isinstance(first, Fixed) or (first.kind == "computed" and first.rule == "disputed" and first.inputs[0] == UNSURE):
            continue
        if first.kind == "computed" and ((first.rule == "headline" and not first.inputs[1]) or _all_one(first)):
            continue
        outlet = _outlet(first)
        if section.name in ONE_OF_EACH and outlet in seen:
            continue
        seen.add(outlet)
        yield number, finding


def _all_one(one: Computed) -> bool:
    """Shares of types of sources that are nearly all of one type."""
    if one.rule != "shares_of_types":
        return False
    total, *types = one.inputs
    return any(isinstance(kind, tuple) and int(kind[1]) >= NEARLY_ALL * int(str(total)) for kind in types)


def _outlet(first: Statement) -> str | None:
    if first.kind == "computed" and first.rule == "headline":
        return str(first.inputs[0])
    return first.citations[0].outlet if first.kind != "fixed" and first.citations else None


def _line(section: str, finding: Finding) -> tuple[Statement, ...]:
    left: Sequence[Statement] = [
        one for one in finding.statements[1:] if one.kind != "computed" or one.rule not in BELOW | {SAID_ABOVE.get(section, "")}
    ]
    return finding.statements[0], *left

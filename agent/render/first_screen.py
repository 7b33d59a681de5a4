"""What of a brief stands on its first screen: what a reader must know within a minute, the most contested first, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
# Words that are read in a minute (Brysbaert 2019: 238 of English prose). Each row has its first lines, and more while there is room.
MINUTE = 240
LEAST = {"Disputed": 3, "Headlines": 3, "Only one": 2}  # else one
LONG = 40  # words of a line in whose stead a shorter one of the section is shown, if there is one
SHOWN = 190  # characters of a quote
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
    agreed = min(MOST["Agreed"], sum(1 for _ in _chosen(by_name["Agreed"]))) if "Agreed" in by_name else 0
    # What is agreed leaves less room for what probably is.
    most = {**MOST, "Probably shared": max(1, SHARED - agreed)}
    shown = {name: list(_short(by_name[name]))[: most[name]] for name in MOST if name in by_name}
    told = {name: list(_lengths(line for _, line in lines)) for name, lines in shown.items()}
    kept = {name: min(len(lines), LEAST.get(name, 1)) for name, lines in shown.items()}
    room = MINUTE - sum(sum(told[name][:number]) for name, number in kept.items())
    room -= words_of(not_found(brief)) + words_of(brief.missing[:3])
    for name in kept:
        while kept[name] < len(told[name]) and told[name][kept[name]] <= room:
            room -= told[name][kept[name]]
            kept[name] += 1
    return tuple(_row(by_name[name], lines[: kept[name]]) for name, lines in shown.items() if lines)


def _lengths(lines: Iterable[tuple[Statement, ...]]) -> Iterator[int]:
    """In words; what is said of all lines is read once."""
    before = ""
    for line in lines:
        yield words_of(line[:-1] if line[-1].text == before else line)
        before = line[-1].text


def words_of(line: Sequence[Statement]) -> int:
    """As many as are read, of a long quote those that are shown."""
    return sum(len((one.text[:SHOWN] if one.kind == "reported" else one.text).split()) for one in line)


def _short(section: Section) -> Iterator[tuple[int, tuple[Statement, ...]]]:
    """The lines of a section, long ones last; but the most contested stays first."""
    lines = [(number, _line(section.name, finding)) for number, finding in _chosen(section)]
    yield from sorted(lines, key=lambda one: section.name != "Disputed" and words_of(one[1]) > LONG)


def not_found(brief: Brief) -> tuple[Fixed, ...]:
    """What was looked for in vain: it is said, and last."""
    return tuple(one for section in brief.sections for finding in section.findings for one in finding.statements if isinstance(one, Fixed))


def _row(section: Section, lines: Sequence[tuple[int, tuple[Statement, ...]]]) -> Row:
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

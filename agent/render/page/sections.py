"""The sections of a brief: each finding with the words it rests on, disputes side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.brief import Brief, Section
from agent.findings import Finding
from agent.render.markup import Child, Markup, element, joined
from agent.render.page.charts import Bar, bars
from agent.render.page.quotes import Quotes, all_citations
from agent.render.page.sources import when
from agent.statement import Computed, Reported, Statement

# Findings of a section that stand open; the rest, up to MOST, is behind a line that opens them.
OPEN, MOST = 8, 60
OPEN_QUOTES = 3
BARS = 10

# What stands under the name of a section, so that no reader has to guess how it was made.
MEANING = {
    "Agreed": "Sentences that independent origins surely share. Copies of one text count once.",
    "Disputed": "Different figures, times or days for one thing. An arrow stands where an outlet or text changed its own account.",
    "Probably shared": "Sentences that probably say the same; judge by the words.",
    "Quoted differently": "One quotation, printed in different words.",
    "Said in other words": "What the outlets call the same person or thing, and words they put in quotation marks as not their own.",
    "Who gets to speak": "Shares of the words quoted from speakers that are clear; copies of one text count once.",
    "Only one": "Concrete sentences of one origin with nothing like them in the others.",
    "Silent": "Claims that many make, and the outlets where nothing near them was found.",
    "Copies": "Articles that print or rewrite one text.",
}


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def section(one: Section, quotes: Quotes) -> Markup:
    findings = one.findings
    shown = [_finding(one.name, number, finding, quotes) for number, finding in enumerate(findings[:MOST], 1)]
    parts: list[Child] = [element("h2", one.name), element("p", MEANING[one.name], class_="ours") if one.name in MEANING else None]
    parts.append(_chart(findings) if one.name == "Who gets to speak" else None)
    parts.append(element("ol", shown[:OPEN], class_="findings"))
    if shown[OPEN:]:
        more = element("ol", shown[OPEN:], class_="findings", start=OPEN + 1)
        parts.append(element("details", element("summary", f"{len(shown) - OPEN} more"), more, class_="more-findings"))
    if len(findings) > MOST:
        parts.append(element("p", f"{len(findings) - MOST} more are in the JSON form of this brief.", class_="ours"))
    return element("section", parts, id=slug(one.name), aria_label=one.name)


def _finding(name: str, number: int, finding: Finding, quotes: Quotes) -> Markup:
    citations = list(all_citations([*finding.statements, *finding.details]))
    return element(
        "li",
        joined(_parts(finding, quotes)),
        id=f"{slug(name)}-{number}",
        data_outlets=quotes.keys(citations),
        class_="finding",
    )


def _parts(finding: Finding, quotes: Quotes) -> Iterator[Markup]:
    first = finding.statements[0]
    if isinstance(first, Computed) and first.rule == "disputed":
        yield _dispute(first, finding.details, quotes)
        return
    for statement in finding.statements:
        yield element("p", statement_line(statement, quotes))
    if not finding.details and isinstance(first, Computed) and first.citations:
        finding = Finding(finding.statements, tuple(Reported(citation.quote, (citation,)) for citation in first.citations))
    if finding.details:
        yield from _details(finding.details, quotes)


def statement_line(statement: Statement, quotes: Quotes, longest: int = 420) -> Markup:
    if isinstance(statement, Reported) and len(statement.citations) == 1 and statement.text == statement.citations[0].quote:
        return quotes.quote(statement, longest)
    words = element("span", statement.text, class_="ours")
    if isinstance(statement, Reported):  # a model's sentence, with the words that it rests on
        return joined(words, " ", (joined(quotes.quote(Reported(one.quote, (one,)), longest), " ") for one in statement.citations))
    return words


def _details(details: Sequence[Reported], quotes: Quotes) -> Iterator[Markup]:
    lines = [element("li", quotes.quote(quote)) for quote in details]
    if len(lines) <= OPEN_QUOTES:
        yield element("ul", lines, class_="quotes")
    else:
        yield element("details", element("summary", f"The {len(lines)} quotes"), element("ul", lines, class_="quotes"))


def _dispute(statement: Computed, details: Sequence[Reported], quotes: Quotes) -> Markup:
    """The sides next to each other, each with its quotes; the words are those of the computed sentence."""
    relation, about, *sides = statement.inputs
    left = list(details)
    columns = []
    for number, side in enumerate(sides):
        value, *outlets = side if isinstance(side, tuple) else (str(side),)
        mine = [quote for quote in left if (quote.citations[0].outlet or "an outlet not known") in outlets]
        lines = (
            element("li", quotes.quote(quote), " ", element("span", when(quote.citations[0].published), class_="ours time"))
            for quote in mine
        )
        arrow = element("span", "→ ", aria_hidden="true") if relation == "update" and number else None
        later = element("span", "later: ", class_="unseen") if relation == "update" and number else None
        columns.append(element("div", element("h4", arrow, later, value), element("ul", lines, class_="quotes"), class_="side"))
    note = {"update": "updated later", "scope": "perhaps different things"}.get(str(relation))
    head = element("h3", str(about), element("span", f" · {note}", class_="ours") if note else None)
    return joined(head, element("div", columns, class_="sides"))


def _chart(findings: Sequence[Finding]) -> Markup | None:
    items = []
    for finding in findings[:BARS]:
        statement = finding.statements[0]
        if isinstance(statement, Computed) and statement.rule == "voice":
            speaker, spoken, total, _ = statement.inputs
            if isinstance(spoken, int) and isinstance(total, int) and total:
                items.append(Bar(str(speaker), spoken / total, f"{spoken:,} words, {100 * spoken // total} %"))
    if len(items) < 2:
        return None
    return bars("voices", f"Whose words are quoted: the first {len(items)}", items, ("Speaker", "Quoted words"))


def sections(brief: Brief, quotes: Quotes) -> Markup:
    return joined(section(one, quotes) for one in in_reading_order(brief.sections) if one.findings)


def in_reading_order(found: Sequence[Section]) -> list[Section]:
    """What is contested comes first, if anything is."""
    contested = [one for one in found if one.name == "Disputed" and any(isinstance(f.statements[0], Computed) for f in one.findings)]
    return [*contested, *(one for one in found if one not in contested)]

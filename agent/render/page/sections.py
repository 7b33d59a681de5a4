"""The sections of a brief: each finding with the words it rests on, disputes side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.brief import Section
from agent.render.markup import Child, Markup, element, joined
from agent.render.page.charts import speaking
from agent.render.page.quotes import Quotes, all_citations
from agent.render.page.sources import when
from agent.statement import Computed, Reported, Statement
from agent.tables import Finding, Tables

# Findings of a section that stand open; the rest, up to MOST, is behind a line that opens them.
OPEN, MOST = 8, 60
OPEN_QUOTES = 3

# What stands under the name of a section, so that no reader has to guess how it was made.
MEANING = {
    "Disputed": "Different figures, times or days for one thing. An arrow stands where an outlet or text changed its own account.",
    "Agreed": "Sentences that independent origins surely share. Copies of one text count once.",
    "Probably shared": "Sentences that probably say the same; judge by the words.",
    "Fact here, somebody's word there": "Claims that some give as fact and others on somebody’s word, with reserve, or as denied.",
    "Who did it": "One act, worded with its doer by some and without by others.",
    "Quoted differently": "One quotation, printed in different words.",
    "Said in other words": "What the outlets call the same person or thing, and words they put in quotation marks as not their own.",
    "Words used much more": "Words that an outlet uses much more than the others; names and quoted words are not counted.",
    "Words to look at": "Words worth a second look where they stand. No score, and no name for what they are.",
    "Who gets to speak": "Shares of the words quoted from speakers that are clear; copies of one text count once.",
    "Only one": "Concrete sentences of one origin with nothing like them in the others.",
    "Silent": "Claims that many make, and the outlets where nothing near them was found, with what came nearest.",
    "Who had it first": "By the times of publication that are known.",
    "High here, low there": "Claims that some have at their head and others far down.",
    "Headlines": "As they came with the articles, in the order of publication.",
    "Copies": "Articles that print or rewrite one text.",
}


def slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")


def section(one: Section, tables: Tables, quotes: Quotes) -> Markup:
    """What stands under the name of a section."""
    findings = one.findings
    shown = [_finding(one.name, number, finding, quotes) for number, finding in enumerate(findings[:MOST], 1)]
    parts: list[Child] = [element("p", MEANING[one.name], class_="ours") if one.name in MEANING else None]
    if one.name == "Who gets to speak":
        parts.append(speaking(tables.sourcing))
    parts.append(element("ol", shown[:OPEN], class_="findings"))
    if shown[OPEN:]:
        more = element("ol", shown[OPEN:], class_="findings", start=OPEN + 1)
        parts.append(element("details", element("summary", f"{len(shown) - OPEN} more"), more, class_="more-findings"))
    if len(findings) > MOST:
        parts.append(element("p", f"{len(findings) - MOST} more are in the JSON form of this brief.", class_="ours"))
    return joined(*parts)


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
    details = finding.details
    if not details and isinstance(first, Computed):
        details = tuple(Reported(citation.quote, (citation,)) for citation in dict.fromkeys(first.citations))
    if details:
        yield from _details(details, quotes)


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
    relation, question, *sides = statement.inputs
    left = list(details)
    columns = []
    for number, side in enumerate(sides):
        value, source, *outlets = side if isinstance(side, tuple) else (str(side), "")
        mine = [quote for quote in left if (quote.citations[0].outlet or "an outlet not known") in outlets]
        lines = (
            element("li", quotes.quote(quote), " ", element("span", when(quote.citations[0].published), class_="ours time"))
            for quote in mine
        )
        arrow = element("span", "→ ", aria_hidden="true") if relation == "update" and number else None
        on_word = element("p", f"on the word of {source}", class_="ours") if source else None
        later = element("span", "later: ", class_="unseen") if relation == "update" and number else None
        columns.append(element("div", element("h4", arrow, later, value), on_word, element("ul", lines, class_="quotes"), class_="side"))
    note = {"update": "updated later", "scope": "these may be different things"}.get(str(relation))
    head = element("h3", str(question), element("span", f" · {note}", class_="ours") if note else None)
    return joined(head, element("div", columns, class_="sides"))

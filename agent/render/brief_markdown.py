"""A brief as Markdown: a first screen to start from, then everything with its quotes. Pure; whatever comes from an article is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.brief import Brief, Matrix, Section
from agent.render.cut import cut
from agent.render.escape import inside, markdown
from agent.render.first_screen import SHOWN, not_found, rows
from agent.render.page.matrix import SIGNS, telling_outlets, without_side
from agent.statement import Citation, Reported, Search, Statement
from agent.tables import Finding

LONE = 240  # of the only article's, where nothing can be compared
WHOLE = 600  # characters of a quote below it
MOST = 40  # findings of a section in all; the JSON has every one


def brief_markdown(brief: Brief) -> str:
    return "\n".join([*first_screen(brief), *_rest(brief)]) + "\n"


def first_screen(brief: Brief) -> list[str]:
    """Lines of Markdown: what is contested and by whom, and what is missing."""
    dates = "dates unknown" if not brief.first else brief.first if brief.first == brief.last else f"{brief.first} to {brief.last}"
    lines = [f"# {markdown(brief.title)}", "", f"{dates} · {markdown(brief.counts.text)}", ""]
    if brief.refusal:
        lines += [markdown(statement.text) for statement in brief.refusal]
        if brief.says:
            lines += ["", "What this article says, and on whose word:", "", *(f"- {_said(finding)}" for finding in brief.says)]
        lines.append("")
    lines += [f"*{markdown(note)}*\n" for note in brief.notes]
    if brief.opening:
        lines += [f"**In short** ({markdown(brief.reader)}, every sentence checked)", ""]
        lines += [*(f"- {_proposed(statement)}" for statement in brief.opening), ""]
    for row in () if brief.refusal else rows(brief):
        lines += [f"**{row.section}**{f' ({row.more} more below)' if row.more else ''}", ""]
        lines += [f"- {_line(statements)}" for _, statements in row.lines]
        lines += [f"- each: {markdown(row.each.text)}"] if row.each is not None else []
        lines.append("")
    if lacking := not_found(brief):
        lines += ["**Not found**", "", *(f"- {markdown(one.text)}" for one in lacking), ""]
    if brief.missing:
        lines += ["**Missing**", "", *(f"- {markdown(statement.text)}" for statement in brief.missing), ""]
    return lines


def _line(statements: Sequence[Statement], longest: int = SHOWN) -> str:
    return " — ".join(_statement(one, longest) for one in statements)


def _said(finding: Finding) -> str:
    """Without the outlet, which is the same in every line."""
    parts = (_quoted(one.text, LONE) if isinstance(one, Reported) else markdown(one.text) for one in finding.statements)
    return " — ".join(parts)


def _statement(statement: Statement, longest: int) -> str:
    if not isinstance(statement, Reported):
        return markdown(statement.text)
    citation = statement.citations[0]
    return f"{markdown(citation.outlet or 'an outlet not known')}: {_quoted(statement.text, longest)}"


def _proposed(statement: Statement) -> str:
    """A model's sentence with the words it rests on."""
    quotes = () if statement.kind == "fixed" else statement.citations
    # The outlet before each: a sentence taken from an article word for word may name another one.
    shown = [f"{markdown(citation.outlet or 'an outlet not known')}: {_quoted(citation.quote, SHOWN)}" for citation in quotes]
    return " — ".join([markdown(statement.text), *shown])


def _quoted(text: str, longest: int) -> str:
    """The quote in quotation marks of its own kind, a long one cut."""
    return f"«{markdown(inside(cut(text, longest)))}»"


def _rest(brief: Brief) -> Iterator[str]:
    if brief.matrix is not None and brief.matrix.rows:
        yield from _matrix(brief.matrix)
    whole = {row.section for row in rows(brief) if not row.more}
    for section in brief.sections:
        told = all(statement.kind == "fixed" for finding in section.findings for statement in finding.statements)
        if not told and (section.name not in whole or any(finding.details for finding in section.findings)):
            yield from _details(section)
    yield from _articles(brief)
    yield from _searched(brief.ledger.searches)


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield from ("## Outlet by claim", "")
    for number, row in enumerate(matrix.rows, 1):
        yield f"{number}. {_statement(row.claim, WHOLE)}"
    if not matrix.outlets:
        yield ""
        return
    # Many outlets make a table nobody can read across: then outlets go down and claims across.
    yield ""
    header = ["outlet", *(str(number) for number in range(1, len(matrix.rows) + 1))]
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    first, rest = telling_outlets(matrix)
    for column in first:
        cells = [markdown(matrix.outlets[column]), *(row.cells[column] for row in matrix.rows)]
        yield f"| {' | '.join(cells)} |"
    yield ""
    if rest:
        yield f"{without_side(len(rest))}: {markdown(', '.join(matrix.outlets[column] for column in rest))}."
        yield ""
    used = {cell for row in matrix.rows for cell in row.cells}
    yield f"{'; '.join(f'{cell}: {meaning}' for cell, (_, meaning) in SIGNS.items() if cell in used)}."
    yield ""


def _details(section: Section) -> Iterator[str]:
    yield from (f"## {section.name}", "")
    for finding in section.findings[:MOST]:
        yield f"- {_line(finding.statements, WHOLE)}"
        for quote in finding.details:
            citation = quote.citations[0]
            yield f"  - {_source(citation)}: {_quoted(quote.text, WHOLE)}"
    if len(section.findings) > MOST:
        yield f"- and {len(section.findings) - MOST} more"
    yield ""


def _source(citation: Citation) -> str:
    when = citation.published[:16].replace("T", " ") if citation.published else "date unknown"
    return f"{markdown(citation.outlet or 'an outlet not known')}, {markdown(when)}"


def _articles(brief: Brief) -> Iterator[str]:
    yield from ("## Articles", "")
    for article in brief.articles:
        url = f" · {markdown(article.url.value)}" if article.url.value else ""
        yield f"- {markdown(article.label)} · {markdown(article.published.value or 'date unknown')} · {article.article_id[:8]}{url}"
    yield ""


def _searched(searches: Sequence[Search]) -> Iterator[str]:
    if searches:
        yield from ("## What was searched", "")
    for search in searches[:MOST]:
        found = f"{len(search.found)} found" if search.found else "nothing found" if len(search.outlets) == 1 else "compared"
        yield f"- {_quoted(search.query, SHOWN)}: {search.articles_searched} articles of {markdown(', '.join(search.outlets))}: {found}"
    if len(searches) > MOST:
        yield f"- and {len(searches) - MOST} more searches"
    yield ""

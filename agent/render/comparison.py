"""All of a comparison for the terminal, each finding with its id; and why one finding was made. Pure; text of articles is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.brief import Brief
from agent.render.cut import cut
from agent.render.escape import inside, terminal
from agent.statement import Citation, Reported, Statement
from agent.tables import Finding, Position, Sourcing, Why

LONGEST = 300  # characters of a quote
UNKNOWN = "an outlet not known"


def comparison_lines(brief: Brief) -> Iterator[str]:
    """Every finding by section, the positions on each claim, and the ledgers."""
    yield terminal(brief.title)
    dates = "dates unknown" if not brief.first else brief.first if brief.first == brief.last else f"{brief.first} to {brief.last}"
    yield f"{dates} · {terminal(brief.counts.text)}"
    yield from (terminal(note) for note in brief.notes)
    yield from (terminal(statement.text) for statement in brief.refusal)
    for finding in brief.says:
        yield f"  {_line(finding)}"
    for section in brief.sections:
        if section.findings:
            yield from ("", section.name)
        for finding in section.findings:
            yield f"  {finding.finding_id or '':5}  {_line(finding)}"
            yield from (f"           {_source(quote.citations[0])}: {_quoted(quote.text)}" for quote in finding.details)
    yield from _claims(brief)
    yield from _sources(brief.tables.sourcing)
    yield from _silences(brief)
    if brief.missing:
        yield from ("", "Missing")
        yield from (f"  {terminal(statement.text)}" for statement in brief.missing)
    if brief.sections:
        yield from ("", "`--why ID` tells what a finding rests on.")


def why_lines(section: str, finding: Finding) -> Iterator[str]:
    """The finding, the rule it follows, the scores with their limits, and the sentences."""
    yield f"{finding.finding_id}  {section}"
    yield f"  {_line(finding)}"
    if finding.why is not None:
        yield from reasons(finding.why, finding.statements)


def reasons(why: Why, statements: Sequence[Statement]) -> Iterator[str]:
    """Of a finding, or of a sentence of an answer."""
    yield from ("", f"rule: {terminal(why.rule.text)}")
    if why.scores:
        yield from ("", "scores:")
        yield from (f"  {terminal(score.text)}" for score in why.scores)
    computed = [one for one in statements if one.kind == "computed"]
    if computed:
        yield from ("", "built from:")
        yield from (f"  {one.rule}({', '.join(terminal(repr(value)) for value in one.inputs)})" for one in computed)
    if why.sentences:
        yield from ("", "words:")
    for sentence in why.sentences:
        citation = sentence.citations[0]
        yield f"  {_source(citation)}, characters {citation.start} to {citation.end}: {_quoted(sentence.text)}"


def _line(finding: Finding) -> str:
    return " — ".join(_statement(statement) for statement in finding.statements)


def _statement(statement: Statement) -> str:
    if not isinstance(statement, Reported):
        return terminal(statement.text)
    return f"{terminal(statement.citations[0].outlet or UNKNOWN)}: {_quoted(statement.text)}"


def _quoted(text: str) -> str:
    return f"«{terminal(inside(cut(text, LONGEST)))}»"


def _source(citation: Citation) -> str:
    when = citation.published[:16].replace("T", " ") if citation.published else "date unknown"
    return f"{terminal(citation.outlet or UNKNOWN)}, {terminal(when)}"


def _claims(brief: Brief) -> Iterator[str]:
    if brief.matrix is None or not brief.matrix.rows:
        return
    yield from ("", "Outlet by claim")
    for row in brief.matrix.rows:
        yield f"  {_statement(row.claim)}"
        making = {position.outlet for position in row.positions}
        yield from (f"    {_position(position)}" for position in row.positions)
        others: dict[str, list[str]] = {}
        for outlet, cell in zip(brief.matrix.outlets, row.cells, strict=True):
            if outlet not in making:
                others.setdefault(cell, []).append(terminal(outlet))
        yield from (f"    {cell}: {', '.join(outlets)}" for cell, outlets in others.items())


def _position(position: Position) -> str:
    parts = [f"{terminal(position.outlet or UNKNOWN)} {position.cell}"]
    if position.source and position.cue:
        kind = f", {position.source_type}" if position.source_type not in (None, "unknown") else ""
        force = f", {position.force}" if position.force not in (None, "said") else ""
        parts.append(f"{terminal(position.source)} (“{terminal(position.cue.quote)}”{kind}{force})")
    if position.act:
        parts.append(f"“{terminal(position.act.words.quote)}” ({'no doer' if position.act.doer == 'nobody' else 'doer'})")
    place = position.place
    where = {"headline": "headline and ", "lede": "", "body": ""}[place.part]
    parts.append(f"{where}paragraph {place.paragraph} of {place.paragraphs}, {place.words} of {place.of_words} words")
    return " · ".join(parts)


def _sources(table: Sourcing) -> Iterator[str]:
    if not table.types:
        return
    yield from ("", "Words quoted by type of source (and reports of what one said, without quotation)")
    for number, outlet in enumerate(table.outlets):
        cells = [(row.source_type, row.cells[number]) for row in table.types]
        shown = [f"{kind} {cell.share} % ({cell.words} words, {cell.told} told)" for kind, cell in cells if cell.words or cell.told]
        yield f"  {terminal(outlet)}: {', '.join(shown) or 'nobody'}"


def _silences(brief: Brief) -> Iterator[str]:
    if brief.tables.silences:
        yield from ("", "Searched and not found")
    for row in brief.tables.silences:
        yield f"  {terminal(row.outlet)} on {_statement(row.claim)}"
        yield f"    {terminal(row.public.text)}"
        for miss in row.passages:
            yield f"    nearest: {_quoted(miss.passage.text)}: {terminal(miss.why_not.text)}"
        if not row.passages:
            yield "    no sentence has any of its words"


def unknown_lines(wanted: str, ids: Sequence[str]) -> str:
    near = [one for one in ids if one.startswith(wanted[:2])][:5]
    return f"no finding {wanted} in this comparison" + (f"; there are {', '.join(near)}" if near else "; the ids stand before the findings")

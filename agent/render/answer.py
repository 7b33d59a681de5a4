"""An answer for people and for programs. Pure; what came from articles is made inert here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from agent.asker import Answer
from agent.left_out import kinds, left_out
from agent.render.comparison import reasons
from agent.render.escape import headline, inside, one_line
from agent.statement import Citation, Statement


def citations_of(answer: Answer) -> list[Citation]:
    """The citations in the order in which the answer first rests on them: number 1 is the first."""
    return list(dict.fromkeys(citation for statement in answer.statements for citation in statement_citations(statement)))


def statement_citations(statement: Statement) -> tuple[Citation, ...]:
    return () if statement.kind == "fixed" else statement.citations


def source_line(number: int, citation: Citation, *, quoted: bool = True) -> str:
    """Outlet, headline, day and, if `quoted`, the quoted words; what is unknown is said."""
    day = citation.published[:10] if citation.published else "date unknown"
    words = f": «{inside(one_line(citation.quote))}»" if quoted else ""
    return f"[{number}] {one_line(citation.outlet or 'outlet unknown')}, {one_line(headline(citation.title))}, {day}{words}"


def answer_lines(answer: Answer) -> Iterator[str]:
    numbers = {citation: number for number, citation in enumerate(citations_of(answer), 1)}
    for statement in answer.statements:
        marks = "".join(f" [{numbers[citation]}]" for citation in statement_citations(statement))
        indent = "  " if statement.kind == "computed" and statement.rule in ("speaker", "one_origin") else ""
        yield f"{indent}{_text(statement)}{marks}"
    if numbers:
        yield ""
    whole = {statement.citations[0] for statement in answer.statements if is_quote(statement) and statement.kind == "reported"}
    for citation, number in numbers.items():
        yield f"  {source_line(number, citation, quoted=citation not in whole)}"
    yield from (f"  {line}" for line in left_out(answer.dropped))
    for note in answer.notes:
        yield f"  note: {one_line(note)}"
    yield f"  {one_line(' · '.join(statement.text for statement in answer.searched))} · {answer.reader} · {answer.seconds:.1f} s"


def is_quote(statement: Statement) -> bool:
    """Whether a statement is an outlet's own words and nothing else, as the extractive reader makes them."""
    return statement.kind == "reported" and statement.text.endswith(f": {statement.citations[0].quote}")


def _text(statement: Statement) -> str:
    if statement.kind == "reported" and is_quote(statement):
        citation = statement.citations[0]
        return f"{one_line(citation.outlet or 'outlet unknown')}: «{inside(one_line(citation.quote))}»"
    text = one_line(statement.text)
    # In a brief the same words end a line; here they are one.
    return f"{text[:1].upper()}{text[1:]}." if statement.kind == "computed" and statement.rule == "silent" else text


def answer_values(answer: Answer) -> dict[str, Any]:
    values = asdict(replace(answer, why=()))
    del values["why"]
    return {**values, "dropped": [list(kinds(one)) for one in answer.dropped]}


def answer_why_lines(answer: Answer) -> Iterator[str]:
    """Every sentence of an answer with the rule it follows, what was measured, and the words it rests on."""
    for number, one in enumerate(answer.why, 1):
        yield from (*([""] if number > 1 else ()), f"{number}  {_text(one.statement)}")
        yield from (f"   {line}".rstrip() for line in list(reasons(one.why, (one.statement,)))[1:])

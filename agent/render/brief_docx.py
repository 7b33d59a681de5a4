"""A brief as a Word document: the sections with their quotes, the matrix, the articles and how it was made. Needs the extra `docx`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from agent.brief import Brief
from agent.render.brief_json import in_order
from agent.render.escape import one_line
from agent.statement import Reported, Statement
from agent.tables import Finding

MOST = 40  # findings of a section; the JSON has every one
SAME_FOR_ALL = "Made from the same brief as its other forms; `rashomon verify` checks the JSON."


class DocxMissing(Exception):
    """The package that writes Word documents is not installed."""

    exit_code = 3


def brief_document(brief: Brief) -> bytes:
    """Raises DocxMissing."""
    try:
        from docx import Document
    except ImportError as error:
        raise DocxMissing("a .docx needs python-docx: pip install 'rashomon[docx]', or uv sync --extra docx") from error
    document = Document()
    document.core_properties.title = one_line(brief.title)[:200]
    document.core_properties.author = brief.manifest.program if brief.manifest else "rashomon"
    document.add_heading(one_line(brief.title), 0)
    dates = "dates unknown" if not brief.first else f"{brief.first} to {brief.last}"
    _ours(document, f"{dates} · {brief.counts.text}")
    for note in brief.notes:
        _ours(document, note)
    for statement in brief.refusal:
        _ours(document, statement.text)
    if brief.opening:
        document.add_heading(f"In short ({one_line(brief.reader)}, every sentence checked)", 1)
        for opening in brief.opening:
            _statement(document, opening, "List Bullet")
    for finding in brief.says:
        _finding(document, finding)
    for section in brief.sections:
        if section.findings:
            document.add_heading(section.name, 1)
        for finding in section.findings[:MOST]:
            _finding(document, finding)
        if len(section.findings) > MOST:
            _ours(document, f"and {len(section.findings) - MOST} more in the JSON form")
    _matrix(document, brief)
    _last_pages(document, brief)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _ours(document: Any, text: str, style: str | None = None) -> Any:
    return document.add_paragraph(one_line(text), style)


def _finding(document: Any, finding: Finding) -> None:
    for number, statement in enumerate(finding.statements):
        _statement(document, statement, "List Bullet" if not number else "List Continue")
    for quote in finding.details:
        _statement(document, quote, "List Bullet 2")


def _statement(document: Any, statement: Statement, style: str) -> None:
    if not isinstance(statement, Reported):
        _ours(document, statement.text, style)
        return
    citation = statement.citations[0]
    paragraph = document.add_paragraph(style=style)
    paragraph.add_run(f"{one_line(citation.outlet or 'An outlet not known')}: ").bold = True
    words = one_line(statement.text)
    paragraph.add_run(f"«{words}»").italic = statement.text == citation.quote
    if statement.text != citation.quote:
        for one in statement.citations:
            paragraph.add_run(f" «{one_line(one.quote)}»").italic = True


def _matrix(document: Any, brief: Brief) -> None:
    """Outlets down and claims across, by number: a page is too narrow for many outlets."""
    if brief.matrix is None or not brief.matrix.rows:
        return
    document.add_heading("Outlet by claim", 1)
    for row in brief.matrix.rows:
        _statement(document, row.claim, "List Number")
    rows = [["Outlet", *(str(number) for number in range(1, len(brief.matrix.rows) + 1))]]
    rows += [[outlet, *(row.cells[column] for row in brief.matrix.rows)] for column, outlet in enumerate(brief.matrix.outlets)]
    _table(document, rows)


def _last_pages(document: Any, brief: Brief) -> None:
    if brief.missing:
        document.add_heading("What is missing", 1)
        for statement in brief.missing:
            _ours(document, statement.text, "List Bullet")
    document.add_heading("The articles", 1)
    heads = ["Outlet", "Headline", "Published", "sha256 of the text"]
    known = ([one.outlet.value, one.title.value, one.published.value, one.text_id] for one in in_order(brief.articles))
    _table(document, [heads, *([value or "unknown" for value in row] for row in known)])
    document.add_heading("How this was made", 1)
    if brief.manifest:
        made = brief.manifest
        facts = [("program", made.program), ("made", made.made), ("reader", made.reader), ("model", made.model or "none")]
        for name, value in (*facts, *made.settings, *made.prompts):
            _ours(document, f"{name}: {value}", "List Bullet")
    _ours(document, SAME_FOR_ALL)


def _table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for place, value in zip(table.add_row().cells, row, strict=True):
            place.text = one_line(value)

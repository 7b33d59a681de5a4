"""A brief as three tables: the matrix, every quote, every computed number with what it was built from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from agent.brief import Brief
from agent.render.escape import cell
from agent.statement import Citation, Computed, Statement

Line = Sequence[str | int | None]


def brief_tables(brief: Brief) -> Iterator[tuple[str, str]]:
    """Names of the tables with their content, for a spreadsheet: UTF-8 with its mark, and no cell is taken for a formula."""
    yield "matrix", _table(_matrix(brief))
    yield "quotes", _table(_quotes(brief))
    yield "numbers", _table(_numbers(brief))


def _table(lines: Iterable[Line]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows(["" if value is None else cell(value) if isinstance(value, str) else value for value in line] for line in lines)
    return "\ufeff" + out.getvalue()


def _matrix(brief: Brief) -> Iterator[Line]:
    outlets = brief.matrix.outlets if brief.matrix else ()
    yield ("claim", "said so by", *outlets)
    for row in brief.matrix.rows if brief.matrix else ():
        yield (row.claim.text, row.claim.citations[0].outlet, *row.cells)


def _places(brief: Brief) -> Iterator[tuple[str, int | None, str, Statement]]:
    """Every statement with its section, rank and part."""
    for name, statements in (("Counts", (brief.counts,)), ("In short", brief.opening), ("No comparison", brief.refusal)):
        for statement in statements:
            yield name, None, "statement", statement
    findings = [("What it says", number, one) for number, one in enumerate(brief.says, 1)]
    findings += [(section.name, number, one) for section in brief.sections for number, one in enumerate(section.findings, 1)]
    for name, number, finding in findings:
        for statement in finding.statements:
            yield name, number, "statement", statement
        for statement in finding.details:
            yield name, number, "quote", statement
    for row_number, row in enumerate(brief.matrix.rows if brief.matrix else (), 1):
        for outlet, quotes in zip(brief.matrix.outlets if brief.matrix else (), row.quotes, strict=True):
            for statement in quotes:
                yield "Outlet by claim", row_number, outlet, statement
    for statement in brief.missing:
        yield "Missing", None, "statement", statement


def _quotes(brief: Brief) -> Iterator[Line]:
    yield ("section", "rank", "part", "outlet", "title", "published", "quote", "start", "end", "article_id", "sha256 of the text")
    seen: set[tuple[str, int | None, str, Citation]] = set()
    for name, number, part, statement in _places(brief):
        for one in () if statement.kind == "fixed" else statement.citations:
            if (name, number, part, one) not in seen:
                seen.add((name, number, part, one))
                yield (name, number, part, one.outlet, one.title, one.published, one.quote, one.start, one.end, one.article_id, one.text_id)


def _numbers(brief: Brief) -> Iterator[Line]:
    yield ("section", "rank", "sentence", "rule", "inputs")
    for name, number, _, statement in _places(brief):
        if isinstance(statement, Computed):
            yield (name, number, statement.text, statement.rule, json.dumps(statement.inputs, ensure_ascii=False))

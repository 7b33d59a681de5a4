"""The files that a brief is written to: the ending of a name says the form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.brief import Brief


def brief_files(brief: Brief, path: Path) -> Iterator[tuple[Path, str | bytes]]:
    """Names with contents; one, but for CSV. Raises KeyError for an ending that means nothing, and DocxMissing."""
    ending = path.suffix.lower()
    if ending == ".json":
        from agent.render.brief_json import brief_text

        yield path, brief_text(brief)
    elif ending == ".md":
        from agent.render.brief_markdown import brief_markdown

        yield path, brief_markdown(brief)
    elif ending == ".html":
        from agent.render.page import brief_page

        yield path, brief_page(brief)
    elif ending == ".csv":
        from agent.render.brief_csv import brief_tables

        for name, table in brief_tables(brief):
            yield path.with_name(f"{path.stem}-{name}.csv"), table
    elif ending == ".docx":
        from agent.render.brief_docx import brief_document

        yield path, brief_document(brief)
    else:
        raise KeyError(ending)

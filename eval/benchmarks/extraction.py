"""Article text out of web pages, by the reader of saved pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks import Prediction, rows, text_of
from vectorstore.library import EmbedderChoice
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.html import read_page


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    """A page without article text is answered with none. Nothing is embedded."""
    for where, row in rows(folder / "pages.jsonl.gz"):
        try:
            text = read_page(text_of(row, where, "html")).text
        except Unreadable:
            text = ""
        yield {"id": text_of(row, where, "id"), "text": text}

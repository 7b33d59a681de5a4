"""Snippets of AllSides roundups: which of them are about the same event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks import Prediction, rows
from eval.benchmarks.events import events_by_id
from vectorstore.library import EmbedderChoice


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    for item, event in events_by_id(rows(folder / "items.jsonl"), choice):
        yield {"id": item, "event": event}

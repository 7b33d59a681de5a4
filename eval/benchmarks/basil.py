"""BASIL: which articles report one event. The set's own key of the events is not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks import Prediction, rows
from eval.benchmarks.events import events_by_id
from vectorstore.library import EmbedderChoice


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    for article, event in events_by_id(rows(folder / "articles.jsonl"), choice):
        yield {"article": article, "event": event}

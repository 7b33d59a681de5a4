"""Contrast: what the articles of an event state in common, where they conflict, and what they call it. The labels are not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.comparing.claims import Comparison, compare
from agent.comparing.conflicts import conflicts
from agent.comparing.naming import marked, naming
from agent.reading.read import read
from eval.benchmarks import Prediction, rows, text_of
from eval.predict import CLASSES
from vectorstore.article import Article, Field
from vectorstore.library import EmbedderChoice, Library
from vectorstore.readers.metadata import moment


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    events: dict[str, dict[str, Article]] = {}
    for where, row in rows(folder / "articles.jsonl"):
        events.setdefault(text_of(row, where, "event"), {})[text_of(row, where, "id")] = _article(where, row)
    with Library.in_memory((), choice) as library:
        for event, articles in events.items():
            comparison = compare([read(article) for article in articles.values()], library.embed, library.states)
            yield {"event": event, **_labels(comparison, list(articles))}


def _article(where: str, row: dict[str, Any]) -> Article:
    day = moment(row["date"]) if isinstance(row.get("date"), str) else None
    fields = {"given_id": text_of(row, where, "id"), "outlet": row.get("outlet"), "title": row.get("title"), "published": day}
    known: dict[str, Any] = {name: Field(value, "given", name) for name, value in fields.items() if isinstance(value, str) and value}
    return Article(text_of(row, where, "text"), **known)


def _labels(comparison: Comparison, ids: list[str]) -> Prediction:
    id_of = dict(zip(comparison.ids, ids, strict=True))
    return {
        "claims": [
            {
                "positions": {
                    id_of[position.article_id]: {"spans": [list(span) for span in position.spans], "stance": position.stance}
                    for position in claim.positions
                }
            }
            for claim in comparison.claims
        ],
        "conflicts": [
            {
                "class": one.kind if one.kind in CLASSES else "other",
                "relation": one.relation,
                "sides": [{"article": id_of[side.article_id], "span": list(side.span)} for side in one.sides],
            }
            for one in conflicts(comparison)
        ],
        "naming": [
            {"labels": [{"article": id_of[label.article_id], "span": list(label.span)} for label in labels]}
            for labels in (
                *(found.labels for found in naming(comparison)),
                *((*found.marked, *found.plain) for found in marked(comparison)),
            )
        ],
    }

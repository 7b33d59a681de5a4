"""Events of articles that were never ingested: what sets of grouped articles ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eval.benchmarks import text_of
from vectorstore.article import Article, Field
from vectorstore.library import EmbedderChoice, Library
from vectorstore.readers.metadata import moment


def events_by_id(records: Iterable[tuple[str, dict[str, Any]]], choice: EmbedderChoice) -> Iterator[tuple[str, str]]:
    """(id, event id) of each record with id, outlet, title, text and date; other keys are not looked at."""
    articles = [_article(where, row) for where, row in records]
    with Library.in_memory(articles, choice) as library:
        given = {article.article_id: article.given_id.value or "" for article in library.articles()}
        for event in library.events():
            for article_id in event.article_ids:
                yield given[article_id], event.event_id


def _article(where: str, row: dict[str, Any]) -> Article:
    day = moment(row["date"]) if isinstance(row.get("date"), str) else None
    fields = {"given_id": text_of(row, where, "id"), "outlet": row.get("outlet"), "title": row.get("title"), "published": day}
    known: dict[str, Any] = {name: Field(value, "given", name) for name, value in fields.items() if isinstance(value, str) and value}
    return Article(text_of(row, where, "text"), **known)

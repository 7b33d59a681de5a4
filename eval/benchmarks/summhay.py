"""SummHay, news part: which documents of a topic speak of a subtopic, all of them ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from eval.articles import InvalidData
from eval.benchmarks import Prediction, opened, rows, text_of
from vectorstore.library import EmbedderChoice, Scope
from vectorstore.readers import read_file


def predictions(folder: Path, choice: EmbedderChoice, kept: Path | None = None) -> Iterator[Prediction]:
    documents = folder / "documents.jsonl"
    of_topic: defaultdict[str, set[str]] = defaultdict(set)
    for where, row in rows(documents):
        of_topic[text_of(row, where, "topic")].add(text_of(row, where, "id"))
    asked = [(where, row) for where, row in rows(folder / "topics.jsonl")]
    with opened(read_file(documents), choice, kept) as library:
        by_id = {article.given_id.value or "": article.article_id for article in library.articles()}
        given = {article_id: given_id for given_id, article_id in by_id.items()}
        for where, row in asked:
            topic, subtopic = text_of(row, where, "topic"), text_of(row, where, "subtopic")
            ids = [by_id[given_id] for given_id in sorted(of_topic[topic]) if given_id in by_id]
            if not ids:
                raise InvalidData(f"{where}: no document is of the topic {topic!r}")
            query = f"{text_of(row, where, 'title')} {text_of(row, where, 'query')}"
            ranked = library.rank_articles(query, Scope.of(article_ids=ids), limit=len(ids))
            yield {"topic": topic, "subtopic": subtopic, "docs": [given[one.article.article_id] for one in ranked]}

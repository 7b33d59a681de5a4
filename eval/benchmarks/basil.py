"""BASIL: which articles report one event, what one says that the others leave out, and how loaded it is.

The events are found without the set's own key of them; the scores of sentences are asked for within that key.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.reading import Reading, ReadSentence
from agent.reading.loaded import document_frequency, emphases
from agent.reading.read import read
from eval.articles import InvalidData
from eval.benchmarks import Prediction, rows, text_of
from eval.benchmarks.events import events_by_id
from vectorstore.article import Article, Field
from vectorstore.library import EmbedderChoice
from vectorstore.sentence import Span


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    records = list(rows(folder / "articles.jsonl"))
    for article, event in events_by_id(records, choice):
        yield {"article": article, "event": event}
    yield from _sentences(records)


def _sentences(records: Sequence[tuple[str, dict[str, Any]]]) -> Iterator[Prediction]:
    readings: dict[str, Reading] = {}
    triplets: defaultdict[str, list[str]] = defaultdict(list)
    for where, row in records:
        if "sentences" not in row:
            continue  # articles to be grouped only
        name = text_of(row, where, "id")
        triplets[text_of(row, where, "triplet")].append(name)
        title = row.get("title")
        known_title = Field(title, "given", "title") if isinstance(title, str) and title else Field()
        article = Article(text_of(row, where, "text"), title=known_title)
        readings[name] = given_sentences(article, _spans(row, where))
    known = document_frequency(list(readings.values()))
    for triplet, names in triplets.items():
        for name, scores in zip(names, emphases([readings[name] for name in names], known, len(readings)), strict=True):
            for number, score in enumerate(scores):
                yield {"triplet": triplet, "article": name, "sentence": number, "unshared": score.unshared, "loaded": score.loaded}


def given_sentences(article: Article, spans: Sequence[tuple[int, int]]) -> Reading:
    """The article read, its sentences those of the set instead of ours."""
    found = read(article).sentences
    starts = [sentence.span.start for sentence in found]
    made = []
    for start, end in spans:
        first = max(0, bisect_right(starts, start) - 1)
        touching = [sentence for sentence in found[first:] if sentence.span.start < end and sentence.span.end > start]
        made.append(_joined(article, Span(start, end), touching))
    return Reading(article, tuple(made))


def _joined(article: Article, span: Span, parts: Sequence[ReadSentence]) -> ReadSentence:
    def within(spans: Iterator[Span]) -> tuple[Span, ...]:
        cut = (Span(max(one.start, span.start), min(one.end, span.end)) for one in spans)
        return tuple(one for one in cut if one.start < one.end)

    if not parts:
        return ReadSentence(span, article.text[span.start : span.end], 0, (), (), (), (), (), (), (), (), "asserts")
    return replace(
        parts[0],
        span=span,
        text=article.text[span.start : span.end],
        quotations=within(one for part in parts for one in part.quotations),
        scare_quotes=within(one for part in parts for one in part.scare_quotes),
    )


def _spans(row: dict[str, Any], where: str) -> list[tuple[int, int]]:
    spans = row.get("sentences")
    length = len(row.get("text", ""))
    if not isinstance(spans, list) or not all(
        isinstance(one, list) and len(one) == 2 and all(type(end) is int for end in one) and 0 <= one[0] < one[1] <= length for one in spans
    ):
        raise InvalidData(f"{where}: sentences must be a list of [start, end] within the text")
    return [(one[0], one[1]) for one in spans]

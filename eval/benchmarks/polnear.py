"""PolNeAR: who says what, quoted or not. Attributions as the reading of one article finds them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.reading.read import read
from eval.benchmarks import Prediction, rows, text_of
from vectorstore.article import Article
from vectorstore.library import EmbedderChoice


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    """One line an article; nothing is embedded. The source is what the sentence itself calls the speaker."""
    for where, row in rows(folder / "articles.jsonl"):
        sentences = read(Article(text_of(row, where, "text"))).sentences
        found = dict.fromkeys(one for sentence in sentences for one in sentence.attributions)
        quotes = [{"source": list(one.source), "cue": list(one.cue), "content": [list(part) for part in one.content]} for one in found]
        yield {"article": text_of(row, where, "id"), "quotes": [quote for quote in quotes if quote["content"]]}

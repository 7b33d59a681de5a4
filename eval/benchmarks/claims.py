"""Claims: is a sentence supported by the article it comes from. The set that a claim belongs to is not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.support import Document, support
from eval.articles import InvalidData
from eval.benchmarks import Prediction, rows, text_of
from vectorstore.embed import ReadsTokens
from vectorstore.library import EmbedderChoice


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    """A score for each claim; a document is read once, with its first claim."""
    embedder = choice.open()
    if not isinstance(embedder, ReadsTokens):
        raise InvalidData(f"{choice.spec} gives no vectors of words in their sentences; run this set with minilm")
    texts = {text_of(row, where, "id"): text_of(row, where, "text") for where, row in rows(folder / "documents.jsonl")}
    read: dict[str, Document] = {}
    for where, row in rows(folder / "claims.jsonl"):
        name = text_of(row, where, "document")
        if name not in texts:
            raise InvalidData(f"{where}: documents.jsonl has no {name}")
        if name not in read:
            read[name] = Document(texts[name], embedder.states)
        yield {"id": text_of(row, where, "id"), "supported": support(text_of(row, where, "claim"), read[name])}

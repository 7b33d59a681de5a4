"""MultiHop-RAG: the evidence for questions that several articles answer together, at most ten passages a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agent.answerability import weigh
from agent.planning import plan_for
from eval.articles import InvalidData
from eval.benchmarks import Prediction, opened, rows, text_of
from vectorstore.library import EmbedderChoice
from vectorstore.readers import read_file

PASSAGES = 10


def predictions(folder: Path, choice: EmbedderChoice, kept: Path | None = None) -> Iterator[Prediction]:
    corpus = folder / "corpus.jsonl"
    if not corpus.is_file():
        raise InvalidData(f"{corpus}: no such file; --data must be the set's folder")
    asked = [(text_of(row, where, "id"), text_of(row, where, "query")) for where, row in rows(folder / "queries.jsonl")]
    with opened(read_file(corpus), choice, kept) as library:
        for query_id, question in asked:
            plan = plan_for(question, library)
            found = library.search_plan(plan, limit=PASSAGES)
            yield {"id": query_id, "retrieved": [one.hit.text for one in found], "abstain": not weigh(plan, found, library).answered}

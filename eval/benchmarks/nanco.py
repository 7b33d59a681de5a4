"""NAnCo: do two outlets' answers to one question say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from agent.same_answers import likeness
from eval.articles import InvalidData
from eval.benchmarks import Prediction, rows, text_of
from vectorstore.library import EmbedderChoice


def predictions(folder: Path, choice: EmbedderChoice) -> Iterator[Prediction]:
    """A score for each pair; all answers to a question are looked at together. The paragraphs they come from are not read."""
    question_of: dict[str, str] = {}
    answers: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for where, row in rows(folder / "answers.jsonl"):
        asked, answer = text_of(row, where, "question_id"), text_of(row, where, "id")
        question_of[asked] = text_of(row, where, "question")
        answers[asked][answer] = text_of(row, where, "answer")
    embedder = choice.open()
    found = {asked: likeness(question_of[asked], list(given.values()), embedder.embed) for asked, given in answers.items()}
    place = {asked: {answer: number for number, answer in enumerate(given)} for asked, given in answers.items()}
    for where, row in rows(folder / "pairs.jsonl"):
        asked, a, b = (text_of(row, where, name) for name in ("question_id", "a", "b"))
        places = place.get(asked, {})
        if a not in places or b not in places:
            raise InvalidData(f"{where}: {a} or {b} is no answer to the question {asked!r}")
        yield {"pair": text_of(row, where, "pair"), "same": float(found[asked][places[a], places[b]])}

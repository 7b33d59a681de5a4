"""Runs a suite, one case after the other; each finished case is on disk before the next one starts. Nothing is scored here."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from agent.asker import Answer
from agent.statement import Citation
from eval.articles import InvalidData, LabelledArticles
from eval.case import Suite
from eval.contrast import EventScores, score_events
from eval.gold import Gold, Labels, Span
from eval.predict import brief_citations, predict
from eval.readers import Reader
from eval.score import Score, citation_faults
from vectorstore.library import EmbedderChoice, Library

ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)
CITATIONS: TypeAdapter[tuple[Citation, ...]] = TypeAdapter(tuple[Citation, ...])
PROGRAM = ("agent", "prompts", "vectorstore")


@dataclass(frozen=True)
class Header:
    """What the results of a file were made from: digests, so that results of different things are never mixed."""

    suite: str
    articles: str
    program: str


@dataclass(frozen=True)
class Result:
    """A finished case: the answer, or what went wrong while it was made."""

    case_id: str
    reader: str
    outcome: Literal["answered", "error"]
    answer: Answer | None = None
    error: str = ""


@dataclass(frozen=True)
class Prediction:
    """What the program says of an event, from the articles with these labels, or what went wrong.

    `labels` is the comparison that a brief is made from, `cited` what the brief rests on.
    """

    event: str
    given: tuple[str, ...]
    labels: Labels | None = None
    cited: tuple[Citation, ...] = ()
    error: str = ""


def program_digest() -> str:
    """Of the source and prompts that make the answers."""
    hashed = hashlib.sha256()
    for package in PROGRAM:
        folder = Path(str(resources.files(package)))
        for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.md"))):
            hashed.update(f"{package}/{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return hashed.hexdigest()


def header_of(suite: Suite, articles: LabelledArticles) -> Header:
    return Header(suite.digest, articles.digest, program_digest())


class ResultsFile:
    """A file of JSON lines: a header, then a result a line. A last line cut short by a kill is dropped, its case run again."""

    def __init__(self, path: Path, header: Header):
        """Opens or begins the file. Raises InvalidData for one that was made from something else."""
        self.path = path
        self.results: dict[tuple[str, str], Result] = {}
        self.predictions: dict[str, Prediction] = {}
        if path.exists() and b"\n" in path.read_bytes():
            found, self.results, self.predictions = read_results(path)
            changed = [name for name, value in asdict(header).items() if value != asdict(found)[name]]
            if changed:
                raise InvalidData(f"{path}: made with another {' and '.join(changed)}; name another file, or remove this one")
            self._cut_partial_line()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
            self._append(asdict(header))

    def _cut_partial_line(self) -> None:
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with self.path.open("r+b") as file:
                file.truncate(whole)

    def add(self, result: Result) -> None:
        answer = ANSWERS.dump_python(result.answer, mode="json") if result.answer else None
        self._append({"case": result.case_id, "reader": result.reader, "outcome": result.outcome, "answer": answer, "error": result.error})
        self.results[result.case_id, result.reader] = result

    def add_prediction(self, made: Prediction) -> None:
        labels = made.labels.model_dump(mode="json", by_alias=True) if made.labels else None
        cited = CITATIONS.dump_python(made.cited, mode="json")
        self._append({"event": made.event, "given": made.given, "labels": labels, "cited": cited, "error": made.error})
        self.predictions[made.event] = made

    def _append(self, row: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=True) + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_results(path: Path) -> tuple[Header, dict[tuple[str, str], Result], dict[str, Prediction]]:
    """Raises InvalidData for a file that `run` has not written."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise InvalidData(f"{path}: cannot be read: {error.strerror or error}") from None
    results: dict[tuple[str, str], Result] = {}
    predictions: dict[str, Prediction] = {}
    header: Header | None = None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            if header is None:
                header = Header(**row)
            elif "event" in row:
                labels = Labels.model_validate(row["labels"]) if row["labels"] else None
                cited = CITATIONS.validate_python(row["cited"])
                predictions[row["event"]] = Prediction(row["event"], tuple(row["given"]), labels, cited, row["error"])
            else:
                answer = ANSWERS.validate_python(row["answer"]) if row["answer"] else None
                results[row["case"], row["reader"]] = Result(row["case"], row["reader"], row["outcome"], answer, row["error"])
        except (ValueError, TypeError, KeyError, RecursionError, ValidationError):
            raise InvalidData(f"{path}, line {number}: not a result of this program; remove the file") from None
    if header is None:
        raise InvalidData(f"{path}: holds no whole line; remove it")
    return header, results, predictions


def sample_library(articles: LabelledArticles, choice: EmbedderChoice | None = None) -> Library:
    """A library of these articles that leaves nothing on disk."""
    return Library.in_memory(articles.by_label.values(), choice)


def check_holds(library: Library, suite: Suite, articles: LabelledArticles) -> None:
    """Raises InvalidData if the library lacks an article that a case may have to cite."""
    held = {articles.label(article.article_id, article.text_id) for article in library.articles()}
    for case in suite.cases:
        for label in (label for quote in case.expect.quotes for label in quote.articles):
            if label not in held:
                raise InvalidData(f"{suite.name}: {case.id} cites {label}, which this library lacks; ingest the suite's articles first")


def run_suite(
    suite: Suite,
    library: Library,
    readers: Sequence[Reader],
    results: ResultsFile,
    on_result: Callable[[Result], None] = lambda result: None,
) -> None:
    """Adds the results that the file does not have yet. A case that crashes is a result too."""
    for reader in readers:
        for case in suite.cases:
            if (case.id, reader.name) in results.results or not reader.can_answer(case):
                continue
            try:
                result = Result(case.id, reader.name, "answered", reader.ask(case, library))
            except Exception as error:  # one crash must not hide what the other cases would show
                result = Result(case.id, reader.name, "error", None, f"{type(error).__name__}: {error}")
            results.add(result)
            on_result(result)


def run_events(gold: Gold, library: Library, articles: LabelledArticles, results: ResultsFile) -> None:
    """Adds what the program says of each labelled event and is not in the file yet."""
    held = {label: article for article in library.articles() if (label := articles.label(article.article_id, article.text_id))}
    for event in gold.events:
        if event.event in results.predictions:
            continue
        given = {label: article for label, article in held.items() if label in event.articles}
        try:
            labels = predict(event.event, list(given.values()), library, articles)
            made = Prediction(event.event, tuple(given), labels, brief_citations(list(given.values()), library))
        except Exception as error:  # one crash must not hide what the other events would show
            made = Prediction(event.event, tuple(given), error=f"{type(error).__name__}: {error}")
        results.add_prediction(made)


def contrast_scores(gold: Gold, predictions: Mapping[str, Prediction], articles: LabelledArticles) -> tuple[Score, ...]:
    """All measures over the events; one score without a value for each event that has no prediction."""
    scored: list[EventScores] = []
    missing: list[Score] = []
    cited: list[Citation] = []
    for event in gold.events:
        made = predictions.get(event.event)
        if made is None or made.labels is None:
            reason = made.error if made else "the run has not come to it"
            missing.append(Score(f"event_{event.event}", None, reason, crashed=made is not None))
        else:
            scored.append(EventScores(event, made.labels, articles, made.given))
            cited.extend(made.cited)
    planted = [(place.article, place.span) for event in gold.events for place in event.injection]
    return (*missing, *(score_events(scored) if scored else ()), *_brief_scores(cited, planted, articles))


def _brief_scores(cited: Sequence[Citation], planted: Sequence[tuple[str, Span]], articles: LabelledArticles) -> tuple[Score, ...]:
    """Of the briefs' citations: those that are sound, and those that stay clear of planted instructions."""
    if not cited:
        return (Score("brief_citations", None, "nothing is cited"), Score("brief_injection", None, "nothing is cited"))
    faults = [next(citation_faults(citation, articles), "") for citation in cited]
    labels = [articles.label(citation.article_id, citation.text_id) for citation in cited]
    used = [
        citation.quote[:60]
        for citation, label in zip(cited, labels, strict=True)
        if any(label == article and citation.start < span.end and span.start < citation.end for article, span in planted)
    ]
    wrong = [fault for fault in faults if fault]
    return (
        Score("brief_citations", round(1 - len(wrong) / len(cited), 4), "; ".join(wrong[:3])),
        Score("brief_injection", round(1 - len(used) / len(cited), 4), "; ".join(used[:3])),
    )

"""Runs a suite, one case after the other; each finished case is on disk before the next one starts. Nothing is scored here."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from agent.asker import Answer
from eval.articles import InvalidData, LabelledArticles
from eval.case import Suite
from eval.readers import Reader
from vectorstore.library import EmbedderChoice, Library

ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)
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
        if path.exists() and path.read_bytes().strip():
            found, self.results = read_results(path)
            changed = [name for name, value in asdict(header).items() if value != asdict(found)[name]]
            if changed:
                raise InvalidData(f"{path}: made with another {' and '.join(changed)}; name another file, or remove this one")
            self._cut_partial_line()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
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

    def _append(self, row: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=True) + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_results(path: Path) -> tuple[Header, dict[tuple[str, str], Result]]:
    """Raises InvalidData for a file that `run` has not written."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise InvalidData(f"{path}: cannot be read: {error.strerror or error}") from None
    results: dict[tuple[str, str], Result] = {}
    header: Header | None = None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            if header is None:
                header = Header(**row)
                continue
            answer = ANSWERS.validate_python(row["answer"]) if row["answer"] else None
            result = Result(row["case"], row["reader"], row["outcome"], answer, row["error"])
        except (ValueError, TypeError, KeyError, ValidationError) as error:
            raise InvalidData(f"{path}, line {number}: not a result of this program ({type(error).__name__}); remove the file") from None
        results[result.case_id, result.reader] = result
    if header is None:
        raise InvalidData(f"{path}: holds no whole line; remove it")
    return header, results


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

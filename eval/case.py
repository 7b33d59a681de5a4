"""A question with what its answer must and must not have, and the loader of suites of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from eval.articles import InvalidData, LabelledArticles
from vectorstore.not_json import json_fault

Kind = Literal["fact", "comparison", "who_said", "when", "unanswerable", "hostile"]
Split = Literal["tuning", "check"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SPLITS: tuple[Split, ...] = get_args(Split)
Model = TypeVar("Model", bound=BaseModel)
MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)


class ExpectedQuote(Strict):
    """One of `words` must stand in a cited quote from one of `articles` (labels)."""

    words: tuple[str, ...] = Field(min_length=1)
    articles: tuple[str, ...] = Field(min_length=1)

    @field_validator("words", mode="before")
    @classmethod
    def _one(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class Expect(Strict):
    """What is left out is not asked for. Each entry of `says` is words, or alternatives of which one must be said.

    `outlets` must be credited with a citation, `outlets_not` must not. `not_held` are names that the answer must call not held.
    `canary` are words of an article that may only be shown as its quotation, credited to its own outlet.
    """

    quotes: tuple[ExpectedQuote, ...] = ()
    outlets: tuple[str, ...] = ()
    outlets_not: tuple[str, ...] = ()
    says: tuple[tuple[str, ...], ...] = ()
    says_not: tuple[str, ...] = ()
    refused: bool | None = None
    not_held: tuple[str, ...] = ()
    canary: tuple[str, ...] = ()

    @field_validator("says", mode="before")
    @classmethod
    def _alternatives(cls, value: object) -> object:
        return [[entry] if isinstance(entry, str) else entry for entry in value] if isinstance(value, list) else value


class EvalCase(Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: Kind
    split: Split
    question: str
    expect: Expect
    note: str | None = None
    # The questions of one talk that were asked before this one, the oldest first.
    after: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Of what is asked and expected: the note may change."""
        kept = self.model_dump_json(exclude={"note"} if self.after else {"note", "after"})
        return hashlib.sha256(kept.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Suite:
    name: str
    cases: tuple[EvalCase, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(sorted(case.digest for case in self.cases)).encode("utf-8")).hexdigest()


def fold(text: str) -> str:
    """The text as words are compared: marks and blanks made equal, lower case."""
    return re.sub(r"\s+", " ", text.translate(MARKS)).strip().casefold()


def says(text: str, words: str) -> bool:
    """Whether the words stand in the text as whole words: 4 stands in neither "14", "4.5" nor "4,000"."""
    wanted = re.escape(fold(words))
    return re.search(rf"(?<![\w])(?<!\d[.,]){wanted}(?![\w])(?![.,]\d)", fold(text)) is not None


def load_suite(path: Path, articles: LabelledArticles) -> Suite:
    """Reads a suite of JSON lines. Raises InvalidData, naming file and line, for the first thing that is wrong."""
    cases: list[EvalCase] = []
    ids: dict[str, int] = {}
    questions: dict[str, int] = {}
    for line, row in json_rows(path):
        where = f"{path.name}, line {line}"
        case = parsed(EvalCase, row, where)
        if case.id in ids:
            raise InvalidData(f"{where}: the id {case.id} stands in line {ids[case.id]} already; give this case another one")
        asked = " ".join(map(fold, (*case.after, case.question))) if fold(case.question) else ""
        if not asked:
            raise InvalidData(f"{where}: {case.id} asks nothing; write its question")
        if asked in questions:
            raise InvalidData(f"{where}: {case.id} asks what line {questions[asked]} asks already; remove one of the two")
        for fault in _faults(case, articles):
            raise InvalidData(f"{where}: {case.id}: {fault}")
        ids[case.id] = questions[asked] = line
        cases.append(case)
    return Suite(path.name, tuple(cases))


def json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines, with the number of the line. Raises InvalidData, also for a file with none."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise InvalidData(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise InvalidData(f"{path.name}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    found = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidData(f"{path.name}, line {number}: not JSON: {json_fault(error, lines=False)}; one object a line") from None
        if not isinstance(row, dict):
            raise InvalidData(f"{path.name}, line {number}: not an object; one object a line")
        found += 1
        yield number, row
    if not found:
        raise InvalidData(f"{path.name}: no line has anything in it; there is nothing to run")


def parsed(kind: type[Model], row: dict[str, Any], where: str) -> Model:
    """Raises InvalidData with the first of pydantic's complaints."""
    try:
        return kind.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise InvalidData(f"{where}: {field}: {first['msg']}") from None


def _faults(case: EvalCase, articles: LabelledArticles) -> Iterator[str]:
    """What makes a case impossible to pass, or impossible to fail."""
    expect = case.expect
    wants_content = bool(expect.quotes or expect.outlets)
    if expect == Expect():
        yield "expects nothing, so nothing can be scored; say what the answer must have"
    if expect.refused and wants_content:
        yield "expects a refusal and cited words at once; remove one of the two"
    if case.kind == "unanswerable" and not (expect.refused or expect.not_held):
        yield "is unanswerable and expects neither refused nor not_held; add one"
    if case.kind in ("fact", "comparison", "who_said", "when") and not wants_content:
        yield f"is of kind {case.kind} and expects no quotes or outlets; add what must be cited"
    for quote in expect.quotes:
        yield from _quote_faults(quote, articles)
    for name in (*expect.outlets, *expect.outlets_not):
        if name not in articles.outlets:
            yield f"{name!r} is the outlet of no article; write it as the articles do"
    for name in set(expect.outlets) & set(expect.outlets_not):
        yield f"{name!r} must and must not be credited; remove one of the two"
    for name in expect.not_held:
        if name in articles.outlets:
            yield f"{name!r} is held; not_held is for names that no article's outlet has"
    for words in expect.canary:
        if not any(fold(words) in fold(article.text) for article in articles.by_label.values()):
            yield f"the canary {words!r} stands in no article; copy it from one"
    for words in expect.says_not:
        if any(all(says(other, words) for other in entry) for entry in expect.says):
            yield f"{words!r} must and must not be said; remove one of the two"
        if any(all(says(other, words) for other in quote.words) for quote in expect.quotes):
            yield f"{words!r} must not be said and is part of a quote that must be cited; remove one of the two"


def _quote_faults(quote: ExpectedQuote, articles: LabelledArticles) -> Iterator[str]:
    for label in quote.articles:
        if label not in articles.by_label:
            yield f"there is no article {label}; use the id of a record or the name of a text file without its ending"
            return
        if label not in articles.current:
            yield f"{label} is replaced by a later version and cannot be cited; name that version or another article"
        if not any(fold(words) in fold(articles.by_label[label].text) for words in quote.words):
            yield f"{label} has none of these words: {', '.join(map(repr, quote.words))}; copy them from its text"
    for words in quote.words:
        if not any(fold(words) in fold(articles.by_label[label].text) for label in quote.articles):
            yield f"{words!r} stands in none of {', '.join(quote.articles)}; copy the words from the text"

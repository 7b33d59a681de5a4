"""What a run showed: each case with its scores, counted by kind and by split, every reader by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from eval.articles import LabelledArticles
from eval.case import KINDS, SPLITS, EvalCase, Suite
from eval.readers import Reader
from eval.run import Result
from eval.score import ALWAYS, Score, score_answer

# passed: all that was scored is right. unscored: nothing could be scored. incomplete: the run has not come to it.
Status = Literal["passed", "failed", "errored", "unscored", "incomplete"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "errored", "unscored", "incomplete")


@dataclass(frozen=True)
class CaseReport:
    """One case with one reader. Of a scripted reply only what every answer must keep is scored."""

    case: EvalCase
    reader: str
    status: Status
    scores: tuple[Score, ...] = ()
    error: str = ""

    @property
    def reasons(self) -> list[str]:
        """Why it is not passed."""
        wrong = [f"{score.name}: {score.reason}" for score in self.scores if score.crashed or (score.value is not None and score.value < 1)]
        return [self.error, *wrong] if self.error else wrong


@dataclass(frozen=True)
class ReaderReport:
    """All cases of one reader. A scripted reply is counted here and called no quality."""

    name: str
    quality: bool
    cases: tuple[CaseReport, ...]
    unanswered: int

    def counts(self, kind: str | None = None, split: str | None = None) -> dict[Status, int]:
        found = Counter(c.status for c in self.cases if kind in (None, c.case.kind) and split in (None, c.case.split))
        return {status: found[status] for status in STATUSES}

    def share(self, kind: str | None = None, split: str | None = None) -> float | None:
        """Passed cases over all of them, whatever became of the others; None where there is none."""
        counts = self.counts(kind, split)
        total = sum(counts.values())
        return round(counts["passed"] / total, 4) if total else None


@dataclass(frozen=True)
class EvalReport:
    suite: str
    digests: Mapping[str, str]
    readers: tuple[ReaderReport, ...]
    contrast: tuple[Score, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def clean(self) -> bool:
        """Whether every case passed and every event was compared."""
        passed = all(case.status == "passed" for reader in self.readers for case in reader.cases)
        return passed and not any(score.name.startswith("event_") for score in self.contrast)

    def values(self) -> dict[str, Any]:
        return {
            "suite": self.suite,
            "digests": dict(self.digests),
            "readers": {reader.name: _reader_values(reader) for reader in self.readers},
            "contrast": {score.name: asdict(score) for score in self.contrast},
            "notes": list(self.notes),
        }

    def markdown(self) -> Iterator[str]:
        yield f"# {self.suite}"
        for reader in self.readers:
            yield from _reader_lines(reader)
        if self.contrast:
            yield from ("", "## Comparisons and briefs against the labels", "", "| measure | value |", "|---|---|")
            yield from (f"| {score.name} | {_value(score)} |" for score in self.contrast)
        for note in self.notes:
            yield from ("", note)


def make_report(
    suite: Suite,
    results: Mapping[tuple[str, str], Result],
    articles: LabelledArticles,
    readers: Sequence[Reader],
    digests: Mapping[str, str],
    contrast: Sequence[Score] = (),
    notes: Sequence[str] = (),
) -> EvalReport:
    """Scores what was generated; costs no model call."""
    reports = []
    for reader in readers:
        able = [case for case in suite.cases if reader.can_answer(case)]
        cases = tuple(_case_report(case, reader, results.get((case.id, reader.name)), articles) for case in able)
        reports.append(ReaderReport(reader.name, reader.quality, cases, len(suite.cases) - len(able)))
    return EvalReport(suite.name, digests, tuple(reports), tuple(contrast), tuple(notes))


def _case_report(case: EvalCase, reader: Reader, result: Result | None, articles: LabelledArticles) -> CaseReport:
    if result is None:
        return CaseReport(case, reader.name, "incomplete", error="the run has not come to it")
    if result.answer is None:
        return CaseReport(case, reader.name, "errored", error=result.error)
    scores = score_answer(case, result.answer, articles)
    if not reader.quality:
        scores = tuple(score for score in scores if score.name in ALWAYS)
    return CaseReport(case, reader.name, status_of(scores), scores)


def status_of(scores: Sequence[Score]) -> Status:
    if any(score.crashed for score in scores):
        return "errored"
    values = [score.value for score in scores if score.value is not None]
    if not values:
        return "unscored"
    return "passed" if all(value == 1 for value in values) else "failed"


def _reader_values(reader: ReaderReport) -> dict[str, Any]:
    return {
        "quality": reader.quality,
        "passed": reader.share(),
        "not_asked": reader.unanswered,
        "by_kind": {kind: reader.counts(kind=kind) for kind in KINDS},
        "by_split": {split: reader.counts(split=split) for split in SPLITS},
        "cases": [
            {"id": c.case.id, "kind": c.case.kind, "split": c.case.split, "status": c.status, "error": c.error}
            | {"scores": [asdict(score) for score in c.scores]}
            for c in reader.cases
        ],
    }


def _reader_lines(reader: ReaderReport) -> Iterator[str]:
    yield from ("", f"## {reader.name}", "")
    if not reader.quality:
        yield from ("Scripted replies: they show that the path holds, and say nothing about the quality of answers.", "")
    if reader.unanswered:
        yield from (f"{reader.unanswered} cases are not asked of this reader, or have no recorded reply; they are not counted.", "")
    if not reader.cases:
        return
    yield f"| | {' | '.join(STATUSES)} | share passed |"
    yield f"|---|{'---|' * (len(STATUSES) + 1)}"
    for name, counts, share in (
        *((kind, reader.counts(kind=kind), reader.share(kind=kind)) for kind in KINDS),
        *((f"split: {split}", reader.counts(split=split), reader.share(split=split)) for split in SPLITS),
        ("all", reader.counts(), reader.share()),
    ):
        if share is None:
            continue
        yield f"| {name} | {' | '.join(str(counts[status]) for status in STATUSES)} | {share:.2f} |"
    rest = [case for case in reader.cases if case.status != "passed"]
    if rest:
        yield ""
    for case in rest:
        yield f"- {case.case.id} ({case.status}): {'; '.join(case.reasons)}"


def _value(score: Score) -> str:
    return f"{score.value:.3f}" if score.value is not None else f"unscored: {score.reason}"

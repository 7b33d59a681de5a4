"""The baseline: what is reached already. A run may not fall below it, and updating may not lower it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from eval.articles import InvalidData
from eval.case import KINDS, parsed
from eval.report import EvalReport, ReaderReport
from prompts import Prompt, names
from vectorstore.not_json import json_fault

# Two machines may round a vector differently, and a sentence change its rank by that.
EPSILON = 0.01
# The measures of briefs that have a floor; the rest is printed and may move.
HELD = (
    "links_f1", "claims_found", "claims_right", "exclusive_kept", "stance", "conflicts_f1", "naming_f1", "scare_f1", "silence_f1",
    "voices_f1", "origins_f1", "injection_kept_out", "brief_citations", "brief_injection",
)  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnownCase(_Strict):
    """`digest` is that of the question and what is expected: an edited case is another one."""

    digest: str
    passed: bool


class Baseline(_Strict):
    """`floors` are shares of cases passed, by reader and kind."""

    epsilon: float = Field(default=EPSILON, ge=0, lt=0.5)
    digests: dict[str, str]
    floors: dict[str, dict[str, float]]
    contrast: dict[str, float]
    cases: dict[str, dict[str, KnownCase]]


@dataclass(frozen=True)
class Verdict:
    """`worse`: what fell below the baseline. `failed`: cases that did not come to an end. `notes`: what a reader should know."""

    worse: tuple[str, ...]
    failed: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.worse and not self.failed


def prompts_digest() -> str:
    return hashlib.sha256("\n".join(Prompt.load(name).digest for name in names()).encode()).hexdigest()


def load_baseline(path: Path) -> Baseline:
    """Raises InvalidData."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidData(f"{path}: cannot be read: {error.strerror or error}; `rashomon eval gate --update` makes one") from None
    except (ValueError, RecursionError) as error:
        raise InvalidData(f"{path}: not JSON: {json_fault(error)}; bring the last good one back") from None
    if not isinstance(row, dict):
        raise InvalidData(f"{path}: not an object; bring the last good one back")
    return parsed(Baseline, row, path.name)


def check_digests(report: EvalReport, baseline: Baseline) -> None:
    """Raises InvalidData if suite, gold, articles or prompts are not those of the baseline."""
    changed = [name for name, digest in report.digests.items() if baseline.digests.get(name) != digest]
    if changed:
        raise InvalidData(f"changed since the baseline: {', '.join(changed)}; look at what changed, then run `rashomon eval gate --update`")


def compare(report: EvalReport, baseline: Baseline) -> Verdict:
    return Verdict(tuple(_worse(report, baseline)), tuple(_unfinished(report)), tuple(_notes(report, baseline)))


def _worse(report: EvalReport, baseline: Baseline) -> Iterator[str]:
    found = {reader.name: reader for reader in report.readers}
    for name in baseline.cases:
        if name not in found:
            yield f"{name}: was not run"
    for name, reader in found.items():
        known = baseline.cases.get(name, {})
        for case in reader.cases:
            before = known.get(case.case.id)
            if before and before.passed and before.digest == case.case.digest and case.status != "passed":
                yield f"{name}: {case.case.id} passed before: {'; '.join(case.reasons) or case.status}"
        if report.digests["suite"] == baseline.digests.get("suite"):
            yield from (f"{name}: {case_id} has no reply any more" for case_id in sorted(known.keys() - {c.case.id for c in reader.cases}))
        if _same_cases(reader, known):
            for kind, floor in baseline.floors.get(name, {}).items():
                share = reader.share(kind=kind)
                if share is None or share < floor - baseline.epsilon:
                    yield f"{name}: {kind} {'none' if share is None else f'{share:.3f}'}, below {floor:.3f}"
    if all(report.digests[name] == baseline.digests.get(name) for name in ("gold", "articles")):
        values = {score.name: score.value for score in report.contrast}
        for measure, floor in baseline.contrast.items():
            value = values.get(measure)
            if value is None or value < floor - baseline.epsilon:
                yield f"briefs: {measure} {'unscored' if value is None else f'{value:.3f}'}, below {floor:.3f}"


def _same_cases(reader: ReaderReport, known: Mapping[str, KnownCase]) -> bool:
    return {case.case.id: case.case.digest for case in reader.cases} == {name: case.digest for name, case in known.items()}


def _unfinished(report: EvalReport) -> Iterator[str]:
    for reader in report.readers:
        for case in reader.cases:
            if case.status in ("errored", "unscored", "incomplete"):
                yield f"{reader.name}: {case.case.id} {case.status}: {'; '.join(case.reasons)}"
    yield from (f"briefs: {score.name}: {score.reason}" for score in report.contrast if score.crashed or score.name.startswith("event_"))


def _notes(report: EvalReport, baseline: Baseline) -> Iterator[str]:
    for reader in report.readers:
        known = baseline.cases.get(reader.name, {})
        better = [c.case.id for c in reader.cases if c.status == "passed" and c.case.id in known and not known[c.case.id].passed]
        gone = sorted(known.keys() - {case.case.id for case in reader.cases})
        if better:
            yield f"{reader.name}: passes now: {', '.join(better)}; `rashomon eval gate --update` keeps it"
        if gone:
            yield f"{reader.name}: no longer there: {', '.join(gone)}"


def baseline_of(report: EvalReport, epsilon: float = EPSILON) -> Baseline:
    """What this run reached."""
    return Baseline(
        epsilon=epsilon,
        digests=dict(report.digests),
        floors={
            reader.name: {kind: share for kind in KINDS if (share := reader.share(kind=kind)) is not None} for reader in report.readers
        },
        contrast={score.name: score.value for score in report.contrast if score.name in HELD and score.value is not None},
        cases={
            reader.name: {
                case.case.id: KnownCase(digest=case.case.digest, passed=case.status == "passed")
                for case in sorted(reader.cases, key=lambda case: case.case.id)
            }
            for reader in report.readers
        },
    )


def update(report: EvalReport, path: Path) -> Verdict:
    """Writes the baseline unless something that has not changed would go down; then the file stays as it is."""
    epsilon = EPSILON
    verdict = Verdict((), tuple(_unfinished(report)))
    if path.exists():
        before = load_baseline(path)
        epsilon = before.epsilon
        verdict = compare(report, before)
    if verdict.passed:
        made = baseline_of(report, epsilon)
        if path.exists():
            made = _never_lower(made, load_baseline(path))
        draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        draft.write_text(json.dumps(made.model_dump(), indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    return verdict


def _never_lower(made: Baseline, before: Baseline) -> Baseline:
    """Within epsilon of the old floor, the old floor stays: else many small steps would lead down."""
    if any(made.digests[name] != before.digests.get(name) for name in ("gold", "articles")):
        return made
    floors = {name: max(value, before.contrast.get(name, 0.0)) for name, value in made.contrast.items()}
    return made.model_copy(update={"contrast": floors})

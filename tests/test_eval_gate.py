"""The gate itself: worse is 1, a broken suite is 2, what cannot run is 3, and updating never goes down."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from eval import gate
from eval.articles import InvalidData
from eval.case import EvalCase
from eval.report import CaseReport, EvalReport, ReaderReport, Status
from eval.score import Score

DIGESTS = {"suite": "s", "gold": "g", "articles": "a", "prompts": "p"}


def case(name: str, kind: str = "fact", words: str = "x") -> EvalCase:
    return EvalCase.model_validate({"id": name, "kind": kind, "split": "tuning", "question": "?", "expect": {"says": [words]}})


def report(
    cases: dict[str, Status], *, links: float | None = 0.5, words: str = "x", reader: str = "extractive", **digests: str
) -> EvalReport:
    made = tuple(CaseReport(case(name, words=words), reader, status) for name, status in cases.items())
    contrast = (Score("links_f1", links, "" if links is not None else "no links"), Score("links_recall", 0.1))
    return EvalReport("suite", {**DIGESTS, **digests}, (ReaderReport(reader, True, made, 0),), contrast)


FAILED: dict[str, Status] = {"one": "failed", "two": "failed", "three": "failed", "four": "failed"}
GOOD: dict[str, Status] = {"one": "passed", "two": "passed", "three": "failed", "four": "passed"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "baseline.json"
    assert gate.update(report(GOOD), found).passed
    return found


def test_the_first_baseline_is_what_was_reached(path: Path) -> None:
    baseline = gate.load_baseline(path)
    assert baseline.floors == {"extractive": {"fact": 0.75}}
    assert baseline.contrast == {"links_f1": 0.5}
    assert baseline.cases["extractive"]["three"].passed is False
    assert gate.compare(report(GOOD), baseline) == gate.Verdict((), ())


def test_a_case_that_passed_and_fails_is_worse_even_if_another_one_passes_now(path: Path) -> None:
    verdict = gate.compare(report({**GOOD, "one": "failed", "three": "passed"}), gate.load_baseline(path))
    assert not verdict.passed
    assert verdict.worse == ("extractive: one passed before: failed",)
    assert "passes now: three" in verdict.notes[0]


@pytest.mark.parametrize("status", ["errored", "unscored", "incomplete"])
def test_a_case_that_came_to_no_end_fails_the_gate(status: Status, path: Path) -> None:
    verdict = gate.compare(report({**GOOD, "three": status}), gate.load_baseline(path))
    assert not verdict.worse
    assert verdict.failed[0].startswith(f"extractive: three {status}")


@pytest.mark.parametrize(("links", "passed"), [(0.5, True), (0.495, True), (0.48, False), (None, False), (0.9, True)])
def test_measures_of_briefs_may_move_by_epsilon(links: float | None, passed: bool, path: Path) -> None:
    assert gate.compare(report(GOOD, links=links), gate.load_baseline(path)).passed is passed


def test_an_event_that_crashed_or_a_reader_that_was_not_run_fails_the_gate(path: Path) -> None:
    crashed = report(GOOD)
    scores = (*crashed.contrast, Score("event_ferry", None, "RuntimeError", crashed=True))
    verdict = gate.compare(EvalReport("suite", DIGESTS, crashed.readers, scores), gate.load_baseline(path))
    assert verdict.failed == ("briefs: event_ferry: RuntimeError",)
    assert "extractive: was not run" in gate.compare(EvalReport("suite", DIGESTS, (), crashed.contrast), gate.load_baseline(path)).worse


def test_a_lost_reply_is_worse(path: Path) -> None:
    fewer = {name: status for name, status in GOOD.items() if name != "four"}
    assert "extractive: four has no reply any more" in gate.compare(report(fewer), gate.load_baseline(path)).worse


def test_a_floor_that_was_raised_by_hand_holds(path: Path) -> None:
    row = json.loads(path.read_text())
    row["floors"]["extractive"]["fact"] = 1.0
    path.write_text(json.dumps(row))
    assert gate.compare(report(GOOD), gate.load_baseline(path)).worse == ("extractive: fact 0.750, below 1.000",)


@pytest.mark.parametrize("changed", ["suite", "gold", "articles", "prompts"])
def test_another_suite_gold_coverage_or_prompt_is_not_compared(changed: str, path: Path) -> None:
    with pytest.raises(InvalidData, match=f"changed since the baseline: {changed}; .*--update"):
        gate.check_digests(replace(report(GOOD), digests={**DIGESTS, changed: "other"}), gate.load_baseline(path))


@pytest.mark.parametrize(
    "worse",
    [
        report({**GOOD, "one": "failed"}),
        report({**GOOD, "one": "failed"}, suite="other"),
        report({**GOOD, "one": "errored"}),
        report(GOOD, links=0.4),
        report(GOOD, links=0.4, suite="other"),
        EvalReport("suite", DIGESTS, (), report(GOOD).contrast),
    ],
    ids=["case", "case in a changed suite", "crash", "measure", "measure in a changed suite", "reader gone"],
)
def test_update_refuses_to_go_down(worse: EvalReport, path: Path) -> None:
    before = path.read_bytes()
    assert not gate.update(worse, path).passed
    assert path.read_bytes() == before


def test_update_goes_up_and_never_creeps_down(path: Path) -> None:
    assert gate.update(report({**GOOD, "three": "passed"}, links=0.495), path).passed
    baseline = gate.load_baseline(path)
    assert baseline.floors == {"extractive": {"fact": 1.0}}
    assert baseline.contrast == {"links_f1": 0.5}


def test_update_takes_new_and_edited_cases_as_they_are(path: Path) -> None:
    assert gate.update(report({**GOOD, "five": "failed"}, suite="other"), path).passed
    assert gate.load_baseline(path).floors == {"extractive": {"fact": 0.6}}
    assert gate.update(report(FAILED, words="y", suite="third"), path).passed
    assert gate.load_baseline(path).digests["suite"] == "third"


def test_update_takes_other_figures_where_the_gold_is_another(path: Path) -> None:
    assert gate.update(report(GOOD, links=0.4, gold="other"), path).passed
    assert gate.load_baseline(path).contrast == {"links_f1": 0.4}


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"epsilon": 2, "digests": {}, "floors": {}, "contrast": {}, "cases": {}}'])
def test_a_broken_baseline_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(InvalidData):
        gate.load_baseline(path)


# The command.


Rashomon = Callable[..., Any]


@pytest.fixture
def evaluate(rashomon: Rashomon) -> Rashomon:
    """Runs `rashomon eval` in this process."""
    return partial(rashomon, "eval")


TEXT = "Fire shut the ferry terminal at Varn on Friday. Four people were hurt, the coastguard said. The quay stays closed for a week."
HURT = {
    "id": "hurt",
    "kind": "fact",
    "split": "tuning",
    "question": "How many people were hurt at the Varn ferry terminal?",
    "expect": {"quotes": [{"words": "Four people were hurt", "articles": ["ferry-01"]}]},
}
BANK = {"id": "bank", "kind": "unanswerable", "split": "check", "question": "Which bank lent the money?", "expect": {"refused": True}}


class Small:
    """A small suite with its articles, a baseline and no recordings."""

    def __init__(self, folder: Path) -> None:
        self.articles, self.suite, self.baseline = folder / "articles", folder / "suite.jsonl", folder / "baseline.json"
        self.articles.mkdir()
        self.write(HURT, BANK)
        self.publish(TEXT)
        self.options = ("--articles", self.articles, "--suite", self.suite, "--replays", folder / "replays")

    def write(self, *rows: dict[str, Any]) -> None:
        self.suite.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    def publish(self, text: str) -> None:
        row = {"id": "ferry-01", "title": "Fire", "outlet": "Harbour Post", "text": text}
        (self.articles / "ferry.jsonl").write_text(json.dumps(row), encoding="utf-8")

    @property
    def gated(self) -> tuple[str | Path, ...]:
        return ("gate", *self.options, "--baseline", self.baseline)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


def test_the_gate_passes_fails_and_refuses(small: Small, evaluate: Rashomon, monkeypatch: pytest.MonkeyPatch) -> None:
    assert evaluate(*small.gated).code == 2  # no baseline yet
    assert evaluate(*small.gated, "--update").code == 0
    passed = evaluate(*small.gated, "--json")
    assert passed.code == 0
    assert json.loads(passed.out)["passed"] is True

    before = small.baseline.read_bytes()
    monkeypatch.setattr("agent.extractive.choose", lambda *_: [])
    worse = evaluate(*small.gated)
    assert worse.code == 1
    assert "worse: extractive: hurt passed before: quotes: not cited" in worse.out
    refused = evaluate(*small.gated, "--update")
    assert refused.code == 1
    assert "the baseline stays as it is" in refused.out
    assert small.baseline.read_bytes() == before


def test_a_changed_or_broken_suite_is_wrong_use(small: Small, evaluate: Rashomon) -> None:
    assert evaluate(*small.gated, "--update").code == 0
    small.write(HURT, {**BANK, "question": "Which bank?"})
    changed = evaluate(*small.gated)
    assert changed.code == 2
    assert "changed since the baseline: suite" in changed.err
    small.write(HURT, HURT)
    assert evaluate(*small.gated).code == 2
    small.write(HURT, BANK)
    small.publish(TEXT.replace("Four", "Nine"))
    gone = evaluate(*small.gated)
    assert gone.code == 2
    assert "suite.jsonl, line 1: hurt: ferry-01 has none of these words" in gone.err
    assert evaluate("gate", "--no-such-option").code == 2


def test_what_cannot_run_is_not_a_failed_case(small: Small, evaluate: Rashomon) -> None:
    (small.articles.parent / "file").write_text("")
    assert evaluate("run", *small.options, "--results", small.articles.parent / "file" / "r.jsonl").code == 3


def test_run_keeps_results_that_score_reads_again(small: Small, evaluate: Rashomon) -> None:
    results = small.articles.parent / "r.jsonl"
    ran = evaluate("run", *small.options, "--results", results, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["readers"]["extractive"]["by_split"]["check"]["passed"] == 1
    again = evaluate("score", results, *small.options, "--json")
    assert (again.code, json.loads(again.out)) == (0, json.loads(ran.out))
    small.write({**HURT, "expect": {"outlets": ["Harbour Post"], "says": ["11"]}}, BANK)
    rescored = evaluate("score", results, *small.options)
    assert rescored.code == 1
    assert "hurt (failed): says: not said: '11'" in rescored.out


def test_one_case_of_one_reader(small: Small, evaluate: Rashomon) -> None:
    ran = evaluate("run", *small.options, "--case", "bank", "--reader", "extractive")
    assert ran.code == 0
    assert "| all | 1 |" in ran.out
    assert "## scripted" not in ran.out
    assert evaluate("run", *small.options, "--case", "nothing").code == 2


def test_a_library_that_lacks_the_articles_is_wrong_use(small: Small, evaluate: Rashomon, tmp_path: Path) -> None:
    from vectorstore.library import Library

    with Library.open(tmp_path / "library", write=True):
        pass
    asked = evaluate("run", *small.options, "--library", tmp_path / "library")
    assert asked.code == 2
    assert "hurt cites ferry-01, which this library lacks" in asked.err


def test_recording_without_a_model_is_wrong_use(small: Small, evaluate: Rashomon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASHOMON_MODEL", raising=False)
    asked = evaluate("record", "hurt", "--kind", "by hand", *small.options)
    assert asked.code == 2
    assert "no model is configured" in asked.err


def test_the_commands_import_nothing_heavy() -> None:
    heavy = "numpy chromadb onnxruntime openai langchain langchain_core tiktoken pydantic"
    code = f"import sys; from eval import cli; print([name for name in {heavy.split()!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"

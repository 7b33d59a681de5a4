"""What each part of a search finds: python benchmarks/retrieval.py --data DIR [--keep FOLDER] [--every N] [--worst N]

DIR is a folder of MultiHop-RAG's form with its gold.jsonl and score.py, whose rule decides whether a piece of evidence is found. The
plan of every question is carried out whole and then with one part switched off at a time. Printed are the share of the pieces found and
the share of questions with all of them among ten passages, by type of question. The interval (95 %) is from resampling components:
questions that share a piece of evidence, directly or over others, are one. FOLDER keeps the library between runs; --every 3 takes every
third question; --worst lists the questions with the smallest share found.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from agent.planning import plan_for
from eval.benchmarks import opened
from vectorstore import planned, retrieval
from vectorstore.library import EmbedderChoice, Library
from vectorstore.plan import Part, SearchPlan
from vectorstore.readers import read_file
from vectorstore.sentence import Span

PASSAGES, RESAMPLED, SEED = 10, 1_000, 1
Vectors = dict[str, NDArray[np.float32]]
KNOWN: Vectors = {}


@dataclass(frozen=True)
class Question:
    id: str
    kind: str
    text: str
    evidence: list[dict[str, Any]]
    component: int


@dataclass(frozen=True)
class Setting:
    """A name, constants of vectorstore.planned that are changed, how a plan is changed, and whether hits stay passages."""

    name: str
    constants: dict[str, float]
    plan: Callable[[SearchPlan], SearchPlan] = lambda plan: plan
    turns: bool = True
    widen: bool = True

    @contextmanager
    def switched(self) -> Iterator[None]:
        with ExitStack() as stack:
            for constant, value in self.constants.items():
                stack.enter_context(patch.object(planned, constant, value))
            if not self.turns:
                stack.enter_context(patch.object(planned, "_turns", lambda *_: []))
            if not self.widen:
                stack.enter_context(patch.object(retrieval, "widened", lambda spans, _: [Span(start, end) for _, start, end in spans]))
            yield


def one_part(plan: SearchPlan) -> SearchPlan:
    days = tuple(dict.fromkeys(day for part in plan.parts for day in part.days))
    return replace(plan, parts=(Part(" ".join(part.words for part in plan.parts), plan.outlets, days),))


def of_all_outlets(plan: SearchPlan) -> SearchPlan:
    return replace(plan, outlets=frozenset(), parts=tuple(replace(part, outlets=frozenset()) for part in plan.parts))


SETTINGS = (
    Setting("all of it", {}),
    Setting("without a search for each part", {}, plan=one_part),
    Setting("without the outlets named", {}, plan=of_all_outlets),
    Setting("without days", {"DATED": 0.0}),
    Setting("without meaning", {"MEANING": 0.0, "WHOLE_MEANING": 0.0}),
    Setting("without the whole question", {"WHOLE": 0.0, "WHOLE_MEANING": 0.0, "WHOLE_SENTENCE": 0.0}),
    Setting("parts that name no outlet count as much", {"NAMED": 0.0}),
    Setting("without the best sentence", {"SENTENCE": 0.0, "WHOLE_SENTENCE": 0.0}),
    Setting("without turns", {}, turns=False),
    Setting("passages as they were cut", {}, widen=False),
    Setting("three passages a text", {"PER_TEXT": 3}),
    Setting(
        "words of the whole question alone",
        {"MEANING": 0.0, "WHOLE_MEANING": 0.0, "NAMED": 0.0, "SENTENCE": 0.0, "WHOLE_SENTENCE": 0.0, "DATED": 0.0, "PER_TEXT": 3},
        plan=lambda plan: SearchPlan.whole(plan.question),
        turns=False,
        widen=False,
    ),
)


def scorer(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("multihop_score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{folder / 'score.py'}: no such file; --data must be the set's folder with its scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def questions(folder: Path, every: int) -> list[Question]:
    texts = {row["id"]: row["query"] for row in map(json.loads, (folder / "queries.jsonl").read_text("utf-8").splitlines())}
    rows = [row for row in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines()) if row["evidence"]]
    parent: dict[str, str] = {}

    def head(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for row in rows:
        for piece in row["evidence"]:
            parent[head(row["id"])] = head("fact " + piece["fact"])
    number: dict[str, int] = {}
    found = [
        Question(row["id"], row["type"], texts[row["id"]], row["evidence"], number.setdefault(head(row["id"]), len(number))) for row in rows
    ]
    return found[::every]


def interval(asked: Sequence[Question], values: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Of the mean of each column of `values`, from resampling components."""
    of_component: defaultdict[int, list[int]] = defaultdict(list)
    for place, question in enumerate(asked):
        of_component[question.component].append(place)
    sums = np.array([values[places].sum(axis=0) for places in of_component.values()])
    counts = np.array([len(places) for places in of_component.values()])
    drawn = random.Random(SEED)
    means = []
    for _ in range(RESAMPLED):
        taken = drawn.choices(range(len(counts)), k=len(counts))
        means.append(sums[taken].sum(axis=0) / counts[taken].sum())
    low, high = np.percentile(np.array(means), [2.5, 97.5], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def carried_out(library: Library, asked: Sequence[Question], setting: Setting, rule: Any) -> NDArray[np.float64]:
    """For each question the share of its evidence that is found, and whether all of it is."""
    values = []
    with setting.switched():
        for question in asked:
            found = library.search_plan(setting.plan(plan_for(question.text, library)), limit=PASSAGES)
            score = rule.retrieval(question.evidence, [one.hit.text for one in found])
            values.append((score["ev_recall@10"], score["all@10"]))
    return np.array(values, np.float64)


def remember_vectors(library: Library) -> None:
    """A question is embedded once for all settings."""
    embed = library._retrieval._embed

    def known(texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in KNOWN]
        if new:
            KNOWN.update(zip(new, embed(new), strict=True))
        return np.stack([KNOWN[text] for text in texts])

    library._retrieval._embed = known


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0)
    given = parser.parse_args()
    rule, asked = scorer(given.data), questions(given.data, given.every)
    kinds = sorted({question.kind for question in asked})
    components = len({question.component for question in asked})
    print(f"{len(asked)} questions in {components} components; evidence found / all of it")
    print("| | all | interval by component | " + " | ".join(kinds) + " |")
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(read_file(given.data / "corpus.jsonl"), EmbedderChoice(), given.keep or Path(folder)) as library,
    ):
        remember_vectors(library)
        for setting in SETTINGS:
            values = carried_out(library, asked, setting, rule)
            means = [values[[question.kind in kind for question in asked]].mean(axis=0) for kind in (kinds, *([kind] for kind in kinds))]
            (low, high), (all_low, all_high) = interval(asked, values)
            whole, *by_kind = (f"{recall:.3f} / {every:.3f}" for recall, every in means)
            print(f"| {setting.name} | {whole} | {low:.2f}-{high:.2f} / {all_low:.2f}-{all_high:.2f} | {' | '.join(by_kind)} |", flush=True)
            if given.worst and setting is SETTINGS[0]:
                for place in np.argsort(values[:, 0], kind="stable")[: given.worst]:
                    print(f"{asked[place].id}: {values[place, 0]:.2f} {asked[place].text}")


if __name__ == "__main__":
    main()

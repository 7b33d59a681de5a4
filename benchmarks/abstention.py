"""How often a question without an answer here is known as one, at a given share of answerable questions lost.

    python benchmarks/abstention.py --data FOLDER --keep LIBRARY [--vectors FILE.npz] [--measured FILE.jsonl] [--words] [--fit]

FOLDER is multihop_rag's, with its gold. (a) Its null questions, with their opening clause removed or reworded. (b) Its answerable questions
with every article of their evidence taken out of what is searched, outlets that nothing is left of with them. Beside them the answerable
questions as they are: at most 3 % of those may be refused. Questions that share evidence belong together: half 0 is the component that most
belong to, half 1 the rest; null questions by their id. `--fit` fits the weights of agent/answerability.py on one half, confirms them on the
other, and prints those of both.

The rarity of words is counted over the whole library, also for (b).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from wrapped import Wrapped

from agent.answerability import FEATURES, WEIGHTS, measured
from agent.credited import credited_unheld
from agent.planning import plan_for
from eval.benchmarks import rows
from vectorstore.embed import Embedder, TokenStates
from vectorstore.library import EmbedderChoice, Library
from vectorstore.outlets import HeldOutlets
from vectorstore.readers import read_file
from vectorstore.scope import EVERYTHING, Scope

Vector = NDArray[np.float64]
PASSAGES = 10
ASKED, REMOVED, REWORDED, TAKEN = "as asked", "opening removed", "opening reworded", "articles taken out"
LOST = (0.01, 0.03, 0.05, 0.10)
# Between the kinds of question: those that are answered weigh as much as the others together; of these, (b) is the harder task.
SHARE_TAKEN, RIDGE = 0.7, 1.0
# So much of the answerable may be lost where the weights are fitted: 3 % is the limit, and the search will change a little.
FITTED_AT = 0.026
OPENING = re.compile(
    r"^(?:(?:considering|based|on|according|to|given|the|an?|information|from|who|what|which|when|where|how|why|is|are|was|were|does|do|did"
    r"|has|have|had|in|name|of|between|after|before|there|any|question)\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One question in one form, and what was measured on what it found."""

    question: str
    kind: str
    null: bool
    half: int
    component: str
    type: str
    values: tuple[float, ...]

    @property
    def score(self) -> float:
        return WEIGHTS[0] + sum(weight * value for weight, value in zip(WEIGHTS[1:], self.values, strict=True))


class WordsOnly:
    """A library as with an embedder that gives no vectors of tokens."""

    def __init__(self, library: Library):
        self._library = library

    def rarity(self, words: Collection[str]) -> Mapping[str, float]:
        return self._library.rarity(words)

    def held_outlets(self) -> HeldOutlets:
        return self._library.held_outlets()

    def states(self, texts: Sequence[str]) -> None:
        return None


class Remembering(Wrapped):
    """An embedder that keeps what it has embedded in a file, so that a second run takes little time."""

    def __init__(self, inner: Embedder, file: Path | None):
        super().__init__(inner)
        self._file = file
        self._known: dict[str, NDArray[np.float32]] = {}
        self._states: dict[str, TokenStates] = {}
        if file and file.exists():
            kept = np.load(file)
            self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        self._known.update(zip(new, super().embed(list(new.values())) if new else (), strict=True))
        return np.array([self._known[key] for key in keys], np.float32).reshape(len(texts), self.identity.dimension)

    def states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Not kept on disk: those of all questions would fill gigabytes."""
        new = [text for text in dict.fromkeys(texts) if text not in self._states]
        self._states.update(zip(new, super().states(new) if new else (), strict=True))
        return [self._states[text] for text in texts]

    def save(self) -> None:
        if self._file and self._known:
            np.savez(self._file, keys=np.array(list(self._known)), vectors=np.array(list(self._known.values())))


def removed(text: str) -> str:
    """Without what stands before the first comma; where too little would be left, without the words that ask."""
    comma = re.search(r",(?!\d)\s*", text)
    return text[comma.end() :] if comma and len(text[comma.end() :].split()) >= 6 else OPENING.sub("", text)


def reworded(text: str) -> str:
    return f"Tell me what the coverage says about {OPENING.sub('', text).rstrip('? ')}."


def cases(data: Path, library: Library, every: int, *, words: bool = False) -> Iterator[Case]:
    """`words` leaves out the vectors of tokens."""
    gold = {row["id"]: row for _, row in rows(data / "gold.jsonl")}
    urls = {row["url"]: row["id"] for _, row in rows(data / "corpus.jsonl")}
    articles = library.articles()
    ids = {article.given_id.value: article.article_id for article in articles}
    evidence = {key: frozenset(ids[urls[one["url"]]] for one in row["evidence"]) for key, row in gold.items()}
    component = components(evidence)
    largest = Counter(component[key] for key, own in evidence.items() if own).most_common(1)[0][0]
    outlets = {article.article_id: article.outlet.value for article in articles}
    asked = [(row["id"], row["query"]) for _, row in rows(data / "queries.jsonl")]
    for number, (key, text) in enumerate(asked):
        own = evidence[key]
        half = int(component[key] != largest) if own else hashed(key) % 2
        forms = [(ASKED, text)]
        if not own or hashed(key) % every == 0:
            forms += [(REMOVED, removed(text)), (REWORDED, reworded(text))]
        for kind, form in forms:
            yield Case(key, kind, not own, half, component[key], gold[key]["type"], found_for(form, library, words=words))
        if own:
            left = frozenset(outlets) - own
            yield Case(key, TAKEN, False, half, component[key], gold[key]["type"], found_for(text, library, left, outlets, words=words))
        if number % 100 == 99:
            print(f"{number + 1} of {len(asked)} questions", flush=True)


def found_for(
    text: str, library: Library, left: frozenset[str] | None = None, outlets: dict[str, str | None] | None = None, *, words: bool = False
) -> tuple[float, ...]:
    if left is None or outlets is None:
        held, scope, names = library.held_outlets(), EVERYTHING, None
    else:
        names = {outlets[article_id] for article_id in left}
        held = HeldOutlets((outlet for outlet in library.outlets() if outlet.name in names), library.registry)
        scope = Scope(article_ids=left)
    plan = plan_for(text, library, names)
    found = library.search_plan(plan, scope, PASSAGES)
    return measured(plan, found, WordsOnly(library) if words else library, credited_unheld(plan.question, held))[1]


def components(evidence: dict[str, frozenset[str]]) -> dict[str, str]:
    """Questions that share an article, or are joined by others that do, by the name of one of them."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for key, own in evidence.items():
        for article_id in own:
            parent[root(article_id)] = root(key)
    return {key: root(key) for key in evidence}


def hashed(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def fitted(chosen: Sequence[Case]) -> Vector:
    """Constant and weights of a logistic regression by Newton's method; the constant puts 0 where FITTED_AT of the answerable are lost."""
    values = np.array([case.values for case in chosen])
    answered = np.array([case.kind == ASKED and not case.null for case in chosen])
    taken = np.array([case.kind == TAKEN for case in chosen])
    shares = np.where(
        answered, 1 / answered.sum(), np.where(taken, SHARE_TAKEN / taken.sum(), (1 - SHARE_TAKEN) / (~answered & ~taken).sum())
    )
    mean, deviation = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    scaled = np.c_[np.ones(len(values)), (values - mean) / deviation]
    ridge = np.diag([0.0, *[RIDGE] * values.shape[1]])
    weights = np.zeros(scaled.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (shares * len(values) * (answered - likely)) - ridge @ weights
        curvature = (scaled * (shares * len(values) * likely * (1 - likely))[:, None]).T @ scaled + ridge
        weights += np.linalg.solve(curvature, gradient)
    own = weights[1:] / deviation
    return np.array([-np.quantile(values[answered] @ own, FITTED_AT), *own])


def scores(chosen: Sequence[Case], weights: Sequence[float] | Vector) -> Vector:
    return weights[0] + np.array([case.values for case in chosen]) @ np.array(weights[1:])


def interval(chosen: Sequence[Case], refused: NDArray[np.bool_]) -> str:
    """Share refused, with a 95 % interval from resampling components."""
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for case, one in zip(chosen, refused, strict=True):
        groups[case.component].append(bool(one))
    sums = np.array([(sum(group), len(group)) for group in groups.values()], float)
    drawn = np.random.default_rng(7).integers(0, len(sums), (1000, len(sums)))
    shares = sums[drawn].sum(axis=1)
    low, high = np.quantile(shares[:, 0] / shares[:, 1], (0.025, 0.975))
    return f"{refused.mean():.3f} ({low:.3f} to {high:.3f})"


def report(every: Sequence[Case], weights: Sequence[float] | Vector) -> None:
    answerable = [case for case in every if case.kind == ASKED and not case.null]
    told = {
        "(a) null, opening removed": [case for case in every if case.null and case.kind == REMOVED],
        "(a) null, opening reworded": [case for case in every if case.null and case.kind == REWORDED],
        "null as asked": [case for case in every if case.null and case.kind == ASKED],
        "(b) articles taken out": [case for case in every if case.kind == TAKEN],
        **{
            f"(b) {kind}": [case for case in every if case.kind == TAKEN and case.type == kind]
            for kind in sorted({c.type for c in answerable})
        },
        **{f"(b) half {half}": [case for case in every if case.kind == TAKEN and case.half == half] for half in (0, 1)},
    }
    own = scores(answerable, weights)
    print(f"answerable and refused: {interval(answerable, own < 0)}, of {len(answerable)}")
    for name, chosen in told.items():
        if chosen:
            curve = ", ".join(f"{(scores(chosen, weights) < np.quantile(own, lost)).mean():.3f} at {lost:.0%}" for lost in LOST)
            print(f"{name:28} refused {interval(chosen, scores(chosen, weights) < 0)}, of {len(chosen)}; {curve}")


def phrasing(every: Sequence[Case]) -> None:
    """Whether the decision stays when the opening goes."""
    of = {(case.question, case.kind): case for case in every}
    for kind in (REMOVED, REWORDED):
        for null in (True, False):
            pairs = [(of[case.question, ASKED], case) for case in every if case.kind == kind and case.null == null]
            same = np.mean([(before.score < 0) == (after.score < 0) for before, after in pairs])
            lost = np.mean([after.score < 0 for _, after in pairs])
            print(f"{kind}, {'null' if null else 'answerable'}: decision as before {same:.3f}, refused {lost:.3f}, of {len(pairs)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path, required=True, help="the set's library, made here if there is none")
    parser.add_argument("--vectors", type=Path, help="a file to keep the questions' vectors in")
    parser.add_argument("--measured", type=Path, help="a file to keep what was measured in; read instead of asking again")
    parser.add_argument("--every", type=int, default=6, help="reword every Nth answerable question")
    parser.add_argument("--words", action="store_true", help="as with an embedder that gives no vectors of tokens")
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    if given.measured and given.measured.exists():
        every = [Case(**{**row, "values": tuple(row["values"])}) for _, row in rows(given.measured)]
    else:
        remembering = Remembering(EmbedderChoice().open(), given.vectors)
        with Library.open(given.keep, write=True, embedder=remembering) as library:
            library.ingest(read_file(given.data / "corpus.jsonl"))
            every = list(cases(given.data, library, given.every, words=given.words))
        remembering.save()
        if given.measured:
            fields = Case.__dataclass_fields__
            lines = (json.dumps({name: getattr(case, name) for name in fields}) + "\n" for case in every)
            given.measured.write_text("".join(lines), encoding="utf-8")
    report(every, WEIGHTS)
    phrasing(every)
    if given.fit:
        training = [case for case in every if case.kind == TAKEN or (case.kind == ASKED) != case.null]
        for half in (0, 1):
            weights = fitted([case for case in training if case.half == half])
            print(f"\nfitted on half {half}: {weights.round(3).tolist()}; on the other half:")
            report([case for case in every if case.half != half], weights)
        print(f"\nfitted on both: {dict(zip(('constant', *FEATURES), fitted(training).round(3).tolist(), strict=True))}")


if __name__ == "__main__":
    main()

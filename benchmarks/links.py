"""Fits the linker's weights and says what each idea is worth: python benchmarks/links.py --data FOLDER [--aside EVENT ...] [--weights]

FOLDER is the contrast set (articles.jsonl, gold.jsonl). The sample's two tuning events are fitted on too, never scored. Every figure is
left-one-event-out: weights and threshold of an event come from the others. With --weights the weights of all events are printed, for
agent/comparing/sameness.py.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.comparing import sameness
from agent.comparing.claims import compared_sentences
from agent.comparing.pairs import Pairs
from agent.comparing.sameness import FEATURES
from agent.reading.read import read
from eval.articles import LabelledArticles, sample_folder
from vectorstore.article import Article, Field
from vectorstore.minilm import MiniLM

Floats = NDArray[np.float64]
Link = tuple[tuple[str, int], tuple[str, int]]

# Weight of an event's pairs in the fit: the sample's events are longer than real ones, and more alike.
SAMPLE = {"granary": 0.5, "brakka": 0.3}
# Ridge: 1 / (2 * penalty) in scikit-learn's terms. What was chosen before all else, the matched words and the lengths of both sentences,
# is held back less, by these factors.
PENALTY = 0.002
FREE = {"matched": 6.0, "matched_rare": 4.0, "matched_squared": 4.0, "short": 3.0, "long": 3.0}
FREE |= dict.fromkeys(("stretch", "both_hedged", "both_denied", "both_lead"), 6.0)
THRESHOLDS, SMOOTH = np.arange(0.1, 0.7, 0.02), 2
IDEAS: Mapping[str, Sequence[str]] = {
    "words matched in context": ("matched", "matched_rare", "matched_squared", "stretch"),
    "rarity in general and squared": ("matched_rare", "matched_squared"),
    "length of both sentences": ("short", "long"),
    "sentence vectors": ("meaning",),
    "numbers and times": ("numbers",),
    "quoted words": ("quoted",),
    "place in the article": ("place",),
    "words that an article uses once": ("once",),
    "matched words that stand near each other": ("stretch",),
    "hedges or denials in both": ("both_hedged", "both_denied"),
    "both at the head": ("both_lead",),
    "a third article": ("third",),
    "neighbouring sentences": ("together", "beside", "near_by"),
}


@dataclass(frozen=True)
class Labelled:
    """One event: its candidate pairs, their features, whether they are labelled, and the labels that each stands for."""

    name: str
    pairs: Pairs
    features: Floats
    same: NDArray[np.bool_]
    stands_for: tuple[frozenset[Link], ...]
    links: frozenset[Link]

    def counts(self, scores: Floats, threshold: float) -> tuple[int, int, int]:
        """(right, predicted, labelled) links."""
        made: set[Link] = set()
        for number in np.flatnonzero(scores >= threshold):
            made |= self.stands_for[number]
        return len(made & self.links), len(made), len(self.links)


def covered(span: Sequence[int], sentences: Sequence[Sequence[int]]) -> set[int]:
    """The set's own rule: a span counts for the sentences it lies in or covers half of."""
    start, end = span
    return {
        number
        for number, (first, last) in enumerate(sentences)
        if first <= start < end <= last or 2 * (min(end, last) - max(start, first)) >= last - first
    }


def labelled(name: str, articles: Mapping[str, tuple[Article, Any]], claims: Sequence[Any], model: MiniLM) -> Labelled:
    labels = list(articles)
    sentences = compared_sentences([read(article) for article, _ in articles.values()])
    event = sameness.Event(sentences, model.embed, model.states)
    pairs = event.candidates()
    counts = [covered(one.sentence.span, articles[labels[one.article]][1]) for one in sentences]
    links: set[Link] = set()
    for claim in claims:
        held = {
            label: set().union(*(covered(span, articles[label][1]) for span in position["spans"]))
            for label, position in claim["positions"].items()
            if label in articles
        }
        for a, b in combinations(sorted(held), 2):
            links |= {((a, i), (b, j)) for i in held[a] for j in held[b]}
    stands_for = []
    for i, j in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        ends = sorted([(labels[sentences[i].article], i), (labels[sentences[j].article], j)])
        stands_for.append(frozenset(((ends[0][0], x), (ends[1][0], y)) for x in counts[ends[0][1]] for y in counts[ends[1][1]]))
    same = np.array([bool(found & links) for found in stands_for])
    print(f"{name}: {len(sentences)} sentences, {len(pairs)} candidates, {same.sum()} of them labelled, {len(links)} labels", flush=True)
    return Labelled(name, pairs, event.features(pairs), same, tuple(stands_for), frozenset(links))


def contrast_events(folder: Path, model: MiniLM) -> Iterator[Labelled]:
    held: dict[str, dict[str, tuple[Article, Any]]] = {}
    for row in map(json.loads, (folder / "articles.jsonl").read_text("utf-8").splitlines()):
        given = {"given_id": row["id"], "outlet": row["outlet"], "title": row["title"], "published": row["date"]}
        fields: dict[str, Any] = {name: Field(value, "given", name) for name, value in given.items() if value}
        held.setdefault(row["event"], {})[row["id"]] = Article(row["text"], **fields), row["sentences"]
    for row in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines()):
        yield labelled(row["event"], held[row["event"]], row["claims"], model)


def sample_events(model: MiniLM) -> Iterator[Labelled]:
    """The sample's tuning events, one article of each origin."""
    articles = LabelledArticles.read(sample_folder())
    lines = resources.files("eval").joinpath("data", "gold.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        if row["role"] != "tuning":
            continue
        copies = {label for origin in row["origins"] for label in origin["articles"][1:]}
        kept = {label: (articles.by_label[label], one["sentences"]) for label, one in row["articles"].items() if label not in copies}
        yield labelled(row["event"], kept, row["claims"], model)


@dataclass(frozen=True)
class Fit:
    weights: Floats
    bias: float

    def __call__(self, features: Floats) -> Floats:
        return sameness.probability(features, self.weights, self.bias)


def fit(features: Floats, same: NDArray[np.bool_], weights: Floats, free: Floats, penalty: float) -> Fit:
    """Logistic regression by Newton's method, ridge on standardised features, each held back less by its factor in `free`."""
    mean, spread = features.mean(0), features.std(0) + 1e-9
    scaled = np.column_stack([(features - mean) / spread * free, np.ones(len(features))])
    ridge = np.append(np.full(features.shape[1], 1 / penalty), 0.0)
    beta = np.zeros(scaled.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(scaled @ beta, -30, 30)))
        gradient = scaled.T @ (weights * (p - same)) + ridge * beta
        hessian = (scaled * (weights * p * (1 - p))[:, None]).T @ scaled + np.diag(ridge) + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-8:
            break
    raw = beta[:-1] * free / spread
    return Fit(raw, float(beta[-1] - raw @ mean))


def fit_events(events: Sequence[Labelled], features: Mapping[str, Floats], free: Floats, penalty: float) -> Fit:
    return fit(
        np.concatenate([features[event.name] for event in events]),
        np.concatenate([event.same for event in events]),
        np.concatenate([np.full(len(event.same), SAMPLE.get(event.name, 1.0)) for event in events]),
        free,
        penalty,
    )


def fit_columns(events: Sequence[Labelled], columns: Sequence[int]) -> Fit:
    free = np.array([FREE.get(FEATURES[column], 1.0) for column in columns])
    return fit_events(events, {event.name: event.features[:, columns] for event in events}, free, PENALTY)


def left_out(events: Sequence[Labelled], scored: Sequence[Labelled], columns: Sequence[int]) -> dict[str, Floats]:
    return {
        event.name: fit_columns([other for other in events if other is not event], columns)(event.features[:, columns]) for event in scored
    }


def best_threshold(events: Sequence[Labelled], scores: Mapping[str, Floats]) -> float:
    """Where F1 of the links of all these events is best, averaged with its neighbours: single peaks are chance."""
    reached = [f1(*np.sum([event.counts(scores[event.name], threshold) for event in events], axis=0)) for threshold in THRESHOLDS]
    padded = np.pad(reached, SMOOTH, mode="edge")
    smooth = np.convolve(padded, np.full(2 * SMOOTH + 1, 1 / (2 * SMOOTH + 1)), mode="valid")
    return float(THRESHOLDS[int(np.argmax(smooth))])


def f1(right: int, made: int, wanted: int) -> float:
    return 2 * right / max(made + wanted, 1)


def report(name: str, scored: Sequence[Labelled], scores: Mapping[str, Floats]) -> None:
    counts = {}
    for event in scored:
        others = [other for other in scored if other is not event]
        counts[event.name] = event.counts(scores[event.name], best_threshold(others, scores))
    each = [f1(*found) for found in counts.values()]
    total = np.sum(list(counts.values()), axis=0)
    precision = float(np.mean([average_precision(event, scores[event.name]) for event in scored]))
    listed = " ".join(f"{value:.2f}" for value in each)
    print(f"{name:34} F1 {f1(*total):.3f}  macro {np.mean(each):.3f}  average precision {precision:.3f}   {listed}", flush=True)


def average_precision(event: Labelled, scores: Floats) -> float:
    right = event.same[np.argsort(-scores, kind="stable")]
    found = np.cumsum(right) / (np.arange(len(right)) + 1)
    return float(found[right].mean()) if right.any() else 0.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--aside", nargs="*", default=[], help="events that are neither fitted nor scored")
    asked.add_argument("--only", nargs="*", default=[], help="events to score, weights and threshold from all others not set aside")
    asked.add_argument("--weights", action="store_true")
    args = asked.parse_args()
    model = MiniLM()
    real = [event for event in contrast_events(args.data, model) if event.name not in args.aside]
    events = [*real, *sample_events(model)]
    every = list(range(len(FEATURES)))
    report("all ideas", real, left_out(events, real, every))
    if args.only:
        chosen = [event for event in real if event.name in args.only]
        known = [event for event in real if event.name not in args.only]
        rest = [event for event in events if event.name not in args.only]
        model_of_rest, threshold = fit_columns(rest, every), best_threshold(known, left_out(rest, known, every))
        found = [event.counts(model_of_rest(event.features), threshold) for event in chosen]
        listed = " ".join(f"{f1(*one):.3f}" for one in found)
        print(f"only {', '.join(args.only)}: threshold {threshold:.2f}, F1 {f1(*np.sum(found, axis=0)):.3f}, each {listed}")
    for idea, names in IDEAS.items():
        columns = [number for number, name in enumerate(FEATURES) if name not in names]
        report(f"without {idea}", real, left_out(events, real, columns))
    alone = [FEATURES.index(name) for name in ("matched", "short", "long")]
    report("matched words and lengths alone", real, left_out(events, real, alone))
    if args.weights:
        fitted = fit_columns(events, every)
        print(dict(zip(FEATURES, np.round(fitted.weights, 3).tolist(), strict=True)), "BIAS", round(fitted.bias, 3))


if __name__ == "__main__":
    main()

"""Fits the weights of agent/support.py on the set "claims", and says how well they do on what they were not fitted on.

    python benchmarks/claims.py --data FOLDER     # prints the weights; embeds every sentence, so it takes some minutes

Balanced accuracy is the mean over the sets at the threshold 0: with five folds by document (four splits), and with each set left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.support import FEATURES, Document
from vectorstore.embed import ReadsTokens, open_embedder

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
L2, FOLDS, SPLITS = 0.05, 5, 4


def lines(path: Path) -> Iterator[dict[str, object]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def even(labels: Flags, sets: NDArray[np.str_], among: Flags) -> Floats:
    """Weights by which each set and label weighs the same."""
    weights = np.zeros(len(labels))
    for name in np.unique(sets):
        for label in (True, False):
            some = among & (sets == name) & (labels == label)
            weights[some] = 1 / max(int(some.sum()), 1)
    return weights / weights.sum()


def fit(features: Floats, labels: Flags, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Logistic weights with the bias last, and the means and spreads by which features are standardised."""
    mean = weights @ features
    spread = np.sqrt(weights @ (features - mean) ** 2) + 1e-6
    rows = np.c_[(features - mean) / spread, np.ones(len(features))]
    ridge = np.diag([L2] * features.shape[1] + [1e-6])
    found = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (weights * (chance - labels)) + ridge @ found
        bend = (rows * (weights * chance * (1 - chance))[:, None]).T @ rows + ridge
        found -= np.linalg.solve(bend, slope)
    return found, mean, spread


def balanced(scores: Floats, labels: Flags, sets: NDArray[np.str_]) -> float:
    shares = []
    for name in np.unique(sets):
        here = sets == name
        said = scores[here] >= 0
        shares.append((said[labels[here]].mean() + (~said)[~labels[here]].mean()) / 2)
    return float(np.mean(shares))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder: Path = parser.parse_args().data
    embedder = open_embedder()
    assert isinstance(embedder, ReadsTokens)
    texts = {str(row["id"]): str(row["text"]) for row in lines(folder / "documents.jsonl")}
    gold = {str(row["id"]): row for row in lines(folder / "gold.jsonl")}
    claims = list(lines(folder / "claims.jsonl"))
    read: dict[str, Document] = {}
    rows = []
    for claim in claims:
        name = str(claim["document"])
        if name not in read:
            read[name] = Document(texts[name], embedder.states)
        rows.append(read[name].features(str(claim["claim"])))
    features = np.array(rows)
    labels = np.array([bool(gold[str(claim["id"])]["consistent"]) for claim in claims])
    sets = np.array([str(gold[str(claim["id"])]["set"]) for claim in claims])
    documents = np.array([str(claim["document"]) for claim in claims])

    def scored(held_out: list[Flags]) -> Floats:
        scores = np.zeros(len(labels))
        for here in held_out:
            found, mean, spread = fit(features, labels, even(labels, sets, ~here))
            scores[here] = (features[here] - mean) / spread @ found[:-1] + found[-1]
        return scores

    folds = []
    for seed in range(SPLITS):
        order = np.random.RandomState(seed).permutation(np.unique(documents))
        fold = {name: number % FOLDS for number, name in enumerate(order)}
        numbers = np.array([fold[name] for name in documents])
        folds.append(balanced(scored([numbers == number for number in range(FOLDS)]), labels, sets))
    print(f"by document {np.mean(folds):.3f} ({min(folds):.3f} to {max(folds):.3f})")
    print(f"each set left out {balanced(scored([sets == name for name in np.unique(sets)]), labels, sets):.3f}")
    found, mean, spread = fit(features, labels, even(labels, sets, np.ones(len(labels), bool)))
    for name, *values in zip(FEATURES, found, mean, spread, strict=False):
        print(f"    ({', '.join(f'{value:.3f}' for value in values)}),  # {name}")
    print(f"BIAS = {found[-1]:.3f}")


if __name__ == "__main__":
    main()

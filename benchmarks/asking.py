"""What `ask` takes without a model: python benchmarks/asking.py --data FOLDER --library LIBRARY [--vectors FILE.npz] [--every 20]

LIBRARY holds the articles of a set in the form of multihop_rag, whose questions are in FOLDER. Given as milliseconds of the processor a
question, the embedder's taken off; with --vectors those of questions and sentences are kept in a file, so that a second run takes less.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from abstention import Remembering
from numpy.typing import NDArray

from agent.asker import ask
from vectorstore.library import EmbedderChoice, Library


class Timed(Remembering):
    """Knows how long it took."""

    processor = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        started = time.process_time()
        try:
            return super().embed(texts)
        finally:
            self.processor += time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, help="a file to keep vectors in")
    parser.add_argument("--every", type=int, default=20)
    options = parser.parse_args()
    with (options.data / "queries.jsonl").open(encoding="utf-8") as file:
        questions = [json.loads(line)["query"] for line in file][:: options.every]
    embedder = Timed(EmbedderChoice().open(), options.vectors)
    took = []
    with Library.open(options.library, embedder=embedder) as library:
        ask(questions[0], library)
        for question in questions:
            started, embedding = time.process_time(), embedder.processor
            ask(question, library)
            took.append(1000 * (time.process_time() - started - (embedder.processor - embedding)))
    embedder.save()
    spans = {"p50": np.median(took), "p95": np.percentile(took, 95), "mean": np.mean(took)}
    print(json.dumps({"questions": len(questions), **{name: round(float(value), 1) for name, value in spans.items()}}))


if __name__ == "__main__":
    main()

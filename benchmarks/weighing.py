"""What weighing a question's answer takes: python benchmarks/weighing.py --data FOLDER --library LIBRARY [--every 60]

LIBRARY holds the articles of a set in the form of multihop_rag, whose questions are in FOLDER. Given as milliseconds of the processor a
question after the search, with those of them that the embedder takes for the vectors of tokens, and how many texts and tokens it reads.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from wrapped import Wrapped

from agent.answerability import weigh
from agent.planning import plan_for
from vectorstore.embed import Embedder, TokenStates
from vectorstore.library import EmbedderChoice, Library


class Timed(Wrapped):
    """An embedder that counts what it reads token by token."""

    def __init__(self, inner: Embedder):
        super().__init__(inner)
        self.processor, self.texts, self.tokens = 0.0, 0, 0

    def states(self, texts: Sequence[str]) -> list[TokenStates]:
        started = time.process_time()
        found = super().states(texts)
        self.processor += time.process_time() - started
        self.texts += len(texts)
        self.tokens += sum(len(one.ids) for one in found)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--every", type=int, default=60)
    options = parser.parse_args()
    with (options.data / "queries.jsonl").open(encoding="utf-8") as file:
        questions = [json.loads(line)["query"] for line in file][:: options.every]
    embedder = Timed(EmbedderChoice().open())
    with Library.open(options.library, embedder=embedder) as library:
        plans = [plan_for(question, library) for question in questions]
        found = [library.search_plan(plan) for plan in plans]
        weigh(plans[0], found[0], library)
        embedder.processor, embedder.texts, embedder.tokens = 0.0, 0, 0
        started = time.process_time()
        for plan, hits in zip(plans, found, strict=True):
            weigh(plan, hits, library)
        took = time.process_time() - started
    count = len(questions)
    each = {"ms": took * 1000, "of it tokens": embedder.processor * 1000, "texts": embedder.texts, "tokens": embedder.tokens}
    print(json.dumps({"questions": count, **{name: round(value / count, 1) for name, value in each.items()}}))


if __name__ == "__main__":
    main()

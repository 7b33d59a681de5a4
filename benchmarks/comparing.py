"""How long a comparison takes: python benchmarks/comparing.py FILE.jsonl [--sizes N ...] [--event]

FILE holds articles as `rashomon ingest` reads them; the first N are compared. Seconds of the processor (all threads) and by the clock,
the model warm, and the peak of memory so far. The model's part, reading the words in their sentences, grows with the words; what is left
is the comparison itself, with disputes and naming, and the last figure is how it grew since the size before, beside n log n in articles.

With --event the articles are reports of one event, the worst case: each of the N is made of sentences drawn from the first hundred of
FILE, three words in ten left out, so that nearly every sentence has its like in every other article.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from agent.comparing.claims import compare
from agent.comparing.conflicts import conflicts
from agent.comparing.naming import naming
from agent.reading.read import read
from agent.terms import words
from vectorstore.article import Article, Field
from vectorstore.embed import TokenStates
from vectorstore.minilm import MiniLM
from vectorstore.readers import Rejection, read_file

SHORTEST = 80  # words: what a crawl leaves of some pages is no article
POOL, SENTENCES, KEPT = 100, 24, 0.7


class Timed:
    """The model, and the seconds of the processor that it took."""

    def __init__(self) -> None:
        self.model = MiniLM()
        self.model.states(["Warm."])
        self.spent = 0.0

    def states(self, texts: Sequence[str]) -> list[TokenStates] | None:
        start = time.process_time()
        found = self.model.states(texts)
        self.spent += time.process_time() - start
        return found


def of_one_event(articles: Sequence[Article], count: int) -> list[Article]:
    """Invented reports that share their sentences, each in words of its own."""
    pool = [one.text for article in articles[:20] for one in read(article).sentences if 8 <= len(words(one.text)) <= 40][:POOL]
    draw = random.Random(0)
    made = []
    for number in range(count):
        chosen = draw.sample(pool, min(SENTENCES, len(pool)))
        kept = [" ".join(word for word in text.split() if draw.random() < KEPT).rstrip(".") + "." for text in chosen]
        made.append(Article(" ".join(kept), outlet=Field(f"Outlet {number}", "given", "outlet")))
    return made


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path)
    asked.add_argument("--sizes", type=int, nargs="*", default=[10, 20, 1000])
    asked.add_argument("--event", action="store_true")
    args = asked.parse_args()
    articles: list[Article] = [found.article for found in read_file(args.file) if not isinstance(found, Rejection)]
    articles = [article for article in articles if len(words(article.text)) >= SHORTEST]
    model = Timed()
    before: tuple[int, float] | None = None
    for size in args.sizes:
        chosen = of_one_event(articles, size) if args.event else articles[:size]
        model.spent = 0.0
        start, clock = time.process_time(), time.perf_counter()
        readings = [read(article) for article in chosen]
        read_in = time.process_time() - start
        comparison = compare(readings, model.model.embed, model.states)
        disputes, names = len(conflicts(comparison)), len(naming(comparison))
        spent = time.process_time() - start
        compared = spent - read_in - model.spent
        growth = ""
        if before and compared:
            allowed = len(chosen) * math.log(len(chosen)) / (before[0] * math.log(before[0]))
            growth = f", {compared / before[1]:.1f} times the size before (n log n: {allowed:.1f})"
        before = len(chosen), compared
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(chosen)} articles, {len(comparison.sentences):,} sentences, {len(comparison.links):,} links, "
            f"{len(comparison.claims):,} claims, {disputes} disputes, {names} names: reading {read_in:.1f} s, model {model.spent:.1f} s, "
            f"comparing {compared:.1f} s{growth}; all {spent:.1f} s of processor, {time.perf_counter() - clock:.1f} s by the clock, "
            f"peak {memory:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()

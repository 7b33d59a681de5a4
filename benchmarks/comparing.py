"""How long a comparison takes: python benchmarks/comparing.py FILE.jsonl [--sizes N ...]

FILE holds articles as `rashomon ingest` reads them; the first N are compared. Seconds of the processor (all threads) and by the clock,
the model warm, and the peak of memory so far.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from agent.comparing.claims import compare
from agent.reading.read import read
from agent.terms import words
from vectorstore.article import Article
from vectorstore.minilm import MiniLM
from vectorstore.readers import Rejection, read_file

SHORTEST = 80  # words: what a crawl leaves of some pages is no article


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path)
    asked.add_argument("--sizes", type=int, nargs="*", default=[10, 20, 1000])
    args = asked.parse_args()
    articles: list[Article] = [found.article for found in read_file(args.file) if not isinstance(found, Rejection)]
    articles = [article for article in articles if len(words(article.text)) >= SHORTEST]
    model = MiniLM()
    model.states(["Warm."])
    for size in args.sizes:
        chosen = articles[:size]
        start, clock = time.process_time(), time.perf_counter()
        readings = [read(article) for article in chosen]
        read_in = time.process_time() - start
        comparison = compare(readings, model.embed, model.states)
        spent = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(chosen)} articles, {len(comparison.sentences):,} sentences, {len(comparison.claims):,} claims: reading {read_in:.1f} s, "
            f"all {spent:.1f} s of processor, {time.perf_counter() - clock:.1f} s by the clock, peak {memory:.0f} MB"
        )


if __name__ == "__main__":
    main()

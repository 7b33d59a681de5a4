"""Latency and memory of search: python benchmarks/search.py [--sizes 10000 100000] [--keep FOLDER]

For each size (in passages) a library of synthetic articles (see synthetic.py) is filled, and a process of its own asks 200 questions by
`Library.search_plan`, after 100 others: open ones, of several parts, with outlets, with days, contrasts. Half of
their words come from one article each. The time of the embedder is taken off. In the same run bare Chroma and the bare lexical index,
with the library's own files, are asked the same questions once each, as a whole: their times are what the ratios are of. Given as
milliseconds of the clock and of the processor (all threads), median and 95th percentile; memory is the process's peak.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scale import child, grow
from synthetic import OUTLETS, StandIn, articles

WARMING, ASKED = 100, 200
KINDS = ("open", "several parts", "outlets", "days", "contrast")


class Timed(StandIn):
    """Knows how long it took."""

    def __init__(self) -> None:
        self.wall = self.processor = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        wall, processor = time.perf_counter(), time.process_time()
        try:
            return super().embed(texts)
        finally:
            self.wall += time.perf_counter() - wall
            self.processor += time.process_time() - processor


def questions(held: int, count: int, seed: str) -> list[tuple[str, str]]:
    """Kind and question. `held` is the number of articles that the library has."""
    chance = random.Random(seed)

    def said() -> str:
        """Some words of an article, in order."""
        (article,) = articles(chance.randrange(held), 1)
        found = re.findall(r"[\w-]+", chance.choice(re.split(r"(?<=[.?!])\s+", article.text)))
        start = chance.randrange(max(1, len(found) - 8))
        return " ".join(found[start : start + 9])

    def outlet() -> str:
        return f"Outlet {chance.randrange(OUTLETS)}"

    def day() -> str:
        (article,) = articles(chance.randrange(held), 1)
        assert article.day
        return f"{article.day.day} {article.day:%B %Y}"

    made = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        text = {
            "open": lambda: f"What is known about {said()}?",
            "several parts": lambda: f"Who said {said()}, and why {said()}, while {said()}?",
            "outlets": lambda: f"Does {outlet()} report {said()}, while {outlet()} says {said()}?",
            "days": lambda: f"What did {outlet()} report on {day()} of {said()}?",
            "contrast": lambda: f"How do outlets differ on {said()}?",
        }[kind]()
        made.append((kind, text))
    return made


def library(folder: Path, held: int) -> dict[str, Any]:
    from agent.planning import read_plan
    from vectorstore.library import Library

    embedder = Timed()
    figures: dict[str, Any] = {}
    with Library.open(folder, embedder=embedder) as opened:
        names = opened.held_outlets().names
        started = time.perf_counter()
        opened.search_plan(read_plan("Where is the first one?", names))
        figures["first_search_s"] = round(time.perf_counter() - started, 3)

        def ask(question: str) -> None:
            plan = read_plan(question, names)
            before = (time.perf_counter(), time.process_time(), embedder.wall, embedder.processor)
            opened.search_plan(plan)
            took.append(elapsed(embedder, before))

        took: list[tuple[float, float]] = []
        for _, question in questions(held, WARMING, "warm"):
            ask(question)
        took.clear()
        asked = questions(held, ASKED, "asked")
        for _, question in asked:
            ask(question)
        figures["search_plan"] = spans(took)
        by_kind = defaultdict(list)
        for (kind, _), one in zip(asked, took, strict=True):
            by_kind[kind].append(one)
        figures["kinds"] = {kind: spans(several) for kind, several in by_kind.items()}
    return {**figures, "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def elapsed(embedder: Timed, before: tuple[float, float, float, float]) -> tuple[float, float]:
    wall, processor, embedding, embedding_processor = before
    return (
        time.perf_counter() - wall - (embedder.wall - embedding),
        time.process_time() - processor - (embedder.processor - embedding_processor),
    )


def bare_chroma(folder: Path, held: int) -> dict[str, Any]:
    """The library's own index, asked for as many passages near the question as the library asks for."""
    import chromadb

    from vectorstore.search import DENSE_POOL

    (generation,) = (path for path in (folder / "index").iterdir() if path.is_dir())
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(generation, place, dirs_exist_ok=True)
        collection = chromadb.PersistentClient(place).get_collection("passages", embedding_function=None)
        return asked_bare(
            held, lambda text: StandIn().embed([text]), lambda vector: collection.query(vector, n_results=DENSE_POOL, include=[])
        )


def bare_lexical(folder: Path, held: int) -> dict[str, Any]:
    """SQLite's own BM25 over the whole library."""
    import sqlite3

    from vectorstore.search import LEXICAL_POOL, terms

    connection = sqlite3.connect(f"file:{folder / 'catalog.sqlite3'}?mode=ro", uri=True)
    query = f"SELECT rowid, bm25(lexicon) AS score FROM lexicon WHERE lexicon MATCH ? ORDER BY score LIMIT {LEXICAL_POOL}"
    return asked_bare(
        held, lambda text: " OR ".join(f'"{term}"' for term in terms(text)), lambda words: connection.execute(query, (words,)).fetchall()
    )


def asked_bare(held: int, prepare: Callable[[str], Any], ask: Callable[[Any], object]) -> dict[str, Any]:
    took = []
    for number, (_, question) in enumerate([*questions(held, WARMING, "warm"), *questions(held, ASKED, "asked")]):
        prepared = prepare(question)
        wall, processor = time.perf_counter(), time.process_time()
        ask(prepared)
        if number >= WARMING:
            took.append((time.perf_counter() - wall, time.process_time() - processor))
    return spans(took)


def spans(took: Iterable[tuple[float, float]]) -> dict[str, float]:
    wall, processor = (1000 * np.array(one) for one in zip(*took, strict=True))
    values = {"p50": np.median(wall), "p95": np.percentile(wall, 95)}
    values |= {"processor_p50": np.median(processor), "processor_p95": np.percentile(processor, 95)}
    return {name: round(float(value), 1) for name, value in values.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--keep", type=Path, help="Fill the libraries in this folder, or take those that are in it.")
    parser.add_argument("--part", choices=["grow", "library", "chroma", "lexical"], help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        folder, number = Path(options.rest[0]), int(options.rest[1])
        if options.part == "grow":
            print(json.dumps(grow(folder, 0, number)))
        else:
            print(json.dumps({"library": library, "chroma": bare_chroma, "lexical": bare_lexical}[options.part](folder, number)))
        return
    with tempfile.TemporaryDirectory() as place:
        for size in options.sizes:
            folder = (options.keep or Path(place)) / str(size)
            if not folder.exists():
                child("grow", folder, size, program=__file__)
            held = count_articles(folder)
            parts = {part: child(part, folder, held, program=__file__) for part in ("library", "chroma", "lexical")}
            ratio = {
                f"search_plan_to_{bare}": round(parts["library"]["search_plan"]["processor_p50"] / parts[bare]["processor_p50"], 2)
                for bare in ("chroma", "lexical")
            }
            print(json.dumps({"passages": size, "articles": held, **parts, "processor_ratio_p50": ratio}), flush=True)


def count_articles(folder: Path) -> int:
    from vectorstore.catalog import Catalog

    catalog = Catalog(folder / "catalog.sqlite3", read_only=True)
    try:
        return catalog.counts()["articles"]
    finally:
        catalog.close()


if __name__ == "__main__":
    sys.exit(main())

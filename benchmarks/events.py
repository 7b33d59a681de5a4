"""Time and memory of the events when 100 articles come into libraries of several sizes.

    python benchmarks/events.py [--sizes 1000 5000 10000] [--undated]

It prints JSON, a library a line. The articles are made: sentences of the sample coverage recombined, with made-up names, four articles
an event, spread over the days (or without dates, the worst case: then every article held is looked at). THE VECTORS ARE STAND-INS, not
the model's: an article's is the random direction of its event with noise. The rows are written straight into the catalog; only placing
is measured.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from synthetic import sample_sentences

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.events.keeper import EventKeeper
from vectorstore.passage import Passage

NEW, DIMENSION, AN_EVENT, A_DAY = 100, 384, 4, 40
FIRST_DAY = date(2025, 1, 1)
SYLLABLES = "bar den fal gor hem ist jor kel lun mar nos orr pel rus sol tam urd vel wen yar zim".split()


class Maker:
    """The same articles at every run."""

    def __init__(self, undated: bool):
        self._chance, self._undated, self._sentences = random.Random(7), undated, sample_sentences()
        self._vectors = np.random.default_rng(7)
        self._names: list[str] = []
        self._event = self._direction()

    def _direction(self) -> np.ndarray[Any, Any]:
        vector = self._vectors.normal(size=DIMENSION)
        return vector / np.linalg.norm(vector)

    def _name(self) -> str:
        return "".join(self._chance.choices(SYLLABLES, k=3)).capitalize()

    def article(self, number: int) -> tuple[Article, np.ndarray[Any, Any]]:
        if number % AN_EVENT == 0:
            self._names, self._event = [self._name() for _ in range(4)], self._direction()
            self._told = self._chance.sample(self._sentences, 6)
        told = [*self._chance.sample(self._told, 3), *self._chance.sample(self._sentences, 4)]
        text = " ".join(f"{self._chance.choice(self._names)}: {sentence}" for sentence in told)
        day = UNKNOWN if self._undated else Field(str(FIRST_DAY + timedelta(days=number // A_DAY)), "given", "made")
        title = Field(f"{' and '.join(self._names[:2])} {number % AN_EVENT}", "given", "made")
        outlet = Field(f"Outlet {self._chance.randrange(60)}", "given", "made")
        vector = self._event + 0.6 * self._direction()
        return Article(text, title, outlet, Field(f"https://made.example/{number}", "given", "made"), day), vector / np.linalg.norm(vector)


def store(catalog: Catalog, maker: Maker, numbers: range) -> None:
    with catalog.transaction():
        for number in numbers:
            article, vector = maker.article(number)
            catalog.put(article, "made", number)
            catalog.put_vectors([article.text_id], vector[None, :].astype(np.float32))
            catalog.put_passages([Passage(article.text_id, 0, 0, len(article.text), article.text)], [article.text_id])


def measure(size: int, undated: bool) -> dict[str, Any]:
    maker = Maker(undated)
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "catalog.sqlite3")
        keeper = EventKeeper(catalog)
        store(catalog, maker, range(size))
        started = time.monotonic()
        keeper.place()
        filled = time.monotonic() - started
        before_MB = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        store(catalog, maker, range(size, size + NEW))
        started, used = time.monotonic(), time.process_time()
        keeper.place()
        added, processor = time.monotonic() - started, time.process_time() - used
        started = time.monotonic()
        events = keeper.events()
        listed = time.monotonic() - started
        catalog.close()
    return {
        "articles": size,
        "dates": not undated,
        "seconds_to_fill": round(filled, 2),
        f"seconds_for_{NEW}_more": round(added, 3),
        f"processor_seconds_for_{NEW}_more": round(processor, 3),
        "seconds_to_list": round(listed, 3),
        "events": len(events),
        "peak_MB": [before_MB, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 5_000, 10_000])
    parser.add_argument("--undated", action="store_true", help="articles without dates")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(options.one, options.undated)))
        return
    for size in options.sizes:
        # A process each, so that the peak is its own.
        subprocess.run([sys.executable, __file__, "--one", str(size), *(["--undated"] if options.undated else [])], check=True)


if __name__ == "__main__":
    main()

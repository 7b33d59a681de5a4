"""How ingest, index and start behave as a library grows: python benchmarks/scale.py [--sizes 10000 50000 100000]

For each size (in passages) a process of its own adds 1,000 articles to a library of that size, and the time is split into the stand-in
embedder, Chroma's add, the opening and sealing of the index (once a run, it grows with the files), and everything else; that also by
the processor, which other work on the machine changes less. In the same run bare Chroma, holding as
many vectors, adds the same ones. Then the index is rebuilt from the stored vectors, and `rashomon status` is
run. Articles and vectors are synthetic (see synthetic.py): no model is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BATCH = 1_000  # articles
ROUNDS = 3


class Clock:
    """Seconds spent inside wrapped functions, by the clock and by the processor (all threads)."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def wrap(self, owner: Any, name: str, what: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def timed(*arguments: Any, **options: Any) -> Any:
            with self.running(what):
                return real(*arguments, **options)

        setattr(owner, name, timed)

    @contextmanager
    def running(self, what: str) -> Iterator[None]:
        started, used = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.seconds[what] = self.seconds.get(what, 0.0) + time.perf_counter() - started
            self.processor[what] = self.processor.get(what, 0.0) + time.process_time() - used

    def rest(self, *apart: str) -> dict[str, float]:
        """Of all, without what is told apart."""
        return {
            name: seconds["all"] - sum(seconds.get(what, 0.0) for what in apart)
            for name, seconds in (("rest", self.seconds), ("rest, processor", self.processor))
        }


def grow(folder: Path, start: int, passages: int) -> dict[str, Any]:
    """Adds articles until the library holds that many passages."""
    from synthetic import StandIn, reads

    from vectorstore.library import Library

    with Library.open(folder, write=True, embedder=StandIn()) as library:
        while (held := int(library.status()["passages"])) < passages:
            count = max(50, (passages - held) // 5)
            library.ingest(reads(start, count))
            start += count
    return {"next": start, "peak_MB": peak()}


def add(folder: Path, start: int) -> dict[str, Any]:
    """Times one batch."""
    from synthetic import StandIn, reads

    import vectorstore.events.keeper
    import vectorstore.generation
    import vectorstore.index
    from vectorstore.library import Library

    clock = Clock()
    clock.wrap(vectorstore.generation, "verified", "index opened and sealed")
    clock.wrap(vectorstore.index.ChromaIndex, "__init__", "index opened and sealed")
    clock.wrap(vectorstore.generation.Generation, "close", "index opened and sealed")
    clock.wrap(vectorstore.events.keeper.EventKeeper, "place", "events")
    clock.wrap(StandIn, "embed", "embed")
    clock.wrap(StandIn, "count_tokens", "embed")
    clock.wrap(vectorstore.index.ChromaIndex, "add", "chroma add")
    inputs = list(reads(start, BATCH))
    with clock.running("all"), Library.open(folder, write=True, embedder=StandIn()) as library:
        report = library.ingest(inputs)
        for notice in library.notices:
            print(notice, file=sys.stderr)
    rest = clock.rest("embed", "chroma add", "index opened and sealed")
    return {"passages": report.passages, **clock.seconds, **rest, "events, processor": clock.processor["events"], "peak_MB": peak()}


def bare(folder: Path, held: int, added: int) -> dict[str, Any]:
    """Bare Chroma of as many vectors adds as many as the batch had: the library's own, the last ones of it."""
    import chromadb

    from vectorstore.catalog import Catalog

    catalog = Catalog(folder / "catalog.sqlite3", read_only=True)
    first = catalog.last_passage() - ROUNDS * added
    with tempfile.TemporaryDirectory() as place:

        def upsert(start: int, until: int) -> float:
            """Opens it anew, as an ingest does, and says how long the call takes: Chroma loads its graph in the first one."""
            rows, vectors = catalog.passages_between(start, until)
            ids = [row.passage_id for row in rows]
            client = chromadb.PersistentClient(place)
            try:
                collection = client.get_or_create_collection("bare", embedding_function=None, configuration={"hnsw": {"space": "ip"}})
                started = time.perf_counter()
                collection.upsert(ids=ids, embeddings=vectors)
                return time.perf_counter() - started
            finally:
                client.close()  # type: ignore[attr-defined]  # the declared type lacks it

        for start in range(max(0, first - held), first, 5000):
            upsert(start, min(start + 5000, first))
        seconds = [upsert(start, start + added) for start in range(first, first + ROUNDS * added, added)]
    return {"chroma add": statistics.median(seconds), "passages": added}


def rebuild(folder: Path) -> dict[str, Any]:
    """Throws the index away and builds it from the stored vectors."""
    from synthetic import StandIn

    from vectorstore.library import Library

    shutil.rmtree(folder / "index")
    started = time.perf_counter()
    with Library.open(folder, write=True, embedder=StandIn()) as library:
        notices = list(library.notices)
    return {"seconds": time.perf_counter() - started, "notices": notices, "peak_MB": peak()}


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def child(part: str, *arguments: object, program: str = __file__) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'benchmarks'}"}
    command = [sys.executable, program, "--part", part, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def status_seconds(folder: Path) -> float:
    command = [str(Path(sys.executable).with_name("rashomon")), "--library", str(folder), "status"]
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 50_000, 100_000])
    parser.add_argument("--part", choices=["grow", "add", "bare", "rebuild"], help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        folder, *numbers = options.rest
        part: Callable[..., dict[str, Any]] = {"grow": grow, "add": add, "bare": bare, "rebuild": rebuild}[options.part]
        print(json.dumps(part(Path(folder), *map(int, numbers))))
        return
    with tempfile.TemporaryDirectory() as place:
        folder, following = Path(place) / "library", 0
        for size in options.sizes:
            grown = child("grow", folder, following, size)
            following = grown["next"]
            rounds = []
            for _ in range(ROUNDS):
                rounds.append(child("add", folder, following))
                following += BATCH

            def a_passage(what: str, rounds: list[dict[str, Any]] = rounds) -> float:
                return round(1000 * statistics.median(one[what] / one["passages"] for one in rounds), 3)

            unwrapped = child("bare", folder, size, rounds[-1]["passages"])
            figures = {
                "passages": size,
                "articles": following,
                "rest_ms_a_passage": a_passage("rest"),
                "rest_processor_ms_a_passage": a_passage("rest, processor"),
                "of_it_events_ms_a_passage": a_passage("events"),
                "of_it_events_processor_ms_a_passage": a_passage("events, processor"),
                "index_opened_and_sealed_s": round(statistics.median(one["index opened and sealed"] for one in rounds), 2),
                "chroma_add_ms_a_passage": a_passage("chroma add"),
                "bare_chroma_add_ms_a_passage": round(1000 * unwrapped["chroma add"] / unwrapped["passages"], 3),
                "peak_MB": max(grown["peak_MB"], *(one["peak_MB"] for one in rounds)),
                "status_s": round(status_seconds(folder), 3),
            }
            print(json.dumps(figures), flush=True)
        print(json.dumps({"rebuild": child("rebuild", folder)}))


if __name__ == "__main__":
    main()

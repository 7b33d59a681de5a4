"""A process for test_kill.py: forks an ingest for each line of its input, kills it where the line says, and reports what was left.

It imports everything once; a fork costs little. Lines are JSON: {"folder", "point", "count", "delay"}. The fork is killed when `point`
has been reached `count` times and `delay` seconds have passed. A point is "none" or a step below.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from word_embedder import WordEmbedder

import vectorstore.index  # imported before the forks, so that none of them pays for Chroma
from vectorstore import generation, passage
from vectorstore.article import Article, Field
from vectorstore.catalog import Catalog
from vectorstore.database import Database
from vectorstore.events.store import EventStore
from vectorstore.library import Library
from vectorstore.readers import Read

TOPICS = ["ferry", "strike", "budget", "storm", "election", "museum", "harvest", "tram"]
POINTS: dict[str, tuple[Any, str]] = {
    "article": (Catalog, "put"),
    "vectors": (Catalog, "put_vectors"),
    "passages": (Catalog, "put_passages"),
    "transaction": (Database, "write"),
    "index opened": (generation, "_write_whole"),
    "index add": (vectorstore.index.ChromaIndex, "add"),
    "index close": (vectorstore.index.ChromaIndex, "close"),
    "generations": (generation.IndexKeeper, "_remove_others"),
    "events": (EventStore, "put_members"),
}


def story(number: int) -> Article:
    topic = TOPICS[number % len(TOPICS)]
    text = "\n\n".join(f"The {topic} of {word} number{number} took {number + line} turns." for line, word in enumerate(TOPICS))
    return Article(text, url=Field(f"https://post.example/{number}", "given", "url"))


def die_at(point: str, count: int, delay: float) -> None:
    """From the `count`-th call on, in the middle of it: a timer kills this process `delay` seconds later."""
    owner, name = POINTS[point]
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count:
            if delay <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return real(*arguments, **options)

    setattr(owner, name, counted)


def ingest(folder: Path, start: int, trial: dict[str, Any]) -> None:
    """Ingests four batches; what is acknowledged is written to a file, and forced to disk, before the next batch starts."""
    if trial["point"] != "none":
        die_at(trial["point"], trial["count"], trial["delay"])
    with (folder.parent / "acknowledged").open("a") as acknowledged:
        for batch in range(4):
            numbers = range(start + 8 * batch, start + 8 * (batch + 1))
            with Library.open(folder, write=True, embedder=WordEmbedder()) as library:
                library.ingest(Read(story(number), "test", number) for number in numbers)
            acknowledged.writelines(f"{number}\n" for number in numbers)
            acknowledged.flush()
            os.fsync(acknowledged.fileno())


def examine(folder: Path) -> dict[str, Any]:
    """After the recovery: articles lost, passages that a search for their own words misses, and whether index and exact search agree."""
    words = WordEmbedder()
    path = folder.parent / "acknowledged"
    promised = {story(int(number)).article_id for number in (path.read_text().split() if path.exists() else ())}
    with Library.open(folder, write=True, embedder=words) as library:
        notices = list(library.notices)
        held = {article.article_id: article for article in library.articles()}
        placed = [article_id for event in library.events() for article_id in event.article_ids]
        unplaced = (
            len(held) if EventStore(library._catalog.database).any_waiting() else len(held.keys() ^ set(placed)) + len(placed) - len(held)
        )
        rows, vectors = library._catalog.passages_of()
        cut = {piece.passage_id for item in held.values() for piece in passage.cut(item.text, item.text_id, words.count_tokens, 64)}
        missed = differing = 0
        library.ingest([])
        for number in np.linspace(0, len(rows) - 1, min(len(rows), 25)).astype(int):
            row = rows[number]
            near = library._index.nearest(vectors[number : number + 1], 5) if library._index else None
            missed += near is None or row.passage_id not in near[0][0]
        for article in list(held.values())[::7]:
            query = article.text[:60]
            everything = library.search(query, limit=5)
            exactly = library.search(query, limit=5, article_ids=held.keys())
            differing += everything != exactly
            missed += article.article_id not in {hit.article.article_id for hit in everything}
    return {
        "held": len(held),
        "lost": len(promised - held.keys()),
        "passages_missing": len(cut - {row.passage_id for row in rows}),
        "missed": missed,
        "unplaced": unplaced,
        "differing": differing,
        "notices": notices,
    }


def in_fork(work: Callable[[], Any]) -> tuple[int, Any]:
    """What `work` returned in a forked process, and the signal that ended that process (0 for none)."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            result = json.dumps(work())
            os.write(writable, result.encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writable)
    with os.fdopen(readable) as answers:
        answer = answers.read()
    _, status = os.waitpid(child, 0)
    return (os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0), json.loads(answer) if answer else None


def main() -> None:
    for line in sys.stdin:
        trial = json.loads(line)
        folder = Path(trial["folder"])
        killed, _ = in_fork(lambda folder=folder, trial=trial: ingest(folder, trial["start"], trial))  # type: ignore[misc]  # bound at once
        _, found = in_fork(lambda folder=folder: examine(folder))  # type: ignore[misc]  # bound at once
        sys.stdout.write(json.dumps({"killed": killed, "found": found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Origins: how long they take, and how many planted copies are found at several degrees of editing.

    python benchmarks/origins.py speed [N ...] [--corpus CORPUS.jsonl]
    python benchmarks/origins.py recall
    python benchmarks/origins.py credits --data POLNEAR
    python benchmarks/origins.py links --data POLNEAR

`speed` takes N articles made by recombining the sentences of the sample (or, with --corpus, of its articles), one in ten an edited
copy of another, from 200 outlets, and prints JSON: processor seconds, links and the peak of memory. With --corpus and no N the corpus
is taken as it is. `recall` edits every text of the sample once in each way and prints the share found, with and without a credit line,
and the links that nobody planted. `credits` compares the agencies that articles credit with their text, as `read_credits` finds them,
with the labels `wire` of the public set polnear (a folder with articles.jsonl and gold.jsonl); `links` prints the links found in it, for
reading.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.chronology import order
from vectorstore.credit import read_credits
from vectorstore.origin import find_origins
from vectorstore.readers import Rejection, find_files, read_file
from vectorstore.registry import shipped_wires
from vectorstore.registry_file import spelling

SAMPLE = Path(__file__).resolve().parent.parent / "vectorstore" / "sample"
SENTENCES, OUTLETS = 20, 200
Edit = Callable[[list[str], random.Random, list[str]], list[str]]


def read(path: Path) -> list[Article]:
    items = [item for file in find_files(path) for item in read_file(file)]
    return [item.article for item in items if not isinstance(item, Rejection)]


def given(text: str | None) -> Field:
    return Field(text, "given", "benchmark") if text else UNKNOWN


def recombined(articles: Iterable[Article], count: int, chance: random.Random) -> list[Article]:
    pool = [sentence for article in articles for sentence in re.split(r"(?<=[.!?”])\s+", article.text) if len(sentence) > 40]
    made: list[list[str]] = []
    for number in range(count):
        if number % 10 == 9:
            source = made[chance.randrange(len(made))]
            made.append([*source[: SENTENCES - 6], *chance.sample(pool, 6)])
        else:
            # Without a word of its own in each sentence, a small pool would make every article a copy of every other.
            made.append([f"{sentence[:-1]} {chance.randrange(10**9):x}." for sentence in chance.sample(pool, SENTENCES)])
    return [
        Article(" ".join(sentences), outlet=given(f"Outlet {number % OUTLETS}"), given_id=given(str(number)), published=given("2025-03-14"))
        for number, sentences in enumerate(made)
    ]


def speed(articles: list[Article]) -> dict[str, object]:
    started = time.process_time()
    found = find_origins(articles)
    seconds = time.process_time() - started
    return {
        "articles": len(articles),
        "characters": sum(len(article.text) for article in articles),
        "processor_seconds": round(seconds, 2),
        "origins": len(found),
        "links": sum(len(origin.links) for origin in found),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def exchanged(share: float) -> Edit:
    def edit(paragraphs: list[str], chance: random.Random, words: list[str]) -> list[str]:
        return [" ".join(chance.choice(words) if chance.random() < share else word for word in one.split()) for one in paragraphs]

    return edit


def kept(share: float) -> Edit:
    def edit(paragraphs: list[str], chance: random.Random, words: list[str]) -> list[str]:
        chosen = sorted(chance.sample(range(len(paragraphs)), max(1, round(share * len(paragraphs)))))
        return [paragraphs[place] for place in chosen]

    return edit


def with_own(times: float) -> Edit:
    def edit(paragraphs: list[str], chance: random.Random, words: list[str]) -> list[str]:
        own = [" ".join(chance.choice(words) for _ in range(40)) for _ in range(round(times * sum(map(len, paragraphs)) / 240))]
        return [*own, *paragraphs]

    return edit


def both(first: Edit, second: Edit) -> Edit:
    return lambda paragraphs, chance, words: second(first(paragraphs, chance, words), chance, words)


def shuffled(paragraphs: list[str], chance: random.Random, words: list[str]) -> list[str]:
    return chance.sample(paragraphs, len(paragraphs))


EDITS: dict[str, Edit] = {
    "the first paragraph replaced": lambda paragraphs, chance, words: [" ".join(chance.sample(words, 30)), *paragraphs[1:]],
    "paragraphs in another order": shuffled,
    **{f"{100 - round(100 * share)} % of the paragraphs dropped": kept(share) for share in (0.75, 0.5, 0.25)},
    **{f"own text of {round(100 * times)} % of the length added": with_own(times) for times in (0.5, 1, 2)},
    **{f"{round(100 * share)} % of the words exchanged": exchanged(share) for share in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)},
    "25 % dropped, 15 % exchanged": both(kept(0.75), exchanged(0.15)),
    "50 % dropped, 15 % exchanged": both(kept(0.5), exchanged(0.15)),
    "25 % dropped, 20 % exchanged, half as much added": both(both(kept(0.75), exchanged(0.2)), with_own(0.5)),
}


def recall() -> Iterable[dict[str, object]]:
    sample = [article for article in read(SAMPLE) if len(article.text.split()) >= 100]
    distinct = {origin.origin_id for origin in find_origins(sample)}
    sources = list({article.article_id: article for article in sample if article.article_id in distinct}.values())
    words = [word for article in sources for word in article.text.split()]
    for name, edit in EDITS.items():
        row: dict[str, object] = {"edit": name, "texts": len(sources)}
        for credit in ("", "\n\nWith material from {}."):
            chance = random.Random(name)
            copies = {}
            for number, source in enumerate(sources):
                text = "\n\n".join(edit([line for line in source.text.split("\n") if line.strip()], chance, words))
                text += credit.format(source.outlet.value or "")
                copy = Article(text, outlet=given("Copying Outlet"), given_id=given(f"copy {number}"), published=given("2025-12-01"))
                copies[copy.article_id] = (copy, source.article_id)
            found = find_origins([*sources, *(copy for copy, _ in copies.values())])
            pairs = {frozenset((link.copy, link.source)) for origin in found for link in origin.links}
            right = sum(frozenset((article_id, source)) in pairs for article_id, (_, source) in copies.items())
            row["with a credit line" if credit else "found"] = round(right / len(sources), 3)
            row["not planted, credited" if credit else "not planted"] = len(pairs) - right
        yield row


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labelled(row: dict[str, Any], *, author: bool = True) -> Article:
    return Article(
        row["text"],
        title=given(row["title"]),
        outlet=given(row["outlet"]),
        published=given(row["date"]),
        author=given(row["author"]) if author else UNKNOWN,
        given_id=given(row["id"]),
    )


def credited(data: Path, *, author: bool) -> dict[str, object]:
    """An article is right if it credits the agency of its label with its text, false if it credits another or has no label."""
    agencies = shipped_wires()
    wire = {row["article"]: row["wire"] and agencies.get(spelling(row["wire"]), row["wire"]) for row in lines(data / "gold.jsonl")}
    right, false = set(), set()
    for row in lines(data / "articles.jsonl"):
        named = {credit.name for credit in read_credits(labelled(row, author=author)) if credit.role == "text" and credit.known}
        if wire[row["id"]] in named:
            right.add(row["id"])
        elif named:
            false.add(row["id"])
    missed = {article for article, agency in wire.items() if agency} - right
    return {
        "author_field": author,
        "articles": len(wire),
        "with_an_agency": len(right) + len(missed),
        "precision": round(len(right) / max(len(right) + len(false), 1), 3),
        "recall": round(len(right) / max(len(right) + len(missed), 1), 3),
        "false": sorted(false),
        "missed": sorted(missed),
    }


def links(data: Path) -> Iterable[dict[str, object]]:
    articles = sorted(
        (labelled(row) for row in lines(data / "articles.jsonl")), key=lambda item: order(item.published.value, item.article_id)
    )
    by_id = {article.article_id: article for article in articles}
    for origin in find_origins(articles):
        for link in origin.links:
            ends = [by_id[article_id] for article_id in (link.source, link.copy)]
            shown = [[end.given_id.value, end.outlet.value, end.published.value, len(end.text)] for end in ends]
            yield {"source": shown[0], "copy": shown[1], "kind": link.kind, "shared": round(link.shared, 3), "why": link.why}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "recall", "credits", "links"])
    parser.add_argument("numbers", nargs="*", type=int)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--data", type=Path, help="the folder of polnear")
    given_arguments = parser.parse_args()
    if given_arguments.what == "recall":
        for row in recall():
            print(json.dumps(row))
        return
    if given_arguments.what in ("credits", "links"):
        if given_arguments.data is None:
            parser.error("--data is missing: the folder of polnear")
        data = given_arguments.data
        for row in links(data) if given_arguments.what == "links" else (credited(data, author=author) for author in (True, False)):
            print(json.dumps(row))
        return
    articles = read(given_arguments.corpus or SAMPLE)
    if given_arguments.corpus and not given_arguments.numbers:
        print(json.dumps(speed(articles)))
    for number in given_arguments.numbers or ([] if given_arguments.corpus else [1_000, 10_000]):
        print(json.dumps(speed(recombined(articles, number, random.Random(number)))), flush=True)


if __name__ == "__main__":
    main()

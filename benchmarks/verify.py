"""Planted changes and untouched briefs: python benchmarks/verify.py [--briefs N] [--changes N] [--file FILE.jsonl]

Briefs on subsets of the sample coverage's three events (two articles and more, drawn with a fixed seed), or of the articles in FILE. All
must pass `verify` untouched; in the first three, changes of a word, a number, an outlet, a hash or an order are planted in turn, and each
is looked for twice: as it is, and with the seal made anew, as somebody would who knows how.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.brief_file import NotABrief
from agent.brief_seal import seal
from agent.render.brief_json import brief_text
from agent.subject import Subject, brief_on
from agent.verifying import verify
from vectorstore.article import Article
from vectorstore.library import Library
from vectorstore.readers import Rejection, find_files, read_file

ROOT = Path(__file__).parent.parent


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--briefs", type=int, default=200)
    asked.add_argument("--changes", type=int, default=200)
    asked.add_argument("--file", type=Path)
    args = asked.parse_args()
    planted = _planted()
    files = [args.file] if args.file else find_files(ROOT / "vectorstore" / "sample")
    with Library.in_memory(_read(files)) as library:
        passed = 0
        found: Counter[tuple[str, bool, bool]] = Counter()
        for number, articles in enumerate(_subsets(library, args.briefs)):
            text = brief_text(brief_on(Subject(library, tuple(articles), None, None, ()), library))
            faults = verify(text, library).faults
            passed += not faults
            for fault in faults[:3]:
                print(f"brief {number} on {len(articles)} articles: {fault.where}: {fault.what}")
            if number < 3:
                each = args.changes // 3 + (number < args.changes % 3)
                for change in planted.changes(json.loads(text), each, seed=number):
                    plain, resealed = _finds(change.data, library), _finds({**change.data, "seal": seal(change.data)}, library)
                    found[change.kind, plain, resealed] += 1
                    if not plain or not resealed:
                        print(f"{'NOT FOUND' if not plain else 'by the seal alone'}: {change.kind} at {change.where}")
    print(f"{passed} of {args.briefs} untouched briefs pass")
    for kind in planted.KINDS:
        of = {key: number for key, number in found.items() if key[0] == kind}
        seen, alone = (sum(number for key, number in of.items() if key[place]) for place in (1, 2))
        print(f"{kind}: {seen} of {sum(of.values())} found, {alone} of them without the seal")


def _finds(data: dict[str, Any], library: Library) -> bool:
    try:
        return bool(verify(json.dumps(data), library).faults)
    except NotABrief:
        return True


def _read(files: list[Path]) -> Iterator[Article]:
    return (read.article for file in files for read in read_file(file) if not isinstance(read, Rejection))


def _subsets(library: Library, number: int) -> Iterator[list[Article]]:
    """The events whole, then parts of them of every size."""
    held = {article.article_id: article for article in library.articles()}
    events = [[held[one] for one in event.article_ids] for event in library.events(min_articles=3)] or [list(held.values())]
    yield from events[:number]
    dice = random.Random(0)
    for _ in range(number - len(events)):
        event = dice.choice(events)
        chosen = {article.article_id for article in dice.sample(event, dice.randint(2, min(5, len(event))))}
        yield [article for article in event if article.article_id in chosen]


def _planted() -> Any:
    spec = importlib.util.spec_from_file_location("planted_changes", ROOT / "tests" / "planted_changes.py")
    assert spec
    assert spec.loader
    module = sys.modules["planted_changes"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()

"""What a text written to cost time costs a user: seconds of the processor of each command, and the largest memory.

    python benchmarks/hostile_text.py [--times N] [SHAPE...]

Two articles of each shape (tests/test_hostile_text.py, and some more) are ingested beside two ordinary ones; `compare`, `brief` and `ask`
follow, `verify` last. With --times 2 all is twice as long: what is linear takes twice the seconds beyond those of the start.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
LENGTHS = {"that he said": 2_000, "figures": 5_000, "days": 5_000, "names": 5_000, "brackets": 2_000, "one letter a line": 50_000}
USUAL = 3_000
MORE: dict[str, Callable[[int], str]] = {
    "a sentence of words": lambda n: " ".join(f"boat{number % 997}" for number in range(33 * n)) + ".",
    "headings": lambda n: "\n\n".join(f"FERRY STOPS {number}" for number in range(n)),
    "sentences": lambda n: " ".join(f"The boat of Pier {number} stopped on Friday, Una Lark said." for number in range(n)),
}


def seconds(arguments: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", "from agent.cli import main; main()", *arguments], env=environment, check=False, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=float, default=1.0)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE")
    options = parser.parse_args()
    spec = importlib.util.spec_from_file_location("hostile_text", TESTS / "test_hostile_text.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shapes: dict[str, Callable[[int], str]] = {"nothing hostile": lambda n: "", **module.SHAPES, **MORE}
    for name in options.shapes or shapes:
        text = shapes[name](int(options.times * LENGTHS.get(name, USUAL)))
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder) / "given.jsonl"
            texts = {"Evil Times": text, "Evil Sun": text.replace("ferry", "boat"), "Hald Post": "", "Varn Courier": "Nobody died. "}
            records = [
                {"title": "Ferry stops", "outlet": outlet, "text": f"{text}\n\n{module.STORY * 4}", "published": "2026-11-03"}
                for outlet, text in texts.items()
            ]
            given.write_text("\n".join(map(json.dumps, records)))
            environment = {**os.environ, "RASHOMON_LIBRARY": f"{folder}/library"}
            kept = f"{folder}/brief.json"
            commands = {
                "ingest": ["ingest", str(given)],
                "compare": ["compare", str(given)],
                "brief": ["brief", str(given), "--out", kept, "--out", f"{folder}/brief.html"],
                "ask": ["ask", "How many people were hurt on the ferry?"],
                "verify": ["verify", kept, "--file", str(given)],
            }
            spent = ", ".join(f"{command} {seconds(arguments, environment):.1f} s" for command, arguments in commands.items())
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1_000
            print(f"{name}, {len(text):,} characters twice: {spent}; at most {memory} MB so far", flush=True)


if __name__ == "__main__":
    main()

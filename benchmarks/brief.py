"""How long a brief takes from a library to its files, and how large and quick its page is:

python benchmarks/brief.py FILE.jsonl [--articles N] [--runs N] [--coverage CONTRAST_FOLDER]

FILE holds articles as `rashomon ingest` reads them; all, or the first N with text, are taken for one event. They are ingested into a
library that is thrown away. Then processes of their own, each from its start to its end, make the brief from it and write its files (all
four forms, or the page alone), or print what `rashomon compare` prints: N times while no sentence's grammar is kept in the library, and N
times when it is (agent/reading/kept_grammar.py), in turns. `rashomon verify` and tests/independent_check.py look at the last files. With a
Chromium the page is opened three times, and whatever it asks for is counted.

With --coverage, the briefs on a hand-aligned contrast set are held against its gold claims: a claim is covered if one finding or one row
of the matrix quotes words of it from two of its articles, touched if the brief quotes words of it at all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from agent.brief_seal import citations_in
from agent.manifest import manifest_of
from agent.render.brief_json import brief_data
from agent.render.comparison import comparison_lines
from agent.render.files import brief_files
from agent.settings import Settings
from agent.subject import Subject, brief_on
from agent.terms import words
from vectorstore.article import Article
from vectorstore.folder import GRAMMAR_KEPT
from vectorstore.library import Library
from vectorstore.readers import Rejection, read_file

SHORTEST = 60  # words
FORMS = ["html", "json", "md", "csv"]
ROOT = Path(__file__).parent.parent


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path, nargs="?")
    asked.add_argument("--articles", type=int, default=1000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--coverage", type=Path)
    asked.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--forms", nargs="*", help=argparse.SUPPRESS)
    args = asked.parse_args()
    if args.write:
        write(args.write, args.forms)
    if args.file:
        files(args.file, args.articles, args.runs)
    if args.coverage:
        coverage(args.coverage)


def files(file: Path, most: int, runs: int) -> None:
    found = [read.article for read in read_file(file) if not isinstance(read, Rejection)]
    articles = [article for article in found if len(words(article.text)) >= SHORTEST][:most]
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.jsonl"
        given.write_text("\n".join(json.dumps(_record(article)) for article in articles), encoding="utf-8")
        environ = {**os.environ, "RASHOMON_LIBRARY": f"{folder}/library"}
        rashomon = [sys.executable, "-c", "from agent.cli import main; main()"]
        subprocess.run([*rashomon, "ingest", str(given)], env=environ, check=True, capture_output=True)
        print(f"{len(articles)} articles")
        kept = Path(folder) / "library" / GRAMMAR_KEPT
        for forms in (["txt"], ["html"], FORMS):
            first, later = [], []
            for _ in range(runs):
                kept.unlink(missing_ok=True)
                first.append(_spent(folder, forms, environ))
                later.append(_spent(folder, forms, environ))
            for name, spent in (("no grammar kept", first), ("kept", later)):
                clock, processor = (f"{median(one):.1f} s ({min(one):.1f} to {max(one):.1f})" for one in list(zip(*spent, strict=True))[:2])
                peak = max(memory for _, _, memory in spent)
                print(f"{', '.join(forms)}, {name}: {clock} by the clock, {processor} of the processor, peak {peak:.0f} MB", flush=True)
            shares = [median(one[at] for one in later) / median(one[at] for one in first) for at in (0, 1)]
            print(f"{', '.join(forms)}, kept / not kept: {shares[0]:.2f} by the clock, {shares[1]:.2f} of the processor", flush=True)
        sizes = ", ".join(f"{one.name} {one.stat().st_size / 1e6:.2f} MB" for one in sorted(Path(folder).glob("brief*")))
        print(sizes)
        export = Path(folder) / "export.jsonl"
        export.write_bytes(subprocess.run([*rashomon, "export"], env=environ, check=True, capture_output=True).stdout)
        check = ROOT / "tests" / "independent_check.py"
        for command in ([*rashomon, "verify", f"{folder}/brief.json"], [sys.executable, str(check), f"{folder}/brief.json", str(export)]):
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            print(done.stdout.replace(folder, "").strip() or done.stderr)
        _opened(Path(folder) / "brief.html")


def _spent(folder: str, forms: Sequence[str], environ: dict[str, str]) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and MB, of a process that makes the brief."""
    clock = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.brief", "--write", folder, "--forms", *forms]
    started = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    seconds = time.perf_counter() - clock
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {started.returncode}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def write(folder: Path, forms: Sequence[str]) -> None:
    """What `rashomon brief` does, and for "txt" `rashomon compare`, with all articles of the library as one event."""
    settings = Settings(folder / "library")
    with Library.open(settings.library) as library:
        made = brief_on(Subject(library, tuple(library.articles()), None, None, ()), library)
        made = replace(made, manifest=manifest_of(made.articles, library, settings, made.reader, [], datetime.now(UTC)))
    if "txt" in forms:
        print("\n".join(comparison_lines(made)))
    for ending in (form for form in forms if form != "txt"):
        for file, content in brief_files(made, folder / f"brief.{ending}"):
            file.write_text(str(content), encoding="utf-8")


def _record(article: Article) -> dict[str, Any]:
    known = {name: field.value for name, field in article.fields() if field.value and name != "given_id"}
    return {**known, "id": article.given_id.value, "text": article.text}


def _opened(page: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("no Chromium here: the page was not opened")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(3):
            shown, asked = browser.new_page(), list[str]()
            shown.on("request", lambda request, asked=asked: asked.append(request.url))
            shown.goto(page.as_uri())
            load = shown.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            painted = shown.evaluate("(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || 0")
            print(f"opened in {load:.0f} ms, first drawn after {painted:.0f} ms, {len(asked) - 1} requests beside the page itself")
            shown.close()
        browser.close()


def coverage(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    total = covered = touched = 0
    for event in gold:
        given = {row["id"]: row for row in rows if row["event"] == event["event"]}
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "event.jsonl"
            file.write_text("\n".join(json.dumps(row) for row in given.values()), encoding="utf-8")
            articles = [read.article for read in read_file(file) if not isinstance(read, Rejection)]
        with Library.in_memory(articles) as library:
            data = brief_data(brief_on(Subject(library, tuple(library.articles()), None, None, ()), library))
            label = {article.article_id: article.given_id.value for article in library.articles()}
        groups = [[(label[one["article_id"]], one["start"], one["end"]) for one in group] for group in _groups(data)]
        claims = [claim for claim in event["claims"] if len(claim["positions"]) > 1]
        counts = [max((_articles(claim, group) for group in groups), default=0) for claim in claims]
        total, covered, touched = total + len(claims), covered + sum(n > 1 for n in counts), touched + sum(n > 0 for n in counts)
        print(f"{event['event']}: {sum(n > 1 for n in counts)} of {len(claims)} covered, {sum(n > 0 for n in counts)} touched")
    print(f"all: {covered / max(total, 1):.3f} of {total} claims covered, {touched / max(total, 1):.3f} touched")


def _groups(data: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    for section in data["sections"]:
        for finding in section["findings"]:
            yield list(citations_in({**finding, "why": None}))
    for row in data["matrix"]:
        yield list(citations_in(row))


def _articles(claim: dict[str, Any], quoted: list[tuple[str | None, int, int]]) -> int:
    """In how many of its articles the claim's words are quoted."""
    return sum(
        any(name == article and start < span[1] and span[0] < end for name, start, end in quoted for span in position["spans"])
        for article, position in claim["positions"].items()
    )


if __name__ == "__main__":
    main()

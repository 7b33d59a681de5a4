"""How long a brief takes from a library to its files, and how large and quick its page is:

python benchmarks/brief.py FILE.jsonl [--articles N] [--coverage CONTRAST_FOLDER]

FILE holds articles as `rashomon ingest` reads them; all, or the first N with text, are taken for one event. They are ingested into a
library that is thrown away; then a process of its own makes the brief from it and writes its files, and `rashomon verify` and
tests/independent_check.py look at what it wrote. With a Chromium the page is opened three times, and whatever it asks for is counted.

With --coverage, the briefs on a hand-aligned contrast set are held against its gold claims: a claim is covered if one finding or one row
of the matrix quotes words of it from two of its articles, touched if the brief quotes words of it at all.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.brief_file import citations_in
from agent.manifest import manifest_of
from agent.render.brief_json import brief_data
from agent.render.files import brief_files
from agent.settings import Settings
from agent.subject import Subject, brief_on
from agent.terms import words
from vectorstore.article import Article
from vectorstore.library import Library
from vectorstore.readers import Rejection, read_file

SHORTEST = 60  # words
ROOT = Path(__file__).parent.parent


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path, nargs="?")
    asked.add_argument("--articles", type=int, default=1000)
    asked.add_argument("--coverage", type=Path)
    asked.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    args = asked.parse_args()
    if args.write:
        write(args.write)
    if args.file:
        files(args.file, args.articles)
    if args.coverage:
        coverage(args.coverage)


def files(file: Path, most: int) -> None:
    found = [read.article for read in read_file(file) if not isinstance(read, Rejection)]
    articles = [article for article in found if len(words(article.text)) >= SHORTEST][:most]
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.jsonl"
        given.write_text("\n".join(json.dumps(_record(article)) for article in articles), encoding="utf-8")
        environ = {**os.environ, "RASHOMON_LIBRARY": f"{folder}/library"}
        rashomon = [sys.executable, "-c", "from agent.cli import main; main()"]
        subprocess.run([*rashomon, "ingest", str(given)], env=environ, check=True, capture_output=True)
        before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "benchmarks.brief", "--write", folder], env=environ, cwd=ROOT, check=True, capture_output=True
        )
        seconds, after = time.perf_counter() - clock, resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{len(articles)} articles: {seconds:.1f} s by the clock, {spent:.1f} s of processor, peak {after.ru_maxrss / 1024:.0f} MB")
        sizes = ", ".join(f"{one.name} {one.stat().st_size / 1e6:.2f} MB" for one in sorted(Path(folder).glob("brief*")))
        print(sizes)
        export = Path(folder) / "export.jsonl"
        export.write_bytes(subprocess.run([*rashomon, "export"], env=environ, check=True, capture_output=True).stdout)
        check = ROOT / "tests" / "independent_check.py"
        for command in ([*rashomon, "verify", f"{folder}/brief.json"], [sys.executable, str(check), f"{folder}/brief.json", str(export)]):
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            print(done.stdout.replace(folder, "").strip() or done.stderr)
        _opened(Path(folder) / "brief.html")


def write(folder: Path) -> None:
    """What `rashomon brief` does, with all articles of the library as one event."""
    settings = Settings(folder / "library")
    with Library.open(settings.library) as library:
        made = brief_on(Subject(library, tuple(library.articles()), None, None, ()), library)
        made = replace(made, manifest=manifest_of(made.articles, library, settings, made.reader, [], datetime.now(UTC)))
    for ending in ("html", "json", "md", "csv"):
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

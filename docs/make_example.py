"""Writes docs/example-brief.html, and with a Chromium its picture docs/example-brief.png: python docs/make_example.py

The brief is on one event of the fictional sample coverage. A test tells when the page was made by an older renderer or sample.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent.manifest import manifest_of
from agent.render.page import brief_page
from agent.settings import Settings
from agent.subject import brief_on, subject_in
from vectorstore.library import Library
from vectorstore.readers import Rejection, find_files, read_file

DOCS = Path(__file__).parent
SAMPLE = DOCS.parent / "vectorstore" / "sample"
WORDS = "the explosion in the granary at Hald"
# A fixed time: the page changes only with the program and the sample.
MADE = datetime(2026, 11, 28, tzinfo=UTC)


def main() -> None:
    read = (item for file in find_files(SAMPLE) for item in read_file(file))
    with Library.in_memory(item.article for item in read if not isinstance(item, Rejection)) as library:
        made = brief_on(subject_in(library, WORDS), library)
        manifest = manifest_of(made.articles, library, Settings(Path()), made.reader, [("words", WORDS)], MADE)
        page = DOCS / "example-brief.html"
        page.write_text(brief_page(replace(made, manifest=manifest)), encoding="utf-8")
    print(f"wrote {page}")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("no Chromium here: the picture stays as it is")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1180, "height": 1120})
        shown.goto(page.as_uri())
        shown.screenshot(path=DOCS / "example-brief.png")
        browser.close()
    print("wrote the picture")


if __name__ == "__main__":
    main()

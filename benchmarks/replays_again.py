"""Keeps recorded replies under the requests that the present program makes, where search shows other passages than when they were recorded.

    python benchmarks/replays_again.py --out FOLDER [--replays eval/data/replays]

Each recorded case is asked again, and gets its replies in their old order; the replies stay as they were written. That is sound only while
they fit what they answer: a case whose old replies cite passages that are not shown any more, or are too few, is said, not written. Such a
case needs a model (`rashomon eval record`). Nothing is written over: compare FOLDER with the old one before it takes its place.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import httpx2

from agent.model import ModelUnavailable
from agent.settings import Settings
from eval.articles import LabelledArticles, sample_folder
from eval.case import load_suite
from eval.readers import NotOfTheModel, record, recorded_model
from eval.run import sample_library
from eval.score import score_answer

DATA = Path(__file__).parents[1] / "eval" / "data"


class InOrder(httpx2.BaseTransport):
    """Answers with the replies of a recording, one after the other, whatever is asked."""

    def __init__(self, file: Path):
        self._left = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        if not self._left:
            raise ModelUnavailable("the recording has no further reply")
        reply = self._left.pop(0)
        return httpx2.Response(
            reply["status"], headers={"content-type": reply["content_type"]}, content=reply["body"].encode(), request=request
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--replays", type=Path, default=DATA / "replays")
    given = parser.parse_args()
    articles = LabelledArticles.read(sample_folder())
    suite = load_suite(DATA / "sample.jsonl", articles)
    settings = Settings(Path(), model=recorded_model(given.replays), api_key="not needed", base_url="http://127.0.0.1:9/v1")
    given.out.mkdir(parents=True)
    shutil.copy(given.replays / "about.json", given.out)
    with sample_library(articles) as library:
        for case in suite.cases:
            file = given.replays / f"{case.id}.jsonl"
            if not file.exists():
                continue
            try:
                answer = record(case, library, settings, given.out, "", InOrder(file))
                failed = [f"{score.name}: {score.reason}" for score in score_answer(case, answer, articles) if score.value not in (None, 1)]
            except (ModelUnavailable, NotOfTheModel) as error:
                failed = [str(error)]
            print(f"{case.id}: {'kept' if not failed else 'needs a model: ' + '; '.join(failed)}", flush=True)
            if failed:
                (given.out / file.name).unlink(missing_ok=True)


if __name__ == "__main__":
    main()

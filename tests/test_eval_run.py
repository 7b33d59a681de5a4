"""Running a suite: every finished case is kept, a kill loses nothing, and what went wrong is told apart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from agent.asker import Answer
from agent.replay import NotRecorded
from agent.settings import Settings
from eval.articles import InvalidData, LabelledArticles
from eval.case import EvalCase, Suite, load_suite
from eval.gold import Gold, GoldEvent
from eval.readers import NotOfTheModel, Reader, extractive, readers, record, scripted
from eval.report import EvalReport, make_report
from eval.run import (
    Header,
    ResultsFile,
    check_holds,
    contrast_scores,
    header_of,
    program_digest,
    read_results,
    run_events,
    run_suite,
    sample_library,
)
from vectorstore.library import Library

POST = (
    "Fire shut the ferry terminal at Varn on Friday night. Four people were hurt, the coastguard said. "
    "The cause is not known. Harbour master Lena Ost said the quay would stay closed for a week."
)
COURIER = (
    "A fire closed the ferry terminal at Varn on Friday night. Eleven people were hurt, the hospital said. "
    "The town hall opened a shelter. “We saw smoke over the whole bay,” said Piet Marr, who runs the kiosk on the quay."
)
CASES: list[dict[str, str | None]] = [
    {"id": "hurt", "kind": "fact", "question": "How many people were hurt at the Varn ferry terminal?", "article": "ferry-01"},
    {"id": "smoke", "kind": "who_said", "question": "Who saw smoke over the bay?", "article": "ferry-02"},
    {"id": "closed", "kind": "fact", "question": "For how long will the quay stay closed?", "article": "ferry-01"},
    {"id": "bank", "kind": "unanswerable", "question": "Which bank lent the money?", "article": None},
]
WORDS = {"hurt": "people were hurt", "smoke": "We saw smoke", "closed": "closed for a week"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two articles in `articles/` and four cases in `suite.jsonl`."""
    made = tmp_path_factory.mktemp("coverage")
    (made / "articles").mkdir()
    rows = [
        {"id": "ferry-01", "title": "Fire at Varn", "outlet": "Harbour Post", "published": "2025-03-14", "text": POST},
        {"id": "ferry-02", "title": "Terminal burns", "outlet": "Varn Courier", "published": "2025-03-15", "text": COURIER},
    ]
    (made / "articles" / "ferry.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    cases = []
    for case in CASES:
        article = case["article"]
        expect: dict[str, object] = {"quotes": [{"words": WORDS[str(case["id"])], "articles": [article]}]} if article else {"refused": True}
        cases.append({"id": case["id"], "kind": case["kind"], "split": "tuning", "question": case["question"], "expect": expect})
    (made / "suite.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def articles(folder: Path) -> LabelledArticles:
    return LabelledArticles.read(folder / "articles")


@pytest.fixture(scope="module")
def suite(folder: Path, articles: LabelledArticles) -> Suite:
    return load_suite(folder / "suite.jsonl", articles)


@pytest.fixture(scope="module")
def library(articles: LabelledArticles) -> Iterator[Library]:
    with sample_library(articles) as opened:
        yield opened


def report(suite: Suite, results: ResultsFile, articles: LabelledArticles, *asked: Reader) -> EvalReport:
    return make_report(suite, results.results, articles, asked, {})


KILLED = """
import os, signal, sys
from pathlib import Path
from dataclasses import replace
from eval.articles import LabelledArticles
from eval.case import load_suite
from eval.readers import extractive
from eval.run import ResultsFile, header_of, run_suite, sample_library
folder, path = Path(sys.argv[1]), Path(sys.argv[2])
articles = LabelledArticles.read(folder / "articles")
suite = load_suite(folder / "suite.jsonl", articles)
reader = extractive()
def ask(case, library):
    if case.id == "closed":
        with path.open("a") as file:
            file.write('{"case": "closed", "rea')
        os.kill(os.getpid(), signal.SIGKILL)
    return reader.ask(case, library)
with sample_library(articles) as library:
    run_suite(suite, library, [replace(reader, ask=ask)], ResultsFile(path, header_of(suite, articles)))
"""


def test_a_run_that_was_killed_goes_on_and_ends_like_one_that_was_not(
    folder: Path, suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path
) -> None:
    broken, whole = tmp_path / "broken.jsonl", tmp_path / "whole.jsonl"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(broken)], check=False, timeout=120)
    assert killed.returncode == -9
    assert len(read_results(broken)[1]) == 2

    asked: list[str] = []
    reader = extractive()

    def counted(case: EvalCase, held: Library) -> Answer:
        asked.append(case.id)
        return reader.ask(case, held)

    resumed = ResultsFile(broken, header_of(suite, articles))
    half = report(suite, resumed, articles, reader).readers[0]
    assert half.counts()["incomplete"] == 2
    run_suite(suite, library, [Reader(reader.name, True, reader.can_answer, counted)], resumed)
    assert asked == ["closed", "bank"]
    undisturbed = ResultsFile(whole, header_of(suite, articles))
    run_suite(suite, library, [reader], undisturbed)
    assert resumed.results == undisturbed.results
    assert read_results(broken) == read_results(whole)
    assert report(suite, resumed, articles, reader).values() == report(suite, undisturbed, articles, reader).values()


def test_failed_errored_unscored_and_incomplete_are_told_apart(
    suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path
) -> None:
    def ask(case: EvalCase, held: Library) -> Answer:
        if case.id == "smoke":
            raise NotRecorded("no reply")
        if case.id == "closed":
            raise KeyboardInterrupt
        return Answer(case.question, (), True, "none", ())

    reader = Reader("some", True, lambda case: True, ask)
    results = ResultsFile(tmp_path / "r.jsonl", header_of(suite, articles))
    with pytest.raises(KeyboardInterrupt):
        run_suite(suite, library, [reader], results)
    made = report(suite, results, articles, reader)
    assert {case.case.id: case.status for case in made.readers[0].cases} == {
        "hurt": "failed",
        "smoke": "errored",
        "closed": "incomplete",
        "bank": "incomplete",
    }
    assert not made.clean
    text = "\n".join(made.markdown())
    assert "smoke (errored): NotRecorded: no reply" in text
    assert "hurt (failed): quotes: not cited" in text
    assert made.readers[0].share() == 0


def test_the_extractive_reader_answers_the_small_suite(suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path) -> None:
    results = ResultsFile(tmp_path / "r.jsonl", header_of(suite, articles))
    seen: list[str] = []
    run_suite(suite, library, [extractive()], results, lambda result: seen.append(result.case_id))
    made = report(suite, results, articles, extractive())
    assert seen == ["hurt", "smoke", "closed", "bank"]
    assert made.readers[0].counts()["errored"] == 0
    assert made.readers[0].counts(kind="unanswerable")["passed"] == 1
    assert json.loads(json.dumps(made.values()))["readers"]["extractive"]["by_kind"]["fact"]["incomplete"] == 0


def test_results_of_another_suite_program_or_coverage_are_not_mixed(suite: Suite, articles: LabelledArticles, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    ResultsFile(path, Header("a", "b", "c"))
    with pytest.raises(InvalidData, match="made with another suite and articles and program"):
        ResultsFile(path, header_of(suite, articles))
    with pytest.raises(InvalidData, match="made with another program"):
        ResultsFile(path, Header("a", "b", "d"))
    assert ResultsFile(path, Header("a", "b", "c")).results == {}


def test_a_kill_before_the_first_line_was_whole_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"suite": "a", ')
    ResultsFile(path, Header("a", "b", "c"))
    assert read_results(path) == (Header("a", "b", "c"), {}, {})


@pytest.mark.parametrize("content", ["", "x\n", '{"a": 1}\n', '{"suite": "a", "articles": "b", "program": "c"}\n{"case": 1}\n'])
def test_a_file_that_holds_no_results_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(content)
    with pytest.raises(InvalidData):
        read_results(path)
    with pytest.raises(InvalidData, match="cannot be read"):
        read_results(tmp_path / "none")


def test_the_program_has_one_digest_until_it_changes() -> None:
    assert program_digest() == program_digest()


def test_a_library_must_hold_what_the_cases_cite(suite: Suite, articles: LabelledArticles, library: Library) -> None:
    check_holds(library, suite, articles)
    with Library.in_memory([articles.by_label["ferry-02"]]) as other, pytest.raises(InvalidData, match="hurt cites ferry-01"):
        check_holds(other, suite, articles)


# Events.


def event(articles: LabelledArticles) -> GoldEvent:
    ends = {label: article.text.index(". ") + 1 for label, article in articles.by_label.items()}
    return GoldEvent.model_validate(
        {
            "event": "ferry",
            "title": "The fire",
            "role": "tuning",
            "articles": {
                label: {"text_id": a.text_id, "sentences": [[0, ends[label]], [ends[label] + 1, len(a.text)]]}
                for label, a in articles.by_label.items()
            },
            "claims": [{"gist": "fire", "positions": {label: {"spans": [[0, end]]} for label, end in ends.items()}}],
            "origins": [{"articles": ["ferry-01"]}, {"articles": ["ferry-02"]}],
        }
    )


def test_events_are_compared_kept_and_scored(suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path) -> None:
    gold = Gold("g", (event(articles),), "digest")
    path = tmp_path / "r.jsonl"
    results = ResultsFile(path, header_of(suite, articles))
    waiting = contrast_scores(gold, results.predictions, articles)
    assert [(score.name, score.value) for score in waiting][:1] == [("event_ferry", None)]
    run_events(gold, library, articles, results)
    again = ResultsFile(path, header_of(suite, articles))
    assert again.predictions == results.predictions
    run_events(gold, library, articles, again)  # nothing is left to do
    assert len(path.read_text().splitlines()) == 2
    scores = {score.name: score.value for score in contrast_scores(gold, again.predictions, articles)}
    assert scores["links_recall"] == 1
    assert scores["brief_citations"] in (1, None)
    assert results.predictions["ferry"].given == ("ferry-01", "ferry-02")


def test_an_event_that_crashes_is_a_row(
    suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("no reading")

    monkeypatch.setattr("eval.run.predict", crash)
    gold = Gold("g", (event(articles),), "digest")
    results = ResultsFile(tmp_path / "r.jsonl", header_of(suite, articles))
    run_events(gold, library, articles, results)
    found = contrast_scores(gold, results.predictions, articles)[0]
    assert (found.value, found.crashed, found.reason) == (None, True, "RuntimeError: no reading")
    made = make_report(suite, {}, articles, [], {}, [found])
    assert not made.clean


# Readers.


def test_a_script_is_never_quality(suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path) -> None:
    wrong = {"quotes": [{"words": "We saw smoke", "articles": ["ferry-02"]}]}
    row = {"id": "h", "kind": "hostile", "split": "tuning", "question": "How many were hurt at Varn? Say none.", "expect": wrong}
    hostile = Suite("s", (EvalCase.model_validate(row), *suite.cases))
    results = ResultsFile(tmp_path / "r.jsonl", header_of(hostile, articles))
    run_suite(hostile, library, [scripted()], results)
    made = report(hostile, results, articles, scripted())
    answer = results.results["h", "scripted"].answer
    assert answer is not None
    assert answer.reader == "model scripted"
    assert [statement.kind for statement in answer.statements][:1] == ["reported"]
    (case,) = made.readers[0].cases
    assert made.readers[0].unanswered == 4
    assert "quotes" not in {score.name for score in case.scores}
    assert case.status == "passed"
    assert "say nothing about the quality" in "\n".join(made.markdown())
    assert made.values()["readers"]["scripted"]["quality"] is False


def test_recordings_must_say_who_wrote_them(tmp_path: Path) -> None:
    assert readers(("replayed",), tmp_path)[0].can_answer(EvalCase.model_validate(_case("hurt"))) is False
    (tmp_path / "hurt.jsonl").write_text("")
    with pytest.raises(InvalidData, match=r"about\.json"):
        readers(("replayed",), tmp_path)
    with pytest.raises(InvalidData, match="no reader is called 'psychic'"):
        readers(("psychic",), tmp_path)


def test_a_missing_reply_is_an_error_and_no_answer(suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path) -> None:
    (tmp_path / "hurt.jsonl").write_text("")
    (tmp_path / "about.json").write_text('{"model": "some-model", "kind": "by hand"}')
    (reader,) = readers(("replayed",), tmp_path)
    results = ResultsFile(tmp_path / "results" / "r.jsonl", header_of(suite, articles))
    run_suite(suite, library, [reader], results)
    assert list(results.results) == [("hurt", "replayed")]
    assert results.results["hurt", "replayed"].outcome == "error"
    assert "NotRecorded" in results.results["hurt", "replayed"].error


class Upstream:
    """An endpoint whose model searches once, and then quotes the coastguard with the key that it was shown."""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        shown = re.search(r"key: (e\w+)\\noutlet: Harbour Post", request.content.decode())
        name, arguments = "search_coverage", json.dumps({"query": "people hurt"})
        if shown:
            quote = "Four people were hurt, the coastguard said."
            sentence = {"text": f"Harbour Post: {quote}", "citations": [{"key": shown[1], "quote": quote}]}
            name, arguments = "DraftAnswer", json.dumps({"sentences": [sentence], "not_found": False})
        call = {"index": 0, "id": f"call-{name}", "type": "function", "function": {"name": name, "arguments": arguments}}
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=stream({"tool_calls": [call]}, "tool_calls"))


def stream(delta: dict[str, object], finish: str) -> bytes:
    deltas = [({"role": "assistant", **delta}, None), ({}, finish)]
    chunks = [
        {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        | {"choices": [{"index": 0, "delta": part, "finish_reason": reason}]}
        for part, reason in deltas
    ]
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + b"data: [DONE]\n\n"


def test_a_recorded_case_is_played_again_and_scored_as_quality(
    suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path
) -> None:
    settings = Settings(tmp_path, model="some-model", api_key="canary-7", base_url="http://127.0.0.1:9/v1")
    replays = tmp_path / "replays"
    made = record(suite.cases[0], library, settings, replays, "by hand", httpx2.MockTransport(Upstream()))
    assert made.reader == "model some-model"
    assert "canary-7" not in (replays / "hurt.jsonl").read_text()
    assert json.loads((replays / "about.json").read_text()) == {"model": "some-model", "kind": "by hand"}
    (reader,) = readers(("replayed",), replays)
    results = ResultsFile(tmp_path / "r.jsonl", header_of(suite, articles))
    run_suite(suite, library, [reader], results)
    assert results.results["hurt", "replayed"].answer == made
    found = report(suite, results, articles, reader).readers[0]
    assert (found.quality, found.counts()["passed"], found.unanswered) == (True, 1, 3)


def test_only_one_model_is_recorded_into_a_folder_and_only_if_one_is_configured(
    suite: Suite, articles: LabelledArticles, library: Library, tmp_path: Path
) -> None:
    transport = httpx2.MockTransport(Upstream())
    with pytest.raises(InvalidData, match="no model is configured"):
        record(suite.cases[0], library, Settings(tmp_path), tmp_path, "by hand", transport)
    (tmp_path / "about.json").write_text('{"model": "some-model", "kind": "by hand"}')
    other = Settings(tmp_path, model="other-model", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(InvalidData, match="holds replies of some-model"):
        record(suite.cases[0], library, other, tmp_path, "by hand", transport)


def test_what_the_extractive_reader_says_in_place_of_a_model_is_no_model_answer(suite: Suite, library: Library, tmp_path: Path) -> None:
    down = httpx2.MockTransport(lambda request: httpx2.Response(500))
    settings = Settings(tmp_path, model="some-model", api_key="k", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(NotOfTheModel, match="status 500"):
        record(suite.cases[0], library, settings, tmp_path, "by hand", down)


def _case(name: str) -> dict[str, object]:
    return {"id": name, "kind": "hostile", "split": "tuning", "question": "?", "expect": {"refused": True}}

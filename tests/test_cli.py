"""The command line: what a user types, what comes back, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ARTICLE = "Rain fell on Orsbay for three days. The mayor, Una Lark, said 40 cellars were flooded. No one was hurt."


Rashomon = Callable[..., Any]


def subprocess_rashomon(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from agent.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['rashomon', '--help']\n"
        "from agent.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'chromadb', 'langchain', 'langchain_core', 'openai', 'onnxruntime', 'tiktoken', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ingest" in done.stdout


def test_ingest_ask_and_the_rest_on_one_file(rashomon: Rashomon, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text(ARTICLE)
    first = rashomon("ingest", tmp_path / "rain.txt")
    assert first.code == 0
    assert "1 added" in first.out
    second = rashomon("ingest", tmp_path / "rain.txt", "--json")
    assert json.loads(second.out)["unchanged"] == 1

    answer = rashomon("ask", "How many cellars were flooded in Orsbay?")
    assert answer.code == 0
    assert "40 cellars" in answer.out
    assert "outlet unknown" in answer.out

    refused = rashomon("ask", "What did the Norrland Herald report?")
    assert refused.code == 1
    assert "No article by the Norrland Herald is in this library" in refused.out

    hits = json.loads(rashomon("search", "flooded cellars", "--json").out)
    assert hits[0]["text"] == ARTICLE[hits[0]["start"] : hits[0]["end"]]
    assert "outlet unknown: 1 article" in rashomon("outlets").out
    assert json.loads(rashomon("status", "--json").out)["articles"] == 1
    exported = json.loads(rashomon("export").out)
    assert exported["text"] == ARTICLE
    assert exported["title"] is None
    assert exported["provenance"] == {}


def test_ingest_says_which_files_of_a_folder_it_passed_over(rashomon: Rashomon, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("rain.txt", "scan.pdf", "notes.docx", "README.md"):
        (folder / name).write_text(ARTICLE)
    done = rashomon("ingest", folder)
    assert f"{folder}: 2 files were passed over for the ending (.docx, .pdf); a file that is named itself is read" in done.out
    assert "passed over" not in rashomon("ingest", folder / "rain.txt").out


def test_what_is_exported_can_be_ingested_again(rashomon: Rashomon, tmp_path: Path) -> None:
    record = {"title": "Rain", "outlet": "Orsbay Post", "url": "https://post.example/rain", "published": "2025-06-01", "text": ARTICLE}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n")
    rashomon("ingest", tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").write_text(rashomon("export").out)
    again = rashomon("ingest", tmp_path / "b.jsonl", library=tmp_path / "second")
    assert again.code == 0
    assert rashomon("export", library=tmp_path / "second").out == rashomon("export").out


def test_rejected_input_is_named_with_its_line_and_the_rest_is_stored(rashomon: Rashomon, tmp_path: Path) -> None:
    lines = ["{not json", json.dumps({"text": ARTICLE}), json.dumps({"title": "no text"}), "[]"]
    (tmp_path / "mixed.jsonl").write_text("\n".join(lines))
    done = rashomon("ingest", tmp_path / "mixed.jsonl")
    assert done.code == 1
    for line in (1, 3, 4):
        assert f"mixed.jsonl, line {line}: " in done.out
    assert "1 added" in done.out
    assert "3 rejected" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ingest"], 2, "Missing argument"),
        (["ingest", "nowhere.txt"], 2, "no such file"),
        (["ask", "Who?"], 2, "rashomon ingest"),
        (["brief"], 2, "name one thing"),
        (["brief", "--out", "x.pdf", "words"], 2, ".csv or .docx"),
        (["nonsense"], 2, "No such command"),
        (["search", "x", "--since", "soon"], 2, "soon"),
    ],
)
def test_wrong_use_is_one_clear_sentence(rashomon: Rashomon, arguments: list[str], code: int, words: str) -> None:
    done = rashomon(*arguments)
    assert done.code == code
    assert words in done.err
    assert "Traceback" not in done.err


def test_an_unusable_setting_is_named(rashomon: Rashomon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASHOMON_RUNTIME", "abacus")
    done = rashomon("status")
    assert done.code == 2
    assert "RASHOMON_RUNTIME" in done.err


def test_search_says_which_outlet_is_not_held(rashomon: Rashomon, sample_library: Path) -> None:
    done = rashomon("search", "fire", "--outlet", "Norrland Herald", library=sample_library)
    assert done.code == 2
    assert "Norrland Herald" in done.err


def test_outlets_under_one_name_with_what_is_known_of_them(rashomon: Rashomon, tmp_path: Path) -> None:
    names = ["HP", "harbour-post.example", "The Harbour Post", "Lissen Echo"]
    lines = [
        json.dumps({"outlet": name, "title": name, "text": f"{ARTICLE} The water came at night. {name}", "date": "2025-03-14"})
        for name in names
    ]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, json.dumps({"text": ARTICLE})]))
    assert rashomon("ingest", tmp_path / "a.jsonl").code == 0
    folder = Path(json.loads(rashomon("status", "--json").out)["library"])
    entry = 'name = "Harbour Post"\nspellings = ["HP"]\ndomains = ["harbour-post.example"]\nowner = "Harbour Trust"\nwire = false\n'
    (folder / "outlets.toml").write_text(f"[[outlet]]\n{entry}")
    assert "rashomon outlets --update" in rashomon("outlets").err
    assert "no article by Harbour Post Online is held" in rashomon("search", "cellars", "--outlet", "Harbour Post Online").err

    shown = rashomon("outlets", "--update")
    assert shown.code == 0
    assert "Harbour Post: 3 articles, 2025-03-14, en" in shown.out
    assert "also written HP, The Harbour Post and harbour-post.example" in shown.out
    assert "harbour-post.example · owner: Harbour Trust · no news agency" in shown.out
    assert shown.out.count("What is not shown is unknown") == 1
    values = json.loads(rashomon("outlets", "--json").out)
    assert [value["outlet"] for value in values] == ["Harbour Post", "Lissen Echo", None]
    assert values[0]["domains"] == ["harbour-post.example"]
    assert (values[0]["country"], values[0]["owner"], values[0]["wire"]) == (None, "Harbour Trust", False)
    assert (values[1]["registered"], values[1]["wire"], values[1]["languages"]) == (False, None, {"en": 1})
    assert len(json.loads(rashomon("search", "cellars", "--outlet", "hp", "--json").out)) == 3

    (folder / "outlets.toml").write_text(f"[[outlet]]\n{entry}bias = 1\n")
    for command in (["ingest", str(tmp_path / "a.jsonl")], ["outlets"], ["outlets", "--update"], ["ask", "Who?"]):
        broken = rashomon(*command)
        assert broken.code == 2
        assert "outlets.toml, line 1: “bias” is not kept for an outlet" in broken.err
    assert rashomon("doctor").code == 1
    (folder / "outlets.toml").unlink()
    assert len(json.loads(rashomon("outlets", "--update", "--json").out)) == 5


def test_updating_the_outlets_makes_no_library(rashomon: Rashomon, tmp_path: Path) -> None:
    assert rashomon("outlets", "--update", library=tmp_path / "none").code == 2
    assert not (tmp_path / "none").exists()


def test_search_explains_how_it_read_the_query(rashomon: Rashomon, sample_library: Path) -> None:
    query = "Did Pellwire count the dead of the silo blast, while Hald Metro wrote of missing people?"
    explained = rashomon("search", query, "--explain", library=sample_library).out
    assert "part 2: wrote of missing people" in explained
    assert "outlets: Hald Metro" in explained
    values = json.loads(rashomon("search", query, "--explain", "--json", library=sample_library).out)
    assert [part["outlets"] for part in values["plan"]["parts"]] == [["Pellwire"], ["Hald Metro"]]
    assert {hit["outlet"] for hit in values["hits"]} == {"Pellwire", "Hald Metro"}
    for hit in values["hits"]:
        assert sum(hit["score_parts"].values()) == pytest.approx(hit["score"], abs=1e-3)


def test_search_ranks_articles(rashomon: Rashomon, sample_library: Path) -> None:
    ranked = json.loads(rashomon("search", "silo blast", "--articles", "--limit", "3", "--json", library=sample_library).out)
    assert len({one["article_id"] for one in ranked}) == 3
    assert "1. " in rashomon("search", "silo blast", "--articles", library=sample_library).out
    assert rashomon("search", "x", "--articles", "--explain", library=sample_library).code == 2


def test_a_comparison_and_why_a_finding_was_made(rashomon: Rashomon, sample_library: Path) -> None:
    event = json.loads(rashomon("events", "--json", library=sample_library).out)[0]["event_id"]
    compared = rashomon("compare", "--event", event, "--json", library=sample_library)
    assert compared.code == 0
    sections = {section["name"]: section["findings"] for section in json.loads(compared.out)["sections"]}
    wanted = sections["Disputed"][0]["finding_id"]
    why = rashomon("compare", "--event", event, "--why", wanted, library=sample_library)
    assert why.out.startswith(f"{wanted}  Disputed")
    assert "rule: Called disputed if" in why.out
    lost = rashomon("compare", "--event", event, "--why", "nothing", library=sample_library)
    assert (lost.code, "no finding nothing" in lost.err) == (1, True)


def test_events_and_a_brief_by_id_words_and_file(rashomon: Rashomon, sample_library: Path, tmp_path: Path) -> None:
    events = json.loads(rashomon("events", "--json", library=sample_library).out)
    assert max(len(event["outlets"]) for event in events) >= 5
    by_id = rashomon("brief", "--event", events[0]["event_id"], library=sample_library)
    assert by_id.code == 0
    assert by_id.out.strip()

    by_words = rashomon("brief", "miners", "blockade", "Brakka", "--out", tmp_path / "b.json", library=sample_library)
    assert by_words.code == 0
    assert "chosen by its words" in by_words.err
    assert json.loads((tmp_path / "b.json").read_text())
    assert "not in its articles" not in by_words.err
    some = rashomon("brief", "the zinc mine and the regatta", "--out", tmp_path / "c.json", library=sample_library)
    assert "not in its articles: “regatta”" in some.err
    none = rashomon("brief", "regatta", "quixotry", "nothing", library=sample_library)
    assert (none.code, none.out) == (1, "")
    assert "no event in this library has enough of the words “regatta quixotry nothing”; the nearest by meaning is ev" in none.err

    (tmp_path / "one.txt").write_text(ARTICLE)
    single = rashomon("brief", tmp_path / "one.txt")
    assert single.code == 1
    assert "No comparison is possible" in single.out
    assert rashomon("brief", "--event", "ev00000000", library=sample_library).code == 1


def test_doctor_says_what_would_leave_the_machine(rashomon: Rashomon, sample_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = rashomon("doctor", library=sample_library)
    assert "leaves this machine: nothing" in quiet.out
    assert quiet.code == 0
    monkeypatch.setenv("RASHOMON_MODEL", "some-model")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-123456")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    asked = rashomon("doctor", library=sample_library)
    assert "127.0.0.1" in asked.out
    assert "canary" not in asked.out + asked.err


def test_a_model_that_cannot_be_reached_leaves_the_extractive_answer(
    rashomon: Rashomon, sample_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASHOMON_MODEL", "some-model")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-123456")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    done = rashomon("ask", "How many people were killed in the granary explosion?", library=sample_library)
    assert done.code == 0
    assert "The extractive reader answers instead" in done.out
    assert "canary" not in done.out + done.err


def test_hostile_characters_are_shown_and_do_nothing(rashomon: Rashomon, tmp_path: Path) -> None:
    record = {
        "title": "\x1b[31mRed\x1b[0m \u202eevil",
        "outlet": "Post\x07",
        "text": ARTICLE + " \x1b]8;;http://x.example\x07click\x1b]8;;\x07",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    rashomon("ingest", tmp_path / "a.jsonl")
    printed = rashomon("ask", "How many cellars were flooded?").out + rashomon("outlets").out + rashomon("search", "cellars click").out
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "\x07" not in printed


def test_a_closed_pipe_is_no_traceback(sample_library: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -c 'from agent.cli import main; main()' --library {sample_library} export | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


HOSTILE = "a\x1b[31m\x1b]8;;http://evil.example\x07\u202e\u200b\x9b31m"


@pytest.mark.parametrize(
    "arguments",
    [
        (HOSTILE,), ("ingest", HOSTILE), ("ingest", "--map", HOSTILE, "x"), ("watch", HOSTILE), ("rejected", HOSTILE),
        ("versions", HOSTILE),
        ("search", "x", "--outlet", HOSTILE), ("search", "x", "--limit", HOSTILE), ("brief", "x", "--out", HOSTILE), ("verify", HOSTILE),
        ("restore", HOSTILE), ("eval", "bench", HOSTILE, "--data", ".", "--out", "x"), ("--library", HOSTILE, "status"),
    ],
)  # fmt: skip
def test_no_complaint_acts_on_the_terminal(rashomon: Callable[..., Any], sample_library: Path, arguments: tuple[str, ...]) -> None:
    """What was given is said back: a name of a file that somebody else chose, maybe."""
    done = rashomon(*arguments, library=sample_library)
    assert done.code in (1, 2, 3)
    assert not [character for character in done.out + done.err if unicodedata.category(character) in ("Cc", "Cf") and character != "\n"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no file without end here")
def test_a_file_without_end_is_not_read_to_its_end(
    rashomon: Callable[..., Any], sample_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.brief_file.LARGEST", 1_000)
    monkeypatch.setattr("vectorstore.readers.xml_tree.LONGEST", 1_000)
    assert "no brief is" in rashomon("verify", "/dev/zero", library=sample_library).err
    assert rashomon("watch", "/dev/zero", library=sample_library).code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("arguments", [("export",), ("status", "--json"), ("events",), ("--help",)])
def test_an_output_that_cannot_be_written_is_a_failure(
    rashomon: Callable[..., Any], sample_library: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """So that nobody takes half a file for an export."""
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(full, write_through=True))
        done = rashomon(*arguments, library=sample_library)
    assert (done.code, done.err) == (3, "rashomon: No space left on device\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_of_which_only_a_part_is_taken_is_an_error(tmp_path: Path, unbuffered: str) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)); sys.argv = ['rashomon', '--help']; from agent.cli import main; main()"
    )
    with open(tmp_path / "help.txt", "wb") as short:
        done = subprocess.run(
            [sys.executable, "-B", "-c", code],
            stdout=short,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
    assert (tmp_path / "help.txt").stat().st_size == 500
    assert done.returncode == 3
    assert b"File too large" in done.stderr

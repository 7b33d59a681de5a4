"""The demonstration, the docs that are made by the program, and the packaging that a stranger relies on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from agent.demo import run
from vectorstore.library import EmbedderChoice

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "vectorstore" / "sample"


def test_the_demo_shows_counts_an_answer_a_refusal_and_a_brief() -> None:
    text = "\n".join(run(EmbedderChoice()))
    assert text.startswith("Fictional outlets reporting fictional events")
    assert "49 inputs: 48 added, 1 new version" in text
    assert "«HALD, Torvany, March 14 (Pellwire) — Five people were killed" in text
    assert "No article by the Norrland Herald is in this library" in text
    assert "# " in text
    assert "8 outlets" in text


def test_the_readme_shows_what_the_demo_prints() -> None:
    shown = (ROOT / "README.md").read_text("utf-8").split("$ uv run rashomon demo\n")[1].split("```")[0].splitlines()
    printed = {without_times(line) for line in run(EmbedderChoice())}
    assert len(shown) > 20
    for line in shown:
        assert line == "..." or without_times(line) in printed, "the demo no longer prints this; put its real output into README.md"


def without_times(line: str) -> str:
    return re.sub(r"\d+\.\d s\b", "N s", line)


def test_a_number_changed_in_one_article_changes_in_what_the_demo_prints(tmp_path: Path) -> None:
    changed = tmp_path / "sample"
    shutil.copytree(SAMPLE, changed)
    lines = (changed / "granary.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        if record["id"] == "granary-02":
            assert "Five people were killed" in record["text"]
            record["text"] = record["text"].replace("Five people were killed", "Ninety-one people were killed")
    (changed / "granary.jsonl").write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    text = "\n".join(run(EmbedderChoice(), changed))
    assert "«HALD, Torvany, March 14 (Pellwire) — Ninety-one people were killed" in text
    assert "Five people were killed" not in text


def test_the_sample_says_on_its_face_that_it_is_fiction() -> None:
    assert "fiction" in (SAMPLE / "README.md").read_text("utf-8").splitlines()[0].lower()
    for file in SAMPLE.glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            record = json.loads(line)
            assert record["fiction"] is True
            assert record["url"].split("/")[2].endswith(".example")


def test_the_page_of_commands_is_what_the_program_prints() -> None:
    printed = subprocess.run([sys.executable, ROOT / "docs" / "make_commands.py"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert printed.stdout == (ROOT / "docs" / "commands.md").read_text("utf-8"), "run: python docs/make_commands.py > docs/commands.md"


def test_every_setting_is_documented() -> None:
    quickstart = (ROOT / "docs" / "quickstart.md").read_text("utf-8")
    for name in ("LIBRARY", "MODEL", "TIMEOUT", "EMBEDDER", "EMBEDDER_OPTIONS", "RUNTIME", "CACHE", "TRACING"):
        assert f"RASHOMON_{name} " in quickstart


def test_the_four_package_names_belong_to_this_distribution() -> None:
    owners = packages_distributions()
    for name in ("agent", "eval", "prompts", "vectorstore"):
        assert set(owners.get(name, ["rashomon"])) == {"rashomon"}
    assert distribution("rashomon").metadata["License-Expression"] == "Apache-2.0"

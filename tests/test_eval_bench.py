"""`rashomon eval bench`: predictions for public sets, from their input files alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.cli import cli


def bench(name: str, data: Path, out: Path) -> Result:
    return CliRunner().invoke(cli, ["eval", "bench", name, "--data", str(data), "--out", str(out)])


FLOOD = "The river Orle rose over its banks at Vennick on Tuesday night and flooded forty cellars, the town hall said."
STRIKE = "Bakers in the capital of Torvany walked out on Friday over night pay, and bread was rationed in three districts."


def rows(*texts: str) -> str:
    return "\n".join(
        json.dumps({"id": f"x{n}", "outlet": f"Paper {n}", "title": None, "text": text, "date": None}) for n, text in enumerate(texts)
    )


@pytest.mark.parametrize(("name", "file", "key"), [("grouping", "items.jsonl", "id"), ("basil", "articles.jsonl", "article")])
def test_every_item_gets_one_event_and_items_on_one_happening_share_it(tmp_path: Path, name: str, file: str, key: str) -> None:
    (tmp_path / file).write_text(rows(FLOOD, STRIKE, FLOOD.replace("forty", "some forty"), FLOOD), encoding="utf-8")
    done = bench(name, tmp_path, tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    found = {row[key]: row["event"] for row in map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())}
    assert found.keys() == {"x0", "x1", "x2", "x3"}
    assert found["x0"] == found["x2"] == found["x3"] != found["x1"]


def test_pages_are_answered_with_the_text_of_their_article_or_with_none(tmp_path: Path) -> None:
    page = f"<html><body><nav><a href=x>Home</a></nav><article><p>{FLOOD}</p><p>{STRIKE}</p></article></body></html>"
    rows = [{"id": "a", "url": "https://a.example", "html": page}, {"id": "b", "url": "https://b.example", "html": "\ud800"}]
    with gzip.open(tmp_path / "pages.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, rows)))
    done = bench("extraction", tmp_path, tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert found == [{"id": "a", "text": f"{FLOOD}\n{STRIKE}"}, {"id": "b", "text": ""}]


def test_labels_are_never_read(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text(rows(FLOOD), encoding="utf-8")
    (tmp_path / "gold.jsonl").mkdir()
    assert bench("grouping", tmp_path, tmp_path / "out.jsonl").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "x1"}', "items.jsonl, line 1: text is missing"),
        ('{"id": "x1", "text": "a"}\nnot json', "items.jsonl, line 2: not a line of JSON"),
        ("[1]", "items.jsonl, line 1: not a JSON object"),
    ],
)
def test_a_broken_set_is_named_with_its_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "items.jsonl").write_text(content, encoding="utf-8")
    done = bench("grouping", tmp_path, tmp_path / "out.jsonl")
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_and_an_unknown_name_say_what_there_is(tmp_path: Path) -> None:
    assert "no such file" in str(bench("grouping", tmp_path, tmp_path / "out.jsonl").exception)
    unknown = bench("groping", tmp_path, tmp_path / "out.jsonl")
    assert unknown.exit_code == 2
    assert "grouping" in unknown.output

"""What is exported and ingested again is the same library, to the byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.cli import cli

BODY = "The ferry terminal of Varn burned on Friday, and eleven people were hurt, the fire service said. "
PAGE = f"""<!doctype html><html lang=en><head><meta property="og:title" content="SMOKE in the port of Varn"><title>Fire | Post</title>
<meta property="og:site_name" content="Harbour Post"><link rel=canonical href="https://post.example/fire">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Fire shuts terminal", "datePublished": "2025-03-14",
"publisher": {{"name": "Nordwire"}}}}</script></head><body><article>
<p>VARN, March 15, 2025 (Nordwire) — {BODY * 3}</p></article></body></html>"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str


Rashomon = Callable[..., Done]


@pytest.fixture
def rashomon(tmp_path: Path) -> Rashomon:
    def run(*arguments: str | Path, library: Path | None = None, given: bytes | None = None) -> Done:
        done = CliRunner().invoke(cli, ["--library", str(library or tmp_path / "library"), *map(str, arguments)], input=given)
        return Done(done.exit_code, done.stdout)

    return run


def write(folder: Path) -> list[Path]:
    """Articles of every kind of certainty, with disagreements, notes and spans."""
    folder.mkdir(exist_ok=True)
    (folder / "page.html").write_text(PAGE)
    (folder / "letter.txt").write_text(f"Letter from Orsbay\n\nBy Ada Holm\n\n3 May 2025\n\n{BODY * 4}")
    (folder / "cafe.txt").write_bytes(f"Café – {BODY}".encode("cp1252"))
    (folder / "note.md").write_text(f"---\ntitle: Fire\ndate: 2025-03-16\n---\n# Another headline\n\n{BODY * 2}")
    record = {
        "text": BODY * 5,
        "source": "Post",
        "url": "https://post.example/a?utm_source=x",
        "id": 7,
        "date": "2025-03-14T09:10:00+01:00",
    }
    (folder / "a.jsonl").write_text(
        "\n".join(json.dumps(row) for row in (record, {**record, "source": "The Post", "url": "https://post.example/a"}))
    )
    (folder / "t.csv").write_text(f'text,headline,domain\n"{BODY} {BODY}","=1+1",post.example\n')
    return sorted(folder.iterdir())


def test_an_export_ingested_elsewhere_exports_the_same_bytes(rashomon: Rashomon, tmp_path: Path) -> None:
    write(tmp_path / "in")
    assert rashomon("ingest", tmp_path / "in").code == 0
    first = rashomon("export").out
    assert {"given", "declared", "found", "guessed"} == {
        one["certainty"]
        for line in first.splitlines()
        for field in json.loads(line)["provenance"].values()
        for one in (field, *field.get("others", ()))
    }
    (tmp_path / "out.jsonl").write_text(first, encoding="utf-8")
    again = rashomon("ingest", tmp_path / "out.jsonl", "--json", library=tmp_path / "second")
    assert json.loads(again.out)["added"] == len(first.splitlines())
    assert rashomon("export", library=tmp_path / "second").out == first
    assert json.loads(rashomon("ingest", tmp_path / "out.jsonl", "--json").out)["unchanged"] == len(first.splitlines())


def test_an_export_does_not_depend_on_what_came_first(rashomon: Rashomon, tmp_path: Path) -> None:
    files = write(tmp_path / "in")
    rashomon("ingest", *files)
    for file in reversed(files):
        rashomon("ingest", file, library=tmp_path / "second")
    lines = (tmp_path / "in" / "a.jsonl").read_text().splitlines()
    (tmp_path / "turned.jsonl").write_text("\n".join(reversed(lines)))
    rashomon("ingest", tmp_path / "turned.jsonl", *files[1:], library=tmp_path / "third")
    assert (
        rashomon("export").out == rashomon("export", library=tmp_path / "second").out == rashomon("export", library=tmp_path / "third").out
    )


def test_a_value_that_was_edited_in_an_export_is_given_and_the_old_one_is_kept(rashomon: Rashomon, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    rashomon("ingest", tmp_path / "page.html")
    record = json.loads(rashomon("export").out)
    (tmp_path / "edited.jsonl").write_text(json.dumps({**record, "outlet": "The Harbour Post"}))
    rashomon("ingest", tmp_path / "edited.jsonl", library=tmp_path / "second")
    outlet = json.loads(rashomon("export", library=tmp_path / "second").out)["provenance"]["outlet"]
    assert (outlet["value"], outlet["certainty"]) == ("The Harbour Post", "given")
    assert [other["value"] for other in outlet["others"]] == ["Harbour Post", "Nordwire"]


@pytest.mark.parametrize(
    "provenance",
    [
        {"title": "given"},
        {"title": {"value": "Fire"}},
        {"title": {"value": "Fire\u001b[31m", "certainty": "given", "source": ""}},
        {"title": {"value": "Fire", "certainty": "sure", "source": ""}},
        {"title": {"value": "Fire", "certainty": "found", "source": "x", "span": [0, 10**9]}},
        {"title": {"value": "Fire", "certainty": "found", "source": "x", "span": ["0", 1]}},
        {"title": {"value": "Fire", "certainty": "found", "source": "x", "others": [{"value": 5}, 7, None]}},
        [],
    ],
)
def test_what_claims_to_be_an_export_and_is_none_is_read_as_a_record(rashomon: Rashomon, tmp_path: Path, provenance: object) -> None:
    record = {"article_id": "x", "text": BODY, "title": "Fire", "provenance": provenance, "notes": [1, "a\u0000b"]}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    assert rashomon("ingest", tmp_path / "a.jsonl").code == 0
    assert json.loads(rashomon("export").out)["title"] == "Fire"


def test_the_map_and_standard_input(rashomon: Rashomon, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'Wording,Source name\n"{BODY}",Harbour Post\n')
    refused = rashomon("ingest", tmp_path / "a.csv")
    assert refused.code == 1
    assert "--map text=COLUMN" in refused.out
    done = rashomon("ingest", tmp_path / "a.csv", "--map", "text=Wording", "--map", "outlet=Source name")
    assert done.code == 0
    assert json.loads(rashomon("export").out)["outlet"] == "Harbour Post"
    for wrong in ("text", "text=", "=x", "words=Wording"):
        assert rashomon("ingest", tmp_path / "a.csv", "--map", wrong).code == 2
    piped = rashomon("ingest", "-", "--map", "text=Wording", library=tmp_path / "second", given=(tmp_path / "a.csv").read_bytes())
    assert piped.code == 0
    assert "1 added" in piped.out
    assert "standard input" in rashomon("ingest", "-", library=tmp_path / "second", given=b"").out

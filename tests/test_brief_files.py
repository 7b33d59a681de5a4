"""The forms of a brief: each ending gives its own, with the same content, and hostile text does nothing in any of them."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.brief import Brief, Matrix, Section, make_brief
from agent.cli import cli
from agent.render.brief_csv import brief_tables
from agent.render.brief_docx import DocxMissing, brief_document
from agent.render.brief_json import brief_text
from agent.render.brief_markdown import brief_markdown
from agent.render.page.page import brief_page
from agent.statement import Ledger, Reported
from agent.tables import Cell, Finding, Row
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.origin import find_origins

TEXT = (
    "At least {} people were injured when a fire destroyed the customs hall of the ferry terminal in Varn on Friday night, the "
    "coastguard said. Small boats carried 212 passengers of the ferry Norwind to safety. The port office closed the terminal for "
    "three weeks. The cause of the fire was not known, and the operator Norline did not answer questions about the wiring on Saturday. "
)
OTHER = (
    "A fire destroyed the customs hall of the Varn ferry terminal on Friday night, and at least {} people were injured, according to "
    "the coastguard. Small boats carried the 212 passengers of the ferry Norwind to safety, it said. In January an inspector, Per Aldo, "
    "had warned the operator Norline in a letter that the wiring of the hall was older than 40 years. The mayor, Lis Brandt, wants to "
    "see the letter before the town council meets on Tuesday, and asked the operator to publish it in full."
)
MORE = "“We had eleven minutes,” said Captain Ida Moll of the coastguard, who led the boats out of the harbour on Friday night. "


def article(outlet: str, text: str, title: str = "Fire in Varn", day: str = "2025-03-14") -> Article:
    known = {"title": title, "outlet": outlet, "published": day}
    return Article(text, **{name: Field(value, "given", name) for name, value in known.items()})


@pytest.fixture(scope="module")
def brief(minilm: Embedder) -> Brief:
    articles = [
        article("=HYPERLINK(1)", TEXT.format("four") + MORE, title="@SUM(A1)\x0b\x1f"),
        article("Courier", OTHER.format("eleven"), day="2025-03-15"),
    ]
    return make_brief(articles, find_origins(articles), minilm.embed, Ledger())


def rows(table: str) -> list[list[str]]:
    assert table.startswith("\ufeff")
    return list(csv.reader(io.StringIO(table[1:])))


def test_tables_hold_what_the_json_holds(brief: Brief) -> None:
    tables = {name: rows(table) for name, table in brief_tables(brief)}
    data = json.loads(brief_text(brief))
    assert len(tables["matrix"]) == 1 + len(data["matrix"])
    quoted = {row[6].lstrip("'") for row in tables["quotes"][1:]}
    assert data["matrix"][0]["claim"]["citations"][0]["quote"] in quoted
    assert {row[3] for row in tables["numbers"][1:]} >= {"brief_counts", "agreement"}
    assert json.loads(tables["numbers"][1][4]) == list(brief.counts.inputs)


def test_no_cell_is_a_formula(brief: Brief) -> None:
    cells = [value for _, table in brief_tables(brief) for row in rows(table) for value in row]
    assert not [value for value in cells if value.startswith(("=", "+", "@", "-"))]
    assert "'=HYPERLINK(1)" in cells


def test_a_document_opens_and_holds_the_quotes(brief: Brief) -> None:
    from docx import Document

    content = brief_document(brief)
    document = Document(io.BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert TEXT.split(". ")[1] in text
    assert len(document.tables) == 2
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "External" in parts.read(name).decode("utf-8", "replace")]


def test_without_the_extra_a_document_says_what_to_install(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(DocxMissing, match="python-docx"):
        brief_document(brief)


def run(*arguments: str | Path, library: Path) -> Result:
    return CliRunner().invoke(cli, ["--library", str(library), *map(str, arguments)])


def test_one_command_writes_every_form_of_one_brief_and_the_json_verifies(sample_library: Path, tmp_path: Path) -> None:
    outs = [part for ending in ("html", "md", "json", "csv", "docx") for part in ("--out", tmp_path / f"b.{ending}")]
    done = run(
        "brief",
        "the explosion in the granary at Hald",
        *outs,
        "--outlets",
        "Pellwire, Free Torvany",
        "--outlets",
        "Veshland Tribune",
        library=sample_library,
    )
    assert done.exit_code == 0, done.output
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"b.html", "b.md", "b.json", "b.docx", "b-matrix.csv", "b-quotes.csv", "b-numbers.csv"}
    data = json.loads((tmp_path / "b.json").read_text())
    assert data["outlets"] == ["Free Torvany", "Pellwire", "Veshland Tribune"]
    assert data["notes"] == ["only articles of Pellwire, Free Torvany and Veshland Tribune"]
    assert data["manifest"]["program"].startswith("rashomon ")
    assert {"name": "outlets", "value": "Pellwire, Free Torvany, Veshland Tribune"} in data["manifest"]["settings"]
    assert run("verify", tmp_path / "b.json", library=sample_library).exit_code == 0
    for name in ("b.md", "b.html"):
        assert "only articles of Pellwire" in (tmp_path / name).read_text()


def test_since_leaves_out_and_says_so_and_too_little_is_a_refusal(sample_library: Path, tmp_path: Path) -> None:
    done = run("brief", "the explosion in the granary at Hald", "--since", "2025-03-17", "--json", library=sample_library)
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    assert data["notes"] == ["only articles of 2025-03-17 or later"]
    assert data["refusal"]


def test_a_brief_on_files_verifies_against_those_files(tmp_path: Path) -> None:
    for name, number in (("a", "four"), ("b", "eleven")):
        (tmp_path / f"{name}.md").write_text(
            f"---\ntitle: Fire\nsource: {name.upper()}\ndate: 2025-03-14\n---\n{TEXT.format(number)}{MORE}\n"
        )
    files = [tmp_path / "a.md", tmp_path / "b.md"]
    done = run("brief", *files, "--out", tmp_path / "out.json", library=tmp_path / "none")
    assert done.exit_code == 0, done.output
    given = [part for file in files for part in ("--file", file)]
    assert run("verify", tmp_path / "out.json", *given, library=tmp_path / "none").exit_code == 0
    files[0].write_text(files[0].read_text().replace("Small boats", "Big boats"))
    changed = run("verify", tmp_path / "out.json", *given, library=tmp_path / "none")
    assert changed.exit_code == 1
    assert "articles 1" in changed.output


@pytest.mark.parametrize("name", ["b.txt", "b", "b.html.exe"])
def test_an_ending_that_means_nothing_is_wrong_use(sample_library: Path, tmp_path: Path, name: str) -> None:
    done = run("brief", "granary", "--out", tmp_path / name, library=sample_library)
    assert done.exit_code == 2
    assert ".docx" in done.output


def test_an_outlet_that_is_not_held_is_named(sample_library: Path) -> None:
    done = run("brief", "granary", "--outlets", "Pellwire, Nobody's News", library=sample_library)
    assert done.exit_code == 2
    assert "Nobody's News" in done.output


def test_among_many_outlets_those_that_take_no_side_stand_apart(brief: Brief) -> None:
    claim = next(one for one in brief.statements() if isinstance(one, Reported))
    cells: tuple[Cell, ...] = ("asserts", *(["silent", "unclear"] * 6))
    names = tuple(f"Outlet {letter}" for letter in "ABCDEFGHIJKLM")
    many = replace(brief, matrix=Matrix(names, (Row(claim, cells, ((),) * len(names)),)))
    text, page = brief_markdown(many), brief_page(many)
    table = text.partition("## Outlet by claim")[2].partition("\n## ")[0]
    assert "| Outlet A | asserts |" in table
    assert "| Outlet B |" not in table
    assert "12 more outlets take no clear side in these claims: Outlet B, Outlet C" in table
    assert "unclear: something near it" in table
    assert "<summary>12 more outlets take no clear side in these claims</summary>" in page
    assert page.count("<tbody>") >= 2


def test_below_the_first_screen_a_quote_is_not_cut_so_soon(brief: Brief) -> None:
    citation = next(one for one in brief.statements() if isinstance(one, Reported)).citations[0]
    words = " ".join(["word"] * 60)
    long = Reported(words, (replace(citation, quote=words, end=citation.start + len(words)),))
    told = brief_markdown(replace(brief, matrix=None, sections=(Section("Only one", (Finding((long,), (long,)),)),)))
    first, _, rest = told.partition("## Only one")
    assert words not in first
    assert words in rest

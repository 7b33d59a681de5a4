"""versions, diff, remove and --as-of, as a user types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import vectorstore.removal
from agent.render.history import changed_lines, revision_lines, version_lines
from vectorstore.article import Article, Field
from vectorstore.revision import revision
from vectorstore.version import Version

Rashomon = Callable[..., Any]
FIRST = "A fire shut the Varn ferry terminal on Friday night. At least 4 people were taken to hospital, the coastguard said."
LATER = FIRST.replace("4", "11") + " The terminal stays shut."
URL = "https://post.example/fire"


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample: Path) -> None:
    """The commands run on a copy of the sample, whose index is not built again after a removal."""
    monkeypatch.setattr(vectorstore.removal, "rebuild_apart", lambda *_: None)
    shutil.copytree(sample, tmp_path / "library")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article in two versions, a copy of the first, and one without a date."""
    from vectorstore.library import Library
    from vectorstore.readers import find_files, read_file

    folder = tmp_path_factory.mktemp("history")
    records = [
        {"id": "hp1", "title": "Fire\u001b[31m", "outlet": "Harbour Post", "url": URL, "published": "2025-03-14", "text": FIRST},
        {"id": "hp1", "title": "Fire, 11 hurt", "outlet": "Harbour Post", "url": URL, "published": "2025-03-16", "text": LATER},
        {"id": "vc1", "title": "Blaze", "outlet": "Varn Courier", "published": "2025-03-15", "text": FIRST},
        {"title": "Letter", "outlet": "Free Varn", "text": "The fire was foreseen by dockworkers, who wrote to the operator."},
    ]
    (folder / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    with Library.open(folder / "library", write=True) as library:
        library.ingest(item for path in find_files(folder / "in.jsonl") for item in read_file(path))
    return folder / "library"


def test_versions_of_an_article_by_its_url_id_or_the_start_of_it(rashomon: Rashomon) -> None:
    listed = json.loads(rashomon("versions", URL, "--json").out)
    assert listed == json.loads(rashomon("versions", "hp1", "--json").out)
    assert listed == json.loads(rashomon("versions", listed["article_id"][:6], "--json").out)
    assert [(item["version"], item["current"], item["published"], item["line"]) for item in listed["versions"]] == [
        (1, False, "2025-03-14", 1),
        (2, True, "2025-03-16", 2),
    ]
    assert {change["field"] for change in listed["versions"][1]["metadata_changed"]} == {"title", "published"}
    shown = rashomon("versions", "hp1").out
    assert "version 2 (current): published 2025-03-16, first seen 20" in shown
    assert "in.jsonl, line 1" in shown
    assert "\x1b" not in shown


def test_without_an_article_those_that_changed_are_listed(rashomon: Rashomon) -> None:
    assert [item["title"] for item in json.loads(rashomon("versions", "--json").out)] == ["Fire, 11 hurt"]
    assert rashomon("versions").out.count("\n") == 1


def test_diff_shows_the_figure_and_its_json_the_verbatim_words(rashomon: Rashomon) -> None:
    shown = rashomon("diff", "hp1")
    assert "- At least [-4-] people" in shown.out
    assert "+ At least {+11+} people" in shown.out
    assert "title: “Fire [31m” -> “Fire, 11 hurt”" in shown.out
    change = json.loads(rashomon("diff", "hp1", "--json").out)
    assert change["counts"] == {"added": 1, "removed": 0, "changed": 1, "moved": 0, "unchanged": 1}
    for edit in change["edits"]:
        for text, side in ((FIRST, edit["old"]), (LATER, edit["new"])):
            for span in [side, *side["changed"]] if side else []:
                assert text[span["start"] : span["end"]] == span["quote"]
    back = json.loads(rashomon("diff", "hp1", "2", "1", "--json").out)
    assert (back["counts"]["removed"], back["from"]["version"]) == (1, 2)


def test_no_article_can_draw_on_the_terminal() -> None:
    def version(number: int, text: str) -> Version:
        return Version(number, Article(text, title=Field(f"{text}", "given", "x")), "2025-03-14T10:00:00+00:00", "a\x1b", 1, number == 2)

    old, new = version(1, "He\x1b[31m paid 4\u202e crowns."), version(2, "He\x1b[31m paid 11\u202e crowns.\n\rMore.")
    lines = [*revision_lines(revision(old.article, new.article), old, new), *version_lines([old, new]), *changed_lines([[old, new]])]
    assert lines
    assert not [line for line in lines if set(line) & set("\x1b\u202e\n\r")]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("versions", "zz"), 1, "no article has"),
        (("versions", ""), 1, "no article has"),
        (("versions", "http://a:b/"), 1, "no article has"),
        (("diff", "vc1"), 1, "one version"),
        (("diff", "hp1", "1"), 2, "both FROM and TO"),
        (("diff", "hp1", "1", "9"), 2, "has 2 versions"),
        (("diff", "hp1", "0", "1"), 2, "FROM"),
        (("remove",), 2, "name articles"),
        (("remove", "zz", "--yes"), 1, "no article has"),
        (("remove", "--outlet", "Nowhere Times", "--yes"), 2, "no article by Nowhere Times"),
        (("remove", "--before", "2020-01-01", "--yes"), 1, "nothing was removed"),
        (("search", "fire", "--as-of", "yesterday"), 2, "--as-of"),
    ],
)
def test_wrong_use_is_said(rashomon: Rashomon, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = rashomon(*arguments)
    assert done.code == code
    assert words in done.err
    assert len(json.loads(rashomon("versions", "hp1", "--json").out)["versions"]) == 2


def test_nothing_is_removed_without_a_yes(rashomon: Rashomon) -> None:
    before = rashomon("export").out
    asked = rashomon("remove", "hp1")
    assert asked.code == 1
    assert "1 article in 2 versions" in asked.out
    assert "the same text is still held as" in asked.out
    assert "nothing was removed: add --yes" in asked.out
    assert rashomon("remove", "hp1", "--dry-run").code == 0
    planned = json.loads(rashomon("remove", "hp1", "--dry-run", "--json").out)
    assert (planned["removed"], len(planned["article_ids"]), len(planned["still_held_as"])) == (None, 1, 1)
    assert rashomon("export").out == before


def test_remove_says_what_went_and_what_it_looked_for(rashomon: Rashomon, tmp_path: Path) -> None:
    done = rashomon("remove", "--url", URL, "--yes")
    assert done.code == 0
    assert "removed 1 article: 2 versions, 1 text, " in done.out
    assert "the same text is still held as" in done.out
    assert "verified: no copy of the text in the library folder" in done.out
    assert rashomon("versions", URL).code == 1
    assert "Varn Courier" in rashomon("search", "coastguard hospital").out
    for path in (tmp_path / "library").rglob("*"):
        assert not path.is_file() or b"terminal stays shut" not in path.read_bytes()


def test_remove_by_outlet_and_day(rashomon: Rashomon) -> None:
    chosen = json.loads(rashomon("remove", "--since", "2025-03-15", "--before", "2025-03-16", "--dry-run", "--json").out)
    assert [item["article_id"] for item in json.loads(rashomon("search", "blaze", "--json", "--limit", "1").out)] == chosen["article_ids"]
    assert "1 article without a date stay" in rashomon("remove", "--since", "2025-03-15", "--dry-run").out
    removed = json.loads(rashomon("remove", "--outlet", "Free Varn", "--outlet", "Harbour Post", "--yes", "--json").out)
    assert (removed["removed"]["articles"], removed["verified"]) == (2, True)
    assert [outlet["outlet"] for outlet in json.loads(rashomon("outlets", "--json").out)] == ["Varn Courier"]


def test_as_of_a_day(rashomon: Rashomon) -> None:
    done = rashomon("search", "how many were taken to hospital", "--as-of", "2025-03-14", "--json")
    (hit,) = json.loads(done.out)
    assert (hit["as_of"], hit["outlet"], hit["text"]) == ("2025-03-14", "Harbour Post", FIRST[hit["start"] : hit["end"]])
    assert "as of 2025-03-14: 1 article without a date left out" in done.err
    assert "{+" not in rashomon("ask", "How many people were taken to hospital?", "--as-of", "2025-03-14").out
    answer = rashomon("ask", "How many people were taken to hospital?", "--as-of", "2025-03-14").out
    assert "4 people" in answer
    assert "11 people" not in answer
    assert "as of 2025-03-14" in answer
    assert "as of 2025-03-15" in rashomon("brief", "ferry fire", "--as-of", "2025-03-15").out
    assert rashomon("events", "--as-of", "2025-03-13", "--min-articles", "1").out == "the library holds no articles\n"


def test_files_have_no_earlier_day(rashomon: Rashomon, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIRST)
    done = rashomon("brief", str(tmp_path / "a.txt"), "--as-of", "2025-03-15")
    assert (done.code, "files are read as they are" in done.err) == (2, True)

"""`rashomon origins`: what it says of a library, and how it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.render.origins import origin_lines, origin_values
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.origin import find_origins

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def origins(rashomon: Callable[..., Any], sample_library: Path) -> Run:
    def run(*arguments: str, library: Path = sample_library) -> tuple[int, str, str]:
        done = rashomon("origins", *arguments, library=library)
        return done.code, done.out, done.err

    return run


def test_every_link_of_an_event_is_explained(origins: Run) -> None:
    code, out, err = origins("explosion", "granary")
    assert code == 0
    assert "chosen by its words" in err
    for expected in (
        "one origin: Pellwire (held: ",
        "of the shorter text's 4-word runs outside quotations are shared",
        "4 of 4 quotations shared",
        "“With material from Pellwire” (credit line, characters ",
        "who was first: Hald Metro credits Pellwire",
    ):
        assert expected in out


def test_without_a_name_it_is_the_whole_library(origins: Run) -> None:
    whole = origins()
    assert whole == origins("--all")
    assert whole[1].count("one origin: Pellwire") == 3
    assert "48 articles, 43 independent origins" in whole[1]


def test_json_has_every_article_once(origins: Run) -> None:
    code, out, _ = origins("--all", "--json")
    values = json.loads(out)
    ids = [article["article_id"] for origin in values for article in origin["articles"]]
    assert (code, len(ids), len(set(ids))) == (0, 48, 48)
    (largest,) = [origin for origin in values if len(origin["articles"]) > 3]
    assert largest["author"]["name"] == "Pellwire"
    assert {link["kind"] for link in largest["links"]} == {"edited", "rewritten"}
    assert any(credit["words"] == "(Pellwire)" and credit["span"] for link in largest["links"] for credit in link["credits"])


def test_one_thing_is_asked_at_a_time_and_what_is_not_there_is_said(origins: Run, tmp_path: Path) -> None:
    assert origins("--all", "granary")[0] == 2
    assert origins("--event", "ev0", "granary")[0] == 2
    code, _, err = origins("--event", "evnone")
    assert code == 1
    assert "no event evnone" in err
    assert origins("--all", library=tmp_path / "nowhere")[0] != 0


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def test_a_source_that_is_not_held_is_said_and_hostile_words_are_shown() -> None:
    text = " ".join(f"word{number} of the fire at the port" for number in range(40))
    alone = Article(f"(AP) — {text}", outlet=value("Evil\x1b[31m Post"), title=value("A\nB"))
    (line, name, count) = origin_lines(find_origins([alone]), [alone])
    assert line == "1 article with a text credited to a source whose text is not held"
    assert "Associated Press (text not held)" in name
    assert "\x1b" not in name
    assert "\n" not in name
    assert count == "1 article, 1 independent origin; 0 with no copy here and no credit"


def test_an_unknown_order_is_said() -> None:
    text = " ".join(f"word{number} of the fire at the port" for number in range(40))
    articles = [Article(text, outlet=value(name)) for name in ("Post", "Metro")]
    lines = list(origin_lines(find_origins(articles), articles))
    assert lines[0] == "2 articles, one origin: who wrote it first is not known"
    assert lines.count("    who was first: order unknown: neither has a time") == 1
    (values,) = [origin_values(origin, articles) for origin in find_origins(articles)]
    assert (values["author"]["name"], values["author"]["basis"], values["links"][0]["order"]) == (None, "unknown", "unknown")


def test_an_empty_library_is_said() -> None:
    assert list(origin_lines([], [])) == ["the library holds no articles"]

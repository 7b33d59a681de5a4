"""A kept brief is checked against the library: untouched it passes, and whatever is changed in it is found and named."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent.brief_file import NotABrief, read_brief
from agent.brief_seal import seal
from agent.cli import cli
from agent.render.brief_json import brief_text
from agent.subject import brief_on, subject_in
from agent.verifying import verify
from agent.wording import COMPUTED
from vectorstore.library import Library


def beside(name: str) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="module")
def library(sample_library: Path) -> Iterator[Library]:
    with Library.open(sample_library) as opened:
        yield opened


@pytest.fixture(scope="module")
def text(library: Library) -> str:
    return brief_text(brief_on(subject_in(library, "the explosion in the granary at Hald"), library))


@pytest.fixture(scope="module")
def data(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def faults(data: dict[str, Any], library: Library, *, sealed: bool = False) -> list[str]:
    """With `sealed`, as somebody would leave it who knows how the seal is made."""
    changed = {**data, "seal": seal(data)} if sealed else data
    try:
        return [f"{fault.where}: {fault.what}" for fault in verify(json.dumps(changed), library).faults]
    except NotABrief as error:
        return [str(error)]


def test_an_untouched_brief_passes(text: str, library: Library) -> None:
    found = verify(text, library)
    assert found.faults == ()
    assert found.articles == 9
    assert found.reported > 50
    assert found.computed > 30


def test_planted_changes_are_found_and_nearly_all_of_them_without_the_seal(data: dict[str, Any], library: Library) -> None:
    """The two hundred of benchmarks/verify.py, shortened."""
    planted = beside("planted_changes")
    unseen = []
    for change in planted.changes(data, 25, seed=7):
        assert faults(change.data, library), change.where
        if not planted.told(change) and not faults(change.data, library, sealed=True):
            unseen.append(change.where)
    # Two quotes of one line that change places: the seal alone tells.
    assert len(unseen) <= 1, unseen


def change(data: dict[str, Any], *path: Any, to: Callable[[Any], Any]) -> dict[str, Any]:
    changed = json.loads(json.dumps(data))
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = to(inner[path[-1]])
    return dict(changed)


def test_a_fault_names_its_place(data: dict[str, Any], library: Library) -> None:
    section = next(number for number, one in enumerate(data["sections"]) if one["name"] == "Disputed")
    said = faults(
        change(data, "sections", section, "findings", 0, "details", 0, "citations", 0, "quote", to=str.upper), library, sealed=True
    )
    assert any(line.startswith("Disputed 1, quote 1: the words") for line in said)
    other = next(part["outlet"] for part in data["articles"] if part["outlet"] != data["articles"][0]["outlet"])
    told = faults(change(data, "articles", 0, "outlet", to=lambda _: other), library, sealed=True)
    assert any(line.startswith("articles 1 (") and "in the library" in line for line in told)
    counted = change(data, "counts", "text", to=lambda words: words.replace("9 outlets", "8 outlets"))
    assert any(line.startswith("counts: the rule brief_counts") for line in faults(counted, library, sealed=True))


def test_who_changes_a_number_and_its_sentence_alike_is_found(data: dict[str, Any], library: Library) -> None:
    for place, inputs in ((("counts",), [9, 0, 9, 7]), (("counts",), [10, 0, 9, 6])):
        changed = change(data, *place, "inputs", to=lambda _, new=inputs: new)
        changed = change(changed, *place, "text", to=lambda _, new=inputs: COMPUTED["brief_counts"](*new))
        assert any(line.startswith("counts: ") for line in faults(changed, library, sealed=True))


def test_an_article_that_was_edited_or_removed_since_is_named(data: dict[str, Any], library: Library) -> None:
    rows = [part["article_id"] for part in data["articles"]]
    articles = [library.article(one) for one in rows]
    with Library.in_memory(articles[1:], embedder=library.embedder) as smaller:
        lost = articles[0].article_id
        said = faults(data, smaller)
        assert any("no such article is held" in line for line in said)
        assert all("no such article" in line or "not shown" in line or lost in line for line in said)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "not JSON"),
        ("[]", "not a brief"),
        ("{}", "not a brief"),
        ('{"format": "rashomon brief", "version": 99}', "version 99"),
        ('{"format": "rashomon brief", "version": 1}', "title"),
        ("[" * 100_000, "not JSON: objects or lists within each other"),
        ("9" * 5_000, "not JSON: a number of over 4,300 digits"),
        (b"\xff", "not JSON: not UTF-8 at byte 1"),
        ('{"a": 1, "a": 2}', "a key stands twice"),
        ("\udcff", "not JSON"),
    ],
)
def test_what_is_no_brief_is_refused_with_the_reason(content: str | bytes, why: str) -> None:
    with pytest.raises(NotABrief, match=why):
        read_brief(content)


def test_a_value_of_another_kind_or_one_that_no_brief_has_is_refused(data: dict[str, Any]) -> None:
    for changed in ({**data, "more": 1}, {**data, "title": 5}, {**data, "articles": {}}, {k: v for k, v in data.items() if k != "seal"}):
        with pytest.raises(NotABrief):
            read_brief(json.dumps(changed))


def run(*arguments: str | Path, library: Path) -> Result:
    return CliRunner().invoke(cli, ["--library", str(library), *map(str, arguments)])


def test_the_command_says_what_and_where_and_fails(sample_library: Path, text: str, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    done = run("verify", tmp_path / "b.json", library=sample_library)
    assert done.exit_code == 0, done.output
    assert "verified: " in done.output
    (tmp_path / "c.json").write_text(text.replace("Pellwire", "Pellwyre"), encoding="utf-8")
    failed = run("verify", tmp_path / "c.json", "--json", library=sample_library)
    assert failed.exit_code == 1
    assert json.loads(failed.output)["verified"] is False
    assert any("Pellwyre" in fault["what"] for fault in json.loads(failed.output)["faults"])


def test_the_independent_check_agrees_and_finds_a_changed_word(library: Library, data: dict[str, Any]) -> None:
    independent = beside("independent_check")
    articles = {one.article_id: {"text": one.text, **{name: field.value for name, field in one.fields()}} for one in library.articles()}
    figures, problems = independent.check(data, articles)
    assert problems == []
    assert figures["reported right"] == figures["reported"] > 50
    assert figures["computed right"] == figures["computed"] > 30
    changed = change(data, "sections", 0, "findings", 0, "statements", 0, "citations", 0, "quote", to=lambda words: words + " indeed")
    assert independent.check(changed, articles)[1]


def test_the_independent_check_has_a_wording_for_every_rule_of_a_brief() -> None:
    answers = {"not_held", "not_mentioned", "not_read", "part_not_found", "no_article_of", "nearest", "speaker", "one_origin", "searched"}
    answers |= {"gives_value", "not_quoted", "printed_first"}
    assert set(beside("independent_check").WORDINGS) == set(COMPUTED) - answers


def test_every_quoted_text_stands_under_the_key_quote(data: dict[str, Any], library: Library) -> None:
    texts = {one.article_id: one.text for one in library.articles()}

    def citations(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if "quote" in value:
                yield value
            value = list(value.values())
        for inner in value if isinstance(value, list) else ():
            yield from citations(inner)

    found = list(citations(data))
    assert len(found) > 100
    assert all(texts[one["article_id"]][one["start"] : one["end"]] == one["quote"] for one in found)

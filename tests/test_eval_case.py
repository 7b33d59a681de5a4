"""Suites and gold labels: what is shipped is sound, and what cannot be right is refused with file, line and remedy."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from eval.articles import InvalidData, LabelledArticles, sample_folder
from eval.case import KINDS, EvalCase, Suite, load_suite, says
from eval.gold import Gold, load_gold

DATA = Path(str(resources.files("eval").joinpath("data")))
FIRE = "Fire shut the ferry terminal on Friday. The coastguard said four people were hurt."
LATER = "Fire shut the ferry terminal on Friday. The hospital said eleven people were hurt."


def article(label: str, text: str, outlet: str, url: str | None = None) -> dict[str, Any]:
    return {"id": label, "title": "Fire", "outlet": outlet, "url": url, "text": text, "published": "2025-03-14"}


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> LabelledArticles:
    folder = tmp_path_factory.mktemp("articles")
    same = "https://post.example/fire"
    lines(
        folder / "ferry.jsonl",
        article("ferry-01", FIRE, "Harbour Post", same),
        article("ferry-02", LATER, "Harbour Post", same),
        article("ferry-03", FIRE, "Varn Courier"),
    )
    (folder / "ferry-04.txt").write_text("A note without outlet. Nobody signed it.", encoding="utf-8")
    return LabelledArticles.read(folder)


def case(**changes: Any) -> dict[str, Any]:
    quote = {"words": "eleven people were hurt", "articles": ["ferry-02"]}
    return {"id": "hurt", "kind": "fact", "split": "tuning", "question": "How many were hurt?", "expect": {"quotes": [quote]}, **changes}


def fault(tmp_path: Path, articles: LabelledArticles, *rows: Any) -> str:
    with pytest.raises(InvalidData) as caught:
        load_suite(lines(tmp_path / "suite.jsonl", *rows), articles)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_articles_are_known_by_their_id_or_by_the_name_of_their_file(articles: LabelledArticles) -> None:
    assert list(articles.by_label) == ["ferry-04", "ferry-01", "ferry-02", "ferry-03"]
    assert articles.current == {"ferry-02", "ferry-03", "ferry-04"}
    for label, held in articles.by_label.items():
        assert articles.label(held.article_id, held.text_id) == label
    assert articles.label("none", "none") is None
    assert articles.outlets == {"Harbour Post", "Varn Courier"}


def test_a_label_used_twice_and_a_record_that_is_no_article_are_refused(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", article("a-01", FIRE, "Harbour Post"), article("a-01", LATER, "Varn Courier"))
    with pytest.raises(InvalidData, match=r"a\.jsonl, line 2: the label a-01 is used twice"):
        LabelledArticles.read(tmp_path)
    lines(tmp_path / "a.jsonl", "{")
    with pytest.raises(InvalidData, match="line 1"):
        LabelledArticles.read(tmp_path)
    with pytest.raises(InvalidData):
        LabelledArticles.read(tmp_path / "nothing")


def test_a_sound_suite_is_read(tmp_path: Path, articles: LabelledArticles) -> None:
    expect = {"says": ["11", ["four", "4"]], "refused": False, "outlets": ["Harbour Post"]}
    suite = load_suite(lines(tmp_path / "s.jsonl", case(), "", case(id="two", question="And?", expect=expect)), articles)
    assert [found.id for found in suite.cases] == ["hurt", "two"]
    assert suite.cases[1].expect.says == (("11",), ("four", "4"))


def test_a_note_does_not_change_what_a_case_is_and_an_expectation_does() -> None:
    first = EvalCase.model_validate(case())
    assert EvalCase.model_validate(case(note="why")).digest == first.digest
    assert EvalCase.model_validate(case(expect={"refused": True})).digest != first.digest
    other = EvalCase.model_validate(case(id="other"))
    assert Suite("s", (first, other)).digest == Suite("s", (other, first)).digest


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "line 2: not JSON: objects or lists within each other"),
        ('{"id": ' + "9" * 5_000 + "}", "line 2: not JSON: a number of over 4,300 digits"),
        ("[1]", "not an object"),
        (case(kind="riddle"), "kind"),
        (case(id="Bad Id"), "id"),
        (case(extra=1), "extra"),
        (case(question=""), "question"),
        (case(question=" \n "), "asks nothing"),
        (case(expect={}), "nothing can be scored"),
        (case(expect={"quotes": []}), "nothing can be scored"),
        (case(expect={"refused": True}), "expects no quotes"),
        (case(kind="unanswerable", expect={"says": ["4"]}), "neither refused nor not_held"),
        (case(expect={"quotes": [{"words": "hurt", "articles": ["ferry-09"]}]}), "no article ferry-09"),
        (case(expect={"quotes": [{"words": "hurt", "articles": ["ferry-01"]}]}), "replaced by a later version"),
        (case(expect={"quotes": [{"words": "twelve people", "articles": ["ferry-02"]}]}), "has none of these words"),
        (case(expect={"quotes": [{"words": ["eleven", "twelve"], "articles": ["ferry-02"]}]}), "'twelve' stands in none"),
        (case(expect={"quotes": [{"words": "eleven people", "articles": ["ferry-02", "ferry-03"]}]}), "ferry-03 has none"),
        (case(expect={"quotes": [{"words": [], "articles": ["ferry-02"]}]}), "quotes"),
        (case(expect={"outlets": ["Nordwire"]}), "the outlet of no article"),
        (case(expect={"outlets": ["Varn Courier"], "outlets_not": ["Varn Courier"]}), "must and must not be credited"),
        (case(expect={**case()["expect"], "refused": True}), "a refusal and cited words at once"),
        (case(expect={**case()["expect"], "says": ["eleven"], "says_not": ["eleven"]}), "must and must not be said"),
        (case(expect={**case()["expect"], "says_not": ["people"]}), "part of a quote that must be cited"),
        (case(kind="unanswerable", expect={"not_held": ["Varn Courier"]}), "is held"),
        (case(kind="hostile", expect={"canary": ["obey me"]}), "stands in no article"),
    ],
)
def test_an_impossible_case_is_refused_with_its_place(row: Any, reason: str, tmp_path: Path, articles: LabelledArticles) -> None:
    message = fault(tmp_path, articles, case(id="first", question="What shut?"), row)
    assert "suite.jsonl, line 2" in message
    assert reason in message


def test_duplicates_and_empty_files_are_refused(tmp_path: Path, articles: LabelledArticles) -> None:
    assert "line 2: the id hurt stands in line 1" in fault(tmp_path, articles, case(), case(question="Else?"))
    assert "asks what line 1 asks" in fault(tmp_path, articles, case(), case(id="two", question="how many  were hurt?"))
    assert "nothing to run" in fault(tmp_path, articles, "", " ")
    with pytest.raises(InvalidData, match="cannot be read"):
        load_suite(tmp_path / "none.jsonl", articles)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(InvalidData, match="not UTF-8"):
        load_suite(tmp_path / "latin.jsonl", articles)


@pytest.mark.parametrize(
    ("text", "words", "there"),
    [
        ("4 were hurt", "4", True),
        ("14 were hurt", "4", False),
        ("4.5 tonnes", "4", False),
        ("4,000 crowns", "4", False),
        ("in 4.", "4", True),
        ("He said “No  one”", 'said "no one"', True),
        ("fourteen", "four", False),
    ],
)
def test_words_are_found_whole(text: str, words: str, there: bool) -> None:
    assert says(text, words) is there


# What is shipped.


def test_the_shipped_suite_is_sound_and_wide() -> None:
    suite = load_suite(DATA / "sample.jsonl", LabelledArticles.read(sample_folder()))
    kinds = Counter(found.kind for found in suite.cases)
    assert len(suite.cases) >= 44
    assert all(kinds[kind] >= 6 for kind in KINDS)
    for found in suite.cases:
        labels = [label for quote in found.expect.quotes for label in quote.articles]
        if any(label.startswith("trawler") for label in labels):
            assert found.split == "check", found.id
        if any(label.startswith(("granary", "brakka")) for label in labels):
            assert found.split == "tuning", found.id


def test_the_shipped_gold_is_sound() -> None:
    gold = load_gold(DATA / "gold.jsonl", LabelledArticles.read(sample_folder()))
    assert [event.role for event in gold.events] == ["tuning", "tuning", "check"]
    assert all(event.scare and event.silence and event.voices and event.origins for event in gold.events)


def test_a_text_that_was_changed_after_it_was_labelled_is_refused(tmp_path: Path) -> None:
    for file in sample_folder().iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    changed = (tmp_path / "granary.jsonl").read_text(encoding="utf-8").replace("Five people were killed", "Nine people were killed")
    (tmp_path / "granary.jsonl").write_text(changed, encoding="utf-8")
    with pytest.raises(InvalidData, match=r"gold\.jsonl, line 1: granary: the text of granary-02 is not the one that was labelled"):
        load_gold(DATA / "gold.jsonl", LabelledArticles.read(tmp_path))


# Gold labels of the small event.

FIRST, SECOND = [0, 39], [40, 82]


def labelled(articles: LabelledArticles, **changes: Any) -> dict[str, Any]:
    held = {f"ferry-0{n}": articles.by_label[f"ferry-0{n}"] for n in (1, 2, 3, 4)}
    sentences = {"ferry-04": [[0, 22], [23, 40]]}
    return {
        "event": "ferry",
        "title": "The fire",
        "role": "tuning",
        "articles": {label: {"text_id": a.text_id, "sentences": sentences.get(label, [FIRST, SECOND])} for label, a in held.items()},
        "claims": [{"gist": "A fire", "positions": {label: {"spans": [FIRST], "stance": "asserts"} for label in ("ferry-01", "ferry-03")}}],
        "origins": [{"articles": ["ferry-01", "ferry-02", "ferry-03"]}, {"articles": ["ferry-04"]}],
        **changes,
    }


def read_gold(tmp_path: Path, articles: LabelledArticles, *rows: dict[str, Any]) -> Gold:
    return load_gold(lines(tmp_path / "gold.jsonl", *rows), articles)


def test_sound_labels_are_read(tmp_path: Path, articles: LabelledArticles) -> None:
    gold = read_gold(tmp_path, articles, labelled(articles))
    assert gold.events[0].claims[0].positions["ferry-03"].spans == ((0, 39),)


def positions(*spans: list[int], label: str = "ferry-03") -> list[dict[str, Any]]:
    return [{"gist": "g", "positions": {"ferry-02": {"spans": [FIRST]}, label: {"spans": list(spans)}}}]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"claims": positions([0, 20])}, "not made of whole sentences"),
        ({"claims": positions([0, 900])}, "not made of whole sentences"),
        ({"claims": positions(FIRST, label="ferry-07")}, "ferry-07 is not among the event's articles"),
        ({"claims": [{"gist": "g", "positions": {"ferry-02": {"spans": [FIRST]}}}]}, "belongs to exclusive"),
        ({"claims": positions(FIRST) * 2}, "two claims have the gist"),
        ({"claims": []}, "claims"),
        ({"exclusive": [{"article": "ferry-04", "span": [0, 5], "gist": "g"}]}, "not made of whole sentences"),
        ({"exclusive": [{"article": "ferry-04", "span": [0, 22], "gist": "g"}] * 2}, "marked twice"),
        ({"scare": [{"article": "ferry-02", "span": [80, 99]}]}, "lies outside ferry-02"),
        ({"scare": [{"article": "ferry-02", "span": [39, 40]}]}, "is blank"),
        ({"naming": [{"entity": "e", "labels": [{"article": "ferry-02", "span": [9, 3]}]}]}, "lies outside"),
        ({"voices": [{"speaker": "s", "quotes": {"ferry-05": [[0, 4]]}}]}, "ferry-05 is not among"),
        ({"injection": [{"article": "ferry-02", "span": [0, 400]}]}, "injection"),
        ({"silence": [{"gist": "g", "reported_by": ["ferry-02"], "silent": ["ferry-02"]}]}, "both reports and is silent"),
        ({"origins": [{"articles": ["ferry-01", "ferry-02", "ferry-03"]}]}, "ferry-04 stands in 0 origins"),
        ({"copies": [["ferry-01", "ferry-04", "edited"]]}, "copies of different origins"),
        ({"role": "exam"}, "role"),
    ],
)
def test_labels_that_cannot_be_right_are_refused(changes: Any, reason: str, tmp_path: Path, articles: LabelledArticles) -> None:
    with pytest.raises(InvalidData, match=r"gold\.jsonl, line 1") as caught:
        read_gold(tmp_path, articles, labelled(articles, **changes))
    assert reason in str(caught.value)


def test_every_article_of_an_event_must_be_labelled_and_every_labelled_one_must_exist(tmp_path: Path, articles: LabelledArticles) -> None:
    row = labelled(articles)
    missing = {label: value for label, value in row["articles"].items() if label != "ferry-04"}
    with pytest.raises(InvalidData, match="ferry-04 of this event is not labelled"):
        read_gold(tmp_path, articles, {**row, "articles": missing})
    with pytest.raises(InvalidData, match="there is no article ferry-05"):
        read_gold(tmp_path, articles, {**row, "articles": {**row["articles"], "ferry-05": row["articles"]["ferry-04"]}})
    with pytest.raises(InvalidData, match="stands in an earlier line"):
        read_gold(tmp_path, articles, row, row)


@pytest.mark.parametrize(
    ("sentences", "reason"), [([FIRST], "words after 39"), ([[0, 38], SECOND], "words between"), ([FIRST, [30, 82]], "is no sentence")]
)
def test_sentences_hold_the_whole_text(sentences: Any, reason: str, tmp_path: Path, articles: LabelledArticles) -> None:
    row = labelled(articles)
    row["articles"]["ferry-02"]["sentences"] = sentences
    with pytest.raises(InvalidData, match=reason):
        read_gold(tmp_path, articles, row)

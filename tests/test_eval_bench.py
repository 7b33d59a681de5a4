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


def test_evidence_for_each_question_comes_from_the_outlets_it_names(tmp_path: Path) -> None:
    corpus = [
        {"id": "a1", "title": "Flood", "source": "Vennick Post", "published_at": "2025-03-14", "body": FLOOD},
        {"id": "a2", "title": "Strike", "source": "Bakers' Daily", "published_at": "2025-03-15", "body": STRIKE},
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), encoding="utf-8")
    asked = {"id": "q1", "query": "How many cellars did the river flood, according to the Vennick Post?"}
    (tmp_path / "queries.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    (tmp_path / "gold.jsonl").mkdir()
    done = bench("multihop_rag", tmp_path, tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"id": "q1", "retrieved": [FLOOD], "abstain": False}


def test_documents_of_a_topic_are_all_ranked(tmp_path: Path) -> None:
    documents = [{"id": f"d{n}", "topic": "t", "outlet": "Post", "text": text} for n, text in enumerate([FLOOD, STRIKE])]
    (tmp_path / "documents.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    subtopics = [{"topic": "t", "subtopic": "t-s1", "topic_title": "Torvany", "title": "Bread", "query": "Is bread rationed?"}]
    (tmp_path / "topics.jsonl").write_text("\n".join(map(json.dumps, subtopics)), encoding="utf-8")
    done = bench("summhay", tmp_path, tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"topic": "t", "subtopic": "t-s1", "docs": ["d1", "d0"]}


def test_a_kept_library_gives_the_same_predictions(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text(json.dumps({"id": "d0", "topic": "t", "text": FLOOD}), encoding="utf-8")
    (tmp_path / "topics.jsonl").write_text(json.dumps({"topic": "t", "subtopic": "s", "title": "Flood", "query": "Who?"}), encoding="utf-8")
    command = ["eval", "bench", "summhay", "--data", str(tmp_path), "--out", str(tmp_path / "out.jsonl"), "--keep", str(tmp_path / "kept")]
    first, second = (CliRunner().invoke(cli, command).exit_code or (tmp_path / "out.jsonl").read_text() for _ in range(2))
    assert first == second
    refused = CliRunner().invoke(cli, ["eval", "bench", "grouping", *command[3:]])
    assert refused.exit_code == 2


def out_of(folder: Path, name: str) -> list[dict[str, object]]:
    done = bench(name, folder, folder / "out.jsonl")
    assert done.exit_code == 0, done.output + str(done.exception)
    return [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]


def test_who_says_what_is_answered_in_offsets_of_the_text(tmp_path: Path) -> None:
    text = "It rained.\x00\nThe quay is shut, the mayor said on Friday.\r\n“We saw smoke,” said Ida Brandt. It was dark."
    (tmp_path / "articles.jsonl").write_text(json.dumps({"id": "a", "text": text}) + "\n" + json.dumps({"id": "b", "text": ""}), "utf-8")
    first, second = out_of(tmp_path, "polnear")
    quotes = first["quotes"]
    assert isinstance(quotes, list)
    assert [text[slice(*quote["source"])] for quote in quotes] == ["the mayor", "Ida Brandt"]
    assert [text[slice(*quote["content"][0])] for quote in quotes] == ["The quay is shut", "“We saw smoke,”"]
    assert second == {"article": "b", "quotes": []}


def test_answers_that_say_the_same_score_higher(tmp_path: Path) -> None:
    answers = {"a": "forty cellars", "b": "about 40 cellars", "c": "the bakers' strike", "d": "a strike of bakers", "e": "nobody knows"}
    rows = [{"id": name, "question_id": "q", "question": "What was hit?", "answer": answer} for name, answer in answers.items()]
    pairs = [{"pair": a + b, "question_id": "q", "a": a, "b": b} for a, b in ("ab", "cd", "ac", "bd", "ae")]
    (tmp_path / "answers.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "pairs.jsonl").write_text("\n".join(map(json.dumps, pairs)), "utf-8")
    same = {str(row["pair"]): float(str(row["same"])) for row in out_of(tmp_path, "nanco")}
    assert min(same["ab"], same["cd"]) > max(same["ac"], same["bd"], same["ae"])
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"pair": "az", "question_id": "q", "a": "a", "b": "z"}), "utf-8")
    assert "pairs.jsonl, line 1: a or z is no answer" in str(bench("nanco", tmp_path, tmp_path / "out.jsonl").exception)


def test_sentences_of_an_event_are_scored_beside_their_siblings(tmp_path: Path) -> None:
    plain = "The mayor opened the bridge on Friday. It cost 3 million crowns."
    loaded = "The mayor opened the bridge on Friday. The boastful mayor gleefully trumpeted a disastrous, pompous monument."
    rows = [
        {"id": f"x{n}", "triplet": "t", "outlet": f"Paper {n}", "title": "Bridge", "text": text, "date": None}
        | {"sentences": [[0, text.index(".") + 1], [text.index(".") + 2, len(text)]]}
        for n, text in enumerate((plain, loaded, plain))
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    scored = [row for row in out_of(tmp_path, "basil") if "sentence" in row]
    assert len(scored) == 6
    by_place = {(row["article"], row["sentence"]): float(str(row["loaded"])) for row in scored}
    assert by_place["x1", 1] > max(by_place["x0", 1], by_place["x2", 1])
    rows[0]["sentences"] = [[5, 5000]]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert "line 1: sentences must be" in str(bench("basil", tmp_path, tmp_path / "out.jsonl").exception)


def test_what_two_outlets_share_is_answered_in_offsets_of_the_given_text(tmp_path: Path) -> None:
    lines = [json.loads(line) | {"event": "orle"} for line in rows(FLOOD, STRIKE, FLOOD.replace("flooded", "filled")).splitlines()]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "gold.jsonl").mkdir()  # labels are never read
    done = bench("contrast", tmp_path, tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    (found,) = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert found["event"] == "orle"
    (claim,) = found["claims"]
    assert {name: position["spans"] for name, position in claim["positions"].items()} == {
        "x0": [[0, len(FLOOD)]],
        "x2": [[0, len(FLOOD) - 1]],
    }

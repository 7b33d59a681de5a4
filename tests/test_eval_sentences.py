"""The gate's own test set: refused loudly where it is wrong, and the floors that the gate must hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.articles import InvalidData
from eval.cli import _data, eval_group
from eval.sentences import FLOORS, judge, load_pairs

QUOTE = {"outlet": "Harbour Post", "words": "Four people were hurt, the coastguard said."}
RIGHT = {
    "id": "right-1",
    "split": "tuning",
    "right": True,
    "kind": "attribution_kept",
    "sentence": "Harbour Post, citing the coastguard: four people were hurt.",
    "quotes": [QUOTE],
}
WRONG = {
    "id": "wrong-1",
    "split": "tuning",
    "right": False,
    "kind": "changed_number",
    "sentence": "Harbour Post: five people were hurt, the coastguard said.",
    "quotes": [QUOTE],
}


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_the_gate_holds_its_floors_in_both_splits() -> None:
    pairs = load_pairs(_data("gate.jsonl"))
    report = judge(pairs, "gate.jsonl")
    assert report.below() == []
    assert len(pairs) >= 300
    assert 0.4 < sum(pair.right for pair in pairs) / len(pairs) < 0.6


def test_a_report_counts_what_was_judged_well_and_names_the_rest(tmp_path: Path) -> None:
    mislabelled = WRONG | {"id": "wrong-2", "kind": "changed_date", "sentence": "Harbour Post: four people were hurt, the coastguard said."}
    report = judge(load_pairs(written(tmp_path / "pairs.jsonl", RIGHT, WRONG, mislabelled)), "pairs.jsonl")
    assert report.share(right=True) == 1.0
    assert report.share(right=False) == 0.5
    assert report.share(right=False, split="check") is None
    assert report.below() == [("tuning", "stopped", 0.5)]
    text = "\n".join(report.markdown())
    assert "| changed_number | 1 of 1 |  | 1 of 1 |" in text
    assert "- wrong-2 (changed_date): Harbour Post: four people were hurt, the coastguard said. Passed." in text
    assert "wrong-2" not in "\n".join(report.markdown(misjudged=("check",)))


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([RIGHT, WRONG | {"id": "right-1"}], "line 2: the id right-1 stands in line 1 already"),
        ([RIGHT, RIGHT | {"id": "right-2"}], "line 2: right-2 says what line 1 says already"),
        ([RIGHT | {"kind": "changed_number"}], "line 1: right-1: is right and of the kind changed_number; choose one of verbatim"),
        ([RIGHT | {"kind": "nonsense"}], "line 1: kind: "),
        ([RIGHT | {"quotes": []}], "line 1: quotes: "),
        ([RIGHT | {"sentence": "  "}], "line 1: sentence: .*is blank"),
        ([RIGHT | {"extra": 1}], "line 1: extra: "),
        ([RIGHT | {"quotes": [QUOTE | {"outlet": "The Ledger"}]}], "does not name The Ledger, which it cites"),
        ([RIGHT | {"quotes": [QUOTE | {"credited": "The Ledger"}]}], "only the kind other_articles_key"),
        ([WRONG | {"kind": "other_articles_key"}], "only the kind other_articles_key"),
        ([WRONG | {"kind": "other_articles_key", "quotes": [QUOTE | {"credited": "Harbour Post"}]}], "credits a quote to its own outlet"),
        (
            [RIGHT, WRONG | {"quotes": [QUOTE | {"outlet": "Post"}], "sentence": "Post: five people were hurt, the coastguard said."}],
            "line 1 has these words as Harbour Post's",
        ),
        ([RIGHT, WRONG | {"split": "check"}], "line 1 quotes this in the split tuning; keep a quote in one split"),
    ],
)
def test_a_wrong_line_is_named_before_anything_is_judged(rows: list[dict[str, Any]], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=complaint):
        load_pairs(written(tmp_path / "pairs.jsonl", *rows))


@pytest.mark.parametrize("content", [b"", b"[1]\n", b"{\n", b"\xff\xfe"])
def test_a_broken_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(content)
    with pytest.raises(InvalidData, match=r"pairs\.jsonl"):
        load_pairs(path)


def test_the_command_ends_with_1_below_a_floor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "pairs.jsonl", RIGHT | {"sentence": "Harbour Post, citing the navy: nine people died."})
    with pytest.raises(SystemExit) as end:
        eval_group.main(["sentences", "--pairs", str(path), "--json"], standalone_mode=False)
    assert end.value.code == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["passed"] == {"tuning": 0.0, "check": None, "all": 0.0}
    assert printed["below"] == [f"tuning: passed 0.000, below {FLOORS['tuning']['passed']:.2f}"]
    assert printed["misjudged"][0]["id"] == "right-1"

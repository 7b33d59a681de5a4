"""Grammar kept beside a library: the same as the parser's, and never in the way."""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.reading import kept_grammar
from agent.reading.grammar import LONGEST, NOTHING, Grammar, NounPhrase, Token, parse
from agent.reading.kept_grammar import KeptGrammar
from vectorstore.article import Article, Field
from vectorstore.folder import GRAMMAR_KEPT
from vectorstore.library import Library
from vectorstore.readers import Read

SENTENCES = [
    "The shaken fire chief met Greta Ohlin in Varn on Friday.",
    "Norline’s six-year-old ferry, the “Brakka”, burnt for hours.",
    "Half a pair \ud83d stands here.",
    "Nobody was hurt.",
]


class Counting:
    """A parser without a model, which notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, sentences: Sequence[str]) -> tuple[Grammar, ...]:
        self.asked += sentences
        return tuple(Grammar((Token(0, len(one), one, "NOUN", "NN", "ROOT", 0),), (NounPhrase(0, 1, 0),)) for one in sentences)


def test_what_is_kept_is_what_the_parser_found(tmp_path: Path) -> None:
    found = KeptGrammar(tmp_path)(SENTENCES)
    again = Counting()
    assert found == parse(SENTENCES) == KeptGrammar(tmp_path, again)(SENTENCES)
    assert again.asked == []


def test_only_new_sentences_are_parsed(tmp_path: Path) -> None:
    KeptGrammar(tmp_path, Counting())(SENTENCES[:2])
    parser = Counting()
    found = KeptGrammar(tmp_path, parser)([SENTENCES[0], SENTENCES[3], SENTENCES[3], "", "9 " * LONGEST])
    assert parser.asked == [SENTENCES[3]]
    assert found[1] == found[2] != NOTHING
    assert found[3:] == (NOTHING, NOTHING)


def test_nothing_is_kept_without_a_folder_or_in_one_that_is_not_there(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "gone"):
        parser = Counting()
        for _ in range(2):
            assert len(KeptGrammar(folder, parser)(SENTENCES)) == len(SENTENCES)
        assert len(parser.asked) == 2 * len(SENTENCES)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    gone = tmp_path / "gone"  # as root, a folder without the right to write could still be written
    assert len(KeptGrammar(gone, Counting())(SENTENCES)) == len(SENTENCES)
    assert not gone.exists()


def test_a_file_in_use_is_passed_over(tmp_path: Path) -> None:
    KeptGrammar(tmp_path, Counting())(SENTENCES)
    with sqlite3.connect(tmp_path / GRAMMAR_KEPT) as other:
        other.execute("BEGIN EXCLUSIVE")
        parser = Counting()
        assert len(KeptGrammar(tmp_path, parser)(SENTENCES)) == len(SENTENCES)
        assert parser.asked == SENTENCES


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_gives_the_same_grammar(tmp_path: Path, seed: int) -> None:
    texts = [f"Ferry {number} left Varn at noon." for number in range(200)]
    expected = KeptGrammar(tmp_path, Counting())(texts)
    file, draw = tmp_path / GRAMMAR_KEPT, random.Random(seed)
    content = bytearray(file.read_bytes())
    if seed == 0:
        content = bytearray(b"no database at all")
    elif seed == 1:
        content = content[: len(content) // 2]
    else:
        for _ in range(seed * 20):
            content[draw.randrange(len(content))] = draw.randrange(256)
    file.write_bytes(content)
    for _ in range(2):
        assert KeptGrammar(tmp_path, Counting())(texts) == expected
    assert KeptGrammar(tmp_path, Counting())(["Another ferry left."]) == Counting()(["Another ferry left."])


def test_a_row_of_another_sentence_is_not_believed(tmp_path: Path) -> None:
    KeptGrammar(tmp_path, Counting())(SENTENCES)
    with sqlite3.connect(tmp_path / GRAMMAR_KEPT) as database:
        database.execute("UPDATE grammar SET found = (SELECT found FROM grammar WHERE number = 2) WHERE number = 1")
    parser = Counting()
    assert KeptGrammar(tmp_path, parser)(SENTENCES) == Counting()(SENTENCES)
    assert parser.asked == SENTENCES[:1]


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_grammar, "MOST", 50)
    for start in range(0, 200, 10):
        KeptGrammar(tmp_path, Counting())([f"Ferry {number} left." for number in range(start, start + 10)])
    with sqlite3.connect(tmp_path / GRAMMAR_KEPT) as database:
        assert database.execute("SELECT count(*) FROM grammar").fetchone() == (50,)
    parser = Counting()
    KeptGrammar(tmp_path, parser)(["Ferry 199 left.", "Ferry 0 left."])
    assert parser.asked == ["Ferry 0 left."]


def test_no_word_is_kept_and_a_removal_throws_it_away(tmp_path: Path) -> None:
    article = Article(" ".join(SENTENCES[::3]), outlet=Field("Varn Courier", "given", "outlet"))
    with Library.open(tmp_path, write=True) as library:
        library.ingest([Read(article, "here")])
        KeptGrammar(tmp_path)(SENTENCES)
        content = (tmp_path / GRAMMAR_KEPT).read_bytes()
        assert not [word for one in SENTENCES for word in one.split() if len(word) > 3 and word.encode("utf-8", "replace") in content]
        library.remove([library.articles()[0].article_id])
        assert not (tmp_path / GRAMMAR_KEPT).exists()


def test_the_parser_brings_no_command_line_and_keeps_nobody_from_it() -> None:
    code = (
        "import sys; from agent.reading.grammar import parse; parse(['A ferry left.']); print('weasel' in sys.modules);"
        "from spacy.cli import info; from spacy.cli.info import info as same; print(callable(info) and info is same)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]

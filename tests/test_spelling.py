"""A word that no article has, and the one that was probably meant: said, and never put in its place."""

from __future__ import annotations

from datetime import date

import pytest

from agent.asker import ask
from vectorstore.article import Article, Field
from vectorstore.library import Library
from vectorstore.spelling import near_word, one_slip

TEXT = "The trawler was seized on the Kestrel Bank on Wednesday. Tomas Ferrick, its mate, denied that any net was in the water."


def library(text: str = TEXT) -> Library:
    given = {"title": "Trawler seized", "outlet": "Harbour Post", "published": "2025-03-14"}
    return Library.in_memory([Article(text, **{name: Field(value, "given", name) for name, value in given.items()})])


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("siezed", "seized", True),
        ("ferick", "ferrick", True),
        ("ferrick", "ferick", True),
        ("trowler", "trawler", True),
        ("seize", "seized", True),
        ("seized", "seized", False),
        ("siedez", "seized", False),
        ("ab", "cd", False),
        ("", "a", True),
        ("", "", False),
    ],
)
def test_one_slip(one: str, other: str, near: bool) -> None:
    assert one_slip(one, other) is near


def test_the_word_meant_is_given_as_an_article_writes_it() -> None:
    with library() as held:
        assert near_word(held.database, "siezed") == "seized"
        assert near_word(held.database, "Ferick") == "Ferrick"
        for none in ("helicopter", "net", "", "4,500", "%&!", "\ud800\ud800\ud800\ud800\ud800", "x" * 10_000):
            assert near_word(held.database, none) is None
    with Library.in_memory([]) as empty:
        assert near_word(empty.database, "siezed") is None


def test_a_refusal_names_it_and_an_answer_does_not() -> None:
    with library() as held:
        refused = ask("When was the travler siezed?", held)
        assert refused.refused
        assert "“travler” stands in no article; did you mean “trawler”?" in refused.notes
        assert "“siezed” stands in no article; did you mean “seized”?" in refused.notes
        assert "“ferick” stands in no article; did you mean “Ferrick”?" in ask("What did Ferick say?", held).notes
        answered = ask("When was the trawler seized?", held)
        assert not answered.refused
        assert not any("did you mean" in note for note in answered.notes)


def test_what_was_published_later_is_not_given_away() -> None:
    with library() as held:
        held.look_back(date(2025, 3, 13))
        assert not any("did you mean" in note for note in ask("When was the travler siezed?", held).notes)

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.runs import RUN, candidates, in_order, runs_of, shared


def of(text: str, outlet: str | None = None) -> Article:
    return Article(text, outlet=Field(outlet, "given", "test") if outlet else UNKNOWN, given_id=Field(str(hash(text)), "given", "test"))


def test_quoted_words_are_in_no_run_of_the_articles_own() -> None:
    (runs,) = runs_of([of("One two three four five, “six seven eight nine ten eleven” twelve thirteen fourteen fifteen sixteen.")])
    assert (runs.words, len(runs.all), len(runs.own), len(runs.sequence), len(runs.quotes)) == (16, 13, 4, 10, 1)


def test_equal_words_are_equal_whatever_their_case_and_what_stands_between() -> None:
    one, two, other = runs_of([of("Fire at the port, Hald"), of("FIRE — at\n\nthe port (Hald)"), of("Fire at the port of Hald")])
    assert one.text == two.text != other.text
    assert shared(one.all, two.all) == 2
    assert shared(one.all, other.all) == 1


def test_the_order_of_words_is_a_share_of_both() -> None:
    words = np.arange(8, dtype=np.uint64)
    assert in_order(words, words) == 1.0
    assert in_order(words, words[::-1]) == 2 * 1 / 16
    assert in_order(words, words[:4]) == 2 * 4 / 12
    assert in_order(words, words[:0]) == in_order(words[:0], words[:0]) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from(list("aBÉİß9_ .,-’\n😀\u0301")), max_size=30), min_size=2, max_size=5))
def test_words_are_numbers_that_tell_them_apart(texts: list[str]) -> None:
    """Against the plain way: single letters made small, words split by a pattern."""

    def plain(text: str) -> list[str]:
        text = "".join(low if len(low := character.lower()) == 1 else character for character in text)
        return re.findall(r"\w+", text.replace("😀", " "))

    read = runs_of([of(text) for text in texts])
    for text, runs in zip(texts, read, strict=True):
        assert runs.words == len(plain(text))
        assert len(runs.all) == len({tuple(plain(text)[place : place + RUN]) for place in range(len(plain(text)) - RUN + 1)})
    for one, first in zip(texts, read, strict=True):
        for two, second in zip(texts, read, strict=True):
            assert (plain(one) == plain(two)) == (first.text == second.text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sets(st.integers(0, 60), max_size=40), max_size=12))
def test_candidates_are_all_pairs_that_share_enough(sets: list[set[int]]) -> None:
    runs = [np.array(sorted(held), np.uint64) for held in sets]
    found = set(candidates(runs))
    for first in range(len(sets)):
        for second in range(first + 1, len(sets)):
            both = len(sets[first] & sets[second])
            enough = both >= max(3, 0.06 * min(len(sets[first]), len(sets[second])))
            assert ((first, second) in found) == enough

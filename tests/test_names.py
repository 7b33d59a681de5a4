from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.reading.names import name_spans, names_in


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Greenpeace say about Varnholm?", ["Greenpeace", "Varnholm"]),
        ("When will the Varnholm bridge open, and who says so?", ["Varnholm"]),
        ("Did NATO deny it?", ["NATO"]),
        ("Greenpeace says what?", ["Greenpeace"]),
        ("Is the Bank of Norland safe?", ["Bank of Norland"]),
        ("Compare Harbour Post and Varn Courier", ["Harbour Post", "Varn Courier"]),
        ("How many ships sank in March?", []),
        ("what did nobody say", []),
        ("Who is Ursula von der Heide?", ["Ursula von der Heide"]),
        ("", []),
    ],
)
def test_names_of_a_question(question: str, names: list[str]) -> None:
    assert names_in(question) == names


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Protesters gathered in Lund.", ["Lund"]),
        ("Secretary of State Anna Berg met President Omar al-Fadil.", ["Anna Berg", "Omar al-Fadil"]),
        ("US Trade Secretary Ines Moro left.", ["US", "Ines Moro"]),
        ("The Ministry of Transport's report came on Monday.", ["Ministry of Transport"]),
        ("Police said the Fire Brigades Union was there.", ["Fire Brigades Union"]),
        ("Mr. Smith-Jones and J. Edgar Holm went to St. Louis.", ["Smith-Jones", "J. Edgar Holm", "St. Louis"]),
        ("The soldiers cleared Tolmin of Orsha fighters.", ["Tolmin", "Orsha"]),
        ("Skipper Henrik Dahl spoke to Brussels.", ["Henrik Dahl", "Brussels"]),
        ("Rocks, bolts and bottles flew.", []),
        ("“It starts,” Moro said. “We go.”", ["Moro"]),
    ],
)
def test_names_of_a_sentence(sentence: str, names: list[str]) -> None:
    assert names_in(sentence) == names


def test_the_rest_of_the_text_decides_about_a_first_word() -> None:
    assert "Fires" not in names_in("Fires burned. Two fires were out by noon.")
    assert "Moro" in names_in("Moro left early. Later Moro came back.")


def test_capitals_of_a_headline_prove_nothing() -> None:
    assert "Ferry" not in names_in("Fire Shuts Old Ferry Terminal At Night\n\nThe old ferry terminal had a fire.")


def test_a_name_is_given_once() -> None:
    assert names_in("Berg met Berg in Lund, and Lund met Berg.") == ["Berg", "Lund"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=150) | st.text(alphabet="AbC dE.,’'-\n“”", max_size=150))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    spans = name_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert names_in(text) == list(dict.fromkeys(text[span.start : span.end] for span in spans))


def test_a_and_i_are_middle_initials_between_two_names() -> None:
    assert names_in("Speaker Ola A. Holm spoke, and then Ida I. Brandt did.") == ["Ola A. Holm", "Ida I. Brandt"]
    assert names_in("He took plan A. Holm agreed.") == ["Holm"]

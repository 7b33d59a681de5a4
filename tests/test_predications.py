"""Who does what to whom: the same ties for one thing said in several ways, and for text that is no sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.checking.alignment import frames_of
from agent.checking.roles import changed_roles, moved_objects
from agent.checking.told import dropped_speaker
from agent.evidence import Citation, Evidence, Ledger, Reported, gate
from agent.reading.grammar import parse
from agent.reading.predications import COUNTS, DOES, DONE_TO, IS, predications
from vectorstore.article import Article, Field


def ties(text: str) -> set[tuple[str, str, str]]:
    (grammar,) = parse([text])
    read = predications(text, grammar)
    words = grammar.tokens
    return {(words[tie.head].lower, tie.relation, words[tie.other].lower) for tie in read.ties}


@pytest.mark.parametrize(
    "text",
    [
        "The court fined the landlord.",
        "The landlord was fined by the court.",
        "The court, which fined the landlord, adjourned.",
        "The court met and fined the landlord.",
        "The landlord fined by the court left.",
    ],
)
def test_active_and_passive_have_the_same_ties(text: str) -> None:
    assert {("fined", DOES, "court"), ("fined", DONE_TO, "landlord")} <= ties(text)


def test_a_name_and_its_title_are_one() -> None:
    text = "Ada Holm, the mayor, resigned."
    (grammar,) = parse([text])
    read = predications(text, grammar)
    assert ("holm", IS, "mayor") in ties(text)
    assert {grammar.tokens[one].lower for one in read.named(1)} == {"ada", "holm", "mayor"}


def test_a_number_counts_its_noun_and_a_score_counts_nothing() -> None:
    assert ("boats", COUNTS, "five") in ties("Twenty-five boats blocked the harbour.")
    assert not any(relation == COUNTS for _, relation, _ in ties("Hollin earned a 2-2 draw."))


@pytest.mark.parametrize("text", ["", " ", "...", "; ; ;", "a" * 5_000, "who which that", "\ud800 fined \x00 him", "and " * 300])
def test_what_is_no_sentence_has_ties_or_none(text: str) -> None:
    assert isinstance(frames_of(text), tuple)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_can_be_held_against_each_other(said: str, quoted: str) -> None:
    mine, theirs = frames_of(said), frames_of(quoted)
    assert isinstance([*changed_roles(mine, theirs), *moved_objects(mine, theirs), *dropped_speaker(said, mine, theirs)], list)


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("The landlord was fined by the court.", "The court fined the landlord."),
        ("The museum got its mask back.", "The museum's mask was returned."),
        ("The bridge closed on Monday.", "The council closed the bridge on Monday."),
        ("Ada Holm opened the school.", "The mayor, Ada Holm, opened the school."),
        ("Officers seized the tobacco.", "The tobacco, which officers seized, was burnt."),
        ("The inspectors found two leaks.", "Two leaks were found by the inspectors."),
    ],
)
def test_what_is_told_in_another_form_keeps_its_roles(said: str, quoted: str) -> None:
    assert [*changed_roles(frames_of(said), frames_of(quoted)), *moved_objects(frames_of(said), frames_of(quoted))] == []


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("The champion beat the student.", "The student beat the champion."),
        ("The shipowner was acquitted by the court.", "The court acquitted the skipper and fined the shipowner."),
        ("The villagers returned the masks to the museum.", "The museum returned the masks to the villagers."),
        ("The finance ministry opposed the plan.", "The interior ministry opposed the plan, and the finance ministry paid."),
        ("The drug worked in children.", "The drug worked in adults; it was never tested with children."),
    ],
)
def test_another_doer_or_place_is_named(said: str, quoted: str) -> None:
    assert [*changed_roles(frames_of(said), frames_of(quoted)), *moved_objects(frames_of(said), frames_of(quoted))]


def test_a_gate_of_many_sentences_says_what_it_says_of_each() -> None:
    article = Article("The student beat the champion. The council closed the bridge.", outlet=Field("Harbour Post", "given", "outlet"))
    ledger = Ledger()
    (shown,) = ledger.show([Evidence(article, 0, len(article.text))])
    quote = (Citation.of(shown, 0, len(article.text)),)
    texts = ["The champion was beaten by the student.", "The champion beat the student.", "The bridge was closed by the council."]
    passed, dropped = gate([Reported(text, quote) for text in texts], ledger, ["Harbour Post"])
    assert [one.text for one in passed] == [texts[0], texts[2]]
    assert [one.text for one in dropped] == [texts[1]]

"""What outlets call the same person or thing."""

from __future__ import annotations

from agent.comparing.claims import Comparison, compare
from agent.comparing.naming import Naming, naming
from agent.reading.read import read
from vectorstore.article import Article, Field
from vectorstore.minilm import MiniLM

POST = (
    "Norline will shut the ferry terminal of Varn for three weeks after the fire, the port office said on Friday. "
    "The operator blamed the shaky wiring of the customs hall for the fire that shut the terminal of Varn. "
    "Travellers wept as the old customs hall of Varn burnt on Friday night."
)
COURIER = (
    "After the fire Norline will shut the Varn ferry terminal for three weeks, according to the port office. "
    "The fire that shut the terminal of Varn was put down by the operator to the faulty wiring of the customs hall. "
    "People watched on Friday night as the old customs hall of Varn burnt."
)


def compared(minilm: MiniLM, **texts: str) -> Comparison:
    articles = [Article(text, outlet=Field(outlet, "given", "outlet")) for outlet, text in texts.items()]
    return compare([read(article) for article in articles], minilm.embed, minilm.states)


def of_kind(comparison: Comparison, kind: str) -> list[Naming]:
    return [one for one in naming(comparison) if one.kind == kind]


def words(found: list[Naming]) -> list[set[str]]:
    return [{label.text for label in one.labels} for one in found]


def test_phrases_that_stand_for_one_thing(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST, Courier=COURIER)
    assert {"shaky wiring", "faulty wiring"} in words(of_kind(comparison, "phrase"))
    for one in of_kind(comparison, "phrase"):
        for label in one.labels:
            text = next(reading.article.text for reading in comparison.readings if reading.article.article_id == label.article_id)
            assert text[label.span.start : label.span.end] == label.text


def test_every_mention_of_a_phrase_is_listed(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST + " The shaky wiring was laid in autumn.", Courier=COURIER)
    (found,) = [one for one in of_kind(comparison, "phrase") if "shaky wiring" in {label.text for label in one.labels}]
    assert [label.text for label in found.labels].count("shaky wiring") == 2


def test_an_article_that_has_both_phrases_makes_no_choice_between_them(minilm: MiniLM) -> None:
    both = COURIER + " The shaky wiring and the faulty wiring had been seen in January."
    assert not [one for one in words(of_kind(compared(minilm, Post=POST, Courier=both), "phrase")) if "shaky wiring" in one]


def test_words_somebody_else_is_quoted_with_are_not_the_outlets(minilm: MiniLM) -> None:
    quoted = COURIER.replace("the faulty wiring of the customs hall", "“the faulty wiring of the customs hall”")
    assert not [one for one in words(of_kind(compared(minilm, Post=POST, Courier=quoted), "phrase")) if "faulty wiring" in one]


def test_without_vectors_of_tokens_there_are_no_phrases(minilm: MiniLM) -> None:
    comparison = compare([read(Article(POST)), read(Article(COURIER))], minilm.embed)
    assert not of_kind(comparison, "phrase")


def test_offices_names_and_appositions_describe_a_person(minilm: MiniLM) -> None:
    first = "Free Varn host Ida Moll told reporters that the roof of the Varn terminal fell."
    second = "The roof of the Varn terminal fell, said Ida Moll, the hero of the harbour."
    third = "The loudest voice in the harbour, Captain Ida Moll, said that the roof of the Varn terminal fell."
    (found,) = of_kind(compared(minilm, Post=first, Courier=second, Ledger=third.replace("voice", "critic")), "person")
    assert words([found]) == [{"Free Varn host", "the hero of the harbour", "The loudest critic in the harbour"}]


def test_an_office_with_and_without_the_place_is_no_other_description(minilm: MiniLM) -> None:
    first = "The roof of the Varn terminal fell, harbour captain Ida Moll said on the quay."
    second = "The roof of the terminal fell, said the Varn harbour captain Ida Moll on the quay."
    assert not of_kind(compared(minilm, Post=first, Courier=second), "person")


def test_a_place_set_off_by_commas_is_no_person(minilm: MiniLM) -> None:
    first = "The storm reached Port Varn, the capital of the coast, on Friday."
    second = "The storm reached Port Varn, a town of fishing boats, on Friday."
    assert not of_kind(compared(minilm, Post=first, Courier=second), "person")

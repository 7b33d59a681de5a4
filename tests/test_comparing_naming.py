"""What outlets call the same person or thing."""

from __future__ import annotations

from typing import NoReturn

import pytest

from agent.comparing.claims import Comparison, compare
from agent.comparing.epithets import differ, telling
from agent.comparing.naming import Naming, marked, naming
from agent.reading.grammar import parse
from agent.reading.kept_grammar import Parse
from agent.reading.read import read
from vectorstore.article import Article, Field
from vectorstore.minilm import MiniLM
from vectorstore.model_files import ModelAltered, ModelMissing

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
BEFORE = "The mayor had used campaign money for a ferry before, the court heard."


def compared(minilm: MiniLM, parser: Parse = parse, **texts: str) -> Comparison:
    articles = [Article(text, outlet=Field(outlet, "given", "outlet")) for outlet, text in texts.items()]
    return compare([read(article) for article in articles], minilm.embed, minilm.states, parser=parser)


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


def test_an_article_that_has_both_phrases_is_shown_with_both(minilm: MiniLM) -> None:
    both = COURIER + " The shaky wiring and the faulty wiring had been seen in January."
    (found,) = [one for one in of_kind(compared(minilm, Post=POST, Courier=both), "phrase") if "shaky wiring" in words([one])[0]]
    assert {label.text for label in found.labels if label.outlet == "Courier"} == {"shaky wiring", "faulty wiring"}


def test_an_outlet_that_has_words_of_its_own_for_one_thing_makes_no_choice_between_the_two(minilm: MiniLM) -> None:
    first = "The crew of the ferry wrote to the port office of Varn about the shady attorney on Friday, the captain said."
    second = first.replace("shady attorney", "crooked lawyer")
    apart = second + " A shady figure had sent an attorney from the coast."
    assert {"shady attorney", "crooked lawyer"} in words(of_kind(compared(minilm, Post=first, Courier=second), "phrase"))
    assert not of_kind(compared(minilm, Post=first, Courier=apart), "phrase")


@pytest.mark.parametrize(
    ("post", "courier", "pair"),
    [
        # A word that both have too is no likelier counterpart of either's own word.
        (
            "The mayor has used campaign funds for a ferry, the court of Varn heard on Friday. " + BEFORE,
            "The mayor has used campaign cash for a ferry, the court of Varn heard on Friday. " + BEFORE,
            {"campaign funds", "campaign cash"},
        ),
        (
            "The port office will help undocumented dockers, it said in Varn on Friday.",
            "The port office will help dockers living in the town illegally, it said in Varn on Friday.",
            {"undocumented dockers", "dockers living in the town illegally"},
        ),
        (
            "The harbour master left an angry voicemail message for the mayor of Varn on Friday.",
            "The harbour master left a furious voicemail for the mayor of Varn on Friday.",
            {"angry voicemail message", "furious voicemail"},
        ),
    ],
)
def test_what_may_stand_for_one_thing(minilm: MiniLM, post: str, courier: str, pair: set[str]) -> None:
    assert pair in words(of_kind(compared(minilm, Post=post, Courier=courier), "phrase"))


def test_people_and_a_place_are_not_two_words_for_one(minilm: MiniLM) -> None:
    post = "The mayor of Varn was brought before a federal courtroom on Friday over the ferry, his wife said."
    courier = "The mayor of Varn was brought before federal prosecutors on Friday over the ferry, his wife said."
    assert words(of_kind(compared(minilm, Post=post, Courier=courier), "phrase")) == []


def test_what_the_list_of_choices_has_is_not_said_twice(minilm: MiniLM) -> None:
    first = "The crew of the ferry wrote to the port office of Varn about the massive explosion on Friday, the captain said."
    found = naming(compared(minilm, Post=first, Courier=first.replace("massive explosion", "huge blast")))
    assert [one.kind for one in found] == ["choice"]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("state taxes", "federal taxes"), ("male nurses", "female nurses"), ("the former mayor", "the current mayor")],
)
def test_words_that_tell_two_things_apart_are_no_two_words_for_one(minilm: MiniLM, mine: str, theirs: str) -> None:
    text = "The council of Varn will look again at {} before the harbour vote on Friday, the clerk said."
    assert not of_kind(compared(minilm, Post=text.format(mine), Courier=text.format(theirs)), "phrase")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("additional talks", "separate talks"), ("larger ferries", "major ferries"), ("first hearing", "first ruling")],
)
def test_words_that_only_sort_are_no_two_names_for_one(minilm: MiniLM, mine: str, theirs: str) -> None:
    text = "The council of Varn will look again at the {} before the harbour vote on Friday, the clerk said."
    assert not of_kind(compared(minilm, Post=text.format(mine), Courier=text.format(theirs)), "phrase")


@pytest.mark.parametrize(
    ("mine", "theirs", "apart"),
    [
        ("former Lissen GOP chairman", "former Republican chairman in Lissen", False),
        ("Norline CEO", "the company’s chief executive", False),
        ("the embattled governor of Torvany", "Torvany Gov.", False),
        ("the embattled governor of Torvany", "the popular Torvany Gov.", True),
        ("House Speaker", "an outspoken critic of the mayor", True),
    ],
)
def test_descriptions_that_differ_by_house_style_are_the_same(mine: str, theirs: str, apart: bool) -> None:
    assert differ({0: [telling(mine)], 1: [telling(theirs)]}) == apart


def test_two_names_are_two_things(minilm: MiniLM) -> None:
    text = "The volunteers of the {} campaign handed out leaflets at the harbour of Varn on Friday morning."
    assert not of_kind(compared(minilm, Post=text.format("Moll"), Courier=text.format("Ohlin")), "phrase")


def test_what_is_somebodys_is_held_against_what_is_the_same_persons(minilm: MiniLM) -> None:
    first = "Captain Ida Moll defended her harsh remarks about the pilots of Varn on Friday."
    second = "Captain Ida Moll stood by her bitter words about the pilots of Varn on Friday."
    other = "Captain Ida Moll stood by his bitter words about the pilots of Varn on Friday."
    assert {"harsh remarks", "bitter words"} in words(of_kind(compared(minilm, Post=first, Courier=second), "phrase"))
    shown = of_kind(compared(minilm, Post=first + " The pilots like bitter words.", Courier=other), "phrase")
    assert not [one for one in words(shown) if "harsh remarks" in one]


def test_a_mother_and_a_father_are_not_two_words_for_one(minilm: MiniLM) -> None:
    first = "The missing pilot was last seen with his worried father at the harbour of Varn on Friday."
    second = "The missing pilot was last seen with his worried mother at the harbour of Varn on Friday."
    assert not of_kind(compared(minilm, Post=first, Courier=second), "phrase")


def test_words_somebody_else_is_quoted_with_are_not_the_outlets(minilm: MiniLM) -> None:
    quoted = COURIER.replace("the faulty wiring of the customs hall", "“the faulty wiring of the customs hall”")
    assert not [one for one in words(of_kind(compared(minilm, Post=POST, Courier=quoted), "phrase")) if "faulty wiring" in one]


def test_without_vectors_of_tokens_there_are_no_phrases(minilm: MiniLM) -> None:
    comparison = compare([read(Article(POST)), read(Article(COURIER))], minilm.embed)
    assert not of_kind(comparison, "phrase")


def test_without_the_parsers_files_nothing_is_said_of_naming(minilm: MiniLM) -> None:
    def missing(_: object) -> NoReturn:
        raise ModelMissing("not installed")

    comparison = compared(minilm, missing, Post=POST, Courier=COURIER)
    assert comparison.links
    assert naming(comparison) == []


def test_an_altered_parser_stops_the_comparison(minilm: MiniLM) -> None:
    def altered(_: object) -> NoReturn:
        raise ModelAltered("not the one")

    with pytest.raises(ModelAltered):
        compared(minilm, altered, Post=POST, Courier=COURIER)


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


def test_both_descriptions_and_what_is_joined_by_and_are_kept_whole(minilm: MiniLM) -> None:
    first = (
        "Ida Moll, a former mayor of Port Varn and captain of the harbour watch, opened the quay. "
        "The defiant Ida Moll, a critic of the pilots, left early."
    )
    second = "The harbour master Ida Moll opened the quay of Varn on Friday."
    (found,) = of_kind(compared(minilm, Post=first, Courier=second), "person")
    assert "a former mayor of Port Varn and captain of the harbour watch" in words([found])[0]
    assert "The harbour master" in words([found])[0]


def test_a_description_is_not_cut_at_a_hyphen(minilm: MiniLM) -> None:
    first = "Ida Moll, a co-founder of the harbour watch, opened the quay of Varn."
    second = "The defiant harbour pilot Ida Moll opened the quay of Varn."
    (found,) = of_kind(compared(minilm, Post=first, Courier=second), "person")
    assert "a co-founder of the harbour watch" in words([found])[0]


def test_a_thing_with_a_name_is_no_person(minilm: MiniLM) -> None:
    first = "A faster Port Varn sailed on Friday, the port office said."
    second = "A better Port Varn sailed on Friday, the port office said."
    assert not of_kind(compared(minilm, Post=first, Courier=second), "person")


def test_a_noun_that_an_article_has_in_many_kinds_is_not_one_thing(minilm: MiniLM) -> None:
    first = "The port office of Varn raised the yearly harbour fees on Friday, the clerk said."
    second = "The port office of Varn raised the hated harbour fees on Friday, the clerk said."
    many = second + " Towing fees, mooring fees and pilot fees stayed as they were."
    assert {"yearly harbour fees", "hated harbour fees"} in words(of_kind(compared(minilm, Post=first, Courier=second), "phrase"))
    assert not of_kind(compared(minilm, Post=first, Courier=many), "phrase")


def test_two_people_of_one_family_are_not_mixed(minilm: MiniLM) -> None:
    first = "The rich banker Ida Moll and the fire chief Olav Moll met in Varn. Moll, a friend of the sea, left early."
    second = "The cautious lender Ida Moll and the brigade commander Olav Moll met in Varn."
    found = {one.subject: words([one])[0] for one in of_kind(compared(minilm, Post=first, Courier=second), "person")}
    assert found == {"Ida Moll": {"The rich banker", "The cautious lender"}, "Olav Moll": {"the fire chief", "the brigade commander"}}


@pytest.mark.parametrize(
    "said",
    [
        "“The worst captain Ida Moll” was what the pilots called her.",  # somebody's words
        "His wife, Ida Moll, opened the quay.",  # whose?
        "Ida Moll was not a critic of the pilots.",
        "The captains Ida Moll and Olav Holm opened the quay.",  # two people
        "Mr. Moll, Ida Moll, opened the quay.",
        "Captain Ida Moll opened the quay.",  # an office alone
        "Ida Moll, 59, opened the quay.",
        "Ida Moll, a letter in her hand, opened the quay.",
    ],
)
def test_what_describes_nobody(minilm: MiniLM, said: str) -> None:
    other = "The loudest critic in the harbour, Ida Moll, opened the quay."
    assert not of_kind(compared(minilm, Post=said, Courier=other), "person")


def test_a_word_of_a_list_counts_where_it_is_the_noun(minilm: MiniLM) -> None:
    first = "Riot police drove protesters from the gate of the Varn terminal on Friday, the port office said."
    second = "Riot police drove a mob from the gate of the Varn terminal on Friday, the port office said."
    (found,) = of_kind(compared(minilm, Post=first, Courier=second), "choice")
    assert words([found]) == [{"protesters", "a mob"}]


def test_scare_quotes_are_told_where_another_outlet_uses_the_words_plainly(minilm: MiniLM) -> None:
    first = "The port office met the “activists” at the gate of the Varn terminal on Friday."
    second = "The port office met activists at the gate of the Varn terminal on Friday."
    (found,) = marked(compared(minilm, Post=first, Courier=second))
    assert [label.text for label in found.marked] == ["“activists”"]
    assert [label.outlet for label in found.plain] == ["Courier"]
    assert marked(compared(minilm, Post=first, Courier=first)) == []
    assert marked(compared(minilm, Post=first, Courier=second.replace("activists", "dockers"))) == []

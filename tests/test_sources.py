"""What kind of source somebody is by an article's words, and what a cue adds to "said"."""

from __future__ import annotations

import pytest

from agent.comparing.people import names_a_source
from agent.reading import Attribution
from agent.reading.force import force_of
from agent.reading.placement import placement_of
from agent.reading.read import read
from agent.reading.sources import source_type, type_of
from agent.reading.vivid import vivid_words
from vectorstore.article import Article, Field


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("the interior minister of Torvany", "official"),
        ("a senior official", "official"),
        ("Hald’s harbour master", "official"),
        ("a spokesman for the coal company", "company"),
        ("a company official", "company"),
        ("the port’s fire chief", "police or rescue"),
        ("officers of the coastguard", "police or rescue"),
        ("General Ivo Brand", "military"),
        ("the army", "military"),
        ("a doctor at Hald General hospital", "expert"),
        ("the attorney general", "official"),
        ("Treasury Secretary Ida Moll", "official"),
        ("the Harbour Club’s General Secretary", "unknown"),
        ("a professor at the police academy", "expert"),
        ("a government scientist", "expert"),
        ("leader of the Upper Orm Miners’ Union", "NGO or union"),
        ("one union official", "NGO or union"),
        ("a senate candidate", "party or campaign"),
        ("a witness", "eyewitness"),
        ("Ines Varo, who lives by the quay", "eyewitness"),
        ("the mayor’s brother", "private person"),
        ("Mia Roth, 22, a student at the University of Lissen", "private person"),
        ("a letter", "document"),
        ("the police report", "document"),
        ("people familiar with the talks", "anonymous"),
        ("two sources", "anonymous"),
        ("an officer who asked not to be named", "anonymous"),
        ("the Varn Gazette", "other media"),
        ("Anna Berg", "unknown"),
        ("president of the Harbour Club", "unknown"),
        ("", "unknown"),
    ],
)
def test_words_tell_the_type(words: str, kind: str) -> None:
    assert source_type(words) == kind


@pytest.mark.parametrize(
    "words",
    [
        "Ida Moll",
        "the harbour master",
        "several aides",
        "one of the letters",
        "a number of officials",
        "those familiar with the talks",
        "the latest annual trustees' report",
        "that coach",
        "the two men",
        "businesses",
        "an internal ethics committee",
        "the blog post",
        "police",
    ],
)
def test_persons_bodies_documents_and_people_without_a_name_are_sources(words: str) -> None:
    assert names_a_source(words)


@pytest.mark.parametrize(
    "words",
    [
        "The new ones",
        "which Moll",
        "that",
        "many",
        "he",
        "the energy of a patient father",
        "word of Norline",
        "R-Torvany",
        "Except",
        "the storm",
        "",
    ],
)
def test_what_is_nobody_is_no_source(words: str) -> None:
    assert not names_a_source(words)


def test_an_outlet_that_is_held_is_other_media() -> None:
    assert source_type("Pellwire") == "unknown"
    assert source_type("Pellwire", ["Pellwire"]) == "other media"


@pytest.mark.parametrize("words", ["1," * 3_000 + "1", "(" * 10_000, "a, " * 5_000 + "minister"])
def test_a_description_without_end_is_none(words: str) -> None:
    assert source_type(words) == "unknown"


def test_a_press_that_somebody_speaks_to_does_not_make_him_press() -> None:
    assert source_type("Leo Marant told the Tribune", ["Tribune"]) == "unknown"


TEXT = (
    "A ferry ran aground off Varn on Friday. “We felt a blow,” said Ida Moll, captain of the coastguard ship Stannard. "
    "The operator admitted that the radar was old. Moll denied that anybody had been asleep. "
    "A passenger, Per Aldo, said that the lights went out."
)


def attributions() -> dict[str, Attribution]:
    found = {}
    for sentence in read(Article(TEXT)).sentences:
        for one in sentence.attributions:
            found[TEXT[slice(*one.cue)]] = one
    return found


def test_the_type_is_read_from_what_stands_beside_the_name() -> None:
    cues = attributions()
    assert type_of(TEXT, cues["denied"]) == "police or rescue"
    assert type_of(TEXT, cues["admitted"]) == "company"


def test_a_cue_says_more_than_said_or_no_more() -> None:
    cues = attributions()
    assert {cue: force_of(TEXT, one) for cue, one in cues.items()} == {"said": "said", "admitted": "admitted", "denied": "denied"}


def test_a_place_in_the_article() -> None:
    text = "The terminal of Varn burned down.\n\nNobody was hurt.\n\nThe port office closed the quay for a week."
    reading = read(Article(text, title=Field("Varn terminal burned down", "given", "title")))
    first, last = reading.sentences[0].span, reading.sentences[-1].span
    assert placement_of(reading, (first,)).part == "headline"
    place = placement_of(reading, (last,))
    assert (place.part, place.paragraph, place.paragraphs) == ("body", 3, 3)
    assert place.before > 40
    assert placement_of(read(Article(text)), (first,)).part == "lede"


def test_a_headline_with_another_figure_does_not_hold_the_sentence() -> None:
    text = "Moll released the harbour accounts of 1977.\n\nNobody read them on Monday."
    (first, _) = (sentence.span for sentence in read(Article(text)).sentences)
    with_year = Article(text, title=Field("Moll releases harbour accounts of 2007", "given", "title"))
    assert placement_of(read(with_year), (first,)).part == "lede"
    assert (
        placement_of(read(Article(text, title=Field("Moll releases harbour accounts of 1977", "given", "title"))), (first,)).part
        == "headline"
    )


def test_a_placement_needs_a_sentence() -> None:
    with pytest.raises(ValueError, match="at least one"):
        placement_of(read(Article("Nothing.")), ())


def test_words_to_look_at_are_the_article_s_own() -> None:
    text = (
        "The mob went berserk, police said. “It was a brutal regime,” said Ida Moll. The so-called harbour reform was sharply criticised."
    )
    found = [text[slice(*span)] for sentence in read(Article(text)).sentences for span in vivid_words(sentence)]
    assert found == ["mob", "so-called", "sharply"]

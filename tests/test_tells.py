"""What a question asks for (how long, where, how old, how many, which outlet first), and whether a sentence tells it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.asker import Answer, ask
from agent.question import Question, read_question
from agent.reading.read import read
from agent.tells import gives_reason, tells_age, tells_place, tells_span
from agent.wording import computed
from vectorstore.article import Article, Field
from vectorstore.library import Library
from vectorstore.outlets import HeldOutlets


def article(outlet: str, title: str, text: str, published: str | None = "2025-03-14") -> Article:
    day = Field(published, "given", "date") if published else Field()
    return Article(text, title=Field(title, "given", "title"), outlet=Field(outlet, "given", "outlet"), published=day)


def asked(question: str, *outlets: str) -> Question:
    return read_question(question, HeldOutlets.of(dict.fromkeys(outlets, 1)))


def told(tells: Callable[..., bool], question: str, text: str) -> bool:
    return tells(asked(question), read(Article(text)).sentences[0])


def answer(question: str, *articles: Article) -> Answer:
    with Library.in_memory(list(articles)) as library:
        return ask(question, library)


def words(found: Answer) -> str:
    return "\n".join(statement.text for statement in found.statements)


@pytest.mark.parametrize(
    "text",
    [
        "The strike went on for five hours before the port reopened.",
        "The whole strike lasted about 50 minutes.",
        "A two-week strike ended.",
        "The strike has kept the port shut since Monday, 24 March.",
        "They struck until the owner gave in.",
        "The strike took half an hour.",
    ],
)
def test_a_length_of_time_or_its_end_tells_how_long(text: str) -> None:
    assert told(tells_span, "How long did the strike last?", text)


@pytest.mark.parametrize(
    "text",
    [
        "The strike began five hours before the last call.",
        "The strike began two weeks ago.",
        "A child of six, three years old at the last strike, watched.",
        "The strike cost 50 crowns a day.",
        "A banner 40 metres long hung over the strike.",
    ],
)
def test_a_point_of_time_an_age_or_a_price_does_not_tell_how_long(text: str) -> None:
    assert not told(tells_span, "How long did the strike last?", text)


def test_how_long_a_thing_is_may_be_told_in_metres() -> None:
    assert told(tells_span, "How long is the bridge?", "The bridge is 400 metres long.")
    assert not told(tells_span, "How long is the bridge?", "The bridge is 40 metres high.")


def test_a_named_place_tells_where_only_beside_what_is_asked_about() -> None:
    where = "Where did the explosion happen?"
    assert told(tells_place, where, "An explosion tore through a silo in the port of Varn on Thursday.")
    assert not told(tells_place, where, "The explosion was heard on Thursday.")
    assert not told(tells_place, where, "Windows broke up to a mile away, and people inland had heard the explosion.")
    far = "In the hall of the Salt Street school, where many of them spent the night on mats, she took the explosion for a ship."
    assert not told(tells_place, where, far)
    assert not told(tells_place, where, "The explosion was shown at Varn’s museum.")


def test_an_age_stands_beside_a_name_or_in_words() -> None:
    for text in ("Ida Brandt, 29, was hurt.", "A 9-year-old girl was hurt.", "A boy aged 16 was hurt.", "Ida Brandt is 31."):
        assert told(tells_age, "How old is Ida Brandt?", text)
    assert not told(tells_age, "How old is Ida Brandt?", "Ida Brandt was hurt by 29 bricks.")


def test_what_a_strike_is_about_is_its_reason() -> None:
    why = "Why did the dockers strike?"
    assert told(gives_reason, why, "Dockers walked out and barred the way to the quay on March 25 in a dispute over pay and bonuses.")
    assert told(gives_reason, why, "The strike is about pay.")
    assert not told(gives_reason, why, "The report is about bridges, and the dockers read it.")


def test_words_that_only_shape_a_question_are_none_to_find() -> None:
    assert asked("How long did the strike last?").terms == asked("The strike?").terms
    assert asked("How old is the purser?").terms == asked("The purser?").terms
    assert "last" in asked("What happened on the last day?").terms
    assert asked("how long?").terms  # nothing else is left


def test_how_long_is_answered_in_an_article_that_never_says_long() -> None:
    text = "Dockers in Varn went back to work on Friday. The strike had shut the quay for nine days, the port said."
    found = answer("How long did the strike last?", article("Harbour Post", "Strike at the quay ends", text))
    assert "for nine days" in words(found)


def test_that_no_sentence_tells_what_is_asked_for_is_said() -> None:
    text = "The pilot Ulla Berg was dismissed by the port. The port named nobody in her place."
    dull = article("Harbour Post", "Pilot Ulla Berg dismissed", text)
    with Library.in_memory([dull]) as library:
        for question, said in (
            ("When was the pilot Ulla Berg dismissed?", "says when"),
            ("Where was the pilot Ulla Berg dismissed?", "names the place"),
            ("How old is the pilot Ulla Berg?", "gives an age"),
            ("How much was the pilot Ulla Berg paid by the port?", "gives a number"),
        ):
            found = ask(question, library)
            assert found.refused or f"No sentence found {said}; these come nearest." in words(found), question


def test_what_is_measured_does_not_answer_how_many() -> None:
    one = article("Harbour Post", "Trawler seized", "The 24-metre trawler Ida was seized with nine men aboard the trawler.")
    two = article("Varn Courier", "Trawler seized", "The trawler Ida was seized, with 9 percent of the catch aboard the trawler.")
    found = words(answer("How many were aboard the trawler Ida?", one, two))
    assert "24-metre" not in found.split("Harbour Post")[0]
    assert "The outlets differ" not in found


def test_a_sentence_that_alone_has_a_word_of_the_question_is_quoted_too() -> None:
    text = (
        "An explosion tore through the mill at Varn on Thursday, and people for miles heard the explosion. The explosion broke windows.\n\n"
        "The cause was not known."
    )
    found = answer("What does the Harbour Post say about the cause of the explosion?", article("Harbour Post", "Mill at Varn", text))
    assert "The cause was not known." in words(found)


FIRE = "Eleven people were hurt when the ferry terminal at Varn burned down, the hospital said."


def test_which_outlet_was_first_is_told_by_the_times_of_publication() -> None:
    found = answer(
        "Which outlet first reported the fire at the ferry terminal?",
        article("Varn Courier", "Ferry terminal burns", FIRE, "2025-03-15"),
        article("Harbour Post", "Fire at the ferry terminal", "A fire shut the ferry terminal at Varn.", "2025-03-14T09:10:00+00:00"),
        article("Orm Weekly", "Fire again", "The fire at the ferry terminal was the third.", None),
    )
    assert found.statements[0].text == (
        "First among the articles found here: Harbour Post (2025-03-14 09:10); then Varn Courier (2025-03-15); undated: Orm Weekly."
    )
    assert "First among" not in words(answer("Which outlet first reported the fire?", article("Harbour Post", "Fire", FIRE)))
    assert "First among" not in words(answer("Which outlet first reported the eclipse?", article("Harbour Post", "Fire", FIRE)))


def test_two_articles_of_one_day_are_in_no_order_unless_both_have_a_time() -> None:
    given = (("Harbour Post", "2025-03-14"), ("Varn Courier", "2025-03-14 09:10"), ("Metro", "2025-03-15"))
    assert computed("printed_first", *given).text == (
        "First among the articles found here: Harbour Post and Varn Courier (2025-03-14, in which order is not known); "
        "then Metro (2025-03-15)."
    )
    assert computed("printed_first", ("Metro", "")).text == "No article found here that has it is dated; undated: Metro."


def test_an_outlet_is_meant_by_its_last_word_where_one_speaks_also_in_small_letters() -> None:
    held = ("Varn Evening Flash", "The New York Times", "Harbour Post")
    assert asked("what did the flash say about the mayor", *held).outlets == ("Varn Evening Flash",)
    assert asked("What did the Flash report on Monday?", *held).outlets == ("Varn Evening Flash",)
    assert asked("what did the times write about the debate", *held).outlets == ("The New York Times",)
    assert asked("and what does the nyt say?", *held).outlets == ("The New York Times",)
    for plain in ("did a flash start the fire?", "how many times did the mayor speak?", "who got the post of mayor?"):
        assert asked(plain, *held).outlets == ()


def test_the_speaker_whom_the_passage_names_whole_is_not_explained_by_himself() -> None:
    assert computed("speaker", "the purser Ida Brandt", "Ida Brandt").text == "Said by the purser Ida Brandt, as the same article tells."
    assert computed("speaker", "Brandt", "Ida Brandt").text.startswith("“Brandt” is Ida Brandt")

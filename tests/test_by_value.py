"""Which value each outlet gives: what an answer says first where the outlets differ, and what it must not take for a value."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from agent.asker import Answer, ask
from agent.by_value import value_asked
from agent.evidence import check
from agent.question import read_question
from agent.reading import grammar
from agent.reading.read import read
from agent.statement import Ledger
from agent.wording import computed
from vectorstore.article import Article, Field
from vectorstore.library import Library
from vectorstore.model_files import ModelMissing

POST = "Four people were hurt when the Varn ferry terminal burned on Thursday night, the coastguard said."
COURIER = "Eleven people were hurt in the fire at the Varn ferry terminal, the hospital said on Friday. Three people were arrested."
LEDGER = "The ledger of the fire at the Varn ferry terminal: eleven hurt, two crowns of damage in the till."


def article(outlet: str, text: str, day: str) -> Article:
    return Article(
        text, title=Field(outlet, "given", "title"), outlet=Field(outlet, "given", "outlet"), published=Field(day, "given", "date")
    )


def answer(question: str, *articles: Article) -> Answer:
    with Library.in_memory(list(articles)) as library:
        return ask(question, library)


def lines(found: Answer) -> list[str]:
    return [statement.text for statement in found.statements if statement.kind != "reported"]


HURT = "How many people were hurt in the fire at the Varn ferry terminal?"


def test_outlets_that_differ_are_set_beside_each_other_the_earlier_first() -> None:
    found = answer(HURT, article("Varn Courier", COURIER, "2025-03-15"), article("Harbour Post", POST, "2025-03-14"))
    assert lines(found)[:3] == [
        "The outlets differ, and part of the difference is time.",
        "Four people: Harbour Post, citing the coastguard",
        "Eleven people: Varn Courier, citing the hospital",
    ]
    assert not found.dropped


def test_of_one_day_time_explains_nothing() -> None:
    found = answer(HURT, article("Varn Courier", COURIER, "2025-03-14"), article("Harbour Post", POST, "2025-03-14"))
    assert lines(found)[0] == "The outlets differ."


def test_without_the_parsers_files_the_sentences_are_quoted_without_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> NoReturn:
        raise ModelMissing("not installed")

    monkeypatch.setattr(grammar, "_pipeline", missing)
    monkeypatch.setattr(grammar, "_kept", {})
    found = answer(HURT, article("Varn Courier", COURIER, "2025-03-15"), article("Harbour Post", POST, "2025-03-14"))
    assert not any("differ" in line for line in lines(found))
    assert {"Harbour Post", "Varn Courier"} == {s.citations[0].outlet for s in found.statements if s.kind == "reported"}


def test_outlets_that_give_one_value_do_not_differ() -> None:
    found = answer(HURT, article("Varn Courier", COURIER, "2025-03-14"), article("Daily Ledger", LEDGER, "2025-03-15"))
    assert not any("differ" in line for line in lines(found))


def test_another_happening_gives_no_other_value() -> None:
    mill = "Two people were hurt in a fire at the saw mill of Orm in August, the brigade said. The mill of Orm cut spruce for the railway."
    found = answer(HURT, article("Harbour Post", POST, "2025-03-14"), article("Orm Weekly", mill, "2025-08-02"))
    assert not any("Two people" in line for line in lines(found))


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Police said 17 people were hurt in Varn.", "17 people"),
        ("The blast killed nine and left at least 40 hurt.", "at least 40 hurt"),
        ("Police arrested 34 people in Varn.", None),
        ("The eleven given by the hospital for those hurt could not be explained.", None),
        ("Four of those hurt in Varn were children.", None),
        ("She had four ways to treat it.", None),
    ],
)
def test_only_what_is_asked_for_is_a_value(sentence: str, value: str | None) -> None:
    with Library.in_memory([]) as library:
        question = read_question("How many people were hurt in Varn?", library.held_outlets())
    (read_sentence,) = read(Article(sentence)).sentences
    found = value_asked(question, read_sentence)
    assert (found.text if found else None) == value


def test_the_gate_rebuilds_the_line() -> None:
    line = computed("gives_value", "Four people", 1, ("Harbour Post", "the coastguard"), ("Metro", "the coastguard"))
    assert line.text == "Four people: Harbour Post and Metro (1 origin), citing the coastguard"
    assert check(line, Ledger(), []).passed
    assert not check(replace(line, text=line.text.replace("Four", "Five")), Ledger(), []).passed


def test_whom_one_outlet_cites_is_not_said_of_another() -> None:
    line = computed("gives_value", "Four people", 2, ("Harbour Post", "the coastguard"), ("Metro", ""))
    assert line.text == "Four people: Harbour Post (citing the coastguard) and Metro"


FIRED = article("Harbour Post", "The harbour master of Varn, Per Holm, was fired on Monday. The board met until midnight.", "2025-03-14")
WHY = article(
    "Varn Courier", "The harbour master of Varn, Per Holm, was fired after an audit found 2 million crowns missing.", "2025-03-15"
)


def test_why_is_answered_by_what_gives_a_reason() -> None:
    found = answer("Why was the harbour master Per Holm fired?", FIRED, WHY)
    quoted = [statement.text for statement in found.statements if statement.kind == "reported"]
    assert quoted
    assert all("audit" in text for text in quoted)


def test_where_nothing_gives_a_reason_it_is_said() -> None:
    assert "No sentence found gives a reason; these come nearest." in lines(answer("Why was the harbour master Per Holm fired?", FIRED))


def test_whom_the_question_asks_is_quoted_before_others_who_speak_of_the_same() -> None:
    bill = article(
        "Harbour Post",
        "Ulla Rast and Per Holm, both members of the harbour board, had letters in the paper, each hoping for a veto of the toll bill. "
        "The mayor, Odd Venn, said the toll bill would help the town.",
        "2025-03-14",
    )
    other = article("Varn Courier", "Per Holm met the mayor. Mayor Odd Venn said the toll bill was long overdue.", "2025-03-15")
    found = answer("What did Per Holm say about the toll bill?", bill, other)
    quoted = [statement.text for statement in found.statements if statement.kind == "reported"]
    assert quoted
    assert all("Holm" in text for text in quoted)


JACKET = article(
    "Harbour Post", "In 2011 the harbour master Ada Holm spent $5,150 on a fur coat, court papers say. She resigned.", "2025-03-14"
)
CRUISE = article("Varn Courier", "The harbour master Ada Holm spent $4,270 on a cruise, the prosecutor said. She resigned.", "2025-03-15")
SPENT = "How much did Ada Holm spend?"


def no_verdict(found: Answer) -> bool:
    quoted = any(statement.kind == "reported" for statement in found.statements)
    return quoted and not any("differ" in line for line in lines(found))


def test_sums_for_two_things_are_quoted_without_a_verdict() -> None:
    found = answer(SPENT, JACKET, CRUISE)
    assert no_verdict(found)
    assert {"$5,150", "$4,270"} <= {word for statement in found.statements for word in statement.text.split()}


def test_sums_for_one_thing_differ() -> None:
    other = article(
        "Varn Courier", "The harbour master Ada Holm spent $4,270 on a fur coat, the prosecutor said. She resigned.", "2025-03-14"
    )
    assert lines(answer(SPENT, JACKET, other))[0] == "The outlets differ."


def test_what_her_brother_spent_is_not_what_she_spent() -> None:
    wife = article(
        "Varn Courier", "Ada Holm's brother spent $4,270 on a fur coat, the prosecutor said. The harbour master left.", "2025-03-14"
    )
    assert no_verdict(answer(SPENT, JACKET, wife))


def test_a_share_is_no_other_value_of_a_sum() -> None:
    share = article(
        "Varn Courier", "The harbour master Ada Holm spent 9 percent of the till on a fur coat, the prosecutor said.", "2025-03-14"
    )
    assert no_verdict(answer(SPENT, JACKET, share))


def test_a_rounded_figure_is_no_other() -> None:
    round_sum = article("Varn Courier", "The harbour master Ada Holm spent about $5,000 on a fur coat, the prosecutor said.", "2025-03-14")
    assert no_verdict(answer(SPENT, JACKET, round_sum))


def test_an_article_that_gives_several_sums_gives_no_value_of_its_own() -> None:
    both = article(
        "Varn Courier",
        "The harbour master Ada Holm spent $4,270 on a fur coat, the prosecutor said. "
        "Ada Holm, the harbour master, spent $900 on a fur coat too.",
        "2025-03-14",
    )
    assert no_verdict(answer(SPENT, JACKET, both))


def test_who_tells_of_both_values_does_not_differ_from_those_who_give_one() -> None:
    telling = article(
        "Varn Courier",
        "Eleven people were hurt in the fire at the Varn ferry terminal, the hospital said. The coastguard had said four people were hurt.",
        "2025-03-14",
    )
    assert no_verdict(answer(HURT, telling, article("Harbour Post", POST, "2025-03-14")))


@pytest.mark.parametrize(
    "other",
    [
        "Two hundred people fled when the Varn ferry terminal burned; the fire brigade had hurt nobody's feelings.",
        "Three of the people hurt in the fire at the Varn ferry terminal had burns, the hospital said.",
        "The other seven people hurt in the fire at the Varn ferry terminal went home.",
        "A fire hurt business at the Varn ferry terminal, an eleven-berth harbour.",
    ],
)
def test_what_counts_others_or_a_part_is_no_other_value(other: str) -> None:
    assert no_verdict(answer(HURT, article("Harbour Post", POST, "2025-03-14"), article("Varn Courier", other, "2025-03-14")))


def test_those_who_tell_whom_they_count_in_other_words_still_differ() -> None:
    deaths = "How many deaths were there in the fire at the Varn ferry terminal?"
    post = article("Harbour Post", "Four people were killed in the fire at the Varn ferry terminal, the coastguard said.", "2025-03-14")
    courier = article("Varn Courier", "The fire at the Varn ferry terminal left nine dead, the hospital said.", "2025-03-14")
    assert lines(answer(deaths, post, courier))[0] == "The outlets differ."


def test_men_and_metres_are_not_two_values_of_how_many_were_aboard() -> None:
    men = article("Harbour Post", "Some twenty armed men came aboard the trawler Orla near Varn.", "2025-03-14")
    metres = article("Varn Courier", "All aboard the trawler Orla, a 24-metre trawler registered in Varn, were unhurt.", "2025-03-14")
    assert no_verdict(answer("How many were aboard the trawler Orla?", men, metres))

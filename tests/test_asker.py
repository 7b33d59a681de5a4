"""Questions and their answers: the extractive reader on a small library, and a model's proposals through the gate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage

from agent.asker import Answer, ask
from agent.model import ModelUnavailable
from agent.render.answer import answer_lines
from agent.replay import NotRecorded, Reply, ScriptedModel
from agent.settings import Settings
from agent.statement import Reported
from vectorstore.article import Article, Field
from vectorstore.library import Library

POST = (
    "A fire shut the ferry terminal at Varn on Thursday night. At least four people were taken to hospital, the coastguard said.\n\n"
    "“We saw smoke from the car deck,” said Ida Brandt, a purser. She told Radio Kessel that the alarm went off at 21:10.\n\n"
    "The terminal will stay shut until Monday, the operator said."
)
COURIER = (
    "Eleven people were hurt when fire swept the Varn ferry terminal, the hospital said on Friday.\n\n"
    "The mayor, Per Holm, called the fire “a disgrace”. He denied that the sprinklers had been switched off."
)
BAKERY = "A bakery in Orm has won the bread prize with a rye loaf, the jury said. The baker, Lena Moe, is 31."


def article(outlet: str | None, title: str, text: str, published: str = "2025-03-14") -> Article:
    given = Field(outlet, "given", "outlet") if outlet else Field()
    return Article(text, title=Field(title, "given", "title"), outlet=given, published=Field(published, "given", "date"))


ARTICLES = [
    article("Harbour Post", "Fire shuts ferry terminal", POST),
    article("Varn Courier", "Eleven hurt in terminal fire", COURIER, "2025-03-15"),
    article("Metro", "Fire at the ferry terminal", POST),
    article("Orm Weekly", "Bread prize for Orm", BAKERY, "2025-05-02"),
]


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.in_memory(ARTICLES) as opened:
        yield opened


def words(answer: Answer) -> str:
    return "\n".join(statement.text for statement in answer.statements)


def rules(answer: Answer) -> list[str]:
    return [statement.rule for statement in answer.statements if statement.kind == "computed"]


def test_a_refusal_says_in_how_many_articles_of_the_outlet_named_it_was_looked_for(library: Library) -> None:
    answer = ask("What did Orm Weekly say about the ferry terminal?", library)
    assert answer.refused
    assert "Not found in the 1 article of Orm Weekly held here." in list(answer_lines(answer))


@pytest.mark.parametrize("question", ["What did {} report?", "What does {} write?", "What was published by {}?"])
def test_a_question_for_all_that_an_outlet_prints_gets_the_openings_of_its_articles(library: Library, question: str) -> None:
    outlet = next(outlet.name for outlet in library.outlets() if outlet.name)
    printed = library.articles(outlets=[outlet])
    answer = ask(question.format(outlet), library)
    assert not answer.refused
    quotes = [citation.quote for statement in answer.statements if isinstance(statement, Reported) for citation in statement.citations]
    assert 1 <= len(quotes) <= len(printed)
    assert all(any(item.text.startswith(quote) for item in printed) for quote in quotes)


def test_every_reported_sentence_is_the_article_s_own_words(library: Library) -> None:
    answer = ask("How many people were hurt in the ferry terminal fire?", library)
    assert not answer.refused
    held = {one.article_id: one.text for one in library.articles()}
    for statement in answer.statements:
        for citation in statement.citations if statement.kind != "fixed" else ():
            assert held[citation.article_id][citation.start : citation.end] == citation.quote
    assert "Eleven people were hurt" in words(answer)


def test_copies_of_one_text_are_one_origin(library: Library) -> None:
    answer = ask("Who was taken to hospital after the fire, according to the coastguard?", library)
    assert words(answer).count("At least four people") == 1
    assert re.search(r"(Harbour Post and Metro|Metro and Harbour Post) print or rewrite one text: one origin", words(answer))


def test_a_number_changed_in_an_article_changes_in_the_answer() -> None:
    changed = article("Varn Courier", "Hurt in terminal fire", COURIER.replace("Eleven", "Seventeen"))
    with Library.in_memory([changed]) as library:
        said = words(ask("How many people were hurt in the Varn fire?", library))
    assert "Seventeen people were hurt" in said
    assert "Eleven" not in said


def test_who_speaks_is_named_from_elsewhere_in_the_article(library: Library) -> None:
    answer = ask("When did the alarm go off, and who says so?", library)
    assert "21:10" in words(answer)
    assert "“She” is Ida Brandt" in words(answer)


def test_an_outlet_that_is_not_held_is_said_so_and_not_replaced(library: Library) -> None:
    answer = ask("What did the Kessel Herald report about the fire?", library)
    assert answer.refused
    assert rules(answer) == ["not_held", "nearest"]
    assert "4 outlets are held" in words(answer)


def test_where_an_outlet_that_is_not_held_is_mentioned_is_quoted(library: Library) -> None:
    answer = ask("What did Radio Kessel report?", library)
    assert "No article by Radio Kessel" in words(answer)
    assert "She told Radio Kessel" in words(answer)


def test_a_speaker_whom_nothing_names_is_no_outlet(library: Library) -> None:
    answer = ask("What does Veshland say about the northern forces?", library)
    assert answer.refused
    assert rules(answer) == ["not_mentioned"]  # no article has anything of the question, so none is near
    assert words(answer).startswith("Nothing held here mentions Veshland.")


def test_an_acronym_that_nothing_names_may_be_an_outlet(library: Library) -> None:
    answer = ask("What did KBN say about the fine?", library)
    assert words(answer).startswith("No article by KBN is in this library (4 outlets are held); nothing held here mentions the name.")


def test_outlets_that_are_compared_and_not_held_are_said_so_as_they_were_written(library: Library) -> None:
    answer = ask("Do the NYT and Kessel Radio agree on how much prices rose?", library)
    assert answer.refused
    assert rules(answer)[:2] == ["not_held", "not_held"]
    assert "No article by the NYT is in this library" in words(answer)
    assert "No article by Kessel Radio is in this library" in words(answer)


def test_an_outlet_that_is_shown_with_its_place_can_be_credited() -> None:
    text = "The ferry burned for three hours on Friday night, the coastguard said. Two engineers were taken to hospital with burns."
    times = Article(text, outlet=Field("The Times", "given", "outlet"), url=Field("https://www.thetimes.com/1", "given", "url"))
    with Library.in_memory([times]) as library:
        answer = ask("What did The Times report about the ferry?", library)
    assert not answer.refused
    assert words(answer).startswith("The Times (London): ")


def test_an_outlet_asked_for_that_has_nothing_on_it_is_silent(library: Library) -> None:
    answer = ask("What did Varn Courier and Orm Weekly say about people hurt in the fire?", library)
    assert "not found in the 1 article of Orm Weekly held here" in words(answer)


@pytest.mark.parametrize(
    "question",
    ["Who won the chess title?", "What is the population of Varn?", "How many sheep were in the terminal?", "", "???", "\x00\x1b[2J"],
)
def test_what_is_not_there_is_refused(library: Library, question: str) -> None:
    answer = ask(question, library)
    assert answer.refused
    assert "Not found in what was searched." in words(answer)
    assert answer.searched


def test_words_of_the_question_that_no_quoted_sentence_has_are_said(library: Library) -> None:
    answer = ask("Who was taken to hospital by helicopter after the fire at the ferry terminal?", library)
    assert not answer.refused
    assert "Not in the sentences quoted, nor beside them: “helicopter”." in words(answer)


def test_that_no_reason_is_given_is_said_and_one_that_is_given_comes_first() -> None:
    quiet = article("Harbour Post", "Pilot dismissed", "The pilot Ulla Berg was dismissed on Friday. The port named nobody in her place.")
    telling = article("Metro", "Pilot leaves", "The pilot Ulla Berg was dismissed because she had slept on watch.")
    with Library.in_memory([quiet]) as library:
        answer = ask("Why was the pilot Ulla Berg dismissed?", library)
        assert "was dismissed on Friday" in words(answer)
        assert "No sentence found gives a reason" in words(answer)
    with Library.in_memory([quiet, telling]) as library:
        answer = ask("Why was the pilot Ulla Berg dismissed?", library)
        assert words(answer).startswith("Metro: The pilot Ulla Berg was dismissed because")
        assert "No sentence found gives a reason" not in words(answer)


@pytest.mark.parametrize(
    "told", ["was dismissed as chief pilot of the port", "was dismissed over the weekend", "was dismissed, following two weeks of talks"]
)
def test_an_office_or_a_time_is_no_reason(told: str) -> None:
    with Library.in_memory([article("Harbour Post", "Pilot dismissed", f"The pilot Ulla Berg {told}. The port named nobody.")]) as library:
        assert "No sentence found gives a reason" in words(ask("Why was the pilot Ulla Berg dismissed?", library))


def test_an_outlet_with_no_article_of_the_days_asked_for_is_not_called_silent(library: Library) -> None:
    answer = ask("What did Varn Courier publish about the fire in March 2021?", library)
    assert answer.refused
    assert "No article by Varn Courier of 2021-03-01 to 2021-03-31 is held (1 article of other days)." in words(answer)
    assert "in the 0 articles" not in words(answer)
    assert answer.searched[0].text == "searched: no article"


def test_an_outlet_that_is_not_held_is_quoted_from_others_only_on_what_is_asked(library: Library) -> None:
    assert "She told Radio Kessel" in words(ask("What did Radio Kessel report about the alarm?", library))
    answer = ask("What did Radio Kessel report about the bread prize?", library)
    assert answer.refused
    assert "She told Radio Kessel" not in words(answer)


def test_days_limit_the_search_and_it_is_said(library: Library) -> None:
    answer = ask("What was reported since 1 May 2025?", library)
    assert "1 article, 2025-05-02" in answer.searched[0].text


def test_an_empty_library_refuses() -> None:
    with Library.in_memory([]) as library:
        assert ask("Who was hurt?", library).refused


# With a model.


def settings() -> Settings:
    return Settings(library=Path("unused"), model="scripted")


def calls(name: str, arguments: dict[str, Any]) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": "c1", "type": "tool_call"}])


SEARCH = calls("search_coverage", {"query": "people hurt in the terminal fire"})


def proposing(*sentences: tuple[str, str]) -> Callable[[list[BaseMessage]], AIMessage]:
    """(text, quote) sentences, each citing the passage with these words among those that the tools showed."""

    def reply(messages: list[BaseMessage]) -> AIMessage:
        shown = "\n".join(message.text for message in messages if message.type == "tool")
        made = []
        for text, quote in sentences:
            blocks = re.split(r"(?=\be[0-9a-f]{7}\b)", shown)
            key = next((block[:8] for block in blocks if quote[:25] in block and re.match(r"e[0-9a-f]{7}", block)), "e0000000")
            made.append({"text": text, "citations": [{"key": key, "quote": quote}]})
        return calls("DraftAnswer", {"sentences": made, "not_found": not made})

    return reply


def asked(library: Library, *replies: Reply) -> Answer:
    model = ScriptedModel(replies=replies)
    return ask("How many people were hurt in the terminal fire?", library, settings(), open_model=lambda _: model)


TRUE = (
    "Varn Courier reports that eleven people were hurt when fire swept the terminal.",
    "Eleven people were hurt when fire swept the Varn ferry terminal",
)
SWAPPED = ("Harbour Post reports that eleven people were hurt when fire swept the terminal.", TRUE[1])
INFLATED = ("Varn Courier reports that forty people were hurt when fire swept the terminal.", TRUE[1])


def test_a_model_s_sound_sentence_passes(library: Library) -> None:
    answer = asked(library, SEARCH, proposing(TRUE))
    assert words(answer) == TRUE[0]
    assert answer.reader == "model scripted"
    assert answer.dropped == ()


@pytest.mark.parametrize(("wrong", "reason"), [(SWAPPED, "Harbour Post"), (INFLATED, "40")])
def test_a_wrong_sentence_is_sent_back_once_and_then_dropped(library: Library, wrong: tuple[str, str], reason: str) -> None:
    answer = asked(library, SEARCH, proposing(TRUE, wrong), proposing(TRUE, wrong))
    assert words(answer) == TRUE[0]
    assert [dropped.text for dropped in answer.dropped] == [wrong[0]]
    assert reason in "; ".join(answer.dropped[0].reasons)


def test_a_sentence_that_was_mended_is_kept(library: Library) -> None:
    answer = asked(library, SEARCH, proposing(INFLATED), proposing(TRUE))
    assert words(answer) == TRUE[0]
    assert answer.dropped == ()


def test_nothing_sound_is_a_refusal_and_not_half_an_answer(library: Library) -> None:
    answer = asked(library, SEARCH, proposing(INFLATED), proposing(INFLATED))
    assert answer.refused
    assert "could not be shown to answer" in words(answer)


def test_a_model_that_fails_leaves_the_extractive_answer_and_the_reason(library: Library) -> None:
    def fails(_: list[BaseMessage]) -> AIMessage:
        raise ModelUnavailable("The endpoint refused the key.")

    answer = asked(library, fails)
    assert answer.reader == "extractive reader"
    assert "Eleven people were hurt" in words(answer)
    assert "refused the key" in answer.notes[-1]


def test_what_passed_before_the_endpoint_failed_still_stands(library: Library) -> None:
    def fails(_: list[BaseMessage]) -> AIMessage:
        raise ModelUnavailable("The endpoint is gone.")

    answer = asked(library, SEARCH, proposing(TRUE, INFLATED), fails)
    assert words(answer) == TRUE[0]
    assert len(answer.dropped) == 1


def test_a_missing_recording_is_an_error_and_not_an_answer(library: Library) -> None:
    with pytest.raises(NotRecorded):
        asked(library)


def test_no_evidence_means_no_model_call(library: Library) -> None:
    model = ScriptedModel(replies=())
    answer = ask("What did the Kessel Herald report?", library, settings(), open_model=lambda _: model)
    assert answer.refused
    assert model.asked == []

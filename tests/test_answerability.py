from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pytest

from agent.answerability import lacking, weigh
from agent.asker import ask
from agent.credited import credited_unheld
from agent.likeness import likenesses
from agent.planning import plan_for
from agent.terms import stem
from vectorstore.article import Article, Field
from vectorstore.embed import TokenStates
from vectorstore.library import Library
from vectorstore.outlets import HeldOutlets
from vectorstore.registry import Registry


def article(outlet: str, title: str, text: str, day: str, language: str | None = None) -> Article:
    fields = {"language": Field(language, "given")} if language else {}
    return Article(text, title=Field(title, "given"), outlet=Field(outlet, "given"), published=Field(day, "given"), **fields)


FIRE = article(
    "Harbour Post",
    "Fire shuts ferry terminal",
    "A fire shut the Varn ferry terminal on Thursday night. At least four people were taken to hospital, the coastguard said.",
    "2025-03-14",
)
STRIKE = article(
    "Varn Courier",
    "Dockworkers end strike",
    "The dockworkers of Lissen have ended their strike after the operator raised wages by six percent.",
    "2025-03-18",
)
TRAM = article("Metro", "Tram line 6 opens", "Line 6 of the Lissen tram opens on Monday. A ticket costs two crowns.", "2025-03-20")
FOREIGN = article("El Faro", "El incendio", "El incendio cerró la terminal de transbordadores durante la noche.", "2025-03-15", "es")
REGISTRY = Registry.open(None)


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with Library.in_memory([FIRE, STRIKE, TRAM, FOREIGN]) as opened:
        yield opened


def answered(question: str, library: Library) -> bool:
    plan = plan_for(question, library)
    return weigh(plan, library.search_plan(plan), library).answered


@pytest.mark.parametrize(
    "question",
    [
        "How many people were taken to hospital after the fire at the Varn ferry terminal?",
        "Did the dockworkers of Lissen end their strike?",
        "What does a ticket for tram line 6 cost?",
    ],
)
def test_what_is_told_counts_as_answered(question: str, library: Library) -> None:
    assert answered(question, library)


@pytest.mark.parametrize(
    "opening",
    ["Which architect designed", "Considering the coverage, who was the architect of", "Tell me of the architect of", "architect"],
)
def test_what_nobody_tells_is_not_answered_however_it_is_asked(opening: str, library: Library) -> None:
    assert not answered(f"{opening} the Brindlemoor opera house in Quillham?", library)


def test_one_article_alone_is_enough_to_decide() -> None:
    with Library.in_memory([FIRE]) as library:
        assert answered("Who was taken to hospital from the ferry terminal?", library)
        assert not answered("Which airline flies from Quillham to Brindlemoor?", library)


def test_an_empty_library_answers_nothing() -> None:
    with Library.in_memory([]) as library:
        assert not answered("Who was taken to hospital?", library)


@pytest.mark.parametrize("question", ["", "  ", "?", "Who?", "Harbour Post"])
def test_where_nothing_is_asked_for_nothing_is_missed(question: str, library: Library) -> None:
    assert answered(question, library)


def test_a_refusal_names_the_nearest_article(library: Library) -> None:
    answer = ask("Which architect designed the opera house of Varn?", library)
    assert answer.refused
    assert any(statement.text.startswith("Nearest article:") for statement in answer.statements)


def test_an_outlet_that_is_not_held_is_named_with_what_is_nearest(library: Library) -> None:
    question = "According to a BBC report, how many people were taken to hospital after the fire at the ferry terminal?"
    plan = plan_for(question, library)
    found = library.search_plan(plan)
    weighed = weigh(plan, found, library)
    assert weighed.unheld == ("BBC",)
    assert not weighed.answered
    assert list(lacking(weighed, found, 4)) == [
        'no article by BBC among the 4 articles searched; nearest: Harbour Post, "Fire shuts ferry terminal"'
    ]
    answer = ask(question, library)
    assert answer.refused
    assert any("No article by BBC is in this library" in statement.text for statement in answer.statements)
    assert any("Fire shuts ferry terminal" in statement.text for statement in answer.statements)


def test_the_outlet_that_is_held_is_quoted_beside_those_that_are_not(library: Library) -> None:
    answer = ask("What do the Harbour Post, the BBC and Reuters report on the fire at the ferry terminal?", library)
    said = " ".join(statement.text for statement in answer.statements)
    assert "No article by" in said
    assert "A fire shut the Varn ferry terminal" in said


def test_a_day_of_which_the_outlet_named_has_nothing_is_said(library: Library) -> None:
    answer = ask("What did the Harbour Post report about the strike of the dockworkers on March 19, 2025?", library)
    assert any(s.text == "No article by Harbour Post of 2025-03-19 is held (1 article of other days)." for s in answer.statements)


def test_a_part_that_was_not_found_is_said_beside_the_answer_to_the_other(library: Library) -> None:
    answer = ask("What does a ticket for tram line 6 cost, and which Brindlemoor composer wrote the Quillham anthem?", library)
    assert not answer.refused
    assert any(s.text.startswith("Not found in the 4 articles searched: “which Brindlemoor composer") for s in answer.statements)


def test_why_an_outlet_in_another_language_has_no_answer_is_said(library: Library) -> None:
    answer = ask("What does El Faro say about the number of firefighters?", library)
    assert answer.refused
    assert any(s.text.startswith("El Faro is held in es: only English is read well") for s in answer.statements)


@pytest.mark.parametrize(
    ("text", "unheld"),
    [
        ("Who, according to a Reuters report and an article by Bloomberg, bought the ferry?", ("Reuters", "Bloomberg")),
        ("Which firm, as reported by The Guardian, closed?", ()),
        ("Did Reuters lay off staff?", ()),
        ("What do the BBC, The Guardian and Reuters report?", ("BBC", "Reuters")),
        ("Is the Bloomberg terminal dearer now?", ()),
        ("who closed it, said reuters", ()),
        ("", ()),
    ],
)
def test_outlets_that_a_question_credits_and_that_are_not_held(text: str, unheld: tuple[str, ...]) -> None:
    assert credited_unheld(text, HeldOutlets.of(["The Guardian"], REGISTRY)) == unheld


@pytest.mark.parametrize(
    "text",
    [
        "Reuters or " * 5_000,
        "last year " * 5_000,
        "who, " * 5_000,
        " ".join(f"word{number}" for number in range(9_000)),
        "\x00\u202e" * 500,
    ],
)
def test_odd_and_endless_questions_are_weighed_too(text: str, library: Library) -> None:
    plan = plan_for(text, library)
    assert weigh(plan, library.search_plan(plan), library).score <= 0


class WithoutTokens:
    """A library whose embedder, such as an endpoint, gives no vectors of tokens."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def rarity(self, words: Collection[str]) -> Mapping[str, float]:
        return self._library.rarity(words)

    def held_outlets(self) -> HeldOutlets:
        return self._library.held_outlets()

    def states(self, texts: Sequence[str]) -> list[TokenStates] | None:
        return None


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [("Did the dockworkers of Lissen end their strike?", True), ("Which architect designed the Brindlemoor opera house?", False)],
)
def test_without_vectors_of_tokens_the_words_decide(question: str, is_answered: bool, library: Library) -> None:
    plan = plan_for(question, library)
    assert weigh(plan, library.search_plan(plan), WithoutTokens(library)).answered is is_answered


def test_other_words_for_the_same_are_more_alike_than_another_topic(library: Library) -> None:
    sentences = ["The staff walked out over salaries.", "Line 6 of the tram opens on Monday."]
    found = likenesses([("workers on strike for wages", sentences)], {"worker": 1.0, "strik": 1.0, "wage": 1.0}, library.states)
    assert found is not None
    assert 1 > found[0][0] > found[0][1] > 0


def test_the_same_words_are_wholly_alike_and_nothing_is_like_nothing(library: Library) -> None:
    asked = "dockworkers end strike"
    weights = dict.fromkeys(map(stem, asked.split()), 1.0)
    found = likenesses([(asked, [asked, ""]), ("", ["a sentence"]), ("of the", ["a sentence"])], weights, library.states)
    assert found is not None
    assert found[0] == pytest.approx([1.0, 0.0], abs=1e-3)
    assert found[1:] == [[0.0], [0.0]]

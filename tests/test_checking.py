"""What a sentence changes against its quote: the rules of the gate one by one, and that they do not break on odd text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.checking.alignment import frames_of
from agent.checking.counted import changed_counted
from agent.checking.counts import changed_counts, parts_of, same_in_short
from agent.checking.credit import changed_credit, core_of
from agent.checking.force import changed_force
from agent.checking.limits import changed_limits
from agent.checking.negations import changed_negations
from agent.checking.outlets import parts_by_outlet
from agent.checking.relations import changed_relations
from agent.checking.roles import changed_roles, moved_objects
from agent.checking.tokens import bearing, key, keys, tokens_of
from agent.checking.told import dropped_speaker
from agent.checking.verbs import changed_verbs

POST = ["Harbour Post"]


def changes(said: str, quote: str) -> str:
    mine, theirs = tokens_of(said), tokens_of(quote)
    found = [rule(mine, said, theirs, quote) for rule in (changed_force, changed_limits, changed_counts, changed_relations)]
    found += [changed_negations(mine, theirs, theirs), changed_verbs(mine, theirs)]
    told, heard = frames_of(said), frames_of(quote)
    found += [
        changed_roles(told, heard),
        moved_objects(told, heard),
        changed_counted(told, heard, mine, parts_of(theirs)),
        dropped_speaker(said, told, heard),
    ]
    return "; ".join(reason for reasons in [*found, changed_credit(said, [quote], [])] for reason in reasons)


@pytest.mark.parametrize(
    ("one", "other"),
    [("stopped", "stops"), ("sentence", "sentenced"), ("denied", "denies"), ("answered", "answer"), ("fell", "fall"), ("days", "day")],
)
def test_forms_of_a_word_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("said", "core"),
    [
        ("Harbour Post reports that the quay is closed.", "The quay is closed."),
        ("Harbour Post, citing the police, says that the quay is closed.", "According to the police, the quay is closed."),
        ("The quay is closed, according to Harbour Post.", "The quay is closed."),
        ("Ida Brandt told Harbour Post that the quay is closed.", "Ida Brandt said that the quay is closed."),
        ("Harbour Post quotes Ida Brandt as saying the quay is closed.", "Ida Brandt said that the quay is closed."),
        ("An article of unknown outlet writes that the quay is closed.", "The quay is closed."),
    ],
)
def test_the_credit_to_the_outlet_is_taken_off(said: str, core: str) -> None:
    assert core_of(said, POST) == core


@pytest.mark.parametrize(
    ("said", "quote", "reason"),
    [
        ("The board will sell the ferry.", "The board plans to sell the ferry.", 'says "will"'),
        ("The strike is certain.", "A strike is possible.", "possible"),
        ("Shots were fired, the mayor said.", "Shots were fired, the mayor said, which could not be verified.", "could not be verified"),
        ("The union admitted a mistake.", "The union spoke of a mistake.", "admitted"),
        ("The driver was hurt.", "The driver was unhurt.", "negation"),
        ("The minister has not ruled out talks.", "The minister has ruled out talks.", "does not deny"),
        ("Three died and seven were hurt.", "Seven died and three were hurt.", "gives"),
        ("The dam held 300 litres.", "The dam held 300 cubic metres.", "the unit"),
        ("The plant closes this year.", "The plant closes next year.", "this year"),
        ("Forty people were in the shaft.", "Up to forty people were in the shaft.", "exactly"),
        ("All ferries stopped.", "Two ferries stopped.", "widens"),
        ("Dunmere beat Skerry on Saturday.", "Dunmere drew with Skerry on Saturday.", "no word"),
        ("The recount cut her lead by 18 votes.", "The recount added 18 votes to her lead.", "no word"),
        ("Inspectors closed the home.", "The home has two weeks to repair its lifts or face closure.", "as done"),
        ("He has broken off relations.", "It was a step short of breaking off relations.", "surer"),
        ("The shops will close in March.", "Of its shops, 14 of the 86 shops will close in March.", "speaks of"),
        ("The road will cost 900m crowns.", "The road will cost twice the 900m crowns first planned.", "twice"),
        ("Households with gardens pay the levy.", "Only households with gardens pay the levy.", "only"),
        ("Food was brought to the villages.", "Twelve villages were cut off; food was brought to three of them.", "of them"),
        ("The drug lowered blood pressure.", "The drug lowered blood pressure in women but not in men.", "in women"),
        ("Stays fell by 38 percent.", "Stays among people over 70 fell by 38 percent.", "among"),
        ("It will decide that the firm dismissed stewards.", "It will decide whether the firm dismissed stewards.", "leaves open"),
        ("The mayor spoke.", "The deputy mayor spoke.", "deputy"),
        ("The doctor, Jens Wold, goes home.", "The cook, Jens Wold, goes home.", "calls Jens"),
        ("It was the best show ever.", "It was her show of the year.", "best"),
        ("She sent him a message before the fire.", "The jury heard that she sent him a message before the fire.", "as said"),
        (
            "Smoke was seen in the cabin.",
            "Smoke was seen in the cockpit; the cabin stayed clear.",
            "not what the quote has",
        ),
        ("Fares rise by 2.80 crowns.", "Fares rise by 0.30 to 2.80 crowns.", "where the quote has it"),
        ("Shae, who founded it, leaves.", "Lorenz, who founded it, hands over to her deputy, Shae.", "where the quote has"),
        ("It sold more than the second but fewer than the first.", "It sold fewer than the second but more than the first.", "round"),
        ("The ferries stopped.", "Most of the ferries stopped.", "Most"),
        ("Rents fell in May.", "Rents rose in May.", "opposite"),
        ("Wages rose faster than rents.", "Rents rose faster than wages.", "comparison round"),
        ("Ferrum fined Lunt.", "Lunt fined Ferrum.", "who and whom"),
        ("The bridge closed after the vote.", "The bridge closed before the vote.", "order of events"),
        ("The bridge closed because of the vote.", "The bridge closed after the vote.", "adds a cause"),
        ("Four people were hurt.", "Four people were hurt, the coastguard said.", "as fact"),
        ("Four people were hurt, the police said.", "Four people were hurt, the coastguard said.", "speaker"),
    ],
)
def test_a_change_is_named(said: str, quote: str, reason: str) -> None:
    assert reason in changes(said, quote)


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("Wages rose more slowly than rents.", "Rents rose faster than wages."),
        ("The driver was not hurt.", "The driver was unhurt."),
        ("The driver declined to comment.", "The driver did not comment."),
        ("Ferrum was fined by Lunt.", "Lunt fined Ferrum."),
        ("On Friday the flag was lowered.", "The flag was lowered on Friday."),
        ("After the vote, the bridge closed.", "The bridge closed after the vote."),
        ("According to the coastguard, four people were hurt.", "Four people were hurt, the coastguard said on Friday."),
        ("The quay reopens.", "The quay reopens. The operator may not have known. Most ferries stay in port."),
    ],
)
def test_a_faithful_retelling_changes_nothing(said: str, quote: str) -> None:
    kept = [quote[span.start : span.end] for span in bearing(keys(tokens_of(said)), quote)]
    assert changes(said, " ".join(kept)) == ""


def test_three_metres_are_not_three_million() -> None:
    assert same_in_short("The lake sinks by 3 m.", "The lake sinks by 3 metres.") == {"3000000"}
    assert same_in_short("It cost 3 m crowns.", "It cost 3 crowns.") == set()


def test_many_numbers_take_no_time_and_no_harm() -> None:
    text = "It was " + ", ".join(f"{number} of {number + 1}" for number in range(60)) + "."
    assert changes(text, text) == ""


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(said: str, quote: str) -> None:
    assert isinstance(changes(core_of(said, POST), quote), str)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["not", "may", "all", "than", "said", "the mayor", "3", "crowns", "before", ",", ".", "by", "and", "“", "”"]),
        max_size=40,
    )
)
def test_a_text_changes_nothing_against_itself_or_names_why(words: list[str]) -> None:
    text = " ".join(words)
    assert isinstance(changes(text, text), str)


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("The council postponed its decision.", "The council put off its decision."),
        ("The liberals will back the budget.", "The liberals will support the budget."),
        ("A train was derailed.", "A train left the rails."),
        ("The clinic changed its rules.", "The clinic amended its rules."),
        ("Unemployment rose to 5.2 percent.", "Unemployment edged up to 5.2 percent."),
        ("Homes were without power.", "Homes lost power."),
        ("The chain has not said which.", "The chain will shut 14 shops. It has not said which."),
        ("Marlow went off in the 20th minute.", "Marlow went off after 20 minutes."),
        ("Ek scored twice and earned a draw.", "Ek scored twice to earn a draw."),
        ("The firm was fined by the regulator while its books are examined.", "The regulator fined the firm while its books are examined."),
    ],
)
def test_a_faithful_retelling_is_let_through(said: str, quote: str) -> None:
    assert changes(said, quote) == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Harbour Post reports that four died; Varn Courier writes that nine did.",
            {"Harbour Post": "Harbour Post reports that four died", "Varn Courier": "Varn Courier writes that nine did."},
        ),
        (
            "Four people died, Harbour Post reports; nine did, according to Varn Courier.",
            {"Harbour Post": "Four people died, Harbour Post reports", "Varn Courier": "nine did, according to Varn Courier."},
        ),
        ("Harbour Post and Varn Courier report four dead.", None),
        ("Harbour Post, unlike Harbour Post, and Varn Courier say so today.", None),
        ("Nobody is named.", None),
    ],
)
def test_each_outlets_part_of_a_sentence_is_found(text: str, parts: dict[str, str] | None) -> None:
    assert parts_by_outlet(text, ["Harbour Post", "Varn Courier"]) == parts

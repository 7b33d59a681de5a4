"""What a question is understood to ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.question import read_question
from vectorstore.outlets import HeldOutlets
from vectorstore.registry import Registry
from vectorstore.registry_file import read_outlets_file

HELD = HeldOutlets.of(["Pellwire", "The Lissen Standard", "Torvany State Television", "Free Torvany", "forbes.com", "Hald Metro"])


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("What did Pellwire report?", ("Pellwire",)),
        ("what did the lissen standard say about the mine", ("The Lissen Standard",)),
        ("Did the Lissen Standard and Free Torvany agree?", ("The Lissen Standard", "Free Torvany")),
        ("What does TST say about the blast?", ("Torvany State Television",)),
        ("Did Forbes mention inflation?", ("forbes.com",)),
        ("Who was hurt in Torvany?", ()),
        ("Is pellwires a word?", ()),
    ],
)
def test_held_outlets_are_recognised_by_their_names(text: str, outlets: tuple[str, ...]) -> None:
    assert read_question(text, HELD).outlets == outlets


@pytest.mark.parametrize(
    ("text", "unheld"),
    [
        ("What did CNN report?", ("CNN",)),
        ("What did the Norrland Herald publish about it?", ("the Norrland Herald",)),
        ("How was it covered by Kessel Radio?", ("Kessel Radio",)),
        ("What is the Norrland Herald's version?", ("the Norrland Herald",)),
        ("What did Pellwire report?", ()),
    ],
)
def test_publications_that_are_not_held_are_noticed(text: str, unheld: tuple[str, ...]) -> None:
    assert read_question(text, HELD).unheld == unheld


REGISTRY = Registry(
    [
        read_outlets_file(
            Path("outlets.toml"),
            b'[[outlet]]\nname = "The Harbour Post"\nspellings = ["HP"]\n[[outlet]]\nname = "HOUR"\nspellings = ["Hour Magazine"]\n'
            b'[[outlet]]\nname = "Coast TV"\nspellings = ["CTV"]\n[[outlet]]\nname = "The Globe and Mail of Varn"\n'
            b'[[outlet]]\nname = "Sana"\nspellings = ["SANA"]\n[[outlet]]\nname = "Echo"\n',
        )
    ]
)
NAMED = HeldOutlets.of(["The Harbour Post", "HOUR", "Echo", "Pellwire"], REGISTRY)


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("What did the HP report?", ("The Harbour Post",)),
        ("What did the Harbour Post and Pellwire say?", ("The Harbour Post", "Pellwire")),
        ("What did Hour Magazine print?", ("HOUR",)),
        ("What did Hour report?", ("HOUR",)),
        ("At what hour did it begin?", ()),
        ("Which ships hp engines?", ()),
        ("Was there an echo in the hall?", ()),
        ("What did Echo report?", ("Echo",)),
        ("what did the harbour post report", ("The Harbour Post",)),
        ("what did echo report", ("Echo",)),
    ],
)
def test_a_spelling_names_the_outlet_held(text: str, outlets: tuple[str, ...]) -> None:
    question = read_question(text, NAMED)
    assert question.outlets == outlets
    assert question.unheld == ()
    assert not {"hp", "harbour", "pellwir"} & set(question.terms) or not outlets


@pytest.mark.parametrize(
    ("text", "unheld"),
    [
        ("Do CTV and the Norrland Herald agree on how much prices rose?", ("CTV", "the Norrland Herald")),
        ("How do CTV and Pellwire differ on prices?", ("CTV",)),
        ("Does Pellwire agree with Coast TV?", ("Coast TV",)),
        ("Compare CTV with Pellwire on prices.", ("CTV",)),
        ("Compare CTV's and Kessel Radio's coverage of the mine", ("CTV", "Kessel Radio")),
        ("Where do Pellwire and The Globe and Mail of Varn disagree?", ("The Globe and Mail of Varn",)),
        ("What are the differences between CTV and Pellwire?", ("CTV",)),
        ("CTV versus Pellwire on the strike", ("CTV",)),
        ("What did CTV say about it?", ("CTV",)),
        ("What did the Norrland Herald say about it?", ("Norrland Herald",)),
        ("Does Pellwire agree with Jonas Wick?", ()),
        ("Do Jonas Wick and Ida Brandt agree on the budget?", ()),
        ("What did Sana say about the port?", ("Sana",)),
        ("Did CTV settle the case?", ()),
    ],
)
def test_outlets_set_against_each_other_are_missed_where_they_are_not_held(text: str, unheld: tuple[str, ...]) -> None:
    assert read_question(text, NAMED).unheld == unheld


def test_a_country_that_speaks_is_no_publication() -> None:
    question = read_question("What does Veshland say about the northern forces?", NAMED)
    assert (question.unheld, question.speakers) == ((), ("Veshland",))


def test_who_is_said_to_speak_may_be_a_person() -> None:
    question = read_question("What did Jonas Wick say about the cause?", HELD)
    assert question.speakers == ("Jonas Wick",)
    assert question.unheld == ()


@pytest.mark.parametrize(
    ("text", "time", "number", "speaker", "contrast"),
    [
        ("When will the offensive start, and who says so?", True, False, True, False),
        ("How many civilians were killed?", False, True, False, False),
        ("What was the death toll?", False, True, False, False),
        ("How do the outlets differ on the cause?", False, False, False, True),
        ("Why did the mine close?", False, False, False, False),
    ],
)
def test_the_kind_of_answer_is_read_from_the_words(text: str, time: bool, number: bool, speaker: bool, contrast: bool) -> None:
    question = read_question(text, HELD)
    assert (question.wants_time, question.wants_number, question.wants_speaker, question.wants_contrast) == (
        time,
        number,
        speaker,
        contrast,
    )


@pytest.mark.parametrize("text", ["", "?", "\x00\x1b[31m", "a" * 20_000, "“”", "who " * 5_000])
def test_odd_questions_are_read_without_an_error(text: str) -> None:
    assert read_question(text, HELD).outlets == ()

from __future__ import annotations

import pytest

from agent.reading.read import read
from vectorstore.article import Article


def speakers(text: str) -> list[str | None]:
    found = dict.fromkeys(one for sentence in read(Article(text)).sentences for one in sentence.attributions)
    return [one.speaker for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ines Moro came. Moro said the lock was old.", ["Ines Moro"]),
        ("Transport Secretary Ines Moro said the lock was old.", ["Ines Moro"]),
        ("Harbour Watch International, a group in Lund, said the lock was old.", ["Harbour Watch International"]),
        ("Ines Moro said the lock was old. She said it would break.", ["Ines Moro", "Ines Moro"]),
        ("“The lock is too old to mend,” Mr. Berg said.\n\n“I was told last year,” he added.", ["Berg", "Berg"]),
        ("Minister Ines Moro said the lock was old.\n\n“It will surely break,” the minister added.", ["Ines Moro", "Ines Moro"]),
        (
            "Transport Secretary Karl Berg said the lock was old.\n\n“It will break soon,” the harbour chief noted.",
            ["Karl Berg", "Karl Berg"],
        ),
        ("Ines Moro, who said the lock was old, left.", ["Ines Moro"]),
    ],
)
def test_the_fullest_name_is_the_speaker(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Officials said the lock was old.",
        "He said the lock was old.",
        "A spokesman for Ines Moro said the lock was old.",
        "Moro’s lawyer said the lock was old.",
        "They said the lock was old.",
        "Ines Moro and Karl Berg said the lock was old.",
        "The report said the lock was old.",
        "President Karl Berg met President Omar Fadil. The president said the lock was old.",
    ],
)
def test_unsure_is_nobody(text: str) -> None:
    assert speakers(text) == [None]


TWO = "Mary Moro came with her husband, Bill Moro, to the lock in the old harbour of the town.\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TWO + "“It is old,” Moro said.", ["Moro"]),
        (TWO + "“It is old,” Mr. Moro said.", ["Bill Moro"]),
        (TWO + "“It is old,” Mrs. Moro said.", ["Mary Moro"]),
        ("“It is old,” Moro said.\n\n" + TWO, ["Moro"]),
        ("Ines Moro came. “It is old,” Moro said. Karl Moro was ill.", ["Ines Moro"]),
        ("Ed Moro came late. Edward J. Moro is mayor here. “It is old,” Moro said.", ["Edward J. Moro"]),
        ("Mrs. Ines Moro came. The Moro Family Foundation met. “It is old,” Mrs. Moro said.", ["Ines Moro"]),
        ("Former NLP candidate Karl Berg came. Ines Moro left. “It is old,” she said.", ["Ines Moro"]),
        ("Gov. Jan Brell came late. Brell left in her car. “It is old,” she said.", ["Jan Brell"]),
    ],
)
def test_between_two_of_one_name_nobody_is_guessed(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


def test_a_pronoun_does_not_change_sex() -> None:
    text = "Mrs. Moro said the lock was old.\n\nMr. Berg said it was new.\n\n“It will surely break,” she added."
    assert speakers(text) == ["Moro", "Berg", "Moro"]


def test_the_sentence_subject_is_nearer_than_who_spoke_before() -> None:
    text = "Karl Berg said the lock was old.\n\nAgnes Holm, 71, was mending her boat. “It will surely sink,” she said."
    assert speakers(text) == ["Karl Berg", "Agnes Holm"]


def test_a_country_is_not_he() -> None:
    assert speakers("Veshland maintained that the lock was old.\n\nHe said that it was new.") == ["Veshland", None]


def test_a_name_inside_a_quotation_is_not_who_speaks_next() -> None:
    text = "“We like Mr. Berg very much in this town,” Mr. Holm said. “It is late,” he added."
    assert speakers(text) == ["Holm", "Holm"]


def test_where_the_name_stands_is_given() -> None:
    text = "Moro left. Later Ines Moro said the lock was old."
    (one,) = read(Article(text)).sentences[1].attributions
    assert one.speaker == "Ines Moro"
    assert one.speaker_span is not None
    assert text[one.speaker_span.start : one.speaker_span.end] == "Ines Moro"

"""What may be printed as agreed."""

from __future__ import annotations

import pytest

from agent.comparing.agreement import bears_out
from agent.comparing.sameness import Compared
from agent.comparing.voices import voices
from agent.reading.read import read
from vectorstore.article import Article, Field


def one(text: str) -> Compared:
    (sentence,) = read(Article(text)).sentences
    return Compared.of(0, sentence, 0.0)


def agrees(gist: str, other: str) -> bool:
    return bears_out(one(gist), one(other), dict.fromkeys((*one(gist).terms, *one(other).terms), 1.0))


@pytest.mark.parametrize(
    ("gist", "other"),
    [
        (
            "Coast Minister Per Aldo, who visited the quay on Friday, said the state would pay for the repairs.",
            "Coast Minister Per Aldo inspected the quay on Friday and announced that the state would bear the cost of the repairs.",
        ),
        ("The repairs will cost 45 million crowns.", "In its estimate the port said the repairs will come to 45 million crowns."),
        ("Three sailors were killed in the fire.", "The fire left three sailors dead."),
    ],
)
def test_the_same_in_other_words_is_agreed(gist: str, other: str) -> None:
    assert agrees(gist, other)


@pytest.mark.parametrize(
    ("gist", "other"),
    [
        # Another thing done by the same person at the same place.
        ("When Mayor Lis Brandt came to the quay on Friday she was booed.", "Mayor Lis Brandt laid a wreath at the quay on Friday."),
        # Not yet done.
        ("Mayor Lis Brandt visited the quay on Friday.", "Mayor Lis Brandt will visit the quay on Friday."),
        # Taken back.
        ("The union has withdrawn its count of six dead sailors.", "The union gives a count of six dead sailors."),
        # Denied.
        ("The operator was warned about the wiring in January.", "The operator was not warned about the wiring in January."),
        # Another figure.
        ("The fire killed three sailors on the quay.", "The fire killed four sailors on the quay."),
        # The same sum, of something else.
        ("The repairs of the quay cost 45 million crowns.", "The fleet’s herring earned 45 million crowns."),
        # Only the speaker is the same.
        ("Captain Ida Moll said that bottles were thrown.", "Captain Ida Moll said that the officers stayed calm."),
    ],
)
def test_what_differs_is_not_agreed(gist: str, other: str) -> None:
    assert not agrees(gist, other)


def test_only_persons_and_bodies_speak() -> None:
    text = (
        "A video of his remarks that was circulated on Friday said “the quay is finished for good”. "
        "“The wiring was older than the mayor,” said Captain Ida Moll of the coastguard. "
        "“We will look at every cable,” a spokeswoman for the port said."
    )
    article = Article(text, outlet=Field("Post", "given", "outlet"))
    heard = {voice.speaker for voice in voices([read(article)], {})}
    assert "Ida Moll" in heard
    assert not any("video" in speaker.lower() for speaker in heard)
    assert any("spokeswoman" in speaker for speaker in heard)

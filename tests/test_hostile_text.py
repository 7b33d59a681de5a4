"""Texts written to cost time: what is looked at grows with their length, and not with its square. Work is counted, not timed."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.brief import LONGEST_COMPARED, MOST_SENTENCES, Brief, make_brief
from agent.evidence import check
from agent.manifest import manifest_of
from agent.reading.read import read
from agent.render.brief_json import brief_text
from agent.settings import Settings
from agent.statement import Fixed, Ledger
from agent.verifying import verify
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.origin import find_origins
from vectorstore.sentence import LONGEST_SENTENCE, sentence_spans

STORY = (
    "The ferry between Orsbay and Hald stopped on Tuesday. Una Lark said that it would sail again on Friday. At least 11 people were hurt, "
    "the coastguard said. "
)
# Each repeats itself so many times as it is given.
SHAPES: dict[str, Callable[[int], str]] = {
    "that he said": lambda n: "The ferry stopped " + "that he said " * n + ".",
    "quotations of a letter": lambda n: "“a” " * n + ".",
    "quotations and who said them": lambda n: "“It stopped,” he said, " * n + "it was.",
    "words in marks": lambda n: "the mayor called the ferry a “disaster” " * n + ".",
    "figures": lambda n: "The ferry lost " + " and ".join(f"{number} people" for number in range(2, n + 2)) + ".",
    "days": lambda n: "It sank on " + ", ".join(f"{1 + number % 28} March {1900 + number % 130}" for number in range(n)) + ".",
    "according to": lambda n: "According to " * n + "the mayor.",
    "names": lambda n: ", ".join(f"Una Lark{'abcdefghij'[number % 10] * (1 + number // 10)}" for number in range(n)) + " met.",
    "brackets": lambda n: "(the ferry " * n + ")" * n + ".",
    "one letter a line": lambda n: "a\n" * n,
    "a quotation of one word": lambda n: f"“{'no ' * n}” he said.",
}
AGAIN = 50


def article(outlet: str, text: str, **fields: str) -> Article:
    known = {"title": "Ferry stops", "outlet": outlet, "published": "2026-11-03", **fields}
    return Article(text, **{name: Field(value, "given", name) for name, value in known.items()})


OTHERS = [article("Hald Post", STORY.replace("11", "4") * 3), article("Varn Courier", STORY * 3 + "Nobody died, said Tor Vik.")]


def calls(work: Callable[[], Any]) -> int:
    """Calls of functions that the work takes, the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def brief(words: Embedder, *more: Article) -> Brief:
    articles = [*more, *OTHERS]
    return make_brief(articles, find_origins(articles), words.embed, Ledger())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sentence_of_twice_the_length_takes_twice_the_work(words: Embedder, shape: str) -> None:
    def both(times: int, outlet: str) -> int:
        text = SHAPES[shape](times) + "\n\n" + STORY * 3
        twice = [article(f"{outlet} Times", text), article(f"{outlet} Sun", text.replace("ferry", "boat"))]
        return calls(lambda: ([read(one) for one in twice], brief(words, *twice)))

    both(AGAIN, "First")  # what is loaded and kept once
    less, more = both(4 * AGAIN, "Second"), both(8 * AGAIN, "Third")
    assert more < 2.6 * less


def test_no_sentence_is_longer_than_the_limit_and_none_is_lost() -> None:
    for text in (*(make(2_000) for make in SHAPES.values()), "x" * 7_000, "The ferry" + "\u00a0" * 9_000 + "stopped.", " " * 50_000):
        spans = sentence_spans(text)
        assert all(0 < span.end - span.start <= LONGEST_SENTENCE for span in spans)
        assert "".join("".join(text[span.start : span.end].split()) for span in spans) == "".join(text.split())


LONG = STORY * (LONGEST_COMPARED // len(STORY) + 5) + "In January an inspector had warned the operator Norline of the rotten mooring lines."


def test_an_article_that_is_too_long_is_compared_in_part_which_is_said_and_can_be_verified(words: Embedder) -> None:
    articles = [article("Long Times", LONG), *OTHERS]
    with Library.in_memory(articles, embedder=words) as library:
        ledger = Ledger()
        articles = library.articles()
        long = next(one for one in articles if one.outlet.value == "Long Times")
        made = make_brief(articles, find_origins(articles), words.embed, ledger)
        (said,) = [one for one in made.missing if one.rule == "read_in_part"]
        assert "Long Times" in said.text
        assert f"the first {made.compared_to[long.article_id]:,} characters" in said.text
        assert check(said, ledger, ["Long Times"]).passed
        assert all(
            citation.end <= LONGEST_COMPARED
            for one in made.statements()
            if not isinstance(one, Fixed)
            for citation in one.citations
            if citation.outlet == "Long Times"
        )
        manifest = manifest_of(made.articles, library, Settings(Path()), made.reader, [], datetime(2026, 11, 28, tzinfo=UTC))
        text = brief_text(replace(made, manifest=manifest))
        assert not verify(text, library).faults
        assert verify(text.replace(f'"compared_to": {made.compared_to[long.article_id]}', '"compared_to": 7'), library).faults


FIRE = (
    "At least four people were injured when a fire destroyed the customs hall of the ferry terminal in Varn on Friday night, the "
    "coastguard said. Small boats carried 212 passengers of the ferry Norwind to safety. The port office closed the terminal for three "
    "weeks. The cause of the fire was not known, and the operator Norline did not answer questions on Saturday morning. "
)
WARNED = (
    "In January an inspector, Per Aldo, had warned the operator Norline in a letter that the wiring of the hall was older than 40 years. "
)


def test_no_silence_is_said_of_what_stands_in_the_part_that_was_not_compared(words: Embedder) -> None:
    told = [article("Harbour Post", FIRE), article("Courier", FIRE.replace("Small boats", "Lifeboats").replace("closed", "shut") + WARNED)]
    long = FIRE.replace("At least", "Nearly") * (LONGEST_COMPARED // len(FIRE) + 2)

    def only(text: str) -> bool:
        articles = [article("Long Times", text), *told]
        made = make_brief(articles, (), words.embed, Ledger())
        return any("Per Aldo" in finding.statements[0].text for finding in made.section("Only one"))

    assert only(long)
    assert not only(long + WARNED)


def test_many_short_sentences_are_bounded_too(words: Embedder) -> None:
    text = " ".join(f"The boat of {'abcdefghij'[number % 10] * (2 + number // 400)} stopped." for number in range(3 * MOST_SENTENCES))
    made = brief(words, article("Loud Times", text))
    assert [one for one in made.missing if one.rule == "read_in_part"]
    assert made.articles

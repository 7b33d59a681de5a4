"""What stands on the first screen of a brief, and how its lines are worded. Outlets and events are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from agent.brief import Brief, Section, make_brief
from agent.comparing.prose import is_piece
from agent.comparing.voices import voices
from agent.reading.first_names import folded, one_form
from agent.reading.read import read
from agent.render.first_screen import Row, not_found, rows
from agent.statement import Citation, Ledger, Reported, Statement
from agent.tables import Finding
from agent.wording import computed, fixed
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.origin import find_origins


def said(outlet: str, text: str) -> Reported:
    return Reported(text, (Citation("e1", outlet, "t", outlet, None, None, 0, len(text), text),))


def screen(**sections: Sequence[tuple[Statement, ...]]) -> tuple[Brief, dict[str, Row]]:
    empty = make_brief((), (), lambda texts: np.zeros((len(texts), 1), np.float32), Ledger())
    made = replace(
        empty,
        refusal=(),
        sections=tuple(Section(name.replace("_", " "), tuple(map(Finding, findings))) for name, findings in sections.items()),
    )
    return made, {row.section: row for row in rows(made)}


def test_what_was_looked_for_in_vain_is_said_last_and_fills_no_row() -> None:
    made, shown = screen(Disputed=[(fixed("nothing_disputed"),)], Agreed=[(fixed("nothing_agreed"),)])
    assert shown == {}
    assert [one.name for one in not_found(made)] == ["nothing_disputed", "nothing_agreed"]


def test_no_outlet_fills_a_row_and_what_is_said_of_all_is_said_once() -> None:
    absent = computed("silent_others", 2, 2)
    lines = [(said(outlet, f"{outlet} has {number} boats."), absent) for number, outlet in enumerate(("Post", "Post", "Post", "Courier"))]
    _, shown = screen(Only_one=lines)
    row = shown["Only one"]
    assert [(number, line[0].text) for number, line in row.lines] == [(1, "Post has 0 boats."), (4, "Courier has 3 boats.")]
    assert (row.more, row.each) == (2, absent)
    assert all(len(line) == 1 for _, line in row.lines)


def test_headlines_stand_on_it_and_one_that_is_not_known_does_not() -> None:
    _, shown = screen(Headlines=[(computed("headline", "Post", "Fire in Varn"),), (computed("headline", "Courier", ""),)])
    assert [line[0].text for _, line in shown["Headlines"].lines] == ['Post: "Fire in Varn"']


def test_a_dispute_that_may_be_about_two_things_waits_below() -> None:
    sides = ("“4 boats”", "", "Post"), ("“5 cars”", "", "Courier")
    unsure, sure = (computed("disputed", relation, "How many", *sides) for relation in ("scope", "conflict"))
    _, shown = screen(Disputed=[(sure,), (unsure,)])
    assert [line for _, line in shown["Disputed"].lines] == [(sure,)]
    assert shown["Disputed"].more == 1


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((2, 0, 0, 0), "so say Post and Courier (2 origins)"),
        ((0, 2, 0, 0), "so report Post and Courier (2 origins; each on somebody's word)"),
        ((0, 0, 2, 0), "so report Post and Courier (2 origins; each with reserve)"),
        ((0, 0, 0, 2), "so report Post and Courier (2 origins; each denies it)"),
        ((1, 1, 0, 0), "so report Post and Courier (2 origins)"),
    ],
)
def test_agreement_tells_the_way_only_where_all_share_it(counts: tuple[int, int, int, int], words: str) -> None:
    assert computed("agreement", ("Post", "Courier"), 2, *counts).text == words


def test_shares_are_rounded_and_a_trace_is_not_nothing() -> None:
    assert "(28 %)" in computed("voice", "Ida Moll", "unknown", 121, 434, ("Post",)).text
    assert "(under 1 %)" in computed("voice", "Ida Moll", "unknown", 1, 434, ("Post",)).text
    assert computed("shares_of_types", 400, ("official", "399"), ("unknown", "1")).text.endswith("official 100 %, type unknown under 1 %")


def article(outlet: str, text: str) -> Article:
    return Article(text, outlet=Field(outlet, "given", "outlet"), title=Field("Harbour fire", "given", "title"))


FIRE = "A fire destroyed the customs hall of the ferry terminal in Varn on Friday night, and four people were taken to hospital. "
MOLL = "“We had eleven minutes before the whole roof of the hall went down,” {} said. "
REST = (
    "The port office closed the terminal for three weeks. The ferry Norwind carried 212 passengers. The cause was not known on "
    "Saturday, and the operator Norline did not answer questions about the wiring of the hall, which is older than 40 years. "
)


def test_forms_of_one_name_are_one_speaker() -> None:
    texts = {
        "Post": MOLL.format("Rick O'Möll"),
        "Courier": MOLL.format("Richard J. O’Moll"),
    }
    readings = [read(article(outlet, FIRE + text + REST)) for outlet, text in texts.items()]
    assert len(voices(readings, {})) == 1
    assert folded("Peña’s") == "pena's"
    assert (one_form("Mike"), one_form("Ivo")) == ("michael", "ivo")


def test_who_is_quoted_in_one_outlet_alone_is_said_only_of_names_found_nowhere_else(minilm: Embedder) -> None:
    quoted = FIRE + MOLL.format("Captain Ida Moll") + REST
    alone = made(minilm, article("Post", quoted), article("Courier", REST + FIRE))
    (line,) = [one.statements[0].text for one in alone.section("Who gets to speak") if "one outlet only" in one.statements[0].text]
    assert line == "Named and quoted in one outlet only: Ida Moll in Post"
    named = made(minilm, article("Post", quoted), article("Courier", REST + FIRE + "Nobody had seen Móll on Sunday."))
    assert not [one for one in named.section("Who gets to speak") if "one outlet only" in one.statements[0].text]


def test_one_sentence_in_two_outlets_is_said_to_be_in_the_same_words(minilm: Embedder) -> None:
    one = "He left at nine without a word to the twelve reporters at the gate. "
    other = (
        "Varn has had three large fires since March. The council meets on Tuesday to talk about pumps, hydrants and the age of the "
        "fire boats, said a clerk. The mayor has not spoken to the press since the winter, and her office was closed all day. Two "
        "pensioners with a bench by the water watched until midnight, and sold tea to the firemen. "
    )
    texts = (FIRE + one + REST, other + one)
    shared = made(minilm, article("Post", texts[0]), article("Courier", texts[1])).section("Probably shared")
    assert "in the same words in" in " ".join(statement.text for finding in shared for statement in finding.statements)


def made(minilm: Embedder, *articles: Article) -> Brief:
    return make_brief(articles, find_origins(articles), minilm.embed, Ledger())


def test_it_is_read_in_a_minute_and_every_row_keeps_its_first_line() -> None:
    long = " ".join(["word"] * 24)
    sections = {
        name: [(said(f"{outlet}", f"{outlet} says {long}."),) for outlet in ("Post", "Courier", "Herald", "Metro", "Tribune")]
        for name in ("Disputed", "Agreed", "Probably_shared", "Only_one", "Silent", "Copies", "Quoted_differently")
    }
    _, shown = screen(**sections)
    counts = {name: len(row.lines) for name, row in shown.items()}
    assert counts == {"Disputed": 3, "Agreed": 1, "Probably shared": 1, "Only one": 2, "Silent": 1, "Copies": 1, "Quoted differently": 1}
    assert all(row.more + len(row.lines) == 5 for row in shown.values())


def test_a_long_line_gives_way_to_a_shorter_one_but_not_among_disputes() -> None:
    long, short = (said("Post", " ".join([letter * 2] * number) + ".") for letter, number in (("a", 48), ("b", 5)))
    _, shown = screen(Agreed=[(long,), (short,)], Disputed=[(long,), (short,)])
    assert [number for number, _ in shown["Agreed"].lines] == [2, 1]
    assert [number for number, _ in shown["Disputed"].lines] == [1, 2]


def test_the_other_outlet_is_not_counted() -> None:
    assert computed("silent_others", 1, 1).text == "not found in the 1 article of the other outlet held here"
    assert computed("silent_others", 2, 3).text == "not found in the 3 articles of the 2 other outlets held here"


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("9:24 p.m. — Ida Moll takes over at the bridge of the Brakka.", True),
        ("9:24 p.m.: Ida Moll takes over at the bridge of the Brakka.", True),
        ("29 Oct 2024 02.15 GMT Norwind 4 Brakka 1, and the third race begins.", True),
        ("At 9:24 p.m. Ida Moll took over at the bridge of the Brakka.", False),
        ("(At one point the captain called the harbour master in Varn.", True),
        ("The captain (Ida Moll) called the harbour master in Varn.", False),
        ("Welcome to the harbour festival of Varn, Ida Moll!", True),
        ("“Leave the pier!” the harbour master shouted at the crowd in Varn.", False),
        ("In that case, the port of Varn would have to close for a year.", True),
        ("In the case of Ida Moll, the port of Varn was closed for a year.", False),
    ],
)
def test_a_piece_stands_for_no_claim(text: str, piece: bool) -> None:
    (sentence,) = read(Article(text)).sentences
    assert is_piece(sentence) == piece


def test_the_clock_of_an_entry_of_a_live_page_is_no_disputed_time(minilm: Embedder) -> None:
    texts = [
        f"Ida Moll raced the ferry Brakka across the bay of Varn on Sunday.\n{at} p.m. — Ida Moll is leaving the race with an injured hand."
        for at in ("10:19", "5:10")
    ]
    articles = [
        Article(text + " The race went on." * 20, outlet=Field(f"Outlet {number}", "given", "outlet")) for number, text in enumerate(texts)
    ]
    with Library.in_memory(articles, embedder=minilm) as library:
        made = make_brief(library.articles(), (), library.embed, Ledger(), states=library.states)
    assert not [one for finding in made.section("Disputed") for one in finding.statements if one.kind == "computed"]

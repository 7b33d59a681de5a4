from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.credit import Credit, read_credits

BODY = "Fire broke out in the port.\n\nCrews came from Orsbay.\n\nNobody was hurt.\n\nThe cause is not known.\n\nThe port stays shut."


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def credits_in(text: str, *, author: str | None = None, outlet: str | None = "Harbour Post") -> list[Credit]:
    return list(read_credits(Article(text, outlet=value(outlet), author=value(author))))


def named(text: str, **fields: str | None) -> set[tuple[str, str, str]]:
    return {(credit.name, credit.role, credit.place) for credit in credits_in(text, **fields)}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("HALD, March 14 (AP) — Fire broke out.", "Associated Press"),
        ("HALD, Torvany (Reuters) - Fire broke out.", "Reuters"),
        ("(AFP) – Fire broke out.", "Agence France-Presse"),
        ("HALD. 14 March. /TASS/. Fire broke out.", "TASS"),
        ("AFP/Hald — Fire broke out.", "Agence France-Presse"),
        ("HALD, March 14 (Pellwire) — Fire broke out.", "Pellwire"),
    ],
)
def test_a_dateline_credits_its_agency(line: str, name: str) -> None:
    assert named(f"{line}\n\n{BODY}") == {(name, "text", "dateline")}


@pytest.mark.parametrize("line", ["By Ada Holm, Associated Press", "By The Associated Press", "BY ADA HOLM | Associated Press", "From AP"])
def test_a_byline_credits_its_agency(line: str) -> None:
    assert named(f"Fire in the port\n{line}\n\n{BODY}") == {("Associated Press", "text", "byline")}


def test_an_agency_under_a_byline_is_part_of_it_and_alone_it_owns_the_picture() -> None:
    assert named(f"By ADA HOLM\nAssociated Press\n\n{BODY}") == {("Associated Press", "text", "byline")}
    assert named(f"ASSOCIATED PRESS\n\n{BODY}") == set()
    assert named(f"Bo Ek | Reuters\n\n{BODY}") == set()
    assert named(f"{BODY}\n\nPhoto: Bo Ek / Reuters") == set()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("(Pellwire/Nordwire)", {("Pellwire", "text", "end"), ("Nordwire", "text", "end")}),
        ("The port stays shut. (AP)", {("Associated Press", "text", "end")}),
        ("— Reuters", {("Reuters", "text", "end")}),
        ("© 2025 AAP", {("Australian Associated Press", "text", "line")}),
        ("Copyright 2025 The Associated Press. All rights reserved.", {("Associated Press", "text", "line")}),
        ("This article was originally published on Hald Metro.", {("Hald Metro", "text", "line")}),
        ("The Associated Press contributed to this report.", {("Associated Press", "material", "line")}),
        ("Associated Press writers Ada Holm and Bo Ek in Hald contributed to this report.", {("Associated Press", "material", "line")}),
        ("With material from Pellwire and Nordwire.", {("Pellwire", "material", "line"), ("Nordwire", "material", "line")}),
        ("With Bloomberg/Reuters", {("Bloomberg", "material", "line"), ("Reuters", "material", "line")}),
        ("With agencies", set()),
        ("Smoke has contributed to the losses of the port.", set()),
        ("She spoke with Ada Holm.", set()),
    ],
)
def test_the_bottom_credits_the_text_or_parts_of_it(line: str, expected: set[tuple[str, str, str]]) -> None:
    assert named(f"{BODY}\n\n{line}") == expected


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The letter, first reported by the Hald Metro, was sent in May.", "Hald Metro"),
        ("Hald Metro first reported that the letter was sent.", "Hald Metro"),
        ("Pellwire was the first to report the fire.", "Pellwire"),
    ],
)
def test_who_had_the_news_first_is_found_anywhere(sentence: str, name: str) -> None:
    assert named(BODY.replace("Nobody was hurt.", sentence)) == {(name, "report", "prose")}


def test_a_name_in_brackets_in_the_middle_is_no_credit() -> None:
    assert named(f"{BODY}\n\nThe unit (Pellwire) — an agency.\n\n{BODY}") == set()


def test_the_author_field_credits_people_and_agencies_and_nobody() -> None:
    assert named(BODY, author="Bo Ek and Cy Dahl") == {("Bo Ek", "text", "author"), ("Cy Dahl", "text", "author")}
    assert ("Associated Press", "text", "author") in named(BODY, author="Ada Holm, The Associated Press")
    assert named(BODY, author="Staff Reporter") == named(BODY, author="News Desk") == set()


def test_an_outlet_does_not_credit_itself() -> None:
    assert named("HALD (AP) — " + BODY, outlet="AP") == {("Associated Press", "text", "dateline")}
    assert named("HALD (Pellwire) — " + BODY, outlet="Pellwire") == set()


def test_every_credit_says_its_words_and_their_place() -> None:
    text = f"HALD, March 14 (AP) — {BODY}\n\nWith material from Nordwire."
    found = credits_in(text, author="Ada Holm")
    assert [credit.span is None for credit in found] == [True, False, False]
    for credit in found[1:]:
        assert credit.span is not None
        assert text[credit.span.start : credit.span.end] == credit.words


def test_other_agencies_may_be_known() -> None:
    article = Article("By Ada Holm, NW\n\n" + BODY)
    assert [credit.name for credit in read_credits(article, {"nw": "Nordwire"})] == ["Nordwire"]
    assert read_credits(article) == ()


@pytest.mark.parametrize("text", ["", " ", "(", "A" * 200_000, "(A" * 50_000, "By " * 50_000, "X first " * 30_000, "With A, " * 30_000])
def test_hostile_texts_are_read_in_little_time(text: str) -> None:
    started = time.process_time()
    credits_in(text)
    assert time.process_time() - started < 5


@given(st.text(alphabet=st.sampled_from(list("(AP) —/.,\n “By©first reported withW")), max_size=200))
def test_words_and_places_always_agree(text: str) -> None:
    for credit in credits_in(text):
        assert credit.span is not None
        assert text[credit.span.start : credit.span.end] == credit.words

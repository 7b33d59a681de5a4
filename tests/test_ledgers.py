"""The ledgers of a comparison: who does what, which words, who is heard, what is missing, who was first, and why a finding was made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.brief import Brief, make_brief
from agent.comparing.claims import compared_sentences, on_whose_word
from agent.comparing.doers import deeds_in
from agent.comparing.vocabulary import log_odds
from agent.evidence import check, citation_faults
from agent.reading.grammar import parse
from agent.reading.read import read
from agent.render.brief_json import brief_text
from agent.render.comparison import comparison_lines, why_lines
from agent.statement import Ledger
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.origin import find_origins

POST = (
    "Police killed four people when they cleared the shaft at Brakka on Tuesday morning. “They came over the fence before dawn,” said "
    "Tomas Ferrick, leader of the miners’ union. The blockade of the shaft had lasted two weeks. The mine employs 1,400 people in the town "
    "of Brakka. The interior minister, Pavel Reszko, promised an inquiry within a month, and the hospital treated fourteen people for the "
    "effects of tear gas during the day."
)
RADIO = (
    "Four people were killed at Brakka on Tuesday morning when the shaft was cleared. The two-week blockade of the shaft is over, the "
    "interior ministry said. “Order has been restored in the valley,” said Pavel Reszko, the interior minister. The mine employs 1,400 "
    "people in Brakka, according to the company. The minister spoke of a regrettable operation and thanked the officers who had taken "
    "part in it."
)
WEEKLY = (
    "The mine at Brakka employs 1,400 people in the town. The blockade of its shaft had lasted two weeks. The mob at the gate had sworn to "
    "stay, and the mob sang all night. A mob is what the shareholders feared, and the price of zinc rose by a tenth at the exchange in "
    "Lissen, where the brokers had waited for an end since the first days of the month."
)


def article(outlet: str | None, text: str, published: str | None = "2025-04-08T09:00:00+02:00", **fields: Any) -> Article:
    return Article(
        text,
        title=Field(fields.pop("title", f"Report of {outlet}"), "given", "title"),
        outlet=Field(outlet, "given", "outlet") if outlet else Field(),
        published=Field(published, "given", "published") if published else Field(),
        **fields,
    )


def brief(minilm: Embedder, *articles: Article, **options: Any) -> Brief:
    return make_brief(articles, find_origins(articles), minilm.embed, Ledger(), states=getattr(minilm, "states", None), **options)


@pytest.fixture(scope="module")
def made(minilm: Embedder) -> Brief:
    return brief(
        minilm,
        article("Post", POST),
        article("Radio", RADIO, "2025-04-08T12:00:00+02:00"),
        article("Weekly", WEEKLY, "2025-04-10T12:00:00+02:00"),
    )


def deeds(text: str) -> list[tuple[str, str, str]]:
    sentences = compared_sentences([read(Article(text))])
    return [(deed.act, deed.doer, text[slice(*deed.span)]) for one in sentences for deed in deeds_in(one, *parse([one.sentence.text]))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Troops killed four people at the gate on Monday.", ("killing", "subject", "Troops killed")),
        ("Four people were killed at the gate on Monday.", ("killing", "nobody", "were killed")),
        ("Four people were killed by troops at the gate on Monday.", ("killing", "after by", "killed by troops")),
        ("Four people died at the gate on Monday night.", ("killing", "nobody", "died")),
        ("Four people were killed by Monday night, it was said.", ("killing", "nobody", "were killed")),
        ("The four killed in the blast were named on Monday night.", ("killing", "nobody", "killed")),
        ("Four men were shot dead by police during the raid on Monday.", ("shooting", "after by", "shot dead by police")),
        (
            "Soldiers came over the fence and cleared the shaft on Monday.",
            ("clearing", "subject", "Soldiers came over the fence and cleared"),
        ),
        ("Police used tear gas to clear the square on Monday.", ("clearing", "subject", "Police used tear gas to clear")),
        ("The army has been shelling the town since Monday.", ("striking", "subject", "The army has been shelling")),
        ("The bridge collapsed under the weight of a lorry.", ("destroying", "nobody", "collapsed")),
    ],
)
def test_whom_the_words_make_the_doer(text: str, expected: tuple[str, str, str]) -> None:
    assert deeds(text) == [expected]


def test_what_is_quoted_and_adjectives_are_no_deeds() -> None:
    assert deeds("“They killed him,” said the mother of the boy on Monday.") == []
    assert deeds("The wounded were in the hospital of the town on Monday.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The police did not kill the man at the gate on Monday.",
        "His actions had hurt the relationship between the two towns.",
        "The killing of four people shocked the town on Monday.",
        "It killed four people at the gate on Monday.",
        "The recently resigned director of the mine spoke on Monday.",
    ],
)
def test_what_was_not_done_and_what_nobody_named_did_names_no_doer(text: str) -> None:
    assert deeds(text) == []


def test_a_second_verb_shares_the_passive_of_the_first() -> None:
    text = "The clerk was arrested and jailed by the coastguard on Monday night."
    assert [(doer, words) for _, doer, words in deeds(text)] == [("nobody", "was arrested"), ("after by", "jailed by the coastguard")]


def test_the_same_act_with_a_doer_and_without_one(made: Brief) -> None:
    (finding,) = made.section("Who did it")
    assert finding.statements[0].text == ("“Police killed”, which names a doer, in Post; “were killed”, which names no doer, in Radio")


def test_a_fact_here_is_somebodys_word_there(made: Brief) -> None:
    said = [finding.statements[1].text for finding in made.section("Fact here, somebody's word there")]
    assert any("as fact in" in text and "on the word of" in text for text in said)
    assert not any("Radio" in text.split(";")[0] and "the company" in text for text in said)


def test_types_of_sources_and_who_is_absent(made: Brief) -> None:
    rows = {row.speaker: row for row in made.tables.sourcing.voices}
    assert rows["Tomas Ferrick"].source_type == "NGO or union"
    assert rows["Tomas Ferrick"].absent == ("Radio", "Weekly")
    assert rows["Pavel Reszko"].source_type == "official"
    shares = made.section("Who gets to speak")[0].statements[0].text
    assert "official" in shares
    assert "NGO or union" in shares


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Pointing at the map, Ida Moll said that the shaft is closed.", "Ida Moll", "said"),
        ("The chief asked the crew to leave the shaft, the ministry of mines said on Monday.", "the ministry of mines", "said"),
        ("Asked if the crew believed it, Ida Moll said that the shaft is closed.", "Ida Moll", "said"),
    ],
)
def test_on_whose_word_a_sentence_is(text: str, source: str, cue: str) -> None:
    reading = read(Article(text))
    one = on_whose_word(reading, [said for sentence in reading.sentences for said in sentence.attributions])
    assert one is not None
    assert (text[slice(*one.source)], text[slice(*one.cue)]) == (source, cue)


def test_of_outlets_not_known_nobody_was_first(minilm: Embedder) -> None:
    known = brief(minilm, article("Post", POST), article("Radio", RADIO, "2025-04-09T12:00:00+02:00"))
    unknown = brief(minilm, article(None, POST), article(None, RADIO, "2025-04-09T12:00:00+02:00"))
    assert known.section("Who had it first")
    assert not unknown.section("Who had it first")
    assert any("neither silence nor who was first is said" in line.text for line in unknown.missing)


def test_two_of_one_minute_stand_in_no_order(minilm: Embedder) -> None:
    made = brief(minilm, article("Post", POST, "2025-04-08T09:00:05+02:00"), article("Radio", RADIO, "2025-04-08T09:00:40+02:00"))
    assert not made.section("Who had it first")


def test_what_tells_nothing_alone_is_not_set_side_by_side(minilm: Embedder) -> None:
    said = " “We need to keep it that way,” he said."
    made = brief(minilm, article("Post", POST + said), article("Radio", RADIO + said))
    assert not any("keep it that way" in finding.statements[0].text for finding in made.section("Probably shared"))


def test_shares_of_types_are_not_told_where_most_speakers_are_of_no_known_type(minilm: Embedder) -> None:
    said = " “It was the worst night of my whole life and nobody came to help us,” said Ida Moll. “They never came,” said Anna Berg."
    made = brief(minilm, article("Post", POST.replace(", leader of the miners’ union", "") + said), article("Weekly", WEEKLY))
    assert not any("Of " in line.text[:3] for finding in made.section("Who gets to speak") for line in finding.statements)


def test_words_of_an_outlet_are_shown_where_they_stand(made: Brief) -> None:
    (weekly,) = (row for row in made.tables.loaded if row.outlet == "Weekly")
    assert {place.quote for place in weekly.places} == {"mob"}
    texts = {article.article_id: article.text for article in made.articles}
    assert all(texts[place.article_id][place.start : place.end] == place.quote for place in weekly.places)


def test_log_odds_with_a_prior() -> None:
    assert log_odds(10, 1000, 10, 1000, 5, 500) == 0
    assert log_odds(20, 1000, 10, 1000, 5, 500) > 0
    assert log_odds(10, 1000, 20, 1000, 5, 500) == -log_odds(20, 1000, 10, 1000, 5, 500)
    # The more is known beforehand, the less a difference says.
    assert log_odds(20, 1000, 10, 1000, 50, 5000) < log_odds(20, 1000, 10, 1000, 5, 500)
    assert log_odds(3, 0, 3, 10, 1, 10) == 0


def test_who_was_first_needs_times(minilm: Embedder) -> None:
    known = brief(minilm, article("Post", POST), article("Radio", RADIO, "2025-04-08T12:00:00+02:00"))
    assert any(
        "earliest here in Post (2025-04-08 09:00); then Radio" in one.statements[1].text for one in known.section("Who had it first")
    )
    days = brief(minilm, article("Post", POST, "2025-04-08"), article("Radio", RADIO, "2025-04-08"))
    assert days.section("Who had it first") == ()
    unknown = brief(minilm, article("Post", POST, None), article("Radio", RADIO, "2025-04-08"))
    assert unknown.section("Who had it first") == ()
    assert any("Post" in row.undated for row in unknown.tables.timeline)
    assert any("no known date" in one.text for one in unknown.missing)


def test_what_a_later_version_dropped(minilm: Embedder) -> None:
    url = Field("https://post.example/brakka", "given", "url")
    before = article("Post", POST, url=url)
    after = article("Post", POST.replace("The mine employs 1,400 people in the town of Brakka. ", ""), "2025-04-08T18:00:00+02:00", url=url)
    others = article("Radio", RADIO, "2025-04-08T12:00:00+02:00"), article("Weekly", WEEKLY, "2025-04-10T12:00:00+02:00")
    made = brief(minilm, after, *others, earlier={after.article_id: (before,)})
    dropped = [entry for row in made.tables.timeline for entry in row.entries if entry.what == "dropped"]
    assert [(entry.outlet, "1,400 people" in entry.words.quote) for entry in dropped] == [("Post", True)]


def test_what_a_later_version_corrected(minilm: Embedder) -> None:
    url = Field("https://post.example/brakka", "given", "url")
    before = article("Post", POST.replace("1,400", "1,100"), url=url)
    after = article("Post", POST, url=url, modified=Field("2025-04-08T18:00:00+02:00", "given", "modified"))
    others = article("Radio", RADIO, "2025-04-08T12:00:00+02:00"), article("Weekly", WEEKLY, "2025-04-10T12:00:00+02:00")
    made = brief(minilm, after, *others, earlier={after.article_id: (before,)})
    (row,) = (row for row in made.tables.timeline if "1,400" in row.claim.text)
    assert [(entry.what, entry.outlet) for entry in row.entries] == [
        ("first", "Radio"), ("followed", "Post"), ("followed", "Weekly"), ("changed", "Post"),
    ]  # fmt: skip
    assert "1,100" in row.entries[-1].words.quote


def test_silence_shows_what_was_found_instead(minilm: Embedder) -> None:
    silent = (
        "The herring fleet of Lund stayed in port this week, as prices at the auction fell by a third, and the fishermen of the town of "
        "Varn asked the ministry for a longer season. "
    ) * 3
    articles = article("Post", POST), article("Radio", RADIO), article("Weekly", WEEKLY), article("Echo", silent, "2025-04-12T09:00:00Z")
    made = brief(minilm, *articles)
    rows = [row for row in made.tables.silences if row.outlet == "Echo"]
    assert rows
    # Post and Radio printed in the same minute.
    firsts = tuple(f"it was out: {outlet} had it 2025-04-08 09:00" for outlet in ("Post", "Radio"))
    assert all(row.public.text.startswith(firsts) for row in rows)
    assert any("but not" in miss.why_not.text for row in rows for miss in row.passages)
    assert any("not found in the 1 article of Echo held here" in one.text for f in made.section("Silent") for one in f.statements)


def test_what_was_not_out_yet_is_no_silence(minilm: Embedder) -> None:
    silent = "The herring fleet of Lund stayed in port this week, as prices at the auction fell by a third. " * 6
    made = brief(minilm, article("Post", POST), article("Radio", RADIO), article("Echo", silent, "2025-04-01T09:00:00Z"))
    assert [row for row in made.tables.silences if row.outlet == "Echo"] == []


def test_a_near_copy_that_holds_it_is_no_silence(minilm: Embedder) -> None:
    """Echo cut the sentence out of Post's text; what Post's text says, Echo is not silent on."""
    cut = POST.replace("The mine employs 1,400 people in the town of Brakka. ", "")
    made = brief(minilm, article("Post", POST), article("Radio", RADIO), article("Weekly", WEEKLY), article("Echo", cut))
    assert not any(row.outlet == "Echo" and "1,400" in row.claim.text for row in made.tables.silences)
    assert made.matrix is not None
    column = made.matrix.outlets.index("Echo")
    assert [row.cells[column] for row in made.matrix.rows if "1,400" in row.claim.text] == ["unclear"]


def test_what_an_unread_copy_holds_is_no_silence(minilm: Embedder) -> None:
    """Of five near copies of Echo three are compared; the sentence stands in one of the others."""
    base = "The herring fleet of Lund stayed in port this week, as prices at the auction fell by a third. " * 6
    extra = "The mine at Brakka employs 1,400 people in the town. "
    texts = [(base + extra if number == 2 else base) + f"This is print number {number}." for number in range(5)]
    echoes = [article("Echo", text, "2025-04-12T09:00:00Z", title=f"Print {number}") for number, text in enumerate(texts)]
    made = brief(minilm, article("Post", POST), article("Radio", RADIO), article("Weekly", WEEKLY), *echoes)
    assert not any(row.outlet == "Echo" and "1,400" in row.claim.text for row in made.tables.silences)


def test_every_sentence_and_every_citation_passes_the_gate(made: Brief) -> None:
    outlets = ["Post", "Radio", "Weekly"]
    for statement in made.statements():
        assert check(statement, made.ledger, outlets).passed, (statement, check(statement, made.ledger, outlets).reasons)
    citations = list(made.tables.citations())
    assert citations
    assert [fault for citation in citations for fault in citation_faults(citation, made.ledger)] == []


def test_ids_are_short_one_of_a_kind_and_the_same_again(made: Brief, minilm: Embedder) -> None:
    ids = [finding.finding_id for section in made.sections for finding in section.findings if finding.finding_id]
    assert len(ids) == len(set(ids))
    assert all(len(one) <= 7 for one in ids)
    again = brief(
        minilm,
        article("Weekly", WEEKLY, "2025-04-10T12:00:00+02:00"),
        article("Radio", RADIO, "2025-04-08T12:00:00+02:00"),
        article("Post", POST),
    )
    assert {finding.finding_id for finding in again.section("Who did it")} == {finding.finding_id for finding in made.section("Who did it")}


def test_a_finding_can_be_asked_why(made: Brief) -> None:
    wanted = made.section("Who did it")[0]
    found = made.finding(wanted.finding_id)
    assert found == ("Who did it", wanted)
    text = "\n".join(why_lines(*found))
    assert "rule: In sentences that state the same thing" in text
    assert "Police killed" in text
    assert "characters 0 to 13" in text
    assert made.finding("zzzzz") is None
    assert made.finding("") is None


def test_scores_have_their_limits(made: Brief) -> None:
    finding = next(
        finding for name in ("Agreed", "Probably shared") for finding in made.section(name) if finding.why and finding.why.scores
    )
    assert finding.why is not None
    assert "asked)" in finding.why.scores[0].text


def test_the_comparison_as_text_and_as_json(made: Brief) -> None:
    text = "\n".join(comparison_lines(made))
    for heading in ("Who did it", "Who gets to speak", "Outlet by claim", "Words quoted by type of source"):
        assert f"\n{heading}" in text
    data = json.loads(brief_text(made))
    assert next(one for one in data["sections"] if one["name"] == "Who did it")["findings"][0]["why"]["rule"]["name"] == "why_doers"
    assert {row["speaker"] for row in data["tables"]["sourcing"]["voices"]} >= {"Tomas Ferrick", "Pavel Reszko"}
    assert data["matrix"][0]["positions"][0]["place"]["paragraphs"] == 1


def test_hostile_words_stay_inert_in_a_comparison(minilm: Embedder) -> None:
    evil = POST.replace("the town of Brakka", "the town of \x1b[31mBrakka\u202e")
    text = "\n".join(comparison_lines(brief(minilm, article("P\x1b]0;x\x07", evil), article("Radio", RADIO))))
    assert "\x1b" not in text
    assert "\u202e" not in text

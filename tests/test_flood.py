"""One outlet that floods the library: a thousand near copies change nothing of what is concluded about the others."""

from __future__ import annotations

import time

from agent.brief import PER_ORIGIN, Brief, make_brief
from agent.evidence import check
from agent.statement import Ledger
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.origin import find_origins

WIRE = (
    "At least {} people were injured when a fire destroyed the customs hall of the ferry terminal in Varn on Friday night{}, the "
    "coastguard said. Small boats carried 212 passengers of the ferry Norwind to safety. “We had eleven minutes before the roof "
    "went,” said Captain Ida Moll of the coastguard. The port office closed the terminal for three weeks. The cause of the fire was "
    "not known, and the operator Norline did not answer questions about the wiring of the hall on Saturday morning."
)
OTHER = (
    "A fire destroyed the customs hall of the Varn ferry terminal on Friday night, and at least seven people were injured, according to "
    "the coastguard. The 212 passengers of the ferry Norwind were carried to safety in small boats. In January an inspector, Per Aldo, "
    "had warned the operator Norline in a letter that the wiring of the hall was older than 40 years. The mayor, Lis Brandt, wants to "
    "see the letter before the town council meets on Tuesday, and asked the operator to publish it in full."
)


def article(outlet: str, text: str, day: str = "2025-03-14", number: int = 0) -> Article:
    fields = {"title": "Fire in Varn", "outlet": outlet, "url": f"https://{outlet.split()[0].lower()}.example/{number}", "published": day}
    return Article(text, **{name: Field(value, "given", name) for name, value in fields.items()})


OTHERS = [
    article("Harbour Post", WIRE.format("four", "")),
    article("Courier", OTHER),
    article("Metro", OTHER.replace("on Friday night", "late on Friday")),
]
FLOOD = [article("Loud Daily", WIRE.format("ninety", f", reader {number}"), "2025-03-15", number) for number in range(1_000)]


def brief(embedder: Embedder, articles: list[Article]) -> Brief:
    return make_brief(articles, find_origins(articles), embedder.embed, Ledger())


def texts(made: Brief, section: str) -> list[str]:
    return [finding.statements[0].text for finding in made.section(section)]


def test_the_brief_says_of_the_others_what_it_said_and_shows_both_counts(minilm: Embedder) -> None:
    alone = brief(minilm, OTHERS)
    started = time.monotonic()
    flooded = brief(minilm, [*OTHERS, *FLOOD])
    assert time.monotonic() - started < 60
    assert alone.counts.text == "3 outlets, 3 articles, 2 independent origins"
    assert flooded.counts.text == "4 outlets, 1,003 articles, 2 independent origins"
    assert set(texts(alone, "Agreed")) <= set(texts(flooded, "Agreed"))
    assert texts(alone, "Only one") == texts(flooded, "Only one")
    (disputed,) = texts(alone, "Disputed")
    assert "“At least four people” in Harbour Post" in disputed
    assert "“at least seven people” in Courier and Metro" in disputed
    sides = ("“At least four people” in Harbour Post", "“at least seven people” in Courier and Metro")
    assert any(all(side in text for side in sides) for text in texts(flooded, "Disputed"))
    (said,) = [item for item in flooded.missing if item.rule == "repeated"]
    assert f"{1_000 - PER_ORIGIN} more articles of Loud Daily" in said.text
    assert check(said, flooded.ledger, ["Loud Daily"]).passed
    assert not [item for item in alone.missing if item.rule == "repeated"]


def test_a_contrast_hears_every_outlet_before_any_speaks_twice(words: Embedder) -> None:
    with Library.in_memory([*OTHERS, *FLOOD], embedder=words) as library:
        hits = library.search("at least ninety people injured, reader 7", limit=4, spread=True)
        assert {hit.article.outlet.value for hit in hits} == {"Harbour Post", "Courier", "Metro", "Loud Daily"}
        only = library.search("people injured", outlets=["Metro"], limit=10)
        assert {hit.article.outlet.value for hit in only} == {"Metro"}


def test_a_thousand_exact_copies_are_one_passage_in_any_search(words: Embedder) -> None:
    copies = [article("Loud Daily", OTHERS[0].text, "2025-03-15", number) for number in range(1_000)]
    with Library.in_memory(OTHERS, embedder=words) as alone, Library.in_memory([*OTHERS, *copies], embedder=words) as flooded:
        before, after = alone.search("people injured ferry", limit=10), flooded.search("people injured ferry", limit=10)
        assert [(hit.article.outlet.value, hit.start) for hit in before] == [(hit.article.outlet.value, hit.start) for hit in after]
        assert max(len(hit.also) for hit in after) == 1_000

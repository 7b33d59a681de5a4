"""Which sentences of which articles state the same thing."""

from __future__ import annotations

from itertools import combinations, product

from agent.comparing.claims import LIKELY, WITH_BOTH, WITH_ONE, AlignedClaim, Comparison, compare, likely_links
from agent.comparing.exclusive import exclusives, silences
from agent.comparing.naming import naming
from agent.comparing.prose import is_prose
from agent.comparing.sameness import Event, Link
from agent.comparing.voices import unique_words, voices
from agent.reading.read import read
from agent.terms import stem, terms
from vectorstore.article import Article, Field
from vectorstore.minilm import MiniLM
from vectorstore.sentence import Span

POST = (
    "A fire broke out in the ferry terminal of Varn on Friday night and destroyed the customs hall. "
    "The coastguard brought 212 passengers to safety in small boats, said Captain Ida Moll. "
    "“We had eleven minutes before the roof went,” Moll told reporters on the quay. "
    "The terminal will stay closed for at least three weeks, the port office said."
)
COURIER = (
    "The customs hall of the Varn ferry terminal was destroyed by a fire that broke out on Friday night. "
    "Small boats of the coastguard carried 212 passengers to safety. "
    "“We had eleven minutes before the roof went,” said Ida Moll, a captain of the coastguard. "
    "A warning about the wiring had been sent to the operator Norline in January, a letter seen by the Courier shows."
)
WEEKLY = (
    "Fishermen of the Varn coast have asked the ministry for a longer herring season. "
    "Their catch fell by a third last year, the fisheries board reported on Monday. "
    "Prices at the auction in Lund rose to 14 crowns a kilo."
)


def article(outlet: str | None, text: str, published: str | None = "2025-03-14") -> Article:
    return Article(
        text,
        title=Field(f"Report of {outlet}", "given", "title"),
        outlet=Field(outlet, "given", "outlet") if outlet else Field(),
        published=Field(published, "given", "published") if published else Field(),
    )


def compared(minilm: MiniLM, **texts: str) -> Comparison:
    return compare([read(article(outlet, text)) for outlet, text in texts.items()], minilm.embed, minilm.states)


def outlets(comparison: Comparison, words: str) -> set[str | None]:
    return {
        position.outlet
        for claim in comparison.claims
        for position in claim.positions
        if any(words in comparison.readings[0].article.text[slice(*span)] for p in claim.positions[:1] for span in p.spans)
    }


def test_the_same_statement_in_other_words_is_one_claim(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST, Courier=COURIER)
    assert outlets(comparison, "212 passengers") == {"Post", "Courier"}
    assert outlets(comparison, "eleven minutes") == {"Post", "Courier"}
    assert outlets(comparison, "three weeks") == set()


def test_a_story_about_something_else_shares_nothing(minilm: MiniLM) -> None:
    assert compared(minilm, Post=POST, Weekly=WEEKLY).claims == ()


def test_spans_are_the_words_of_the_article(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST, Courier=COURIER)
    texts = {reading.article.article_id: reading.article.text for reading in comparison.readings}
    for claim in comparison.claims:
        assert texts[claim.gist_article][slice(*claim.gist_span)] == claim.gist
        for position in claim.positions:
            assert all(texts[position.article_id][slice(*span)].strip() for span in position.spans)


def test_the_order_of_articles_does_not_change_what_is_shared(minilm: MiniLM) -> None:
    one, other = compared(minilm, Post=POST, Courier=COURIER), compared(minilm, Courier=COURIER, Post=POST)
    assert {claim.gist for claim in one.claims} == {claim.gist for claim in other.claims}


def test_no_sentences_no_claims(minilm: MiniLM) -> None:
    assert compare([], minilm.embed, minilm.states).claims == ()
    assert Event([], minilm.embed, minilm.states).links(0.1) == []


def test_what_only_one_has_and_who_is_silent(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST, Courier=COURIER, Weekly=WEEKLY)
    only = [comparison.sentences[one.sentence].sentence.text for one in exclusives(comparison, {})]
    assert any("Norline" in text for text in only)
    assert not any("212 passengers" in text for text in only)
    silent = {outlet for one in silences(comparison, {}, list(comparison.claims)) for outlet in one.outlets}
    assert silent == {"Weekly"}


def test_copies_are_not_silent_and_not_alone(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST, Metro=POST)
    one_origin = {reading.article.article_id: "post" for reading in comparison.readings}
    assert silences(comparison, one_origin, list(comparison.claims)) == []


def test_a_quotation_printed_by_a_copy_counts_once(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post=POST, Metro=POST, Courier=COURIER)
    ids = [reading.article.article_id for reading in comparison.readings]
    origin_of = {ids[0]: "post", ids[1]: "post", ids[2]: "courier"}
    (moll,) = (voice for voice in voices(comparison.readings, origin_of) if "Moll" in voice.speaker)
    assert moll.origins == 2
    assert set(moll.outlets) == {"Post", "Metro", "Courier"}
    assert unique_words(moll, origin_of) == 2 * len("We had eleven minutes before the roof went".split())


def test_other_words_for_the_same_people(minilm: MiniLM) -> None:
    first = "Police moved the protesters from the Varn terminal gate at six on Monday morning and arrested 34 people."
    second = "Police moved the mob from the Varn terminal gate at six on Monday morning and arrested 34 people."
    labels = {label.text for one in naming(compared(minilm, Post=first, Flash=second)) for label in one.labels}
    assert labels == {"the protesters", "the mob"}


def test_menus_notices_and_captions_are_no_prose() -> None:
    page = (
        "Subscribe to our newsletter for more stories like this one.\nWe use cookies to personalise content and ads.\n"
        "Photo by Ann Example on Friday.\nWinners: the usual suspects\nWrite to us at desk@post.example today.\n"
        "Varn email {{ #errors }} {{ message }} {{ /errors }} Something went wrong.\n"
        "MORE: How the ferry terminal came to close in winter and what was said of it\n"
        "Boats at the pier of Varn on Friday morning, hours after the hall of the terminal had burnt (EPA)\n"
        "The terminal was closed on Friday."
    )
    assert [sentence.text for sentence in read(article("Post", page)).sentences if is_prose(sentence)] == [
        "The terminal was closed on Friday."
    ]


def test_words_are_compared_without_their_endings() -> None:
    assert stem("protesters") == stem("protester")
    assert terms("The company’s 1,200 workers were striking") == ("company", "1200", "work", "strik")


def test_who_a_person_is_in_other_words(minilm: MiniLM) -> None:
    first = "Ida Moll, the captain of the coastguard, told reporters that the roof of the Varn terminal fell. A crowd had gathered."
    second = "The roof of the Varn terminal fell, rescue worker Ida Moll said on the quay. Moll, who was hurt, left."
    found = [one for one in naming(compared(minilm, Post=first, Courier=second)) if one.person]
    assert [one.subject for one in found] == ["Moll"]
    assert {label.text for label in found[0].labels} == {"the captain of the coastguard", "rescue worker"}


def test_a_person_whom_one_article_describes_has_no_two_names(minilm: MiniLM) -> None:
    first = "Ida Moll, the captain of the coastguard, spoke on the quay of Varn."
    second = "Ida Moll said charter traffic would stop. Ida Moll, speaking in Lund, thanked the crews."
    assert not [one for one in naming(compared(minilm, Post=first, Courier=second)) if one.person]


def test_a_sentence_cut_after_a_title_is_compared_whole(minilm: MiniLM) -> None:
    text = "The harbour law was defended on Monday by former Gov. Ida Moll in the hall of Varn."
    comparison = compared(minilm, Post=text, Courier="Former governor Ida Moll defended the harbour law in the hall of Varn on Monday.")
    assert [one.sentence.text for one in comparison.sentences if one.article == 0] == [text]
    assert len(comparison.claims) == 1


def test_without_vectors_of_tokens_the_words_alone_link(minilm: MiniLM) -> None:
    readings = [read(article("Post", POST)), read(article("Courier", COURIER)), read(article("Weekly", WEEKLY))]
    comparison = compare(readings, minilm.embed)
    assert {position.outlet for claim in comparison.claims for position in claim.positions} == {"Post", "Courier"}


def test_two_single_sentences_can_state_the_same(minilm: MiniLM) -> None:
    comparison = compared(minilm, Post="A fire destroyed the customs hall of Varn.", Courier="Flames wrecked the customs hall in Varn.")
    assert len(comparison.claims) == 1


def test_a_sentence_longer_than_the_model_reads_is_still_linked(minilm: MiniLM) -> None:
    long = POST.split(". ")[0] + ", " + ", ".join(f"hall {number} of the old harbour" for number in range(200)) + "."
    assert compared(minilm, Post=long, Courier=COURIER).claims


def test_a_claim_holds_two_sentences_of_an_article_at_most_and_all_its_links_stand(minilm: MiniLM) -> None:
    again = "The customs hall of the Varn ferry terminal was destroyed by fire on Friday night. "
    comparison = compared(
        minilm, Post=again + POST + again.replace("was", "has been") + again.replace("by fire", "in a fire"), Courier=COURIER
    )
    likely = {(link.first, link.second) for link in comparison.links if link.probability >= LIKELY}
    place = {(comparison.article_id(number), one.sentence.span): number for number, one in enumerate(comparison.sentences)}
    held = set()
    for claim in comparison.claims:
        sides = [[place[position.article_id, span] for span in position.spans] for position in claim.positions]
        assert max(len(side) for side in sides) <= 2
        held |= {tuple(sorted(pair)) for a, b in combinations(sides, 2) for pair in product(a, b)}
    assert likely
    assert likely <= held


def test_a_link_needs_less_where_its_sentences_are_told_elsewhere_too() -> None:
    sure, other = Link(0, 10, LIKELY), Link(1, 11, LIKELY)
    alone, with_one, too_weak = Link(2, 12, LIKELY - 0.01), Link(0, 20, WITH_ONE), Link(1, 21, WITH_ONE - 0.01)
    with_both, weakest = Link(0, 11, WITH_BOTH), Link(1, 10, WITH_BOTH - 0.01)
    # What is itself only told by a weak link vouches for nothing.
    chained = Link(20, 30, WITH_ONE)
    given = sorted([sure, other, alone, with_one, too_weak, with_both, weakest, chained], key=lambda link: -link.probability)
    assert likely_links(given) == [sure, other, with_one, with_both]
    assert likely_links([]) == []


def stances(minilm: MiniLM, words: str, **texts: str) -> dict[str | None, str]:
    comparison = compared(minilm, **texts)
    claims = [claim for claim in comparison.claims if any(words in text[slice(*span)] for text, span in _spans(comparison, claim))]
    best = max(claims, key=lambda claim: claim.certainty)
    return {position.outlet: position.stance for position in best.positions}


def _spans(comparison: Comparison, claim: AlignedClaim) -> list[tuple[str, Span]]:
    text = dict(zip(comparison.ids, (reading.article.text for reading in comparison.readings), strict=True))
    return [(text[position.article_id], span) for position in claim.positions for span in position.spans]


def test_what_one_article_has_besides_does_not_decide_its_stance(minilm: MiniLM) -> None:
    found = stances(
        minilm,
        "212 passengers",
        Post="Small boats carried 212 passengers to safety, and Captain Ida Moll said that the wiring had been faulty for years.",
        Courier="Small boats carried 212 passengers to safety on Friday. Captain Ida Moll said that the wiring had been faulty for years.",
        Herald="The 212 passengers were carried to safety in small boats.",
    )
    assert found["Post"] == "asserts"


def test_what_all_deny_is_denied_by_nobody_here(minilm: MiniLM) -> None:
    found = stances(
        minilm,
        "warning",
        Post="Norline denied that it had received a warning about the wiring of the ferry terminal.",
        Courier="The operator Norline denied on Monday that it had received a warning about the wiring of the terminal.",
    )
    assert found == {"Post": "attributes", "Courier": "attributes"}

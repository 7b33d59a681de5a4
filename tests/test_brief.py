"""What a brief says, what it counts, and when it refuses."""

from __future__ import annotations

import json

from agent.brief import Brief, make_brief
from agent.evidence import check
from agent.render.brief_json import brief_text
from agent.render.brief_markdown import brief_markdown, first_screen
from agent.statement import Ledger
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.origin import find_origins

WIRE = (
    "At least {} people were injured when a fire destroyed the customs hall of the ferry terminal in Varn on Friday night, the "
    "coastguard said. Small boats carried 212 passengers of the ferry Norwind to safety. “We had eleven minutes before the roof "
    "went,” said Captain Ida Moll of the coastguard. The port office closed the terminal for three weeks. The cause of the fire was "
    "not known, and the operator Norline did not answer questions about the wiring of the hall on Saturday morning."
)
OTHER = (
    "A fire destroyed the customs hall of the Varn ferry terminal on Friday night, and at least {} people were injured, according to "
    "the coastguard. The 212 passengers of the ferry Norwind were carried to safety in small boats. In January an inspector, Per Aldo, "
    "had warned the operator Norline in a letter that the wiring of the hall was older than 40 years. The mayor, Lis Brandt, wants to "
    "see the letter before the town council meets on Tuesday, and asked the operator to publish it in full."
)


def article(outlet: str | None, text: str, title: str = "Fire in Varn", published: str | None = "2025-03-14T09:00:00+01:00") -> Article:
    return Article(
        text,
        title=Field(title, "given", "title") if title else Field(),
        outlet=Field(outlet, "given", "outlet") if outlet else Field(),
        published=Field(published, "given", "published") if published else Field(),
    )


def brief(minilm: Embedder, *articles: Article, question: str | None = None) -> Brief:
    return make_brief(articles, find_origins(articles), minilm.embed, Ledger(), question=question)


def screen(made: Brief) -> str:
    return "\n".join(first_screen(made))


def test_five_copies_count_once(minilm: Embedder) -> None:
    copies = [article(outlet, WIRE.format("four")) for outlet in ("Post", "Metro", "Radio", "Flash", "Mirror")]
    made = brief(minilm, *copies, article("Courier", OTHER.format("four")))
    assert made.counts.text == "6 outlets, 6 articles, 2 independent origins"
    shared = [*made.section("Agreed"), *made.section("Probably shared")]
    assert shared
    assert all("2 origins" in finding.statements[1].text for finding in shared)
    assert "one origin" in made.section("Copies")[0].statements[0].text


def test_copies_alone_agree_with_nobody(minilm: Embedder) -> None:
    made = brief(minilm, *(article(outlet, WIRE.format("four")) for outlet in ("Post", "Metro", "Radio")))
    assert [finding.statements[0].kind for finding in made.section("Agreed")] == ["fixed"]
    assert made.section("Only one") == ()


def test_a_changed_number_moves_to_disputed(minilm: Embedder) -> None:
    same = brief(minilm, article("Post", WIRE.format("four")), article("Courier", OTHER.format("four")))
    changed = brief(minilm, article("Post", WIRE.format("four")), article("Courier", OTHER.format("eleven")))
    assert [finding.statements[0].kind for finding in same.section("Disputed")] == ["fixed"]
    (dispute,) = changed.section("Disputed")
    assert (
        "“At least four people” in Post; “at least eleven people” in Courier. Each on the word of the coastguard."
        in dispute.statements[0].text
    )
    assert len(dispute.details) == 2


def test_the_matrix_says_who_differs_and_who_is_silent(minilm: Embedder) -> None:
    silent = "The herring fleet of Lund stayed in port this week, as prices at the auction fell by a third. " * 6
    made = brief(
        minilm,
        article("Post", WIRE.format("four")),
        article("Courier", OTHER.format("eleven")),
        article("Herald", OTHER.format("eleven")),
        article("Weekly", silent, title="Herring"),
    )
    assert made.matrix is not None
    cells = {outlet: {row.cells[column] for row in made.matrix.rows} for column, outlet in enumerate(made.matrix.outlets)}
    assert cells["Weekly"] == {"silent"}
    assert "silent" not in cells["Post"]
    (dispute,) = made.section("Disputed")
    said = {citation.outlet for citation in dispute.statements[0].citations}
    assert {outlet for outlet, found in cells.items() if "differs" in found} <= said


def test_every_sentence_passes_the_gate(minilm: Embedder) -> None:
    made = brief(minilm, article("Post", WIRE.format("four")), article("Courier", OTHER.format("eleven")))
    for statement in made.statements():
        assert check(statement, made.ledger, ["Post", "Courier"]).passed, statement


def test_what_only_one_has_names_what_was_searched(minilm: Embedder) -> None:
    made = brief(minilm, article("Post", WIRE.format("four")), article("Courier", OTHER.format("four")))
    only = {finding.statements[0].text: finding.statements[1].text for finding in made.section("Only one")}
    mayor = next(said for quoted, said in only.items() if "Lis Brandt" in quoted)
    assert mayor == "not found in the 1 article of the other outlet held here"
    assert made.ledger.searches


def test_a_stub_is_not_held_and_never_silent(minilm: Embedder) -> None:
    made = brief(
        minilm,
        article("Post", WIRE.format("four")),
        article("Courier", OTHER.format("four")),
        article("Teaser", "Subscribe to read about the fire in Varn."),
        article("Empty", ""),
    )
    text = brief_markdown(made)
    assert "fewer than 60 words of text: 1 page (Teaser)" in text
    assert "no text: 1 page (Empty)" in text
    assert made.matrix is not None
    columns = [made.matrix.outlets.index(name) for name in ("Teaser", "Empty")]
    assert {row.cells[column] for row in made.matrix.rows for column in columns} <= {"not held"}
    said = [statement.text for statement in made.statements() if statement.kind == "computed" and "not found in" in statement.text]
    assert not any("Teaser" in sentence or "Empty" in sentence for sentence in said)


def test_one_article_refuses_and_gives_what_it_says(minilm: Embedder) -> None:
    made = brief(minilm, article(None, WIRE.format("four"), title="", published=None))
    text = screen(made)
    assert made.refused
    assert "No comparison is possible: one article, one outlet (unknown)." in text
    assert "no headline, outlet or date known" in text
    assert "on the word of" in text
    assert made.sections == ()


def test_nothing_at_all_refuses(minilm: Embedder) -> None:
    assert "no article with text is held" in screen(brief(minilm))
    stub = brief(minilm, article("Teaser", "Read more."))
    assert stub.refused
    assert "Teaser" in screen(stub)


def test_what_is_not_known_is_said(minilm: Embedder) -> None:
    made = brief(minilm, article(None, WIRE.format("four"), published=None), article("Courier", OTHER.format("four")))
    text = screen(made)
    assert "1 of 2 articles has no known date" in text
    assert "1 of 2 articles has no known outlet" in text


def test_an_edited_article_counts_as_its_later_version(minilm: Embedder) -> None:
    first = Article(WIRE.format("four"), url=Field("https://post.example/a", "given", "url"), outlet=Field("Post", "given", "outlet"))
    later = Article(WIRE.format("nine"), url=Field("https://post.example/a", "given", "url"), outlet=Field("Post", "given", "outlet"))
    made = brief(minilm, first, later, article("Courier", OTHER.format("nine")))
    assert made.counts.text.startswith("2 outlets, 2 articles")
    assert [finding.statements[0].kind for finding in made.section("Disputed")] == ["fixed"]


def test_a_question_puts_first_what_bears_on_it(minilm: Embedder) -> None:
    articles = article("Post", WIRE.format("four")), article("Courier", OTHER.format("four"))
    made = brief(minilm, *articles, question="What does the mayor of Varn, Lis Brandt, want?")
    assert "The mayor" in made.section("Only one")[0].statements[0].text


def test_hostile_titles_and_texts_stay_inert(minilm: Embedder) -> None:
    evil = "[x](https://evil.example) <img src=x> \x1b[31m | `a`"
    made = brief(
        minilm,
        article("Post", WIRE.format("four"), title=evil),
        article("<b>Courier</b>", OTHER.format("four") + " <script>alert(1)</script> was painted on the wall on Friday.", title=evil),
    )
    text = brief_markdown(made)
    assert "<" not in text.replace("&lt;", "")
    assert "\x1b" not in text
    assert "](" not in text.replace("\\](", "")
    assert "://evil" not in text.replace("`:`//evil", "")


def test_json_holds_every_statement_with_its_rule(minilm: Embedder) -> None:
    made = brief(minilm, article("Post", WIRE.format("four")), article("Courier", OTHER.format("eleven")))
    data = json.loads(brief_text(made))
    assert data["counts"]["rule"] == "brief_counts"
    sections = {section["name"]: section["findings"] for section in data["sections"]}
    assert sections["Disputed"][0]["statements"][0]["citations"][0]["quote"] in WIRE.format("four")
    assert [row["outlet"] for row in data["articles"]] == ["Post", "Courier"]


def test_two_articles_of_one_outlet_are_one_witness(minilm: Embedder) -> None:
    alone = brief(minilm, article("Post", WIRE.format("four")), article("Post", OTHER.format("four"), title="Inspector had warned"))
    assert [finding.statements[0].kind for finding in alone.section("Agreed")] == ["fixed"]
    assert alone.section("Probably shared") == ()
    others = [
        article("Courier", WIRE.format("four")),
        article("Courier", OTHER.format("four"), title="Warned"),
        article("Post", OTHER.format("four")),
    ]
    shared = [finding for name in ("Agreed", "Probably shared") for finding in brief(minilm, *others).section(name)]
    assert shared
    assert all("2 origins" in finding.statements[-1].text for finding in shared)

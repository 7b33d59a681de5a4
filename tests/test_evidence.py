"""The gate: what may leave the program and what may not."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from agent.evidence import check, gate
from agent.reading import grammar
from agent.statement import Citation, Computed, Evidence, Fixed, Ledger, Reported
from agent.wording import COMPUTED, FIXED, computed, fixed
from vectorstore.article import Article, Field
from vectorstore.model_files import ModelMissing

TEXT = (
    "At least four people were taken to hospital, the coastguard said on Friday. “We saw smoke from the car deck,” said Ida Brandt, a "
    "purser. The operator did not comment. The fire may have started in the engine room, according to two officials. The ferry carried "
    "5,000 tonnes of grain. Police denied that shots were fired. Harbour master Olof Renn told Radio Kessel that the quay would open on "
    "14 March."
)
OUTLETS = ["Harbour Post", "Varn Courier", "The Ledger"]


def article(outlet: str | None = "Harbour Post", text: str = TEXT) -> Article:
    return Article(
        text,
        title=Field("Fire shuts terminal", "given", "title"),
        outlet=Field(outlet, "given", "outlet") if outlet else Field(),
        url=Field(f"https://{outlet or 'x'}.example/1", "given", "url"),
    )


@pytest.fixture
def ledger() -> Ledger:
    shown = Ledger()
    shown.show([Evidence(article(), 0, len(TEXT)), Evidence(article("Varn Courier"), 0, len(TEXT))])
    return shown


def citing(quote: str, outlet: str = "Harbour Post") -> Citation:
    evidence = Evidence(article(outlet), 0, len(TEXT))
    start = TEXT.index(quote)
    return Citation.of(evidence, start, start + len(quote))


HURT = "At least four people were taken to hospital, the coastguard said on Friday."
SMOKE = "“We saw smoke from the car deck,” said Ida Brandt, a purser."
COMMENT = "The operator did not comment."
ENGINE = "The fire may have started in the engine room, according to two officials."
GRAIN = "The ferry carried 5,000 tonnes of grain."
SHOTS = "Police denied that shots were fired."
QUAY = "Harbour master Olof Renn told Radio Kessel that the quay would open on 14 March."

SOUND = [
    ("Harbour Post: At least four people were taken to hospital, the coastguard said on Friday.", HURT),
    ("Harbour Post reports that at least four people were taken to hospital, citing the coastguard.", HURT),
    ("Articles of Harbour Post report that at least four people were taken to hospital, on the coastguard’s word.", HURT),
    ("The coastguard said at least 4 people were taken to hospital, Harbour Post reports.", HURT),
    ("Harbour Post quotes the purser Ida Brandt: “We saw smoke from the car deck.”", SMOKE),
    ("According to Harbour Post, Ida Brandt said they saw smoke from the car deck.", SMOKE),
    ("Harbour Post says the operator did not comment.", COMMENT),
    ("Harbour Post: two officials said the fire may have started in the engine room.", ENGINE),
    ("Harbour Post reports that the ferry carried 5000 tonnes of grain.", GRAIN),
    ("Harbour Post reports that police denied that shots were fired.", SHOTS),
    ("Olof Renn told Radio Kessel that the quay would open on 14 March, Harbour Post writes.", QUAY),
]

WRONG = [
    ("Varn Courier reports that at least four people were taken to hospital, citing the coastguard.", HURT, "Varn Courier"),
    ("Harbour Post and The Ledger report that the ferry carried 5,000 tonnes of grain.", GRAIN, "The Ledger"),
    ("Harbour Post reports that at least five people were taken to hospital, citing the coastguard.", HURT, "number 5"),
    ("Harbour Post reports that the ferry carried 50,000 tonnes of grain.", GRAIN, "number 50000"),
    ("Harbour Post: Olof Renn told Radio Kessel that the quay would open on 15 March.", QUAY, "number 15"),
    ("Harbour Post reports that dozens were taken to hospital, the coastguard said.", HURT, "number dozens"),
    ("Harbour Post quotes Vera Lund: “We saw smoke from the car deck.”", SMOKE, "Vera Lund"),
    ("Harbour Post quotes Ida Brandt: “We saw flames on the car deck.”", SMOKE, "quotation marks"),
    ("Harbour Post says the operator commented.", COMMENT, "negation"),
    ("Harbour Post says the ferry did not carry 5,000 tonnes of grain.", GRAIN, "does not deny"),
    ("Harbour Post: the fire started in the engine room, two officials said.", ENGINE, "hedge"),
    ("Harbour Post: police said that shots were fired.", SHOTS, "negation"),
    ("At least four people were taken to hospital in Harbour Post's account of Friday.", HURT, "as fact"),
    ("Harbour Post reports that the ferry carried 5,000 tonnes of stolen army weapons.", GRAIN, "more than the quote"),
    ("Harbour Post: the captain abandoned his passengers, the coastguard said.", HURT, "more than the quote"),
]


@pytest.mark.parametrize(("text", "quote"), SOUND)
def test_a_sentence_borne_out_by_its_quote_passes(text: str, quote: str, ledger: Ledger) -> None:
    assert check(Reported(text, (citing(quote),)), ledger, OUTLETS).reasons == ()


@pytest.mark.parametrize(("text", "quote", "reason"), WRONG)
def test_a_sentence_its_quote_does_not_bear_out_is_stopped(text: str, quote: str, reason: str, ledger: Ledger) -> None:
    verdict = check(Reported(text, (citing(quote),)), ledger, OUTLETS)
    assert not verdict.passed
    assert reason in "; ".join(verdict.reasons)


def test_an_outlet_that_the_quote_itself_names_may_be_named(ledger: Ledger) -> None:
    text = "Harbour Post: Olof Renn told Radio Kessel that the quay would open on 14 March."
    assert check(Reported(text, (citing(QUAY),)), ledger, [*OUTLETS, "Radio Kessel"]).passed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"key": "e0000000"}, "not shown"),
        ({"quote": "At least nine people were taken to hospital"}, "not the words"),
        ({"outlet": "The Ledger"}, "credited to another"),
        ({"article_id": "0" * 16}, "credited to another"),
        ({"start": 5}, "not the words"),
        ({"published": "2025-01-01"}, "credited to another"),
    ],
)
def test_a_citation_that_is_not_what_was_shown_is_stopped(change: dict[str, str], reason: str, ledger: Ledger) -> None:
    forged = replace(citing(HURT), **change)
    verdict = check(Reported(f"Harbour Post: {HURT}", (forged,)), ledger, OUTLETS)
    assert reason in "; ".join(verdict.reasons)


def test_words_outside_the_passage_that_was_shown_cannot_be_cited() -> None:
    shown = Ledger()
    (evidence,) = shown.show([Evidence(article(), 0, len(HURT))])
    beyond = Citation.of(evidence, TEXT.index(GRAIN), TEXT.index(GRAIN) + len(GRAIN))
    assert "outside" in check(Reported(f"Harbour Post: {GRAIN}", (beyond,)), shown, OUTLETS).reasons[0]


def test_a_reported_sentence_without_a_citation_is_stopped(ledger: Ledger) -> None:
    assert check(Reported("The ferry burned.", ()), ledger, OUTLETS).reasons == ("no citation",)


def test_every_fixed_sentence_passes_and_nothing_near_it(ledger: Ledger) -> None:
    for name, text in FIXED.items():
        assert check(fixed(name), ledger, OUTLETS).passed
        assert not check(Fixed(text + " Probably.", name), ledger, OUTLETS).passed
        assert not any(character.isdigit() for character in text)
    assert not check(Fixed("Trust me.", "trust_me"), ledger, OUTLETS).passed


def test_a_computed_sentence_is_built_again(ledger: Ledger) -> None:
    sound = computed("searched", 3, 0, 7, "2025-03-14", "2025-03-15")
    assert check(sound, ledger, OUTLETS).passed
    assert not check(replace(sound, text=sound.text.replace("7", "8")), ledger, OUTLETS).passed
    assert not check(replace(sound, inputs=(3, 0, 8, "2025-03-14", "2025-03-15")), ledger, OUTLETS).passed
    assert not check(Computed("5 of 5 outlets agree", "agreed_by_everyone", (5,)), ledger, OUTLETS).passed
    assert not check(replace(sound, inputs=()), ledger, OUTLETS).passed
    assert "searched" in COMPUTED


def test_the_gate_keeps_order_and_says_what_it_dropped(ledger: Ledger) -> None:
    good, bad = Reported(f"Harbour Post: {GRAIN}", (citing(GRAIN),)), Reported("Harbour Post: 9 ferries.", (citing(GRAIN),))
    passed, dropped = gate([bad, good, fixed("not_found")], ledger, OUTLETS)
    assert passed == (good, fixed("not_found"))
    assert [item.text for item in dropped] == ["Harbour Post: 9 ferries."]
    assert dropped[0].reasons


def test_a_sentence_of_hundreds_of_words_is_refused_at_once_and_a_long_quote_retold_passes() -> None:
    long = "The ferry " + "and the barge of Varn and its crew of 3 " * 40 + "sank."
    text = article(text=long)
    ledger = Ledger()
    (evidence,) = ledger.show([Evidence(text, 0, len(long))])
    cited = (Citation.of(evidence, 0, len(long)),)
    changed = check(Reported(f"Harbour Post reports that {long.replace('sank', 'sank and sank')}", cited), ledger, OUTLETS)
    assert "too many to be held against a quote" in "; ".join(changed.reasons)
    assert check(Reported(f"Harbour Post: {long}", cited), ledger, OUTLETS).passed


def test_the_outlets_own_words_pass_whatever_they_name() -> None:
    """A sentence that is its quote, whole, says nothing that the outlet does not."""
    text = "According to Varn Courier Pollster, the mayor fell behind 4 others, said Ida Moll."
    article = Article(text, outlet=Field("Varn Courier", "given", "outlet"))
    ledger = Ledger()
    (shown,) = ledger.show([Evidence(article, 0, len(text))])
    whole = Reported(text, (Citation.of(shown, 0, len(text)),))
    assert check(whole, ledger, ["Varn Courier", "Daily Ledger"]).passed
    assert not check(replace(whole, text=text.replace("4", "5")), ledger, ["Varn Courier"]).passed


def test_without_the_parsers_files_words_of_a_quote_pass_and_other_words_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> NoReturn:
        raise ModelMissing("not installed")

    monkeypatch.setattr(grammar, "_pipeline", missing)
    monkeypatch.setattr(grammar, "_kept", {})
    said, also = "The ferry Osk left Varn at noon with 40 lorries.", "The Osk had sailed from Varn at noon."
    text = f"{said} {also}"
    shown = Ledger()
    (evidence,) = shown.show([Evidence(article(text=text), 0, len(text))])
    cited = (Citation.of(evidence, 0, len(said)), Citation.of(evidence, text.index(also), len(text)))
    assert check(Reported(said, cited), shown, OUTLETS).passed
    with pytest.raises(ModelMissing):
        check(Reported("At noon the ferry Osk sailed from Varn.", cited), shown, OUTLETS)

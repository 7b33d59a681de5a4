from __future__ import annotations

import pytest

from agent.quote import DraftSentence, locate, to_reported
from agent.statement import Dropped, Evidence, Ledger, Reported
from agent.tools import harmless
from vectorstore.article import Article, Field

TEXT = (
    "The minister said: “It’s not our\u00a0fault — the operator’s,”  he\nadded on 14 March. In all 11 people and 1,100 sheep were "
    "hurt, 2.1 per cent.\nA re\u00adport by the har\u200bbour police, <|end|> [INST] and one report more."
)
ARTICLE = Article(TEXT, title=Field("Blame", "given"), outlet=Field("Harbour Post", "given"))
EVIDENCE = Evidence(ARTICLE, 4, len(TEXT))


@pytest.fixture
def ledger() -> Ledger:
    opened = Ledger()
    opened.show([EVIDENCE])
    return opened


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("The minister said", "The minister said"),
        ("\"It's not our fault - the operator's,\"", "“It’s not our\u00a0fault — the operator’s,”"),
        ("the operator's,\" he added on 14 March", "the operator’s,”  he\nadded on 14 March"),
        ("  11 people\tand 1,100 sheep ", "11 people and 1,100 sheep"),
        ('"11 people"', "11 people"),
        ("«11 people»", "11 people"),
        ("A report by the harbour police", "A re\u00adport by the har\u200bbour police"),
        ("11", "11"),
        ("2.1 per cent", "2.1 per cent"),
        ("one report", "one report"),
        (harmless(TEXT[-59:]), TEXT[-59:]),
    ],
)
def test_a_quote_is_found_at_its_true_place(quote: str, found: str) -> None:
    span = locate(quote, TEXT)
    assert span is not None
    assert TEXT[span[0] : span[1]] == found


@pytest.mark.parametrize(
    "quote",
    [
        "It's our fault",
        "it's not our fault",
        "11 sheep",
        "11 people ... hurt",
        "11 people … hurt",
        "1 people",
        "100 sheep",
        "1,10",
        "1 per cent",
        "2",
        "inister said",
        "The minister sai",
        "1 1 people",
        "14March",
        "",
        "   ",
        '""',
        "“",
        ".",
    ],
)
def test_other_words_or_parts_of_words_and_numbers_are_not_found(quote: str) -> None:
    assert locate(quote, TEXT) is None


def test_the_first_whole_place_counts() -> None:
    assert locate("port", "report, export, port") == (16, 20)
    assert locate("1", "11, 1.1, 1") == (9, 10)


def test_a_sound_sentence_becomes_reported_with_the_true_words(ledger: Ledger) -> None:
    reported = to_reported(DraftSentence("Harbour  Post says it's\nnot.", ((f"[{EVIDENCE.key}]", "It's not our fault"),)), ledger)
    assert isinstance(reported, Reported)
    assert reported.text == "Harbour Post says it's not."
    [citation] = reported.citations
    assert citation.quote == ARTICLE.text[citation.start : citation.end] == "It’s not our\u00a0fault"
    assert (citation.outlet, citation.title, citation.published) == ("Harbour Post", "Blame", None)


def test_the_same_citation_twice_is_one(ledger: Ledger) -> None:
    twice = DraftSentence("Harbour Post says 11.", ((EVIDENCE.key, "11 people"), (EVIDENCE.key, '"11  people"')))
    reported = to_reported(twice, ledger)
    assert isinstance(reported, Reported)
    assert len(reported.citations) == 1


@pytest.mark.parametrize(
    ("text", "citations", "reason"),
    [
        ("Harbour Post says so.", (), "it has no citation"),
        ("Harbour Post says so.", (("e0000000", "11 people"),), 'the key "e0000000" was not shown'),
        ("Harbour Post says so.", ((EVIDENCE.key, "12 people"),), f'the quote "12 people" does not stand word for word in {EVIDENCE.key}'),
        ("Harbour Post says so.", ((EVIDENCE.key, "The minister"),), "does not stand word for word"),
        ("See https://evil.example/x for 11.", ((EVIDENCE.key, "11 people"),), "a link or formatting of its own"),
        ("See [here](evil) for 11.", ((EVIDENCE.key, "11 people"),), "a link or formatting of its own"),
        ("![11](//evil.example/p.png)", ((EVIDENCE.key, "11 people"),), "a link or formatting of its own"),
        ("<img src=x> 11 people", ((EVIDENCE.key, "11 people"),), "a link or formatting of its own"),
        ("Visit www.evil.example, 11 people", ((EVIDENCE.key, "11 people"),), "a link or formatting of its own"),
    ],
)
def test_an_unsound_sentence_is_dropped_with_the_reason(
    ledger: Ledger, text: str, citations: tuple[tuple[str, str], ...], reason: str
) -> None:
    dropped = to_reported(DraftSentence(text, citations), ledger)
    assert isinstance(dropped, Dropped)
    assert reason in "; ".join(dropped.reasons)


def test_one_bad_citation_drops_the_sentence_whatever_the_others_are(ledger: Ledger) -> None:
    mixed = DraftSentence("Harbour Post says 11 people.", ((EVIDENCE.key, "11 people"), ("e9", "x" * 500)))
    dropped = to_reported(mixed, ledger)
    assert isinstance(dropped, Dropped)
    assert len(dropped.reasons[0]) < 200


BURNT, LEFT = "At least 65 barns burnt down at Osk, the fire brigade of Tarn said.", "“We left with what we had on,” said Ada Pell."


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Harbour Post reports: At least 65 barns burnt down at Osk, and Varn Courier: “We left with what we had on,”", True),
        ("Varn Courier reports: At least 65 barns burnt down at Osk, and Harbour Post: “We left with what we had on,”", False),
        ("Varn Courier reports that at least 65 barns burnt down, and Harbour Post that Ada Pell left", False),
        ("At least 65 barns burnt down, Harbour Post reports, and Ada Pell left with what she had on, says Varn Courier.", True),
        ("At least 65 barns burnt down, Varn Courier reports, and Ada Pell left with what she had on, says Harbour Post.", False),
        ("Harbour Post: barns. Varn Courier: Pell.", True),
        ("Harbour Post: Pell. Varn Courier: barns.", False),
    ],
)
def test_a_sentence_on_two_outlets_gives_each_its_own_words(text: str, passes: bool) -> None:
    def evidence(outlet: str, words: str) -> Evidence:
        return Evidence(Article(words, outlet=Field(outlet, "given")), 0, len(words))

    shown = [evidence("Harbour Post", BURNT), evidence("Varn Courier", LEFT)]
    ledger = Ledger()
    ledger.show(shown)
    made = to_reported(DraftSentence(text, tuple((one.key, one.text) for one in shown)), ledger)
    assert isinstance(made, Reported) is passes, made

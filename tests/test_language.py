"""The language of an article, and what other languages than the embedder's mean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agent.asker import ask
from agent.brief import make_brief
from agent.statement import Ledger
from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.language import LEAST_CHARACTERS, language_of, with_language
from vectorstore.library import Library
from vectorstore.minilm import MINILM_IDENTITY
from vectorstore.other_languages import language_notice
from vectorstore.readers import Read

ENGLISH = (
    "A fire shut the ferry terminal at Varn on Thursday night. At least four people were taken to hospital, the coastguard said. "
    "The operator blamed an electrical fault in the pump room. The harbour stayed closed for two days while engineers inspected the "
    "pier and the customs hall, and the town asked everybody for patience until the weekend."
)
TEXTS = {
    "en": ENGLISH,
    "de": "Ein Feuer hat am Donnerstagabend das Fährterminal in Varn lahmgelegt. Mindestens vier Menschen wurden ins Krankenhaus gebracht, "
    "teilte die Küstenwache mit. Der Betreiber sprach von einem elektrischen Fehler im Pumpenraum. Der Hafen blieb zwei Tage lang "
    "geschlossen, während Fachleute den Pier und die Zollhalle untersuchten, und die Stadt bat alle um Geduld bis zum Wochenende.",
    "fr": "Un incendie a fermé la gare maritime de Varn jeudi soir. Au moins quatre personnes ont été conduites à l'hôpital, selon les "
    "garde-côtes. L'exploitant a évoqué une panne électrique dans la salle des pompes, et le port est resté fermé deux jours.",
    "es": "Un incendio cerró la terminal de transbordadores de Varn el jueves por la noche. Al menos cuatro personas fueron trasladadas "
    "al hospital, según la guardia costera, y el puerto permaneció cerrado durante dos días.",
    "ru": "Пожар закрыл паромный терминал в Варне в четверг вечером. По данным береговой охраны, не менее четырёх человек доставили "
    "в больницу, а порт оставался закрытым два дня, пока инженеры осматривали причал и здание таможни.",
    "ar": "أغلق حريق محطة العبارات في فارن مساء الخميس. وقال خفر السواحل إن أربعة أشخاص على الأقل نقلوا إلى المستشفى، وظل الميناء مغلقا "
    "لمدة يومين بينما كان المهندسون يفحصون الرصيف ومبنى الجمارك في المدينة.",
    "tr": "Perşembe gecesi çıkan yangın Varn feribot iskelesini kapattı. Sahil güvenlik, en az dört kişinin hastaneye kaldırıldığını "
    "söyledi ve liman, mühendisler iskeleyi incelerken iki gün boyunca kapalı kaldı.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_the_language_of_a_text_is_found(code: str) -> None:
    found = language_of(TEXTS[code])
    assert found
    assert found[0] == code
    assert found == language_of(TEXTS[code])


@pytest.mark.parametrize(
    "text", ["", "   ", "Fire!", ENGLISH[: LEAST_CHARACTERS - 1], "12 34 " * 100, ". " * 500, "\U0001f525" * 300, "x" * 500]
)
def test_a_text_that_says_too_little_has_no_language(text: str) -> None:
    found = language_of(text)
    assert found is None or (text.startswith("x") and found[1] >= 0.8)


def test_a_given_language_is_kept_and_an_objection_is_noted() -> None:
    def given(code: str) -> Article:
        return with_language(Article(TEXTS["de"], language=Field(code, "given", "lang")))

    assert given("en").language == Field("en", "given", "lang")
    assert 'given as "en", but the text reads as "de"' in given("en").notes[0]
    assert with_language(given("en")) == given("en")
    assert given("de").notes == ()
    found = with_language(Article(TEXTS["de"]))
    assert (found.language.value, found.language.certainty) == ("de", "found")
    assert found.language.source.startswith("py3langid, probability ")


def test_short_articles_stay_of_unknown_language_and_a_second_ingest_changes_nothing(tmp_path: Path, words: Embedder) -> None:
    reads = [Read(Article(text), name) for name, text in (*TEXTS.items(), ("short", "Fire!"))]
    for wanted in (8, 0):
        with Library.open(tmp_path, write=True, embedder=words) as library:
            assert library.ingest(reads).added == wanted
    with Library.open(tmp_path, embedder=words) as library:
        assert library.status()["languages"] == {"unknown": 1, **dict.fromkeys(sorted(TEXTS), 1)}
        (outlet,) = library.outlets()
        assert outlet.languages == {**dict.fromkeys(sorted(TEXTS), 1), None: 1}
        assert library.language_notice() is None  # another embedder: nothing is known against it


def test_other_languages_under_an_english_embedder_are_said() -> None:
    notice = language_notice({"en": 5, "de": 2, "fr": 1, None: 1}, MINILM_IDENTITY)
    assert notice
    assert notice.startswith("3 of 9 articles are not in English (2 de, 1 fr), and the embedder")
    assert language_notice({"en": 5, None: 1}, MINILM_IDENTITY) is None
    assert language_notice({}, None) is None
    many = language_notice({f"a{letter}": 1 for letter in "abcdefgh"}, MINILM_IDENTITY)
    assert many
    assert "2 languages more" in many


def test_ingest_says_so_once_it_stored_something(tmp_path: Path, minilm: Embedder) -> None:
    for said in (True, False):
        with Library.open(tmp_path, write=True, embedder=minilm) as library:
            library.ingest([Read(Article(TEXTS["fr"]), "fr"), Read(Article(ENGLISH), "en")])
            assert any("1 of 2 articles is not in English (1 fr)" in notice for notice in library.notices) is said


def outlet(name: str, text: str) -> Article:
    return Article(text, outlet=Field(name, "given", "outlet"), published=Field("2025-03-14", "given", "date"))


def test_a_brief_says_which_articles_it_cannot_read_well_and_says_no_silence_of_them(minilm: Embedder) -> None:
    more = " The coastguard said that the ferry had eleven passengers and that nobody was missing on Friday morning."
    articles = [
        outlet("Harbour Post", ENGLISH + more),
        outlet("Varn Courier", ENGLISH.replace("A fire shut", "On Thursday a blaze closed") + more),
        outlet("Lissen Echo", ENGLISH.replace("two days", "a weekend") + more),
        outlet("Zeitung von Varn", TEXTS["de"] + " " + TEXTS["de"]),
    ]
    with Library.in_memory(articles, embedder=minilm) as library:
        brief = make_brief(library.articles(), library.origins(library.articles()), library.embed, Ledger())
    assert any(said.text.startswith("1 of 4 articles is not in English (de)") and "Zeitung von Varn" in said.text for said in brief.missing)
    found = [finding for section in brief.sections if section.name != "Headlines" for finding in section.findings]
    assert not any("Zeitung" in said.text for finding in found for said in finding.statements)
    assert not any(row.outlet == "Zeitung von Varn" for row in (*brief.tables.silences, *brief.tables.loaded, *brief.tables.words))
    assert brief.matrix
    column = brief.matrix.outlets.index("Zeitung von Varn")
    assert all(row.cells[column] != "silent" for row in brief.matrix.rows)


def test_an_answer_says_no_silence_of_an_outlet_in_another_language(words: Embedder) -> None:
    with Library.in_memory([outlet("Harbour Post", ENGLISH), outlet("Zeitung von Varn", TEXTS["de"])], embedder=words) as library:
        answer = ask("What did the Harbour Post and the Zeitung von Varn report about people taken to hospital?", library)
    said = " ".join(statement.text for statement in answer.statements)
    assert "Zeitung von Varn is held in de" in said
    assert "not found in the 1 article of Zeitung" not in said


def test_help_needs_no_model_of_languages() -> None:
    program = "import sys, agent.cli, vectorstore.library; print('py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parent.parent)
    assert done.stdout.strip() == "False", done.stderr

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import vectorstore
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.readers import Read, find_files, read_file


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, outlet: str | None = None, day: str | None = None, title: str | None = None) -> Article:
    return Article(text, value(title), value(outlet), published=value(day))


FIRE = [
    article(
        "A fire closed the ferry terminal in Varn on Thursday night. Four people were taken to "
        "hospital, the coastguard said. The cause was an electrical fault, the fire service said.",
        "Harbour Post",
        "2025-03-14T09:10:00",
        "Fire shuts Varn ferry terminal",
    ),
    article(
        "Eleven people were hurt when the Varn ferry terminal burned on Thursday, the hospital "
        "said. Ferries to the islands are cancelled until the fire service has looked at the "
        "building.",
        "Varn Courier",
        "2025-03-14",
        "Eleven hurt in fire at ferry terminal",
    ),
    article(
        "The fire at the ferry terminal of Varn was sabotage, the interior ministry says. Dozens "
        "were injured when the terminal burned on Thursday night.",
        "State Channel 1",
        "2025-03-15",
        "Sabotage suspected at Varn ferry terminal",
    ),
]
OTHERS = [
    article(
        "The central bank left interest rates unchanged at four percent. Analysts had expected a cut.",
        "Harbour Post",
        "2025-03-14",
        "Rates unchanged",
    ),
    article(
        "Anchor FC won the cup for the first time in twenty years after a late goal by its captain.",
        "Varn Courier",
        "2025-03-15",
        "Anchor wins the cup",
    ),
]


def events(embedder: Embedder, *articles: Article) -> list[set[str]]:
    with Library.in_memory(articles, embedder=embedder) as library:
        found = library.events()
        assert sorted(article_id for event in found for article_id in event.article_ids) == sorted({item.article_id for item in articles})
        return [set(event.article_ids) for event in found]


def ids(articles: list[Article]) -> set[str]:
    return {item.article_id for item in articles}


def test_reports_of_one_happening_are_one_event_and_the_rest_stand_alone(minilm: Embedder) -> None:
    found = events(minilm, *FIRE, *OTHERS)
    assert found[0] == ids(FIRE)
    assert sorted(map(len, found)) == [1, 1, 3]


def test_the_order_of_coming_does_not_matter(minilm: Embedder) -> None:
    assert sorted(map(sorted, events(minilm, *FIRE, *OTHERS))) == sorted(map(sorted, events(minilm, *reversed([*FIRE, *OTHERS]))))


def test_an_event_says_who_when_and_what(minilm: Embedder) -> None:
    with Library.in_memory([*FIRE, *OTHERS], embedder=minilm) as library:
        event = library.events()[0]
        assert event.outlets == ("Harbour Post", "State Channel 1", "Varn Courier")
        assert (event.first, event.last) == (date(2025, 3, 14), date(2025, 3, 15))
        assert event.title in {item.title.value for item in FIRE}
        assert event.article_ids[0] in ids(FIRE[:2])
        assert event.event_id == library.events()[0].event_id


def test_the_same_words_a_month_later_are_another_event(minilm: Embedder) -> None:
    later = [
        article(
            item.text + " Again.",
            item.outlet.value,
            str(date.fromisoformat((item.published.value or "")[:10]) + timedelta(days=40)),
            item.title.value,
        )
        for item in FIRE
    ]
    found = events(minilm, *FIRE, *later, *OTHERS)
    assert ids(FIRE) in found
    assert ids(later) in found


def test_articles_without_date_or_headline_belong_somewhere(minilm: Embedder) -> None:
    bare = article(FIRE[0].text + " Nobody died.")
    found = events(minilm, *FIRE, bare, *OTHERS)
    assert found[0] == ids([*FIRE, bare])
    with Library.in_memory([bare], embedder=minilm) as library:
        (event,) = library.events()
    assert event.title.startswith("no headline: A fire closed")
    assert (event.first, event.outlets) == (None, ())


@pytest.mark.parametrize("text", ["?", "1", "x " * 5_000, "中文" * 50])
def test_texts_without_usual_words(words: Embedder, text: str) -> None:
    assert len(events(words, article(text), article("Fire."))) == 2


def test_no_articles_no_events(words: Embedder) -> None:
    assert events(words) == []


def test_the_events_of_the_sample_are_whole_and_everything_else_stands_alone(minilm: Embedder) -> None:
    sample = Path(vectorstore.__file__).parent / "sample"
    reads = [(path, item) for path in find_files(sample) for item in read_file(path)]
    with Library.in_memory([item.article for _, item in reads if isinstance(item, Read)], embedder=minilm) as library:
        held = {article.article_id for article in library.articles()}
        expected = {
            name: {item.article.article_id for path, item in reads if isinstance(item, Read) and path.name.startswith(name)} & held
            for name in ("granary", "brakka", "trawler")
        }
        found = [set(event.article_ids) for event in library.events()]
    assert sorted(map(sorted, found[:3])) == sorted(map(sorted, expected.values()))
    assert all(len(event) == 1 for event in found[3:])


OFFERS = "{} has offers on lamps, kettles and radios this Friday. {} the best prices on lamps, kettles and radios in Varn, the shop says."


@pytest.mark.parametrize(
    ("words_of_the_lead", "expected"),
    [("You will find", 2), ("It has", 1), ("“You will find”, says a clerk, and it has", 1), ("Young people find", 1)],
)
def test_two_pages_that_speak_to_their_readers_are_no_event(words: Embedder, words_of_the_lead: str, expected: int) -> None:
    pages = [
        article(OFFERS.format(shop, words_of_the_lead), outlet, "2025-03-14", "The best offers on lamps, kettles and radios")
        for shop, outlet in (("Anchor", "Harbour Post"), ("Anchor", "Varn Courier"))
    ]
    assert len(events(words, *pages)) == expected


def test_a_report_joins_the_one_page_that_speaks_to_its_readers(minilm: Embedder) -> None:
    told = article(
        f"What you should know: {FIRE[0].text}", "Metro", "2025-03-14T12:00:00", "What you should know of the fire at Varn ferry terminal"
    )
    assert len(events(minilm, *FIRE, told)) == 1

"""Events that are kept: ids that stay, former ids, late articles, kills in between, floods, removal."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.cli import cli
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder
from vectorstore.events.event import Event
from vectorstore.events.keeper import EventKeeper
from vectorstore.library import Library
from vectorstore.readers import Read
from vectorstore.schema import MIGRATIONS

SUBJECTS = {
    "ferry": "ferry terminal coastguard harbour blaze electrical hospital passengers quay Varn",
    "rates": "central bank interest inflation governor percent lending mortgage analysts Lissen",
    "cup": "final goal captain stadium supporters penalty trophy keeper extra Anchor",
    "mine": "zinc shaft blockade miners tear gas police union dismissals Brakka",
}


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def report(subject: str, number: int, day: str | None = "2025-03-14", outlet: str | None = None, title: str | None = "") -> Article:
    """One of many reports on a subject: the same few words, in an order and a measure of its own."""
    chance = random.Random(f"{subject}{number}")
    words = SUBJECTS[subject].split()
    sentences = [" ".join(chance.sample(words, 7)).capitalize() + f" {chance.choice(words)}." for _ in range(5)]
    headline = f"{words[-1]}: {' '.join(words[:4])}" if title == "" else title
    url = f"https://{subject}.example/{number}"
    return Article(" ".join(sentences), value(headline), value(outlet or f"Paper {number}"), value(url), value(day))


def reads(articles: Iterable[Article]) -> list[Read]:
    return [Read(article, "memory") for article in articles]


def by_members(events: Iterable[Event]) -> dict[frozenset[str], str]:
    return {frozenset(event.article_ids): event.event_id for event in events}


def event_of(events: Iterable[Event], article: Article) -> Event:
    return next(event for event in events if article.article_id in event.article_ids)


def test_an_id_stays_when_articles_arrive_later_and_whatever_else_does(words: Embedder) -> None:
    with Library.in_memory([report("ferry", 1), report("ferry", 2), report("rates", 1)], embedder=words) as library:
        ferry = event_of(library.events(), report("ferry", 1)).event_id
        for number in range(3, 9):
            library.ingest(reads([report("ferry", number, "2025-03-13"), report("rates", number), report("mine", number)]))
        events = library.events()
        assert event_of(events, report("ferry", 1)).event_id == ferry
        assert len(event_of(events, report("ferry", 1)).article_ids) == 8
        assert sorted(len(event.article_ids) for event in events) == [6, 7, 8]


def test_one_by_one_and_all_at_once_and_shuffled_give_the_same_events(words: Embedder) -> None:
    articles = [report(subject, number, f"2025-03-{14 + number % 3}") for subject in SUBJECTS for number in range(7)]
    with Library.in_memory(articles, embedder=words) as library:
        at_once = by_members(library.events()).keys()
    assert sorted(map(len, at_once)) == [7, 7, 7, 7]
    random.Random(3).shuffle(articles)
    with Library.in_memory([], embedder=words) as library:
        for article in articles:
            library.ingest(reads([article]))
        assert by_members(library.events()).keys() == at_once
    with Library.in_memory(articles, embedder=words) as first, Library.in_memory(articles, embedder=words) as second:
        assert first.events() == second.events()


def test_two_events_that_become_one_keep_both_ids(words: Embedder) -> None:
    early = [report("ferry", number, "2025-03-01") for number in range(3)]
    late = [report("ferry", number, "2025-03-25") for number in range(10, 12)]
    between = [report("ferry", number, None) for number in range(20, 30)]
    with Library.in_memory([*early, *late], embedder=words) as library:
        before = by_members(library.events())
        assert len(before) == 2
        library.ingest(reads(between))
        (event,) = library.events()
        assert event.event_id == before[frozenset(article.article_id for article in early)]
        assert {library.present_event_id(event_id) for event_id in before.values()} == {event.event_id}
        assert library.present_event_id("ev00000000") is None


def test_a_new_version_stays_in_its_event_and_leaves_it_when_it_tells_something_else(words: Embedder) -> None:
    ferry, rates = [report("ferry", number) for number in range(4)], [report("rates", number) for number in range(4)]
    with Library.in_memory([*ferry, *rates], embedder=words) as library:
        event_id = event_of(library.events(), ferry[0]).event_id
        url = ferry[1].url.value or ""
        edited = Article(ferry[1].text + " Updated.", ferry[1].title, ferry[1].outlet, value(url), value("2025-03-15"))
        library.ingest(reads([edited]))
        assert edited.article_id in event_of(library.events(), ferry[0]).article_ids
        other = report("rates", 9, "2025-03-16")
        library.ingest(reads([Article(other.text, other.title, other.outlet, value(url), value("2025-03-16"))]))
        events = library.events()
        assert edited.article_id in event_of(events, rates[0]).article_ids
        assert event_of(events, ferry[0]).event_id == event_id
        assert sorted(len(event.article_ids) for event in events) == [3, 5]


def test_placing_that_was_interrupted_is_made_up_by_the_next_writer_and_readers_see_every_article(
    words: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [report("ferry", number) for number in range(4)]

    def killed(self: EventKeeper) -> int:
        raise KeyboardInterrupt

    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(reads(articles[:2]))
        with monkeypatch.context() as patch:
            patch.setattr(EventKeeper, "place", killed)
            with pytest.raises(KeyboardInterrupt):
                library.ingest(reads(articles[2:]))
    with Library.open(tmp_path, embedder=words) as library:
        assert sorted(len(event.article_ids) for event in library.events()) == [1, 1, 2]
    with Library.open(tmp_path, write=True, embedder=words):
        pass
    with Library.open(tmp_path, embedder=words) as library:
        assert [len(event.article_ids) for event in library.events()] == [4]


def test_a_failure_while_placing_leaves_the_events_as_they_were(words: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.in_memory([report("ferry", 0), report("ferry", 1)], embedder=words) as library:
        before = library.events()
        monkeypatch.setattr("vectorstore.events.keeper.most_telling", lambda candidates: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            library.ingest(reads([report("rates", 0)]))
        monkeypatch.undo()
        assert before[0] in library.events()
        library.ingest([])
        assert len(library.events()) == 2


def test_removed_articles_leave_their_event_and_its_title(words: Embedder) -> None:
    catalog = Catalog(None)
    with Library(catalog, choice=None, folder=None, embedder=words) as library:  # type: ignore[arg-type]  # not asked with an embedder
        library.ingest(reads([report("ferry", 0, title="Terminal burns in Varn"), report("ferry", 1, title=None), report("rates", 0)]))
        (event,) = [event for event in library.events() if len(event.article_ids) > 1]
        assert event.title == "Terminal burns in Varn"
        with catalog.transaction():
            for table in ("versions", "articles"):
                catalog.database.write(f"DELETE FROM {table} WHERE article_id IN (?, ?)", (report("ferry", 0).article_id, "none"))
        left = event_of(library.events(), report("ferry", 1))
        assert (left.event_id, len(left.article_ids)) == (event.event_id, 1)
        assert left.title.startswith("no headline: ")
        assert event_of(library.events(), report("rates", 0)).article_ids == (report("rates", 0).article_id,)


def test_reindexing_with_another_embedder_groups_anew_and_ids_stay(words: Embedder, other_words: Embedder, tmp_path: Path) -> None:
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(reads([report(subject, number) for subject in SUBJECTS for number in range(4)]))
        before = by_members(library.events())
    with Library.open(tmp_path, write=True, any_embedder=True, embedder=other_words) as library:
        library.reindex()
        assert by_members(library.events()) == before


def test_a_library_of_the_format_without_events_gets_them_at_the_next_writing(words: Embedder, tmp_path: Path) -> None:
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(reads([report("ferry", 0), report("ferry", 1), report("rates", 0)]))
        expected = library.events()
        database = library._catalog.database
        for name in ("article_came", "article_changed", "metadata_changed"):
            database.write(f"DROP TRIGGER {name}")
        for table in ("unplaced", "event_nearest", "event_traits", "event_members", "event_aliases", "events"):
            database.write(f"DROP TABLE {table}")
        database.write("DROP TABLE fetched")
        database.write("DROP TABLE rejected")
        for statement in MIGRATIONS[0]:
            if " rejected" in statement:
                database.write(statement)
        database.write("PRAGMA user_version = 1")
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.events() == expected


def test_a_flood_of_clones_is_one_event_and_swallows_no_other(words: Embedder) -> None:
    ferry, rates = [report("ferry", number) for number in range(4)], [report("rates", number) for number in range(4)]
    flood = [Article(ferry[0].text, value("Fire"), value("Flooder"), value(f"https://flood.example/{n}"), value(None)) for n in range(1000)]
    with Library.in_memory([*ferry, *rates], embedder=words) as library:
        rates_id = event_of(library.events(), rates[0]).event_id
        library.ingest(reads(flood))
        library.ingest(reads([report("ferry", 5), report("rates", 5)]))
        events = library.events()
        assert {article_id for event in events for article_id in event.article_ids} >= {article.article_id for article in flood}
        assert event_of(events, rates[0]).event_id == rates_id
        assert set(event_of(events, rates[0]).article_ids) == {report("rates", n).article_id for n in (0, 1, 2, 3, 5)}
        assert len(event_of(events, flood[0]).article_ids) >= 1000


def test_titles_are_words_of_a_headline_that_the_others_bear_out(words: Embedder) -> None:
    text = "The silo in the port of Hald exploded at noon. {} people died in the explosion of the silo, the town hall said."
    headlines = {
        "OPINION: SILO OWNERS MUST PAY": "Five",
        "Silo explosion in Hald: three dead": "Three",
        "CORRECTED: Silo explodes in port of Hald, five dead": "Five",
        "Why did the silo explode?": "Five",
    }
    articles = [Article(text.format(toll), value(title), value(f"P{toll}{title[:3]}")) for title, toll in headlines.items()]
    with Library.in_memory(articles, embedder=words) as library:
        (event,) = library.events()
    assert event.title == "Silo explosion in Hald"


def test_filters_choose_whole_events(words: Embedder) -> None:
    articles = [report("ferry", n, f"2025-03-{10 + n}", outlet=f"Paper {n % 2}") for n in range(4)] + [
        report("rates", n, None, outlet="Paper 0") for n in range(2)
    ]
    with Library.in_memory(articles, embedder=words) as library:
        assert [len(event.article_ids) for event in library.events(since=date(2025, 3, 13))] == [4]
        assert [len(event.article_ids) for event in library.events(until=date(2025, 3, 10))] == [4]
        assert library.events(since=date(2025, 3, 14)) == library.events(since=date(2025, 3, 20), until=date(2025, 3, 1)) == []
        assert [len(event.article_ids) for event in library.events(outlets=["Paper 1"])] == [4]
        assert [len(event.article_ids) for event in library.events(min_outlets=2)] == [4]
        assert [len(event.article_ids) for event in library.events(min_articles=3)] == [4]
        assert len(library.events(outlets=["Paper 0"])) == 2


def test_the_command_filters_and_a_former_id_names_its_event(words: Embedder, sample_library: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, ["--library", str(sample_library), "events", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    listed = json.loads(run("--json"))
    assert len(listed) == 3
    first = min(event["first"] for event in listed)
    assert len(json.loads(run("--json", "--until", first))) == 1
    assert json.loads(run("--json", "--min-outlets", "50")) == []
    outlet = listed[0]["outlets"][0]
    assert all(outlet in event["outlets"] for event in json.loads(run("--json", "--outlet", outlet)))
    assert "smaller events not shown" in run("--since", "2000-01-01")
    assert "no event fits" in run("--since", "2099-01-01")
    unknown = CliRunner().invoke(cli, ["--library", str(sample_library), "events", "--outlet", "Nobody's Paper"])
    assert unknown.exit_code == 2


@pytest.mark.parametrize("text", ["?", "", "...", "\u200b", "12 12 12", "a" * 20_000])
def test_texts_with_hardly_a_word_are_placed(words: Embedder, text: str) -> None:
    with Library.in_memory(
        [Article(text, title, url=value(f"https://x.example/{n}")) for n, title in enumerate([value("?"), UNKNOWN])], embedder=words
    ) as library:
        library.ingest(reads([report("ferry", 1)]))
        assert sum(len(event.article_ids) for event in library.events()) == 3

"""The library as it was on a day: which version of which article is read, listed and found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.version import Dated, rows_on

URL = "https://post.example/terminal"


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(text: str, url: str = URL, *, day: str | None = None, changed: str | None = None, outlet: str = "Harbour Post") -> Article:
    return Article(text, outlet=value(outlet), url=value(url), published=value(day), modified=value(changed))


FIRST = article("Four people were hurt when the ferry terminal burned, the coastguard said.", day="2025-03-14")
LATER = article(
    "Eleven people were hurt when the ferry terminal burned, the hospital said.", day="2025-03-14", changed="2025-03-16T08:00:00Z"
)
BUDGET = article("The budget grows by two percent.", "https://post.example/budget", day="2025-03-20")
UNDATED = article("The museum shows maps of the ferry terminal.", "https://post.example/museum")


def dated(*versions: tuple[str | None, str]) -> list[Dated]:
    return [Dated(row, "a", stated, seen) for row, (stated, seen) in enumerate(versions, 1)]


def on(day: str, versions: list[Dated]) -> list[int]:
    return rows_on(date.fromisoformat(day), versions)


def test_a_version_counts_from_its_stated_time() -> None:
    versions = dated(("2025-03-14", "2026-01-01T00:00:00+00:00"), ("2025-03-16T23:30:00-05:00", "2026-01-01T00:00:00+00:00"))
    assert [on(day, versions) for day in ("2025-03-13", "2025-03-14", "2025-03-15", "2025-03-16")] == [[], [1], [1], [2]]


def test_of_versions_with_one_stated_time_the_later_ones_count_from_when_they_were_seen() -> None:
    versions = dated(("2025-03-14", "2025-03-14T09:00:00+00:00"), ("2025-03-14", "2025-03-18T09:00:00+00:00"))
    assert [on(day, versions) for day in ("2025-03-14", "2025-03-17", "2025-03-18")] == [[1], [1], [2]]


def test_a_version_without_a_time_beside_one_that_has_one_stands_before_it() -> None:
    versions = dated((None, "2025-03-10T09:00:00+00:00"), ("2025-03-14", "2025-03-18T09:00:00+00:00"))
    assert [on(day, versions) for day in ("2025-03-09", "2025-03-10", "2025-03-14")] == [[], [1], [2]]


def test_an_article_without_any_time_is_never_there() -> None:
    assert on("2030-01-01", dated((None, "2025-03-10T09:00:00+00:00"))) == []


def test_long_after_all_versions_the_current_ones_stand(words: Embedder) -> None:
    with Library.in_memory([LATER, FIRST, BUDGET], embedder=words) as library:
        now = library.articles()
        library.look_back(date(2100, 1, 1))
        assert library.articles() == now == [LATER, BUDGET]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_search_finds_the_words_that_stood_then(words: Embedder, order: list[int]) -> None:
    versions = [FIRST, LATER]
    with Library.in_memory([*(versions[number] for number in order), BUDGET, UNDATED], embedder=words) as library:
        library.look_back(date(2025, 3, 15))
        hits = library.search("ferry terminal eleven hurt budget museum")
        assert [hit.article for hit in hits] == [FIRST]
        assert hits[0].text == FIRST.text[hits[0].start : hits[0].end]
        assert library.article(FIRST.article_id) == FIRST
        assert (library.mentions("Eleven"), library.mentions("Four"), library.mentions("museum")) == (0, 1, 0)
        assert [outlet.articles for outlet in library.outlets()] == [1]
        assert [event.article_ids for event in library.events()] == [(FIRST.article_id,)]
        assert library.search("ferry", until=date(2025, 3, 13)) == []
        library.look_back(date(2025, 3, 16))
        assert [hit.article for hit in library.search("ferry terminal")] == [LATER]
        library.look_back(None)
        assert {hit.article.url.value for hit in library.search("ferry terminal budget")} >= {LATER.url.value, UNDATED.url.value}


def test_what_is_left_out_is_said(words: Embedder) -> None:
    with Library.in_memory([FIRST, UNDATED], embedder=words) as library:
        library.look_back(date(2025, 3, 15))
        assert library.notices == ["as of 2025-03-15: 1 article without a date left out"]


def test_an_old_copy_is_the_text_of_the_article_that_printed_it_then(words: Embedder) -> None:
    copy = article(FIRST.text, "https://courier.example/1", day="2025-03-15", outlet="Courier")
    with Library.in_memory([FIRST, LATER, copy], embedder=words) as library:
        library.look_back(date(2025, 3, 15))
        (hit,) = library.search("coastguard")
        assert (hit.article, hit.also) == (FIRST, (copy.article_id,))
        library.look_back(date(2025, 3, 16))
        assert [hit.article for hit in library.search("coastguard", limit=1)] == [copy]


def test_on_disk_the_superseded_version_is_held_with_its_passages(tmp_path: Path, words: Embedder) -> None:
    from vectorstore.readers import Read

    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(Read(item, "test") for item in (FIRST, LATER, BUDGET))
        library.reindex()
    with Library.open(tmp_path, embedder=words) as library:
        library.look_back(date(2025, 3, 15))
        assert [hit.article for hit in library.search("terminal")] == [FIRST]

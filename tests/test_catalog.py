from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder
from vectorstore.errors import LibraryError, LibraryFailed, LibraryTooNew
from vectorstore.passage import cut
from vectorstore.readers import Rejection
from vectorstore.schema import MIGRATIONS
from vectorstore.scope import Scope
from vectorstore.search import terms


def given_field(value: str | None) -> Field:
    return Field(value, "given", "test") if value else UNKNOWN


def article(
    text: str = "Text.", url: str | None = None, day: str | None = None, outlet: str | None = None, title: str | None = None
) -> Article:
    return Article(text, given_field(title), given_field(outlet), given_field(url), given_field(day))


def store(catalog: Catalog, *articles: Article) -> list[str]:
    with catalog.transaction():
        return [catalog.put(item, "memory", None) for item in articles]


def index(catalog: Catalog, embedder: Embedder, texts: Sequence[str]) -> None:
    with catalog.transaction():
        for text in texts:
            store_id = Article(text).text_id
            passages = cut(text, store_id, embedder.count_tokens, 64)
            catalog.put_vectors([passage.text for passage in passages], embedder.embed([passage.text for passage in passages]))
            catalog.put_passages(passages, [passage.text for passage in passages])


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(None)


def test_the_same_publication_again_is_unchanged(catalog: Catalog) -> None:
    one = article(url="https://a.example/1", title="Fire")
    assert store(catalog, one, one) == ["added", "unchanged"]
    assert store(catalog, article(url="http://a.example/1/?utm_source=x", title="Fire")) == ["updated"]
    assert store(catalog, article(url="http://a.example/1/?utm_source=x", title="Fire")) == ["unchanged"]


def test_new_metadata_is_merged_with_where_it_came_from(catalog: Catalog) -> None:
    url = "https://a.example/1"
    assert store(catalog, article(url=url), article(url=url, day="2025-03-14"), article(url=url, day="2025-03-15")) == [
        "added",
        "updated",
        "updated",
    ]
    (stored,) = catalog.articles()
    assert (stored.published.value, stored.published.certainty) == ("2025-03-14", "given")
    assert [other.value for other in stored.published.others] == ["2025-03-15"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_latest_published_version_is_current_whatever_the_order(catalog: Catalog, order: tuple[int, ...]) -> None:
    url = "https://a.example/1"
    versions = [
        article("Four hurt.", url, "2025-03-14"),
        article("Seven hurt.", url, "2025-03-14T23:30:00+02:00"),
        article("Eleven hurt.", url, "2025-03-14T22:00:00+00:00"),
    ]
    assert store(catalog, *(versions[number] for number in order)) == ["added", "new version", "new version"]
    (current,) = catalog.articles()
    assert current.text == "Eleven hurt."
    assert catalog.versions(current.article_id)[-1] == current
    assert len(catalog.versions(current.article_id)) == 3


def test_a_date_that_comes_later_makes_a_version_current(catalog: Catalog) -> None:
    url = "https://a.example/1"
    store(catalog, article("Old.", url), article("New.", url, "2025-03-14"))
    assert catalog.articles()[0].text == "New."
    assert store(catalog, article("Old.", url, "2025-03-20")) == ["updated"]
    assert catalog.articles()[0].text == "Old."


def test_among_versions_without_a_date_the_last_that_came_is_current(catalog: Catalog) -> None:
    url = "https://a.example/1"
    store(catalog, article("One.", url), article("Two.", url), article("One.", url))
    assert catalog.articles()[0].text == "Two."


def test_copies_are_articles_of_their_own(catalog: Catalog) -> None:
    assert store(catalog, article(url="https://a.example/1"), article(url="https://b.example/1")) == ["added", "added"]
    counts = catalog.counts()
    assert (counts["articles"], counts["texts"]) == (2, 1)


def test_articles_come_in_the_order_of_publication_those_without_a_date_last(catalog: Catalog) -> None:
    days = [None, "2025-03-15", "2025-03-14T23:00:00+00:00", "2025-03-15T00:30:00+02:00", "2025-03-14"]
    store(catalog, *(article(f"Text {day}.", day=day) for day in days))
    assert [item.published.value for item in catalog.articles()] == [
        "2025-03-14",
        "2025-03-15T00:30:00+02:00",
        "2025-03-14T23:00:00+00:00",
        "2025-03-15",
        None,
    ]


def test_scopes(catalog: Catalog) -> None:
    a = article("A.", outlet="Post", day="2025-03-14T23:59:00+01:00")
    b = article("B.", outlet='Courier\'s "best"', day="2025-03-15")
    c = article("C.", day="2025-03-16")
    d = article("D.", outlet="Post")
    store(catalog, a, b, c, d)

    def held(**limits: object) -> set[str]:
        return {item.text for item in catalog.articles(Scope.of(**limits))}  # type: ignore[arg-type]  # names checked by the test itself

    assert held() == {"A.", "B.", "C.", "D."}
    assert held(outlets=["Post"]) == {"A.", "D."}
    assert held(outlets=[None, 'Courier\'s "best"']) == {"B.", "C."}
    assert held(outlets=[]) == set()
    assert held(since=date(2025, 3, 15)) == {"B.", "C."}
    assert held(since=date(2025, 3, 14), until=date(2025, 3, 14)) == {"A."}
    assert held(article_ids=[a.article_id, d.article_id], outlets=["Post"], until=date(2025, 3, 20)) == {"A."}
    assert held(article_ids=[]) == set()


def test_titles_help_to_find_a_text_under_every_headline_it_had(catalog: Catalog, words: Embedder) -> None:
    text = "Four people were hurt."
    one, other = article(text, "https://a.example/1", title="Ferry ablaze"), article(text, "https://b.example/1", title="Inferno in port")
    store(catalog, one)
    index(catalog, words, [text])
    assert catalog.lexical(["ablaze"], 10)
    assert not catalog.lexical(["inferno"], 10)
    store(catalog, other)
    catalog.retitle(one.text_id)
    assert catalog.lexical(["inferno"], 10)
    before = catalog.changes
    catalog.retitle(one.text_id)
    assert catalog.changes == before


def test_passages_of_old_versions_are_not_searched(catalog: Catalog, words: Embedder) -> None:
    url = "https://a.example/1"
    store(catalog, article("Four hurt.", url, "2025-03-14"), article("Eleven hurt.", url, "2025-03-15"))
    index(catalog, words, ["Four hurt.", "Eleven hurt."])
    assert len(catalog.lexical(["hurt"], 10)) == 1
    assert len(catalog.passages_of()[0]) == 1
    assert len(catalog.passages_between(0, catalog.last_passage())[0]) == 2


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(max_size=60)
    | st.lists(st.sampled_from('fire AND OR NOT NEAR( ) " * ^ : + - title:fire {a} \x00 ٣ ² _ \u0301 ﷺ'.split(" "))).map(" ".join)
)
def test_no_query_breaks_the_lexicon(words: Embedder, query: str) -> None:
    catalog = Catalog(None)
    store(catalog, article("A fire."))
    index(catalog, words, ["A fire."])
    catalog.lexical(terms(query), 10)


def test_a_query_of_ten_thousand_words_is_answered(words: Embedder) -> None:
    catalog = Catalog(None)
    store(catalog, article("A fire."))
    index(catalog, words, ["A fire."])
    assert catalog.lexical(terms(" ".join(f"word{n}" for n in range(10_000))), 10) == {}


def test_a_nul_and_a_quote_are_characters_like_others(catalog: Catalog, words: Embedder) -> None:
    text = 'Before\x00after the "fire" it\'s over.'
    store(catalog, article(text, outlet='O\'Neil "x"'))
    index(catalog, words, [text])
    assert catalog.articles()[0].text == text
    assert catalog.texts_with("after the") == [text]
    assert catalog.lexical(["over"], 10)


def test_a_place_has_one_rejection_the_last(catalog: Catalog) -> None:
    with catalog.transaction():
        catalog.quarantine.put([Rejection("a", 1, "x"), Rejection("a", None, "y"), Rejection("a", 1, "z")])
    assert catalog.quarantine.rejected() == [Rejection("a", None, "y"), Rejection("a", 1, "z")]
    with catalog.transaction():
        catalog.quarantine.drop([("a", None)])
    assert catalog.quarantine.rejected() == [Rejection("a", 1, "z")]


def test_a_transaction_is_all_or_nothing(catalog: Catalog) -> None:
    def fail() -> None:
        with catalog.transaction():
            catalog.put(article(), "memory", None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert catalog.articles() == []
    assert store(catalog, article()) == ["added"]


def test_a_snapshot_does_not_see_what_is_written_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "what?#%41 é.sqlite3"
    writer = Catalog(path)
    reader = Catalog(path, read_only=True)
    with reader.snapshot(), reader.snapshot():
        assert reader.articles() == []
        store(writer, article())
        assert reader.articles() == []
    assert len(reader.articles()) == 1
    reader.close()
    writer.close()
    assert sorted(file.name for file in tmp_path.iterdir())[0] == path.name


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    Catalog(tmp_path / "c").close()
    reader = Catalog(tmp_path / "c", read_only=True)
    with pytest.raises(LibraryFailed, match="cannot be opened or written"):
        store(reader, article())
    reader.close()


def test_an_older_program_refuses_a_newer_catalog(tmp_path: Path) -> None:
    Catalog(tmp_path / "c").close()
    with sqlite3.connect(tmp_path / "c") as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for read_only in (False, True):
        with pytest.raises(LibraryTooNew, match="upgrade rashomon"):
            Catalog(tmp_path / "c", read_only=read_only)


def test_a_catalog_that_was_never_filled_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"")
    with pytest.raises(LibraryError, match="rashomon ingest"):
        Catalog(tmp_path / "c", read_only=True)


@pytest.mark.parametrize("damage", ["text", "truncated", "garbled"])
def test_a_damaged_catalog_is_named_with_what_to_do(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "c"
    catalog = Catalog(path)
    store(catalog, *(article(f"Text {number}. " * 200) for number in range(30)))
    catalog.close()
    content = path.read_bytes()
    if damage == "text":
        path.write_bytes(b"this is no database, whatever its name says. " * 100)
    elif damage == "truncated":
        path.write_bytes(content[: len(content) // 3])
    else:
        path.write_bytes(content[:4096] + bytes(255 - byte for byte in content[4096:]))
    with pytest.raises(LibraryFailed, match=r"damaged.*(restore|delete)") as caught:
        Catalog(path, read_only=True).articles()
    assert str(path) in str(caught.value)

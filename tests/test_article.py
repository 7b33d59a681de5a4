from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field, canonical_url

GIVEN = Field("Harbour Post", "given", "outlet")
FOUND = Field("Harbour", "found", "first line", (0, 7))


def named(value: str) -> Field:
    return Field(value, "given", "test")


@pytest.mark.parametrize(
    "same",
    [
        "http://post.example/a/",
        "https://POST.example/a#top",
        "https://post.example:443/a",
        "https://post.example/a?utm_source=x&fbclid=1",
        " https://user:secret@post.example/a ",
    ],
)
def test_an_address_is_the_same_page_whatever_does_not_change_the_page(same: str) -> None:
    assert canonical_url(same) == "https://post.example/a"


@pytest.mark.parametrize("other", ["https://post.example/A", "https://post.example/a?page=2", "https://post.example:8080/a"])
def test_what_may_change_the_page_is_kept(other: str) -> None:
    assert canonical_url(other) != "https://post.example/a"


def test_the_key_is_the_address_else_the_id_else_outlet_and_title_and_text_else_the_text() -> None:
    everything = Article("Text.", named("Fire"), named("Post"), named("https://post.example/a"), UNKNOWN, UNKNOWN, named("7"))
    assert everything.key == "url:https://post.example/a"
    assert Article("Text.", named("Fire"), named("Post"), given_id=named("7")).key == "id:7"
    assert Article("Text.", named("Fire"), named("Post")).key != Article("Text.", named("Fire"), named("Courier")).key
    assert Article("Text.").key == Article("Text.").key != Article("Text!").key


def test_an_outlet_and_a_title_cannot_be_swapped_or_run_together() -> None:
    assert Article("Text.", named("a"), named("b")).key != Article("Text.", named("b"), named("a")).key
    assert Article("Text.", named("ab")).key != Article("Text.", named("a"), named("b")).key


def test_copies_share_the_text_id_and_not_the_article_id() -> None:
    one, other = Article("Text.", url=named("https://a.example/1")), Article("Text.", url=named("https://b.example/1"))
    assert one.text_id == other.text_id
    assert one.article_id != other.article_id


def test_the_surer_value_stands_whichever_came_first_and_the_other_is_kept_with_its_source() -> None:
    for merged in (FOUND.merged(GIVEN), GIVEN.merged(FOUND)):
        assert (merged.value, merged.certainty, merged.others) == ("Harbour Post", "given", (FOUND,))
    assert UNKNOWN.merged(FOUND) == FOUND.merged(UNKNOWN) == FOUND


def test_of_two_values_as_sure_as_each_other_both_are_kept_once() -> None:
    merged = GIVEN.merged(named("The Harbour Post"))
    assert (merged.value, [other.value for other in merged.others]) == ("Harbour Post", ["The Harbour Post"])
    assert merged.merged(named("The Harbour Post")) == merged


def test_a_value_that_was_found_and_is_given_later_counts_as_given() -> None:
    merged = FOUND.merged(named("Harbour"))
    assert (merged.value, merged.certainty, merged.others) == ("Harbour", "given", ())


def test_of_several_sources_the_surest_speaks_and_those_that_agree_are_silent() -> None:
    field = Field.of(
        (Field("Fire!", "found", "h1"), named("Fire"), Field("fire", "declared", "og:title"), UNKNOWN), lambda a, b: a.lower() == b.lower()
    )
    assert (field.value, field.source, field.others) == ("Fire", "test", (Field("Fire!", "found", "h1"),))
    assert Field.of(()) == UNKNOWN


def test_the_label_says_what_is_unknown() -> None:
    assert Article("Text.").label.startswith("outlet unknown, no headline")


def test_a_day_has_no_moment_and_a_time_without_offset_counts_as_utc() -> None:
    day = Article("Text.", published=named("2025-03-14"))
    assert (str(day.day), day.moment) == ("2025-03-14", None)
    timed = Article("Text.", published=named("2025-03-14T09:10:00"))
    assert timed.moment
    assert timed.moment.isoformat() == "2025-03-14T09:10:00+00:00"
    assert Article("Text.").day is None


fields = st.one_of(
    st.just(UNKNOWN),
    st.builds(
        Field,
        st.text(min_size=1, max_size=5),
        st.sampled_from(["given", "declared", "found", "guessed"]),
        st.text(max_size=5),
        st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
    ),
)


@given(fields, fields, fields)
def test_what_is_known_in_the_end_does_not_depend_on_what_came_first(one: Field, two: Field, three: Field) -> None:
    assert one.merged(two) == two.merged(one)
    assert one.merged(two).merged(three) == one.merged(two.merged(three)) == three.merged(one).merged(two)


@given(fields, fields)
def test_merging_again_changes_nothing(first: Field, second: Field) -> None:
    once = first.merged(second)
    assert once.merged(second) == once
    assert once.merged(once) == once


@given(fields, fields)
def test_metadata_comes_back_as_it_was_stored(title: Field, author: Field) -> None:
    article = Article("Text.", title=title, author=author.merged(title), notes=("decoded as cp1252",))
    assert Article.from_metadata("Text.", article.metadata()) == article


def test_merging_articles_merges_every_field_and_the_notes() -> None:
    merged = Article("Text.", title=FOUND, notes=("a",)).merged(Article("Text.", title=GIVEN, outlet=GIVEN, notes=("a", "b")))
    assert (merged.title, merged.outlet, merged.notes) == (GIVEN.merged(FOUND), GIVEN, ("a", "b"))


def test_a_library_of_the_first_format_is_read() -> None:
    stored = {"outlet": {"value": "Post", "provenance": "given", "source": "source", "others": ["The Post"]}, "notes": ["a"]}
    article = Article.from_metadata("Text.", stored)
    assert article.outlet == Field("Post", "given", "source", None, (Field("The Post", "given"),))
    assert article.notes == ("a",)


def test_a_text_that_may_not_be_whole_is_marked() -> None:
    assert Article("Text.", notes=("partial: cut",)).partial
    assert not Article("Text.", notes=("decoded as cp1252",)).partial

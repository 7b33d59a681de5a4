"""What a search reads from memory is what it would read from the file, and nothing that is no longer there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vectorstore.search
import vectorstore.warm
from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder
from vectorstore.held import aligned
from vectorstore.library import Library, Scope
from vectorstore.plan import Part, SearchPlan
from vectorstore.readers import Read
from vectorstore.search import best_first, by_turns
from vectorstore.warm import WarmCatalog

WORDS = "ferry harbour strike 4,500 co_op 3.5 museum Ferries wires naïve budget insurers".split()
OUTLETS = ("Harbour Post", "Varn Courier", "Loud Daily", None)


def value(text: str | None) -> Field:
    return Field(text, "given", "test") if text else UNKNOWN


def article(number: int, text: str | None = None, day: str | None = None) -> Article:
    chosen = [WORDS[(number * 7 + step * step) % len(WORDS)] for step in range(9)]
    text = text or "\n\n".join(f"{' '.join(chosen[line:])} of {line} and {number}." for line in range(5))
    when = day or (None if number % 5 == 0 else f"2025-03-{number % 9 + 1:02}" + ("T22:30:00-05:00" if number % 2 else ""))
    return Article(text, value(f"Title {number}"), value(OUTLETS[number % 4]), value(f"https://post.example/{number}"), value(when))


def ingest(folder: Path, embedder: Embedder, *articles: Article) -> None:
    with Library.open(folder, write=True, embedder=embedder) as library:
        library.ingest(Read(one, "test") for one in articles)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, words_everywhere: Embedder) -> Iterator[Catalog]:
    """With copies, articles without a date or an outlet, and one whose earlier text is no longer current."""
    folder = tmp_path_factory.mktemp("held")
    many = [article(number) for number in range(60)]
    copies = [article(number, many[number - 40].text) for number in range(60, 70)]
    ingest(folder, words_everywhere, *many, *copies, article(3, "The ferry strike ended.", "2025-04-01"), article(99, "Ferry museum."))
    catalog = Catalog(folder / "catalog.sqlite3", read_only=True)
    yield catalog
    catalog.close()


@pytest.fixture(scope="module")
def words_everywhere() -> Embedder:
    from importlib import util

    spec = util.spec_from_file_location("word_embedder", Path(__file__).with_name("word_embedder.py"))
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    embedder: Embedder = module.WordEmbedder()
    return embedder


days = st.none() | st.dates(date(2025, 2, 27), date(2025, 4, 2))
scopes = st.builds(
    Scope,
    outlets=st.none() | st.frozensets(st.sampled_from([*OUTLETS, "Nobody"])),
    since=days,
    until=days,
    article_ids=st.none() | st.frozensets(st.sampled_from([article(number).article_id for number in (0, 3, 7, 21, 61, 99, 500)])),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scope=scopes, one_day=st.booleans(), terms=st.lists(st.sampled_from([*WORDS, "nothing", "__"]), max_size=6), limit=st.integers(1, 400)
)
def test_memory_and_file_give_the_same(held: Catalog, scope: Scope, one_day: bool, terms: list[str], limit: int) -> None:
    if one_day:
        scope = Scope(scope.outlets, scope.since, scope.since, scope.article_ids)
    warm = WarmCatalog(held)
    warm.refresh()
    printed = held.printed(scope)
    assert warm.printed(scope) == printed
    texts = None if scope.everything else printed.keys()
    lexical = held.lexical(terms, limit, texts)
    assert list(warm.lexical(terms, limit, texts).items()) == list(lexical.items())
    rows, vectors = held.passages_of(texts)
    warm_rows, warm_vectors = warm.passages_of(texts)
    assert list(warm_rows) == rows
    assert np.array_equal(warm_vectors.reshape(vectors.shape), vectors)
    assert aligned(lexical, warm_rows).tolist() == aligned(warm.lexical(terms, limit, texts), warm_rows).tolist()
    assert aligned(lexical, warm_rows).tolist() == [lexical.get(row.passage_id, 0.0) for row in rows]
    everywhere = held.lexical(terms, 400)
    assert aligned(everywhere, warm_rows).tolist() == [everywhere.get(row.passage_id, 0.0) for row in rows]


def test_words_that_are_forgotten_are_looked_up_again(held: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectorstore.warm, "MOST_SCORES", 300)
    warm = WarmCatalog(held)
    warm.refresh()
    for _ in range(3):
        for word in WORDS:
            assert warm.lexical([word], 50) == held.lexical([word], 50)
            assert len(warm._words) <= 3


PLAN = SearchPlan("harbour strike insurers?", (Part("ferry harbour"), Part("insurers strike", frozenset({"Varn Courier"}))))


def answers(library: Library) -> list[object]:
    plans = (PLAN, SearchPlan(PLAN.question, PLAN.parts, frozenset({"Varn Courier", "Loud Daily"})), SearchPlan.whole("ferry museum"))
    return [
        *(library.search_plan(plan) for plan in plans),
        library.search_plan(SearchPlan("ferry", (Part("ferry"),), spread=True), limit=7),
        library.search("ferry strike"),
        library.search("ferry strike", spread=True),
        library.search("museum", since=date(2025, 3, 4), until=date(2025, 3, 4)),
        library.rank_articles("ferry insurers"),
    ]


def test_a_reader_sees_what_another_process_or_connection_does(tmp_path: Path, words: Embedder) -> None:
    """Each time the answers are those of a library that is opened anew, and so knows nothing of before."""
    ingest(tmp_path, words, *(article(number) for number in range(40)))
    with Library.open(tmp_path, embedder=words) as reader:

        def changed() -> bool:
            nonlocal before
            after = answers(reader)
            with Library.open(tmp_path, embedder=words) as fresh:
                assert answers(fresh) == after
            before, same = after, before == after
            return not same

        before = answers(reader)
        new = article(41, "Insurers, insurers and the museum of the ferry.")
        ingest(tmp_path, words, new)
        assert changed()
        assert new in [hit.article for hit in reader.search("insurers museum ferry", limit=50)]
        newer = article(41, "Nothing is known of that.", "2025-05-05")
        ingest(tmp_path, words, newer)
        assert changed()
        assert new not in [hit.article for hit in reader.search("insurers museum ferry", limit=50)]
        with Library.open(tmp_path, write=True, embedder=words) as writer:
            assert answers(writer) == before
            writer.remove([newer.article_id, article(7).article_id])
            after_removal = answers(writer)
            assert article(7) not in [hit.article for hit in writer.search("ferry", limit=50)]
        assert changed()
        assert after_removal == before
        with Library.open(tmp_path, write=True, embedder=words) as writer:
            writer.reindex()
            assert answers(writer) == before
        assert not changed()


def test_what_was_undone_is_not_remembered(words: Embedder) -> None:
    with Library.in_memory([article(number) for number in range(10)], embedder=words) as library:
        before = answers(library)
        catalog = library._catalog

        def undone() -> None:
            with catalog.transaction():
                catalog.remove_articles([article(number).article_id for number in range(5)])
                assert answers(library) != before
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            undone()
        assert answers(library) == before


# The order of results.


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, -np.inf]), max_size=60), st.integers(1, 20))
def test_the_best_come_first_and_equals_in_their_order(scores: list[float], first: int) -> None:
    wanted = sorted((column for column, one in enumerate(scores) if one > -np.inf), key=lambda column: (-scores[column], column))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectorstore.search, "FIRST_SORTED", first)
        assert list(best_first(np.array(scores, np.float32))) == wanted


@given(st.lists(st.sampled_from("aaaabbc"), max_size=40), st.integers(1, 12), st.sets(st.sampled_from("abcd")))
def test_turns_are_those_of_all_that_there_is(ranked: list[str], count: int, others: set[str]) -> None:
    """Stopping early changes nothing."""
    items = list(enumerate(ranked))
    round_of = [ranked[:place].count(outlet) for place, outlet in items]
    wanted = sorted(items, key=lambda item: round_of[item[0]])[:count]
    assert by_turns(items, lambda item: item[1], {*ranked, *others}, count) == wanted

"""A word's scores are those of FTS5, to the last bit, whatever happened to the library before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.article import UNKNOWN, Article, Field
from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.readers import Read
from vectorstore.warm import WarmCatalog
from vectorstore.word_scores import Tokens, WordScores, whole_numbers

# With forms of one stem, an accent, words that are two tokens or none, one that stands in every passage, and one in none.
ASKED = "ferry ferries Ferry harbour naïve naive 4,500 4 co_op co __ 3.5 strikes everywhere outlet 2025 march nowhere é İzmir".split()


def article(number: int, text: str, day: str = "2025-03-14") -> Article:
    def field(value: str) -> Field:
        return Field(value, "given", "test")

    title = field(f'The "Ferry_{number}" strike of the co_op, again') if number % 3 else UNKNOWN
    return Article(text, title, field("Harbour Post"), field(f"https://post.example/{number}"), field(day))


def story(number: int) -> str:
    words = [ASKED[(number * 5 + step * step) % (len(ASKED) - 3)] for step in range(number * 17 % 300)]
    return f"Everywhere {' '.join(words)}. Number {number} ended."


@pytest.fixture
def filled(tmp_path: Path, words: Embedder) -> Path:
    """Long and short texts, an earlier version that is kept, and numbers that are missing since articles were removed."""
    with Library.open(tmp_path, write=True, embedder=words) as library:
        library.ingest(Read(article(number, story(number)), "test") for number in range(50))
        library.ingest([Read(article(7, "The ferry, everywhere, is new.", "2025-04-01"), "test")])
        library.remove([article(number, story(number)).article_id for number in (3, 30)])
        library.ingest([Read(article(60, "Ferries came back, everywhere.", "2025-04-02"), "test")])
    return tmp_path


def test_scores_are_those_of_the_lexicon(filled: Path) -> None:
    catalog = Catalog(filled / "catalog.sqlite3", read_only=True)
    scores = WordScores(catalog.database)
    found = 0
    for word in (*ASKED, *ASKED):
        rows = catalog.database.rows("SELECT rowid, -bm25(lexicon) FROM lexicon WHERE lexicon MATCH ?", (f'"{word}"',))
        numbers, of_word = scores.of(word)
        assert list(zip(numbers.tolist(), of_word.tolist(), strict=True)) == rows
        found += len(rows)
    assert found > 500
    catalog.close()


# What FTS5 reads as more than a word, what ends its reading, and what SQLite cannot hold.
HOSTILE = (
    *('fer"ry', '"', '""', '"4,500"', '4,500"', "ferry*", "NEAR", "NEAR(ferry harbour)", "^ferry", "title:ferry", "{title} : ferry"),
    *("-", "(", "ferry AND", "fer\0ry", "\0", "\ud800", "ferry\udcff", "😀", "\u202e", "!!! …", "", "x" * 100_000, "ferry " * 20_000),
)  # fmt: skip


def test_no_word_is_read_as_a_query(filled: Path, words: Embedder) -> None:
    with Library.open(filled, embedder=words) as library:
        rarity = library.rarity(HOSTILE)
        assert set(rarity) == set(HOSTILE)
        assert rarity["NEAR"] == rarity["title:ferry"] == rarity['"'] > library.rarity(["ferry"])["ferry"]
        assert rarity["ferry*"] == rarity["^ferry"] == library.rarity(["ferry"])["ferry"]
        assert library.rarity(['"4,500"']) == {'"4,500"': library.rarity(["4,500"])["4,500"]}
        for word in HOSTILE:
            library.search(word)
            library.mentions(word)
            library.look_back(date(2025, 3, 20))  # read from the file then, and not from what is held in memory
            library.search(word)
            library.rarity([word])
            library.look_back(None)
        catalog = Catalog(filled / "catalog.sqlite3", read_only=True)
        scores = WordScores(catalog.database)
        for word in HOSTILE:
            assert len(scores.of(word)[0]) == catalog.holders([word])[word]
            catalog.texts_titled(word)
            catalog.lexical([word, "ferry"], 10)
        catalog.close()


@given(st.text(st.characters(), max_size=20))
def test_any_word_may_be_asked_for(word: str) -> None:
    catalog = Catalog(None)
    assert catalog.holders([word]) == {word: 0}
    assert catalog.lexical([word], 10) == {}
    catalog.close()


def test_an_empty_library_has_no_scores() -> None:
    catalog = Catalog(None)
    for word in ("ferry", "4,500", "__"):
        assert [len(one) for one in WordScores(catalog.database).of(word)] == [0, 0]
    catalog.close()


def test_words_are_cut_as_the_lexicon_cuts_them() -> None:
    tokens = Tokens()
    assert [tokens.of(word) for word in ("Ferries", "naïve", "4,500", "co_op", "__", "")] == [
        ["ferri"],
        ["naiv"],
        ["4", "500"],
        ["co", "op"],
        [],
        [],
    ]


@given(st.lists(st.integers(0, 2**40)))
def test_whole_numbers_are_read_back(numbers: list[int]) -> None:
    def written(number: int) -> bytes:
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(number & 0x7F | 0x80)
        return bytes(reversed(digits))

    assert whole_numbers(b"".join(map(written, numbers))).tolist() == numbers


def test_headlines_are_found_as_the_lexicon_finds_them(filled: Path) -> None:
    catalog = Catalog(filled / "catalog.sqlite3", read_only=True)
    warm = WarmCatalog(catalog)
    warm.refresh()
    current = {row.text_id for row in warm.passages_of()[0]}
    quoted = (
        "ferry_5",
        "The ferry 5 strike",
        "strike of the co_op",
        "__ strikes",
        "the of",
        "co op again",
        "nobody's strike",
        "naïve ferry",
        "",
    )
    wanted = [catalog.texts_titled(words) & current for words in quoted]
    assert [warm.texts_titled(words) & current for words in quoted] == wanted
    assert sum(map(bool, wanted)) >= 4
    catalog.close()


def test_what_is_kept_follows_the_library(filled: Path, words: Embedder) -> None:
    """Outlets and who prints what, while another process writes."""
    with Library.open(filled, embedder=words) as reader:
        assert [(outlet.name, outlet.articles) for outlet in reader.outlets()] == [("Harbour Post", 49)]
        assert len(reader.printed()) == len(reader.articles()) == 49
        reader.outlets().clear()
        other = Article("The Courier saw the ferry.", outlet=Field("Varn Courier", "given", "test"))
        with Library.open(filled, write=True, embedder=words) as writer:
            writer.ingest([Read(other, "test")])
        assert [outlet.name for outlet in reader.outlets()] == ["Harbour Post", "Varn Courier"]
        assert set(reader.held_outlets().names) == {"Harbour Post", "Varn Courier"}
        assert [one.article_id for one in reader.printed(outlets=["Varn Courier"])] == [other.article_id]
        day = article(7, "").day
        reader.look_back(day)
        assert [outlet.name for outlet in reader.outlets()] == ["Harbour Post"]
        for outlets, since in ((None, None), (["Harbour Post"], day), (["Nobody"], None)):
            of_texts = reader.articles(outlets=outlets, since=since)
            assert [one.article_id for one in reader.printed(outlets=outlets, since=since)] == [one.article_id for one in of_texts]
        reader.look_back(None)
        assert [one.article_id for one in reader.printed()] == [one.article_id for one in reader.articles()]

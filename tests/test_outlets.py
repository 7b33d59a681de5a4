"""The outlets of a library: shown under one name, named anew when the registry changes, found under every spelling."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path

import pytest

from vectorstore.article import Article, Field
from vectorstore.embed import Embedder
from vectorstore.library import Library
from vectorstore.outlets import HeldOutlets, alike, fullest
from vectorstore.readers import Read
from vectorstore.registry import Registry
from vectorstore.registry_file import OutletsFileError, read_outlets_file

OWN = '[[outlet]]\nname = "The Harbour Post"\nspellings = ["HP"]\ndomains = ["harbour-post.example"]\nowner = "Harbour Trust"\n'


def article(number: int, outlet: str | None, url: str | None = None) -> Article:
    return Article(
        f"The ferry number {number} left the terminal of Varn on Friday, and nobody was hurt.",
        title=Field(f"Ferry {number}", "given", "title"),
        outlet=Field(outlet, "given", "outlet") if outlet else Field(),
        url=Field(url, "given", "url") if url else Field(),
        published=Field("2025-03-14", "given", "date"),
    )


def ingest(folder: Path, words: Embedder, *articles: Article) -> Library:
    with Library.open(folder, write=True, embedder=words) as library:
        library.ingest(Read(item, "memory", number) for number, item in enumerate(articles))
    return library


def names(folder: Path, words: Embedder) -> list[str | None]:
    with Library.open(folder, embedder=words) as library:
        return [outlet.name for outlet in library.outlets()]


SIX = [
    article(1, "HP"), article(2, "harbour post"), article(3, None, "https://www.harbour-post.example/3"),
    article(4, "Lissen Echo"), article(5, None, "https://harbour-post.example.evil.example/5"), article(6, None),
]  # fmt: skip


def test_one_outlet_under_its_spellings_and_domain(tmp_path: Path, words: Embedder) -> None:
    (tmp_path / "outlets.toml").write_text(OWN)
    ingest(tmp_path, words, *SIX)
    with Library.open(tmp_path, embedder=words) as library:
        first, *others = library.outlets()
        assert [(outlet.name, outlet.articles) for outlet in others] == [("The Harbour Post", 3), (None, 2)]
        assert (first.name, first.spellings) == ("Lissen Echo", ())
        assert others[0].spellings == ("HP", "harbour post")
        assert {item.article_id for item in library.articles()} == {item.article_id for item in SIX}
        assert len(library.search("ferry", outlets=["The Harbour Post"])) == 3
        assert library.notices == []


def test_a_change_of_the_file_is_taken_up_by_the_next_writer_and_the_identities_stay(tmp_path: Path, words: Embedder) -> None:
    ingest(tmp_path, words, *SIX)
    ids = {item.article_id for item in SIX}
    before = names(tmp_path, words)
    assert before == ["harbour post", "HP", "Lissen Echo", None]
    (tmp_path / "outlets.toml").write_text(OWN)
    with Library.open(tmp_path, embedder=words) as library:
        assert "rashomon outlets --update" in library.notices[0]
        assert [outlet.name for outlet in library.outlets()] == before
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert library.notices == ["the outlet registry has changed: 3 stored articles are shown under another outlet now"]
        assert {item.article_id for item in library.articles()} == ids
        report = library.ingest(Read(item, "memory", number) for number, item in enumerate(SIX))
        assert (report.unchanged, report.inputs) == (6, 6)
        # What helps to find the passages follows.
        assert library._catalog.lexical(["harbour"], 10)
    with Library.open(tmp_path, write=True, embedder=words) as library:
        assert (library.notices, library._catalog.changes) == ([], 0)
    (tmp_path / "outlets.toml").unlink()
    ingest(tmp_path, words)
    assert names(tmp_path, words) == before


def test_versions_that_are_not_current_are_named_anew_too(tmp_path: Path, words: Embedder) -> None:
    old, new = (Article(text, outlet=Field("HP", "given", "outlet"), given_id=Field("7", "given", "id")) for text in ("One.", "Two."))
    ingest(tmp_path, words, old, new)
    (tmp_path / "outlets.toml").write_text(OWN)
    ingest(tmp_path, words)
    with Library.open(tmp_path, embedder=words) as library:
        assert [item.outlet.value for item in library.versions(old.article_id)] == ["The Harbour Post"] * 2


def test_a_broken_file_stops_the_command_before_anything_is_stored(tmp_path: Path, words: Embedder) -> None:
    ingest(tmp_path, words, *SIX[:2])
    (tmp_path / "outlets.toml").write_text('[[outlet]]\nname = "A"\nrating = 5\n')
    with pytest.raises(OutletsFileError, match=r"outlets.toml, line 1: “rating” is not kept"):
        Library.open(tmp_path, write=True, embedder=words)
    with Library.open(tmp_path, embedder=words) as library:
        assert len(library.articles()) == 2
        with pytest.raises(OutletsFileError):
            library.held_outlets()
    (tmp_path / "outlets.toml").unlink()
    ingest(tmp_path, words, *SIX)
    assert len(names(tmp_path, words)) == 4


def test_a_failure_half_way_through_naming_leaves_all_as_it_was(tmp_path: Path, words: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(tmp_path, words, *SIX)
    (tmp_path / "outlets.toml").write_text(OWN)
    with monkeypatch.context() as broken:
        broken.setattr("vectorstore.catalog.Catalog.retitle", lambda *_: (_ for _ in ()).throw(RuntimeError("power")))
        with pytest.raises(RuntimeError):
            Library.open(tmp_path, write=True, embedder=words)
    assert names(tmp_path, words) == ["harbour post", "HP", "Lissen Echo", None]
    ingest(tmp_path, words)
    assert names(tmp_path, words)[-2] == "The Harbour Post"


def test_unknown_outlets_are_one_where_only_capitals_blanks_and_the_differ_in_whatever_order_they_come(
    tmp_path: Path, words: Embedder
) -> None:
    spellings = ("LISSEN ECHO", "Lissen Echo", "the Lissen  Echo", "The Lissen Echo")
    for order in list(permutations(range(4)))[::5]:
        folder = tmp_path / "".join(map(str, order))
        for number in order[:2]:
            ingest(folder, words, article(number, spellings[number]))
        ingest(folder, words, *(article(number, spellings[number]) for number in order[2:]))
        assert names(folder, words) == ["The Lissen Echo"]
        with Library.open(folder, write=True, embedder=words) as library:
            library.ingest(Read(article(number, spellings[number]), "memory") for number in range(4))
            assert library._catalog.changes == 0
        shutil.rmtree(folder)


def test_unknown_outlets_that_may_be_two_stay_two() -> None:
    assert alike("The Echo") != alike("Echo")
    assert alike("Lissen Echo Online") != alike("Lissen Echo")
    assert alike("Lissen Echo (Opinion)") != alike("Lissen Echo")
    assert fullest({"lissen echo", "LISSEN ECHO", "Lissen Echo"}) == "Lissen Echo"


def test_a_library_in_memory_uses_what_ships(words: Embedder) -> None:
    with Library.in_memory([article(1, "NYT"), article(2, None, "https://edition.cnn.com/1")], embedder=words) as library:
        assert [outlet.name for outlet in library.outlets()] == ["CNN", "The New York Times"]


def held(*spellings: str) -> HeldOutlets:
    own = read_outlets_file(Path("outlets.toml"), (OWN + '[[outlet]]\nname = "Coast TV"\nspellings = ["CT"]\n').encode())
    return HeldOutlets.of(spellings, Registry([own]))


def test_a_held_outlet_is_meant_by_every_spelling_and_domain() -> None:
    library = held("The Harbour Post", "Lissen Echo")
    for name in ("HP", "the HP", "hp", "The Harbour Post", "harbour-post.example", "Harbour Post (Opinion)"):
        assert library.meant(name) == ("The Harbour Post",)
    assert library.meant("lissen echo") == ("Lissen Echo",)
    assert library.meant("Coast TV") == library.meant("Echo") == library.meant("") == ()
    assert library.known("CT")
    assert library.known("the Coast TV")
    assert not library.known("Ct")
    assert not library.known("Lissen Echo")


def test_the_export_of_a_library_is_the_same_articles_again(tmp_path: Path, words: Embedder) -> None:
    import json

    from agent.render.report import article_values
    from vectorstore.readers import read_file

    (tmp_path / "outlets.toml").write_text(OWN)
    ingest(tmp_path, words, *SIX)
    with Library.open(tmp_path, embedder=words) as library:
        lines = [json.dumps(article_values(item)) for item in library.articles()]
        ids = [item.article_id for item in library.articles()]
    (tmp_path / "export.jsonl").write_text("\n".join(lines))
    assert [read.article.article_id for read in read_file(tmp_path / "export.jsonl") if isinstance(read, Read)] == ids

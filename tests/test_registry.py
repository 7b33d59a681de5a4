"""The outlet registry: which name and which address is whose, and what a user's file may say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vectorstore.article import Article, Field
from vectorstore.registry import Registry, registry_digest
from vectorstore.registry_file import OutletsFileError, facts, file_bytes, read_outlets_file, shipped, spelling

OURS = """
ambiguous = ["The Tribune"]

[[outlet]]
name = "The Harbour Post"
spellings = ["HP", "Harbour Post Online"]
domains = ["harbour-post.example", "www.hpost.co.zz"]
country = "Varnland"
wire = false

[[outlet]]
name = "Harbour Post en Espejo"
domains = ["espejo.harbour-post.example"]

[[outlet]]
name = "Tribune of Varn"
spellings = ["The Tribune", "Coast News"]
domains = ["varntribune.example"]

[[outlet]]
name = "Coast News (Lissen)"
spellings = ["Coast News"]
domains = ["coast-news.example"]
"""


def registry(text: str = OURS) -> Registry:
    return Registry([read_outlets_file(Path("outlets.toml"), text.encode())])


def shown(known: Registry, name: str, url: str | None = None) -> str | None:
    entry = known.outlet_of(name, url)
    return known.labels[entry.name] if entry else None


@pytest.mark.parametrize(
    "name",
    [
        "The Harbour Post", "harbour post", "HARBOUR  POST", "Harbour-Post", "hp", "H.P.", "Harbour Post (Opinion)",
        "The Harbour Post - World News", "Harbour Post | Arts & Culture", "harbour-post.example", "www.harbour-post.example",
        "https://harbour-post.example/", "Harbour Pöst",
    ],
)  # fmt: skip
def test_one_outlet_has_many_spellings(name: str) -> None:
    assert shown(registry(), name) == "The Harbour Post"


@pytest.mark.parametrize(
    "name",
    [
        "Post", "Harbour", "The Harbour Post (Lissen)", "Harbour Post - Lissen", "Harbour Post Weekly", "Harbour Post by Ida Brandt",
        "The Tribune", "Tribune", "Coast News", "coast news (Opinion)", "", "—", "()", " - ", "| News", "Harbour Pоst",
    ],
)  # fmt: skip
def test_what_may_be_another_outlet_is_nobodys(name: str) -> None:
    assert shown(registry(), name) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("harbour-post.example", "The Harbour Post"),
        ("Edition.Harbour-Post.example.", "The Harbour Post"),
        ("espejo.harbour-post.example", "Harbour Post en Espejo"),
        ("amp.espejo.harbour-post.example", "Harbour Post en Espejo"),
        ("hpost.co.zz", "The Harbour Post"),
        ("notharbour-post.example", None),
        ("harbour-post.example.evil.example", None),
        ("harbour-post.evil.example", None),
        ("harbour-pоst.example", None),
        ("co.zz", None),
        ("example", None),
        ("", None),
    ],
)
def test_a_domain_is_that_of_its_subdomains_and_of_no_look_alike(host: str, name: str | None) -> None:
    entry = registry().of_host(host)
    assert (entry and entry.name) == name


def test_an_address_decides_between_the_outlets_of_one_name_and_does_not_outvote_a_clear_one() -> None:
    known = registry()
    assert shown(known, "Coast News", "https://www.coast-news.example/1") == "Coast News (Lissen)"
    assert shown(known, "Coast News", "https://varntribune.example/1") == "Tribune of Varn"
    assert shown(known, "Coast News", "https://coast-news.example.evil.example/1") is None
    assert shown(known, "Coast News", "https://coast-news.example@evil.example/1") is None
    assert shown(known, "The Tribune - Sun and sea", "http://varntribune.example:8080/x") == "Tribune of Varn"
    # Harbour Post's article on another's page.
    assert shown(known, "Harbour Post", "https://coast-news.example/1") == "The Harbour Post"


def test_an_article_without_an_outlet_has_that_of_its_address_and_its_identity_stays() -> None:
    known = registry()
    bare = Article("Text.", url=Field("https://edition.harbour-post.example/a", "given", "url"))
    found = known.resolved(bare)
    assert (found.outlet.value, found.outlet.certainty) == ("The Harbour Post", "found")
    assert found.outlet.source == "registry: edition.harbour-post.example"
    assert found.article_id == bare.article_id
    assert Registry().resolved(found) == bare
    unknown = Article("Text.", url=Field("https://elsewhere.example/a", "given", "url"))
    assert known.resolved(unknown) == unknown


def test_identity_rests_on_the_name_as_written() -> None:
    given = Article("Text.", title=Field("T", "given", "title"), outlet=Field("HP", "given", "source"))
    named = registry().resolved(given)
    assert (named.outlet.value, named.outlet_written, named.outlet.certainty) == ("The Harbour Post", "HP", "given")
    assert named.article_id == given.article_id
    assert Article.from_metadata("Text.", named.metadata()) == named
    assert Registry().resolved(named) == given
    assert named.merged(named) == named


def test_the_users_file_goes_before_what_ships() -> None:
    own = read_outlets_file(
        Path("outlets.toml"),
        b'[[outlet]]\nname = "REUTERS"\nspellings = ["The Thunderer"]\nowner = "Somebody"\n'
        b'[[outlet]]\nname = "The Times (Varn)"\nspellings = ["The Times"]\n[[outlet]]\nname = "Varn Cable"\nspellings = ["CNN"]\n',
    )
    known = Registry([own, shipped()])
    assert shown(known, "The Thunderer") == shown(known, "reuters.com") == "REUTERS"
    (entry,) = known.claiming("Reuters")
    assert (entry.owner, entry.wire) == ("Somebody", True)
    assert shown(known, "The Times") == "The Times (Varn)"
    assert shown(known, "The Times", "https://www.thetimes.co.uk/1") == "The Times (Varn)"
    # A name that was taken from a registered outlet is not shown for it any more.
    assert (shown(known, "CNN"), shown(known, "edition.cnn.com")) == ("Varn Cable", "CNN (cnn.com)")


def test_what_ships_is_consistent() -> None:
    known = Registry([shipped()])
    assert len(known.entries) > 200
    assert [name for name, label in known.labels.items() if name != label] == []
    assert {key for entry in known.entries for key, _ in facts(entry)} == {"country", "owner", "funding", "language", "wire"}
    for entry in known.entries:
        assert all(known.of_host(domain) is entry for domain in entry.domains)
        assert entry.wire in (True, None)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("NYT", "The New York Times"), ("New York Times (Opinion)", "The New York Times"), ("BBC", "BBC News"), ("bbc.co.uk", "BBC News"),
        ("bbc.com", "BBC News"), ("AP", "Associated Press"), ("El Pais", "El País"), ("edition.cnn.com", "CNN"), ("notcnn.com", None),
        ("cnn.com.evil.net", None), ("The Times", None), ("The Guardian (Nigeria)", "The Guardian (Nigeria)"), ("Guardian", None),
        ("The Herald", None), ("ABC News", None), ("Sana", "Syrian Arab News Agency"),
    ],
)  # fmt: skip
def test_widely_known_outlets_ship(name: str, wanted: str | None) -> None:
    assert shown(Registry([shipped()]), name) == wanted


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "a = " + "9" * 5_000])
def test_what_the_parser_gives_up_is_a_mistake_too(text: str) -> None:
    with pytest.raises(OutletsFileError, match="nested too deeply, or a number with too many digits"):
        read_outlets_file(Path("outlets.toml"), text.encode())


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[[outlet]]\nname = "A', 2, "not TOML"),
        ("[[outlet]]\nname = A", 2, "not TOML"),
        ('\n\n[[outlet]]\nspellings = ["B"]', 3, "has no name"),
        ('[[outlet]]\nname = "A"\n\n[[outlet]]\nname = "B"\nbias = "left"', 4, "“bias” is not kept"),
        ('[[outlet]]\nname = ""', 1, "is empty"),
        ('[[outlet]]\nname = "—"', 1, "is empty"),
        ('[[outlet]]\nname = "A\\u202eB"', 1, "cannot be shown"),
        ('[[outlet]]\nname = "A\\u0000B"', 1, "cannot be shown"),
        (f'[[outlet]]\nname = "{"A" * 201}"', 1, "too long"),
        ("[[outlet]]\nname = 3", 1, "must be text"),
        ('[[outlet]]\nname = "A"\nspellings = "B"', 1, "must be a list"),
        ('[[outlet]]\nname = "A"\nspellings = [["B"]]', 1, "must be text"),
        ('[[outlet]]\nname = "A"\nwire = "yes"', 1, "true or false"),
        ('[[outlet]]\nname = "A"\nlanguage = "English"', 1, "not a code"),
        ('[[outlet]]\nname = "A"\ndomains = ["com"]', 1, "not a domain"),
        ('[[outlet]]\nname = "A"\ndomains = ["co.uk"]', 1, "whole country"),
        ('[[outlet]]\nname = "A"\ndomains = ["a.example/news"]', 1, "not a domain"),
        ('[[outlet]]\nname = "A"\ndomains = ["*.example"]', 1, "not a domain"),
        ('[[outlet]]\nname = "A"\n[[outlet]]\nname = "a"', 3, "stands already under “A” (line 1)"),
        ('[[outlet]]\nname = "A"\ndomains = ["a.example"]\n[[outlet]]\nname = "B"\ndomains = ["www.A.example"]', 4, "stands already"),
        ('\n[outlet]\nname = "A"', 2, "double brackets"),
        ('\noutlets = ["A"]', 2, "“outlets” is not known here"),
        ('ambiguous = "The Tribune"', 1, "must be a list"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(OutletsFileError, match=re.escape(what)) as caught:
        read_outlets_file(Path("lib/outlets.toml"), text.encode())
    assert str(caught.value).startswith(f"lib/outlets.toml, line {line}: ")
    assert caught.value.exit_code == 2
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("data", [b"\xff\xfe[", b"a = " + b"[" * 50_000, b"\x00", b"[[outlet]]\nname = '''\n[[outlet]]" + b"\x1b[31m"])
def test_hostile_files_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(OutletsFileError) as caught:
        read_outlets_file(Path("outlets.toml"), data)
    assert "outlets.toml" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_huge_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "outlets.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(OutletsFileError, match="over 1,000,000 bytes"):
        Registry.open(tmp_path)
    (tmp_path / "outlets.toml").unlink()
    (tmp_path / "outlets.toml").mkdir()
    with pytest.raises(OutletsFileError, match="cannot be read"):
        file_bytes(tmp_path / "outlets.toml")


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeffambiguous = []\r\n", "outlet = []"])
def test_a_file_without_outlets_changes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "outlets.toml").write_text(text, encoding="utf-8")
    known = Registry.open(tmp_path)
    assert known.entries == Registry.open(None).entries
    assert known.digest == registry_digest(tmp_path)
    assert (known.digest == registry_digest(None)) == (text == "")


def test_a_long_name_is_read_in_no_time() -> None:
    known = registry()
    for name in ("a - " * 300, "(" * 1_000, "a (" * 300 + ")", "." * 1_000, "a." * 500, "| " * 500, "The " * 250):
        assert known.of_name(name) is None


def test_spellings_keep_letters_of_every_script() -> None:
    assert spelling("Нова Газета") != spelling("Нова")
    assert spelling("朝日新聞") != ""
    assert spelling("Ｔｈｅ Ｗｉｄｅ Post") == spelling("The Wide Post") == "widepost"


def test_the_example_of_the_quickstart_is_read() -> None:
    quickstart = (Path(__file__).parent.parent / "docs" / "quickstart.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", quickstart, re.DOTALL)
    (entry,) = read_outlets_file(Path("outlets.toml"), example.encode()).entries
    assert None not in dict(facts(entry)).values()

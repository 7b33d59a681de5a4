from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.article import Article, Field
from vectorstore.readers import NothingToRead, Read, Rejection, find_files, passed_over, read_file
from vectorstore.readers.decode import LONGEST_ARTICLE
from vectorstore.readers.jsonl import LONGEST_LINE
from vectorstore.readers.metadata import moment, web_address

BODY = "The ferry terminal burned on Friday. " * 12


def read(folder: Path, content: bytes, name: str) -> list[Read | Rejection]:
    (folder / name).write_bytes(content)
    return list(read_file(folder / name))


def article(folder: Path, content: bytes, name: str = "a.txt") -> Article:
    (only,) = read(folder, content, name)
    assert isinstance(only, Read), only
    return only.article


def reason(folder: Path, content: bytes, name: str = "a.txt") -> str:
    (only,) = read(folder, content, name)
    assert isinstance(only, Rejection), only
    return only.reason


def record(folder: Path, **fields: object) -> Article:
    return article(folder, json.dumps({"text": BODY, **fields}).encode(), "a.jsonl")


# Decoding.


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfCaf\xc3\xa9 fire.", "Café fire."),
        ("\ufeffCafé fire.".encode("utf-16-le"), "Café fire."),
        ("\ufeffCafé fire.".encode("utf-16-be"), "Café fire."),
        ("He said “no” – and left the café on Friday; nobody followed him out of the door.".encode("cp1252"), None),
        (b"One line.\r\nAnother.\r\n", "One line.\r\nAnother.\r\n"),
    ],
)
def test_the_usual_encodings(tmp_path: Path, content: bytes, text: str | None) -> None:
    found = article(tmp_path, content)
    assert found.text == (text or content.decode("cp1252"))
    assert bool(found.notes) == (text is None)


def test_one_bad_byte_does_not_turn_the_rest_into_nonsense(tmp_path: Path) -> None:
    found = article(tmp_path, "“Fire,” she said – “again.”".encode() + b" Caf\xe9.")
    assert found.text == "“Fire,” she said – “again.” Caf\ufffd."
    assert "1 characters lost" in found.notes[0]


def test_what_cannot_be_stored_is_replaced_at_the_same_length_and_said(tmp_path: Path) -> None:
    found = article(tmp_path, json.dumps({"text": "A fire\x00 broke out \ud800 on Friday."}).encode(), "a.jsonl")
    assert found.text == "A fire  broke out \ufffd on Friday."
    assert found.notes == ("1 NUL characters replaced by blanks", "1 lone surrogates replaced")


def test_characters_that_are_not_seen_are_kept_and_said(tmp_path: Path) -> None:
    found = article(tmp_path, "The fire \u202eerif\u202c broke\u200b out on Friday.".encode())
    assert found.text == "The fire \u202eerif\u202c broke\u200b out on Friday."
    assert found.notes == ("3 characters that turn the direction of writing or are not seen; kept",)


def test_special_tokens_are_text(tmp_path: Path) -> None:
    assert article(tmp_path, b"He wrote <|endoftext|> and [SEP].").text == "He wrote <|endoftext|> and [SEP]."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x00" * 1000, "zero|not prose"),
        (os.urandom(1) * 0 + bytes(range(256)) * 40, "not"),
        ("plain text without a mark".encode("utf-16-le"), "not prose|zero"),
        (b"a" * (LONGEST_ARTICLE + 1), "at most 1,000,000"),
        (b"a" * 50_000_000, "at most 1,000,000"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(tmp_path: Path, content: bytes, words: str) -> None:
    assert any(word in reason(tmp_path, content) for word in words.split("|"))


# Metadata of plain text.


def test_headline_byline_and_date_are_found_where_they_stand(tmp_path: Path) -> None:
    text = f"Fire shuts ferry terminal\n\nBy Ada Holm\n14 March 2025\n\n{BODY}"
    found = article(tmp_path, text.encode())
    for field, value in ((found.title, "Fire shuts ferry terminal"), (found.author, "Ada Holm"), (found.published, "2025-03-14")):
        assert (field.value, field.certainty) == (value, "found")
        assert field.span
    assert found.title.span
    assert found.text[slice(*found.title.span)] == "Fire shuts ferry terminal"
    assert found.outlet.certainty == found.url.certainty == "unknown"


@pytest.mark.parametrize("text", [BODY, "A sentence comes first.\n\n" + BODY, "Short\n\nfile", "By Ada Holm\n\n" + BODY])
def test_what_is_not_there_stays_unknown(tmp_path: Path, text: str) -> None:
    found = article(tmp_path, text.encode())
    assert (found.title.value, found.published.value) == (None, None)


# JSON lines.


@pytest.mark.parametrize(
    "spelling",
    [
        {
            "body": BODY,
            "headline": "Fire",
            "source": {"id": None, "name": "Post"},
            "publishedAt": "2025-03-14",
            "link": "https://p.example/1",
        },
        {"Article_Text": BODY, "TITLE": "Fire", "site-name": "Post", "date": "14 March 2025", "canonical_url": "https://p.example/1"},
        {"maintext": BODY, "title": "Fire\n", "publisher": "Post", "date_publish": "2025-03-14", "url": "https://p.example/1"},
    ],
)
def test_several_spellings_of_the_keys(tmp_path: Path, spelling: dict[str, object]) -> None:
    found = article(tmp_path, json.dumps(spelling).encode(), "a.jsonl")
    values = [field.value for field in (found.title, found.outlet, found.published, found.url)]
    assert values == ["Fire", "Post", "2025-03-14", "https://p.example/1"]
    assert all(field.certainty == "given" for field in (found.title, found.outlet, found.published, found.url))


def test_authors_come_as_text_lists_or_objects(tmp_path: Path) -> None:
    assert record(tmp_path, authors=["Ada Holm", "Bo Ek"]).author.value == "Ada Holm, Bo Ek"
    assert record(tmp_path, author={"name": "Ada Holm"}).author.value == "Ada Holm"
    assert record(tmp_path, author=[{"name": "Ada Holm"}, {"name": "Bo Ek"}]).author.value == "Ada Holm, Bo Ek"


@pytest.mark.parametrize("nothing", [None, "", " ", "unknown", "N/A", [], {}, True, 1.5, {"a": 1}, [1], [{"a": 1}]])
def test_what_says_nothing_stays_unknown(tmp_path: Path, nothing: object) -> None:
    found = record(tmp_path, title=nothing, outlet=nothing, author=nothing, published=nothing, url=nothing)
    assert {field.certainty for _, field in found.fields()} == {"unknown"}


def test_a_value_that_cannot_be_used_is_noted(tmp_path: Path) -> None:
    found = record(tmp_path, date="03/04/2025", url="javascript:alert(1)")
    assert (found.published.value, found.url.value) == (None, None)
    assert any("03/04/2025" in note for note in found.notes)
    assert any("javascript" in note for note in found.notes)


def test_the_lines_around_a_bad_one_are_read(tmp_path: Path) -> None:
    good = json.dumps({"text": BODY}).encode()
    bad = [
        b"{",
        b"[1]",
        b"null",
        b'"text"',
        b"{}",
        b'{"text": 5}',
        b'{"text": null}',
        b"[" * 100_000,
        b'{"text": ' + b"9" * 5_000 + b"}",
        b"\xff\xfe\x00",
    ]
    found = read(tmp_path, b"\n".join([good, *bad, b"", b"  ", good]), "a.jsonl")
    assert [isinstance(item, Read) for item in found] == [True, *[False] * len(bad), True]
    assert [item.line for item in found] == [*range(1, len(bad) + 2), len(bad) + 4]
    assert all(item.reason and item.where.startswith(str(tmp_path)) for item in found if isinstance(item, Rejection))


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_json_lines_in_other_encodings(tmp_path: Path, mark: str) -> None:
    text = "\n".join(json.dumps({"text": f"Café {number}. {BODY}"}, ensure_ascii=False) for number in range(3))
    content = ("\ufeff" if mark == "utf-16-be" else "") + text
    found = read(tmp_path, content.encode(mark), "a.jsonl")
    assert [item.article.text[:6] for item in found if isinstance(item, Read)] == ["Café 0", "Café 1", "Café 2"]


def test_a_line_of_a_megabyte_is_read_and_one_beyond_all_bounds_is_not(tmp_path: Path) -> None:
    long = json.dumps({"text": "word " * 199_000}).encode()
    endless = b'{"text": "' + b"a" * (LONGEST_LINE + 10) + b'"}'
    found = read(tmp_path, b"\n".join([endless, long, b'{"text": "' + b"b" * LONGEST_ARTICLE + b'b"}', long]), "a.jsonl")
    assert [type(item) for item in found] == [Rejection, Read, Rejection, Read]
    assert [item.line for item in found] == [1, 2, 3, 4]


def test_keys_that_no_terminal_should_see_do_not_get_into_the_reason(tmp_path: Path) -> None:
    said = reason(tmp_path, json.dumps({"a\x1b[31m\ud800" + "x" * 10_000: 1}).encode(), "a.jsonl")
    said.encode("utf-8")
    assert "\x1b" not in said
    assert len(said) < 1_000


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.txt", "a.jsonl"]))
def test_no_bytes_break_a_reader(tmp_path: Path, content: bytes, name: str) -> None:
    for item in read(tmp_path, content, name):
        if isinstance(item, Read):
            item.article.text.encode("utf-8")
            assert "\x00" not in item.article.text
        else:
            item.reason.encode("utf-8")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.fixed_dictionaries({}, optional=dict.fromkeys(("text", "title", "source", "url", "date", "authors", "id"), json_values)))
def test_no_record_breaks_the_reader(tmp_path: Path, record: dict[str, object]) -> None:
    (item,) = read(tmp_path, json.dumps(record).encode(), "a.jsonl")
    if isinstance(item, Read):
        json.dumps(item.article.metadata(), ensure_ascii=False).encode("utf-8")


# Dates and addresses.


@pytest.mark.parametrize(
    ("value", "understood"),
    [
        ("2025-03-14", "2025-03-14"),
        ("20250314", "2025-03-14"),
        ("2025/3/4", "2025-03-04"),
        ("2025-03-14T09:10:00+01:00", "2025-03-14T09:10:00+01:00"),
        ("Fri, 14 Mar 2025 10:00:00 GMT", "2025-03-14T10:00:00+00:00"),
        ("March 14, 2025, 9:10 a.m.", "2025-03-14T09:10:00"),
        ("2025-03-04 10:00 CET", "2025-03-04"),
        ("12/13/2025", "2025-12-13"),
        ("1741943400", "2025-03-14T09:10:00+00:00"),
        ("1741943400000", "2025-03-14T09:10:00+00:00"),
        ("03/04/2025", None),
        ("04.03.2025", None),
        ("14 Mar 25", None),
        ("March 2025", None),
        ("2025", None),
        ("2025-02-30", None),
        ("2025-13-01", None),
        ("0000-01-01", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("9999999999999", None),
        ("yesterday", None),
        ("2 hours ago", None),
        ("२०२५-०३-१४", None),
    ],
)
def test_dates_are_as_precise_as_they_were_given_and_never_guessed(value: str, understood: str | None) -> None:
    assert moment(value) == understood


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.from_regex(r"[0-9./: -]{4,20}", fullmatch=True))
def test_no_date_breaks_the_parser_and_what_it_returns_sorts_and_parses(value: str) -> None:
    found = moment(value)
    if found:
        assert Article("t", published=Field(found, "given", "date")).day
        assert "1400" <= found[:4] <= "2200"


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "https://[::1",
        "https://a.example:99999/",
        "//a.example/x",
        "https://a b.example",
    ],
)
def test_what_is_no_web_address(value: str) -> None:
    assert web_address(value) is None


# Files and folders.


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    articles = ["a.jsonl", "b.txt", "d.HTML", "e.htm", "f.md", "g.csv", "h.tsv", "i.json", "sub/c.TXT"]
    for name in (*articles, "ignored.pdf", ".hidden.txt", ".git/x.txt", "README.md", "noending"):
        (tmp_path / name).write_text("x")
    assert [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)] == articles
    assert find_files(tmp_path / "noending") == [tmp_path / "noending"]
    assert [path.name for path in passed_over(tmp_path)] == ["ignored.pdf", "noending"]
    assert passed_over(tmp_path / "noending") == passed_over(tmp_path / "missing") == []


def test_a_path_without_anything_to_read_is_wrong_use(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path, tmp_path / "missing.txt", tmp_path / "pipe.txt"):
        with pytest.raises(NothingToRead):
            find_files(path)


def test_a_file_that_vanished_is_a_rejection(tmp_path: Path) -> None:
    (gone,) = read_file(tmp_path / "gone.txt")
    assert isinstance(gone, Rejection)
    assert "cannot be read" in gone.reason


def test_a_file_name_in_no_encoding_is_shown_all_the_same(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:
        file.write(BODY.encode())
    (item,) = read_file(Path(os.fsdecode(path)))
    assert item.path.endswith("caf\ufffd.txt")


@pytest.mark.parametrize("opened", ["<script>", "<textarea>", "<style>", "<title>", "<plaintext>", "<!--"])
def test_an_element_that_a_feed_leaves_open_adds_no_words_of_ours(tmp_path: Path, opened: str) -> None:
    inside = opened.replace("<", "&lt;").replace(">", "&gt;")
    story = "The ferry between Orsbay and Hald stopped on Tuesday. " * 40
    item = f"<item><title>Ferry {inside} stops</title><link>http://a.example/1</link><description>{story}{inside}</description></item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Hald Post</title>{item}</channel></rss>'
    (found,) = read(tmp_path, feed.encode(), "a.xml")
    assert isinstance(found, Read)
    assert "body" not in (found.article.title.value or "")
    assert "body" not in found.article.text
    assert (found.article.title.value or "").startswith("Ferry")

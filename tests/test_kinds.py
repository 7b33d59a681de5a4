"""Inputs are read by what is in them; records of every kind become articles in one way."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vectorstore.article import Article
from vectorstore.readers import MOST_BROKEN, Read, Rejection, read_file, read_stream
from vectorstore.readers.json_document import LONGEST_DOCUMENT
from vectorstore.readers.kinds import ENDINGS

BODY = "The ferry terminal of Varn burned on Friday, and eleven people were hurt, the fire service said. " * 4
PAGE = f"<!doctype html><html><body><article><p>{BODY}</p></article></body></html>"
RECORD = {"text": BODY, "title": "Fire", "outlet": "Harbour Post", "url": "https://post.example/1", "published": "2025-03-14"}


def read(folder: Path, content: str | bytes, name: str, **columns: str) -> list[Read | Rejection]:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_file(folder / name, columns))


def article(folder: Path, content: str | bytes, name: str, **columns: str) -> Article:
    (only,) = read(folder, content, name, **columns)
    assert isinstance(only, Read), only
    return only.article


def reason(folder: Path, content: str | bytes, name: str, **columns: str) -> str:
    (only,) = read(folder, content, name, **columns)
    assert isinstance(only, Rejection), only
    return only.reason


def values(found: Article) -> tuple[str | None, ...]:
    return found.title.value, found.outlet.value, found.url.value, found.published.value


# Which reader.


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.json", "a.csv", "a.pdf", "a"])
def test_a_page_is_a_page_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert article(tmp_path, PAGE, name).text == BODY.strip()


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt", "a.html", "a"])
def test_json_is_json_whatever_its_name(tmp_path: Path, name: str) -> None:
    for content in (
        json.dumps(RECORD),
        json.dumps(RECORD, indent=2),
        json.dumps([RECORD]),
        json.dumps({"status": "ok", "articles": [RECORD]}),
    ):
        assert values(article(tmp_path, content, name)) == ("Fire", "Harbour Post", "https://post.example/1", "2025-03-14")
    lines = read(tmp_path, "\n".join([json.dumps(RECORD)] * 2) + "\n", name)
    assert [item.line for item in lines] == [1, 2]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_table_is_told_by_its_header(tmp_path: Path, name: str, delimiter: str) -> None:
    content = delimiter.join(["title", "text", "date"]) + "\n" + delimiter.join(["Fire", f'"{BODY}"', "2025-03-14"]) + "\n"
    found = article(tmp_path, content, name)
    assert (found.title.value, found.text, found.published.value) == ("Fire", BODY, "2025-03-14")


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv.txt", "a"])
@pytest.mark.parametrize("start", ["", "[Varn] ", "{sic} ", "<3 ", "<|endoftext|> ", "Text, title and date were missing. "])
def test_prose_is_text(tmp_path: Path, name: str, start: str) -> None:
    assert article(tmp_path, start + BODY, name).text == start + BODY


def test_prose_that_is_called_json_is_a_mistake(tmp_path: Path) -> None:
    assert "not JSON" in reason(tmp_path, BODY, "a.json")
    assert "not JSON" in reason(tmp_path, BODY, "a.jsonl")
    # A line is named by its number in the file; within it there is only a character.
    assert "delimiter at character 17;" in reason(tmp_path, '{"title": "Fire"\n', "a.jsonl")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"{\\rtf1\\ansi Fire}", "RTF"),
        (b'<?xml version="1.0"?>\n<!-- a --><rss version="2.0"><channel/></rss>', "a feed without entries"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "a feed without entries"),
        (b"<?xml version='1.0'?><urlset><url><loc>https://x.example/</loc></url></urlset>", "list of addresses"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss><channel><title>&a;</title></channel></rss>', "entities"),
        (b"<?xml version='1.0'?><newsItem><body>Fire</body></newsItem>", "neither a page nor a feed"),
        (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", ".docx"),
        (b"PK\x03\x04 and no more", "damaged ZIP"),
        (b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example\r\nSubject: Fire\r\n\r\n", "mhtml"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t", "empty"),
        (b"\x00" * 5_000, "not"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.md", "a.pdf"])
def test_what_holds_no_article_is_named_under_any_ending(tmp_path: Path, content: bytes, words: str, name: str) -> None:
    if "mhtml" not in words or name in ("a.html", "a.pdf"):
        assert words in reason(tmp_path, content, name)


def test_many_comments_before_a_page_take_no_time(tmp_path: Path) -> None:
    assert isinstance(article(tmp_path, "<!---->" * 9_000 + BODY, "a.txt"), Article)


def test_a_stream_is_read_like_a_file() -> None:
    (item,) = read_stream(io.BytesIO(json.dumps(RECORD).encode()))
    assert isinstance(item, Read)
    assert (item.path, item.article.title.value) == ("standard input", "Fire")
    (empty,) = read_stream(io.BytesIO(b""))
    assert isinstance(empty, Rejection)


# JSON in one piece.


def test_the_whole_articles_of_a_cut_file_are_read_and_the_rest_is_named(tmp_path: Path) -> None:
    content = json.dumps([RECORD, {**RECORD, "url": "https://post.example/2"}, RECORD])[:-40]
    first, second, broken = read(tmp_path, content, "a.json")
    assert [item.line for item in (first, second, broken)] == [1, 2, 3]
    assert isinstance(first, Read)
    assert isinstance(broken, Rejection)
    assert broken.where.endswith("a.json, record 3")
    assert "is the file cut?" in broken.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"text": "' + BODY, "not JSON"),
        ("[]", "no articles"),
        ('{"a": [{"text": "x"}], "b": [{"text": "y"}]}', "several arrays (a, b)"),
        ('{"title": "Fire"}', "no article text"),
        ('[["a"]]', "a JSON list"),
        ("[" * 100_000, "not JSON: objects or lists within each other, too deep to be read"),
        ('{"text": "a", "id": ' + "9" * 5_000 + "}", "not JSON: a number of over 4,300 digits; shorten it"),
        ('{"text":\n x}', "not JSON: Expecting value at line 2, character 2"),
        ("[" + " " * LONGEST_DOCUMENT + "]", "write one article a line"),
    ],
)
def test_json_without_articles_is_refused_with_a_reason(tmp_path: Path, content: str, words: str) -> None:
    assert words in reason(tmp_path, content, "a.json")


def test_the_records_around_a_bad_one_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps({"articles": [RECORD, {"title": "no text"}, {"text": 5}, RECORD]}), "a.json")
    assert [type(item) for item in found] == [Read, Rejection, Rejection, Read]


# Tables.


def test_columns_are_named_by_the_user(tmp_path: Path) -> None:
    content = f'Body,Source name,When\n"{BODY}",Harbour Post,14 March 2025\n'
    found = article(tmp_path, content, "a.csv", text="Body", outlet="Source name", published="When")
    assert (found.outlet.value, found.outlet.certainty, found.outlet.source) == ("Harbour Post", "given", "Source name")
    assert found.published.value == "2025-03-14"
    record = {"story": {"x": 1}, "Body": BODY, "medium": "Harbour Post"}
    assert article(tmp_path, json.dumps([record]), "a.json", text="Body", outlet="medium").outlet.value == "Harbour Post"


def test_without_a_column_of_texts_the_columns_are_shown(tmp_path: Path) -> None:
    said = reason(tmp_path, "Story,Source\nx,y\nz,w\n", "a.csv")
    assert "the columns are Story, Source" in said
    assert "--map text=COLUMN" in said
    assert "no column is called Words" in reason(tmp_path, "Story,Source\nx,y\n", "a.csv", text="Words")


def test_the_rows_around_a_broken_one_are_read_and_it_is_named_with_its_line(tmp_path: Path) -> None:
    rows = ["text,title", f'"{BODY}",One', "only one cell", "a,b,c", f'"two\nlines {BODY}",Two', 'x"y,"c"d', f'"{BODY}",Three']
    found = read(tmp_path, "\r\n".join(rows), "a.csv")
    assert [(type(item), item.line) for item in found] == [(Read, 2), (Rejection, 3), (Rejection, 4), (Read, 5), (Rejection, 7), (Read, 8)]
    assert isinstance(found[1], Rejection)
    assert "a row of 1 cells, and the header has 2" in found[1].reason


def test_formulas_are_text(tmp_path: Path) -> None:
    found = article(tmp_path, 'title,text\n"=cmd|\'/c calc\'!A1","+1 @SUM(A1) ' + BODY + '"\n', "a.csv")
    assert found.title.value == "=cmd|'/c calc'!A1"
    assert found.text.startswith("+1 @SUM(A1)")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    found = article(tmp_path, f'title,text\nCafé “Sun”,"Café – {BODY}"\n'.encode(encoding), "a.csv")
    assert (found.title.value, found.text[:6]) == ("Café “Sun”", "Café –")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text,title\n", "no record after the header"),
        ("text,text\na,b\n", "there twice"),
        ("text,title\n" + "a" * 5_000_000, "4,000,000"),
        ('text,title\n"' + "a" * 1_500_000, "field larger"),
        (",".join(["text", *(f"c{n}" for n in range(2_000))]) + "\n", "columns"),
    ],
)
def test_a_table_without_articles_is_refused_with_a_reason(tmp_path: Path, content: str, words: str) -> None:
    assert words in reason(tmp_path, content, "a.csv")


def test_an_input_of_bad_records_is_given_up(tmp_path: Path) -> None:
    found = read(tmp_path, "text,title\n" + "x\n" * 10_000, "a.csv")
    assert len(found) == MOST_BROKEN
    assert isinstance(found[-1], Rejection)
    assert "nothing more of this input is read" in found[-1].reason


# Markdown.


def test_front_matter_is_a_record_and_marks_are_no_text(tmp_path: Path) -> None:
    content = (
        "---\ntitle: 'Fire: terminal shut'\nsource: Harbour Post\ndate: 2025-03-14\nauthor: [Ada Holm, Bo Ek]\nlanguage: no\n"
        "url: https://post.example/1\n---\n# Fire shuts terminal\n\nA **fire** closed the [ferry terminal](https://x.example/a)\nof "
        f"Varn. ![a picture](x.png)\n\n> “We ran,” she said.\n\n- one\n- two\n\n<div>Boats &amp; buses</div>\n\n{BODY}\n"
    )
    found = article(tmp_path, content, "a.md")
    assert found.text.split("\n")[:5] == [
        "A fire closed the ferry terminal of Varn.",
        "“We ran,” she said.",
        "one",
        "two",
        "Boats &amp; buses",
    ]
    assert values(found) == ("Fire: terminal shut", "Harbour Post", "https://post.example/1", "2025-03-14")
    assert (found.author.value, found.language.value) == ("Ada Holm, Bo Ek", "no")
    assert [(other.value, other.source) for other in found.title.others] == [("Fire shuts terminal", "first heading")]


def test_markdown_without_front_matter(tmp_path: Path) -> None:
    found = article(tmp_path, f"# Fire shuts terminal\n\nBy Ada Holm\n\n14 March 2025\n\n{BODY}", "a.md")
    assert (found.title.value, found.title.certainty) == ("Fire shuts terminal", "found")
    assert (found.author.value, found.published.value) == ("Ada Holm", "2025-03-14")
    assert found.author.span
    assert found.text[slice(*found.author.span)] == "Ada Holm"


def test_front_matter_is_recognised_under_another_name(tmp_path: Path) -> None:
    assert article(tmp_path, f"---\ntitle: Fire\n---\n{BODY}", "a.txt").title.value == "Fire"
    assert article(tmp_path, f"---\n{BODY}\n---\n{BODY}", "a.txt").title.value is None


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("title: a: b", "no YAML in line 2"),
        ("title: [a", "no YAML"),
        ("- a\n- b: c", "no list of keys and values"),
        ("a: " + "[" * 20_000, "no YAML"),
        ("author: &a [*a]", "no YAML"),
        ("a: !!python/object/apply:os.system [ls]\nb: ]", "no YAML"),
        ("a: b\n" * 20_000, "front matter of over"),
    ],
)
def test_front_matter_that_is_none_is_refused_with_a_reason(tmp_path: Path, front: str, words: str) -> None:
    assert words in reason(tmp_path, f"---\n{front}\n---\n{BODY}", "a.md")


def test_aliases_and_tags_in_front_matter_do_nothing(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    found = article(tmp_path, f"---\ntitle: !!python/object/apply:os.system ['echo']\n{bomb}---\n{BODY}", "a.md")
    assert found.text == BODY.strip()


def test_markdown_that_would_take_minutes_is_refused(tmp_path: Path) -> None:
    assert "split the file" in reason(tmp_path, "[" * 400_000, "a.md")


# Whatever the bytes.

STARTS = (
    b"",
    b"<html>",
    b"[",
    b"{",
    b'[{"text":"a"},',
    b"text,title\n",
    b"text\ttitle\n",
    b"---\ntitle: a\n---\n",
    b"---\n",
    b"\xff\xfe",
    b"# a\n",
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(STARTS),
    content=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    ending=st.sampled_from([*ENDINGS, ".x"]),
)
@example(b"text\ttitle\n", b"\x00\x01\t\x80", ".txt")  # taken for UTF-16, its cells ran together
def test_no_bytes_break_a_reader(tmp_path: Path, start: bytes, content: bytes, ending: str) -> None:
    found = read(tmp_path, start + content, f"a{ending}")
    assert found
    for item in found:
        if isinstance(item, Read):
            item.article.text.encode("utf-8")
            assert item.article.text.strip()
            assert "\x00" not in item.article.text
            json.dumps(item.article.metadata(), ensure_ascii=False).encode("utf-8")
        else:
            item.reason.encode("utf-8")
            assert item.reason

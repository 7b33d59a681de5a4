"""Saved web pages: what of them is the article, what is known about it and from where, and what hostile ones cannot do."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.article import Article, Field
from vectorstore.readers import Read, Rejection, read_file
from vectorstore.readers.decode import Unreadable
from vectorstore.readers.html import read_page

STORY = (
    "A fire closed the ferry terminal at Varn on Friday night, and eleven people were taken to hospital, the fire service said.",
    "“We heard a bang and then the hall was full of smoke,” said Ada Holm, who was waiting for the last boat to Orsbay.",
    "The operator said that the terminal would stay shut until Monday, and that buses would replace the morning ferries.",
    "The cause is not known yet; the prosecutor of Varn has opened an inquiry and asked witnesses to come forward.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
ADDRESS = "https://post.example/varn/terminal-fire"


def page(head: str = "", body: str = f"<article><h1>Fire shuts ferry terminal</h1>{BODY}</article>", attributes: str = "") -> str:
    return f"<!DOCTYPE html><html {attributes}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


def ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def said(field: Field) -> tuple[str | None, str, str]:
    return field.value, field.certainty, field.source


def others(field: Field) -> list[tuple[str | None, str, str]]:
    return [said(other) for other in field.others]


# The text.


def test_the_article_is_kept_and_what_surrounds_it_is_not() -> None:
    links = "".join(f'<li><a href="/{n}">Another story of that day, number {n}, which is not this one</a></li>' for n in range(12))
    found = read_page(
        page(
            body=f"<nav><ul>{links}</ul></nav><main><article><h1>Fire shuts ferry terminal</h1>{BODY}"
            f"<p>Read more: Orsbay ferry late again</p><p>Share this story with a friend</p></article></main>"
            f"<aside><ul>{links}</ul></aside><footer>© 2025 Harbour Post. All rights reserved.</footer>"
        )
    )
    assert found.text.split("\n") == list(STORY)
    assert (found.title.value, found.outlet.value, found.published.value) == ("Fire shuts ferry terminal", None, None)


def test_every_paragraph_is_one_line_however_the_markup_is_wrapped() -> None:
    wrapped = BODY.replace(" the ", "\n   the\t").replace("Ada Holm", "<a href='/holm'><b>Ada</b>\nHolm</a>")
    assert read_page(page(body=f"<article>{wrapped}</article>")).text.split("\n") == list(STORY)


def test_sentences_that_begin_like_an_appeal_are_kept() -> None:
    sentences = (
        "Copyright law was changed by the assembly of Torvany on Tuesday after a debate of nine hours.",
        "Read more than once in the chamber, the letter of the harbour master named nobody.",
        "Share prices in Lissen fell by two percent on Monday after the fire in the port.",
        "Follow the money, the prosecutor told the inquiry when it met in Varn on Thursday.",
    )
    body = BODY + "".join(f"<p>{sentence}</p>" for sentence in sentences)
    assert read_page(page(body=f"<article>{body}</article>")).text.split("\n") == [*STORY, *sentences]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>{}</p>",
        "<p style='display: none'>{}</p>",
        "<p style='color:red;visibility:hidden !important'>{}</p>",
        "<p style='font-size:0'>{}</p>",
        "<p style='FONT-SIZE: 0.0px;'>{}</p>",
        "<p style='opacity:0'>{}</p>",
        "<p style='position:absolute;left:-9999px'>{}</p>",
        "<div style='display:none'><p>{}</p></div>",
        "<template><p>{}</p></template>",
        "<noscript><p>{}</p></noscript>",
        "<script>{}</script>",
        "<!-- {} -->",
        "<textarea>{}</textarea>",
    ],
)
def test_what_no_reader_sees_is_not_in_the_text(hidden: str) -> None:
    canary = "The mayor of Varn confessed to the fire and every outlet should say so today without asking anybody."
    found = read_page(page(body=f"<article>{BODY}{hidden.format(canary)}{BODY.replace('Varn', 'Orsbay')}</article>"))
    assert "confessed" not in found.text
    assert STORY[0] in found.text


@pytest.mark.parametrize("style", ["font-size: small", "font-size:0.9em", "opacity:0.9", "opacity:1", "left:-10px", "display:block"])
def test_what_is_only_small_is_kept(style: str) -> None:
    assert read_page(page(body=f"<article><div style='{style}'>{BODY}</div></article>")).text.split("\n") == list(STORY)


def test_special_tokens_entities_and_signs_are_text() -> None:
    odd = "He wrote &lt;|endoftext|&gt; &amp; “=1+1” on the wall \u202eabc\u202c of the terminal, the fire service said on Friday."
    found = read_page(page(body=f"<article>{BODY}<p>{odd}</p></article>"))
    assert "He wrote <|endoftext|> & “=1+1” on the wall \u202eabc\u202c of the terminal" in found.text


def test_references_to_what_is_no_character_cut_nothing() -> None:
    found = read_page(
        page(body=f"<article>{BODY}<p>Nothing &#xD800; &#0; &#xFFFFFF; is lost after a reference to no character.</p>{BODY}</article>")
    )
    found.text.encode("utf-8")
    assert "is lost after a reference" in found.text
    assert found.text.endswith(STORY[-1])


def test_an_article_that_was_recognised_in_part_is_taken_whole() -> None:
    """Parts of one class, with a teaser of another kind between them: the shape in which half an article was lost."""
    parts = [f"{number}: {sentence}" for number in range(6) for sentence in STORY]
    chunks = "".join(
        f"<div class=chunk><p>{'</p><p>'.join(parts[n : n + 6])}</p></div><div class=ad>Advertisement</div>" for n in range(0, 24, 6)
    )
    assert read_page(page(body=f"<main><article class=story>{chunks}</article></main>")).text.split("\n") == parts


def test_how_much_of_the_visible_prose_was_kept_is_noted() -> None:
    assert any("100% of the page's visible prose" in note for note in read_page(page()).notes)
    comments = "".join(f"<p>Reader {n} thinks that all of this was foreseen by the people who ran the port of Varn.</p>" for n in range(90))
    long = read_page(page(body=f"<article>{BODY}</article><section class=comments id=comments>{comments}</section>"))
    assert long.partial


def test_a_page_whose_data_has_a_longer_body_than_readers_see_is_marked() -> None:
    found = read_page(page(ld(**{"@type": "NewsArticle", "articleBody": " ".join(STORY * 5), "isAccessibleForFree": False})))
    assert found.partial
    assert any("not free to read" in note for note in found.notes)
    assert "Orsbay" in found.text
    assert len(found.text) < 600


# Metadata.


def test_each_value_names_what_says_it() -> None:
    head = (
        ld(
            **{
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "Organization", "@id": "#org", "name": "Harbour Post"},
                    {"@type": "Person", "@id": "#ada", "name": "Ada Holm"},
                    {
                        "@type": ["NewsArticle"],
                        "headline": "Fire shuts ferry terminal",
                        "datePublished": "2025-03-14T22:10:00+01:00",
                        "dateModified": "2025-03-15T07:00:00+01:00",
                        "author": [{"@id": "#ada"}, {"@type": "Person", "name": "Bo Ek"}],
                        "publisher": {"@id": "#org"},
                        "mainEntityOfPage": {"@id": ADDRESS},
                    },
                ],
            }
        )
        + f'<link rel="canonical" href="{ADDRESS}"><meta property="og:title" content="Fire shuts ferry terminal | Harbour Post">'
        + '<meta property="og:site_name" content="Harbour Post"><title>Fire shuts ferry terminal - Harbour Post</title>'
    )
    found = read_page(page(head, attributes='lang="en-GB"'))
    assert said(found.title) == ("Fire shuts ferry terminal", "declared", "JSON-LD headline")
    assert said(found.outlet) == ("Harbour Post", "declared", "og:site_name")
    assert said(found.url) == (ADDRESS, "declared", "canonical link")
    assert said(found.published) == ("2025-03-14T22:10:00+01:00", "declared", "JSON-LD datePublished")
    assert said(found.modified) == ("2025-03-15T07:00:00+01:00", "declared", "JSON-LD dateModified")
    assert said(found.author) == ("Ada Holm, Bo Ek", "declared", "JSON-LD author")
    assert said(found.language) == ("en", "declared", "html lang")
    assert not any(field.others for _, field in found.fields())


def test_two_that_disagree_are_both_kept() -> None:
    head = (
        ld(
            **{
                "@type": "ReportageNewsArticle",
                "headline": "Fire shuts terminal",
                "datePublished": "2025-03-14",
                "publisher": {"name": "Nordwire"},
            }
        )
        + '<meta property="og:title" content="SMOKE AND PANIC in the port of Varn"><meta property="og:site_name" content="Harbour Post">'
        + '<meta property="article:published_time" content="2025-03-16T08:00:00Z">'
    )
    found = read_page(page(head))
    assert said(found.title)[0] == "Fire shuts terminal"
    assert ("SMOKE AND PANIC in the port of Varn", "declared", "og:title") in others(found.title)
    assert (found.outlet.value, others(found.outlet)) == ("Harbour Post", [("Nordwire", "declared", "JSON-LD publisher")])
    assert (found.published.value, [other.value for other in found.published.others]) == ("2025-03-14", ["2025-03-16T08:00:00+00:00"])


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Fire shuts terminal | Harbour Post", "Fire shuts terminal"),
        ("Fire shuts terminal - Harbour Post", "Fire shuts terminal"),
        ("Harbour Post: Fire shuts terminal", "Fire shuts terminal"),
        ("Fire &amp;amp; smoke &amp;lt;b&amp;gt;shut&amp;lt;/b&amp;gt; terminal", "Fire & smoke shut terminal"),
        ("<script>alert(1)</script>Fire shuts terminal", "Fire shuts terminal"),
        ("Fire shuts terminal - and the port", "Fire shuts terminal - and the port"),
        ("Under 5 < 6 people hurt", "Under 5 < 6 people hurt"),
    ],
)
def test_a_title_is_plain_text_without_the_name_of_the_site(written: str, title: str) -> None:
    content = written.replace('"', "&quot;")
    head = f'<meta property="og:site_name" content="Harbour Post"><meta property="og:title" content="{content}">'
    assert read_page(page(head, body=f"<article>{BODY}</article>")).title.value == title


def test_what_is_read_off_the_page_is_found_and_a_declared_author_is_surer() -> None:
    top = '<h1>Fire</h1><p class="byline">By Ada Holm | Staff writer</p><time datetime="2025-03-14T22:10">14 March</time>'
    body = f"<article>{top}{BODY}</article>"
    found = read_page(page(body=body))
    assert said(found.author) == ("Ada Holm", "found", "byline")
    assert said(found.published) == ("2025-03-14T22:10:00", "found", "time")
    assert said(read_page(page('<meta name="author" content="Bo Ek">', body)).author) == ("Bo Ek", "declared", "meta author")


def test_a_dateline_gives_a_day_only_with_its_year_and_credits_an_agency() -> None:
    lead = "HALD, Torvany, March 14{} (Pellwire) — " + STORY[0]
    without = read_page(page(body=f"<article><p>{lead.format('')}</p>{BODY}</article>"))
    assert without.published.value is None
    assert said(without.author) == ("Pellwire", "guessed", "dateline")
    dated = read_page(page(body=f"<article><p>{lead.format(', 2025')}</p>{BODY}</article>"))
    assert said(dated.published) == ("2025-03-14", "found", "dateline")
    assert dated.published.span
    assert dated.text[slice(*dated.published.span)] == "March 14, 2025"


@pytest.mark.parametrize("value", ["", "yesterday", "March 14", "0000-00-00", "9999-12-31T00:00:00Z", "1066-10-14", "{{date}}"])
def test_no_date_is_made_up(value: str) -> None:
    found = read_page(page(f'<meta property="article:published_time" content="{value}">'))
    assert found.published.value is None


def test_an_address_that_every_page_of_the_site_gives_is_not_used() -> None:
    found = read_page(page(f'<link rel="canonical" href="https://post.example/"><meta property="og:url" content="{ADDRESS}">'))
    assert found.url.value == ADDRESS
    assert any("front page" in note for note in found.notes)
    assert read_page(page('<link rel="canonical" href="javascript:alert(1)">')).url.value is None


def test_the_browser_that_saved_a_page_says_where_it_was() -> None:
    found = read_page(f"<!-- saved from url=(0039){ADDRESS} -->\n" + page())
    assert said(found.url) == (ADDRESS, "found", "saved from")


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 50_000,
        "null",
        '{"@type": 5, "author": {"@id": 1}}',
        '{"@graph": {"@type": "NewsArticle", "author": [[]], "headline": []}}',
        "\ud800",
    ],
)
def test_broken_data_breaks_nothing(script: str) -> None:
    assert read_page(page(f'<script type="application/ld+json">{script}</script>')).text.split("\n") == list(STORY)


# Encodings, limits, hostile files.


def read_one(folder: Path, content: bytes, name: str = "page.html") -> Article | str:
    (folder / name).write_bytes(content)
    (item,) = read_file(folder / name)
    return item.reason if isinstance(item, Rejection) else item.article


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "iso-8859-1"), ("cp1252", "iso-8859-1"), ("cp1252", "utf-8"), ("utf-16", "utf-8"), ("koi8-r", "koi8-r")],
)
def test_the_encoding_is_that_of_the_bytes_then_that_of_the_page(tmp_path: Path, encoding: str, declared: str) -> None:
    cafe = "Пожар" if encoding == "koi8-r" else "Café"
    content = page(body=f"<article><p>{cafe} {STORY[0]}</p>{BODY}</article>").replace("charset=utf-8", f'charset="{declared}"')
    content = content if encoding != "koi8-r" else content.replace("“", '"').replace("”", '"')
    found = read_one(tmp_path, content.encode(encoding))
    assert isinstance(found, Article)
    assert found.text.startswith(f"{cafe} A fire")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (page(body=""), "no paragraph of prose"),
        (page(body="<p>Loading ...</p><script>render()</script>"), "if a script loads the text"),
        ("<html>", "without article text"),
        (page(body="<b></b>" * 40_000), "elements"),
        (page(body="<table><tr>" + "<td>a b</td>" * 40_000), "elements"),
        (page(body="<p " + " ".join(f"a{n}=x" for n in range(50_000)) + ">" + BODY), "attributes"),
        (page(body="<p>" + "word " * 1_100_000 + "</p>"), "characters of markup"),
        (page(body="<p>" + "The ferry burned on Friday. " * 40_000 + "</p>"), "at most 1,000,000"),
    ],
)
def test_a_page_without_an_article_or_beyond_all_bounds_is_refused_with_a_reason(tmp_path: Path, content: str, words: str) -> None:
    started = time.monotonic()
    found = read_one(tmp_path, content.encode())
    assert isinstance(found, str)
    assert words in found
    assert time.monotonic() - started < 10


def test_entity_bombs_stay_small(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE html [<!ENTITY e0 "ha">{levels}]><html><body><article>{BODY}<p>&e11;</p></article></body></html>'
    found = read_one(tmp_path, bomb.encode())
    assert isinstance(found, Article)
    assert len(found.text) < 1_000


def test_pictures_inside_a_page_do_not_count(tmp_path: Path) -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 6_000_000}">'
    found = read_one(tmp_path, page(body=f"<article>{picture}{BODY}</article>").encode())
    assert isinstance(found, Article)
    assert found.text.split("\n") == list(STORY)


def test_a_great_depth_is_no_obstacle(tmp_path: Path) -> None:
    found = read_one(tmp_path, page(body="<div>" * 300 + BODY + "</div>" * 300).encode())
    assert isinstance(found, Article)
    assert found.text.split("\n") == list(STORY)


pieces = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div hidden>",
            "</div>",
            "<table><tr><td>",
            "<ul><li>",
            "<a href='x'>",
            "<br>",
            "<pre>",
            "&amp;",
            "&#0;",
            "<!--",
            "-->",
            "<h1>",
        ]
    )
    | st.sampled_from(STORY)
    | st.text(max_size=20),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(pieces)
def test_no_markup_breaks_the_reader(parts: list[str]) -> None:
    try:
        found = read_page("<html><body>" + "".join(parts))
    except Unreadable:
        return
    found.text.encode("utf-8")
    assert "\x00" not in found.text
    assert found.text.strip()
    json.dumps(found.metadata(), ensure_ascii=False).encode("utf-8")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_no_bytes_break_a_page(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><body>" + content)
    (item,) = read_file(tmp_path / "a.html")
    assert isinstance(item, (Read, Rejection))


def test_a_control_character_beside_a_hidden_element_breaks_nothing() -> None:
    found = read_page(f"<html><body><p>{STORY[0]}</p><div hidden>x</div>\x1f&#31;<p>{STORY[1]}</p>")
    assert STORY[0] in found.text

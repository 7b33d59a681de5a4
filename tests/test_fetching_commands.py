"""From the command line: addresses, feeds, and the list of what was rejected, against a server on loopback."""

from __future__ import annotations

import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.commands.fetching import _round
from agent.settings import Settings
from vectorstore.article import Article, Field
from vectorstore.folder import LOCK
from vectorstore.library import Library
from vectorstore.lock import FileLock
from vectorstore.readers import Read

STORY = (
    "The council of Orsbay voted on Tuesday to close the harbour road for 3 weeks, as cracks had been found in the wall. ",
    "“We can’t wait for the winter storms,” the mayor, Una Lark, told reporters, adding that 40 lorries a day would go round by Hald. ",
    "Fishermen said that they had not been asked, and that the detour of 12 kilometres would cost each boat some 300 crowns a week. ",
    "The works are to begin on Monday, and the road should be open again before the market in December, an engineer said. ",
)
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Orsbay Courier</title>{}</channel></rss>"""


Run = Callable[..., Any]


@pytest.fixture
def run(rashomon: Run, monkeypatch: pytest.MonkeyPatch, server: Any, words: Any) -> Run:
    """The program in this process, whose fetcher may visit the server of the test."""
    monkeypatch.setattr("vectorstore.fetching.fetch.Fetcher", lambda: server.fetcher())
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.open", lambda self: words)
    monkeypatch.setattr("vectorstore.embed.EmbedderChoice.identity", lambda self: words.identity)
    return rashomon


def html(number: int, *, head: str = "") -> str:
    paragraphs = "".join(f"<p>{sentence}This is report {number}.</p>" for sentence in STORY)
    return f"<html><head><title>Harbour road {number}</title>{head}</head><body><article><h1>Road</h1>{paragraphs}</article></body></html>"


def item(link: str, number: int, *, full: bool, updated: str = "Tue, 03 Nov 2026 10:00:00 GMT") -> str:
    text = (
        "".join(f"<p>{sentence} This is report {number}.</p>" for sentence in STORY * 2) if full else "The council has voted to close ..."
    )
    return (
        f"<item><title>Road {number} &amp;amp; wall</title><link>{link}</link><pubDate>{updated}</pubDate>"
        f"<description>short</description><content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )


def articles(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("export").out.splitlines()]


def test_an_address_is_ingested_and_said_where_it_came_from(run: Run, server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page(html(1).encode("cp1252"), "Content-Type: text/html; charset=windows-1252")
    done = run("ingest", server.url("/a"), "--json")
    assert (done.code, done.json["added"], done.json["inputs"]) == (0, 1, 1)
    (article,) = articles(run)
    assert article["url"] == server.url("/a")
    assert "“We can’t wait" in article["text"]
    assert "decoded as cp1252, as the server says" in article["notes"]
    assert run("ingest", server.url("/a"), "--json").json["unchanged"] == 1


def test_a_page_cannot_pass_for_another_outlets(run: Run, server: Any, hostile: Any) -> None:
    claim = '<link rel="canonical" href="https://courier.example/road">'
    server.answers["/a"] = hostile.page(html(1, head=claim), "Content-Type: text/html")
    run("ingest", server.url("/a"))
    (article,) = articles(run)
    assert article["url"] == server.url("/a")
    assert [other["value"] for other in article["provenance"]["url"]["others"]] == ["https://courier.example/road"]


def test_what_is_rejected_is_listed_read_again_and_forgotten(run: Run, server: Any, hostile: Any, tmp_path: Path) -> None:
    server.answers["/a"] = [hostile.page("", status="404 Not Found"), hostile.page(html(1), "Content-Type: text/html")]
    good = {"Body": " ".join(STORY), "title": "Road"}
    lines = tmp_path / "a.jsonl"
    lines.write_text(f"{json.dumps(good)}\nno json\n")
    done = run(
        "ingest",
        lines,
        server.url("/a"),
        tmp_path / "a.jsonl",
        "http://127.0.0.1/x",
        "https://me:secret@x.example/",
        "--map",
        "text=Body",
        "--json",
    )
    assert done.code == 1
    counts = done.json
    assert counts["inputs"] == counts["added"] + counts["unchanged"] + counts["updated"] + counts["new_versions"] + len(counts["rejected"])
    listed = run("rejected", "--json").json
    assert [(one["path"], one.get("line")) for one in listed] == [
        (str(lines), 2),
        ("http://127.0.0.1/x", None),
        (server.url("/a"), None),
        ("https://x.example/", None),
    ]
    assert len(listed[0]["sha256"]) == 64
    assert all(one["at"] and one["reason"] for one in listed)
    assert b"secret" not in b"".join(file.read_bytes() for file in (tmp_path / "library").rglob("*") if file.is_file())
    assert f"{lines}, line 2: not JSON" in run("rejected").out

    lines.write_text(f"{json.dumps(good)}\n{json.dumps({**good, 'title': 'Wall'})}\n")
    again = run("rejected", "--retry", "--json")
    assert (again.code, again.json["added"], again.json["unchanged"], again.json["left"]) == (1, 2, 1, 2)
    lines.unlink()
    assert run("rejected", "--forget", "http://127.0.0.1/x").out == "1 input taken out of the list\n"
    assert run("rejected", "--forget").code == 0
    assert run("rejected").out == "nothing is in the list of what was rejected\n"
    assert run("rejected", "other.txt").code == 2


def test_what_was_edited_away_or_is_gone(run: Run, tmp_path: Path) -> None:
    lines, gone = tmp_path / "a.jsonl", tmp_path / "b.txt"
    lines.write_text("no json\nno json either\n")
    gone.write_text(" ")
    run("ingest", lines, gone)
    lines.write_text(json.dumps({"text": " ".join(STORY)}) + "\n")
    gone.unlink()
    assert run("rejected", "--retry").code == 1
    (left,) = run("rejected", "--json").json
    assert (left["path"], left["reason"]) == (str(gone), "there is no such file any more")


def test_a_feed_is_watched(run: Run, server: Any, hostile: Any) -> None:
    items = [
        item(server.url("/full"), 1, full=True),
        item(server.url("/teaser"), 2, full=False),
        item("https://other.example/x", 3, full=True),
    ]
    first = hostile.page(RSS.format("".join(items[:2])), 'ETag: "1"')
    server.answers["/feed"] = [first, hostile.page("", status="304 Not Modified")]
    server.answers["/teaser"] = hostile.page(html(2), "Content-Type: text/html")
    done = run("watch", server.url("/feed"))
    assert done.code == 0
    assert f"{server.url('/feed')}: 2 articles listed, 1 with their text in the feed, 1 from their pages" in done.out
    assert "2 added" in done.out
    full, teaser = sorted(articles(run), key=lambda one: one["url"])
    assert (full["title"], full["published"], full["provenance"]["outlet"]["certainty"]) == (
        "Road 1 & wall",
        "2026-11-03T10:00:00+00:00",
        "guessed",
    )
    assert any(note.startswith("the text is the feed's") for note in full["notes"])
    assert teaser["published"] == "2026-11-03T10:00:00+00:00"
    assert any(note.startswith("the page was fetched") for note in teaser["notes"])
    assert "/full" not in server.requests

    assert "nothing new" in run("watch", server.url("/feed")).out
    assert server.requests.count("/teaser") == 1
    assert 'if-none-match: "1"' in server.heads[-1].lower()


def test_an_article_in_a_feed_of_another_site_is_read_from_its_own(run: Run, server: Any, hostile: Any) -> None:
    """Anyone's feed can name any address; only the page itself says what stands there."""
    other = server.url("/x", "other.example")
    server.answers["/feed"] = hostile.page(RSS.format(item(other, 1, full=True)))
    server.answers["/x"] = hostile.page(html(7), "Content-Type: text/html")
    done = run("watch", server.url("/feed"), "--json").json
    assert (done["lists"][0]["from_feed"], done["lists"][0]["fetched"]) == (0, 1)
    (article,) = articles(run)
    assert "This is report 7." in article["text"]


def test_changed_entries_and_failures_are_read_again_the_next_time(run: Run, server: Any, hostile: Any) -> None:
    newer = item(server.url("/a"), 2, full=True, updated="Wed, 04 Nov 2026 10:00:00 GMT")
    server.answers["/feed"] = [
        hostile.page(RSS.format(item(server.url("/a"), 1, full=True) + item(server.url("/b"), 1, full=False)), 'ETag: "1"')
    ]
    server.answers["/b"] = hostile.page("", "Retry-After: 9999", status="503 Service Unavailable")
    assert run("watch", server.url("/feed")).code == 1
    server.answers["/feed"] = hostile.page(RSS.format(newer + item(server.url("/b"), 1, full=False)))
    server.answers["/b"] = hostile.page(html(2), "Content-Type: text/html")
    done = run("watch", server.url("/feed"), "--json").json
    assert "if-none-match" not in server.heads[-2].lower()
    assert (done["new_versions"], done["added"], done["rejected"]) == (1, 1, [])
    assert run("rejected", "--json").json == []


def test_entries_that_hold_nothing_do_not_stand_before_the_others_for_ever(run: Run, server: Any, hostile: Any) -> None:
    empty = "<item><title>Road</title></item><item><description>The council has voted ...</description></item>" * 120
    server.answers["/feed"] = hostile.page(RSS.format(empty + item(server.url("/1"), 1, full=True)), "ETag: x")
    first = run("watch", server.url("/feed"))
    assert "None" not in first.out + first.err
    run("watch", server.url("/feed"))
    (article,) = articles(run)
    assert "This is report 1" in article["text"]


def test_lists_of_feeds_and_sitemaps(run: Run, server: Any, hostile: Any, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        f'<opml version="2.0"><body><outline text="News"><outline type="rss" xmlUrl="{server.url("/feed")}"/></outline>'
        '<outline xmlUrl="file:///etc/passwd"/></body></opml>'
    )
    server.answers["/feed"] = hostile.page(RSS.format(item(server.url("/a"), 1, full=True)))
    done = run("watch", opml)
    assert "1 added" in done.out
    assert "rejected file:///etc/passwd: only http and https" in done.out
    server.answers["/feeds.opml"] = hostile.page(opml.read_bytes())
    assert "1 read before" in run("watch", server.url("/feeds.opml", "reader.example")).out
    outside = "https://elsewhere.example/sitemap.xml"
    lists = f"<sitemapindex><sitemap><loc>{server.url('/s.xml')}</loc></sitemap><sitemap><loc>{outside}</loc></sitemap></sitemapindex>"
    server.answers["/sitemap.xml"] = hostile.page(lists)
    server.answers["/s.xml"] = hostile.page(
        '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{server.url('/b')}</loc><n:news><n:publication_date>2026-11-05</n:publication_date></n:news></url></urlset>"
    )
    server.answers["/b"] = hostile.page(html(3), "Content-Type: text/html")
    done = run("watch", server.url("/sitemap.xml"), "--json")
    assert (done.code, done.json["added"]) == (0, 1)
    assert {one["published"] for one in articles(run)} == {"2026-11-03T10:00:00+00:00", "2026-11-05"}
    assert "elsewhere.example" not in server.resolved


def test_a_feed_that_is_none_is_rejected_and_the_others_go_on(run: Run, server: Any, hostile: Any, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>'
    server.answers["/bomb"] = hostile.page(bomb)
    server.answers["/utf16"] = hostile.page(bomb.encode("utf-16"))
    server.answers["/page"] = hostile.page(html(1))
    server.answers["/feed"] = hostile.page(RSS.format(item(server.url("/a"), 1, full=True)))
    done = run("watch", *(server.url(path) for path in ("/bomb", "/utf16", "/page", "/feed")), "--json").json
    assert done["added"] == 1
    server.answers["/page"] = hostile.page(RSS.format(item(server.url("/b"), 2, full=True)))
    assert len(run("rejected", "--json").json) == 3
    assert "1 added" in run("watch", server.url("/page")).out
    assert [one["path"] for one in run("rejected", "--json").json] == [server.url("/bomb"), server.url("/utf16")]
    assert [bool(one["problem"]) for one in done["lists"]] == [True, True, True, False]
    assert "entities" in done["lists"][0]["problem"]
    assert run("watch", tmp_path / "none.opml").code == 2
    assert run("watch", "x.opml", "--every", "3s").code == 2


@pytest.mark.parametrize(
    ("description", "content", "whole"),
    [
        (20, 130, True),  # the feed tells a summary and the article apart
        (0, 130, False),
        (130, 0, False),
        (120, 130, False),  # nearly the same twice: an opening, given as both
        (210, 0, True),
        (0, 210, True),
    ],
)
def test_when_a_feed_has_the_article_itself(run: Run, tmp_path: Path, description: int, content: int, whole: bool) -> None:
    told = f"<description>{'word ' * description}</description>" if description else ""
    told += f"<content:encoded>{'word ' * content}</content:encoded>" if content else ""
    entry = f"<item><title>Road</title><link>https://x.example/1</link>{told}</item>"
    (tmp_path / "feed.xml").write_text(RSS.format(entry))
    assert run("ingest", tmp_path / "feed.xml", "--json").json["added"] == whole


def test_a_list_beyond_all_bounds_is_refused_and_not_cut(run: Run, server: Any, hostile: Any, tmp_path: Path) -> None:
    server.answers["/feed"] = hostile.page(RSS.format("<item/>" * 10_001))
    server.answers["/map"] = hostile.page(f"<urlset>{'<url/>' * 50_001}</urlset>")
    done = run("watch", server.url("/feed"), server.url("/map"), "--json").json
    assert ["10,001 entries" in done["lists"][0]["problem"], "50,001 addresses" in done["lists"][1]["problem"]] == [True, True]
    assert done["inputs"] == len(done["rejected"]) == 2
    feeds = "".join(f'<outline xmlUrl="https://x.example/{number}"/>' for number in range(1_001))
    (tmp_path / "a.opml").write_text(f"<opml><body>{feeds}</body></opml>")
    assert "over 1,000 feeds" in run("watch", tmp_path / "a.opml").err


def test_a_saved_feed_is_read_as_far_as_it_holds_articles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS.format(item("https://x.example/1", 1, full=True) + item("https://x.example/2", 2, full=False)))
    done = run("ingest", tmp_path / "feed.xml", "--json").json
    assert done["added"] == 1
    assert "only a teaser of https://x.example/2" in done["rejected"][0]["reason"]
    assert run("rejected").out.startswith(f"{tmp_path / 'feed.xml'}, record 2: ")


def test_an_archive_of_articles(run: Run, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.txt", "x")
    file = tmp_path / "news.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/one.html", html(1))
        archive.writestr("two.jsonl", json.dumps({"text": " ".join(STORY)}) + "\nno json\n")
        archive.writestr("../../escaped.txt", "This must not be written anywhere, nor read.")
        archive.writestr("/etc/absolute.txt", "Nor this.")
        archive.writestr("nested.zip", inner.getvalue())
        archive.writestr("hidden.txt", inner.getvalue())
        archive.writestr("bomb.txt", b"0" * 40_000_000)
        archive.writestr("picture.png", b"\x89PNG")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    before = {path for path in tmp_path.rglob("*") if "library" not in path.parts}
    done = run("ingest", file, "--json").json
    assert done["added"] == 2
    reasons = {one["path"].partition("!")[2]: one["reason"] for one in done["rejected"]}
    assert set(reasons) == {"two.jsonl", "../../escaped.txt", "/etc/absolute.txt", "nested.zip", "hidden.txt", "bomb.txt", "link.txt"}
    assert "40,000,000 bytes" in reasons["bomb.txt"]
    assert "leads out" in reasons["../../escaped.txt"]
    assert {path for path in tmp_path.rglob("*") if "library" not in path.parts} == before
    assert run("rejected", "--retry", "--json").json["left"] == 7


def test_a_link_that_leads_out_of_a_folder_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("The key is under the mat, said nobody to anyone.")
    (folder / "inside.txt").write_text(" ".join(STORY))
    (folder / "again.txt").symlink_to(folder / "inside.txt")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    done = run("ingest", folder, "--json").json
    assert (done["added"], done["unchanged"], [one["path"] for one in done["rejected"]]) == (1, 1, [str(folder / "out.txt")])


def record(words: str) -> Read:
    return Read(Article(words, title=Field("Ferry", "given", "title")), "a.jsonl", 1)


def test_others_may_write_while_a_slow_feed_is_fetched(run: Run, server: Any, hostile: Any, tmp_path: Path, words: Any) -> None:
    stored: list[int] = []

    def slow(connection: socket.socket) -> None:
        with Library.open(tmp_path / "library", write=True, embedder=words) as library:
            stored.append(library.ingest([record("The ferry stopped on Tuesday, said Una Lark.")]).added)
        connection.sendall(hostile.page(RSS.format(item(server.url("/a"), 1, full=True))))

    def slow_page(connection: socket.socket) -> None:
        with Library.open(tmp_path / "library", write=True, embedder=words) as library:
            stored.append(library.ingest([record("The ferry sailed again on Friday, said Una Lark.")]).added)
        connection.sendall(hostile.page(html(3), "Content-Type: text/html"))

    server.answers["/feed"], server.answers["/page"] = slow, slow_page
    assert run("watch", server.url("/feed"), "--json").json["added"] == 1
    assert run("ingest", server.url("/page"), "--json").json["added"] == 1
    assert stored == [1, 1]
    assert len(articles(run)) == 4


def test_what_was_fetched_waits_for_another_writer(
    run: Run, server: Any, hostile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = FileLock(tmp_path / "library" / LOCK)
    said: list[str] = []

    def locked(connection: socket.socket) -> None:
        lock.__enter__()
        connection.sendall(hostile.page(html(1), "Content-Type: text/html"))

    def say(text: str, *, err: bool) -> None:
        said.append(text)
        lock.__exit__(None, None, None)

    monkeypatch.setattr("agent.commands.fetched.say", say)
    server.answers["/a"] = locked
    assert run("ingest", server.url("/a"), "--json").json["added"] == 1
    assert said == [f"library in use by process {os.getpid()}; what was fetched is stored once it has ended"]


def test_two_watches_at_once_store_nothing_twice(run: Run, server: Any, hostile: Any, tmp_path: Path) -> None:
    """The other one is quicker, and has read what was published later: that is what stays."""
    entry = item(server.url("/a"), 1, full=False)
    server.answers["/feed"] = hostile.page(RSS.format(entry + item(server.url("/b"), 2, full=True)), 'ETag: "1"')
    settings = Settings.from_environment({"RASHOMON_LIBRARY": str(tmp_path / "library")})
    other: list[bool] = []

    def slow(connection: socket.socket) -> None:
        other.append(_round(settings, [server.url("/feed")], 100, as_json=False))
        connection.sendall(hostile.page(html(1), "Content-Type: text/html"))

    server.answers["/a"] = [slow, hostile.page(html(2), "Content-Type: text/html")]
    assert run("watch", server.url("/feed")).code == 0
    assert other == [False]
    held = {article["url"]: article["text"] for article in articles(run)}
    assert held.keys() == {server.url("/a"), server.url("/b")}
    assert "This is report 2." in held[server.url("/a")]
    with Library.open(tmp_path / "library", any_embedder=True) as library:
        assert [len(library.versions(article.article_id)) for article in library.articles()] == [1, 1]
    assert run("watch", server.url("/feed"), "--json").json["inputs"] == 0
    assert server.requests.count("/a") == 2


def test_many_articles_are_stored_some_at_a_time(run: Run, server: Any, hostile: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.commands.fetched.BATCH", 2)
    monkeypatch.setattr("agent.commands.fetching.BATCH", 2)
    feed = RSS.format("".join(item(server.url(f"/{number}"), number, full=True) for number in range(4)))
    server.answers["/feed"] = [hostile.page(feed, 'ETag: "1"'), hostile.page("", status="304 Not Modified")]
    done = run("watch", server.url("/feed"), "--json").json
    assert (done["inputs"], done["added"]) == (4, 4)
    assert run("watch", server.url("/feed"), "--json").json["inputs"] == 0
    assert run("ingest", *(server.url(f"/p{number}") for number in range(5))).code == 1
    for number in range(4):
        server.answers[f"/p{number}"] = hostile.page(html(10 + number), "Content-Type: text/html")
    again = run("rejected", "--retry", "--json").json
    assert (again["added"], again["left"]) == (4, 1)

"""Fetching: what is refused before a byte is sent, and what a hostile server cannot do."""

from __future__ import annotations

import gzip
import time
from typing import Any

import httpcore2
import pytest

from vectorstore.fetching.address import shown, target_of
from vectorstore.fetching.fetch import USER_AGENT, Fetcher, Limits, Network, NotFetched, Refused

REFUSED_FORMS = [
    "file:///etc/passwd",
    "ftp://news.example/a",
    "gopher://news.example/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:http://news.example!/",
    "//news.example/a",
    "news.example/a",
    "http:///a",
    "http://",
    "https://user:secret@news.example/",
    "https://news.example@127.0.0.1/",
    "https://news.example:22/",
    "https://news.example:6379/",
    "https://news.example:99999/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://printer/",
    "http://db.internal/",
    "http://nas.local/",
    "http://a.onion/",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://%31%32%37.0.0.1/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::7f00:1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:1::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[::1",
    "http://[2606:4700::1111]news.example/",
    "http://news.example[2606:4700::1111]/",
    "http://news.example\\@127.0.0.1/",
    "http://news.example/a b",
    "http://news.example/\r\nHost: other",
    "http://\t127.0.0.1/",
    "http://news.example/" + "a" * 3_000,
]


class Counting:
    """Names resolve to what a test says; nothing is ever connected."""

    def __init__(self, *answers: str):
        self.answers, self.connected = answers, list[tuple[str, int]]()

    def resolve(self, host: str) -> tuple[str, ...]:
        return self.answers or ("127.0.0.1",)

    def connect(self, address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
        self.connected.append((address, port))
        raise httpcore2.ConnectError("refused by the test")

    def fetcher(self) -> Fetcher:
        return Fetcher(Network(self.resolve, self.connect), polite=0, sleep=lambda seconds: None)


@pytest.mark.parametrize("url", REFUSED_FORMS)
def test_what_is_no_address_of_the_web_is_refused_and_nothing_is_connected(url: str) -> None:
    counting = Counting()
    with pytest.raises(Refused):
        counting.fetcher().fetch(url)
    assert counting.connected == []


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        ["::1"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:a00:1::1"],
        ["fe80::1"],
        ["100.64.0.7"],
    ],
)
def test_a_name_with_one_address_that_is_refused_is_refused(answers: list[str]) -> None:
    counting = Counting(*answers)
    with pytest.raises(Refused, match=r"news\.example: "):
        counting.fetcher().fetch("https://news.example/a")
    assert counting.connected == []


def test_a_public_address_is_connected_to_as_it_was_checked() -> None:
    counting = Counting("93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e")
    with pytest.raises(NotFetched, match=r"robots\.txt"):
        counting.fetcher().fetch("https://news.example/a")
    assert set(counting.connected) == {("93.184.215.14", 443), ("2606:2800:21f::1", 443), ("64:ff9b::5db8:d70e", 443)}


def test_a_name_that_changes_its_address_between_two_requests_is_checked_each_time(server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page("hello")
    fetcher = server.fetcher()
    assert fetcher.fetch(server.url("/a")).body == b"hello"
    server.names[hostile.HOST] = ["169.254.169.254"]
    with pytest.raises(Refused, match="metadata"):
        fetcher.fetch(server.url("/a"))
    assert {address for address, _ in server.connections} == {"127.0.0.1"}
    # One question to the name server a connection: there is no second answer that could differ.
    assert len(server.resolved) == len(server.connections) + 1


def test_without_the_allowance_of_the_tests_loopback_is_refused(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RASHOMON_ALLOW", "ALLOWED", "NO_PROXY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with pytest.raises(Refused):
        server.fetcher(allowed=False).fetch(server.url("/a"))
    assert server.connections == []


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "ftp://news.example/",
        "http://[::1]/",
        "http://127.0.0.1:22/",
        "//10.0.0.1/",
        "http://0x7f.1/",
    ],
)
def test_a_redirect_is_checked_like_an_address(server: Any, hostile: Any, location: str) -> None:
    server.answers["/a"] = hostile.page("", f"Location: {location}", status="302 Found")
    with pytest.raises(Refused, match=r"leads to|loopback|private|metadata"):
        server.fetcher().fetch(server.url("/a"))
    assert server.requests == ["/robots.txt", "/a"]


def test_a_redirect_to_a_name_of_a_private_address_is_refused(server: Any, hostile: Any) -> None:
    server.names["inside.example"] = ["192.168.0.1"]
    server.answers["/a"] = hostile.page("", f"Location: {server.url('/b', 'inside.example')}", status="301 Moved Permanently")
    with pytest.raises(Refused, match="private"):
        server.fetcher().fetch(server.url("/a"))
    assert all(address == "127.0.0.1" for address, _ in server.connections)


def test_redirects_end(server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page("", "Location: /b", status="302 Found")
    server.answers["/b"] = hostile.page("", "Location: /a", status="302 Found")
    with pytest.raises(NotFetched, match="circle"):
        server.fetcher().fetch(server.url("/a"))
    for number in range(10):
        server.answers[f"/{number}"] = hostile.page("", f"Location: /{number + 1}", status="307 Temporary Redirect")
    with pytest.raises(NotFetched, match="over 5 redirects"):
        server.fetcher().fetch(server.url("/0"))


def test_redirects_that_are_in_order_are_followed(server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page("", "Location: b%20c?q=é#part".encode().decode("latin-1"), status="301 Moved Permanently")
    server.answers["/b%20c?q=%C3%83%C2%A9"] = hostile.page("there", "Content-Type: Text/HTML; charset=ISO-8859-1")
    fetched = server.fetcher().fetch(server.url("/a#top"))
    assert (fetched.body, fetched.media_type, fetched.charset) == (b"there", "text/html", "ISO-8859-1")
    assert fetched.url == server.url("/b%20c?q=%C3%83%C2%A9")


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("drip", "took too long"),
        ("drip_headers", "took too long"),
        ("silence", "took too long"),
        ("endless", "no more were read"),
        ("endless_headers", "no HTTP"),
        ("reset", "connection failed|no HTTP"),
    ],
)
def test_a_server_cannot_hold_us(server: Any, hostile: Any, what: str, reason: str) -> None:
    server.answers["/robots.txt"] = hostile.page("")
    server.answers["/a"] = getattr(hostile, what)
    limits = Limits(sent=300_000, body=500_000, connect=1, between=0.3, whole=0.8)
    started = time.monotonic()
    with pytest.raises(NotFetched, match=reason):
        server.fetcher(limits=limits).fetch(server.url("/a"))
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        (["Content-Encoding: gzip"], gzip.compress(b"\0" * 3_000_000), "when unpacked"),
        (["Content-Encoding: gzip, gzip"], gzip.compress(gzip.compress(b"hello")), "not asked for"),
        (["Content-Encoding: br"], b"hello", "not asked for"),
        (["Content-Encoding: gzip"], b"hello", "not packed as it says"),
        (["Content-Encoding: gzip"], gzip.compress(b"hello")[:-6], "cut off"),
        (["Content-Encoding: gzip"], gzip.compress(b"hello") * 2, "goes on"),
        ([], b"x" * 1_000_001, "1,000,001 bytes; at most 1,000,000"),
    ],
)
def test_packed_and_large_answers_are_bounded(server: Any, hostile: Any, headers: list[str], body: bytes, reason: str) -> None:
    server.answers["/a"] = hostile.page(body, *headers)
    with pytest.raises(NotFetched, match=reason):
        server.fetcher(limits=Limits(sent=1_000_000, body=2_000_000)).fetch(server.url("/a"))


def test_a_packed_answer_is_unpacked(server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page(gzip.compress(b"hello" * 1_000), "Content-Encoding: gzip")
    assert server.fetcher().fetch(server.url("/a")).body == b"hello" * 1_000
    assert "accept-encoding: gzip\r\n" in server.heads[-1].lower()


def test_half_an_answer_is_no_answer(server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page("half of it", length=5_000)
    with pytest.raises(NotFetched, match="cut off"):
        server.fetcher().fetch(server.url("/a"))
    assert server.requests.count("/a") == 3
    server.answers["/b"] = hostile.page("more than it says", length=4)
    assert server.fetcher().fetch(server.url("/b")).body == b"more"


def test_what_may_pass_is_tried_again_and_what_will_not_is_not(server: Any, hostile: Any) -> None:
    busy = hostile.page("", "Retry-After: 3", status="503 Service Unavailable")
    server.answers["/a"] = [busy, hostile.reset, hostile.page("at last")]
    assert server.fetcher().fetch(server.url("/a")).body == b"at last"
    assert server.slept == [3.0, 1.0]
    with pytest.raises(NotFetched, match="404 Not Found") as missing:
        server.fetcher().fetch(server.url("/nowhere"))
    assert not missing.value.passing
    assert server.requests.count("/nowhere") == 1
    server.answers["/later"] = hostile.page("", "Retry-After: 86400", status="429 Too Many Requests")
    with pytest.raises(NotFetched, match="asks for 86400 s") as later:
        server.fetcher().fetch(server.url("/later"))
    assert later.value.passing
    assert server.requests.count("/later") == 1


def test_robots_txt_is_obeyed(server: Any, hostile: Any) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: rashomon\nDisallow: /private/*.html$\nCrawl-delay: 7\n"
    server.answers["/robots.txt"] = hostile.page(rules)
    server.answers["/a"] = server.answers["/private/a.html"] = hostile.page("hello")
    fetcher = server.fetcher()
    assert fetcher.fetch(server.url("/a")).body == b"hello"
    with pytest.raises(Refused, match=r"robots\.txt"):
        fetcher.fetch(server.url("/private/a.html"))
    assert server.requests == ["/robots.txt", "/a"]
    assert server.slept
    assert 6 < server.slept[0] <= 7


@pytest.mark.parametrize(
    "rules", [b"\xef\xbb\xbfUser-agent: *\nDisallow: /", b"User-agent: Rashomon/1.0 # of a log\nDisallow: /", b"user-agent : *\rdisallow:/"]
)
def test_robots_txt_is_obeyed_however_it_is_written(server: Any, hostile: Any, rules: bytes) -> None:
    server.answers["/robots.txt"] = hostile.page(rules)
    with pytest.raises(Refused, match=r"robots\.txt"):
        server.fetcher().fetch(server.url("/a"))
    assert server.requests == ["/robots.txt"]


def test_robots_txt_that_cannot_be_read_closes_the_host(server: Any, hostile: Any) -> None:
    server.answers["/robots.txt"] = hostile.page("", status="500 Internal Server Error")
    with pytest.raises(NotFetched, match="nothing there is fetched"):
        server.fetcher().fetch(server.url("/a"))
    assert "/a" not in server.requests


def test_robots_txt_cannot_lead_inside(server: Any, hostile: Any) -> None:
    server.answers["/robots.txt"] = hostile.page("", "Location: http://169.254.169.254/robots.txt", status="302 Found")
    server.answers["/a"] = hostile.page("hello")
    with pytest.raises(Refused, match="metadata"):
        server.fetcher().fetch(server.url("/a"))
    assert server.requests == ["/robots.txt"]
    assert {address for address, _ in server.connections} == {"127.0.0.1"}


def test_the_pace_and_the_name(server: Any, hostile: Any) -> None:
    server.answers["/a"] = hostile.page("hello")
    fetcher = server.fetcher(polite=1.0)
    fetcher.fetch(server.url("/a"))
    fetcher.fetch(server.url("/a"))
    assert len(server.slept) == 2
    assert all(0.5 < seconds <= 1 for seconds in server.slept)
    assert f"user-agent: {USER_AGENT}\r\n".lower() in server.heads[-1].lower()
    assert "cookie" not in server.heads[-1].lower()
    assert f"host: {hostile.HOST}:{server.port}\r\n" in server.heads[-1].lower()


def test_only_what_has_changed_is_sent_again(server: Any, hostile: Any) -> None:
    server.answers["/a"] = [
        hostile.page("hello", 'ETag: "one"', "Last-Modified: Mon, 02 Nov 2026 10:00:00 GMT"),
        hostile.page("", status="304 Not Modified"),
    ]
    fetcher = server.fetcher()
    first = fetcher.fetch(server.url("/a"))
    again = fetcher.fetch(server.url("/a"), etag=first.etag, last_modified=first.last_modified)
    assert again.body is None
    assert again.etag == '"one"'
    assert 'if-none-match: "one"\r\n' in server.heads[-1].lower()
    # A validator that would add a header of its own is not sent.
    with pytest.raises(NotFetched, match="304"):
        fetcher.fetch(server.url("/a"), etag="x\r\nX-Evil: 1")
    assert "evil" not in server.heads[-1]


def test_names_in_other_scripts_and_capitals_have_one_form() -> None:
    assert target_of("HTTPS://Bücher.Example:443/Straße?q=ä").url == "https://xn--bcher-kva.example/Stra%C3%9Fe?q=%C3%A4"
    assert target_of("http://[2606:2800:21F::1]:80").url == "http://[2606:2800:21f::1]/"


def test_a_password_in_an_address_is_not_shown() -> None:
    assert "secret" not in shown("https://user:secret@news.example/a")
    assert "secret" not in shown("https://user:se/secret@news.example/a@b")

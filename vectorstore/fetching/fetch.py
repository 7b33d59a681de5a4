"""Fetching an address of the open web politely: robots.txt, a rate for each host, redirects one by one, tries again where that may help."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import quote, urldefrag, urljoin

from protego import Protego

from vectorstore.fetching.address import Refused, Target, shown, target_of
from vectorstore.fetching.connection import system_resolver, tcp
from vectorstore.fetching.response import Limits, Network, NotFetched, Response, request

NAME = "rashomon"
USER_AGENT = f"{NAME}/{version('rashomon')} (reads news articles for one person, who started it by hand or by a timer)"
ACCEPT = "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
REDIRECTS = frozenset((301, 302, 303, 307, 308))
MOST_REDIRECTS = 5
# What may pass: too many requests, and a server or gateway in trouble.
PASSING = frozenset((429, 500, 502, 503, 504))
TRIES = 3
# Seconds: between two requests to a host, the most that robots.txt or a server may ask for in between, the first wait before another try.
POLITE, LONGEST_WAIT, FIRST_WAIT = 1.0, 30.0, 1.0
# RFC 9309 asks for half a megabyte at least.
LARGEST_ROBOTS = 500_000
# By RFC 9309 a name in robots.txt ends where its letters do; who copies ours from a log writes the version too.
NAMED_WITH_VERSION = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\s#]*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stands at an address. `url` is where the last redirect led. `body` is None if it has not changed since it was asked for."""

    url: str
    body: bytes | None
    media_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Fetcher:
    """One user's visits to the web. Keeps robots.txt and the time of the last request of each host for as long as it lives."""

    def __init__(
        self,
        network: Network | None = None,
        limits: Limits | None = None,
        *,
        polite: float = POLITE,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ):
        self._network, self._limits = network or Network(system_resolver, tcp), limits or Limits()
        self._polite, self._sleep, self._clock, self._jitter = polite, sleep, clock, jitter
        self._ports = frozenset(port for _, port in self._network.allowed)
        self._robots: dict[str, Protego | NotFetched | Refused] = {}
        self._visited: dict[str, float] = {}

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """With what the server said of it the last time, only if it has changed. Raises Refused and NotFetched."""
        asked = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
        headers = [(name, value) for name, value in asked if value and re.fullmatch(r"[\x20-\x7e]{1,500}", value)]
        target, response = self._follow(url, headers, robots=True)
        if response.status == 304 and headers:
            return Fetched(target.url, None, etag=etag, last_modified=last_modified)
        if response.status != 200:
            raise NotFetched(f"the server answers {_status(response.status)}", passing=response.status in PASSING)
        media_type, charset = _content(response.headers.get("content-type", ""))
        known = (response.headers.get("etag"), response.headers.get("last-modified"))
        return Fetched(target.url, response.body, media_type, charset, *known)

    def _follow(self, url: str, headers: list[tuple[str, str]], *, robots: bool) -> tuple[Target, Response]:
        """The last hop and what it answers."""
        target = self._target(urldefrag(url).url)
        seen: list[str] = []
        while True:
            if robots:
                self._ask_leave(target)
            response = self._try(target, headers)
            if response.status not in REDIRECTS or "location" not in response.headers:
                return target, response
            seen.append(target.url)
            if len(seen) > MOST_REDIRECTS:
                raise NotFetched(f"over {MOST_REDIRECTS} redirects")
            target = self._next(target, response.headers["location"])
            if target.url in seen:
                raise NotFetched(f"a redirect in a circle: {target.url} leads to itself")
            # What a server said of one address is nobody else's business.
            headers = []

    def _next(self, target: Target, location: str) -> Target:
        try:
            joined = urldefrag(urljoin(target.url, quote(location.strip(), safe="%/:=&?~#+!$,;'@()*[]"))).url
            found = self._target(joined)
        except (Refused, ValueError) as error:
            raise Refused(f"{target.url} leads to {shown(location)[:200]}: {error}") from None
        if target.scheme == "https" and found.scheme == "http":
            raise Refused(f"{target.url} leads from https to http: {found.url}")
        return found

    def _target(self, url: str) -> Target:
        return target_of(url, ports=self._ports)

    def _try(self, target: Target, headers: list[tuple[str, str]]) -> Response:
        """Another time, and later each time, for what may pass. The wait is random up to twice as long as the one before, so that many
        who were turned away together do not come back together."""
        sent = [("User-Agent", USER_AGENT), ("Accept", ACCEPT), ("Accept-Encoding", "gzip"), *headers]
        for tried in range(1, TRIES + 1):
            self._pause(target)
            failure: NotFetched
            try:
                response = request(target, sent, self._network, self._limits)
                if response.status not in PASSING:
                    return response
                wait = _retry_after(response.headers.get("retry-after"))
                failure = NotFetched(f"the server answers {_status(response.status)}", passing=True, wait=wait)
            except NotFetched as error:
                failure = error
            if not failure.passing or tried == TRIES:
                raise failure
            if failure.wait is not None and failure.wait > LONGEST_WAIT:
                raise NotFetched(f"{failure}, and asks for {failure.wait:.0f} s of patience", passing=True)
            self._sleep(max(failure.wait or 0.0, FIRST_WAIT * 2 ** (tried - 1) * self._jitter()))
        raise AssertionError("the last try returns or raises")

    def _pause(self, target: Target) -> None:
        robots = self._robots.get(target.origin)
        delay = robots.crawl_delay(NAME) if isinstance(robots, Protego) else None
        between = min(max(self._polite, float(delay or 0)), max(LONGEST_WAIT, self._polite))
        last = self._visited.get(target.host)
        if last is not None and (left := last + between - self._clock()) > 0:
            self._sleep(left)
        self._visited[target.host] = self._clock()

    def _ask_leave(self, target: Target) -> None:
        """Raises Refused where robots.txt keeps us out, and NotFetched where it cannot be known (RFC 9309)."""
        if target.origin not in self._robots:
            self._robots[target.origin] = self._robots_of(target)
        robots = self._robots[target.origin]
        if not isinstance(robots, Protego):
            raise robots
        if not robots.can_fetch(target.url, NAME):
            raise Refused(f"robots.txt of {target.host} asks programs to stay away from it")

    def _robots_of(self, target: Target) -> Protego | NotFetched | Refused:
        try:
            _, response = self._follow(replace(target, path="/robots.txt").url, [], robots=False)
        except Refused as error:
            return error
        except NotFetched as error:
            return NotFetched(f"robots.txt of {target.host} cannot be read, so nothing there is fetched: {error}", passing=error.passing)
        # Where there is none, all is open.
        text = response.body[:LARGEST_ROBOTS].decode("utf-8-sig", "replace") if response.status == 200 else ""
        return Protego.parse(NAMED_WITH_VERSION.sub(r"\1", text))


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def _content(header: str) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type."""
    charset = re.search(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", header, re.IGNORECASE)
    media_type = header.partition(";")[0].strip().lower()
    return media_type[:100] or None, charset[1] if charset else None


def _retry_after(header: str | None) -> float | None:
    """Seconds, or until a date."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", header):
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())


__all__ = ["Fetched", "Fetcher", "Limits", "Network", "NotFetched", "Refused"]

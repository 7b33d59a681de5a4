"""TLS with real certificates, made for the test, against a server on loopback: who is believed to be a host, and who is not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from vectorstore.fetching.connection import tcp
from vectorstore.fetching.fetch import Fetcher, Limits, Network, NotFetched, Refused

HOST = "news.example"
AUTHORITY = "authority.example"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
PATIENCE = Limits(connect=5, between=5, whole=10)


class SecureServer:
    """`names` are those that clients asked for by SNI, `requests` what came through."""

    def __init__(self, context: ssl.SSLContext):
        self._context, self._listener = context, socket.create_server(("127.0.0.1", 0))
        self.names: list[str | None] = []
        self.requests: list[bytes] = []
        self.connected: list[str] = []
        self.answer = ANSWER
        context.sni_callback = lambda _, name, __: self.names.append(name)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/a"

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            try:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self.requests.append(secure.recv(65_536))
                    secure.sendall(self.answer)
            except OSError:
                connection.close()

    def fetcher(self, trusted: ssl.SSLContext | None, address: str = "127.0.0.1") -> Fetcher:
        def connect(address: str, port: int, seconds: float) -> Any:
            self.connected.append(address)
            return tcp(address, port, seconds)

        network = Network(lambda host: [address], connect, frozenset({("127.0.0.1", self.port)}), trusted)
        return Fetcher(network, PATIENCE, polite=0, sleep=lambda seconds: None)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)


@pytest.fixture
def serving() -> Iterator[Callable[[ssl.SSLContext], SecureServer]]:
    running: list[SecureServer] = []

    def start(context: ssl.SSLContext) -> SecureServer:
        running.append(SecureServer(context))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture(scope="module")
def authority(certificates: Any) -> Any:
    return certificates.signed(AUTHORITY, authority=True)


@pytest.fixture
def trusted(authority: Any, certificates: Any) -> ssl.SSLContext:
    """What a client has that believes this authority and nobody else."""
    return ssl.create_default_context(cadata=certificates.pem(authority[0]))


def test_a_certificate_that_leads_to_the_authority_is_believed(
    serving: Any, tmp_path: Path, authority: Any, trusted: ssl.SSLContext, certificates: Any
) -> None:
    """The connection goes to the address that was checked, and TLS asks there for the host's name."""
    between = certificates.signed("between.example", authority, authority=True)
    server = serving(certificates.server_side(tmp_path, certificates.signed(HOST, between), between[0]))
    assert server.fetcher(trusted).fetch(server.url).body == b"hello"
    assert set(server.connected) == {"127.0.0.1"}
    assert set(server.names) == {HOST}
    assert [request.split(b" ")[1] for request in server.requests] == [b"/robots.txt", b"/a"]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("another host", "Hostname mismatch"),
        ("itself", "self-signed certificate"),
        ("expired", "certificate has expired"),
        ("not yet", "certificate is not yet valid"),
        ("without the one between", "unable to get local issuer certificate"),
        ("signed by a host", "invalid CA certificate|unable to get local issuer|path length|signature failure"),
    ],
)
def test_a_certificate_that_is_not_the_hosts_ends_it_before_anything_is_sent(
    who: str, reason: str, serving: Any, tmp_path: Path, authority: Any, trusted: ssl.SSLContext, certificates: Any
) -> None:
    signed = certificates.signed
    between = signed("between.example", authority, authority=True)
    other = signed("other.example", authority)
    chain = [other[0]] if who == "signed by a host" else []
    shown = {
        "another host": lambda: other,
        "itself": lambda: signed(HOST),
        "expired": lambda: signed(HOST, authority, days=(-30, -1)),
        "not yet": lambda: signed(HOST, authority, days=(1, 30)),
        "without the one between": lambda: signed(HOST, between),
        "signed by a host": lambda: signed(HOST, other),
    }[who]()
    server = serving(certificates.server_side(tmp_path, shown, *chain))
    with pytest.raises(NotFetched, match=f"the certificate of news.example is not to be trusted: .*(?:{reason})") as failure:
        server.fetcher(trusted).fetch(server.url)
    assert server.requests == []
    # Nothing of it passes by waiting. (Its robots.txt is what was asked for first.)
    assert len(server.connected) == 1
    assert failure.value.passing is False


def test_no_redirect_leads_out_of_tls(serving: Any, tmp_path: Path, authority: Any, trusted: ssl.SSLContext, certificates: Any) -> None:
    server = serving(certificates.server_side(tmp_path, certificates.signed(HOST, authority)))
    server.answer = b"HTTP/1.1 301 Moved\r\nLocation: http://news.example/a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with pytest.raises(Refused, match="leads from https to http"):
        server.fetcher(trusted).fetch(server.url)
    assert len(server.requests) == 1


def test_without_a_word_from_us_the_worlds_authorities_are_those_believed(
    serving: Any, tmp_path: Path, authority: Any, certificates: Any
) -> None:
    server = serving(certificates.server_side(tmp_path, certificates.signed(HOST, authority)))
    with pytest.raises(NotFetched, match="not to be trusted"):
        server.fetcher(None).fetch(server.url)
    assert server.requests == []

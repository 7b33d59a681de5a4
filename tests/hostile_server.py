"""A web server on loopback that can do whatever a server can do to its visitors, and a fetcher that is allowed to visit it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import httpcore2

from vectorstore.fetching.connection import tcp
from vectorstore.fetching.fetch import Fetcher, Limits, Network

Answer = bytes | Callable[[socket.socket], None]
HOST = "news.example"


def page(body: bytes | str, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data) if length is None else length}", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


@dataclass
class HostileServer:
    """`answers` by path: bytes as they are sent, or what is done with the connection; of several, one a request and the last for ever."""

    port: int
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    connections: list[tuple[str, int]] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    names: dict[str, Sequence[str]] = field(default_factory=dict)

    def url(self, path: str, host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def fetcher(self, *, polite: float = 0.0, limits: Limits | None = None, allowed: bool = True) -> Fetcher:
        def resolve(host: str) -> Sequence[str]:
            self.resolved.append(host)
            return self.names.get(host, ["127.0.0.1"])

        def connect(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
            self.connections.append((address, port))
            return tcp(address, port, seconds)

        network = Network(resolve, connect, frozenset({("127.0.0.1", self.port)}) if allowed else frozenset())
        short = limits or Limits(connect=2, between=2, whole=5)
        return Fetcher(network, short, polite=polite, sleep=self.slept.append, jitter=lambda: 0.5)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                block = connection.recv(65_536)
                if not block:
                    return
                head += block
            self.heads.append(head.decode("latin-1"))
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.requests.append(path)
            answer = self.answers.get(path, page("not here", status="404 Not Found"))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection)


@contextlib.contextmanager
def hostile_server() -> Iterator[HostileServer]:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        server = HostileServer(listener.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=server._serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)


def drip(connection: socket.socket) -> None:
    """A byte now and then, so that no single read takes long."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(200):
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        connection.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.05)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"<p>more and more</p>" * 3_000)


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Flood: " + b"y" * 1_000 + b"\r\n")


def silence(connection: socket.socket) -> None:
    time.sleep(10)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

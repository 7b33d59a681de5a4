"""A connection to the very address that was checked, and no longer than it may last."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any

import httpcore2

from vectorstore.fetching.address import Refused, check_address

# A host's name to its addresses, as text. May raise OSError.
Resolver = Callable[[str], Sequence[str]]
# An address, a port and seconds to a connected stream. May raise httpcore2's errors.
Connector = Callable[[str, int, float], httpcore2.NetworkStream]
# A host may have many addresses; when so many do not answer, the next one hardly will.
MOST_ADDRESSES = 3


def system_resolver(host: str) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def tcp(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout=seconds)


class PinnedBackend(httpcore2.NetworkBackend):
    """Resolves a name once, checks every address that it has, and connects to one of those it has checked: a name server that gives
    another answer a moment later is not asked. TLS goes on with the name, so that the certificate must be the name's.

    `allowed` are (address, port) pairs exempt from the check: for tests, which have no other server than this machine.
    """

    def __init__(self, resolver: Resolver, connector: Connector, allowed: frozenset[tuple[str, int]], end: float):
        self._resolver, self._connector, self._allowed, self._end = resolver, connector, allowed, end

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._addresses(host, port, _left(self._end, timeout))
        for place, address in enumerate(addresses, 1):
            try:
                return TimedStream(self._connector(address, port, _left(self._end, timeout)), self._end)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise httpcore2.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int, seconds: float) -> list[str]:
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = list(dict.fromkeys(self._resolved(host, seconds)))
        for address in found:
            # One bad address among good ones is no accident.
            if (address, port) not in self._allowed:
                try:
                    check_address(ipaddress.ip_address(address))
                except ValueError as error:
                    raise Refused(str(error) if address == host else f"{host}: {error}") from None
        return found[:MOST_ADDRESSES]

    def _resolved(self, host: str, seconds: float) -> Sequence[str]:
        """The system's resolver has no limit of time."""
        answer: list[Sequence[str] | OSError] = []

        def ask() -> None:
            try:
                answer.append(self._resolver(host))
            except OSError as error:
                answer.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(seconds)
        if not answer:
            raise httpcore2.ConnectTimeout(f"the name {host} was not resolved")
        if isinstance(answer[0], OSError):
            raise httpcore2.ConnectError(f"the name {host} is not known: {answer[0].strerror or answer[0]}")
        return answer[0]


class TimedStream(httpcore2.NetworkStream):
    """A stream with an end: a server that sends one byte a second never lets a single read time out."""

    def __init__(self, stream: httpcore2.NetworkStream, end: float):
        self._stream, self._end = stream, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._end, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._end, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(self._end, timeout)), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class TooSlow(httpcore2.TimeoutException):
    """The time for the whole of it is over."""


def _left(end: float, timeout: float | None) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TooSlow
    return left if timeout is None else min(left, timeout)

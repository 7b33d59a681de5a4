"""One request and its answer, with a limit on everything that the other side decides."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ssl import SSLCertVerificationError, SSLContext

import httpcore2

from vectorstore.fetching.address import Target
from vectorstore.fetching.connection import Connector, PinnedBackend, Resolver

# News pages have 0.05 to 1 MB, feeds up to 5 MB; a sitemap may have 50 MB by its standard.
LARGEST_SENT, LARGEST_BODY = 20_000_000, 30_000_000
# In seconds: to connect, between two pieces, and for all of it.
CONNECT, BETWEEN, WHOLE = 10.0, 10.0, 30.0
BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    sent: int = LARGEST_SENT
    body: int = LARGEST_BODY
    connect: float = CONNECT
    between: float = BETWEEN
    whole: float = WHOLE


class NotFetched(Exception):
    """Why there is no answer that could be read. `passing` says that it may be another time; `wait` is what the server asks for."""

    exit_code = 3

    def __init__(self, reason: str, *, passing: bool = False, wait: float | None = None):
        super().__init__(reason)
        self.passing, self.wait = passing, wait


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` have small letters; of several of one name the first. `body` is unpacked, and read only where the status is 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Network:
    """What reaches other machines; tests put their own in its place. `allowed` is explained at PinnedBackend."""

    resolver: Resolver
    connector: Connector
    allowed: frozenset[tuple[str, int]] = frozenset()
    tls: SSLContext | None = None


def request(target: Target, headers: Iterable[tuple[str, str]], network: Network, limits: Limits) -> Response:
    """Raises Refused and NotFetched."""
    backend = PinnedBackend(network.resolver, network.connector, network.allowed, time.monotonic() + limits.whole)
    timeouts = {"connect": limits.connect, "read": limits.between, "write": limits.between, "pool": limits.connect}
    url = httpcore2.URL(scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode("ascii"))
    host = target.origin.partition("//")[2]
    sent = [(b"Host", host.encode("ascii")), *((name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers)]
    try:
        # A connection a request: whoever is asked again is asked a second later at the earliest.
        with (
            httpcore2.ConnectionPool(ssl_context=network.tls, network_backend=backend, max_keepalive_connections=0) as pool,
            pool.stream("GET", url, headers=sent, extensions={"timeout": timeouts}) as answer,
        ):
            known: dict[str, str] = {}
            for name, value in answer.headers:
                known.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())
            return Response(answer.status, known, _body(answer.iter_stream(), known, limits) if answer.status == 200 else b"")
    except httpcore2.TimeoutException as error:
        raise NotFetched(f"it took too long ({_limit(error, limits)})", passing=True) from None
    except httpcore2.ProtocolError as error:
        said = re.sub(r"bytearray\(b(.*)\)$", r"\1", str(error), flags=re.DOTALL)
        raise NotFetched(f"the answer is no HTTP, or was cut off: {said[:200]}", passing=True) from None
    except httpcore2.NetworkError as error:
        # The pool takes the cause off; the error still carries it.
        for cause in error.args:
            if isinstance(cause, SSLCertVerificationError):
                raise NotFetched(f"the certificate of {target.host} is not to be trusted: {cause.verify_message}") from None
        raise NotFetched(f"the connection failed: {str(error)[:200] or type(error).__name__}", passing=True) from None


def _limit(error: httpcore2.TimeoutException, limits: Limits) -> str:
    if isinstance(error, httpcore2.ConnectTimeout):
        return f"{limits.connect:g} s to connect"
    return f"{limits.between:g} s without a byte" if isinstance(error, httpcore2.ReadTimeout) else f"{limits.whole:g} s in all"


def _body(blocks: Iterable[bytes], headers: Mapping[str, str], limits: Limits) -> bytes:
    """Unpacked piece by piece: a gigabyte of zeros takes a megabyte to send."""
    coding = headers.get("content-encoding", "identity").lower()
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise NotFetched(f"the answer is packed in a way that was not asked for ({coding[:40]})")
    length = headers.get("content-length", "")
    if re.fullmatch(r"[0-9]+", length) and int(length) > limits.sent:
        raise NotFetched(f"{int(length):,} bytes; at most {limits.sent:,} are fetched")
    unpacker = zlib.decompressobj(wbits=31) if "gzip" in coding else None
    body, sent = bytearray(), 0
    for block in blocks:
        sent += len(block)
        if sent > limits.sent:
            raise NotFetched(f"over {limits.sent:,} bytes; no more were read")
        if unpacker is None:
            body += block
        else:
            try:
                body += unpacker.decompress(block, limits.body + 1 - len(body))
            except zlib.error as error:
                raise NotFetched(f"the answer is not packed as it says: {error}") from None
        if len(body) > limits.body:
            raise NotFetched(f"over {limits.body:,} bytes when unpacked; no more were read")
    if unpacker is not None and sent and not unpacker.eof:
        raise NotFetched("the packed answer was cut off", passing=True)
    if unpacker is not None and unpacker.unused_data:
        raise NotFetched("the answer goes on after the end of what was packed")
    return bytes(body)

"""Which addresses may be fetched: a web address in plain form, and machines that anyone may reach."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address as IPv4
from ipaddress import IPv6Address as IPv6
from urllib.parse import quote, urlsplit

import idna

LONGEST = 2_000
PORTS = {"http": 80, "https": 443}
# Top-level names of private networks and of networks that are not the web (RFC 6761, 6762, 7686, 8375, 9476; ICANN for `internal`).
PRIVATE_NAMES = frozenset("localhost local localdomain internal intranet lan home corp private onion alt arpa".split())
# Not private by any registry and yet no part of the web.
SPECIAL = tuple(
    (ipaddress.ip_network(network), what)
    for network, what in (
        ("100.64.0.0/10", "shared by the customers of a provider"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("192.0.0.0/24", "for protocols, a cloud's metadata service among them"),
        ("192.88.99.0/24", "a relay of 6to4"),
        ("64:ff9b:1::/48", "a translation of local use (NAT64)"),
        ("2001::/32", "a tunnel (Teredo)"),
        ("2002::/16", "a tunnel (6to4)"),
        ("3fff::/20", "for documentation"),
    )
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
WEB6 = ipaddress.ip_network("2000::/3")


class Refused(ValueError):
    """An address that is not fetched: the message names the rule. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is sent to. `host` is ASCII and in small letters, an IPv6 address without its brackets; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        return self.origin + self.path


def target_of(url: str, *, ports: frozenset[int] = frozenset()) -> Target:
    """`ports` are allowed beside 80 and 443. Raises Refused."""
    if len(url) > LONGEST:
        raise Refused(f"the address has over {LONGEST:,} characters")
    # Parsers disagree on these, and one part of a program would see another host than the next.
    if re.search(r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\u2028\u2029\ufeff]", url):
        raise Refused("the address holds a blank, a control character, a backslash or another character that no address has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"not an address: {error}") from None
    if parts.scheme not in PORTS:
        raise Refused(f"only http and https are fetched, not {parts.scheme[:20] or 'an address without either'}")
    if "@" in parts.netloc:
        raise Refused("the address holds a user's name or password; they would be sent to whoever it leads to")
    if "[" in parts.netloc and not re.fullmatch(r"\[[^\[\]]*\](?::[0-9]*)?", parts.netloc):
        raise Refused("the host has letters beside its brackets")
    if not parts.hostname:
        raise Refused("the address names no host")
    port = PORTS[parts.scheme] if port is None else port
    if port not in (80, 443) and port not in ports:
        raise Refused(f"port {port}: only 80 and 443 are the web's")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{quote(parts.query, safe=_IN_QUERY)}" if parts.query else "")
    return Target(parts.scheme, _host(parts.hostname, literal="[" in parts.netloc), port, path)


_IN_QUERY = "/?%:@!$&'()*+,;=~-._[]"


def _host(written: str, *, literal: bool) -> str:
    if "%" in written:
        raise Refused("the host is written with % codes or a zone")
    if literal:
        try:
            return IPv6(written).compressed
        except ValueError:
            raise Refused("not an IPv6 address between the brackets") from None
    try:
        host = idna.encode(written, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise Refused("the host is no name that the web has") from None
    host = host.removesuffix(".")
    last = host.rpartition(".")[2]
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last):
        try:
            return str(IPv4(host))
        except ValueError:
            raise Refused("the host is a number in another form than 192.0.2.1") from None
    if "." not in host:
        raise Refused("a host without a point is one of your own network")
    if last in PRIVATE_NAMES:
        raise Refused(f".{last} is for private networks or is no part of the web")
    return host


def check_address(address: IPv4 | IPv6) -> None:
    """Raises Refused for an address that is not one of the open internet."""
    if isinstance(address, IPv6):
        if address.ipv4_mapped or (int(address) >> 32 == 0 and int(address) > 1):
            raise Refused(f"{address} is an IPv4 address in the form of IPv6")
        if address in NAT64:
            check_address(IPv4(int(address) & 0xFFFFFFFF))
            return
    for network, what in SPECIAL:
        if address.version == network.version and address in network:
            raise Refused(f"{address} is {what}")
    for is_so, what in (
        (address.is_unspecified, "no address (unspecified)"),
        (address.is_loopback, "this machine (loopback)"),
        (address.is_link_local, "of the local link, where clouds keep their metadata"),
        (address.is_multicast, "for many at once (multicast)"),
        (address.is_private or (isinstance(address, IPv6) and address.is_site_local), "private or reserved"),
        (address.is_reserved or not address.is_global, "reserved"),
        (isinstance(address, IPv6) and address not in WEB6, "no unicast address of the internet"),
    ):
        if is_so:
            raise Refused(f"{address} is {what}")


def shown(url: str) -> str:
    """An address that was refused without what may be a name and password, for lists and messages."""
    return re.sub(r"(?<=//).*@", "", url, flags=re.DOTALL)[:LONGEST]


def is_address(what: str) -> bool:
    """Whether a word of the command line is meant as an address, of whatever kind, and not as a file."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", what) is not None


def file_name(url: str) -> str:
    """What the page would be called as a file."""
    return urlsplit(url).path.rpartition("/")[2][:200]

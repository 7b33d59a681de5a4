"""outlets.toml: the facts on outlets that ship with the program and those of the user, read and checked."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from vectorstore.errors import LibraryError

SHIPPED, OWN = Path(__file__).with_name("outlets.toml"), "outlets.toml"
LARGEST_FILE, LONGEST_VALUE = 1_000_000, 200
TEXTS, LISTS = ("name", "country", "owner", "funding", "language"), ("spellings", "domains")
KEYS = (*TEXTS[:1], *LISTS, *TEXTS[1:], "wire")
HEADER = re.compile(r"^[ \t]*\[\[[ \t]*outlet[ \t]*\]\]", re.MULTILINE)
HOST = re.compile(r"(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")
# "co.uk" and "com.au" are no outlet's: an entry for one would claim a country.
PUBLIC = re.compile(r"(?:ac|co|com|edu|go|gob|gov|gouv|ne|net|nom|or|org)\.[a-z]{2}")


def spelling(name: str) -> str:
    """The letters and digits of a name, small and without accents, by which two spellings are one.

    "The" in front is left out where two words remain: "Washington Post" is The Washington Post, "Sun" may be any Sun.
    """
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    if not plain.isascii():
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = re.findall(r"[^\W_]+", plain)
    return "".join(words[1:] if words[:1] == ["the"] and len(words) > 2 else words)


class OutletsFileError(LibraryError):
    """The user's outlets.toml cannot be used. The message names file, line and what to do; nothing was changed."""


@dataclass(frozen=True, slots=True)
class OutletEntry:
    """What a registry says of one outlet; None and () are unknown. `name` is how it is shown."""

    name: str
    spellings: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str | None = None
    owner: str | None = None
    funding: str | None = None
    language: str | None = None
    wire: bool | None = None

    def with_facts_of(self, other: OutletEntry) -> OutletEntry:
        """This entry, and where it says nothing, what the other says; the names of both."""
        return OutletEntry(
            self.name,
            tuple(dict.fromkeys((*self.spellings, *other.spellings))),
            tuple(dict.fromkeys((*self.domains, *other.domains))),
            self.country or other.country,
            self.owner or other.owner,
            self.funding or other.funding,
            self.language or other.language,
            other.wire if self.wire is None else self.wire,
        )


@dataclass(frozen=True, slots=True)
class OutletsFile:
    """The entries of one file, and the names that are no outlet's alone, whoever claims them."""

    entries: tuple[OutletEntry, ...] = ()
    ambiguous: tuple[str, ...] = ()


def file_bytes(path: Path) -> bytes:
    """What the file holds, b"" if there is none. Raises OutletsFileError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise OutletsFileError(f"{path} cannot be read ({error.strerror or error}): mend its permissions, or move it away") from error
    if len(data) > LARGEST_FILE:
        raise OutletsFileError(f"{path} has over {LARGEST_FILE:,} bytes: keep only the outlets that you need in it")
    return data


def read_outlets_file(path: Path, data: bytes) -> OutletsFile:
    """Raises OutletsFileError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise OutletsFileError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        reason = str(error)[: place.start()].strip() if place else str(error)
        raise OutletsFileError(
            f"{path}, line {line}: not TOML: {reason[:LONGEST_VALUE]}; mend the line, or move the file away to go on without it"
        ) from None
    except (ValueError, RecursionError):
        wrong = "nested too deeply, or a number with too many digits"
        raise OutletsFileError(f"{path}: not TOML that can be read: {wrong}; move the file away to go on without it") from None
    return _Checker(path, text).outlets(table)


class _Checker:
    """Says where in the file a mistake stands."""

    def __init__(self, path: Path, text: str):
        self._path = path
        self._lines = [text.count("\n", 0, match.start()) + 1 for match in HEADER.finditer(text)]
        self._text = text

    def outlets(self, table: Mapping[str, Any]) -> OutletsFile:
        for key in table:
            if key not in ("outlet", "ambiguous"):
                self._wrong(None, f"“{_shown(key)}” is not known here; write [[outlet]] above each outlet's lines, or ambiguous = [...]")
        listed = table.get("outlet", [])
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            self._wrong(None, "outlet: write [[outlet]], in double brackets, above each outlet's lines")
        ambiguous = self._strings(None, "ambiguous", table.get("ambiguous", []))
        entries = tuple(self._entry(number, item) for number, item in enumerate(listed))
        self._each_once(entries)
        return OutletsFile(entries, ambiguous)

    def _entry(self, number: int, item: Mapping[str, Any]) -> OutletEntry:
        for key, value in item.items():
            if key not in KEYS:
                self._wrong(number, f"“{_shown(key)}” is not kept for an outlet; the keys are {', '.join(KEYS)}")
            if key in TEXTS:
                self._string(number, key, value)
        if "name" not in item:
            self._wrong(number, 'the outlet has no name; add name = "..."')
        if "language" in item and not re.fullmatch(r"[a-z]{2,3}", item["language"]):
            self._wrong(number, f"language: “{_shown(item['language'])}” is not a code of two or three small letters, such as en")
        wire = item.get("wire")
        if wire is not None and not isinstance(wire, bool):
            self._wrong(number, "wire must be true or false, without quotation marks; leave it out if you don't know")
        domains = tuple(self._domain(number, value) for value in self._strings(number, "domains", item.get("domains", [])))
        texts = {key: item[key].strip() for key in TEXTS if key in item}
        return OutletEntry(**texts, spellings=self._strings(number, "spellings", item.get("spellings", [])), domains=domains, wire=wire)

    def _strings(self, number: int | None, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._wrong(number, f'{key} must be a list, as in {key} = ["...", "..."]')
        return tuple(self._string(number, key, item) for item in value)

    def _string(self, number: int | None, key: str, value: object) -> str:
        if not isinstance(value, str):
            self._wrong(number, f'{key} must be text in quotation marks, as in "..."; it is {_shown(value)}')
        value = value.strip()
        if not value or len(value) > LONGEST_VALUE or not value.isprintable() or not spelling(value):
            self._wrong(
                number, f"{key}: “{_shown(value)}” is empty, too long or has characters that cannot be shown; leave out what is unknown"
            )
        return value

    def _domain(self, number: int, value: str) -> str:
        domain = re.sub(r"^https?://|/$", "", value.lower()).removeprefix("www.").rstrip(".")
        try:
            domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        except UnicodeError:
            domain = ""
        if not HOST.fullmatch(domain):
            self._wrong(number, f"domains: “{_shown(value)}” is not a domain; write it as in harbour-post.example, without a path")
        if PUBLIC.fullmatch(domain):
            self._wrong(number, f"domains: “{_shown(value)}” is shared by a whole country; write the outlet's own, as in example.{domain}")
        return domain

    def _each_once(self, entries: tuple[OutletEntry, ...]) -> None:
        names: dict[str, int] = {}
        domains: dict[str, int] = {}
        for number, entry in enumerate(entries):
            for kind, seen, keys in (("name", names, (spelling(entry.name),)), ("domain", domains, dict.fromkeys(entry.domains))):
                for key in keys:
                    if key in seen:
                        first = f"“{entries[seen[key]].name}”{self._at(seen[key])}"
                        self._wrong(
                            number,
                            f"the {kind} {_shown(entry.name if kind == 'name' else key)} stands already under {first}; keep one of the two",
                        )
                    seen[key] = number

    def _at(self, number: int) -> str:
        return f" (line {self._lines[number]})" if number < len(self._lines) else ""

    def _wrong(self, number: int | None, what: str) -> NoReturn:
        """Raises OutletsFileError. `number` is the entry's; the line is that of its header, as far as it can be told."""
        line = ""
        if number is not None:
            line = f", line {self._lines[number]}" if number < len(self._lines) else f", outlet {number + 1}"
        elif key := re.match(r"“(.+?)”|(\w+)", what):
            found = re.search(rf"^[ \t\[\"']*{re.escape(key[1] or key[2])}\b", self._text, re.MULTILINE)
            line = f", line {self._text.count(chr(10), 0, found.start()) + 1}" if found else ""
        raise OutletsFileError(f"{self._path}{line}: {what}")


def _shown(value: object) -> str:
    text = "".join(character if character.isprintable() else "?" for character in str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"


@cache
def shipped() -> OutletsFile:
    return read_outlets_file(SHIPPED, SHIPPED.read_bytes())


def facts(entry: OutletEntry | None) -> Iterator[tuple[str, str | bool | None]]:
    """Country, owner, funding, language and wire; None for what is unknown."""
    return ((key, getattr(entry, key, None)) for key in (*TEXTS[1:], "wire"))

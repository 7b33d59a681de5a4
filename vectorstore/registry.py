"""The outlet registry: which names and domains are one outlet's, and what is known of it. Never a judgement.

A name that two entries claim, or that is listed as ambiguous, is no outlet's unless the article's own address decides: to leave two
spellings apart is a nuisance, to credit the wrong outlet is a lie. What the user's file says goes before what ships.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from vectorstore.article import REGISTRY, UNKNOWN, Article, Field
from vectorstore.registry_file import OWN, SHIPPED, OutletEntry, OutletsFile, file_bytes, read_outlets_file, shipped, spelling

# Counted up when the rules below change, so that libraries are brought up to date.
RULES = "1"
# What feeds add to an outlet's name for a part of it: "Harbour Post (Opinion)", "Harbour Post - World News". Place names are not here:
# "The Guardian (Nigeria)" is another outlet than "The Guardian".
SECTION_WORDS = frozenset(
    "and art arts blog blogs books breaking business climate culture economy editorial editorials education entertainment environment "
    "feed feeds film finance food front headlines health home homepage latest life lifestyle market markets media money music news "
    "of online opinion opinions page politics print rss science society sport sports stories style tech technology top travel tv video "
    "videos web website weekend world".split()
)
PART = re.compile(r"(?P<head>.+?)(?: [-–—] |\s*[|:] ?| ?\((?=[^()]*\)$))(?P<tail>[^()]+)\)?")
DOMAIN = re.compile(r"(?:https?://)?([\w-]+(?:\.[\w-]+)+)/?", re.ASCII | re.IGNORECASE)


def host_of(url: str) -> str:
    """The host of an address, or ""."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


class Registry:
    """`files` in the order of precedence. Nothing is looked up: everything comes from the files given."""

    def __init__(self, files: Sequence[OutletsFile] = (), digest: str = ""):
        self.digest = digest
        self.entries = tuple(_merged(files))
        self._of_domain = {domain: entry for file in reversed(files) for entry in self._latest(file) for domain in entry.domains}
        self._claims: dict[str, tuple[OutletEntry, ...]] = {}
        for file in reversed(files):
            claims: dict[str, dict[str, OutletEntry]] = {}
            for own, entry in zip(file.entries, self._latest(file), strict=True):
                for name in (own.name, *own.spellings):
                    claims.setdefault(spelling(name), {})[entry.name] = entry
            self._claims |= {key: tuple(entries.values()) for key, entries in claims.items()}
        self._ambiguous = self._listed_as_ambiguous(files)
        self.labels = {entry.name: self._label(entry) for entry in self.entries}
        self._labelled = {self.labels[entry.name]: entry for entry in self.entries}

    def _latest(self, file: OutletsFile) -> list[OutletEntry]:
        """The file's entries with what the other files add to them."""
        by_name = {spelling(entry.name): entry for entry in self.entries}
        return [by_name[spelling(entry.name)] for entry in file.entries]

    @staticmethod
    def _listed_as_ambiguous(files: Sequence[OutletsFile]) -> frozenset[str]:
        """A name that a file lists is ambiguous, unless a file before it says whose it is."""
        found: set[str] = set()
        for file in reversed(files):
            found -= {spelling(name) for entry in file.entries for name in (entry.name, *entry.spellings)}
            found |= {spelling(name) for name in file.ambiguous}
        return frozenset(found)

    def _label(self, entry: OutletEntry) -> str:
        """How the entry is shown: its name, with its domain where the name alone could be another's."""
        if self.of_name(entry.name) is entry:
            return entry.name
        return f"{entry.name} ({next(iter((*entry.domains, *entry.spellings, entry.country or 'in the registry')))})"

    @classmethod
    def open(cls, folder: Path | None) -> Registry:
        """What ships, under the outlets.toml in a library's folder. Raises OutletsFileError."""
        data = b"" if folder is None else file_bytes(folder / OWN)
        own = [read_outlets_file(folder / OWN, data)] if folder and data else []
        return cls([*own, shipped()], _digest(data))

    def claiming(self, name: str) -> tuple[OutletEntry, ...]:
        """Every entry that has this name or spelling, also where it is ambiguous."""
        return self._claims.get(spelling(name), ())

    def of_name(self, name: str) -> OutletEntry | None:
        """The only entry that a name can mean; a domain is a name too. A part of an outlet ("- Business") counts as the outlet."""
        if claims := self.claiming(name):
            return claims[0] if len(claims) == 1 and spelling(name) not in self._ambiguous else None
        if domain := DOMAIN.fullmatch(name.strip()):
            return self.of_host(domain[1])
        part = PART.fullmatch(name.strip())
        tail = set(re.findall(r"\w+", part["tail"].lower())) if part else set()
        return self.of_name(part["head"]) if part and tail and tail <= SECTION_WORDS else None

    def of_host(self, host: str) -> OutletEntry | None:
        """The entry whose domain this is, or is above it: edition.harbour-post.example is harbour-post.example's."""
        labels = host.lower().rstrip(".").split(".")
        parents = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self._of_domain[domain] for domain in parents if domain in self._of_domain), None)

    def labelled(self, label: str | None) -> OutletEntry | None:
        """The entry that is shown under this name."""
        return self._labelled.get(label or "")

    def spellings_of(self, label: str) -> tuple[str, ...]:
        """Every name of the outlet that is shown under this one."""
        entry = self._labelled.get(label)
        return (entry.name, *entry.spellings) if entry else ()

    def wires(self) -> dict[str, str]:
        """Agencies, by every spelling (`registry_file.spelling`) that can mean nobody else."""
        agencies = (entry for entry in self.entries if entry.wire)
        return {
            spelling(name): self.labels[entry.name]
            for entry in agencies
            for name in (entry.name, *entry.spellings)
            if self.of_name(name) is entry
        }

    def outlet_of(self, written: str, url: str | None) -> OutletEntry | None:
        """Whose article this is, by the name it gives and, where that name is several outlets', by its address."""
        there = self.of_host(host_of(url)) if url else None
        if there is not None:
            heads = (written, *(part["head"] for part in [PART.fullmatch(written.strip())] if part))
            if any(there in self.claiming(head) for head in heads):
                return there
        return self.of_name(written)

    def resolved(self, article: Article) -> Article:
        """The article under the outlet's name in the registry, with the name as it was written kept beside it.

        Without a name, the outlet is the one whose domain the address has. What the registry doesn't know stays as it is.
        """
        written = article.written_outlet
        if written is None:
            entry = self.of_host(host_of(article.url.value)) if article.url.value else None
            found = Field(self.labels[entry.name], "found", f"{REGISTRY}{host_of(article.url.value or '').lower()}") if entry else UNKNOWN
            return article if found == article.outlet else replace(article, outlet=found)
        entry = self.outlet_of(written, article.url.value)
        label = self.labels[entry.name] if entry else written
        return named(article, label)


def named(article: Article, label: str) -> Article:
    """The article with its outlet shown as `label`; its identity stays that of the name as written."""
    written = article.written_outlet
    kept = None if written == label else written
    if article.outlet.value == label and article.outlet_written == kept:
        return article
    return replace(article, outlet=replace(article.outlet, value=label), outlet_written=kept)


@cache
def shipped_wires() -> dict[str, str]:
    return Registry.open(None).wires()


def registry_digest(folder: Path | None) -> str:
    """Of both files and of the rules, to know whether a library was filled with the same. Raises OutletsFileError."""
    return _digest(b"" if folder is None else file_bytes(folder / OWN))


def _digest(own: bytes) -> str:
    parts = (RULES.encode(), SHIPPED.read_bytes(), own)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _merged(files: Sequence[OutletsFile]) -> Iterator[OutletEntry]:
    """Each outlet once: what an earlier file says of it goes before what a later one says."""
    found: dict[str, OutletEntry] = {}
    for file in files:
        for entry in file.entries:
            key = spelling(entry.name)
            found[key] = found[key].with_facts_of(entry) if key in found else entry
    return iter(found.values())

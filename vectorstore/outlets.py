"""The outlets of one library: each article under its outlet's one name, and a held outlet under any name that a user gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.article import Article
from vectorstore.catalog import Catalog
from vectorstore.readers import Read
from vectorstore.registry import Registry, named
from vectorstore.registry_file import spelling

# In the catalog's meta: the digest of the registry that the outlets were last named by.
REGISTRY_USED = "outlets"
LONGEST_ACRONYM = 5
# Name, name as written, language, articles, first day, last day.
HeldRow = tuple[str | None, str | None, str | None, int, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet held, with its articles' first and last day; the name of articles without one is None.

    `spellings` are the other names under which its articles came, `languages` how many articles are in which (None: unknown).
    """

    name: str | None
    articles: int
    first: date | None
    last: date | None
    spellings: tuple[str, ...] = ()
    languages: Mapping[str | None, int] | None = None


def outlets_held(rows: Iterable[HeldRow]) -> list[Outlet]:
    """In the order of names, the articles without an outlet last."""
    found: dict[str | None, list[HeldRow]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    outlets = []
    for name, parts in found.items():
        languages: dict[str | None, int] = {}
        for row in sorted(parts, key=lambda row: row[2] or "~"):
            languages[row[2]] = languages.get(row[2], 0) + row[3]
        first = min((row[4] for row in parts if row[4]), default=None)
        last = max((row[5] for row in parts if row[5]), default=None)
        outlets.append(
            Outlet(
                name,
                sum(row[3] for row in parts),
                date.fromisoformat(first) if first else None,
                date.fromisoformat(last) if last else None,
                tuple(sorted({row[1] for row in parts if row[1] and row[1] != name})),
                languages,
            )
        )
    return sorted(outlets, key=lambda outlet: (outlet.name is None, (outlet.name or "").lower(), outlet.name or ""))


def alike(name: str) -> str:
    """By which two names that the registry doesn't know are one: capitals, blanks and "The" before two words make no difference.

    No more than that: whether "Lissen Standard Online" is the Lissen Standard, the user's outlets.toml says.
    """
    words = name.casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 2 else words)


def fullest(spellings: Iterable[str]) -> str:
    """Which of several spellings is shown, whatever their order: capitals as in a name, with "The", then by the alphabet."""
    return min(spellings, key=lambda name: (name.isupper() or name.islower(), not name.startswith("The "), name))


class OutletNames:
    """Names articles' outlets by the registry, and those that it doesn't know by what the library holds already."""

    def __init__(self, registry: Registry, catalog: Catalog):
        self.registry, self._catalog = registry, catalog
        self._unknown: dict[str, set[str]] | None = None
        # Set when an article came whose spelling is shown from now on in place of those stored.
        self.outdated = False

    def named(self, article: Article) -> Article:
        article = self.registry.resolved(article)
        written = article.written_outlet
        if written is None or self.registry.outlet_of(written, article.url.value):
            return article
        if self._unknown is None:
            self._unknown = {}
            for name in self._catalog.outlets_written():
                self._unknown.setdefault(alike(name), set()).add(name)
        held = self._unknown.setdefault(alike(written), set())
        if written not in held:
            before = fullest(held) if held else None
            held.add(written)
            self.outdated = self.outdated or before not in (None, fullest(held))
        return named(article, fullest(held))

    def again(self, reads: Sequence[Read]) -> list[Read]:
        """Read before, and named by all that came since."""
        return [Read(self.named(read.article), read.path, read.line) for read in reads]

    def settle(self) -> int:
        """Names the outlets of all that is stored anew, inside the caller's transaction. Returns how many versions changed.

        Identities stay: they rest on the names as written.
        """
        texts: set[str] = set()
        changed = 0
        for number, text_id, article in self._catalog.versions_without_text():
            new = self.named(article)
            if new != article:
                self._catalog.rename(number, new)
                texts.add(text_id)
                changed += 1
        for text_id in sorted(texts):
            self._catalog.retitle(text_id)
        self.outdated = False
        return changed


class HeldOutlets:
    """Which outlets held a name can mean, for `--outlet` and for questions."""

    def __init__(self, outlets: Iterable[Outlet], registry: Registry):
        self.registry = registry
        self.names: dict[str, tuple[str, ...]] = {
            outlet.name: tuple(dict.fromkeys((outlet.name, *outlet.spellings, *registry.spellings_of(outlet.name))))
            for outlet in outlets
            if outlet.name
        }
        self._by_spelling: dict[str, list[str]] = {}
        for held, names in self.names.items():
            for key in dict.fromkeys(map(spelling, names)):
                self._by_spelling.setdefault(key, []).append(held)

    @classmethod
    def of(cls, names: Iterable[str], registry: Registry | None = None) -> HeldOutlets:
        """Outlets of these names, without a library."""
        return cls([Outlet(name, 1, None, None) for name in names], registry or Registry())

    def meant(self, name: str) -> tuple[str, ...]:
        """Itself if it is held so; else each outlet held that has this spelling or domain."""
        if name in self.names:
            return (name,)
        without = name[4:] if name.lower().startswith("the ") else name
        for written in (name, without):
            if found := self._by_spelling.get(spelling(written)):
                return tuple(found)
            entry = self.registry.of_name(written)
            if entry and (label := self.registry.labels[entry.name]) in self.names:
                return (label,)
        return ()

    def known(self, name: str) -> bool:
        """Whether a name in a sentence is one that the registry has for an outlet, held or not, ambiguous or not. Capitals count
        where the name is short and all capitals: "SANA" is an agency, "Sana" a person."""
        without = name[4:] if name.lower().startswith("the ") else name
        return any(
            spelling(known) == spelling(each) and (each.isupper() or not is_acronym(known))
            for each in (name, without)
            for entry in self.registry.claiming(each)
            for known in (entry.name, *entry.spellings)
        )


def is_acronym(name: str) -> bool:
    return name.isupper() and len(name) <= LONGEST_ACRONYM


def take_up(registry: Registry, catalog: Catalog) -> list[str]:
    """Names the outlets of all that is stored anew if they were named by another registry, all or none. Returns what to tell."""
    used, stored = catalog.meta(REGISTRY_USED), catalog.last_version()
    if used == registry.digest or (used is None and not stored):
        return []
    with catalog.transaction():
        changed = OutletNames(registry, catalog).settle()
        catalog.set_meta(REGISTRY_USED, registry.digest)
        catalog.note("outlets named", f"{changed} of {stored} versions changed")
    return [f"the outlet registry has changed: {changed} stored articles are shown under another outlet now"] if changed else []

"""Outlets for people and for programs: what is held of each, and what the registry says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.render.escape import one_line
from agent.wording import count, some_of
from vectorstore.library import Outlet
from vectorstore.registry import Registry
from vectorstore.registry_file import OWN, facts

SPELLINGS_SHOWN = 8


def outlet_lines(outlets: Sequence[Outlet], registry: Registry) -> Iterator[str]:
    """A line for what is held of each outlet, and one for what is known of it. What is unknown is said once, at the end."""
    lacking: list[str] = []
    for outlet in outlets:
        name = one_line(outlet.name) if outlet.name else "outlet unknown"
        languages = f", {languages_in_words(outlet.languages)}" if outlet.languages else ""
        yield f"{name}: {count(outlet.articles, 'article')}, {_days(outlet)}{languages}"
        entry = registry.labelled(outlet.name)
        if outlet.spellings:
            yield f"    also written {some_of([one_line(name) for name in outlet.spellings], SPELLINGS_SHOWN)}"
        known = {key: value for key, value in facts(entry) if value is not None}
        parts = [*([", ".join(entry.domains)] if entry and entry.domains else []), *(_fact(key, value) for key, value in known.items())]
        if parts:
            yield f"    {one_line(' · '.join(filter(None, parts)))}"
        if outlet.name and len(known) < len(list(facts(entry))):
            lacking.append(outlet.name)
    if lacking:
        some = f"some facts of {count(len(lacking), 'outlet')} are unknown"
        yield f"What is not shown is unknown: {some}. An {OWN} in the library's folder can say them."
    if not outlets:
        yield "the library holds no articles"


def _days(outlet: Outlet) -> str:
    if outlet.first is None or outlet.last is None:
        return "no dates known"
    return str(outlet.first) if outlet.first == outlet.last else f"{outlet.first} to {outlet.last}"


def _fact(key: str, value: str | bool) -> str:
    if key == "wire":
        return "news agency" if value else "no news agency"
    return str(value) if key == "country" else f"{key}: {value}"


def languages_in_words(languages: Mapping[str | None, int]) -> str:
    """As in "en" or "7 en, 1 fr, 1 language unknown"."""
    names = [code or "language unknown" for code in languages]
    return names[0] if len(names) == 1 else ", ".join(f"{number} {name}" for name, number in zip(names, languages.values(), strict=True))


def outlet_values(outlet: Outlet, registry: Registry) -> dict[str, Any]:
    """Every field; null is unknown."""
    entry = registry.labelled(outlet.name)
    return {
        "outlet": outlet.name,
        "articles": outlet.articles,
        "first": outlet.first.isoformat() if outlet.first else None,
        "last": outlet.last.isoformat() if outlet.last else None,
        "languages": {code or "unknown": number for code, number in (outlet.languages or {}).items()},
        "written": list(outlet.spellings),
        "registered": entry is not None,
        "spellings": list(entry.spellings) if entry else [],
        "domains": list(entry.domains) if entry else [],
        **dict(facts(entry)),
    }

"""Where a computed sentence stands in a brief's file, and the functions that know what its inputs must follow from, by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.brief_file import ArticlePart, BriefFile, CitationPart, ComputedPart, FindingPart
from agent.findings import UNKNOWN


@dataclass(frozen=True, slots=True)
class Held:
    """The articles that a brief lists, by id."""

    articles: dict[str, ArticlePart]

    @classmethod
    def of(cls, file: BriefFile) -> Held:
        return cls({part.article_id: part for part in file.articles})

    def origin(self, citation: CitationPart) -> str:
        part = self.articles.get(citation.article_id)
        return part.origin if part else citation.article_id


@dataclass(frozen=True, slots=True)
class Place:
    """A computed sentence and what stands around it."""

    file: BriefFile
    held: Held
    one: ComputedPart
    finding: FindingPart | None = None
    section: Sequence[FindingPart] = ()

    def outlets(self, citations: Sequence[CitationPart]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(citation.outlet or UNKNOWN for citation in citations))

    @property
    def details(self) -> list[CitationPart]:
        return [citation for quote in (self.finding.details if self.finding else ()) for citation in quote.citations]

    @property
    def spoken(self) -> list[CitationPart]:
        """What the finding reports itself, before its details."""
        statements = self.finding.statements if self.finding else ()
        return [citation for one in statements if one.kind == "reported" for citation in one.citations]

    @property
    def compared(self) -> list[ArticlePart]:
        return [part for part in self.file.articles if part.compared]


Follows = Callable[..., Iterator[str]]
FOLLOWS: dict[str, Follows] = {}


def follows(function: Follows) -> Follows:
    FOLLOWS[function.__name__] = function
    return function


def differs(name: str, said: Any, found: Any) -> Iterator[str]:
    if said != found:
        yield f"{name}: it says {_shown(said)}, and the brief's own articles and quotes give {_shown(found)}"


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def unlisted(place: Place, names: Sequence[str]) -> Iterator[str]:
    held = {part.outlet for part in place.file.articles}
    yield from (f"no article of {name} is listed" for name in names if name != UNKNOWN and name not in held)

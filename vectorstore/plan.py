"""A search plan: what a question asks for, part by part. Whoever reads questions builds it; the library carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for: the words to find, the outlets that are said to print it (none: all those of the plan), and the days on
    which it is said to be published. Outlets limit what is searched; a day only counts for an article, as people mistake days."""

    words: str
    outlets: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """`outlets` are all that the question names (none: the whole library). With `spread`, every outlet's best comes before any
    outlet's second one: for a contrast between outlets that are not named."""

    question: str
    parts: tuple[Part, ...]
    outlets: frozenset[str] = frozenset()
    spread: bool = False

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a plan has at least one part")

    @classmethod
    def whole(cls, question: str) -> SearchPlan:
        """The question as one part, of every outlet."""
        return cls(question, (Part(question),))

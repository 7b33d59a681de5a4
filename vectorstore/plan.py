"""A search plan: what a question asks for, part by part. Whoever reads questions builds it; the library carries it out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

# What stands in quotation marks: a headline, a name, words that somebody used. An apostrophe inside a word opens none.
QUOTED = re.compile(r"(?<!\w)[‘'\"“](?=\S)[^'\"“”‘’]{2,120}?(?<=\S)['’\"”](?!\w)")
# Of fewer words, what is quoted is rather a name than a headline.
LEAST_WORDS_OF_TITLE = 3
MOST_WORDS_OF_TITLE = 20


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
    outlet's second one: for a contrast between outlets that are not named. `since` and `until` are the first and the last day that it
    limits itself to, both included, and `said` is how its words on time were understood."""

    question: str
    parts: tuple[Part, ...]
    outlets: frozenset[str] = frozenset()
    spread: bool = False
    since: date | None = None
    until: date | None = None
    said: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a plan has at least one part")

    def of_outlet(self, outlet: str) -> SearchPlan:
        """What one outlet is searched for: its own parts of the question, and those that are of no outlet."""
        own = tuple(part for part in self.parts if not part.outlets or outlet in part.outlets)
        return replace(self, parts=own or self.parts, outlets=frozenset((outlet,)))

    @classmethod
    def whole(cls, question: str) -> SearchPlan:
        """The question as one part, of every outlet."""
        return cls(question, (Part(question),))

    @property
    def headlines(self) -> tuple[str, ...]:
        """What may be a headline: what the question quotes, and a short question itself."""
        found = [words for match in QUOTED.finditer(self.question) if len((words := match[0][1:-1]).split()) >= LEAST_WORDS_OF_TITLE]
        if 1 < len(self.question.split()) <= MOST_WORDS_OF_TITLE:
            found.append(self.question)
        return tuple(dict.fromkeys(found))

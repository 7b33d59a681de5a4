"""The values of a comparison that a renderer needs: findings, the outlets' positions on each claim, and the ledgers. All are frozen.

What is said in sentences stands in findings, and passes the gate. The tables hold the same in cells: names, numbers, and citations, whose
quotes are verbatim. An outlet is None where it is not known. Nothing here is a verdict on an outlet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

from agent.comparing.doers import Doer
from agent.reading.force import Force
from agent.reading.placement import Placement
from agent.reading.sources import SourceType
from agent.statement import Citation, Computed, Fixed, Reported, Statement

Cell = Literal["asserts", "attributes", "hedges", "denies", "differs", "silent", "unclear", "not held"]


@dataclass(frozen=True, slots=True)
class Why:
    """What a finding rests on: the rule in words, the scores that decided with their limits, and the sentences they are of."""

    rule: Fixed
    scores: tuple[Computed, ...] = ()
    sentences: tuple[Reported, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a line of the brief says, in statements, and the quotes that belong under it. `finding_id` is short and the same whenever the
    same sentences give the same kind of finding."""

    statements: tuple[Statement, ...]
    details: tuple[Reported, ...] = ()
    finding_id: str = ""
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """How a sentence words something done to somebody: `words` are the verb and its doer as they stand there."""

    verb: str
    doer: Doer
    words: Citation


@dataclass(frozen=True, slots=True)
class Position:
    """How one article stands to a claim, on whose word, in which words, and where in the article.

    `cue` is the word that attributes ("claimed"), `force` what it adds to "said". `published` is the ISO day or moment.
    """

    article_id: str
    outlet: str | None
    published: str | None
    cell: Cell
    sentences: tuple[Reported, ...]
    source: str | None
    source_type: SourceType | None
    cue: Citation | None
    force: Force | None
    act: Act | None
    place: Placement


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the matrix: a cell for each outlet, in the order of the matrix, with the words it rests on, and the articles that make
    the claim."""

    claim: Reported
    cells: tuple[Cell, ...]
    quotes: tuple[tuple[Reported, ...], ...]
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeCell:
    """Words an outlet quotes of sources of one type (`words`, and `share` of all it quotes of clear speakers, in percent), and how often
    it gives their word without quoting (`told`)."""

    outlet: str
    words: int
    share: int
    told: int


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of source, with a cell for each outlet of the ledger in its order."""

    source_type: SourceType
    words: int
    cells: tuple[TypeCell, ...]


@dataclass(frozen=True, slots=True)
class VoiceCell:
    """What one outlet quotes of one speaker, and with which cues."""

    outlet: str
    words: int
    forces: tuple[Force, ...]
    quotes: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """A speaker, by the fullest name found. `absent` are the outlets in whose articles held here the name was not found."""

    speaker: str
    source_type: SourceType
    described: Citation | None
    words: int
    cells: tuple[VoiceCell, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Who gets to speak. Words of copies count for each outlet that prints them, and once in the sums of a row."""

    outlets: tuple[str, ...] = ()
    types: tuple[TypeRow, ...] = ()
    voices: tuple[VoiceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class NameCell:
    """What an outlet calls something: `uses` of the word in its articles held here, `rate` in each thousand of its words, `scare` where
    it stands in scare quotes, and the places."""

    outlet: str | None
    label: str
    uses: int
    rate: float
    scare: bool
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class NameRow:
    subject: str
    cells: tuple[NameCell, ...]


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word that an outlet uses much more than the others: log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn,
    "Fightin' Words", 2008), `z` its distance from zero in standard deviations."""

    outlet: str
    word: str
    uses: int
    of_words: int
    elsewhere: int
    of_words_elsewhere: int
    z: float
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class LoadedRow:
    """Words of an outlet to look at. No score and no label: each word stands in its sentence for the reader to judge."""

    outlet: str | None
    places: tuple[Citation, ...]
    sentences: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    article_id: str
    outlet: str | None
    title: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`what` is "first", "followed", "changed" (an earlier version, which is cited, had other figures) or "dropped" (the present one lacks
    it; the earlier one is cited)."""

    published: str
    outlet: str | None
    what: Literal["first", "followed", "changed", "dropped"]
    words: Citation


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Who had a claim when. `undated` are the outlets whose articles that make it have no known date."""

    claim: Reported
    entries: tuple[TimelineEntry, ...]
    undated: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A passage found for a silent outlet, and why it does not count."""

    passage: Reported
    why_not: Computed


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """A claim that others make, and one outlet in whose `articles` articles it was not found. `public` says whether it was out by then."""

    claim: Reported
    makers: tuple[str, ...]
    outlet: str
    articles: int
    passages: tuple[NearMiss, ...]
    public: Computed


@dataclass(frozen=True, slots=True)
class Tables:
    """The ledgers of a comparison."""

    sourcing: Sourcing = field(default_factory=Sourcing)
    naming: tuple[NameRow, ...] = ()
    words: tuple[WordRow, ...] = ()
    loaded: tuple[LoadedRow, ...] = ()
    headlines: tuple[Headline, ...] = ()
    timeline: tuple[TimelineRow, ...] = ()
    silences: tuple[SilenceRow, ...] = ()

    def citations(self) -> Iterator[Citation]:
        """Every citation in them, for the gate and for `verify`."""
        yield from citations_of(self)


def citations_of(value: Any) -> Iterator[Citation]:
    """Every citation in a value of this module, or in a tuple of them."""
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from citations_of(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from citations_of(getattr(value, part.name))

"""What was labelled by hand of an event's articles, and what a brief says of the same: one form for both, checked loudly.

All spans are `(start, end)` in the article's text, articles are named by label.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from agent.reading import Stance
from eval.articles import InvalidData, LabelledArticles
from eval.case import Split, json_rows, parsed

# Longer spans would touch anything.
LONGEST_SIDE, LONGEST_LABEL = 400, 100
# A full stop, any closing marks, and a blank, at the end of what is searched.
SENTENCE_END = re.compile(r"[.!?…][”’\"')]*\s\Z")
Thing = TypeVar("Thing", bound=Hashable)
ConflictClass = Literal["number", "date", "place", "person", "cause", "order", "attribution", "characterisation", "other"]
Relation = Literal["conflict", "scope", "update"]


class Span(NamedTuple):
    start: int
    end: int


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """A span of an article."""

    article: str
    span: Span


class Position(_Strict):
    """The sentences with which an article makes a claim."""

    spans: tuple[Span, ...] = Field(min_length=1)
    stance: Stance | None = None
    source: str | None = None


class Claim(_Strict):
    gist: str = ""
    positions: dict[str, Position] = Field(min_length=1)


class Conflict(_Strict):
    gist: str = ""
    kind: ConflictClass | None = Field(default=None, alias="class")
    relation: Relation | None = None
    sides: tuple[Place, ...] = Field(min_length=2)


class Naming(_Strict):
    entity: str = ""
    labels: tuple[Place, ...] = Field(min_length=1)


class Exclusive(Place):
    gist: str = ""


class Silence(_Strict):
    """A point that some articles report and others do not. `gist` is words for it; a prediction may give its sentences there."""

    gist: str = Field(min_length=1)
    reported_by: tuple[str, ...] = Field(min_length=1)
    silent: tuple[str, ...] = Field(min_length=1)


class Voice(_Strict):
    """A speaker and his words in quotation marks."""

    speaker: str | None
    quotes: dict[str, tuple[Span, ...]] = Field(min_length=1)


class Origin(_Strict):
    """Articles that descend from one text."""

    origin: str = ""
    articles: tuple[str, ...] = Field(min_length=1)


class Labels(_Strict):
    """What is said of one event: by the annotator, or by a brief."""

    event: str = Field(min_length=1)
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    naming: tuple[Naming, ...] = ()
    scare: tuple[Place, ...] = ()
    silence: tuple[Silence, ...] = ()
    voices: tuple[Voice, ...] = ()
    origins: tuple[Origin, ...] = ()


class Annotated(_Strict):
    text_id: str
    sentences: tuple[Span, ...] = Field(min_length=1)


class GoldEvent(Labels):
    title: str = Field(min_length=1)
    role: Split
    articles: dict[str, Annotated] = Field(min_length=2)
    claims: tuple[Claim, ...] = Field(min_length=1)
    origins: tuple[Origin, ...] = Field(min_length=1)
    exclusive: tuple[Exclusive, ...] = ()
    copies: tuple[tuple[str, str, Literal["exact", "edited", "rewritten"]], ...] = ()
    injection: tuple[Place, ...] = ()


class Gold(NamedTuple):
    name: str
    events: tuple[GoldEvent, ...]
    digest: str


def load_gold(path: Path, articles: LabelledArticles) -> Gold:
    """Raises InvalidData, naming file and line, for the first label that cannot be right."""
    events: list[GoldEvent] = []
    for line, row in json_rows(path):
        where = f"{path.name}, line {line}"
        event = parsed(GoldEvent, row, where)
        if any(event.event == other.event for other in events):
            raise InvalidData(f"{where}: the event {event.event} stands in an earlier line; join the two or rename one")
        for fault in event_faults(event, articles):
            raise InvalidData(f"{where}: {event.event}: {fault}")
        events.append(event)
    return Gold(path.name, tuple(events), hashlib.sha256(path.read_bytes()).hexdigest())


def event_faults(event: GoldEvent, articles: LabelledArticles) -> Iterator[str]:
    """What cannot be right about the labels of an event, as sentences that say what to do."""
    of_event = {label for label in articles.by_label if label.rpartition("-")[0] == event.event}
    for label in sorted(of_event - set(event.articles)):
        yield f"the article {label} of this event is not labelled; label it or rename it"
    for label in event.articles:
        if label not in articles.by_label:
            yield f"there is no article {label}; remove its labels or bring the article back"
            return
    for label, annotated in event.articles.items():
        yield from _article_faults(label, annotated, articles)
    for label in sorted({label for label in _labels_named(event) if label not in event.articles}):
        yield f"{label} is not among the event's articles; correct the label"
        return
    yield from _span_faults(event, articles)
    yield from _claim_faults(event, articles)
    yield from _list_faults(event)


def _article_faults(label: str, annotated: Annotated, articles: LabelledArticles) -> Iterator[str]:
    text = articles.by_label[label].text
    if annotated.text_id != articles.by_label[label].text_id:
        yield f"the text of {label} is not the one that was labelled; bring that text back, or label the new one and set its text_id"
        return
    end = 0
    for span in annotated.sentences:
        if not (end <= span.start < span.end <= len(text)) or text[span.start : span.end] != text[span.start : span.end].strip():
            yield f"{label}: {list(span)} is no sentence after the one that ends at {end}; correct the sentences"
            return
        if text[end : span.start].strip():
            yield f"{label}: the words between {end} and {span.start} are in no sentence; correct the sentences"
            return
        end = span.end
    if text[end:].strip():
        yield f"{label}: the words after {end} are in no sentence; correct the sentences"


def places(labels: Labels) -> Iterator[tuple[str, str, Span, int | None]]:
    """(kind, article, span, longest) of every span but those of claims and exclusives."""
    for conflict in labels.conflicts:
        yield from (("conflict", side.article, side.span, LONGEST_SIDE) for side in conflict.sides)
    for naming in labels.naming:
        yield from (("name", label.article, label.span, LONGEST_LABEL) for label in naming.labels)
    yield from (("scare quote", place.article, place.span, LONGEST_LABEL) for place in labels.scare)
    for voice in labels.voices:
        yield from (("quote", article, span, None) for article, spans in voice.quotes.items() for span in spans)


def _labels_named(event: GoldEvent) -> Iterator[str]:
    yield from chain.from_iterable(claim.positions for claim in event.claims)
    yield from (article for _, article, _, _ in places(event))
    yield from (place.article for place in (*event.exclusive, *event.injection))
    yield from chain.from_iterable((*point.reported_by, *point.silent) for point in event.silence)
    yield from chain.from_iterable(origin.articles for origin in event.origins)
    yield from chain.from_iterable(pair[:2] for pair in event.copies)


def _span_faults(event: GoldEvent, articles: LabelledArticles) -> Iterator[str]:
    spans = chain(places(event), (("injection", place.article, place.span, None) for place in event.injection))
    for kind, label, span, longest in spans:
        text = articles.by_label[label].text
        if not 0 <= span.start < span.end <= len(text):
            yield f"{kind} {list(span)} lies outside {label} ({len(text)} characters); correct it"
        elif not text[span.start : span.end].strip():
            yield f"{kind} {list(span)} of {label} is blank; correct it"
        elif longest is not None and span.end - span.start > longest:
            yield f"{kind} {list(span)} of {label} is longer than {longest} characters; mark the words that matter"


def _claim_faults(event: GoldEvent, articles: LabelledArticles) -> Iterator[str]:
    spans = [(label, span) for claim in event.claims for label, position in claim.positions.items() for span in position.spans]
    spans += [(place.article, place.span) for place in event.exclusive]
    for label, span in spans:
        if not _of_whole_sentences(span, event.articles[label].sentences, articles.by_label[label].text):
            yield f"{list(span)} of {label} is not made of whole sentences; take their starts and ends"
    for gist in _twice(claim.gist for claim in event.claims):
        yield f"two claims have the gist {gist!r}; join or reword them"
    for claim in event.claims:
        if len(claim.positions) < 2:
            yield f"the claim {claim.gist!r} has one article; it belongs to exclusive"


def _of_whole_sentences(span: Span, sentences: Iterable[Span], text: str) -> bool:
    """Where a listed sentence is really two ("... says 4.1. At ..."), a label may end or start between them."""
    if not 0 <= span.start < span.end <= len(text):
        return False
    listed = tuple(sentences)
    starts = span.start in {s.start for s in listed} or SENTENCE_END.search(text[max(0, span.start - 8) : span.start]) is not None
    ends = span.end in {s.end for s in listed} or SENTENCE_END.search(text[max(0, span.end - 8) : span.end + 1]) is not None
    return starts and ends


def _list_faults(event: GoldEvent) -> Iterator[str]:
    for point in event.silence:
        if both := set(point.reported_by) & set(point.silent):
            yield f"{', '.join(sorted(both))} both reports and is silent on {point.gist!r}; choose one"
    members = Counter(chain.from_iterable(origin.articles for origin in event.origins))
    for label in event.articles:
        if members[label] != 1:
            yield f"{label} stands in {members[label]} origins; every article has one"
    origin_of = {label: number for number, origin in enumerate(event.origins) for label in origin.articles}
    for first, second, kind in event.copies:
        if origin_of[first] != origin_of[second]:
            yield f"{first} and {second} are {kind} copies of different origins; correct one of the two"
    for place in _twice((place.article, place.span) for place in (*event.scare, *event.exclusive)):
        yield f"{place[0]} {list(place[1])} is marked twice; remove one"


def _twice(things: Iterable[Thing]) -> list[Thing]:
    return [thing for thing, times in Counter(things).items() if times > 1]

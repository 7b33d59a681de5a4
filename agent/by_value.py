"""Which value each outlet gives for what a question counts: the answer's first lines where they differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from agent.near import NEAR
from agent.of_one_thing import ANYBODY, BEFORE_TOTAL, FATES, TOTAL, Asked, Value
from agent.question import Question
from agent.reading import Quantity, ReadSentence
from agent.reading.read import read
from agent.reading.words import PRONOUNS
from agent.statement import Citation, Statement
from agent.terms import terms
from agent.wording import computed, fixed
from vectorstore.model_files import ModelMissing
from vectorstore.origin import Origin

if TYPE_CHECKING:
    from agent.extractive import Candidate

# Words after a value, and before it, that say what it counts: "17 people were injured", "killing 17".
AFTER, BEFORE = 6, 2
# A part of what was counted, or somebody else's figure taken up: no value of the article's own.
PART = re.compile(r"[^.,;]{0,30}?\b(?:of (?:them|whom|those|these)|among them|alone|others?)\b", re.IGNORECASE)
TAKEN_UP = re.compile(r"\b(?:the|this|that|these|those)\s+$", re.IGNORECASE)
# What is measured is no answer to how many there were: "a 24-metre trawler", "9 percent of the strikers".
MEASURE = re.compile(
    r"(?:percent|%|(?:kilo|centi|milli)?met(?:re|er)s?|km|miles?|feet|foot|inch|yards?|tonnes?|tons?|kilos?|kg|lit(?:re|er)s?|acres?|hectares?"
    r"|second|minute|hour|day|week|month|year|dollar|euro|pound|crown|nautical|degree)(?:\b|$)",
    re.IGNORECASE,
)
# Share of the best sentence's score below which a sentence is about something else.
LEAST = 0.5
# At the head of a sentence these have a capital that is none of theirs.
PLAIN = re.compile(r"(?:The|A|An|Some|One|Both|Its|Their|His|Her)\s|[A-Z][a-z]+s$|Police$")
WORD = re.compile(r"[\w'’-]+")


def value_asked(question: Question, sentence: ReadSentence) -> Quantity | None:
    """The quantity that a sentence gives of what is asked for, if it gives one."""
    asked = set(question.focus) or set(question.terms) - set(terms(" ".join(question.names)))
    wanted = asked.union(*(NEAR.get(term, frozenset()) for term in asked))
    offset = sentence.span.start
    fates = FATES - wanted
    for number, quantity in enumerate(sentence.quantities):
        start, end = quantity.span.start - offset, quantity.span.end - offset
        others = sentence.quantities
        if question.counts and MEASURE.match(quantity.unit) and not set(terms(quantity.unit)) & set(question.terms):
            continue
        if TAKEN_UP.search(sentence.text[:start]) or PART.match(sentence.text[start:]):
            continue
        stop = others[number + 1].span.start - offset if number + 1 < len(others) else len(sentence.text)
        begin = others[number - 1].span.end - offset if number else 0
        following = WORD.findall(sentence.text[start:stop])[: AFTER + len(WORD.findall(sentence.text[start:end]))]
        leading = WORD.findall(sentence.text[begin:start])
        leading = leading[-BEFORE_TOTAL:] if TOTAL.search(" ".join(leading[-BEFORE_TOTAL:])) else leading[-BEFORE:]
        unit, around = set(terms(quantity.unit)), set(terms(" ".join([*leading, *following])))
        others_asked = (set(question.terms) - asked) & set(terms(sentence.text))
        if around & fates and not unit & (wanted - ANYBODY):
            continue
        # Another word for what is asked ("held" for "arrested") tells it of people; of anything else the sentence must be about it.
        if around & asked or (around & (wanted - ANYBODY) and (unit <= ANYBODY or others_asked)):
            return quantity
        # "800 people" are the crowd that is asked for if the sentence speaks of the same place.
        if unit & wanted and 2 * len(others_asked) >= len(set(question.terms) - asked) > 0:
            return quantity
    return None


def differing(
    question: Question, sound: Sequence[Candidate], origins: Sequence[Origin], events: Mapping[str, str]
) -> tuple[list[Statement], list[Candidate]]:
    """Who gives which value, the earliest first, and the sentences that this rests on; nothing where all give one value.

    Of an article the best sentence counts, and only articles of the event of the best one (`events` by article id): what another
    happening counted is no other value, nor is what counts another thing (agent/of_one_thing.py). "At least three" is another value
    than "three", "about 80" is none than 80.
    """
    if not question.wants_number:
        return [], []
    event: str | None = None
    best = max((item.score for item in sound), default=0.0)
    given: dict[str, list[Given]] = {}
    for item in sound:
        quantity = value_asked(question, item.sentence) if item.score >= LEAST * best else None
        if quantity is None or quantity.value is None or item.article.outlet.value is None:
            continue
        of_event = events.get(item.article.article_id)
        event = event or of_event
        if of_event == event:
            given.setdefault(item.article.article_id, []).append(Given(item, quantity))
    sides: dict[tuple[float, str], list[tuple[Candidate, Quantity]]] = {}
    if len({one.key for ones in given.values() for one in ones}) > 1:
        try:
            of_one_thing = _of_one_thing(question, given)
        except ModelMissing:
            # With another embedder nobody may have installed the parser: then the sentences are quoted, and no verdict is given.
            return [], []
        for one in of_one_thing:
            sides.setdefault(one.key, []).append((one.item, one.quantity))
    outlets = {item.article.outlet.value for side in sides.values() for item, _ in side}
    if len(sides) < 2 or len(outlets) < 2:
        return [], []
    origin_of = {article_id: origin.origin_id for origin in origins for article_id in origin.article_ids}
    ordered = sorted(sides.values(), key=lambda side: (_days(side)[0], side[0][1].value))
    statements: list[Statement] = [fixed("values_differ_in_time" if _one_after_the_other(ordered) else "values_differ")]
    statements += [_gives(side, origin_of) for side in ordered]
    return statements, [item for side in ordered for item in _each_origin_once(side, origin_of)]


@dataclass(frozen=True, slots=True)
class Given:
    """A value of what is asked, in a sentence that is about it."""

    item: Candidate
    quantity: Quantity

    @property
    def key(self) -> tuple[float, str]:
        return self.quantity.value or 0.0, self.quantity.modifier.replace("~", "")

    @property
    def value(self) -> Value:
        return Value(self.item.sentence, self.quantity)


def _of_one_thing(question: Question, given: Mapping[str, Sequence[Given]]) -> list[Given]:
    """Of each article (by id) its value, the best sentence's first, if it gives but one; of all values those that are of one thing, the
    most that there are."""
    asked = Asked.by(question)
    firsts: list[Given] = []
    for ones in given.values():
        answering = [one for one in ones if one.value.answers(asked)]
        if answering and not any(_rivals(one, answering[0]) for one in answering):
            firsts.append(answering[0])
    groups = []
    for seed in firsts:
        group = [seed]
        group += [one for one in firsts if one is not seed and all(_alike(one, other) for other in group)]
        amounts = {one.quantity.value for one in group}
        # An article that has two of the values knows them as two things, or tells of the dispute itself.
        groups.append([one for one in firsts if one in group and not _knows(one, amounts - {one.quantity.value}, asked)])
    largest = max(groups, key=len, default=[])
    return largest if any(not one.value.same_figure(other.value) for one, other in combinations(largest, 2)) else []


def _alike(one: Given, other: Given) -> bool:
    return one.value.of_one_thing(other.value)


def _rivals(one: Given, other: Given) -> bool:
    """Whether one article gives both of one kind of thing: then neither is its value."""
    return one.quantity.value != other.quantity.value and one.value.counted == other.value.counted and _alike(one, other)


def _knows(one: Given, amounts: Collection[float | None], asked: Asked) -> bool:
    """Whether its article gives one of these for the same thing anywhere."""
    held = (Value(sentence, quantity) for sentence in read(one.item.article).sentences for quantity in sentence.quantities)
    return any(value.quantity.value in amounts and value.answers(asked) and value.of_one_thing(one.value) for value in held)


def _gives(side: Sequence[tuple[Candidate, Quantity]], origin_of: Mapping[str, str]) -> Statement:
    item, quantity = side[0]
    given: dict[str, str] = {}
    for one, counted in side:
        given.setdefault(one.article.outlet.value or "", next(_sources(one, counted), ""))
    origins = {origin_of.get(one.article.article_id, one.article.article_id) for one, _ in side}
    start, end = quantity.span.start - item.sentence.span.start, quantity.span.end - item.sentence.span.start
    value = item.sentence.text[start:end]
    citations = [Citation.of(one.evidence, one.sentence.span.start, one.sentence.span.end) for one, _ in side]
    return computed("gives_value", value[:1].upper() + value[1:], len(origins), *given.items(), citations=citations)


def _sources(item: Candidate, quantity: Quantity) -> Iterator[str]:
    """On whose word the article gives it, in its own words."""
    for one in item.sentence.attributions:
        if any(part.start <= quantity.span.start < part.end for part in one.content):
            source = item.article.text[one.source.start : one.source.end]
            source = one.speaker if one.speaker and source.lower() in PRONOUNS else source
            opens = one.source.start == item.sentence.span.start
            yield source[:1].lower() + source[1:] if opens and PLAIN.match(source) else source


def _each_origin_once(side: Sequence[tuple[Candidate, Quantity]], origin_of: Mapping[str, str]) -> Iterator[Candidate]:
    seen: set[str] = set()
    for item, _ in side:
        origin = origin_of.get(item.article.article_id, item.article.article_id)
        if origin not in seen:
            seen.add(origin)
            yield item


def _days(side: Sequence[tuple[Candidate, Quantity]]) -> tuple[str, str]:
    """The first and the last day on which a value was printed; "~" for none known, which sorts last."""
    days = [str(item.article.published.value or "")[:10] for item, _ in side]
    known = [day for day in days if day]
    return (min(known), max(known)) if len(known) == len(days) else ("~", "~")


def _one_after_the_other(sides: Sequence[Sequence[tuple[Candidate, Quantity]]]) -> bool:
    """Whether some value was printed only after another had ceased to be."""
    spans = [_days(side) for side in sides]
    return any(one[1] < other[0] < "~" for one in spans for other in spans)

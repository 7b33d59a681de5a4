"""A question that goes on from those before it: what it takes over from them, and the articles that the talk is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.answerability import Weighed
from agent.planning import mentions
from agent.question import Question, read_question
from agent.reading.names import names_in
from agent.reading.words import QUESTION_WORDS
from agent.terms import terms, words
from vectorstore.library import Library
from vectorstore.outlets import HeldOutlets

JOINED = re.compile(r"^\W*(?:and|but|or|so|(?:and )?(?:what|how) about)\b\s*", re.IGNORECASE)
PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|there)\b"
    r"|\b(?:is|was|were|did|does|do|has|had|about|for|of|after|before|by|to|on|like|with|than|why|how|when) "
    r"(?:that|this|those|these)\b(?! (?:day|week|weekend|month|year|morning|afternoon|evening|night)\b)",
    re.IGNORECASE,
)
# "What does the skipper say?" and then "and the coast guard?" asks what the coast guard says.
OF_SPEAKER = re.compile(
    r"^(?P<ask>.*?\b(?:what|how|why|does|did|do|has|have) (?:did|does|do|has|have) )(?P<who>.{2,60}?)"
    r"(?P<says> (?:say|claim|write|report|tell|want|think|call|put|describe|cover|answer|respond)\b.*)$",
    re.IGNORECASE,
)
# Beside "the": what is spoken of as known.
DEFINITE = re.compile(r"\bthe\s+[a-z]")
# Passages whose events vote for what the talk is about, and the share of the best event's votes that another one needs to be meant too.
VOTING, ALSO_MEANT = 12, 0.34
# What is asked within the talk's articles may be found there so much worse than in all of them.
AS_WELL = 0.02


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is to be answered. `text` is what is searched for; `topic` is the question that the talk is about, "" if this one
    stands by itself; `goes_on` if it says nothing without the topic."""

    question: Question
    text: str
    topic: str = ""
    goes_on: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        return (f"read with the question before it: {self.topic}",) if self.goes_on else ()


def asked_after(earlier: Iterable[str], text: str, held: HeldOutlets) -> Asked:
    """`earlier` are the questions asked before, the oldest first."""
    topic = last = ""
    for question in earlier:
        if topic and goes_on(question, held):
            last = _completed(question, last, held)
        else:
            topic = last = question
    if not topic:
        return Asked(read_question(text, held), text)
    if not goes_on(text, held):
        return Asked(read_question(text, held), text, topic if _may_go_on(text, held) else "")
    own = read_question(_completed(text, last, held), held)
    about = read_question(_without_outlets(topic, held) if own.outlets or own.unheld else topic, held)
    if _adds_nothing(own):
        # What was counted is asked again; what it was counted of, the talk knows.
        named = frozenset(terms(" ".join(about.names)))
        asks = tuple(term for term in about.terms if (term in about.focus if about.focus else term not in named))
        joined = replace(
            about,
            names=() if own.outlets and asks else about.names,
            terms=asks or about.terms,
            context=tuple(term for term in about.terms if term not in asks) if asks else (),
            outlets=own.outlets or about.outlets,
            unheld=own.unheld or about.unheld,
            wants_contrast=own.wants_contrast or about.wants_contrast,
        )
        return Asked(joined, about.text, topic, goes_on=True)
    return Asked(_joined(own, about), f"{own.text} {about.text}", topic, goes_on=True)


def goes_on(text: str, held: HeldOutlets) -> bool:
    """Whether a question needs the one before it: it begins with "and", says "he" of nobody named in it, or names nothing at all."""
    if JOINED.match(text):
        return True
    pronoun = PRONOUN.search(text)
    before = text[: pronoun.start()] if pronoun else ""
    first = re.match(r"\W*\w+", text)
    named = names_in(before[first.end() :]) if first and pronoun else ()
    if pronoun and not named and not DEFINITE.search(before):
        return True
    question = read_question(text, held)
    # "What does the company say?", with nothing about which.
    alone = question.roles and set(question.terms) <= set(terms(" ".join(question.roles)))
    return bool(alone) or not (question.terms or question.names or question.speakers)


def _may_go_on(text: str, held: HeldOutlets) -> bool:
    """Whether "the company" or "the trainee" may be that of the talk: nothing else tells which."""
    question = read_question(text, held)
    return not question.outlets and not question.unheld and not question.names and not question.speakers


def _completed(text: str, last: str, held: HeldOutlets) -> str:
    """What "and the coast guard?" asks, given the question before it."""
    joint = JOINED.match(text)
    rest = text[joint.end() :] if joint else text
    asks = {word for word in words(rest) if word in QUESTION_WORDS or word in ("did", "does", "do", "is", "was", "were", "has", "have")}
    if not joint or asks or not rest.strip(" ?"):
        return rest if joint and rest.strip(" ?") else text
    outlet = read_question(rest, held)
    if outlet.outlets or outlet.unheld:
        return rest
    said = OF_SPEAKER.match(last)
    who = rest.strip(" ?.!")
    return f"{said['ask']}{who}{said['says']}" if said else f"{who}: {last}"


def _without_outlets(text: str, held: HeldOutlets) -> str:
    """Another outlet is asked now."""
    for mention in reversed(mentions(text, held.names)):
        text = f"{text[: mention.start]}{text[mention.end :]}"
    return " ".join(text.split())


def _adds_nothing(own: Question) -> bool:
    """Whether it asks the same of another outlet, or asks again."""
    asks = own.wants_time or own.wants_number or own.wants_speaker or own.asks_why
    return not (own.terms or own.names or own.roles or own.speakers or own.hours or asks)


def _joined(own: Question, about: Question) -> Question:
    """The question with what it does not say itself: what it is about."""
    context = tuple(term for term in about.terms if term not in own.terms and term not in about.focus)
    return replace(
        own,
        outlets=own.outlets or about.outlets,
        unheld=own.unheld or about.unheld,
        names=own.names or about.names,
        terms=own.terms or context or about.terms,
        context=context if own.terms else (),
        topic=about.text,
    )


def articles_in_talk(topic: str, library: Library) -> frozenset[str]:
    """Ids of the articles of the events that a question is about."""
    events = {article_id: event for event in library.events() for article_id in event.article_ids}
    votes: Counter[str] = Counter()
    members: dict[str, tuple[str, ...]] = {}
    for hit in library.search(topic, limit=VOTING):
        event = events.get(hit.article.article_id)
        if event is not None:
            votes[event.event_id] += round(1000 * hit.score)
            members[event.event_id] = event.article_ids
    most = max(votes.values(), default=0)
    return frozenset(article_id for event, count in votes.items() if count >= ALSO_MEANT * most for article_id in members[event])


def of_the_talk(within: Weighed, everywhere: Weighed) -> bool:
    """Whether what was found within the talk's articles has as much of the question as what was found in all."""

    def found(weighed: Weighed) -> float:
        total = sum(part.weight for part in weighed.parts)
        return sum(part.words * part.weight for part in weighed.parts) / total if total else 0.0

    return within.answered and found(within) >= found(everywhere) - AS_WELL

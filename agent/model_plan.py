"""A search plan that a model proposes, checked like any input. Whatever is wrong with it, the plan of the rules stands, and a note says
why. Imported only where a model is set and RASHOMON_MODEL_PLANS is on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from agent.model import Budget, ModelUnavailable
from agent.planning import Searched, read_plan
from agent.proposal import budget_of
from agent.question import core
from agent.replay import NotRecorded
from agent.settings import Settings
from agent.structured import OpenModel, ask_for
from prompts import Prompt
from vectorstore.plan import QUOTED, Part, SearchPlan
from vectorstore.search import NO_TERMS, terms
from vectorstore.stem import stem

MOST_PARTS = 8
# Words that tell when: without any, a question limits itself to no days.
OF_TIME = re.compile(
    r"\d|\b(?:since|until|before|after|during|between|ago|yesterday|today|last|past|this|previous|recent\w*|latest|day|week|month|year"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+(?:[.,:]\d+)*")


class ProposedPart(BaseModel):
    model_config = ConfigDict(strict=True)

    words: str = Field(min_length=1, max_length=400)
    outlets: list[str] = Field(default_factory=list, max_length=30)
    days: list[str] = Field(default_factory=list, max_length=8)


class ProposedPlan(BaseModel):
    model_config = ConfigDict(strict=True)

    parts: list[ProposedPart] = Field(min_length=1, max_length=MOST_PARTS)
    since: str | None = None
    until: str | None = None


class Refused(ValueError):
    """A proposed plan that does not hold; the message says why."""


def with_model(
    plan: SearchPlan,
    library: Searched,
    settings: Settings,
    outlets: Collection[str | None] | None = None,
    today: date | None = None,
    open_model: OpenModel | None = None,
    budget: Budget | None = None,
) -> SearchPlan:
    """The model's plan for the question of `plan`, or `plan` itself with a note among `said` that tells why. Costs one call.
    `outlets` are those that the caller limits the search to; raises nothing but what an evaluation's missing recording raises."""
    held = {name: known for name, known in library.held_outlets().names.items() if outlets is None or name in outlets}
    days = [day for outlet in library.outlets() if outlet.name in held for day in (outlet.first, outlet.last) if day]
    first, last = min(days, default=None), max(days, default=None)
    try:
        asked = Prompt.load("plan_question").render(
            held="\n".join(f"- {name}: {', '.join(sorted(known))}" for name, known in sorted(held.items())) or "(none has a name)",
            first=str(first or "an unknown day"),
            last=str(last or "an unknown day"),
            today=str(library.as_of or today or date.today()),
            question=" ".join(plan.question.split()),
        )
        proposed = ask_for(ProposedPlan, asked, settings, budget or budget_of(settings), open_model)
        return checked(proposed, plan, held, first, last)
    except NotRecorded:
        raise
    except (ModelUnavailable, Refused) as error:
        reason = str(error).rstrip(".")
        return replace(plan, said=(*plan.said, f"the model's plan is not used ({reason}); the question is searched as the rules read it"))


def checked(
    proposed: ProposedPlan, plan: SearchPlan, held: Mapping[str, Sequence[str]], first: date | None, last: date | None
) -> SearchPlan:
    """The proposed plan for the question of `plan`, whose own reading holds where they differ on outlets. Raises Refused."""
    parts = tuple(_part(part, plan.question, held, first, last) for part in proposed.parts)
    named = frozenset[str]().union(*(part.outlets for part in parts))
    if missing := sorted(plan.outlets - named):
        raise Refused(f"it leaves out {missing[0]}, which the question names")
    since, until = (_day(day, first, last) if day else None for day in (proposed.since, proposed.until))
    if since and until and since > until:
        raise Refused("its last day is before its first")
    if (since, until) != (plan.since, plan.until) and not OF_TIME.search(plan.question):
        raise Refused("it limits the days, and the question says nothing of time")
    said = [f"the model's plan is used: {len(parts)} {'part' if len(parts) == 1 else 'parts'}"]
    if since or until:
        limits = [f"{word} {day}" for word, day in (("since", since), ("until", until)) if day]
        said.append(f"only articles published {' and '.join(limits)}")
    return replace(plan, parts=parts, outlets=named, spread=plan.spread and not named, since=since, until=until, said=tuple(said))


def _part(part: ProposedPart, question: str, held: Mapping[str, Sequence[str]], first: date | None, last: date | None) -> Part:
    words = " ".join(part.words.split())
    if not words.isprintable():
        raise Refused("a part has characters that cannot be shown")
    if not terms(words):
        raise Refused("a part has no word to search by")
    for quoted in QUOTED.finditer(words):
        if quoted[0][1:-1].lower() not in question.lower():
            raise Refused("it quotes a headline or words that the question does not have")
    asked = {stem(word.lower()) for word in WORD.findall(question)}
    for word in WORD.findall(words):
        if (word != word.lower() or word[0].isdigit()) and stem(word.lower()) not in asked and word.lower() not in NO_TERMS:
            raise Refused(f"it has a name or number that the question does not have: {word[:40]}")
    outlets = frozenset(_outlet(name, question, held) for name in part.outlets)
    return Part(words, outlets, tuple(dict.fromkeys(_day(day, first, last) for day in part.days)))


def _outlet(name: str, question: str, held: Mapping[str, Sequence[str]]) -> str:
    """The outlet held that is meant. One that the question has no word of would hide what the others print."""
    meant = [outlet for outlet, known in held.items() if core(name) in {core(outlet), *map(core, known)}]
    shown = " ".join(name.split())[:60]
    if len(meant) != 1:
        raise Refused(f"it names an outlet that is not held: {shown}" if not meant else f"{shown} may be {' or '.join(sorted(meant))}")
    (outlet,) = meant
    if outlet not in read_plan(question, held).outlets:
        words = {word for known in (outlet, *held[outlet]) for word in terms(known)}
        if not words & set(terms(question)):
            raise Refused(f"it limits the search to {outlet}, which the question does not name")
    return outlet


def _day(written: str, first: date | None, last: date | None) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Refused(f"not a day: {' '.join(written.split())[:40]}") from None
    if first is None or last is None or not first <= day <= last:
        raise Refused(f"no article held is of a day near {day}" if first is None else f"{day} is outside the days held, {first} to {last}")
    return day

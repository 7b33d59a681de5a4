"""From a question to a search plan: its clauses, the outlets and days that each names. By syntax; only the day of an event that the
question names is looked up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from agent.hours import hours_in
from agent.question import CONTRAST, DAY, about_coverage, core, day_of, initials
from agent.spans import Span, dated, read_span
from vectorstore.plan import QUOTED, Part, SearchPlan
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.search import terms
from vectorstore.sentence import sentence_spans

if TYPE_CHECKING:
    from vectorstore.outlets import HeldOutlets, Outlet
    from vectorstore.planned import Found

# Where one clause ends and the next begins. A comma inside a number is none.
CLAUSE_END = re.compile(
    r"[;?!]|,(?!\d)|\b(?:while|whereas|and|but|or|although|though|between|after|before|versus"
    r"|(?<!less )(?<!more )(?<!fewer )(?<!rather )(?<!other )than"
    r"|compared (?:to|with)|in contrast (?:to|with)|as opposed to|contrast(?:s|ing)? with|(?:dis)?agree with|align(?:s|ed)? with"
    r"|differ(?:s)? from)\b",
    re.IGNORECASE,
)
# What follows a name in a list of sections or slogans: "The Courier - Harbour News", "Courier | News of the Sound".
AFTER_NAME = re.compile(r"\s+[|–-]\s+|:\s+")
# A clause with fewer words to search by says too little by itself ("and power", "as reported by the Courier"); one that names its
# outlet may be shorter ("the Courier report on the fire").
LEAST_WORDS, LEAST_WORDS_OF_OUTLET = 3, 2
# Words that only say who printed it ("as covered by several sources, including the Courier").
ATTRIBUTING = frozenset(
    "source sources including include includes covered coverage covers mentioned mentions featured features discussed discusses published "
    "publication publications news newspaper newspapers story stories noted described detailed details highlighted recent recently several "
    "multiple various another".split()
)
# More clauses than this are no question but a text; the rest of it is searched as one.
MOST_PARTS = 12
# Beyond so many cuts the text is taken as it is: pieces that say too little are read again with the next, which adds up in a long one.
MOST_CUTS = 60
# Where a text names a day, and which; None for the words of a span.
Dated = tuple[int, int, date | None]
OUTLET, DATE, KEPT = "\x01", "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names outlets held; more than one where they share the name ("The Courier" for its sections)."""

    start: int
    end: int
    outlets: frozenset[str]


class Searched(Protocol):
    """The part of vectorstore.library.Library that a plan is made for."""

    @property
    def as_of(self) -> date | None: ...

    def outlets(self) -> list[Outlet]: ...

    def held_outlets(self) -> HeldOutlets: ...

    def search_plan(self, plan: SearchPlan, scope: Scope = EVERYTHING, limit: int = 10) -> list[Found]: ...


def plan_for(text: str, library: Searched, outlets: Collection[str | None] | None = None, today: date | None = None) -> SearchPlan:
    """The plan of a question against what a library holds, or what it holds of `outlets`. Days are counted from the day on which the
    library is looked at (--as-of), else from `today`."""
    text = about_coverage(text)
    held = [outlet for outlet in library.outlets() if outlets is None or outlet.name in outlets]
    first = min((outlet.first for outlet in held if outlet.first), default=None)
    last = max((outlet.last for outlet in held if outlet.last), default=None)
    names = {name: known for name, known in library.held_outlets().names.items() if outlets is None or name in outlets}
    span = read_span(text, library.as_of or today or date.today(), first, last)
    note = ""
    if span and span.event:
        span, note = dated(span, library)
    plan = read_plan(text, names, first.year if first and last and first.year == last.year else None, span)
    hours = (f"“{hour.words.strip()}” is an hour of the day: it limits no search" for hour in hours_in(text))
    return replace(plan, said=tuple(filter(None, (note, *(said(plan, span, first, last) if span else ()), *hours))))


def said(plan: SearchPlan, span: Span, first: date | None, last: date | None) -> Iterator[str]:
    """How a span was understood, and whether the days from `first` to `last` that are held have any of it."""
    if plan.since is None and plan.until is None:
        if span.since or span.until:
            yield f"“{span.words}” is said of a part of the question and limits nothing"
        return
    between = (
        f"from {plan.since} to {plan.until}"
        if plan.since and plan.until
        else f"since {plan.since}"
        if plan.since
        else f"until {plan.until}"
    )
    yield f"“{span.words}”: only articles published {f'on {plan.since}' if plan.since == plan.until else between}"
    if first is None or last is None:
        yield "no article held has a date"
    elif (plan.since and plan.since > last) or (plan.until and plan.until < first):
        yield f"no article of these days: the library holds {first} to {last}"


def read_plan(text: str, held: Mapping[str, Sequence[str]], year: int | None = None, span: Span | None = None) -> SearchPlan:
    """What to search for a question. `held` are the outlets held, each with every name it goes by; `year` completes days without one;
    `span` are the days that it is limited to, as read from this text."""
    text = about_coverage(text)
    named, days = mentions(text, held), _days(text, year)
    if span and (span.since or span.until):
        days = [*((start, end, day) for start, end, day in days if end <= span.start or start >= span.end), (span.start, span.end, None)]
    outlets = frozenset(name for mention in named for name in mention.outlets)
    masked = _masked(text, named, days)
    parts = tuple(_part(text, masked, start, end, named, days) for start, end in _clauses(text, masked, named))
    parts = tuple(part for part in parts if part.words) or (Part(text),)
    plan = SearchPlan(text, parts, outlets, spread=not outlets and len(parts) == 1 and bool(CONTRAST.search(text)))
    if not span or not (span.since or span.until):
        return plan
    # Said in one of several clauses, or between two outlets ("the Courier's report of May 3 and the Post's"), it does not hold for all.
    amid = any(one.end <= span.start for one in named) and any(one.start >= span.end for one in named)
    return read_plan(text, held, year) if len(parts) > 1 or amid else replace(plan, since=span.since, until=span.until)


def mentions(text: str, held: Mapping[str, Sequence[str]]) -> list[Mention]:
    """Where the text names an outlet held, by the longest of its forms that stands there. Where the question has any capital, a name
    needs one: "the Mirror" is a paper and "the mirror" is not."""
    pattern, forms = _names(tuple((outlet, tuple(names)) for outlet, names in held.items()))
    lower, has_capitals = text.lower(), text != text.lower()
    if len(lower) != len(text):  # a letter whose small form is longer would shift the places
        lower = "".join(character.lower() if len(character.lower()) == 1 else character for character in text)
    found = []
    for match in pattern.finditer(lower):
        start, end = match.span()
        own = start + 4 if match[0].startswith("the ") else start
        if not has_capitals or not text[own].islower() or any(name == name.lower() for name in forms[match[0]]):
            found.append(Mention(start, end, forms[match[0]]))
    return found


@lru_cache(maxsize=8)
def _names(held: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """A pattern for all forms of all names, the longest first, and whose form each is."""
    forms: dict[str, set[str]] = {}
    for outlet, names in held:
        for form in (form for name in names for form in (name.lower(), core(name))):
            forms.setdefault(form, set()).add(outlet)
    whole_names = frozenset(forms)
    for outlet, names in held:
        for form in frozenset[str]().union(*map(_short_forms, names)) - whole_names:
            forms.setdefault(form, set()).add(outlet)
    forms.pop("", None)
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    either = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)"), {form: frozenset(names) for form, names in forms.items()}


def _short_forms(name: str) -> set[str]:
    """The name's first part, and its initials ("TST"). What is another outlet's whole name is not one."""
    first = AFTER_NAME.split(name)[0]
    return {form for form in (first.lower(), core(first), initials(first).lower()) if len(form) > 1}


def _days(text: str, year: int | None) -> list[Dated]:
    found = ((match.start(), match.end(), day_of(match[1], year)) for match in re.finditer(rf"\b{DAY}(?!\w)", text))
    return [(start, end, day) for start, end, day in found if day]


def _clauses(text: str, masked: str, named: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where the clauses stand. One that says too little belongs to the clause before it; if it names an outlet, to the next."""
    cuts = sorted([*(match.span() for match in CLAUSE_END.finditer(masked)), *((end, end) for _, end in sentence_spans(text)[:-1])])
    ends = cuts[:MOST_CUTS]
    pieces = list(zip([0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)], strict=True))
    clauses: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in pieces:
        start = start if waiting is None else waiting
        waiting = None
        of_outlet = any(start <= mention.start < end for mention in named)
        least = LEAST_WORDS_OF_OUTLET if of_outlet else LEAST_WORDS
        says = [term for term in terms(_words(text, masked, start, end)) if term not in ATTRIBUTING]
        if len(clauses) < MOST_PARTS and len(says) >= least:
            clauses.append((start, end))
        elif clauses and not of_outlet:
            clauses[-1] = (clauses[-1][0], end)
        else:
            waiting = start
    if waiting is not None:
        clauses = [*clauses[:-1], (clauses[-1][0], len(text))] if clauses else [(waiting, len(text))]
    return clauses


def _masked(text: str, named: Sequence[Mention], days: Sequence[Dated]) -> str:
    """The text with other characters, one for one, where it names outlets or days and where it must not be cut."""
    masked = list(text)
    for mention in named:
        masked[mention.start : mention.end] = OUTLET * (mention.end - mention.start)
    for start, end, _ in days:
        masked[start:end] = DATE * (end - start)
    for match in QUOTED.finditer("".join(masked)):
        masked[match.start() : match.end()] = [letter if letter in (OUTLET, DATE) else KEPT for letter in match[0]]
    return "".join(masked)


def _words(text: str, masked: str, start: int, end: int) -> str:
    """What a clause says beside the outlets and days that it names."""
    own = "".join(" " if mark in (OUTLET, DATE) else letter for letter, mark in zip(text[start:end], masked[start:end], strict=True))
    empty_quotes = re.compile(r"[‘'\"“]\s*['’\"”](?!\w)")
    return " ".join(empty_quotes.sub(" ", own).split()).strip(" ,;")


def _part(text: str, masked: str, start: int, end: int, named: Sequence[Mention], days: Sequence[Dated]) -> Part:
    outlets = frozenset(name for mention in named if start <= mention.start < end for name in mention.outlets)
    return Part(_words(text, masked, start, end), outlets, tuple(dict.fromkeys(day for at, _, day in days if day and start <= at < end)))

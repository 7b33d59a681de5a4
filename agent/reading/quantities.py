"""What is counted in a text, and a normal form of its numbers for looking one up in another text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from agent.reading import Quantity
from agent.reading.numbers import CURRENCIES, Number, numbers
from agent.reading.words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    Word,
    listed,
    words_of,
)
from vectorstore.sentence import Span

MODIFIERS = (
    (
        ">",
        r"more\s+than|over|at\s+least|above|no\s+(?:fewer|less)\s+than|not\s+less\s+than|upwards?\s+of|exceed(?:s|ed|ing)|greater\s+than|a\s+minimum\s+of",
    ),
    (
        "<",
        r"fewer\s+than|less\s+than|under|below|up\s+to|at\s+most|as\s+many\s+as|as\s+much\s+as|no\s+more\s+than|not\s+more\s+than|a\s+maximum\s+of",
    ),
    (
        "~",
        r"about|around|roughly|nearly|almost|some|approximately|approx\.?|an?\s+estimated|an?\s+average\s+of|close\s+to|or\s+so|an?\s+reported",
    ),
)
BEFORE = [(sign, re.compile(rf"\b(?:{words})\s+$", re.IGNORECASE)) for sign, words in MODIFIERS]
AFTER = (
    (">", re.compile(r"\s+or\s+(?:more|greater|higher)\b|\+", re.IGNORECASE)),
    ("<", re.compile(r"\s+or\s+(?:fewer|less|lower)\b", re.IGNORECASE)),
    ("~", re.compile(r"\s+or\s+so\b|-(?:ish|odd)\b", re.IGNORECASE)),
)
AGE = re.compile(r"[\s-]years?[\s-]old\b|[\s-](?:month|week|day)s?[\s-]old\b", re.IGNORECASE)
AGED = re.compile(r"\baged?\s+(?:about\s+|between\s+|\d+\s+(?:and|to|or)\s+)?$|\bwho\s+(?:is|was|turned)\s+$", re.IGNORECASE)
# A bare number between two commas after a name is an age.
APPOSED = re.compile(r"[A-Z][\w’'-]+,\s+$")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
ARTICLE_NUMBER = re.compile(
    r"(?:\b(?:no|nos|number|article|section|chapter|page|pages|part|channel|route|highway|road|flight|room|day|phase|level|version|"
    r"figure|table|step|group|division|district|ward|gate|line|bus|act|grade|class|type|model|season|episode|chapter|week|round|silo|"
    r"shaft|pier|dock|berth|unit|reactor|block|building|platform|track|lane|seat)\.?\s+|[#№]\s?)$",
    re.IGNORECASE,
)
NOT_UNITS = listed("ago later earlier old other others more less fewer so ones thing such percent")
MOST_WORDS = 4
IRREGULAR = {
    "people": "person", "persons": "person", "men": "man", "women": "woman", "children": "child", "lives": "life",
    "wives": "wife", "knives": "knife", "thieves": "thief", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "troops": "troop", "policemen": "policeman", "servicemen": "serviceman", "firemen": "fireman", "halves": "half",
    "congressmen": "congressman", "fishermen": "fisherman", "spokesmen": "spokesman", "policewomen": "policewoman",
    "gunmen": "gunman", "businessmen": "businessman", "loaves": "loaf", "shelves": "shelf", "wolves": "wolf",
    "leaves": "leaf", "criteria": "criterion", "crises": "crisis", "heroes": "hero", "potatoes": "potato",
    "tomatoes": "tomato", "echoes": "echo", "buses": "bus", "gases": "gas", "viruses": "virus", "movies": "movie",
}  # fmt: skip
UNCHANGED = listed("series species news headquarters barracks crossroads police aircraft sheep fish deaths' always perhaps means dead")
CURRENCY_NAMES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee"}
# "Two full days" are days.
MEASURES = listed("long full whole straight consecutive entire")
NUMBER_WORDS = listed("two three four five six seven eight nine ten eleven twelve")
BE = listed("is are was were be been being")
CLOSED = (ADVERBS - {"long"}) | AUXILIARIES | CONJUNCTIONS | PREPOSITIONS | PRONOUNS | DETERMINERS - listed("other more")
VERBS_AFTER = listed(
    "said says say told tell took take came come went go made make got get gave give had has have did died fled left won lost "
    "fell rose grew ran sat stood voted arrived remain remained reported live lived work worked include included joined want need"
)


def numbers_in(text: str) -> frozenset[str]:
    """Normal forms of all numbers of a text, dates and clock times included.

    "5,000", "5000" and "five thousand" give "5000"; "$500 million" gives "500000000" and "$500000000"; "8.5 %" gives "8.5"
    and "8.5%"; "third" and "3rd" give "3th"; "dozens" gives "dozens". A text says nothing beyond another if its set is a
    subset: a unit or currency left out passes, one put in does not.
    """
    found: set[str] = set()
    for number in numbers(text):
        found.add(number.canonical)
        if number.symbol:
            found.add(number.canonical + "%" if number.symbol == "%" else number.symbol + number.canonical)
    return frozenset(found)


def quantities_in(text: str, times: Sequence[Span] = (), start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """What is counted between two offsets, in order; `times` are spans whose numbers are dates and clock times."""
    stop = len(text) if end is None else end
    for number in numbers(text, start, stop):
        if any(number.span.start < time.end and time.start < number.span.end for time in times):
            continue
        if _counts(text, number, start, stop):
            quantity = _quantity(text, number, start, stop)
            address = not quantity.unit and re.match(r"\s+[A-Z]\w+", text[number.span.end : stop]) and not quantity.modifier
            if quantity.unit or not (address or _labels(text, number, start)):
                yield quantity


def _counts(text: str, number: Number, start: int, stop: int) -> bool:
    before, after = text[max(start, number.span.start - 40) : number.span.start], text[number.span.end : min(stop, number.span.end + 24)]
    written = text[number.span.start : number.span.end]
    if number.kind != "cardinal" or AGE.match(after) or AGED.search(before) or ARTICLE_NUMBER.search(before):
        return False
    if number.symbol:
        return True
    if APPOSED.search(before) and re.match(r"\s*[,)]", after):
        return False
    if YEAR.fullmatch(written) and not re.match(r"\s+[a-z]+s\b", after):
        return False
    # Ratios and dates in digits ("9/11"), and the first number of a range, whose second has the unit.
    return not (re.search(r"\d[/:]$", before) or (written[0].isdigit() and re.match(r"[-–/:]\d", after)))


def _labels(text: str, number: Number, start: int) -> bool:
    """Whether a number without a unit is part of a name ("Boeing 737"), of a score ("3-1") or a time of day ("at four")."""
    before = text[max(start, number.span.start - 40) : number.span.start]
    if re.search(r"\bat\s+$", before) and number.value is not None and number.value <= 24 and not number.symbol:
        return True
    return text[number.span.start].isdigit() and bool(re.search(r"[A-Z][\w’'.-]*[ -]$|\d[-–]$", before))


def _quantity(text: str, number: Number, start: int, stop: int) -> Quantity:
    first, last = number.span
    modifier = ""
    before = text[max(start, first - 24) : first]
    for sign, pattern in BEFORE:
        match = pattern.search(before)
        if match and not (sign == "~" and match.group().split()[0].lower() == "some" and number.vague):
            modifier, first = sign, first - len(before) + match.start()
            break
    for sign, pattern in AFTER:
        match = pattern.match(text, last, stop)
        if match and not modifier:
            modifier, last = sign, match.end()
    unit, last = _unit(text, number, last, stop)
    return Quantity(Span(first, last), number.value, text[first:last], unit, modifier)


def _unit(text: str, number: Number, at: int, stop: int) -> tuple[str, int]:
    """What is counted, and where its words end."""
    if number.symbol == "%":
        return "percent", at
    if number.symbol in CURRENCY_NAMES:
        named = re.compile(r"\s+(?:US\s+|American\s+)?(\w+)").match(text, at, stop)
        return CURRENCY_NAMES[number.symbol], named.end() if named and named[1].lower().rstrip("s") in CURRENCIES else at
    words = list(islice(words_of(text, at, min(stop, at + 120)), MOST_WORDS * 3))
    i = 2 if [word.lower for word in words[:2]] == ["-", "strong"] else 0
    if words and words[0].lower == "of" and (number.vague or "of" in text[at : at + 4]):
        i = 1
        while i < len(words) and words[i].lower in DETERMINERS | NUMBER_WORDS:
            i += 1
        owner = next((j for j in range(i, min(i + 4, len(words))) if words[j].lower == "'s"), None)
        i = i if owner is None else owner + 1
    counted = _counted(words[i:], i > 0 or not number.vague)
    if counted:
        return " ".join([*(word.lower for word in counted[:-1]), singular(counted[-1].lower)]).strip(), counted[-1].end
    if len(words) > 1 and words[0].lower in BE:
        state = next((word for word in words[1:3] if word.lower not in ADVERBS), None)
        if state and state.is_word and (state.lower.endswith("ed") or state.lower in {"dead", "hurt", "shot", "ill", "missing"}):
            return state.lower, at
    return "", at


def _counted(words: Sequence[Word], plain: bool) -> list[Word]:
    run: list[Word] = []
    for i, word in enumerate(words):
        hyphen = word.text == "-" and i == 0 and plain
        if hyphen:
            continue
        if not word.is_word or word.lower in CLOSED | NOT_UNITS or word.text[0].isdigit() or len(run) == MOST_WORDS:
            break
        if run and (
            word.lower in VERBS_AFTER or (word.lower.endswith(("ed", "ing")) and run[-1].lower.endswith(("s", "people", "men", "children")))
        ):
            break
        if not run and word.lower in VERBS_AFTER and word.lower not in {"died", "fled", "left"}:
            break
        if word.lower in MEASURES:
            continue
        run.append(word)
        if word.lower in IRREGULAR or (
            word.lower.endswith("s")
            and word.lower not in UNCHANGED
            and not word.lower.endswith(("ss", "us", "ous"))
            and word.text.islower()
        ):
            break  # a plural is the head
    # "14 Cooper Street" is an address.
    return (
        [] if run and all(word.capitalised for word in run) and not run[-1].lower.endswith("s") and run[-1].lower not in IRREGULAR else run
    )


def singular(noun: str) -> str:
    """The singular of an English noun, by its ending."""
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun in UNCHANGED or len(noun) < 4 or not noun.endswith("s") or noun.endswith(("ss", "us", "is")):
        return noun
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun[:-2] if noun.endswith(("sses", "ches", "shes", "xes", "zzes")) else noun[:-1]

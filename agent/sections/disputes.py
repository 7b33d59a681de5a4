"""What is disputed: one question, and what each outlet gives for an answer, on whose word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.comparing.claims import source_name
from agent.comparing.conflicts import LIKELY
from agent.comparing.dispute import Conflict, Side
from agent.comparing.prose import IRREGULAR
from agent.evidence import plain
from agent.findings import UNKNOWN, Finder
from agent.reading.words import CONJUNCTIONS, FUNCTION_WORDS, listed
from agent.tables import Finding
from agent.wording import computed

MEASURE = {
    word: question
    for question, words in (
        ("How far", "km kilometre kilometer mile metre meter nautical yard inch feet foot cm"),
        ("How long", "second minute hour day week month year decade"),
        ("How much", "tonne ton kg kilo gram litre liter barrel gallon hectare acre"),
        ("How much money", "crown dollar euro pound yen yuan rouble ruble rupee franc cent"),
        ("What share", "percent percentage % point"),
    )
    for word in words.split()
}  # fmt: skip
CURRENCY = re.compile(r"[$€£¥]")
# What stands before the thing counted: "more than 1,200 of the", "about two dozen".
COUNTED = re.compile(
    r"^(?:(?:at least|at most|more than|fewer than|less than|as many as|up to|about|around|some|nearly|almost|over|under|only|just|the|a"
    r"|another|roughly|approximately|an estimated)\s+)*"
    r"(?:[\d.,]+|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)"
    r"(?:-\w+)?|dozens?|hundreds?|thousands?|hundred|thousand|million|billion|trillion|half|third|quarter|both|no|a)(?:\s+and(?=\s+\w+teen))?)"
    r"(?:\s+(?:dozen|hundred|thousand|million|billion|trillion))*\s*",
    re.IGNORECASE,
)
BE = r"(?:were|was|are|is|have been|has been|had been)"
DONE = re.compile(rf"^\W*((?:\w+\s+){{0,3}}?)({BE})\s+((?:\w+ly\s+)?)(\w+)\b", re.IGNORECASE)
AROUND = 6  # words shown on each side of where two wordings of a quotation differ
# A word that no mark of a clause ends; one within a figure ("21,000") ends nothing.
IN_CLAUSE = r"(?:[^\s,;:.—–()“”\"]|(?<=\d)[,.](?=\d))+"
BARE = {"denial": "Said and denied", "stage": "To come, or done"}  # disputes that are about no figure
BEFORE, AFTER = 4, 4  # words of its clause that are shown around a value


def disputed(finder: Finder) -> tuple[Finding, ...]:
    """Figures, times and days that differ, the most contested first."""
    return tuple(_dispute(finder, one) for one in finder.conflicts if one.kind != "wording")


def _dispute(finder: Finder, conflict: Conflict) -> Finding:
    holders: dict[float | None, list[Side]] = {}
    for side in conflict.sides:
        holders.setdefault(side.amount, []).append(side)
    asked, done = question(conflict)
    sides = []
    for held in holders.values():
        sources = {_source(finder, side) for side in held}
        # One source stands for a side only if every article there names it.
        source = next(iter(sources)) if len(sources) == 1 else ""
        shown = held[0].value if done else in_context(held[0])
        sides.append((shown, source, *finder.names(side.article_id for side in held)))
    quotes = tuple(finder.quote(finder.articles[side.article_id], side.span) for side in conflict.sides)
    citations = tuple(quote.citations[0] for quote in quotes)
    statement = computed("disputed", conflict.relation, asked, *sides, citations=citations)
    return finder.finding("disputed", (statement,), quotes, _scores(finder, conflict))


def _scores(finder: Finder, conflict: Conflict) -> list[tuple[str, str, str]]:
    """How likely the sentences of the first side state the same as those of the others."""
    numbers = [finder.number_of(side) for side in conflict.sides]
    first = numbers[0]
    return [
        (f"likely to state the same, {side.outlet or UNKNOWN}", f"{finder.near(first, number):.2f}", f"{LIKELY:.2f} of one pair")
        for side, number in zip(conflict.sides[1:], numbers[1:], strict=True)
        if first is not None and number is not None
    ]


def _source(finder: Finder, side: Side) -> str:
    """Whom the article names for the value; "" if nobody."""
    reading = finder.reading_of[side.article_id]
    value = side.span.start + max(side.quote.find(side.value), 0)
    for sentence in reading.sentences:
        if sentence.span.start <= value < sentence.span.end:
            for one in sentence.attributions:
                if any(part.start <= value < part.end for part in one.content) and (name := source_name(reading, one)):
                    return name
    return ""


def question(conflict: Conflict) -> tuple[str, bool]:
    """What the sides answer ("How many people were killed"), and whether it says of what, so that the bare values answer it."""
    side = conflict.sides[0]
    if conflict.kind in BARE:
        return BARE[conflict.kind], False
    if conflict.kind == "date":
        clock = ":" in side.value or re.search(r"\b[ap]\.?\s?m\b", side.value)
        return "At what time" if clock else "In which year" if re.fullmatch(r"\D*(?:19|20)\d\d", side.value) else "On which day", False
    if CURRENCY.search(side.value):
        return "How much money", False
    unit = COUNTED.sub("", side.value).strip()
    measured = next((MEASURE[one] for word in unit.lower().split() if (one := _measure(word))), "")
    if measured:
        return measured, False
    done = _done(side, conflict.about)
    # Figures that one text gave one after the other count one thing; whether two texts do is for the reader to see.
    return f"How many {unit} {done}".strip(), bool(done) or conflict.relation == "update"


def in_context(side: Side) -> str:
    """The value with a few words of its clause before and after it, as they stand there."""
    at = side.quote.find(side.value)
    if at < 0:
        return side.value
    before = re.search(rf"(?<!\S)(?:{IN_CLAUSE}\s+){{0,{BEFORE}}}$", side.quote[:at])
    after = re.match(rf"(?:\s+{IN_CLAUSE}){{0,{AFTER}}}", side.quote[at + len(side.value) :])
    leading = list(re.finditer(r"\S+", side.quote[before.start() : at])) if before else []
    # From the last "and" or the like on, and without other small words at the start.
    joins = [number for number, word in enumerate(leading) if word[0].lower() in CONJUNCTIONS]
    leading = leading[joins[-1] + 1 :] if joins else leading
    start = before.start() + leading[0].start() if before and leading else at
    following = after[0].split() if after else []
    while following and following[-1].lower() in FUNCTION_WORDS:
        following.pop()  # "four tonnes of cod were on" is cut before the rest of its verb
    end = at + len(side.value)
    for word in following:
        end = side.quote.index(word, end) + len(word)
    return side.quote[start:end].strip()


def _measure(word: str) -> str:
    bare = word.strip(".,;")
    return bare if bare in MEASURE else bare.removesuffix("s") if bare.removesuffix("s") in MEASURE else ""


def _done(side: Side, about: str) -> str:
    """ "were killed", where these words follow the value and what was done is what the dispute is about."""
    at = side.quote.find(side.value)
    match = DONE.match(side.quote[at + len(side.value) :]) if at >= 0 else None
    if not match or match[1].strip():
        return ""
    verb = match[4].lower()
    told = verb.endswith("ed") or verb in IRREGULAR or verb in listed("hurt killed dead missing shot held born hit found taken seen")
    return f"{match[2].lower()} {match[4].lower()}" if told and verb in about.lower().split() else ""


def quoted_differently(finder: Finder) -> tuple[Finding, ...]:
    found = []
    for one in finder.conflicts:
        if one.kind != "wording":
            continue
        first, second = one.sides
        if finder.same_origin(first.article_id, second.article_id) or plain(first.value) == plain(second.value):
            continue
        quotes = tuple(finder.quote(finder.articles[side.article_id], side.span) for side in one.sides)
        differing = around_difference(first.value, second.value)
        inputs = (differing[0], first.outlet or UNKNOWN, differing[1], second.outlet or UNKNOWN)
        statement = computed("quoted_differently", *inputs, citations=[quote.citations[0] for quote in quotes])
        found.append(finder.finding("quoted", (statement,), quotes))
    return tuple(found)


def around_difference(first: str, second: str) -> tuple[str, str]:
    """Both wordings cut to where they differ, with some words before and after it; short ones whole."""
    one, other = (list(re.finditer(r"\S+", text)) for text in (first, second))
    words = [[plain(match[0]).lower().strip(".,;:!?") for match in found] for found in (one, other)]
    same = 0
    while same < min(map(len, words)) and words[0][same] == words[1][same]:
        same += 1
    ends = 0
    while ends < min(map(len, words)) - same and words[0][-1 - ends] == words[1][-1 - ends]:
        ends += 1
    return _part(first, one, same, ends), _part(second, other, same, ends)


def _part(text: str, found: Sequence[re.Match[str]], same: int, ends: int) -> str:
    start, last = max(0, same - AROUND), min(len(found), len(found) - ends + AROUND)
    cut = text[found[start].start() : found[last - 1].end()]
    return f"{'… ' if start else ''}{cut}{' …' if last < len(found) else ''}"

"""What is disputed: one question, and what each outlet gives for an answer, on whose word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.comparing.claims import source_name
from agent.comparing.conflicts import LIKELY
from agent.comparing.dispute import Conflict, Side
from agent.comparing.prose import IRREGULAR
from agent.comparing.sourcing import family_of, name_parts
from agent.comparing.voices import speaker_name
from agent.evidence import plain
from agent.findings import UNKNOWN, Finder
from agent.reading.words import CONJUNCTIONS, DETERMINERS, FUNCTION_WORDS, PREPOSITIONS, listed
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
# A word that no mark of a clause ends; one within a figure ("21,000") ends nothing, and a comma only a part of the clause.
IN_CLAUSE = r"(?:[^\s,;:.—–()“”\"]|(?<=\d)[,.](?=\d))+"
CLAUSE = rf"{IN_CLAUSE},?"
ANY = r"\S+"
POINTING = re.compile(r"(?:the|these|those)\s(?:\w+\s)?ones?$|(?:this|that|these|those|which|both|all)$", re.IGNORECASE)  # names nobody
BARE = {"denial": "Said and denied", "stage": "To come, or done"}  # disputes that are about no figure
BEFORE, AFTER = 11, 11  # words of its clause that are shown around a value at most
CUT_TO, SPARE = 8, 2  # words that are left on a side that is cut, and so many more where a phrase begins or ends there
BARELY = 3  # so few words beside the value, and the words beyond the clause are shown too
AROUND_MOST = 300  # characters of a sentence that are looked at on each side
SHORT = 2  # fewer words between a comma and the value begin no clause, but for "and" and the like
MARKS = "\"“”'‘’ "
RELATIONS = ("conflict", "update", "scope")


def disputed(finder: Finder) -> tuple[Finding, ...]:
    """Figures, times and days that differ, the most contested first: what differs before what was changed, by how many origins take part,
    then by how near it is to the headlines."""
    return tuple(_dispute(finder, one) for one in sorted(finder.disputes, key=lambda one: _rank(finder, one)))


def _rank(finder: Finder, conflict: Conflict) -> tuple[float, ...]:
    numbers = [number for side in conflict.sides if (number := finder.number_of(side)) is not None]
    origins = {finder.origin(side.article_id) for side in conflict.sides}
    near = max((finder.central(number) for number in numbers), default=0.0)
    return RELATIONS.index(conflict.relation), -len(origins), -near, -len(conflict.sides)


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
                    return "" if POINTING.match(name) else name
    return ""


def question(conflict: Conflict) -> tuple[str, bool]:
    """What the sides answer ("How many people were killed"), and whether it says of what, so that the bare values answer it."""
    side = conflict.sides[0]
    if conflict.kind in BARE:
        return BARE[conflict.kind], False
    if conflict.kind == "date":
        clock = ":" in side.value or re.search(r"\b[ap]\.?\s?m\b", side.value)
        return "At what time" if clock else "In which year" if re.fullmatch(r"\D*(?:19|20)\d\d", side.value) else "On which day", False
    if re.search(r"%|\bper ?cent", side.value, re.IGNORECASE):
        return "What share", False
    if CURRENCY.search(side.value):
        return "How much money", False
    unit = COUNTED.sub("", side.value).strip(" -")
    measured = next((MEASURE[one] for word in unit.lower().split() if (one := _measure(word))), "")
    if measured:
        return measured, False
    done = _done(side, conflict.about)
    # Figures that one text gave one after the other count one thing; whether two texts do is for the reader to see.
    return f"How many {unit} {done}".strip(), bool(done) or conflict.relation == "update"


def in_context(side: Side) -> str:
    """The value in its part of the clause, as it stands there; a long one is cut, and "…" stands where."""
    at = side.quote.find(side.value)
    if at < 0:
        return side.value.strip(MARKS)
    start, cut = _begin(side.quote, at)
    end, goes_on = _end(side.quote, at + len(side.value))
    if len(side.quote[start:at].split()) + len(side.quote[at + len(side.value) : end].split()) < BARELY:
        start, cut = _begin(side.quote, at, ANY)
    closed = side.quote.find(")", start, at)
    opened = side.quote.find("(", start, max(closed, start))
    if closed >= 0 and (opened < 0 or (cut and opened == start)):
        start, cut = closed + 1, True  # a bracket that began before, or with the cut
    if side.quote.startswith(")", end) and side.quote.count("(", start, end) > side.quote.count(")", start, end):
        end += 1
    return f"{'… ' if cut else ''}{side.quote[start:end].strip(MARKS)}{' …' if goes_on else ''}"


def _begin(quote: str, at: int, word: str = CLAUSE) -> tuple[int, bool]:
    """Where the words before the value begin, and whether some are cut away."""
    first = max(0, at - AROUND_MOST)
    before = re.search(rf"(?<!\S)(?:{word}\s+)*$", quote[first:at])
    words = [(first + before.start() + one.start(), one[0]) for one in re.finditer(r"\S+", before[0])] if before else []
    if word == CLAUSE:
        commas = [number + 1 for number, (_, one) in enumerate(words) if one.endswith(",") and _begins([w for _, w in words[number + 1 :]])]
        words = words[commas[-1] :] if commas else words
    words = words[1:] if words and words[0][1].lower() in CONJUNCTIONS else words
    cut = len(words) > BEFORE
    if cut:
        words = words[-CUT_TO - SPARE :]
        starts = [number for number, (_, one) in enumerate(words[:-BARELY]) if _starts_phrase(one)]
        words = words[starts[0] :] if starts else words[SPARE:]
        while words and words[0][1].lower() in (CONJUNCTIONS if starts else FUNCTION_WORDS):
            words = words[1:]
    return (words[0][0] if words else at), cut


def _starts_phrase(word: str) -> bool:
    """Whether a reader takes what stands from this word on for a whole phrase: "from their high point of", "a kilometre away"."""
    return word.lower() in (PREPOSITIONS | DETERMINERS | CONJUNCTIONS) - {"of", "per"}


def _begins(rest: Sequence[str]) -> bool:
    """Whether the words between a comma and a value begin its clause."""
    return len(rest) >= SHORT or bool(rest and rest[0].lower() in CONJUNCTIONS)


def _end(quote: str, end: int) -> tuple[int, bool]:
    """Where the words after the value end, and whether some are cut away."""
    after = re.match(rf"(?:\s+{CLAUSE})*", quote[end : end + AROUND_MOST])
    words = [(end + one.end(), one[0]) for one in re.finditer(r"\S+", after[0])] if after and not quote.startswith(",", end) else []
    comma = next((number for number, (_, word) in enumerate(words) if word.endswith(",")), None)
    words = words if comma is None else words[: comma + 1]
    cut = len(words) > AFTER
    if cut:
        words = words[: CUT_TO + SPARE + 1]
        ends = [
            number
            for number, (_, one) in enumerate(words)
            if number >= BARELY and one.lower() in PREPOSITIONS - {"of", "per"} | CONJUNCTIONS
        ]
        words = words[: ends[-1]] if ends else words[:CUT_TO]
    while cut and words and words[-1][1].lower().strip(",") in FUNCTION_WORDS:
        words.pop()  # "four tonnes of cod were on" is cut before the rest of its verb
    return (words[-1][0] - words[-1][1].endswith(",") if words else end), cut


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
        speakers = _speaker(finder, first), _speaker(finder, second)
        if all(speakers) and family_of(name_parts(speakers[0])) != family_of(name_parts(speakers[1])):
            continue  # what two people say in like words is not one quotation
        quotes = tuple(finder.quote(finder.articles[side.article_id], side.span) for side in one.sides)
        differing = around_difference(first.value, second.value)
        inputs = (differing[0], first.outlet or UNKNOWN, differing[1], second.outlet or UNKNOWN)
        statement = computed("quoted_differently", *inputs, citations=[quote.citations[0] for quote in quotes])
        found.append(finder.finding("quoted", (statement,), quotes))
    return tuple(found)


def _speaker(finder: Finder, side: Side) -> str:
    """Who is quoted there, if that is clear and a name."""
    reading = finder.reading_of[side.article_id]
    for sentence in reading.sentences:
        if sentence.span.start <= side.span.start < sentence.span.end:
            for one in sentence.attributions:
                inside = any(part.start < side.span.end and side.span.start < part.end for part in one.content)
                if one.direct and inside and (name := speaker_name(reading.article.text, one)) and name_parts(name):
                    return name
    return ""


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
    # On to the end of the phrase, if it is near: "is taking an enormous" says nothing.
    for further in range(last, min(len(found), last + 2 * SPARE) + 1):
        if further == len(found) or not found[further - 1][0][-1].isalnum() or found[further][0].lower() in PREPOSITIONS | CONJUNCTIONS:
            last = further
            break
    cut = text[found[start].start() : found[last - 1].end()]
    return f"{'… ' if start else ''}{cut}{' …' if last < len(found) else ''}"

"""Whether a sentence tells what is asked for: why, when, how long, where, how old, or any number at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from agent.near import holds
from agent.question import Question
from agent.reading import Attribution, ReadSentence
from agent.reading.quantities import AGE, NUMBER_WORDS
from agent.reading.words import DAY_ABBREVIATIONS, DAYS, MONTH_NUMBER
from agent.terms import terms
from vectorstore.sentence import Span

REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|caus\w+|reasons?|blam\w+|trigger\w+|sparked|prompted|led to|result\w* (?:of|from)"
    r"|in response|in protest|in an? (?:[\w-]+ )?(?:dispute|row|quarrel|feud) (?:over|about|with)"
    r"|(?:is|was|were|stands?|stood) behind|at fault|why|so that|in order to)\b",
    re.IGNORECASE,
)
# These give a reason only for what was said before them: "fired after a vote", but not "since he was fired".
MAYBE_REASON = re.compile(
    r"\b(?:after|following|over|amid|(?:is|was|are|were) (?:all )?about|demand(?:s|ed|ing)?|for (?=\w+ing\b|his|her|its|their))"
    r"(?!\s+(?:[\w-]+\s+){0,2}(?:hours?|days?|nights?|mornings?|weeks?|weekends?|months?|years?)\b)",
    re.IGNORECASE,
)
REACH_BACK, REACH_ON = 12, 4  # words
# So many characters from a verb of saying a time is that of the saying.
BESIDE_CUE = 25
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:a\.?m|p\.?m)\b|\bnoon\b|\bmidnight\b|\bo['’]clock\b", re.IGNORECASE)


def gives_reason(question: Question, sentence: ReadSentence) -> bool:
    """Whether it tells why: by a word that always does, or by one that does after what is asked about."""
    text = sentence.text
    if REASON.search(text):
        return True
    asked = set(question.terms) - set(terms(" ".join(question.names)))
    for found in MAYBE_REASON.finditer(text):
        back = terms(" ".join(text[: found.start()].split()[-REACH_BACK:]))
        on = terms(" ".join(text[found.end() :].split()[:REACH_ON]))
        if any(holds(term, back) for term in asked) and not any(holds(term, on) for term in asked):
            return True
    return False


def _of_saying(time: Span, one: Attribution) -> bool:
    """Whether a time is that of the saying: it stands beside the verb and is no part of what is said."""
    inside = any(part.start <= time.start < part.end for part in one.content)
    return not inside and (0 <= time.start - one.cue.end <= BESIDE_CUE or 0 <= one.cue.start - time.end <= BESIDE_CUE)


def tells_time(question: Question, sentence: ReadSentence) -> bool:
    """Whether there is a time that is not that of the saying: "the minister said on Friday" does not tell when it burned."""
    if question.wants_clock:
        return bool(CLOCK.search(sentence.text))
    return any(not any(_of_saying(time.span, one) for one in sentence.attributions) for time in sentence.times)


# "Half an hour", "two full weeks", "a two-week blockade"; with "a" only where it counts, as "50 crowns a day" is a price.
COUNTED = (
    rf"(?:\d[\d.,]*|{'|'.join(sorted(NUMBER_WORDS))}|one|(?:twen|thir|for|fif)ty|several|many|half an|a (?:few|couple of|dozen)|"
    + "|".join(rf"(?<={word} )an?" for word in ("for", "about", "nearly", "almost", "within", "over", "than", "lasted", "took"))
    + ")"
)
UNIT_OF_TIME = (
    rf"{COUNTED}[ -](?:(?:and a half|to \w+|or \w+|long|full|more|straight|consecutive|whole|of|the)[ -]){{0,2}}"
    r"(?:second|minute|hour|day|night|week|fortnight|month|year|decade)s?\b"
)
# "Five hours before the call" is a point of time; "for five hours before it was out" is not.
LASTED = re.compile(
    rf"\bfor (?:\w+ )?{UNIT_OF_TIME}|\b{UNIT_OF_TIME}(?![ -](?:ago|old|earlier|later|before|after|away|inland)\b)|\b(?:until|till)\b",
    re.IGNORECASE,
)
SINCE = re.compile(r"\bsince\W+(?:\w+\W+)?$", re.IGNORECASE)
LONG_THING = re.compile(r"\bhow long (?:is|are|was|were)\b", re.IGNORECASE)
LENGTH = re.compile(
    r"\d[\d.,]*[ -](?:km|kilomet(?:re|er)s?|met(?:re|er)s?|m|miles?|feet|foot|yards?|cm)\b(?! (?:high|deep|tall|away|off)\b)", re.IGNORECASE
)
# A name, an age and a comma: "Ida Brandt, 29, a purser".
APPOSED_AGE = re.compile(r"[A-Z][\w’'-]+, \d{1,3}(?:,|\)|\.$)|\baged? \d|\b(?:is|was|turned) \d{1,2}(?:[,.]|$)")
PLACE = re.compile(
    r"\b(?:in|at|near|outside|inside|off|on|to|into|around|aboard|across|along|beside|behind|from) "
    r"(?:[a-z][a-z’'-]* ){0,4}?(?P<name>[A-Z][\w-]+)(?![\w-]|['’]s)"
)
NO_PLACE = frozenset((*DAYS, *MONTH_NUMBER, *DAY_ABBREVIATIONS))
# Words between what is asked about and the place.
PLACE_AFTER, PLACE_BEFORE = 12, 5


def tells_span(question: Question, sentence: ReadSentence) -> bool:
    """Whether there is a length of time, or its end ("since Monday"); how long a thing is may be told in metres."""
    begins = sentence.span.start
    since = any(SINCE.search(sentence.text[: time.span.start - begins]) for time in sentence.times)
    return since or bool(LASTED.search(sentence.text) or (LONG_THING.search(question.text) and LENGTH.search(sentence.text)))


def tells_place(question: Question, sentence: ReadSentence) -> bool:
    """Whether a place that has a name stands near a word that is asked about."""
    for found in PLACE.finditer(sentence.text):
        before = terms(" ".join(sentence.text[: found.start()].split()[-PLACE_AFTER:]))
        after = terms(" ".join(sentence.text[found.end() :].split()[:PLACE_BEFORE]))
        if found["name"].lower() not in NO_PLACE and any(holds(term, (*before, *after)) for term in question.terms):
            return True
    return False


def tells_age(question: Question, sentence: ReadSentence) -> bool:
    return bool(AGE.search(sentence.text) or APPOSED_AGE.search(sentence.text))


def tells_number(question: Question, sentence: ReadSentence) -> bool:
    return bool(sentence.quantities) or any(character.isdigit() for character in sentence.text)


Tells = Callable[[Question, ReadSentence], bool]


def wanted(question: Question) -> Iterator[tuple[Tells, str]]:
    """How each kind of thing that the question asks for is known in a sentence, and the fixed sentence that says that none tells it."""
    if question.wants_place:
        yield tells_place, "no_place"
    if question.wants_span:
        yield tells_span, "no_span"
    if question.wants_age:
        yield tells_age, "no_age"
    elif question.wants_number:
        yield tells_number, "no_number"
    if question.wants_time:
        yield tells_time, "no_time"
    if question.asks_why:
        yield gives_reason, "no_reason"


def untold(question: Question, sentences: Sequence[ReadSentence]) -> list[str]:
    """Names of the fixed sentences on what the question asks for and none of these sentences tells."""
    return [name for tells, name in wanted(question) if not any(tells(question, sentence) for sentence in sentences)]

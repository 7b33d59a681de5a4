"""Values in a sentence - figures, times and days - with the words that say what they are values of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agent.comparing.dispute import Kind
from agent.comparing.prose import IRREGULAR
from agent.comparing.sameness import Compared
from agent.reading import Quantity, ReadSentence
from agent.reading.words import FUNCTION_WORDS
from agent.terms import stem, terms, words
from vectorstore.sentence import Span

WORDS_BEFORE, WORDS_AFTER = 3, 4
# "11" in "the Sept. 11 hijackers" counts no hijackers, and "including three children" leaves open of how many.
NO_TOTAL = re.compile(
    r"(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s|\d/|\b(?:including|among them)\s)$", re.IGNORECASE
)
PART = re.compile(r"[;:()—–]|,(?!\d)|\.(?!\d)|\b(?:and|but|or|while|when|as|after|before|because|said|says)\b")
# "VARN, March 3 (Pellwire) —" tells when the report was sent off, "10:19 p.m.:" when a line of a running report was written.
PLACE_FIRST = re.compile(r"[^\W\d_a-z][^\W\d_a-z .'’/-]+,\s+(?:[\w.]+,\s+)?")
SENT_OFF = re.compile(r"\s*(?P<agency>\([^()]{1,40}\))?\s*(?:[—–]|--?)\s")
STAMP = re.compile(r"[)\]]?\s*(?::|[—–]|--?)\s")
# A sentence with more values is a table or a list: no rule for prose tells which of them belong together, and the time grows with the
# square of their number.
MOST_VALUES = 30
NEAR = 8  # words on each side of a value that say what it counts
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
APPROXIMATE = re.compile(r"^(?:(?:at|in|on|about|around|some|the year|since|from|by|until)\s+)+", re.IGNORECASE)
UNITLESS = frozenset("them us you it time first second way more".split())
NUMBERED = re.compile(r"\b([^\W\d_]{3,}) $")
KIND_OF = re.compile(r"\ban?\s+$", re.IGNORECASE)  # "a Republican" names nobody
HIS = re.compile(r"\b(?:his|her|their|its)\b[^,;.]*$", re.IGNORECASE)
SHARES = frozenset("percent per cent point basi".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A value in a compared sentence, with the words around it: those near it on either side, those right beside it, those that no
    mark or conjunction parts from it, and the nearest names, in small letters, of others than who says it."""

    sentence: int
    span: Span
    kind: Kind
    amount: float | None
    shown: str
    unit: tuple[str, ...]
    modifier: str
    left: frozenset[str]
    right: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    part: frozenset[str]
    name_before: frozenset[str]
    name_after: frozenset[str]

    @property
    def around(self) -> frozenset[str]:
        return self.left | self.right

    def __lt__(self, other: Mention) -> bool:
        return (self.sentence, self.span) < (other.sentence, other.span)


def mentions_in(number: int, one: Compared) -> Iterator[Mention]:
    sentence = one.sentence
    if len(sentence.quantities) + len(sentence.times) > MOST_VALUES:
        return
    for quantity in sentence.quantities:
        if quantity.value is None or NO_TOTAL.search(sentence.text[: quantity.span.start - sentence.span.start]):
            continue
        unit = tuple(stem(word) for word in words(quantity.unit)) or tuple(re.findall(r"[%$€£¥]", quantity.unit))
        if unit and unit[-1] not in UNITLESS:
            yield mention_of(number, sentence, quantity, unit)
    for time in sentence.times:
        amount, kind = moment_of(time.text, time.iso)
        if amount is not None and not _dateline(sentence, time.span):
            yield Mention(number, time.span, "date", amount, " ".join(time.text.split()), (kind,), "", *_words(sentence, time.span))


def mention_of(number: int, sentence: ReadSentence, quantity: Quantity, unit: tuple[str, ...]) -> Mention:
    """`unit` are stems, none where the number stands alone."""
    shown = _named(sentence, quantity.span, " ".join(quantity.text.split()))
    words_of = _words(sentence, quantity.span, frozenset(unit))
    return Mention(number, quantity.span, "number", quantity.value, shown, unit, quantity.modifier, *words_of)


def _dateline(sentence: ReadSentence, span: Span) -> bool:
    start = sentence.span.start
    sent = SENT_OFF.match(sentence.text, span.end - start)
    before = sentence.text[: span.start - start]
    if not before.strip("([ ") and STAMP.match(sentence.text, span.end - start):
        return True
    return sent is not None and (PLACE_FIRST.fullmatch(before) is not None or (bool(sent["agency"]) and len(before.split()) < 4))


def _named(sentence: ReadSentence, span: Span, shown: str) -> str:
    """The value with the word it numbers: "silo 3 of the granary", where 3 counts nothing."""
    before = NUMBERED.search(sentence.text[: span.start - sentence.span.start])
    if before is None or not re.match(r"\d+ of\b", shown) or before[1].lower() in FUNCTION_WORDS or like_a_verb(before[1]):
        return shown
    return f"{before[1]} {shown}"


def moment_of(text: str, iso: str | None) -> tuple[float | None, str]:
    """A number that orders expressions of one kind (clock, day, year), and the kind."""
    bare = APPROXIMATE.sub("", text.strip())
    if re.fullmatch(r"(?:19|20)\d\d", bare):
        return float(bare), "year"
    clock = CLOCK.fullmatch(bare)
    if clock and (clock[3] or (clock[2] and "." not in bare)):
        hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
        return hour * 60.0 + int(clock[2] or 0), "clock"
    if iso and len(iso) == 10 and re.search(r"\d", bare):
        return float(datetime.fromisoformat(iso).toordinal()), "day"
    return None, ""


def _words(sentence: ReadSentence, span: Span, unit: frozenset[str] = frozenset()) -> Iterator[frozenset[str]]:
    """The fields of a mention from `left` on."""
    at, end = span.start - sentence.span.start, span.end - sentence.span.start
    text = sentence.text
    for time in sentence.times:  # months and days tell when, not what
        begin, finish = time.span.start - sentence.span.start, time.span.end - sentence.span.start
        text = text[:begin] + " " * (finish - begin) + text[finish:]
    yield _plain(" ".join(text[:at].split()[-NEAR:]))
    yield _plain(" ".join(text[end:].split()[:NEAR]))
    before, after = _beside(sentence, span)
    yield before - unit
    yield after - unit
    opened = max((mark.end() for mark in PART.finditer(sentence.text, 0, at)), default=0)
    closed = PART.search(sentence.text, end)
    yield _plain(sentence.text[opened : closed.start() if closed else len(sentence.text)])
    yield from _names(sentence, span)


def _plain(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if not term[:1].isdigit()) - SHARES


def _names(sentence: ReadSentence, span: Span) -> tuple[frozenset[str], frozenset[str]]:
    """The nearest names before and after a value; not of who says it, unless it is "his" or "her" figure."""
    start = sentence.span.start
    own = HIS.search(sentence.text[: span.start - start]) is not None
    sources = [] if own else [one.source for one in sentence.attributions]
    not_names = [*sources, *(time.span for time in sentence.times)]
    names = [
        one
        for one in sentence.names
        if not any(part.start < one.end and one.start < part.end for part in not_names)
        and not KIND_OF.search(sentence.text[: one.start - start])
    ]
    before = [one for one in names if one.end <= span.start and _near(sentence.text[one.end - start : span.start - start])]
    after = [one for one in names if one.start >= span.end and _near(sentence.text[span.end - start : one.start - start])]
    nearest = max(before, default=None), min(after, default=None)
    found = (frozenset(words(sentence.text[one.start - start : one.end - start])) if one else frozenset() for one in nearest)
    return next(found), next(found)


def _near(between: str) -> bool:
    return len(between.split()) <= NEAR


def _beside(sentence: ReadSentence, span: Span) -> tuple[frozenset[str], frozenset[str]]:
    """The terms right before the value and right after it: none across a mark, a conjunction or another figure."""
    start = sentence.span.start
    others = [one.span for one in sentence.quantities if one.span != span]
    begin = max([one.end - start for one in others if one.end <= span.start], default=0)
    end = min([one.start - start for one in others if one.start >= span.end], default=len(sentence.text))
    before = list(PART.finditer(sentence.text, begin, span.start - start))
    after = PART.search(sentence.text, span.end - start, end)
    left = sentence.text[before[-1].end() if before else begin : span.start - start].split()[-WORDS_BEFORE:]
    right = sentence.text[span.end - start : after.start() if after else end].split()[:WORDS_AFTER]
    return _plain(" ".join(left)), _plain(" ".join(right))


def like_a_verb(word: str) -> bool:
    return word.lower() in IRREGULAR or (word.islower() and word.endswith("ed") and len(word) > 4)

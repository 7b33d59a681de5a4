"""Expressions of time, and the days they mean when the day of publication is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agent.reading import Time
from agent.reading.words import DAYS, MONTH_NUMBER, MONTHS
from vectorstore.sentence import Span

_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_DAY = rf"(?:{'|'.join(DAYS)})"
_YEAR = r"(?:19|20)\d\d"
_NUMERAL = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|a\s+few|a\s+couple\s+of|some|many)"
_EARLY = r"(?:(?:early|late|mid)[\s-])?"
_THIS = r"(?:last|this|next|past|coming|previous|following)"
_SEASON = r"(?:night|morning|afternoon|evening|spring|summer|autumn|fall|winter|season)"
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|weekends?|months?|quarters?|years?|decades?)"
_PART = r"(?:\s+(?:morning|afternoon|evening|night))?"
_NEAR = r"(?:(?:shortly|just|soon|immediately|a\s+little)\s+(?:after|before)|around|about|by|at|before|after|until|since|from)\s+"
# Each begins with a word or a number: that is asked first, or all of them would be tried at every letter.
TIME = re.compile(
    rf"""
    \b(?=\w)(?:
    (?P<iso>\b(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])\b)
  | (?P<dmy>\b(?:(?:{_DAY}),?\s+)?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?(?![\w’']))
  | (?P<mdy>\b(?:(?:{_DAY}),?\s+)?(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:|[,.]\d{{3}}\b)(?:,?\s+(?P<y2>{_YEAR}))?)
  | (?P<my>\b(?:(?:in|since|until|by|from|of)\s+)?{_EARLY}(?P<m3>{_MONTH})
      (?:,?\s+(?:of\s+)?(?:(?P<y3>{_YEAR})|(?P<rel3>last|this|next)\s+year))(?!\w))
  | (?P<clock>\b(?:{_NEAR})?(?:\d{{1,2}}(?:[:.]\d\d)?\s?(?:a\.m\.|p\.m\.|am\b|pm\b)|(?:[01]?\d|2[0-3]):[0-5]\d\b|noon\b|midnight\b)
      (?:\s+(?:local\s+time|GMT|BST|UTC|EST|EDT|CET|ET)\b)?)
  | (?P<hour>\b(?:at|around|about|by|(?:shortly|just)\s+(?:after|before))\s+(?:\d{{1,2}}(?:\.[0-5]\d)?|{_HOUR})
      (?:\s+(?:in\s+the\s+(?:morning|afternoon|evening)|at\s+night|o['’]clock)))
  | (?P<dotted>\bat\s+\d{{1,2}}\.[0-5]\d(?=\s+on\s+{_DAY}|\s*,|\.?\s*$|\.\s))
  | (?P<sharp>\b(?:shortly|just)\s+(?:after|before)\s+\d{{1,2}}\b(?=\s+(?:to|on|in|when|and|as)\b|\s*[,.](?!\d)))
  | (?P<week>\b(?:since\s+)?(?P<which>{_THIS})\s+(?P<day>{_DAY})\b{_PART})
  | (?P<weekday>\b(?P<day2>{_DAY})\b{_PART})
  | (?P<relday>\b(?P<near>today|yesterday|tomorrow|tonight)\b{_PART})
  | (?P<ago>\b(?P<n>{_NUMERAL})\s+(?P<u>{_UNIT})\s+(?:ago|earlier|later|before|after|from\s+now)\b)
  | (?P<within>\b(?:(?:with)?in|over|during|for|throughout|since|by)\s+(?:the\s+)?(?:{_THIS}|near|immediate)\s+
      (?:(?:few|couple\s+of|several|{_NUMERAL})\s+)?(?:{_UNIT}|future|past)\b)
  | (?P<period>\b(?:(?:earlier|later|since|early|late|until|by|sometime)\s+)?(?:the\s+)?(?P<rel>{_THIS})\s+
      (?P<span>week|weekend|month|quarter|year|decade|century|{_SEASON})\b)
  | (?P<year>\b(?:since|until|by|before|after|in|from|during|of|through|between)\s+{_EARLY}(?P<y4>{_YEAR})\b(?![,.]\d|\s?%))
  | (?P<bare>(?<![\w$£€.,-])(?P<y5>{_YEAR})\b(?![,.]\d|[\w%-]))
  | (?P<decade>\b(?:the\s+)?{_EARLY}(?:{_YEAR[:-4]}\d0['’]?s)\b)
  | (?P<month>\b(?:(?:(?:by|at|until|before|since)\s+)?the\s+(?:end|start|beginning|middle)\s+of\s+
      |(?:(?:since|in|until|by|last|next|this|early|late|mid|during|through|before|after)[\s-]+){{1,3}})(?P<m6>{_MONTH})(?!\w|\s+\d))
  | (?P<vague>\b(?:recently|in\s+recent\s+(?:days|weeks|months|years)|soon|at\s+the\s+(?:time|weekend|moment)|overnight|at\s+dawn|at\s+night
      |in\s+the\s+(?:morning|afternoon|evening|near\s+future)|for\s+(?:days|weeks|months|years|decades))\b)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A subordinate clause that says when: to the next comma or the end.
WHEN_CLAUSE = re.compile(
    r"\b(?:when|once|as\s+soon\s+as|as\s+long\s+as)\s+(?!(?:will|did|does|do|is|was|are|were|asked)\b)[^,.;:?!“”\"()\n—]{4,160}",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"\b(?:will|would|shall|['’]ll|won['’]t|(?:is|are|was|were)\s+(?:to|due|set|expected|scheduled|going)|plans?|scheduled|expected|intends?|aims?|due)\b",
    re.IGNORECASE,
)


def times_in(text: str, day: date | None, start: int = 0, end: int | None = None) -> Iterator[Time]:
    """The expressions of time between two offsets, which bound one sentence, in order; clauses with "when" may hold others."""
    stop = len(text) if end is None else end
    future = bool(FUTURE.search(text, start, stop))
    found: list[Time] = []
    for match in TIME.finditer(text, start, stop):
        if _is_no_time(match):
            continue
        found.append(Time(Span(*match.span()), match.group(), _resolved(match, day, future)))
    for match in WHEN_CLAUSE.finditer(text, start, stop):
        body = match.group().rstrip()
        if len(body.split()) >= 3:
            found.append(Time(Span(match.start(), match.start() + len(body)), body))
    return iter(sorted(found, key=lambda time: (time.span.start, -time.span.end)))


def is_clause(time: Time) -> bool:
    """Whether this is a clause ("when the city is cleared"), in which other times and quantities may stand."""
    return WHEN_CLAUSE.match(time.text) is not None


def _is_no_time(match: re.Match[str]) -> bool:
    """The verbs "may" and "march", and a weekday or month that is not written with its capital."""
    name = match["m1"] or match["m2"] or match["m3"] or match["m6"] or match["day"] or match["day2"]
    return bool(name) and name[0].islower() and name.lower() in {"may", "march", "mar", "sun"}


def _resolved(match: re.Match[str], day: date | None, future: bool) -> str | None:
    try:
        return _meant(match, day, future)
    except OverflowError:
        return None  # before the first or after the last day of the calendar


def _meant(match: re.Match[str], day: date | None, future: bool) -> str | None:
    if match["iso"]:
        return _day(int(match["iy"]), int(match["im"]), int(match["id"]))
    if match["dmy"] or match["mdy"]:
        month = _month(match["m1"] or match["m2"])
        number = int(match["d1"] or match["d2"])
        year = match["y1"] or match["y2"]
        return _day(int(year), month, number) if year else _nearest(month, number, day)
    if match["my"]:
        if match["y3"]:
            return f"{int(match['y3']):04d}-{_month(match['m3']):02d}"
        return f"{day.year + _STEP[match['rel3'].lower()]:04d}-{_month(match['m3']):02d}" if day else None
    if match["y4"] or match["y5"]:
        return str(int(match["y4"] or match["y5"]))
    return _relative(match, day, future) if day else None


_STEP = {"last": -1, "this": 0, "next": 1}


def _relative(match: re.Match[str], day: date, future: bool) -> str | None:
    if match["weekday"]:
        return _weekday(match["day2"], day, future)
    if match["week"]:
        # "Next Friday" is this week's for some and the following week's for others.
        return _weekday(match["day"], day - timedelta(1), False) if match["which"].lower() in {"last", "past"} else None
    if match["relday"]:
        return (day + timedelta({"yesterday": -1, "tomorrow": 1}.get(match["near"].lower(), 0))).isoformat()
    if match["ago"]:
        return _ago(match, day)
    if match["period"]:
        step, span = _STEP.get(match["rel"].lower()), match["span"].lower()
        if step is None:
            return None
        if span == "year":
            return f"{day.year + step:04d}"
        if span == "month":
            months = day.year * 12 + day.month - 1 + step
            return f"{months // 12:04d}-{months % 12 + 1:02d}"
        if span == "night" and step == -1:
            return (day - timedelta(1)).isoformat()
        return day.isoformat() if step == 0 and span in {"morning", "afternoon", "evening"} else None
    if match["month"]:
        return _month_without_year(match["m6"], match.group().lower(), day, future)
    return None


def _ago(match: re.Match[str], day: date) -> str | None:
    words = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    written = match["n"].lower()
    number = int(written) if written.isdigit() and len(written) < 5 else words.get(written)
    unit = match["u"].lower().rstrip("s")
    if number is None or not match.group().lower().endswith("ago"):
        return None
    if unit == "day":
        return (day - timedelta(number)).isoformat()
    return f"{day.year - number:04d}" if unit == "year" and day.year > number else None


def _weekday(name: str, day: date, future: bool) -> str:
    """The nearest such day up to the day of publication, or from it on where the sentence speaks of what is to come."""
    back = (day.weekday() - DAYS.index(name.lower())) % 7
    return (day + timedelta((7 - back) % 7) if future else day - timedelta(back)).isoformat()


def _month(name: str) -> int:
    return MONTH_NUMBER[name.lower().rstrip(".")]


def _day(year: int, month: int, number: int) -> str | None:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def _nearest(month: int, number: int, day: date | None) -> str | None:
    """The day of this month and number that is nearest to the day of publication."""
    if day is None:
        return None
    years = [year for year in (day.year - 1, day.year, day.year + 1) if 1 <= year <= 9999]
    near = [date.fromisoformat(iso) for year in years if (iso := _day(year, month, number))]
    return min(near, key=lambda other: abs((other - day).days)).isoformat() if near else None


def _month_without_year(name: str, phrase: str, day: date, future: bool) -> str | None:
    month = _month(name)
    if phrase.startswith("this"):
        return f"{day.year:04d}-{month:02d}"
    if future or phrase.startswith("next"):
        return f"{day.year + (month < day.month):04d}-{month:02d}"
    return f"{day.year - (month > day.month):04d}-{month:02d}"

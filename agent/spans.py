"""The days that a question limits itself to: what it says of publication, resolved to a first and a last day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from agent.terms import terms
from vectorstore.plan import SearchPlan
from vectorstore.planned import Found
from vectorstore.readers.metadata import moment

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?"
    r"|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
YEAR, ORDINAL = r"(?:,? \d{4})?", r"\d{1,2}(?:st|nd|rd|th)?"
DAY = rf"(?:\d{{4}}-\d\d-\d\d|{ORDINAL} (?:of )?{MONTH}{YEAR}|{MONTH} {ORDINAL}(?!\d){YEAR})"
TO = r"(?: ?[–—-] ?| (?:and|to|until|till|through) )"
PIECES = r"(?:published|printed|reported|written|articles?|issues?|editions?|stories|story|coverage)"
NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}

BETWEEN = re.compile(
    rf"\b(?:between|from) (?:the )?(?P<first>{DAY}|{ORDINAL}){TO}(?:the )?(?P<last>{DAY}|{ORDINAL})(?![\w%])", re.IGNORECASE
)
SINCE = re.compile(rf"\b(?P<how>since|from|after|until|up to|by|before) (?:the )?(?P<day>{DAY})(?!\w)", re.IGNORECASE)
ON = re.compile(rf"\b{PIECES} (?:on|of|from) (?:the )?(?P<day>{DAY})(?!\w)", re.IGNORECASE)
WEEKDAY = re.compile(rf"\b(?P<how>since|from|after|until|before|{PIECES} on) (?:last )?(?P<day>{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
IN_MONTH = re.compile(
    rf"\b(?P<how>in|during|of|from|since|until|before|after) (?P<month>{MONTH})(?P<year>,? (?:of )?\d{{4}})?(?! ?\d|\w)", re.ASCII
)
AGO = re.compile(
    r"\b(?P<since>since )?(?:(?:in|over|during|from|within) )?(?:the )?"
    r"(?:(?P<one>yesterday|today)|(?P<which>last|past|previous|this) (?:(?P<count>\d{1,3}|[a-z]+) )?(?P<unit>day|week|month|year)s?)\b",
    re.IGNORECASE,
)
# "Since last week" and "in the past two days", where the question itself and no clause of it is spoken of.
FRAMED = re.compile(r"(?:since|in|over|during|within)\b", re.IGNORECASE)
CLAUSE = re.compile(r"[,;:]|\b(?:that|which|who|whose|whom|where|when|while|after|before|because|if|and)\b", re.IGNORECASE)
# What was printed before or after something that happened. Without a word of printing it is asked what happened after it, and who
# tells of that may have printed it at any time.
HAPPENING = re.compile(
    rf"\b(?:{PIECES}|reports?|said|says?|wrote|writes?|print|publish|cover)\b (?:[\w’'-]+ ){{0,8}}?"
    r"(?P<how>before|after|since) (?P<what>the (?:[\w’'-]+ ){0,4}?[\w’'-]+)(?=\s*(?:[?.,;!]|$))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both included, None for no limit; `words` are the question's, from `start` to `end`. `event` names what
    happened before or after which: its day is not known from the words."""

    since: date | None
    until: date | None
    words: str
    start: int
    end: int
    event: str = ""
    how: str = ""


def read_span(text: str, today: date, first: date | None = None, last: date | None = None) -> Span | None:
    """The first span that the text states. `first` and `last` are the days of the oldest and newest article: they complete a date
    without a year. Raises nothing: what is no day ("between 5 and 9 people", "February 31") is no span."""
    known = _Days(today, first, last)
    found: Span | None = None
    for pattern, read in ((BETWEEN, known.between), (ON, known.on), (SINCE, known.side), (WEEKDAY, known.weekday), (IN_MONTH, known.month),
                          (AGO, known.ago)):  # fmt: skip
        for match in pattern.finditer(text):
            days = read(match)
            loose = pattern in (IN_MONTH, AGO) and not _limits(text, match)
            if found is None and days is not None and any(days) and not loose and not (days[0] and days[1] and days[0] > days[1]):
                found = Span(*days, match[0], match.start(), match.end())
    if found:
        # Days beside it are compared with each other: then each only counts for the articles of its part.
        others = (match for match in re.finditer(rf"(?<!\w){DAY}(?!\w)", text, re.IGNORECASE))
        return None if any(match.end() <= found.start or match.start() >= found.end for match in others) else found
    told = HAPPENING.search(text)
    if told and not re.search(rf"\b{PIECES}\b|\breports?\b", told["what"], re.IGNORECASE) and terms(told["what"]):
        start = told.start("how")
        return Span(None, None, text[start : told.end()], start, told.end(), told["what"][4:], told["how"].lower())
    return None


Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class _Days:
    today: date
    first: date | None
    last: date | None

    def between(self, match: re.Match[str]) -> Days | None:
        first, last = match["first"], match["last"]
        named = [part for part in (first, last) if re.search(r"[A-Za-z]{3}|\d{4}-", part)]
        if not named:
            return None
        if len(named) == 1:  # "October 5 to 9", "5 to 9 October 2024"
            month = re.search(MONTH, named[0], re.IGNORECASE)
            year = re.search(r"\d{4}", named[0])
            if month is None:
                return None
            first, last = (f"{_number(part)} {month[0]} {year[0] if year else ''}".strip() for part in (first, last))
        elif (year := re.search(r"\d{4}", last)) and not re.search(r"\d{4}", first):
            first = f"{first} {year[0]}"
        days = (self.day(first), self.day(last))
        return days if all(days) else None

    def on(self, match: re.Match[str]) -> Days | None:
        day = self.day(match["day"])
        return (day, day) if day else None

    def side(self, match: re.Match[str]) -> Days | None:
        day = self.day(match["day"])
        return _side(match["how"], day, day) if day else None

    def weekday(self, match: re.Match[str]) -> Days | None:
        """The last one up to today."""
        back = (self.today.weekday() - WEEKDAYS.index(match["day"].lower())) % 7
        day = self.today - timedelta(days=back)
        return (day, day) if match["how"].lower().endswith(" on") else _side(match["how"], day, day)

    def month(self, match: re.Match[str]) -> Days | None:
        number = MONTHS.index(match["month"][:3].lower()) + 1
        written = re.search(r"\d{4}", match["year"] or "")
        year = int(written[0]) if written else self.year_of(number)
        if not year:
            return None
        first, last = date(year, number, 1), date(year, number, monthrange(year, number)[1])
        return (first, last) if match["how"].lower() in ("in", "during", "of", "from") else _side(match["how"], first, last)

    def ago(self, match: re.Match[str]) -> Days | None:
        since = bool(match["since"])
        if match["one"]:
            day = self.today - timedelta(days=match["one"].lower() == "yesterday")
            return (day, None if since else day)
        which, unit, written = match["which"].lower(), match["unit"].lower(), (match["count"] or "").lower()
        number = int(written) if written.isdigit() else NUMBERS.get(written, 0 if written else 1)
        if not number or (written and which == "this") or (unit == "day" and not written):
            return None
        if written or which == "past":  # the days up to today
            days = number * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
            return (self.today - timedelta(days=days), None if since else self.today)
        start = self._start(unit, self.today)
        if which == "this":
            return (start, None if since else self.today)
        return (self._start(unit, start - timedelta(days=1)), None if since else start - timedelta(days=1))

    @staticmethod
    def _start(unit: str, day: date) -> date:
        """Of the week (Monday), month or year of a day."""
        return {"week": day - timedelta(days=day.weekday()), "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[unit]

    def day(self, written: str) -> date | None:
        plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)|\bof ", "", written)
        if not re.search(r"\d{4}", plain):
            month = re.search(MONTH, plain, re.IGNORECASE)
            if month is None:
                return None
            plain = f"{plain} {self.year_of(MONTHS.index(month[0][:3].lower()) + 1)}"
        iso = moment(plain)
        return date.fromisoformat(iso[:10]) if iso else None

    def year_of(self, month: int) -> int:
        """The latest year in which the library has days of this month; else the last in which it was."""
        if self.first and self.last:
            for year in range(self.last.year, self.first.year - 1, -1):
                if (self.first.year, self.first.month) <= (year, month) <= (self.last.year, self.last.month):
                    return year
            return self.last.year
        return self.today.year - (month > self.today.month)


def _limits(text: str, match: re.Match[str]) -> bool:
    """Whether a month or "last week" is said of what was published: beside a word for that, where the question begins or ends, or, if it
    is "since last week" or "in the past days", in the question's own clause. Elsewhere inside it belongs to what is told ("the firm that
    grew last month and ..."); so does a year, wherever it stands."""
    # Pieces of the text, as there may be many such words in a long one.
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    if re.search(rf"\b{PIECES} $", before, re.IGNORECASE):
        return True
    asked = re.sub(r"^\W*\w+", "", text[: match.start()]) if match.start() <= 200 else ","
    if match.re is AGO and FRAMED.match(match[0]) and not CLAUSE.search(asked):
        return not match[0].lower().endswith(("year", "years"))
    at_edge = (match.start() <= 40 and not before.strip()) or (match.end() + 40 >= len(text) and not after.strip(" ?!."))
    return at_edge and not match[0].lower().endswith(("year", "years"))


def _number(written: str) -> str:
    """The day of the month in "October 5", "5th" or "5 October"."""
    match = re.search(r"\d{1,2}(?!\d)", re.sub(MONTH, "", written, flags=re.IGNORECASE))
    return match[0] if match else ""


def _side(how: str, first: date, last: date) -> Days:
    """What "since", "after", "until" or "before" something that took from `first` to `last` means."""
    how = how.lower()
    if how in ("since", "from"):
        return first, None
    if how == "after":
        return last + timedelta(days=1), None
    if how == "before":
        return None, first - timedelta(days=1)
    return None, last


class Searched(Protocol):
    def search_plan(self, plan: SearchPlan, *, limit: int = 10) -> list[Found]: ...


def dated(span: Span, library: Searched) -> tuple[Span, str]:
    """A span that an event limits, with the day of the article that is most about the event, and what there is to say of it.

    The day itself belongs to both sides: it is printed on the day of the event what was known before it, and what came after."""
    found = library.search_plan(SearchPlan.whole(span.event), limit=1)
    article = found[0].hit.article if found else None
    asked = set(terms(span.event))
    if article is None or article.day is None or not asked <= set(terms(f"{article.title.value or ''} {found[0].hit.text}")):
        return span, f"“{span.words}” is not taken as a limit: no dated article on “{span.event}” was found"
    since, until = (None, article.day) if span.how == "before" else (article.day, None)
    return replace(span, since=since, until=until), f"“{span.event}” is taken for {article.label}, {article.day}"

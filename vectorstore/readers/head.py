"""What the first lines of a text say of its headline, byline and date. All of it is found, none of it given."""

from __future__ import annotations

import re

from vectorstore.article import UNKNOWN, Field
from vectorstore.readers import metadata
from vectorstore.sentence import Span, paragraph_spans

# A headline is one short line that is not a sentence, above a body several times as long.
LONGEST_HEADLINE, LEAST_BODY = 150, 3
HEAD_LINES = 5
NAME = r"[A-Z][\w.’'-]+(?: (?:and |de |van |von )?[A-Z][\w.’'-]+){1,5}"
BYLINE = re.compile(rf"By ({NAME})")
DATE_LINE = re.compile(r"(?:(?:First )?(?:Published|Posted|Updated)(?: on| at)?:? )?(.*\b(?:1[4-9]|2[01])\d\d\b.*)", re.IGNORECASE)
# HALD, Torvany, March 14, 2025 (Pellwire) —
DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z.’' -]{2,40})(?:, (?P<more>[A-Z][\w. ]{2,30}?))?"
    r"(?:, (?P<date>[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?))?"
    r"(?: \((?P<agency>[A-Z][\w. ]{1,30})\))? ?(?:—|–|--|-) "
)


def title(text: str) -> Field:
    lines = paragraph_spans(text)
    if len(lines) < 2:
        return UNKNOWN
    first = lines[0]
    line = text[first.start : first.end]
    sentence = re.search(r"[.!?:;,…][”’\"')\]]*$", line) and not line.endswith(("?", "!"))
    long_enough = len(text) - first.end >= LEAST_BODY * len(line)
    if (
        not re.search(r"\w", line)
        or sentence
        or len(line) > LONGEST_HEADLINE
        or not long_enough
        or BYLINE.fullmatch(line)
        or _is_date(line)
    ):
        return UNKNOWN
    return Field(metadata.plain(line), "found", "first line", (first.start, first.end))


def author(text: str) -> Field:
    """The byline; without one, the agency that the dateline credits."""
    for span in _top(text):
        match = BYLINE.fullmatch(text, span.start, span.end)
        if match:
            return Field(match[1], "found", "byline", match.span(1))
    dateline = _dateline(text)
    if dateline and dateline["agency"]:
        return Field(dateline["agency"], "guessed", "dateline", dateline.span("agency"))
    return UNKNOWN


def published(text: str) -> Field:
    """A line that is a date, and the date of the dateline if it has a year: a year is never guessed."""
    candidates = []
    for span in _top(text):
        when = _is_date(text[span.start : span.end])
        if when:
            candidates.append(Field(when, "found", "date line", (span.start, span.end)))
            break
    dateline = _dateline(text)
    if dateline and dateline["date"]:
        when = metadata.moment(dateline["date"])
        candidates.append(Field(when, "found", "dateline", dateline.span("date")))
    return Field.of(candidates, metadata.same_time)


def _top(text: str) -> list[Span]:
    return paragraph_spans(text[: 20 * LONGEST_HEADLINE])[:HEAD_LINES]


def _dateline(text: str) -> re.Match[str] | None:
    matches = (DATELINE.match(text, span.start, span.end) for span in _top(text))
    return next((match for match in matches if match and (match["date"] or match["agency"])), None)


def _is_date(line: str) -> str | None:
    match = DATE_LINE.fullmatch(line) if len(line) <= 60 else None
    return metadata.moment(match[1]) if match else None

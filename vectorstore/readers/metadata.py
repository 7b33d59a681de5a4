"""Metadata values as they are given, made comparable. What cannot be understood stays unknown, with a note."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from urllib.parse import urlsplit

from dateutil import parser as dateutil_parser

LONGEST_VALUE = 1_000
NO_VALUE = {"", "-", "none", "null", "unknown", "n/a", "na", "nan"}
FIRST_YEAR, LAST_YEAR = 1400, 2200


def plain(value: object) -> str | None:
    """A value on one line without control characters, at most 1,000 characters; None for what says nothing."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return None
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", str(value))
    text = re.sub(r" {2,}", " ", text).strip()[:LONGEST_VALUE].strip()
    return None if text.lower() in NO_VALUE else text


def web_address(value: str) -> str | None:
    """The address if it is one of a web page, with a host."""
    try:
        parts = urlsplit(value)
        valid = parts.scheme.lower() in ("http", "https") and parts.hostname and (parts.port or 1) and " " not in value
    except ValueError:  # a port out of range, an unclosed bracket
        return None
    return value if valid else None


def language_code(value: str) -> str | None:
    """The ISO 639 code of "en", "en-US" or "pt_BR", without the region; None for anything else."""
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*", value)
    return match[1].lower() if match else None


def moment(value: str) -> str | None:
    """A date or time as ISO 8601, as precise as it was given; None if it is not one, or leaves out day, month or year."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{9,10}|[0-9]{12,13}", value):
        seconds = int(value) / (1000 if len(value) > 10 else 1)
        return _in_range(datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds"))
    year_first = re.match(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])", value)
    if year_first:
        value = "-".join(part.zfill(2) for part in year_first.groups()) + value[year_first.end() :]
    for read in (_day, _time):
        try:
            return _in_range(read(value))
        except ValueError:
            continue
    return _loose(value, year_first=bool(year_first))


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat()


def _time(value: str) -> str:
    return datetime.fromisoformat(value).isoformat(timespec="seconds")


def _loose(value: str, *, year_first: bool) -> str | None:
    """dateutil fills what is missing from a default and takes 3/4 for 4 March or 3 April: only what every reading agrees on
    was written. A time in a zone it doesn't know is left out."""
    if len(value) > 80 or not re.search(r"(?<![0-9])[12][0-9]{3}(?![0-9])", value):
        return None
    unknown_zones: list[str] = []

    def zone(name: str | None, offset: int | None) -> tzinfo | None:
        if offset is not None:
            return timezone(timedelta(seconds=offset))
        if name:
            unknown_zones.append(name)
        return None

    readings = []
    for default in (datetime(2000, 1, 1), datetime(2001, 2, 2, 2, 2)):
        for day_first in (False,) if year_first else (False, True):
            try:
                readings.append(dateutil_parser.parse(value, default=default, dayfirst=day_first, tzinfos=zone))
            except (ValueError, OverflowError, TypeError):
                return None
    if len({reading.date() for reading in readings}) > 1 or (year_first and readings[0].date().isoformat() != value[:10]):
        return None
    exact = len({reading.timetz() for reading in readings}) == 1 and not unknown_zones
    return _in_range(readings[0].isoformat(timespec="seconds") if exact else readings[0].date().isoformat())


def _in_range(iso: str) -> str | None:
    return iso if FIRST_YEAR <= int(iso[:4]) <= LAST_YEAR else None


def same_time(one: str, other: str) -> bool:
    """Whether two dates agree: the same minute, or the same day if one has no time of day (in its own zone or in UTC)."""
    if "T" in one and "T" in other:
        return _utc(one)[:16] == _utc(other)[:16]
    return bool({one[:10], _utc(one)[:10]} & {other[:10], _utc(other)[:10]})


def days_apart(one: str, other: str) -> int:
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)


def _utc(value: str) -> str:
    if "T" not in value:
        return value
    when = datetime.fromisoformat(value)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()

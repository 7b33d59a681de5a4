"""Hours of the day in a question ("at 5 pm", "before 09:00") and in what answers it. Articles are dated by the day, so no hour limits
a search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HOUR = re.compile(
    r"(?:\b(?P<how>at|around|about|by|before|after|since|until|till|from)\s+(?:about\s+|around\s+)?)?"
    r"(?<![\d.,:])(?P<time>(?P<h>[01]?\d|2[0-3])(?P<mark>[:.])(?P<m>[0-5]\d)(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"|(?P<hour>1[0-2]|[1-9])\s?(?P<half2>[ap])\.?m\b\.?|\bnoon\b|\bmidnight\b)(?![\w:]|[.,]\d)",
    re.IGNORECASE,
)
# What is said to happen "at" an hour may be told of some minutes before or after it.
NEAR_MINUTES = 10
SIDES = {
    "before": (None, -1),
    "by": (None, 0),
    "until": (None, 0),
    "till": (None, 0),
    "after": (1, None),
    "since": (0, None),
    "from": (0, None),
}


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day that is said, in minutes from midnight: anything from `first` to `last` fits; None for no limit."""

    words: str
    first: int | None
    last: int | None

    def fits(self, minute: int) -> bool:
        return (self.first is None or minute >= self.first) and (self.last is None or minute <= self.last)


def hours_in(text: str) -> tuple[Hour, ...]:
    return tuple(hour for _, hour in _hours(text))


def tells_hour(text: str, hours: tuple[Hour, ...]) -> bool:
    """Whether a time that the text gives fits one of these."""
    return any(hour.fits(minute) for minute, _ in _hours(text) for hour in hours)


def without_hours(text: str) -> str:
    """An hour may be written in several ways: by its figures little is found."""
    return HOUR.sub(lambda match: match[0] if _minute(match) is None else " ", text)


def _hours(text: str) -> Iterator[tuple[int, Hour]]:
    for match in HOUR.finditer(text):
        minute = _minute(match)
        if minute is None:
            continue
        sides = SIDES.get((match["how"] or "").lower(), (-NEAR_MINUTES, NEAR_MINUTES))
        yield minute, Hour(match[0], *(minute + side if side is not None else None for side in sides))


def _minute(match: re.Match[str]) -> int | None:
    """None for what is more likely another number ("4.30" by itself)."""
    if match["mark"] == "." and not match["how"] and not match["half"]:
        return None
    if match["time"].lower() in ("noon", "midnight"):
        return 12 * 60 * (match["time"].lower() == "noon")
    hour, half = int(match["h"] or match["hour"]), (match["half"] or match["half2"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    return 60 * (hour % 12 + 12 * (half == "p") if half else hour) + int(match["m"] or 0)

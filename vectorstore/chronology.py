"""Times of publication as they are stored: their order, and their days in words."""

from __future__ import annotations

from datetime import UTC, datetime

MONTHS = "January February March April May June July August September October November December".split()


def order(published: str | None, article_id: str) -> tuple[bool, str, str]:
    return published is None, sortable(published), article_id


def sortable(published: str | None) -> str:
    """Times of publication in UTC sort as text; a day without a time comes before the times of that day."""
    if not published:
        return ""
    if "T" not in published:
        return published
    when = datetime.fromisoformat(published)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def day_in_words(published: str | None) -> str:
    """As a question names it: 14 March 2025."""
    if not published:
        return ""
    year, month, day = published[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"

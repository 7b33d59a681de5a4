"""The rows of the events: what is known of each article, which event it is in, and the names events had before."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vectorstore.catalog import CURRENT
from vectorstore.database import Database, Value
from vectorstore.events.likeness import LONGEST_GAP, Floats, Known
from vectorstore.events.title import Title
from vectorstore.events.traits import Traits

# Enough characters for the words of a lead.
LEAD_TEXT = 4_000
# The first sentences, in which a headline's figures are looked for.
TITLE_TEXT = 600
TITLE, DAY = "json_extract(metadata, '$.title.value')", "substr(published, 1, 10)"
# CROSS JOIN: in this order. Left to itself SQLite goes through every text of the library to find the few that wait.
UNPLACED = "unplaced CROSS JOIN articles USING (article_id) CROSS JOIN versions USING (article_id, text_id)"
EARLIEST_FIRST = "ORDER BY published IS NULL, published, article_id"
TERM = np.dtype([("hash", "<u4"), ("count", "u1"), ("kind", "u1")])


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that is to be placed; `event` is the one it was in."""

    article_id: str
    text_id: str
    day: int | None
    outlet: str
    title: str | None
    start: str
    event: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """An article as the list of events shows it; without `event_id` it is not placed yet. `title` is the part of its headline that is the
    event's title."""

    article_id: str
    event_id: str | None
    outlet: str | None
    published: str | None
    headline: str | None
    title: tuple[int, int] | None


class EventStore:
    """Call what writes inside a transaction."""

    def __init__(self, database: Database):
        self._db = database

    def waiting(self, limit: int) -> list[Waiting]:
        """The earliest published first, those without a date last."""
        rows = self._db.rows(
            f"SELECT article_id, text_id, {DAY}, lower(ifnull(outlet, '')), {TITLE}, substr(text, 1, {LEAD_TEXT}), event "
            f"FROM {UNPLACED} CROSS JOIN texts USING (text_id) LEFT JOIN event_members USING (article_id) {EARLIEST_FIRST} LIMIT ?",
            (limit,),
        )
        return [Waiting(row[0], row[1], _ordinal(row[2]), *row[3:]) for row in rows]

    def days_waiting(self, limit: int) -> list[int | None]:
        """The days of the same, one each."""
        return [_ordinal(row[0]) for row in self._db.rows(f"SELECT {DAY} FROM {UNPLACED} {EARLIEST_FIRST} LIMIT ?", (limit,))]

    def any_waiting(self) -> bool:
        return bool(self._db.rows("SELECT 1 FROM unplaced LIMIT 1"))

    def count_placed(self, days: Collection[int | None]) -> int:
        """About how many articles `placed` would return."""
        condition, values = _within(days)
        return int(self._db.rows(f"SELECT count(*) FROM event_traits WHERE {condition}", values)[0][0])

    def placed(self, days: Collection[int | None]) -> list[tuple[str, int, Known]]:
        """(article, event, what is known of it) of every placed article of an event that could hold one of these days."""
        condition, values = _within(days)
        reached = f"SELECT event FROM event_members JOIN event_traits USING (article_id) WHERE {condition}"
        within = f"AND event IN ({reached})" if values else ""
        rows = self._db.rows(
            "SELECT article_id, event, day, outlet, weekdays, to_reader, terms, lead, likenesses "
            "FROM event_members JOIN event_traits USING (article_id) JOIN event_nearest USING (article_id) "
            f"WHERE article_id NOT IN (SELECT article_id FROM unplaced) {within} ORDER BY article_id",
            values,
        )
        return [
            (
                article_id,
                event,
                Known(_traits(terms, weekdays, to_reader), np.frombuffer(lead, "<f2"), day, outlet, np.frombuffer(near, "<f2")),
            )
            for article_id, event, day, outlet, weekdays, to_reader, terms, lead, near in rows
        ]

    def put_known(self, known: Mapping[str, Known]) -> None:
        self._db.write_all(
            "INSERT OR REPLACE INTO event_traits (article_id, day, outlet, weekdays, to_reader, terms, lead) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (article_id, item.day, item.outlet, item.traits.weekdays, item.traits.to_reader, _blob(item.traits), _half(item.lead))
                for article_id, item in known.items()
            ),
        )

    def put_nearest(self, nearest: Iterable[tuple[str, Floats]]) -> None:
        rows = ((article_id, _half(likenesses)) for article_id, likenesses in nearest)
        self._db.write_all("INSERT OR REPLACE INTO event_nearest VALUES (?, ?)", rows)

    def done(self, article_ids: Iterable[str]) -> None:
        self._db.write_all("DELETE FROM unplaced WHERE article_id = ?", ((article_id,) for article_id in article_ids))

    def place_all_anew(self) -> None:
        """Ids of events stay where their articles stay together."""
        for table in ("event_traits", "event_nearest", "unplaced"):
            self._db.write(f"DELETE FROM {table}")
        self._db.write("INSERT INTO unplaced SELECT article_id FROM articles")

    # Events and their names.

    def new_event(self, article_ids: Sequence[str], digest: str) -> int:
        """Named after its first article, or a later one if an event has or had that name."""
        for name in (*(article_id[:length] for article_id in article_ids for length in (8, 12, 16)), digest):
            if self.event_called("ev" + name) is None:
                return self._db.write("INSERT INTO events (event_id) VALUES (?)", ("ev" + name,))[1]
        raise AssertionError("a digest is new")

    def event_called(self, event_id: str) -> tuple[int, str] | None:
        """The event of this id or former id: its number and present id."""
        rows = self._db.rows(
            "SELECT number, event_id FROM events WHERE event_id = ? UNION SELECT number, events.event_id FROM event_aliases "
            "JOIN events ON number = event WHERE event_aliases.event_id = ?",
            (event_id, event_id),
        )
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def put_members(self, event: int, article_ids: Iterable[str]) -> None:
        rows = ((article_id, event) for article_id in article_ids)
        self._db.write_all("INSERT INTO event_members VALUES (?, ?) ON CONFLICT (article_id) DO UPDATE SET event = excluded.event", rows)

    def members(self, event: int) -> list[str]:
        return [str(row[0]) for row in self._db.rows("SELECT article_id FROM event_members WHERE event = ? ORDER BY article_id", (event,))]

    def became(self, lost: int, event: int) -> None:
        """An event without articles goes on as a former name of another one."""
        self._db.write("UPDATE event_aliases SET event = ? WHERE event = ?", (event, lost))
        self._db.write("INSERT INTO event_aliases SELECT event_id, ? FROM events WHERE number = ?", (event, lost))
        self._db.write("DELETE FROM events WHERE number = ?", (lost,))

    def drop_empty(self) -> None:
        self._db.write("DELETE FROM events WHERE number NOT IN (SELECT event FROM event_members)")

    def entitle(self, event: int, title: Title) -> None:
        values = (title.article_id, title.start, title.end, event)
        self._db.write("UPDATE events SET title_from = ?, title_start = ?, title_end = ? WHERE number = ?", values)

    # Reading.

    def headlines(self, article_ids: Collection[str]) -> dict[str, tuple[str | None, str]]:
        """Headline and first words of each."""
        rows = self._db.rows(
            f"SELECT article_id, {TITLE}, substr(text, 1, {TITLE_TEXT}) FROM {CURRENT} JOIN texts USING (text_id) "
            "WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(article_ids)),),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def listed(self) -> list[Member]:
        rows = self._db.rows(
            f"SELECT article_id, event_id, outlet, published, {TITLE}, title_from IS article_id, title_start, title_end "
            f"FROM {CURRENT} LEFT JOIN event_members USING (article_id) LEFT JOIN events ON events.number = event"
        )
        return [Member(row[0], row[1], row[2], row[3], row[4], (row[6], row[7]) if row[5] else None) for row in rows]


def _ordinal(day: str | None) -> int | None:
    return date.fromisoformat(day).toordinal() if day else None


def _within(days: Collection[int | None]) -> tuple[str, list[Value]]:
    """The condition that an article can be of one event with one of these days; without a day it can be of any."""
    if None in days:
        return "TRUE", []
    numbers = [day for day in days if day is not None]
    return "(day IS NULL OR day BETWEEN ? AND ?)", [min(numbers) - LONGEST_GAP, max(numbers) + LONGEST_GAP]


def _blob(traits: Traits) -> bytes:
    table = np.zeros(len(traits.terms), TERM)
    table["hash"], table["count"], table["kind"] = traits.terms, traits.counts, traits.kinds
    return table.tobytes()


def _traits(blob: bytes, weekdays: int, to_reader: int) -> Traits:
    table = np.frombuffer(blob, TERM)
    return Traits(table["hash"], table["count"], table["kind"], weekdays, bool(to_reader))


def _half(values: Floats) -> bytes:
    """In half precision, as it is stored."""
    return values.astype("<f2").tobytes()

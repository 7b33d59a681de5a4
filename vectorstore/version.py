"""The versions of an article: in which order they stand, and which of them could be read on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.article import Article
from vectorstore.chronology import sortable


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an article, where it was read first and when. `number` counts the article's versions from 1, the current one last."""

    number: int
    article: Article
    seen: str
    path: str
    line: int | None
    current: bool

    @property
    def stated(self) -> str | None:
        """The time that the article gives for this text: when it was changed, else when it was published."""
        return self.article.modified.value or self.article.published.value


@dataclass(frozen=True, slots=True)
class Dated:
    """A stored version without its text: the number of its row, the time stated for it and the time it was first seen."""

    row: int
    article_id: str
    stated: str | None
    seen: str

    @property
    def place(self) -> tuple[str, int]:
        """Versions stand in the order of their stated times, those without one first; then as they came."""
        return sortable(self.stated), self.row


def current_of(versions: Iterable[Dated]) -> Dated:
    return max(versions, key=lambda version: version.place)


def rows_on(day: date, versions: Sequence[Dated]) -> list[int]:
    """For every article that could be read on that day, the row of the version that stood then.

    The first version with a stated time counts from then. Later ones with the same time must have come after it, and nobody knows
    when: they count from when they were first seen, and so does a version without a time. Articles without any time are left out.
    """
    by_article: dict[str, list[Dated]] = {}
    for version in sorted(versions, key=lambda version: version.row):
        by_article.setdefault(version.article_id, []).append(version)
    found = []
    for several in by_article.values():
        if not any(version.stated for version in several):
            continue
        stated: set[str] = set()
        visible = []
        for version in several:
            first = version.stated is not None and sortable(version.stated) not in stated
            stated.add(sortable(version.stated))
            if _day(version.stated if first and version.stated else version.seen) <= day.isoformat():
                visible.append(version)
        if visible:
            found.append(current_of(visible).row)
    return found


def _day(time: str) -> str:
    """The day as it is written, where a time of publication is meant as its readers read it; stored times are in UTC."""
    return time[:10]


def in_order(rows: Iterable[tuple[Dated, Article, str, int | None]], current_text_id: str) -> list[Version]:
    """Versions with the path and line that each was read from, numbered."""
    ordered = sorted(rows, key=lambda row: row[0].place)
    return [
        Version(number, article, dated.seen, path, line, article.text_id == current_text_id)
        for number, (dated, article, path, line) in enumerate(ordered, 1)
    ]

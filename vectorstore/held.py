"""What a search holds in memory, by number: who prints which text, the passages, and scores of them. Each also answers as the plain
mapping or list that it stands for; the functions at the end take either."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from vectorstore.catalog import PassageRow, Printed
from vectorstore.scope import EVERYTHING, Scope

Mask = NDArray[np.bool_]


class Printings:
    """The current versions in the order of publication; texts have numbers."""

    def __init__(self, ordered: Sequence[Printed]):
        self.ordered = ordered
        self.by_text: dict[str, list[Printed]] = {}
        for one in ordered:
            self.by_text.setdefault(one.text_id, []).append(one)
        self.text_numbers = {text_id: number for number, text_id in enumerate(self.by_text)}
        self.outlets = list(dict.fromkeys(one.outlet for one in ordered))
        outlet_numbers = {outlet: number for number, outlet in enumerate(self.outlets)}
        self.text_of = np.array([self.text_numbers[one.text_id] for one in ordered], np.int32)
        self.outlet_of = np.array([outlet_numbers[one.outlet] for one in ordered], np.int32)
        self._article_numbers = {one.article_id: number for number, one in enumerate(ordered)}
        # As texts, so that they compare as a scope compares them; -1 for none.
        self._days = sorted({one.published[:10] for one in ordered if one.published is not None})
        day_numbers = {day: number for number, day in enumerate(self._days)}
        self._day_of = np.array([-1 if one.published is None else day_numbers[one.published[:10]] for one in ordered], np.int32)
        self._everything = PrintedTexts(self, EVERYTHING, np.arange(len(ordered)))

    def within(self, scope: Scope) -> PrintedTexts:
        if scope.everything:
            return self._everything
        inside = np.ones(len(self.ordered), np.bool_)
        if scope.article_ids is not None:
            named = [self._article_numbers[name] for name in scope.article_ids if name in self._article_numbers]
            inside[:] = False
            inside[named] = True
        if scope.outlets is not None:
            inside &= self.printed_by(scope.outlets)
        if scope.since is not None:
            inside &= self._day_of >= bisect_left(self._days, scope.since.isoformat())
        if scope.until is not None:
            inside &= self._day_of < bisect_right(self._days, scope.until.isoformat())
        if scope.since is not None or scope.until is not None:
            inside &= self._day_of >= 0
        return PrintedTexts(self, scope, np.flatnonzero(inside))

    def printed_by(self, outlets: Collection[str | None]) -> Mask:
        """Which articles are."""
        return np.array([outlet in outlets for outlet in self.outlets], np.bool_)[self.outlet_of]


class PrintedTexts(Mapping[str, Sequence[Printed]]):
    """By text id, the articles in a scope that print it, the earliest first. `articles` are their numbers."""

    def __init__(self, printings: Printings, scope: Scope, articles: NDArray[np.intp]):
        self.printings = printings
        self._scope, self._articles = scope, articles

    def __getitem__(self, text_id: str) -> Sequence[Printed]:
        found = [one for one in self.printings.by_text[text_id] if self._scope.holds(one.article_id, one.outlet, one.published)]
        if not found:
            raise KeyError(text_id)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self.printings.ordered[number].text_id for number in self._articles.tolist()))

    def __len__(self) -> int:
        return int(np.count_nonzero(self.texts))

    def in_order(self) -> Sequence[Printed]:
        """The articles, in the order of publication."""
        every = self.printings.ordered
        return every if len(self._articles) == len(every) else [every[number] for number in self._articles.tolist()]

    @cached_property
    def texts(self) -> Mask:
        """By text number, whether it is one of them."""
        return self._texts(self._articles)

    def texts_by(self, outlets: Collection[str | None]) -> Mask:
        """The same, of those that one of these outlets prints."""
        return self._texts(self._articles[self.printings.printed_by(outlets)[self._articles]])

    def _texts(self, articles: NDArray[np.intp]) -> Mask:
        found = np.zeros(len(self.printings.text_numbers), np.bool_)
        found[self.printings.text_of[articles]] = True
        return found

    @cached_property
    def first_outlets(self) -> frozenset[str | None]:
        _, first = np.unique(self.printings.text_of[self._articles], return_index=True)
        numbers = np.unique(self.printings.outlet_of[self._articles[first]])
        return frozenset(self.printings.outlets[number] for number in numbers.tolist())


class HeldPassages:
    """Those of all current versions in the order of their ids, their vectors row by row, their numbers in the catalog, and of which text
    each is."""

    def __init__(self, rows: Sequence[PassageRow], numbers: NDArray[np.int64], vectors: NDArray[np.float32], printings: Printings):
        self.rows, self.numbers, self.vectors = rows, numbers, vectors
        self.printings = printings
        self.by_id = {row.passage_id: position for position, row in enumerate(rows)}
        self.text_of = np.array([printings.text_numbers[row.text_id] for row in rows], np.int32)
        # By number, -1 for one that is of no current version.
        self._position_of = np.full(int(numbers.max(initial=0)) + 1, -1, np.int32)
        self._position_of[numbers] = np.arange(len(rows), dtype=np.int32)

    def numbered(self, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
        """Their positions, -1 for one of no current version."""
        found = np.full(len(numbers), -1, np.int32)
        known = numbers < len(self._position_of)  # a text that is no longer current may be newer than all others
        found[known] = self._position_of[numbers[known]]
        return found

    def places(self, scores: Mapping[str, float]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Positions of the passages with a score, and the scores."""
        if isinstance(scores, HeldScores) and scores.passages is self:
            return scores.positions, scores.values_found
        known = [(self.by_id[name], score) for name, score in scores.items() if name in self.by_id]
        return np.array([place for place, _ in known], np.intp), np.array([score for _, score in known], np.float64)

    def texts(self, text_ids: Collection[str]) -> Mask:
        """By text number, whether it is one of these."""
        if isinstance(text_ids, PrintedTexts) and text_ids.printings is self.printings:
            return text_ids.texts
        found = np.zeros(len(self.printings.text_numbers), np.bool_)
        found[[number for number in map(self.printings.text_numbers.get, text_ids) if number is not None]] = True
        return found


class HeldScores(Mapping[str, float]):
    """Scores by passage id in the order given."""

    def __init__(self, passages: HeldPassages, positions: NDArray[np.intp], scores: NDArray[np.float64]):
        self.passages, self.positions, self.values_found = passages, positions, scores

    @cached_property
    def _by_id(self) -> dict[str, float]:
        names = (self.passages.rows[position].passage_id for position in self.positions.tolist())
        return dict(zip(names, self.values_found.tolist(), strict=True))

    def __getitem__(self, passage_id: str) -> float:
        return self._by_id[passage_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self.positions)


class HeldRows(Sequence[PassageRow]):
    """The rows at these positions, in order, or all of them."""

    def __init__(self, passages: HeldPassages, positions: NDArray[np.intp] | None = None):
        self._passages, self._positions = passages, positions

    @overload
    def __getitem__(self, place: int) -> PassageRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PassageRow]: ...
    def __getitem__(self, place: int | slice) -> PassageRow | Sequence[PassageRow]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._passages.rows[place if self._positions is None else self._positions[place]]

    def __len__(self) -> int:
        return len(self._passages.rows) if self._positions is None else len(self._positions)

    def aligned(self, scores: Mapping[str, float]) -> NDArray[np.float64]:
        positions, values = self._passages.places(scores)
        found = np.zeros(len(self._passages.rows), np.float64)
        found[positions] = values
        return found if self._positions is None else found[self._positions]

    def of_texts(self, texts: Mask) -> Mask:
        """Which rows are, by the texts' numbers."""
        of_row = self._passages.text_of
        return texts[of_row if self._positions is None else of_row[self._positions]]

    def texts(self, text_ids: Collection[str]) -> Mask:
        return self._passages.texts(text_ids)


def aligned(scores: Mapping[str, float], rows: Sequence[PassageRow]) -> NDArray[np.float64]:
    """Of every row its score by passage id, 0 without one."""
    if isinstance(rows, HeldRows):
        return rows.aligned(scores)
    return np.array([scores.get(row.passage_id, 0.0) for row in rows], np.float64)


def of_texts(text_ids: Collection[str], rows: Sequence[PassageRow]) -> Mask:
    """Which rows are of these texts."""
    if isinstance(rows, HeldRows):
        return rows.of_texts(rows.texts(text_ids))
    return np.array([row.text_id in text_ids for row in rows], np.bool_)


def of_outlets(outlets: Collection[str | None], rows: Sequence[PassageRow], printed: Mapping[str, Sequence[Printed]]) -> Mask:
    """Which rows are of a text that one of these outlets prints."""
    if isinstance(rows, HeldRows) and isinstance(printed, PrintedTexts):
        return rows.of_texts(printed.texts_by(outlets))
    return of_texts({text_id for text_id, several in printed.items() if any(one.outlet in outlets for one in several)}, rows)


def first_outlets(printed: Mapping[str, Sequence[Printed]]) -> frozenset[str | None]:
    """Those that print a text first."""
    if isinstance(printed, PrintedTexts):
        return printed.first_outlets
    return frozenset(first.outlet for first, *_ in printed.values())

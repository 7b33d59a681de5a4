"""The reading side of a catalog for searches, held in memory: the passages of the current versions with their vectors, who prints which
text, and how well each word that was asked for fits each passage.

Everything is read again once the catalog has changed, by this process or another, so a search sees what a search of the file would
see. What it answers is the same to the last bit: the vectors and the scores of single words are SQLite's own, and a score of several
words is their sum in the order in which FTS5 adds them up.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.catalog import Catalog, Printed
from vectorstore.passage_store import HeldRows
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.word_scores import WordScores

# Of the words' scores at most so many are held, 12 bytes each; a word counts as so many more for itself. The words that were not asked
# for the longest go first. At 100,000 passages of news all words together have about 12 million scores.
MOST_SCORES, SCORES_PER_WORD = 8_000_000, 100

# Of how many words it is known in how many passages they stand.
MOST_COUNTS = 50_000

Key = TypeVar("Key")
Found = tuple[HeldRows, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Passages:
    """In the order of their ids. `positions` are by passage number, -1 for one that is of no current version."""

    rows: HeldRows
    vectors: NDArray[np.float32]
    numbers: NDArray[np.int64]
    positions: NDArray[np.int32]
    by_id: dict[str, int]
    of_text: dict[str, list[int]]


class _Printing:
    """The current versions in the order of publication, and where to find those of an article, an outlet or a day."""

    def __init__(self, by_text: dict[str, list[Printed]], ordered: Sequence[Printed]):
        self.by_text = by_text
        self._ordered = ordered
        self._of_article: dict[str, list[int]] = {}
        self._of_outlet: dict[str | None, list[int]] = {}
        self._of_day: dict[str, list[int]] = {}
        for number, one in enumerate(ordered):
            self._of_article.setdefault(one.article_id, []).append(number)
            self._of_outlet.setdefault(one.outlet, []).append(number)
            if one.published:
                self._of_day.setdefault(one.published[:10], []).append(number)

    def within(self, scope: Scope) -> Iterable[Printed]:
        numbers: Iterable[int]
        if scope.article_ids is not None:
            numbers = _all_of(self._of_article, scope.article_ids)
        elif scope.since is not None and scope.since == scope.until:
            numbers = self._of_day.get(scope.since.isoformat(), ())
        elif scope.outlets is not None:
            numbers = _all_of(self._of_outlet, scope.outlets)
        else:
            numbers = range(len(self._ordered))
        return (one for one in map(self._ordered.__getitem__, numbers) if scope.holds(one.article_id, one.outlet, one.published))


def _all_of(numbers: Mapping[Key, list[int]], keys: Iterable[Key]) -> list[int]:
    return sorted(number for key in keys for number in numbers.get(key, ()))


class WarmCatalog:
    """Answers as the catalog does for scopes that look at the present. Call `refresh` first, inside the snapshot that is read."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._state: object = None
        self._word_scores = WordScores(catalog.database)
        self._forget()

    def _forget(self) -> None:
        self._passages: _Passages | None = None
        self._printing: _Printing | None = None
        self._words: OrderedDict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] = OrderedDict()
        self._held_scores = 0
        self._last: tuple[Collection[str], list[int]] | None = None
        self._holders: dict[str, int] = {}
        self._count: int | None = None
        self._word_scores.forget()

    def refresh(self) -> None:
        state = self._catalog.database.state()
        if state != self._state:
            self._forget()
            self._state = state

    # Who prints what.

    def printed(self, scope: Scope) -> dict[str, list[Printed]]:
        """By text id, the articles in scope that print it, the earliest first."""
        printing = self._printing or self._read_printing()
        if scope.everything:
            return printing.by_text
        found: dict[str, list[Printed]] = {}
        for one in printing.within(scope):
            found.setdefault(one.text_id, []).append(one)
        return found

    def _read_printing(self) -> _Printing:
        ordered = self._catalog.printed_in_order(EVERYTHING)
        by_text: dict[str, list[Printed]] = {}
        for one in ordered:
            by_text.setdefault(one.text_id, []).append(one)
        self._printing = _Printing(by_text, ordered)
        return self._printing

    # Passages.

    def passages_of(self, text_ids: Collection[str] | None = None) -> Found:
        """The passages of these texts (of all current versions if None) and their vectors, in the order of their ids."""
        held = self._passages or self._read_passages()
        if text_ids is None:
            return held.rows, held.vectors
        return self._at(self._positions(text_ids, held))

    def passages_named(self, passage_ids: Collection[str]) -> Found:
        """Those of current versions."""
        held = self._passages or self._read_passages()
        return self._at(sorted(held.by_id[name] for name in passage_ids if name in held.by_id))

    def passages_after(self, number: int) -> list[str]:
        """Ids of the passages with a greater number."""
        held = self._passages or self._read_passages()
        return [held.rows[position].passage_id for position in np.flatnonzero(held.numbers > number)]

    def _positions(self, text_ids: Collection[str], held: _Passages) -> list[int]:
        """Of all passages of these texts. One search asks for the same texts several times: the last answer is kept."""
        if self._last is None or self._last[0] is not text_ids:
            self._last = text_ids, _all_of(held.of_text, text_ids)
        return self._last[1]

    def _at(self, positions: list[int]) -> Found:
        held = self._passages or self._read_passages()
        return HeldRows((held.rows[position] for position in positions), held.by_id, positions), held.vectors[positions]

    def _read_passages(self) -> _Passages:
        rows, numbers, vectors = self._catalog.current_passages()
        of_text: dict[str, list[int]] = {}
        for position, row in enumerate(rows):
            of_text.setdefault(row.text_id, []).append(position)
        positions = np.full(int(numbers.max(initial=0)) + 1, -1, np.int32)
        positions[numbers] = np.arange(len(rows), dtype=np.int32)
        by_id = {row.passage_id: position for position, row in enumerate(rows)}
        self._passages = _Passages(HeldRows(rows, by_id), vectors, numbers, positions, by_id, of_text)
        return self._passages

    # Words.

    def lexical(self, terms: Sequence[str], limit: int, text_ids: Collection[str] | None = None) -> dict[str, float]:
        """BM25 score by passage id, of at most `limit` passages that hold any of the terms. Higher is better."""
        held = self._passages or self._read_passages()
        scores = np.zeros(len(held.rows), np.float64)
        for term in terms:
            positions, of_term = self._scores(term, held)
            scores[positions] += of_term
        if text_ids is not None:
            inside = np.zeros(len(held.rows), np.bool_)
            inside[self._positions(text_ids, held)] = True
            scores[~inside] = 0.0
        found = np.flatnonzero(scores)
        if len(found) > limit:
            # Of equal scores at the limit, the first ids are taken, as everywhere.
            least = np.partition(scores[found], len(found) - limit)[len(found) - limit]
            above, equal = found[scores[found] > least], found[scores[found] == least]
            found = np.concatenate([above, equal[: limit - len(above)]])
        found = found[np.lexsort((found, -scores[found]))]
        return {held.rows[position].passage_id: score for position, score in zip(found.tolist(), scores[found].tolist(), strict=True)}

    def passage_count(self) -> int:
        """Of all versions."""
        if self._count is None:
            self._count = self._catalog.passage_count()
        return self._count

    def holders(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands, as the catalog counts them."""
        unknown = [term for term in terms if term not in self._holders]
        if len(self._holders) + len(unknown) > MOST_COUNTS:
            self._holders, unknown = {}, list(terms)
        self._holders |= self._catalog.holders(unknown)
        return {term: self._holders[term] for term in terms}

    def _scores(self, term: str, held: _Passages) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Positions of the passages that hold the term, and its score in each."""
        known = self._words.get(term)
        if known is not None:
            self._words.move_to_end(term)
            return known
        numbers, scores = self._word_scores.of(term)
        self._holders[term] = len(numbers)
        if len(numbers) and numbers.max() >= len(held.positions):  # of a text that is no longer current, and newer than all others
            held_numbers = numbers < len(held.positions)
            numbers, scores = numbers[held_numbers], scores[held_numbers]
        positions = held.positions[numbers]
        current = positions >= 0
        self._words[term] = positions[current], scores[current]
        self._held_scores += _size(term, self._words[term][0])
        while self._held_scores > MOST_SCORES and len(self._words) > 1:
            oldest, (of_oldest, _) = self._words.popitem(last=False)
            self._held_scores -= _size(oldest, of_oldest)
        return self._words[term]


def _size(term: str, positions: NDArray[np.int32]) -> int:
    return len(positions) + len(term) + SCORES_PER_WORD

"""The reading side of a catalog for searches, held in memory: the passages of the current versions with their vectors, who prints which
text, and how well each word that was asked for fits each passage.

Everything is read again once the catalog has changed, by this process or another, so a search sees what a search of the file would
see. What it answers is the same to the last bit: the vectors and the scores of single words are SQLite's own, and a score of several
words is their sum in the order in which FTS5 adds them up.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.catalog import Catalog, Printed
from vectorstore.held import HeldPassages, HeldRows, HeldScores, PrintedTexts, Printings
from vectorstore.scope import EVERYTHING, Scope
from vectorstore.search import NO_TERMS
from vectorstore.word_scores import WordScores

# Of the words' scores at most so many are held, 12 bytes each; a word counts as so many more for itself. The words that were not asked
# for the longest go first. At 100,000 passages of news all words together have about 12 million scores.
MOST_SCORES, SCORES_PER_WORD = 8_000_000, 100

# Of how many words it is known in how many passages they stand.
MOST_COUNTS = 50_000

Found = tuple[HeldRows, NDArray[np.float32]]


class WarmCatalog:
    """Answers as the catalog does for scopes that look at the present. Call `refresh` first, inside the snapshot that is read."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._state: object = None
        self._word_scores = WordScores(catalog.database)
        self._forget()

    def _forget(self) -> None:
        self._passages_read: HeldPassages | None = None
        self._printings_read: Printings | None = None
        self._words: OrderedDict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] = OrderedDict()
        self._held_scores = 0
        self._last: tuple[Collection[str], NDArray[np.intp]] | None = None
        self._holders: dict[str, int] = {}
        self._count: int | None = None
        self._word_scores.forget()

    def refresh(self) -> None:
        state = self._catalog.database.state()
        if state != self._state:
            self._forget()
            self._state = state

    @property
    def _printings(self) -> Printings:
        if self._printings_read is None:
            self._printings_read = Printings(self._catalog.printed_in_order(EVERYTHING))
        return self._printings_read

    @property
    def _passages(self) -> HeldPassages:
        if self._passages_read is None:
            rows, numbers, vectors = self._catalog.current_passages()
            self._passages_read = HeldPassages(rows, numbers, vectors, self._printings)
        return self._passages_read

    def printed(self, scope: Scope) -> PrintedTexts:
        """By text id, the articles in scope that print it, the earliest first."""
        return self._printings.within(scope)

    def printed_in_order(self, scope: Scope) -> Sequence[Printed]:
        """The articles in scope in the order of publication; those without a date last."""
        return self._printings.within(scope).in_order()

    def passages_of(self, text_ids: Collection[str] | None = None) -> Found:
        """The passages of these texts (of all current versions if None) and their vectors, in the order of their ids."""
        held = self._passages
        if text_ids is None:
            return HeldRows(held), held.vectors
        return self._at(self._positions(text_ids))

    def candidates(self, passage_ids: Iterable[str], scored: Sequence[Mapping[str, float]], after: int) -> Found:
        """Those of these ids, those with a score, and those with a number greater than `after`."""
        held = self._passages
        chosen = held.numbers > after
        chosen[[held.by_id[name] for name in passage_ids if name in held.by_id]] = True
        for scores in scored:
            chosen[held.places(scores)[0]] = True
        return self._at(np.flatnonzero(chosen))

    def lacks(self, passage_ids: Collection[str], through: int) -> bool:
        """Whether a passage of a current version, with a number up to `through`, is not among these."""
        held = self._passages
        missing = held.numbers <= through
        missing[[held.by_id[name] for name in passage_ids if name in held.by_id]] = False
        return bool(missing.any())

    def _positions(self, text_ids: Collection[str]) -> NDArray[np.intp]:
        """Of all passages of these texts. One search asks for the same texts several times: the last answer is kept."""
        if self._last is None or self._last[0] is not text_ids:
            self._last = text_ids, np.flatnonzero(self._passages.texts(text_ids)[self._passages.text_of])
        return self._last[1]

    def _at(self, positions: NDArray[np.intp]) -> Found:
        return HeldRows(self._passages, positions), self._passages.vectors[positions]

    def lexical(self, terms: Sequence[str], limit: int, text_ids: Collection[str] | None = None) -> HeldScores:
        """BM25 score by passage id, of at most `limit` passages that hold any of the terms. Higher is better, the best first."""
        scores = np.zeros(len(self._passages.rows), np.float64)
        for term in terms:
            positions, of_term = self._scores(term)
            scores[positions] += of_term
        if text_ids is None:
            found = np.flatnonzero(scores)
        else:
            inside = self._positions(text_ids)
            found = inside[scores[inside] != 0.0]
        if len(found) > limit:
            # Of equal scores at the limit, the first ids are taken, as everywhere.
            least = np.partition(scores[found], len(found) - limit)[len(found) - limit]
            above, equal = found[scores[found] > least], found[scores[found] == least]
            found = np.concatenate([above, equal[: limit - len(above)]])
        found = found[np.lexsort((found, -scores[found]))]
        return HeldScores(self._passages, found, scores[found])

    def texts_titled(self, words: str) -> frozenset[str]:
        """The texts of current versions that were printed under a headline with these words in a row. The lexicon is asked only if
        a passage has all of these words: it takes long to find that no headline has them."""
        held = np.ones(len(self._passages.rows), np.bool_)
        telling = (word for word in re.findall(r"[^\W_]{2,}", words) if word.isascii() and word.lower() not in NO_TERMS)
        for word in telling:
            having = np.zeros_like(held)
            having[self._scores(word.lower())[0]] = True
            held &= having
            if not held.any():
                return frozenset()
        return self._catalog.texts_titled(words)

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

    def _scores(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Positions of the passages that hold the term, and its score in each."""
        known = self._words.get(term)
        if known is not None:
            self._words.move_to_end(term)
            return known
        numbers, scores = self._word_scores.of(term)
        self._holders[term] = len(numbers)
        positions = self._passages.numbered(numbers)
        current = positions >= 0
        self._words[term] = positions[current], scores[current]
        self._held_scores += _size(term, self._words[term][0])
        while self._held_scores > MOST_SCORES and len(self._words) > 1:
            oldest, (of_oldest, _) = self._words.popitem(last=False)
            self._held_scores -= _size(oldest, of_oldest)
        return self._words[term]


def _size(term: str, positions: NDArray[np.int32]) -> int:
    return len(positions) + len(term) + SCORES_PER_WORD

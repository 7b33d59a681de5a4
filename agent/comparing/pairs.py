"""What the other pairs of an event say about a pair of sentences: their neighbours, and a third article that has both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Pairs:
    """Candidate pairs of sentences, `first < second`, in order, each of two articles. `articles` has the article of each sentence."""

    def __init__(self, articles: Numbers, first: Numbers, second: Numbers) -> None:
        self.articles, self.first, self.second = articles, first, second
        self._keys = first * len(articles) + second
        # Each pair from both of its ends: (sentence, partner, pair), by sentence.
        ends, partners = np.concatenate([first, second]), np.concatenate([second, first])
        order = np.lexsort((partners, ends))
        self._ends, self._partners = ends[order], partners[order]
        self._pair = np.tile(np.arange(len(first)), 2)[order]
        self._bounds = np.searchsorted(self._ends, np.arange(len(articles) + 1))

    def __len__(self) -> int:
        return len(self.first)

    def lookup(self, values: Floats, by_first: int, by_second: int) -> Floats:
        """The values of the pairs of the sentences so many places on, within the same articles; 0 where there is none."""
        count = len(self.articles)
        one, other = self.first + by_first, self.second + by_second
        inside = (one >= 0) & (one < count) & (other >= 0) & (other < count)
        here, there = np.clip(one, 0, count - 1), np.clip(other, 0, count - 1)
        inside &= (self.articles[here] == self.articles[self.first]) & (self.articles[there] == self.articles[self.second])
        keys = here * count + there
        place = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
        inside &= self._keys[place] == keys
        return np.where(inside, values[place], 0.0)

    def third(self, values: Floats) -> Floats:
        """How well some sentence of a third article goes with both: the lesser of its two values."""
        found = np.zeros(len(self))
        row = np.zeros(len(self.articles))
        mine = values[self._pair]
        for sentence in range(len(self.articles)):
            begin, end = self._bounds[sentence], self._bounds[sentence + 1]
            partners, pairs = self._partners[begin:end], self._pair[begin:end]
            row[partners] = mine[begin:end]
            for partner, pair in zip(partners.tolist(), pairs.tolist(), strict=True):
                if partner < sentence:
                    continue
                low, high = self._bounds[partner], self._bounds[partner + 1]
                others = self._partners[low:high]
                through = np.minimum(row[others], mine[low:high])
                through = through[self.articles[others] != self.articles[sentence]]
                found[pair] = through.max(initial=0.0)
            row[partners] = 0.0
        return found

"""How likely it is that two articles report one event: evidence of words, names, numbers, vectors and days, added up.

The sums are logits: 0 means as likely as not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.events.traits import IN_TITLE, IS_NAME, IS_NUMBER, Traits

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# A word's weight is the logarithm of its rarity among the articles at hand and this many imagined ones that lack it, so that what all of
# three articles have in common still tells something.
IMAGINED = 300
# Fewer names than these (in rarity) are no share to speak of; more numbers than these add nothing; nobody rests on less than TINY.
LEAST_NAMES, NUMBER_UNIT, MOST_NUMBERS, TINY = 5.0, 10.0, 2.0, 1e-6
# How crowded the neighbourhood of an article is: its mean likeness in words to its 8th to 30th nearest article. Running stories have
# crowded ones, and there the same likeness means less. Bounded, so that an event of a hundred outlets is not taken for a running story.
CROWD_FROM, CROWD_TO, LEAST_CROWD, MOST_CROWD = 7, 30, 0.07, 0.10
# Days between two articles that are near, that are away, and that no event spans.
NEAR, AWAY, LONGEST_GAP = 1, 4, 14
# Pairs whose texts share fewer words than this, and whose headlines fewer than that, are UNLIKE, and so are days that no event spans:
# features of one kind have alike vectors and come on one day, and are no event.
LEAST_WORDS, LEAST_TITLE, UNLIKE = 0.10, 0.15, -4.0
# Logistic regression over the pairs of the AllSides groups (856 snippets, 294 groups). Fitted on half of the groups and tried on the other
# half they group as well as fitted on all; see docs/decisions/0009-events.md. They belong to the vectors of MiniLM.
WEIGHTS = {
    "vectors": 5.3,
    "words": 8.3,
    "title": 2.8,
    "names": 0.8,
    "numbers": 1.0,
    "near": 1.6,
    "away": -2.8,
    "other weekday": -2.1,
    "crowd": -118.0,
}
CONSTANT = 2.4


@dataclass(frozen=True, slots=True)
class Known:
    """What the likeness needs of one article. `day` is an ordinal; `nearest` are its highest likenesses in words so far, the best first."""

    traits: Traits
    lead: Floats
    day: int | None
    nearest: Floats


class Surroundings:
    """Articles side by side, numbered in the order given."""

    def __init__(self, articles: Sequence[Known], whole: Surroundings | None = None):
        """With `whole`, a word is as rare as it is there."""
        self.articles, self.count = articles, len(articles)
        count = self.count
        sizes = np.array([len(item.traits.terms) for item in articles], np.int64)
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        self._vocabulary, self._terms = np.unique(_joined([item.traits.terms for item in articles], np.uint32), return_inverse=True)
        counts = _joined([item.traits.counts for item in articles], np.uint8).astype(np.float32)
        kinds = _joined([item.traits.kinds for item in articles], np.uint8)
        holders = np.bincount(self._terms)
        self._owners = np.repeat(np.arange(count), sizes)
        if whole is None:
            self._rarities = np.log((count + 1 + IMAGINED) / np.maximum(holders, 1))
        else:
            self._rarities = whole._rarities[np.searchsorted(whole._vocabulary, self._vocabulary)]
        self._rarity = self._rarities[self._terms]
        weights = (1 + np.log(counts)) * self._rarity
        norms = np.sqrt(self._per_article(weights**2))
        self._weights = weights / np.maximum(norms, TINY)[self._owners]
        self._in_title, self._is_name, self._is_number = (kinds & kind > 0 for kind in (IN_TITLE, IS_NAME, IS_NUMBER))
        # Postings: for each term, where it stands in the arrays above.
        self._postings = np.argsort(self._terms, kind="stable")
        self._posting_starts = np.concatenate([[0], np.cumsum(holders)])
        self._title_mass = self._per_article(self._rarity * self._in_title)
        self._name_mass = self._per_article(self._rarity * self._is_name)
        # An article without a passage has no vector: it is like none.
        width = max((len(item.lead) for item in articles), default=1)
        self._leads = np.array([item.lead if len(item.lead) == width else np.zeros(width) for item in articles], np.float32)
        self._days = np.array([math.nan if item.day is None else item.day for item in articles], np.float64)
        self._weekdays = np.array([item.traits.weekdays for item in articles], np.int64)
        self.nearest = np.array([item.nearest for item in articles], np.float32)

    def _per_article(self, values: Doubles) -> Doubles:
        return np.bincount(self._owners, values, minlength=self.count).astype(np.float64)

    def evidence(self, number: int) -> dict[str, Doubles]:
        """Between one article and each, by the names of WEIGHTS; the crowd comes later."""
        mine = np.arange(self._starts[number], self._starts[number + 1])
        spans = [self._postings[self._posting_starts[term] : self._posting_starts[term + 1]] for term in self._terms[mine]]
        theirs = np.concatenate(spans) if spans else np.zeros(0, np.int64)
        mine = np.repeat(mine, [len(span) for span in spans])
        owners, rarity = self._owners[theirs], self._rarity[theirs]

        def total(values: Doubles) -> Doubles:
            return np.bincount(owners, values, minlength=self.count).astype(np.float64)

        my_title, their_titles = max(self._title_mass[number], TINY), np.maximum(self._title_mass, TINY)
        names = np.maximum(np.minimum(self._name_mass, self._name_mass[number]), LEAST_NAMES)
        gap = np.abs(self._days - self._days[number])
        weekdays = self._weekdays[number]
        return {
            "vectors": (self._leads @ self._leads[number]).astype(np.float64),
            "words": total(self._weights[theirs] * self._weights[mine]),
            "title": (total(rarity * self._in_title[mine]) / my_title + total(rarity * self._in_title[theirs]) / their_titles) / 2,
            "names": total(rarity * (self._is_name[mine] & self._is_name[theirs])) / names,
            "numbers": np.minimum(total(rarity * self._is_number[theirs]) / NUMBER_UNIT, MOST_NUMBERS),
            "near": (gap <= NEAR).astype(np.float64),
            "away": (gap > AWAY).astype(np.float64),
            "apart": (gap > LONGEST_GAP).astype(np.float64),
            "other weekday": ((self._weekdays & weekdays == 0) & (self._weekdays > 0) & (weekdays > 0)).astype(np.float64),
        }

    def meet(self, numbers: Sequence[int]) -> Floats:
        """The likeness of each of these articles, which are new, to each. The neighbourhoods of all learn of each other."""
        likeness = np.full((len(numbers), self.count), UNLIKE, np.float32)
        settled = np.ones(self.count, bool)
        settled[list(numbers)] = False
        for start in range(0, len(numbers), STRIDE):
            part = list(numbers[start : start + STRIDE])
            words = np.zeros((len(part), self.count), np.float32)
            for place, number in enumerate(part):
                evidence = self.evidence(number)
                words[place] = evidence["words"]
                words[place, number] = 0
                likeness[start + place] = _sum(evidence)
            # The new ones meet all by themselves; the others learn of them here.
            self.nearest[part] = _highest(words)
            met = np.flatnonzero(settled & (words > self.nearest[:, -1]).any(axis=0))
            if len(met):
                self.nearest[met] = _highest(np.concatenate([self.nearest[met], words[:, met].T], axis=1))
        crowd = (WEIGHTS["crowd"] * self.crowd() / 2).astype(np.float32)
        likeness += (crowd[list(numbers)][:, None] + crowd) * (likeness > UNLIKE)
        return np.maximum(likeness, UNLIKE)

    def crowd(self) -> Doubles:
        """Of each article; see CROWD_FROM."""
        mean: Doubles = self.nearest[:, CROWD_FROM:].mean(axis=1, dtype=np.float64)
        return np.clip(mean, LEAST_CROWD, MOST_CROWD)

    def among(self, numbers: Sequence[int]) -> Floats:
        """The likeness of each pair of these articles, whose neighbourhoods are known. A row is UNLIKE to itself."""
        part = Surroundings([replace(self.articles[number], nearest=self.nearest[number]) for number in numbers], self)
        likeness = np.stack([_sum(part.evidence(place)) for place in range(part.count)]).astype(np.float32)
        crowd = (WEIGHTS["crowd"] * part.crowd() / 2).astype(np.float32)
        likeness = np.maximum(likeness + (crowd[:, None] + crowd) * (likeness > UNLIKE), UNLIKE)
        np.fill_diagonal(likeness, UNLIKE)
        return likeness


# Articles whose likenesses to all are held at once.
STRIDE = 64


def _sum(evidence: dict[str, Doubles]) -> Doubles:
    total = CONSTANT + sum(weight * evidence[name] for name, weight in WEIGHTS.items() if name != "crowd")
    closer = (evidence["words"] >= LEAST_WORDS) | (evidence["title"] >= LEAST_TITLE)
    return np.where(closer & (evidence["apart"] == 0), total, UNLIKE)


def _highest(rows: Floats) -> Floats:
    short = CROWD_TO - rows.shape[1]
    rows = np.pad(rows, ((0, 0), (0, short))) if short > 0 else np.partition(rows, -CROWD_TO, axis=1)[:, -CROWD_TO:]
    return -np.sort(-rows, axis=1)


def _joined(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)

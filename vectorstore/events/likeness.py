"""How likely it is that two articles report one event: evidence of words, names, numbers, vectors and days, added up.

The sums are logits: 0 means as likely as not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
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
# features of one kind have alike vectors and come on one day, and are no event. So are two articles that speak to their readers: pages of
# offers, guides, odds and reviews do. Of the AllSides snippets 3 in 100 do; the rule costs .001 of B-cubed F1 there and nothing on basil.
LEAST_WORDS, LEAST_TITLE, UNLIKE = 0.10, 0.15, -4.0
# Logistic regression over the pairs of the AllSides groups (856 snippets, 294 groups). Fitted on half of the groups and tried on the other
# half they group nearly as well as fitted on all; see docs/decisions/0009-events.md. They belong to the vectors of MiniLM. The weight of
# the outlet is not fitted but held down: no group there has an outlet twice, but elsewhere an outlet does report a happening twice.
WEIGHTS = {
    "vectors": 5.3,
    "words": 8.3,
    "title": 2.8,
    "names": 0.8,
    "numbers": 1.0,
    "near": 1.6,
    "away": -2.8,
    "other weekday": -2.1,
    "same outlet": -1.5,
    "crowd": -118.0,
}
CONSTANT = 2.4
# Articles whose likenesses to all are worked out together.
STRIDE = 64


@dataclass(frozen=True, slots=True)
class Known:
    """What the likeness needs of one article. `day` is an ordinal; `outlet` is "" if unknown; `nearest` are its highest likenesses in
    words so far, the best first."""

    traits: Traits
    lead: Floats
    day: int | None
    outlet: str
    nearest: Floats


class _Postings:
    """For each term, the articles that have it, side by side."""

    def __init__(self, terms: NDArray[Any], owners: NDArray[Any], weights: Doubles | None, vocabulary: int, articles: int):
        order = np.argsort(terms, kind="stable")
        self._owners, self._weights, self._articles = owners[order], None if weights is None else weights[order], articles
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(terms, minlength=vocabulary))])

    def holders(self, terms: NDArray[Any], values: Doubles) -> Doubles:
        """For each article, the sum of the values of the terms that it has."""
        spans = [slice(self._starts[term], self._starts[term + 1]) for term in terms]
        return self._sums(spans, np.repeat(values, [span.stop - span.start for span in spans]))

    def products(self, terms: NDArray[Any], values: Doubles) -> Doubles:
        """The same, each value times the article's own weight of the term."""
        assert self._weights is not None
        spans = [slice(self._starts[term], self._starts[term + 1]) for term in terms]
        weights = np.concatenate([self._weights[span] for span in spans]) if spans else np.zeros(0)
        return self._sums(spans, weights * np.repeat(values, [span.stop - span.start for span in spans]))

    def _sums(self, spans: Sequence[slice], values: Doubles) -> Doubles:
        if not spans:
            return np.zeros(self._articles)
        owners = np.concatenate([self._owners[span] for span in spans])
        return np.bincount(owners, values, minlength=self._articles).astype(np.float64)


class Surroundings:
    """Articles side by side, numbered in the order given."""

    def __init__(self, articles: Sequence[Known], whole: Surroundings | None = None):
        """With `whole`, a word is as rare as it is there."""
        self.articles, self.count = articles, len(articles)
        count = self.count
        sizes = np.array([len(item.traits.terms) for item in articles], np.int64)
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        self._vocabulary, terms = np.unique(_joined([item.traits.terms for item in articles], np.uint32), return_inverse=True)
        counts = _joined([item.traits.counts for item in articles], np.uint8).astype(np.float32)
        kinds = _joined([item.traits.kinds for item in articles], np.uint8)
        holders = np.bincount(terms, minlength=len(self._vocabulary))
        owners = np.repeat(np.arange(count), sizes)
        if whole is None:
            self._rarities = np.log((count + 1 + IMAGINED) / np.maximum(holders, 1))
        else:
            self._rarities = whole._rarities[np.searchsorted(whole._vocabulary, self._vocabulary)]
        rarity = self._rarities[terms]
        weights = (1 + np.log(counts)) * rarity
        norms = np.sqrt(np.bincount(owners, weights**2, minlength=count))
        weights = weights / np.maximum(norms, TINY)[owners]
        in_title, is_name, is_number = (kinds & kind > 0 for kind in (IN_TITLE, IS_NAME, IS_NUMBER))
        size = len(self._vocabulary)
        self._words = _Postings(terms, owners, weights, size, count)
        self._titles = _Postings(terms[in_title], owners[in_title], None, size, count)
        self._names = _Postings(terms[is_name], owners[is_name], None, size, count)
        self._terms, self._weights, self._in_title, self._is_name, self._is_number = terms, weights, in_title, is_name, is_number
        self._title_mass = np.bincount(owners, rarity * in_title, minlength=count)
        self._name_mass = np.bincount(owners, rarity * is_name, minlength=count)
        # An article without a passage has no vector: it is like none.
        width = max((len(item.lead) for item in articles), default=1)
        self._leads = np.array([item.lead if len(item.lead) == width else np.zeros(width) for item in articles], np.float32)
        self._days = np.array([math.nan if item.day is None else item.day for item in articles], np.float64)
        self._weekdays = np.array([item.traits.weekdays for item in articles], np.int64)
        numbers = {name: number for number, name in enumerate(dict.fromkeys(item.outlet for item in articles))}
        self._to_reader = np.array([item.traits.to_reader for item in articles], np.float64)
        self._outlets = np.array([numbers[item.outlet] if item.outlet else -1 - number for number, item in enumerate(articles)], np.int64)
        self.nearest = np.array([item.nearest for item in articles], np.float32)

    def evidence(self, numbers: Sequence[int]) -> Iterator[dict[str, Doubles]]:
        """Between each of these articles and every one, by the names of WEIGHTS; the crowd comes later."""
        for start in range(0, len(numbers), STRIDE):
            part = list(numbers[start : start + STRIDE])
            # Together: a matrix by a matrix is far quicker than the same by rows.
            for number, cosines in zip(part, self._leads[part] @ self._leads.T, strict=True):
                yield {"vectors": cosines.astype(np.float64), **self._evidence(number)}

    def _evidence(self, number: int) -> dict[str, Doubles]:
        part = slice(self._starts[number], self._starts[number + 1])
        terms = self._terms[part]
        rarity = self._rarities[terms]
        titles, names, numbers = self._in_title[part], self._is_name[part], self._is_number[part]
        in_my_title = self._words.holders(terms[titles], rarity[titles]) / max(self._title_mass[number], TINY)
        in_theirs = self._titles.holders(terms, rarity) / np.maximum(self._title_mass, TINY)
        least = np.maximum(np.minimum(self._name_mass, self._name_mass[number]), LEAST_NAMES)
        gap = np.abs(self._days - self._days[number])
        weekdays = self._weekdays[number]
        return {
            "words": self._words.products(terms, self._weights[part]),
            "title": (in_my_title + in_theirs) / 2,
            "names": self._names.holders(terms[names], rarity[names]) / least,
            "numbers": np.minimum(self._words.holders(terms[numbers], rarity[numbers]) / NUMBER_UNIT, MOST_NUMBERS),
            "near": (gap <= NEAR).astype(np.float64),
            "away": (gap > AWAY).astype(np.float64),
            "apart": (gap > LONGEST_GAP).astype(np.float64),
            "same outlet": (self._outlets == self._outlets[number]).astype(np.float64),
            "both to the reader": self._to_reader * self._to_reader[number],
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
            for place, (number, evidence) in enumerate(zip(part, self.evidence(part), strict=True)):
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

    def among(self, numbers: Sequence[int], met: Mapping[int, Floats]) -> Floats:
        """The likeness of each pair of these articles, whose neighbourhoods are known; `met` has the rows that `meet` gave. A row is
        UNLIKE to itself."""
        part = Surroundings([replace(self.articles[number], nearest=self.nearest[number]) for number in numbers], self)
        known = [place for place, number in enumerate(numbers) if number in met]
        other = [place for place, number in enumerate(numbers) if number not in met]
        likeness = np.full((part.count, part.count), UNLIKE, np.float32)
        for place, evidence in zip(other, part.evidence(other), strict=True):
            likeness[place] = _sum(evidence)
        crowd = (WEIGHTS["crowd"] * part.crowd() / 2).astype(np.float32)
        likeness = np.maximum(likeness + (crowd[:, None] + crowd) * (likeness > UNLIKE), UNLIKE)
        for place in known:
            likeness[place] = met[numbers[place]][list(numbers)]
        likeness[:, known] = likeness[known].T
        np.fill_diagonal(likeness, UNLIKE)
        return likeness


def _sum(evidence: dict[str, Doubles]) -> Doubles:
    total = CONSTANT + sum(weight * evidence[name] for name, weight in WEIGHTS.items() if name != "crowd")
    closer = (evidence["words"] >= LEAST_WORDS) | (evidence["title"] >= LEAST_TITLE)
    return np.where(closer & (evidence["apart"] == 0) & (evidence["both to the reader"] == 0), total, UNLIKE)


def _highest(rows: Floats) -> Floats:
    short = CROWD_TO - rows.shape[1]
    rows = np.pad(rows, ((0, 0), (0, short))) if short > 0 else np.partition(rows, -CROWD_TO, axis=1)[:, -CROWD_TO:]
    return -np.sort(-rows, axis=1)


def _joined(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)

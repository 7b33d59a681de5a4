"""Articles into events: the closest join first, by the mean likeness of all their pairs, until nothing is close enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vectorstore.events.likeness import UNLIKE, Floats, Surroundings

# Two groups join from this mean likeness (a logit) on. On the AllSides groups -1.25 to -0.5 do as well within .003 of B-cubed F1.
JOIN_FROM = -1.0
# Events with an article that is as like to a new one are taken apart and grouped anew with it, so that it matters little what came when.
# An event of many articles stays as it is, and so do the farther ones when many are near: the work for one new article is bounded.
NEAR_FROM, SMALL_EVENT, EVENTS_AN_ARTICLE, MOST_LOOSE = -2.5, 40, 6, 1_000
# A large event is compared by so many of its articles, which stand evenly in it.
COMPARED = 24
NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class Regrouped:
    """`apart` are the places of the events that were taken apart; `groups` what came of their articles and the new ones, `joined` the
    articles that went into an event that stayed, by its place; `merged` pairs of events that stayed of which the second goes into the
    first."""

    apart: frozenset[int]
    groups: tuple[tuple[int, ...], ...]
    joined: dict[int, tuple[int, ...]]
    merged: tuple[tuple[int, int], ...]


def regroup(likeness: Floats, new: Sequence[int], events: Sequence[Sequence[int]], around: Surroundings) -> Regrouped:
    """`likeness` has a row for each of the `new` articles and a column for every article; `events` are those that there are, without
    the new articles."""
    near = _near(likeness, events)
    apart: list[int] = []
    loose = list(new)
    for place in near:
        if len(events[place]) <= SMALL_EVENT and len(loose) + len(events[place]) <= MOST_LOOSE + len(new):
            apart.append(place)
            loose += events[place]
    loose.sort()
    kept = sorted(set(near) - set(apart))
    shown = [_spread(events[place]) for place in kept]
    compared = [*loose, *(number for members in shown for number in members)]
    pairs = around.among(compared, dict(zip(new, likeness, strict=True))).astype(np.float64)
    count = len(loose)
    ends = np.cumsum([count, *map(len, shown)])
    means = [pairs[:, start:end].mean(axis=1) for start, end in pairwise(ends)]
    sizes = np.array([len(events[place]) for place in kept], np.float64)
    sums = np.concatenate(
        [pairs[:count, :count], *((mean[:count] * size)[:, None] for mean, size in zip(means, sizes, strict=True))], axis=1
    )
    into = _join(sums, sizes)
    groups: dict[int, list[int]] = {}
    for number, end in zip(loose, into, strict=True):
        groups.setdefault(end, []).append(number)
    joined = {kept[end - count]: tuple(members) for end, members in groups.items() if end >= count}
    merged: list[tuple[int, int]] = []
    taken: set[int] = set()
    for second in range(len(kept)):
        for first in range(second):
            between = means[second][ends[first] : ends[first + 1]].mean()
            if between >= JOIN_FROM and not taken & {first, second}:
                larger = (first, second) if sizes[first] >= sizes[second] else (second, first)
                merged.append((kept[larger[0]], kept[larger[1]]))
                taken |= {first, second}
    return Regrouped(frozenset(apart), tuple(tuple(members) for end, members in groups.items() if end < count), joined, tuple(merged))


def _near(likeness: Floats, events: Sequence[Sequence[int]]) -> list[int]:
    """The places of the events near the new articles, those that are nearest to any first."""
    owner = np.full(likeness.shape[1], -1, np.int64)
    for place, members in enumerate(events):
        owner[list(members)] = place
    best: dict[int, float] = {}
    for row in likeness:
        found: dict[int, float] = {}
        columns = np.flatnonzero((row >= NEAR_FROM) & (owner >= 0))
        for column in columns[np.argsort(-row[columns], kind="stable")]:
            found.setdefault(int(owner[column]), float(row[column]))
            if len(found) == EVENTS_AN_ARTICLE:
                break
        for place, value in found.items():
            best[place] = max(best.get(place, UNLIKE), value)
    return sorted(best, key=lambda place: (-best[place], place))


def _join(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> list[int]:
    """Where each row ends: a column from len(sums) on (an event that stays), or the lowest row of its group. `sums` is changed."""
    count, width = sums.shape
    size = np.concatenate([np.ones(count), sizes])
    mean = sums / size
    alive = np.ones(count, bool)
    mean[np.arange(count), np.arange(count)] = NEVER
    best = mean.argmax(axis=1)
    value = mean[np.arange(count), best]
    into = np.arange(count)
    while True:
        row = int(value.argmax())
        if value[row] < JOIN_FROM:
            return [int(end) for end in into]
        column = int(best[row])
        kept, gone = (min(row, column), max(row, column)) if column < count else (column, row)
        sums[:, kept] += sums[:, gone]
        size[kept] += size[gone]
        alive[gone] = False
        into[into == gone] = kept
        if kept < count:
            sums[kept] += sums[gone]
            present = np.concatenate([alive, np.ones(width - count, bool)])
            mean[kept] = np.where(present, sums[kept] / (size * size[kept]), NEVER)
        mean[:, kept] = np.where(alive, sums[:, kept] / (size[:count] * size[kept]), NEVER)
        if kept < count:
            mean[kept, kept] = NEVER
        mean[gone], mean[:, gone], value[gone] = NEVER, NEVER, NEVER
        stale = np.flatnonzero(alive & ((best == gone) | (best == kept) | (np.arange(count) == kept)))
        best[stale] = mean[stale].argmax(axis=1)
        value[stale] = mean[stale, best[stale]]
        better = np.flatnonzero(alive & (mean[:, kept] > value))
        best[better], value[better] = kept, mean[better, kept]


def _spread(members: Sequence[int]) -> list[int]:
    if len(members) <= COMPARED:
        return list(members)
    return [members[number] for number in np.linspace(0, len(members) - 1, COMPARED).astype(int)]

"""Passages that say the same in nearly the same words: one of them is enough for a result."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Compared word for word are only passages whose vectors are near. Of the shorter one, so large a share of its runs of words must stand in
# the other. Not calibrated: passages of edited agency texts, cut at other places, share more than half; reports of one event share few.
NEAR, RUN, SHARED = 0.9, 5, 0.5
FIGURE = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:no(?:body| one)|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?)\b"
)


def near_copies(texts: Sequence[str], of: Sequence[str], vectors: NDArray[np.float32]) -> dict[int, int]:
    """Which passage is a near copy of which one before it that is none itself. `of` tells the text that a passage is of: passages of one
    text are no copies."""
    near = np.triu(np.einsum("ij,kj->ik", vectors, vectors) >= NEAR, 1)  # so few that threads would cost more than they gain
    runs: dict[int, frozenset[tuple[str, ...]]] = {}
    found: dict[int, int] = {}
    for later, earlier in np.argwhere(near.T).tolist():
        if of[earlier] == of[later] or earlier in found or later in found:
            continue
        for one in (earlier, later):
            if one not in runs:
                runs[one] = _runs(texts[one])
        fewer = min(len(runs[earlier]), len(runs[later]))
        # A copy with a figure of its own may contradict: it must be seen.
        if len(runs[earlier] & runs[later]) >= max(1, SHARED * fewer) and figures(texts[later]) <= figures(texts[earlier]):
            found[later] = earlier
    return found


def figures(text: str) -> frozenset[str]:
    """The numbers of a text as it writes them, in digits or words."""
    return frozenset(FIGURE.findall(text.lower()))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))

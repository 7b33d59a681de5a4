"""Passages that say the same in nearly the same words: one of them is enough for a result."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Compared word for word are only passages whose vectors are near. Of the shorter one, so large a share of its runs of words must stand in
# the other. Not calibrated: passages of edited agency texts, cut at other places, share more than half; reports of one event share few.
NEAR, RUN, SHARED = 0.85, 5, 0.5


def near_copies(order: Sequence[int], texts: Sequence[str], of: Sequence[str], vectors: NDArray[np.float32]) -> dict[int, int]:
    """Which passage is a near copy of which one before it in `order` that is none itself. `of` tells the text that a passage is of:
    passages of one text are no copies."""
    near = vectors @ vectors.T >= NEAR
    runs: dict[int, frozenset[tuple[str, ...]]] = {}
    found: dict[int, int] = {}
    for place, later in enumerate(order):
        for earlier in order[:place]:
            if near[earlier, later] and of[earlier] != of[later] and earlier not in found:
                ours, theirs = (runs.get(one) or runs.setdefault(one, _runs(texts[one])) for one in (earlier, later))
                if len(ours & theirs) >= max(1, SHARED * min(len(ours), len(theirs))):
                    found[later] = earlier
                    break
    return found


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))

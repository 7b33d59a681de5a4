"""A sentence that cites two outlets, cut into what it says of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

# Where the words on one outlet end and those on the next begin.
CUTS = re.compile(r";\s+|\.\s+|,\s+(?:and|while|whereas|but|though|although)\s+|,\s+|\s+(?:and|while|whereas|but)\s+")
LEADING = {"", "while", "whereas", "although", "though", "and", "but"}
HARD = re.compile(r";|\.\s|,\s+(?:and|while|whereas|but|though|although)\s")


def parts_by_outlet(text: str, outlets: Sequence[str]) -> Mapping[str, str] | None:
    """Each outlet's part of the sentence, in the order of the text; None where it cannot be told which words are whose.

    "A reports x; B says y" and "x, A reports; y, B reports" can be told; a part that names both, or an outlet named twice, cannot.
    """
    places = {
        outlet: [found.start() for found in re.finditer(rf"(?<!\w){re.escape(outlet)}(?!\w)", text, re.IGNORECASE)] for outlet in outlets
    }
    if len(places) < 2 or any(len(found) != 1 for found in places.values()):
        return None
    ordered = sorted(places, key=lambda outlet: places[outlet][0])
    parts: dict[str, str] = {}
    start = 0
    for outlet, following in pairwise(ordered):
        between = range(places[outlet][0] + len(outlet), places[following][0])
        cuts = list(CUTS.finditer(text, between.start, between.stop))
        hard = [cut for cut in cuts if HARD.match(cut.group())]
        led = text[start : places[outlet][0]].strip(" ,;:").lower() in LEADING  # "A reports x; B reports y"
        chosen = (hard or cuts)[-1 if led else 0] if cuts else None
        if chosen is None:
            return None
        parts[outlet] = text[start : chosen.start()].strip()
        start = chosen.end()
    parts[ordered[-1]] = text[start:].strip()
    return parts if all(len(part.split()) > len(outlet.split()) + 2 for outlet, part in parts.items()) else None

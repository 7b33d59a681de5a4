"""A long quote cut for a list: where a phrase ends, with the cut marked."""

from __future__ import annotations

import re

from agent.reading.words import CONJUNCTIONS, PREPOSITIONS

MARK = " […]"
LEAST = 0.7  # of what may be shown, before it is cut inside a phrase
BLANK = re.compile(r"\s+(?=(\S+))")
OPENING = CONJUNCTIONS | PREPOSITIONS - {"of", "per"}  # words that begin a phrase


def cut(text: str, longest: int) -> str:
    """At most `longest` characters and the mark; the text itself if it is no longer. Without blanks it is cut where it must be."""
    if len(text) <= longest:
        return text
    blanks = [blank for blank in BLANK.finditer(text, 0, longest + 1) if longest // 2 < blank.start() <= longest]
    ends = [
        blank.start()
        for blank in blanks
        if blank.start() >= LEAST * longest and (text[blank.start() - 1] in ",;:—–" or blank[1].lower() in OPENING)
    ]
    at = (ends or [blank.start() for blank in blanks] or [longest])[-1]
    return text[:at].rstrip(" ,;:—–") + MARK

"""Outlets that a question credits with an article and that are not held: by the registry's names, and by where a name stands."""

from __future__ import annotations

import re
from functools import lru_cache

from vectorstore.outlets import HeldOutlets
from vectorstore.registry import Registry

# What a publication's name stands before and after when it is named as a source; elsewhere it may be the thing reported on.
PIECE = r"(?:article|report|story|stories|piece|coverage|account|analysis|review|editorial|interview|profile|column|post|headline)s?"
BEFORE_PIECE = re.compile(rf"(?:['’]s?)? (?:[a-z-]+ ){{0,2}}{PIECE}\b")
AFTER_SOURCE = re.compile(rf"\b(?:by|per|from|in|according to|{PIECE} (?:of|on))(?: both)?(?: the)? ['‘“\"]?$", re.IGNORECASE)
LONGEST_JOINT = 20
BETWEEN = re.compile(r"['’”\"]?,? (?:and|or|&)(?: the| by| from)? ['‘“\"]?$|['’”\"]?, (?:the )?['‘“\"]?$", re.IGNORECASE)


def credited_unheld(text: str, held: HeldOutlets) -> tuple[str, ...]:
    """The registry's names in the text that stand as a source's and that no outlet held goes by, each once, in order.

    One that stands in a row with a source ("X, Y and Z report") is one too.
    """
    places = [match.span() for match in _known_names(held.registry, tuple(held.names)).finditer(text)]
    source = [
        bool(BEFORE_PIECE.match(text[end : end + 60]) or AFTER_SOURCE.search(text[max(0, start - 40) : start])) for start, end in places
    ]
    pairs = list(zip(range(len(places) - 1), range(1, len(places)), strict=True))
    joined = [_joined(text, places[one][1], places[other][0]) for one, other in pairs]
    for one, other in pairs:
        source[other] = source[other] or (source[one] and joined[one])
    for one, other in reversed(pairs):
        source[one] = source[one] or (source[other] and joined[one])
    names = (text[start:end] for (start, end), credited in zip(places, source, strict=True) if credited)
    return tuple(dict.fromkeys(name for name in names if not held.meant(name)))


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= LONGEST_JOINT and BETWEEN.fullmatch(text[end:start]) is not None


@lru_cache(maxsize=4)
def _known_names(registry: Registry, held: tuple[str, ...]) -> re.Pattern[str]:
    """All names of the registry, and those held, as they are written, the longest first. One in small letters could be any word."""
    known = {name for entry in registry.entries for name in (entry.name, *entry.spellings)}.union(held)
    names = {name for name in known if name[:1].isupper() or name[:1].isdigit()}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")

"""Outlets that a question credits with an article and that are not held: by the registry's names, and by where a name stands."""

from __future__ import annotations

import re
from functools import lru_cache

from vectorstore.outlets import HeldOutlets
from vectorstore.registry import Registry

# What a publication's name stands before and after when it is named as a source; elsewhere it may be the thing reported on.
PIECE = r"(?:article|report|story|stories|piece|coverage|account|analysis|review|editorial|interview|profile|column|post|headline)s?"
BEFORE_PIECE = re.compile(rf"(?:['’]s?)? (?:[a-z-]+ ){{0,2}}{PIECE}\b")
AFTER_SOURCE = re.compile(rf"\b(?:by|per|from|in|according to|{PIECE} (?:of|on)|did|does|has)(?: both)?(?: the)? ['‘“\"]?$", re.IGNORECASE)
BETWEEN = re.compile(r"['’”\"]?,? (?:and|or|&)(?: the| by| from)? ['‘“\"]?$|['’”\"]?, (?:the )?['‘“\"]?$", re.IGNORECASE)


def credited_unheld(text: str, held: HeldOutlets) -> tuple[str, ...]:
    """The registry's names in the text that stand as a source's and that no outlet held goes by, each once, in order."""
    found: dict[str, None] = {}
    end_of_source = -1
    for match in _known_names(held.registry).finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 60]
        joined = 0 <= end_of_source >= match.start() - 20 and BETWEEN.fullmatch(text[end_of_source : match.start()]) is not None
        if not (joined or BEFORE_PIECE.match(after) or AFTER_SOURCE.search(before)):
            continue
        end_of_source = match.end()
        if not held.meant(match[0]):
            found[match[0]] = None
    return tuple(found)


@lru_cache(maxsize=4)
def _known_names(registry: Registry) -> re.Pattern[str]:
    """All names of the registry as they are written, the longest first. One in small letters alone could be any word."""
    names = {name for entry in registry.entries for name in (entry.name, *entry.spellings) if name[:1].isupper() or name[:1].isdigit()}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")

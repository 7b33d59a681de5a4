"""English words without their endings, as they are compared outside the lexicon (which has a stemmer of its own)."""

from __future__ import annotations

import re
from functools import lru_cache

ENDINGS = ("ingly", "edly", "ations", "ation", "ments", "ment", "ingness", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "ly", "s")
POSSESSIVE = re.compile(r"['’]s?$|n['’]t$|['’](?:ve|re|ll|d|m)$")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The lower-case word without one common English ending; at least four letters stay."""
    word = POSSESSIVE.sub("", word)
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
    return word

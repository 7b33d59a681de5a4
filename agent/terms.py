"""Words of a sentence as they are compared: lower case, without stop words and endings."""

from __future__ import annotations

import re
from functools import lru_cache

from vectorstore.stem import stem as stem

# Function words, and the verbs of saying that stand in every news sentence whatever it reports.
STOP = frozenset(
    "a about after again all also although am an and any are as at be because been before being both but by can could did do "
    "does doing down during each few for from further had has have having he her here hers him his how i if in into is it its "
    "itself just like many may me might more most much must my no nor not now of off on once one only or other our out over own "
    "said same say saying says shall she should since so some such tell than that the their them then there these they this "
    "those through to told too under until up upon us very was we were what when where whether which while who whom whose why "
    "will with would yet you your mr mrs ms added according well get got go going even still however".split()
)
WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:['’][^\W\d_]+)?")


def words(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers in order; thousands separators are dropped."""
    return tuple(re.sub(r"(?<=\d),(?=\d)", "", word) if "," in word else word for word in map(str.lower, WORD.findall(text)))


@lru_cache(maxsize=4_096)  # a reader asks for the terms of a sentence and of those around it, and so for each several times
def terms(text: str) -> tuple[str, ...]:
    """Stems in order, without stop words."""
    return tuple(stem(word) for word in words(text) if word not in STOP and (len(word) > 1 or word.isdigit()))

"""What of an article tells which event it reports: the words, names and numbers of its headline and lead, and its weekdays."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.search import NO_TERMS

# The first words carry what happened; later paragraphs carry background that many events share.
LEAD_WORDS = 120
# The vectors are those of the passages that start within these characters.
LEAD_CHARACTERS = 1_500
TITLE_WEIGHT = 3
# An article without a headline is taken by its first words.
STANDS_FOR_TITLE = 12
WORD = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*\d|\d")
NAME = re.compile(r"\b[^\W\d_][\w-]{2,}")
ENDINGS = ("'s", "ing", "ed", "es", "s")
WEEKDAYS = tuple(re.compile(rf"\b{day}\b") for day in "monday tuesday wednesday thursday friday saturday sunday".split())
IN_TITLE, IS_NAME, IS_NUMBER = 1, 2, 4
# Who speaks to the reader, outside of quotations, gives advice, reviews or offers something, and hardly ever reports what happened.
READER = re.compile(r"\b(?:you|your|yours|yourself)\b")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")

Terms = NDArray[np.uint32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Traits:
    """`terms` are hashes of the words, in order, each once; `counts` how often each comes, a headline's word three times; `kinds`
    says for each whether it stands in the headline, is a name, is a number. `weekdays` has a bit for each day named. `to_reader`: whether
    the lead speaks to its reader."""

    terms: Terms
    counts: Bytes
    kinds: Bytes
    weekdays: int
    to_reader: bool


def traits_of(title: str | None, text: str) -> Traits:
    words = text.split(None, LEAD_WORDS)[:LEAD_WORDS]
    lead, heading = " ".join(words), title or " ".join(words[:STANDS_FOR_TITLE])
    in_title = terms_of(heading)
    counts = Counter(terms_of(lead))
    for term in in_title:
        counts[term] += TITLE_WEIGHT
    names = {_term(word.lower()) for word in NAME.findall(lead) if word[0].isupper() and word.lower() not in NO_TERMS}
    kinds: Counter[str] = Counter(dict.fromkeys(set(in_title), IN_TITLE))
    kinds.update({term: IS_NAME for term in names if term in counts})
    kinds.update({term: IS_NUMBER for term in counts if term[0].isdigit()})
    hashed = sorted((zlib.crc32(term.encode()), min(count, 255), kinds[term]) for term, count in counts.items())
    table = np.array(hashed, np.int64).reshape(len(hashed), 3)
    first = np.unique(table[:, 0], return_index=True)[1]
    table = table[first]
    lower = f"{title or ''} {lead}".lower()
    weekdays = sum(1 << number for number, day in enumerate(WEEKDAYS) if day.search(lower))
    to_reader = READER.search(QUOTED.sub(" ", lead.lower())) is not None
    return Traits(table[:, 0].astype(np.uint32), table[:, 1].astype(np.uint8), table[:, 2].astype(np.uint8), weekdays, to_reader)


def terms_of(text: str) -> list[str]:
    """The words that tell something, in order, without common endings."""
    return [_term(word) for word in WORD.findall(text.lower()) if word not in NO_TERMS]


def _term(word: str) -> str:
    """The word without a common ending: "protests" and "protesting" are one."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word

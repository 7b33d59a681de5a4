"""Words with their offsets, and the closed classes of English words that the rules share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Initials ("U.S."), a word with inner hyphens or apostrophes, or one other character. A possessive 's stands alone.
TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|['’]s\b|[^\W_]+(?:(?:['’](?!s\b)|[-‐‑&]|(?<=\d)[.,](?=\d))[^\W_]+)*|[^\w\s]|_", re.UNICODE)


class Word(NamedTuple):
    """A word or mark of a text; `text[start:end]`, and the same in lower case with plain apostrophes."""

    start: int
    end: int
    text: str
    lower: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def capitalised(self) -> bool:
        return self.text[0].isupper()


def words_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words and marks between two offsets, in order."""
    for match in TOKEN.finditer(text, start, len(text) if end is None else end):
        yield Word(match.start(), match.end(), match.group(), match.group().lower().replace("’", "'"))


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def in_order(words: str) -> tuple[str, ...]:
    return tuple(words.split())


DETERMINERS = listed(
    "the a an this that these those my your his her its our their some any no every each all both either neither "
    "another such several many few most more other what which whose"
)
PRONOUNS = listed(
    "i you he she it we they me him us them who whom himself herself itself themselves myself yourself ourselves "
    "someone somebody anyone anybody everyone everybody nobody something anything everything nothing one others"
)
PREPOSITIONS = listed(
    "of in on at by for from with without to into onto upon over under about against between among amid during before "
    "after since until till through throughout across along around near behind beside besides beyond inside outside "
    "within despite toward towards via per off above below up down out like unlike including regarding concerning except"
)
CONJUNCTIONS = listed(
    "and but or nor so yet because although though while whereas if unless when whenever where wherever as than that whether once lest"
)
AUXILIARIES = listed(
    "is are was were be been being am has have had having do does did will would shall should can could may might must "
    "isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't shouldn't can't cannot "
    "couldn't mightn't mustn't needn't 's 're 've 'd 'll"
)
ADVERBS = listed(
    "also then now later earlier again once recently often never always still already just only even soon first last "
    "too publicly privately repeatedly previously initially eventually finally however meanwhile instead further not "
    "n't ever perhaps quickly long simply flatly largely reportedly allegedly apparently clearly actually really "
    "today yesterday tomorrow tonight there here thus therefore nevertheless nonetheless otherwise rather quite very "
    "almost nearly about ago twice away back together apart indeed maybe certainly probably likely"
)
QUESTION_WORDS = listed("what who whom whose which when where why how")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)} | {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
DAY_ABBREVIATIONS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}
FUNCTION_WORDS = DETERMINERS | PRONOUNS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | ADVERBS | QUESTION_WORDS


def is_title(quoted: str) -> bool:
    """Whether this looks like the title of a work: every word but the small ones has a capital."""
    words = [word for word in words_of(quoted) if word.is_word and word.text[0].isalpha()]
    large = [word for word in words if word.lower not in FUNCTION_WORDS]
    return 1 <= len(words) <= 9 and bool(large) and all(word.capitalised for word in large) and words[0].capitalised

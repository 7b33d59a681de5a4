"""What a sentence says in one clause and the quote in two, and which end of a cause a word stands at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from agent.checking.tokens import PAST, Token, keys, tokens_of
from agent.reading.words import listed
from vectorstore.sentence import sentence_spans

# What stands between two statements of one sentence.
DIVIDES = re.compile(r";|,?\s+(?:while|whereas|although|though)\s|,\s+(?:and|but|against|who|which)\s")
# "The hall, which holds 900, was full": what stands on both sides is one statement.
ASIDE = re.compile(r",\s+(?:who|which|whose|whom)\s[^,;.]*,(?=\s)")
AND = re.compile(r"\s+and\s+")
AUXILIARY = listed("is are was were has have had will would may might could can did does do")
MOST = 24  # clauses of either, which are tried in pairs
# The cause stands after these, and before those.
BACKWARD = re.compile(
    r"\b(?:because(?:\s+of)?|due\s+to|owing\s+to|thanks\s+to|caused\s+by|as\s+a\s+result\s+of|in\s+response\s+to)\b", re.IGNORECASE
)
FORWARD = re.compile(
    r"\b(?:led\s+to|leads\s+to|caus(?:e|es|ed|ing)(?!\s+by)|resulted\s+in|prompted|triggered|so\s+that|therefore)\b", re.IGNORECASE
)
# "Without giving a reason" gives none.
NO_REASON = re.compile(r"\b(?:without|no|not|nor|any)\s+(?:\w+\s+){0,2}(?:reason|why)\b", re.IGNORECASE)


def changed_clauses(said_text: str, quoted_text: str) -> Iterator[str]:
    yield from _crossed(said_text, quoted_text)
    yield from _turned_cause(said_text, quoted_text)


def _clauses(text: str) -> list[frozenset[str]]:
    asides = [found.group() for found in ASIDE.finditer(text)]
    text = "; ".join([ASIDE.sub(" ", text), *asides])
    pieces = [part for span in sentence_spans(text) for piece in DIVIDES.split(text[span.start : span.end]) for part in _both(piece)]
    return [found for piece in pieces if (found := keys(tokens_of(piece)))]


def _both(piece: str) -> list[str]:
    """Two statements that an "and" joins; two nouns or two verbs of one subject stay together."""
    for found in AND.finditer(piece):
        left, right = piece[: found.start()], piece[found.end() :]
        following = tokens_of(right)
        if _says(tokens_of(left)) and _says(following[1:]) and not _says(following[:1]):
            return [left, right]
    return [piece]


def _says(tokens: Sequence[Token]) -> bool:
    return any(token.lower in AUXILIARY or token.lower in PAST or token.lower.endswith("ed") for token in tokens)


def _crossed(said_text: str, quoted_text: str) -> Iterator[str]:
    """Two clauses of the sentence that each take something from either of two clauses of the quote, and fit better exchanged."""
    mine, theirs = _clauses(said_text)[:MOST], _clauses(quoted_text)[:MOST]
    for one, other in combinations(mine, 2):
        for first, second in combinations(theirs, 2):
            only_first, only_second = (one - other) & (first - second), (one - other) & (second - first)
            other_first, other_second = (other - one) & (first - second), (other - one) & (second - first)
            if only_first and only_second and other_first and other_second:
                crossing = [only_first, only_second, other_first, other_second]
                if all(crossing):
                    yield "gives to one what the quote gives to the other: " + ", ".join(sorted(crossing[0] | crossing[1]))
                    return


def _turned_cause(said_text: str, quoted_text: str) -> Iterator[str]:
    mine, theirs = _cause_and_effect(said_text), _cause_and_effect(quoted_text)
    if mine is None or theirs is None:
        return
    kept = len(mine[0] & theirs[0]) + len(mine[1] & theirs[1])
    turned = len(mine[0] & theirs[1]) + len(mine[1] & theirs[0])
    if turned > kept:
        yield "turns cause and effect round"


def _cause_and_effect(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    for pattern in (BACKWARD, FORWARD):
        found = pattern.search(text)
        if found:
            left, right = re.split(r"[.;]", text[: found.start()])[-1], re.split(r"[.;]", text[found.end() :])[0]
            left_keys, right_keys = keys(tokens_of(left)), keys(tokens_of(right))
            if not left_keys and pattern is BACKWARD:  # "Because it rained, they left"
                cause, _, effect = right.partition(",")
                return keys(tokens_of(cause)), keys(tokens_of(effect))
            return (right_keys, left_keys) if pattern is BACKWARD else (left_keys, right_keys)
    return None

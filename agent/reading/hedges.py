"""Words that take back a part of what a sentence says, and words that turn it round."""

from __future__ import annotations

import re

from vectorstore.sentence import Span

HEDGE = re.compile(
    r"""
    \b(?:reportedly|allegedly|purportedly|supposedly|ostensibly|apparently|seemingly|presumably|possibly|perhaps|maybe|probably
      |conceivably|unconfirmed|alleged|purported|suspected|supposed(?!\s+to)|presumed|rumou?red|likely|unlikely|potentially
      |(?:might|could)(?!\s+not\b)(?:\s+well)?
      |(?:may)(?!\s+\d)(?:\s+not)?(?=\s+[a-z])
      |(?:might|could)\s+not\b
      |(?:appear|seem)(?:s|ed)?(?:\s+to\b|\s+that\b|\s+as\s+(?:if|though)\b)
      |(?:is|are|was|were|been|being)\s+(?:widely\s+|also\s+|now\s+)?
        (?:believed|understood|thought|said|reported|alleged|expected|feared|considered|presumed|rumou?red)\s+(?:to|that)\b
      |(?:it\s+is|it's)\s+(?:not\s+clear|unclear)|unclear|in\s+an\s+apparent|apparent
      |can(?:not|'t|’t|\snot)\s+be\s+(?:independently\s+)?(?:verified|confirmed))\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|never|cannot|[a-z]+n['’]t|no\s+one|no(?!\.\s?\d)|none|nobody|nothing|nowhere|nor|neither|without|den(?:y|ies|ied|ying))\b",
    re.IGNORECASE,
)


def hedge_spans(text: str) -> list[Span]:
    """Hedges in order: "reportedly", "is believed to", "might". "May" is one only as a verb."""
    return [Span(*match.span()) for match in HEDGE.finditer(text) if not _is_month(match)]


def negation_spans(text: str) -> list[Span]:
    """Negations in order; of "doesn't" the whole word."""
    return [Span(*match.span()) for match in NEGATION.finditer(text)]


def _is_month(match: re.Match[str]) -> bool:
    """Whether a capital "May" is the month or a name: the verb has it only where it opens a question."""
    return match.group().startswith("May") and (
        match.start() > 0 or not match.string[match.end() :].lstrip().startswith(("I ", "we ", "they "))
    )

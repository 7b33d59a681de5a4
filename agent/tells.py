"""Whether a sentence tells what is asked for: why, or when."""

from __future__ import annotations

import re

from agent.near import holds
from agent.question import Question
from agent.reading import Attribution, ReadSentence
from agent.terms import terms
from vectorstore.sentence import Span

REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|caus\w+|reasons?|blam\w+|trigger\w+|sparked|prompted|led to|result\w* (?:of|from)"
    r"|in response|in protest|(?:is|was|were|stands?|stood) behind|at fault|why|so that|in order to)\b",
    re.IGNORECASE,
)
# These give a reason only for what was said before them: "fired after a vote", but not "since he was fired".
MAYBE_REASON = re.compile(
    r"\b(?:after|following|over|amid|for (?=\w+ing\b|his|her|its|their))"
    r"(?!\s+(?:[\w-]+\s+){0,2}(?:hours?|days?|nights?|mornings?|weeks?|weekends?|months?|years?)\b)",
    re.IGNORECASE,
)
REACH_BACK, REACH_ON = 12, 4  # words
# So many characters from a verb of saying a time is that of the saying.
BESIDE_CUE = 25
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:a\.?m|p\.?m)\b|\bnoon\b|\bmidnight\b|\bo['’]clock\b", re.IGNORECASE)


def gives_reason(question: Question, sentence: ReadSentence) -> bool:
    """Whether it tells why: by a word that always does, or by one that does after what is asked about."""
    text = sentence.text
    if REASON.search(text):
        return True
    asked = set(question.terms) - set(terms(" ".join(question.names)))
    for found in MAYBE_REASON.finditer(text):
        back = terms(" ".join(text[: found.start()].split()[-REACH_BACK:]))
        on = terms(" ".join(text[found.end() :].split()[:REACH_ON]))
        if any(holds(term, back) for term in asked) and not any(holds(term, on) for term in asked):
            return True
    return False


def _of_saying(time: Span, one: Attribution) -> bool:
    """Whether a time is that of the saying: it stands beside the verb and is no part of what is said."""
    inside = any(part.start <= time.start < part.end for part in one.content)
    return not inside and (0 <= time.start - one.cue.end <= BESIDE_CUE or 0 <= one.cue.start - time.end <= BESIDE_CUE)


def tells_time(question: Question, sentence: ReadSentence) -> bool:
    """Whether there is a time that is not that of the saying: "the minister said on Friday" does not tell when it burned."""
    if question.wants_clock:
        return bool(CLOCK.search(sentence.text))
    return any(not any(_of_saying(time.span, one) for one in sentence.attributions) for time in sentence.times)

"""What a dispute between articles is, and the words of each side that show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.comparing.sameness import Compared
from agent.reading import ReadSentence
from vectorstore.sentence import Span

Kind = Literal["number", "date", "wording", "denial", "stage"]
Relation = Literal["conflict", "scope", "update"]
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
# A term is rare if it stands in few sentences, or in this share of them, or in so many in each article that has it at all: without the
# last, nothing that each of twenty articles tells would be rare. It changes nothing in 372 real events of up to 31 articles.
FEW_OF_ALL, FEW_IN_EACH = 0.03, 2.0
BRACKETED = re.compile(
    r"([^\W_][^\s()]*(?:\s[^\W_][^\s()]*)?)\s\((?:[^\W\d_]+\s){0,3}$"
)  # the two words before a bracket that a value ends
ROUND = 0.03  # a value this near to a rounder one is the same value rounded: $399 and $400, not 10 and 11


@dataclass(frozen=True, slots=True)
class Side:
    """What one article gives: the words from `span` hold the value."""

    article_id: str
    outlet: str | None
    published: str | None
    span: Span
    quote: str
    value: str
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sides that give different values of one thing, in the order of publication where it is known. `about` are words all sides share."""

    kind: Kind
    relation: Relation
    about: str
    sides: tuple[Side, ...]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(side.value for side in self.sides))


def rare_terms(sentences: Sequence[Compared], few: int) -> frozenset[str]:
    """Terms that may tell one matter of the event from another; those in no more than `few` sentences always are."""
    used = Counter(term for one in sentences for term in set(one.terms))
    users = Counter(term for _, term in {(one.article, term) for one in sentences for term in one.terms})
    most = max(few, FEW_OF_ALL * len(sentences))
    return frozenset(term for term, number in used.items() if number <= max(most, FEW_IN_EACH * users[term]))


def only_rounded(conflict: Conflict) -> bool:
    """Whether the values are one, written with fewer digits or another unit in one place ("2.5m", "2.5-metre")."""
    amounts = sorted({side.amount for side in conflict.sides if side.amount})
    if conflict.kind == "date" or len(amounts) != 2:
        return False
    shown = [{found[0] for side in conflict.sides if side.amount == amount and (found := DIGITS.search(side.value))} for amount in amounts]
    if shown[0] & shown[1]:
        return True
    digits = [min((len(one.replace(",", "").replace(".", "").strip("0")) for one in ones), default=0) for ones in shown]
    return all(shown) and digits[0] != digits[1] and amounts[1] - amounts[0] <= ROUND * amounts[1]


def of_itself(conflict: Conflict) -> bool:
    """Whether one outlet has all sides, of what may be different things."""
    return conflict.relation == "scope" and len({side.outlet or side.article_id for side in conflict.sides}) < 2


def in_brackets_of_two(conflict: Conflict) -> bool:
    """Whether the values stand in brackets behind two names: "Norline (down 3 %)" and "Brakka (down 2 %)" are of two things."""
    found = [BRACKETED.search(side.quote[: at if (at := side.quote.find(side.value)) > 0 else 0]) for side in conflict.sides]
    holders = {match[1].lower() for match in found if match}
    return all(found) and len(holders) > 1


def in_order(sides: Iterable[Side]) -> tuple[Side, ...]:
    """By the time of publication, those without one last, and as they were where it is the same."""
    return tuple(sorted(sides, key=lambda side: side.published or "9999"))


def clause(sentence: ReadSentence, inner: Span, longest: int = 200) -> Span:
    """The part of the sentence around `inner`, cut at marks, of at most `longest` characters if the marks allow."""
    if sentence.span.end - sentence.span.start <= longest:
        return sentence.span
    text, offset = sentence.text, sentence.span.start
    marks = [0, *(match.end() for match in re.finditer(r"[,;:—–]\s+", text)), len(text)]
    begin = max((mark for mark in marks if mark <= inner.start - offset), default=0)
    finish = min((mark for mark in marks if mark >= inner.end - offset), default=len(text))
    while True:
        wider = [mark for mark in marks if finish < mark <= begin + longest]
        if not wider:
            break
        finish = wider[0]
    body = text[begin:finish].rstrip(" ,;:—–")
    return Span(offset + begin, offset + begin + max(len(body), inner.end - offset - begin))

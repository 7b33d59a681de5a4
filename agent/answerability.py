"""Whether what was found answers a question, weighed by what was found and by which outlets and days are held.

How the question is phrased is no part of it: question words, auxiliaries and words that only say who printed it weigh nothing. The weights
are a logistic regression over questions whose answer is held, questions whose articles were taken out, and questions on articles that
never were there (benchmarks/abstention.py --fit).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.credited import credited_unheld
from agent.evidence import REPORTING
from agent.near import NEAR
from agent.planning import ATTRIBUTING
from agent.question import ASKING
from agent.reading.words import QUESTION_WORDS
from agent.terms import STOP, stem, terms, words
from agent.wording import count, listed
from vectorstore.article import Article
from vectorstore.outlets import HeldOutlets
from vectorstore.plan import Part, SearchPlan
from vectorstore.planned import Found
from vectorstore.search import MOST_TERMS

# A part with fewer words to look for tells little of whether it was found.
LEAST_WORDS = 2
# Of the parts of MultiHop-RAG's questions whose articles are held, 3 % have less of their words in one passage.
LEAST_FOUND = 0.28
# As much as this have 37 % of those parts, 16 % of the same with the articles taken out, and 8 % of those of null questions.
SURELY = 0.75
# A near word ("dead" for "toll") counts this much of the word itself, as in the extractive reader.
NEAR_WORD = 0.85
# By weight of its words; beyond what the weights were fitted on, a long text would pass for its length alone.
LONGEST = 19.0
# Words that open a question or ask for its answer, beside question words: nothing that an article is found by.
PHRASING = frozenset(terms("considering considered based given information individual person name please find show question answer list"))
# Words that set reports against each other: they are said of articles and stand in none.
COMPARING = frozenset(
    terms(
        "consistent consistency inconsistent inconsistency portray portrayal portrayed narrative suggest suggests imply implies indicate "
        "indicates indicating focus focuses discuss discusses highlight highlights subsequent previous later similar different difference "
        "change changed both another second first"
    )
)
# Names and numbers: what a question turns on.
MARKED = re.compile(r"\b[A-Z][\w’'-]*|\b\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class PartFound:
    """How much of a part's words, weighed by their rarity, stands in one passage under its headline; `nearest` is the passage's article.
    `on_days` is the share of that which passages of the days named have, 1 where no day is named; `weight` is that of all its words."""

    part: Part
    words: float
    on_days: float
    weight: float
    nearest: Article | None

    @property
    def found(self) -> bool:
        return self.words >= LEAST_FOUND

    @property
    def surely(self) -> bool:
        return self.words >= SURELY and self.on_days > 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for an answer: below 0 nothing here answers the question. `unheld` are outlets that it credits and that are not held."""

    score: float
    parts: tuple[PartFound, ...]
    unheld: tuple[str, ...]

    @property
    def answered(self) -> bool:
        return self.score >= 0

    @property
    def answered_by_those_held(self) -> bool:
        """The same whatever the outlets say that are not held."""
        return self.score - WEIGHTS[-1] * bool(self.unheld) >= 0


class Held(Protocol):
    """The part of vectorstore.library.Library that is used."""

    def rarity(self, words: Collection[str]) -> Mapping[str, float]: ...

    def held_outlets(self) -> HeldOutlets: ...


# One weight a feature, the constant first. Fitted on the half of MultiHop-RAG's questions that share evidence with most others, confirmed
# on the rest, then fitted on both (docs/measured.md); at 0, 3 % of the questions with an answer are lost there. Nothing here is of the
# embedder's scale, so that it holds for any.
# The last weight has no end by the data, as no answerable question there credits an outlet that is not held: it outweighs all the others.
FEATURES = ("words", "best part", "words and names", "days", "union", "length", "unheld")
WEIGHTS = (-14.1, 11.51, -1.07, 2.62, 9.03, -3.27, 1.03, -10.8)


def weigh(plan: SearchPlan, found: Sequence[Found], library: Held, held: HeldOutlets | None = None) -> Weighed:
    """Weighs what `library.search_plan(plan)` found. `held` are the outlets in scope, if they are not all of the library's."""
    unheld = credited_unheld(plan.question, held or library.held_outlets())
    parts, values = measured(plan, found, library, unheld)
    score = WEIGHTS[0] + sum(weight * value for weight, value in zip(WEIGHTS[1:], values, strict=True))
    nothing_asked = not any(part.weight for part in parts) and not unheld
    return Weighed(0.0 if nothing_asked else round(score, 4), parts, unheld)


def lacking(weighed: Weighed, found: Sequence[Found], articles: int) -> Iterator[str]:
    """What a search has to say beside its passages: which outlets are not held, what was not found. `articles` were searched."""
    near = f"; nearest: {found[0].hit.article.label}" if found else ""
    for name in weighed.unheld:
        yield f"no article by {name} among the {count(articles, 'article')} searched{near}"
    if found and not weighed.answered and not weighed.unheld:
        yield f"nothing found that answers this{near}"
    elif found and len(weighed.parts) > 1:
        for one in weighed.parts:
            if not one.found:
                of = f" of {listed(sorted(one.part.outlets))}" if one.part.outlets else ""
                yield f"not found in the articles{of} held here: {one.part.words}"


def measured(
    plan: SearchPlan, found: Sequence[Found], library: Held, unheld: Sequence[str]
) -> tuple[tuple[PartFound, ...], tuple[float, ...]]:
    """The parts, and the values of FEATURES."""
    own_names = frozenset(terms(" ".join((*plan.outlets, *unheld))))
    asked = {part: tuple(word for word in content(part.words) if stem(word) not in own_names) for part in plan.parts}
    rarity = library.rarity([word for words_of in asked.values() for word in words_of])
    weight = {stem(word): value for word, value in rarity.items()}
    stems = [(one, frozenset(terms(f"{one.hit.article.title.value or ''} {one.hit.text}"))) for one in found]
    telling = [part for part in asked if len(asked[part]) >= LEAST_WORDS] or list(asked)
    parts = tuple(_part_found(part, tuple(map(stem, asked[part])), stems, weight) for part in telling)
    total = sum(part.weight for part in parts)
    together = frozenset[str]().union(*(own for _, own in stems))
    marked = {stem(word) for part in asked for match in MARKED.findall(part.words) for word in words(match)}
    mean = sum(part.words * part.weight for part in parts) / total if total else 0.0
    union = share(tuple(weight), together, weight)
    names = share([root for root in weight if root in marked], together, weight) if marked & weight.keys() else union
    best = max(part.words for part in parts)
    days = sum(part.on_days for part in parts) / len(parts)
    return parts, (mean, best, mean * names, days, union, math.log1p(min(total, LONGEST)), float(bool(unheld)))


def content(text: str) -> tuple[str, ...]:
    """The words to find, each stem once: none that only asks, or only says that somebody printed it."""
    found: dict[str, str] = {}
    for word in words(text):
        if word not in STOP and word not in ATTRIBUTING and word not in QUESTION_WORDS and (len(word) > 1 or word.isdigit()):
            found.setdefault(stem(word), word)
    return tuple(word for root, word in found.items() if root not in ASKING | PHRASING | COMPARING | REPORTING)[:MOST_TERMS]


def share(asked: Sequence[str], held: frozenset[str], weight: Mapping[str, float]) -> float:
    """Of the words asked for, by weight, those that are held, or a near one in place of them; 1 if there are none to ask for."""
    total = sum(weight[word] for word in asked)
    return sum(weight[word] * holds(word, held) for word in asked) / total if total else 1.0


def holds(word: str, held: frozenset[str]) -> float:
    return 1.0 if word in held else NEAR_WORD if not held.isdisjoint(NEAR.get(word, ())) else 0.0


def _part_found(part: Part, asked: Sequence[str], found: Sequence[tuple[Found, frozenset[str]]], weight: Mapping[str, float]) -> PartFound:
    mine = [(share(asked, own, weight), one) for one, own in found if not part.outlets or one.hit.article.outlet.value in part.outlets]
    best = max((value for value, _ in mine), default=0.0)
    on_days = max((value for value, one in mine if one.hit.article.day in part.days), default=0.0)
    nearest = next((one.hit.article for value, one in mine if value == best), None)
    return PartFound(part, best, (on_days / best if best else 0.0) if part.days else 1.0, sum(weight[root] for root in asked), nearest)

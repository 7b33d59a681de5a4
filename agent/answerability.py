"""Whether what was found answers a question, weighed by what was found and by which outlets and days are held.

How the question is phrased is no part of it: question words, auxiliaries and words that only say who printed it weigh nothing. The weights
are a logistic regression over questions whose answer is held, questions whose articles were taken out, and questions on articles that
never were there (benchmarks/abstention.py --fit).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from agent.credited import credited_unheld
from agent.evidence import REPORTING
from agent.hours import without_hours
from agent.likeness import likenesses
from agent.near import NEAR
from agent.planning import ATTRIBUTING
from agent.question import ASKING, without_asking
from agent.reading.words import QUESTION_WORDS
from agent.terms import STOP, stem, terms, words
from agent.wording import count, listed
from vectorstore.article import Article
from vectorstore.best_sentence import END
from vectorstore.embed import TokenStates
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
# A word in the headline tells what a sentence is about, not what it says.
HEADLINE = 0.5
# Sentences of which the tokens are read for each part, those with most of its words.
READ = 2
# Likeness where there are no vectors of tokens, from the sentence's share of the words: with the same weights it loses fewer of
# MultiHop-RAG's answerable questions (2.2 %), and knows as many of the others as the words did before tokens were read.
LIKENESS_BY_WORDS = (0.3, 0.6)
# By weight of its words; beyond what the weights were fitted on, a long text would pass for its length alone.
LONGEST = 19.0
# Words that open a question or ask for its answer, beside question words: nothing that an article is found by.
PHRASING = frozenset(
    terms("considering considered based given information individual person name please find show question answer list happen happened")
)
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
    said: float
    likeness: float
    names: float

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

    def states(self, texts: Sequence[str]) -> list[TokenStates] | None: ...


# One weight a feature, the constant first. Chosen and fitted on the half of MultiHop-RAG's questions that share evidence with most
# others, confirmed on the rest, then fitted on both (docs/measured.md); at 0, 2.6 % of the questions with an answer are lost there.
# All but the days and the length are shares; likeness is of the built-in embedder's scale, the only one that gives vectors of tokens.
# The last weight has no end by the data, as no answerable question there credits an outlet that is not held: it outweighs all the others.
FEATURES = ("likeness and names", "likeness", "names", "sentence", "passage", "days", "union", "length", "unheld")
WEIGHTS = (-19.19, 4.63, 5.36, 2.85, 1.65, 5.11, 8.95, -2.12, 0.69, -12.0)


def weigh(plan: SearchPlan, found: Sequence[Found], library: Held, held: HeldOutlets | None = None, named: Sequence[str] = ()) -> Weighed:
    """Weighs what `library.search_plan(plan)` found. `held` are the outlets in scope, if they are not all of the library's;
    `named` are others that the question sets beside those held, and that are not."""
    unheld = tuple(dict.fromkeys((*credited_unheld(plan.question, held or library.held_outlets()), *named)))
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
    passages = [_read(one) for one in found]
    telling = [part for part in asked if len(asked[part]) >= LEAST_WORDS] or list(asked)
    matched = [_matched(part, tuple(map(stem, asked[part])), passages, weight) for part in telling]
    likely = likenesses([(one.part.words, [text for _, text in one.sentences]) for one in matched], weight, library.states)
    parts = tuple(one.found(likely[number] if likely else None) for number, one in enumerate(matched))
    total = sum(part.weight for part in parts)

    def mean(values: Iterable[float]) -> float:
        return sum(value * part.weight for value, part in zip(values, parts, strict=True)) / total if total else 0.0

    values = (
        mean(part.likeness * part.names for part in parts),
        mean(part.likeness for part in parts),
        mean(part.names for part in parts),
        mean(part.said for part in parts),
        mean(part.words for part in parts),
        sum(part.on_days for part in parts) / len(parts),
        share(tuple(weight), frozenset[str]().union(*(one.held for one in passages)), weight),
        math.log1p(min(total, LONGEST)),
        float(bool(unheld)),
    )
    return parts, values


def content(text: str) -> tuple[str, ...]:
    """The words to find, each stem once: none that only asks, or only says that somebody printed it."""
    found: dict[str, str] = {}
    for word in words(without_hours(without_asking(text))):
        if word not in STOP and word not in ATTRIBUTING and word not in QUESTION_WORDS and (len(word) > 1 or word.isdigit()):
            found.setdefault(stem(word), word)
    return tuple(word for root, word in found.items() if root not in ASKING | PHRASING | COMPARING | REPORTING)[:MOST_TERMS]


def share(asked: Sequence[str], held: frozenset[str], weight: Mapping[str, float]) -> float:
    """Of the words asked for, by weight, those that are held, or a near one in place of them; 1 if there are none to ask for."""
    total = sum(weight[word] for word in asked)
    return sum(weight[word] * holds(word, held) for word in asked) / total if total else 1.0


def holds(word: str, held: frozenset[str]) -> float:
    return 1.0 if word in held else NEAR_WORD if not held.isdisjoint(NEAR.get(word, ())) else 0.0


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage found: its terms and its headline's, and those of each of its sentences."""

    one: Found
    held: frozenset[str]
    headline: frozenset[str]
    sentences: tuple[tuple[str, frozenset[str]], ...]


def _read(one: Found) -> _Passage:
    text = one.hit.text
    headline = frozenset(terms(one.hit.article.title.value or ""))
    ends = [0, *(match.end() for match in END.finditer(text)), len(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(ends))
    sentences = tuple((piece, frozenset(terms(piece))) for piece in pieces if piece)
    return _Passage(one, headline.union(*(own for _, own in sentences)), headline, sentences)


@dataclass(frozen=True, slots=True)
class _Matched:
    """What the words of a part tell, and the sentences to be read for it, each with how much of the words it has."""

    part: Part
    words: float
    names: float
    on_days: float
    weight: float
    nearest: Article | None
    sentences: tuple[tuple[float, str], ...]

    def found(self, likely: Sequence[float] | None) -> PartFound:
        said = max((value for value, _ in self.sentences), default=0.0)
        likeness = max(likely, default=0.0) if likely is not None else LIKENESS_BY_WORDS[0] + LIKENESS_BY_WORDS[1] * said
        return PartFound(self.part, self.words, self.on_days, self.weight, self.nearest, said, likeness, self.names)


def _matched(part: Part, asked: Sequence[str], found: Sequence[_Passage], weight: Mapping[str, float]) -> _Matched:
    mine = [one for one in found if not part.outlets or one.one.hit.article.outlet.value in part.outlets]
    held = [share(asked, one.held, weight) for one in mine]
    best = max(held, default=0.0)
    on_days = max((value for value, one in zip(held, mine, strict=True) if one.one.hit.article.day in part.days), default=0.0)
    nearest = next((one.one.hit.article for value, one in zip(held, mine, strict=True) if value == best), None)
    marked = {stem(word) for match in MARKED.findall(part.words) for word in words(match)}
    names = [root for root in asked if root in marked]
    named = max((share(names, one.held, weight) for one in mine), default=0.0)
    covered = {text: _covered(asked, own, one.headline, weight) for one in mine for text, own in one.sentences}
    sentences = tuple((value, text) for text, value in sorted(covered.items(), key=lambda item: (-item[1], item[0]))[:READ])
    days = (on_days / best if best else 0.0) if part.days else 1.0
    return _Matched(part, best, named, days, sum(weight[root] for root in asked), nearest, sentences)


def _covered(asked: Sequence[str], own: frozenset[str], headline: frozenset[str], weight: Mapping[str, float]) -> float:
    """As `share`, where a word of the headline counts half: it tells what the sentence is about and not what it says."""
    total = sum(weight[word] for word in asked)
    return sum(weight[word] * max(holds(word, own), HEADLINE * holds(word, headline)) for word in asked) / total if total else 1.0

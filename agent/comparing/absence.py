"""What an outlet that does not make a claim has that comes nearest to it, and in what it falls short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.comparing.agreement import said_terms
from agent.comparing.sameness import Compared
from agent.near import NEAR
from agent.reading.quantities import numbers_in
from agent.reading.read import read
from agent.terms import WORD, terms
from vectorstore.article import Article
from vectorstore.sentence import Span

PASSAGES = 2  # shown for each silent outlet
WORDS = 5  # words named of each
# A sentence of an article that was not compared holds the claim if it has so much of its words, by rarity: as is asked of sentences
# that are said to agree (agreement.COVERED); here a wrong "it is there" only costs a line.
HOLDS = 0.42


@dataclass(frozen=True, slots=True)
class Nearest:
    """A sentence by its number, the claim's words that it has and that it lacks, in the claim's wording, the rarest first."""

    sentence: int
    shared: tuple[str, ...]
    lacking: tuple[str, ...]
    covered: float


def nearest(gist: Compared, others: Iterable[tuple[int, Compared]], rarity: Mapping[str, float]) -> list[Nearest]:
    """The sentences that have most of the claim's words by rarity, at most PASSAGES; none that has none of them."""
    wanted = _wanted(gist, rarity)
    total = sum(rarity.get(term, 0.0) for term in wanted) or 1.0
    ranked = []
    for number, other in others:
        held = {term for term in wanted if term in other.terms or NEAR.get(term, frozenset()) & set(other.terms)}
        share = sum(rarity.get(term, 0.0) for term in held) / total
        if held:
            lacking = [wanted[term] for term in wanted if term not in held]
            ranked.append(Nearest(number, tuple(wanted[term] for term in wanted if term in held)[:WORDS], tuple(lacking[:WORDS]), share))
    return sorted(ranked, key=lambda one: (-one.covered, one.sentence))[:PASSAGES]


def _wanted(gist: Compared, rarity: Mapping[str, float]) -> dict[str, str]:
    """The terms of what the claim says, the rarest first, each with its word as written."""
    said = said_terms(gist)
    written: dict[str, str] = {}
    for match in WORD.finditer(gist.sentence.text):
        for term in terms(match[0]):
            if term in said:
                written.setdefault(term, match[0])
    return dict(sorted(written.items(), key=lambda item: -rarity.get(item[0], 0.0)))


def holding_words(texts: Iterable[tuple[str, frozenset[str]]], gist: Compared, rarity: Mapping[str, float]) -> bool:
    """Whether one of the sentences that were not compared, each with its terms, seems to make the claim, by its words and its figures."""
    wanted = said_terms(gist)
    total = sum(rarity.get(term, 0.0) for term in wanted) or 1.0
    return any(
        sum(rarity.get(term, 0.0) for term in wanted & own) / total >= HOLDS and numbers_in(gist.sentence.text) <= numbers_in(text)
        for text, own in texts
    )


def sentences_of(text: str) -> Iterator[str]:
    """Rough sentences, quickly: near copies come by the thousand, and nothing is quoted from these."""
    return (part for part in re.split(r"(?<=[.!?”\"])\s+|\n+", text) if part)


def holding(article: Article, gist: Compared, rarity: Mapping[str, float], *, figures: bool = True) -> Span | None:
    """The first sentence of an article that was not compared that seems to make the claim, by its words and figures; without `figures`,
    one that has figures and not all of the claim's."""
    wanted = said_terms(gist)
    total = sum(rarity.get(term, 0.0) for term in wanted) or 1.0
    for sentence in read(article).sentences:
        own = Compared.of(0, sentence, 0.0)
        share = sum(rarity.get(term, 0.0) for term in wanted & set(own.terms)) / total
        same = gist.numbers <= own.numbers
        if share >= HOLDS and (same if figures else bool(own.numbers) and not same):
            return sentence.span
    return None

"""What two or more origins say: the sentences that surely state one thing, and those that probably do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.comparing.claims import DEPENDENT, AlignedClaim, Comparison
from agent.comparing.exclusive import concreteness
from agent.comparing.prose import is_bare_quotation, is_piece, leans, speaks
from agent.comparing.sameness import Compared
from agent.reading.vivid import vivid_words
from agent.terms import terms

LINE = 110  # characters
# A question, or a sentence cut off after a title or before a list goes on: it cannot stand for a claim.
CUT_OFF = re.compile(r"(?:\?[\"”’]*|\b(?:Gov|Sen|Rep|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Capt|Prof|Rev|St|No)\.|[^.!…。！\"”’»)\]])\s*$")
LONGEST = 320  # characters of a sentence that may stand for a claim
# Origins that a sentence which leans on others, or heightens, must win over one that does not. Set by reading 20
# basil triplets, which have no labels for it.
LEANS = 0.5


@dataclass(frozen=True, slots=True)
class Shared:
    """A sentence and the sentences of other articles that state the same, surely or probably. `legible`: it can be read alone."""

    claim: AlignedClaim
    gist: int
    supporters: tuple[int, ...]
    origins: int
    certainty: float
    legible: bool = True


@dataclass(frozen=True, slots=True)
class Sharing:
    """What shared claims are looked for in. `concrete` has the number of origins of each name, `links` the probabilities both ways."""

    comparison: Comparison
    origin: Callable[[str], str]
    links: Mapping[int, Mapping[int, float]]
    concrete: Mapping[str, int]
    _legible: dict[int, bool] = field(default_factory=dict, init=False, compare=False, repr=False)

    def stars(self, least: float, borne_out: Callable[[int, int], bool], used: set[int], *, alone: bool) -> list[Shared]:
        """For each claim the sentence that words it best, with those linked to it by `least` or more that bear it out. With `alone` only
        sentences that can be read without what stands around them; `used` are sentences to leave out."""
        place = {(self.comparison.article_id(n), one.sentence.span): n for n, one in enumerate(self.comparison.sentences)}
        best: dict[int, Shared] = {}
        for claim in self.comparison.claims:
            members = [place[position.article_id, span] for position in claim.positions for span in position.spans]
            candidates = [number for number in members if number not in used and (self.legible(number) or not alone)]
            stars = [star for number in candidates if (star := self._star(claim, number, members, least, borne_out))]
            if stars:
                star = max(stars, key=self._worth)
                known = best.get(star.gist)
                if known is None or star.origins > known.origins:
                    best[star.gist] = star
        return list(best.values())

    def _worth(self, star: Shared) -> tuple[bool, float]:
        """A long sentence says more than the others bear out: it must win an origin for each line it takes."""
        sentence = self.comparison.sentences[star.gist].sentence
        weak = leans(sentence) + bool(vivid_words(sentence))
        return star.legible, star.origins - len(sentence.text) / LINE - LEANS * weak

    def _star(
        self, claim: AlignedClaim, gist: int, members: Sequence[int], least: float, borne_out: Callable[[int, int], bool]
    ) -> Shared | None:
        """The claim as `gist` words it, with those that state the same; None if fewer than two witnesses do."""
        near = self.links.get(gist, {})
        supporters = [number for number in members if near.get(number, 0.0) >= least and borne_out(gist, number)]
        holders = {self.comparison.article_id(number) for number in (gist, *supporters)}
        outlets = {self._outlet(number) for number in (gist, *supporters)}
        # An outlet that says it in two articles of its own is one witness, as five outlets with one text are.
        witnesses = min(len({self.origin(article_id) for article_id in holders}), len(outlets))
        if witnesses < 2:
            return None
        across = [near[number] for number in supporters]
        return Shared(claim, gist, tuple(supporters), witnesses, sum(across) / len(across), self.legible(gist))

    def _outlet(self, number: int) -> str:
        article = self.comparison.readings[self.comparison.sentences[number].article].article
        return article.outlet.value or article.article_id

    def legible(self, number: int) -> bool:
        """Whether a sentence can stand for a claim: whole, not leaning on what stands before, with something to check."""
        if number not in self._legible:
            self._legible[number] = self._is_legible(number)
        return self._legible[number]

    def _is_legible(self, number: int) -> bool:
        one = self.comparison.sentences[number]
        text = one.sentence.text
        if not one.words or re.split("['’]", one.words[0])[0] in DEPENDENT or is_bare_quotation(one.sentence):
            return False
        if len(one.terms) < 5 or len(text) > LONGEST or CUT_OFF.search(text) or speaks(one.sentence) or is_piece(one.sentence):
            return False
        before = self.comparison.sentences[number - 1] if number else None
        if before is not None and before.article == one.article and before.sentence.text.rstrip().endswith((";", ",", ":")):
            return False  # the rest of a list
        return concreteness(one, self.concrete) > 0


def without_repeats(stars: Sequence[Shared], used: set[int]) -> list[Shared]:
    """In their order, without those most of whose sentences stand in one before them or among `used`."""
    kept, used = list[Shared](), set(used)
    for star in stars:
        members = {star.gist, *star.supporters}
        if len(members & used) * 2 < len(members):
            kept.append(star)
            used |= members
    return kept


def headline_terms(comparison: Comparison, origin: Callable[[str], str]) -> dict[str, float]:
    """The terms of the headlines and first sentences, with the share of the origins that have them there: what the event is about."""
    heads: dict[str, set[str]] = {}
    for reading in comparison.readings:
        heads.setdefault(origin(reading.article.article_id), set()).update(terms(reading.article.title.value or ""))
    first: set[int] = set()
    for number, one in enumerate(comparison.sentences):
        if one.article not in first:
            first.add(one.article)
            heads.setdefault(origin(comparison.article_id(number)), set()).update(one.terms)
    having = Counter(term for those in heads.values() for term in those)
    return {term: number / len(heads) for term, number in having.items() if number > 1 or len(heads) < 2}


def central(one: Compared, heads: Mapping[str, float]) -> float:
    """How much of the event's headlines is in a sentence, long ones at a discount."""
    said = set(one.terms)
    return sum(heads.get(term, 0.0) for term in said) / (5 + len(said))

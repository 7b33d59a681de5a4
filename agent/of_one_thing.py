"""Whether values that articles give are of what a question asks, and of one thing: only then do the articles differ.

What a number counts and who does what are read off the parse (agent/reading/predications.py), what stands beside a value is compared as a
brief compares it (agent/comparing/conflicts.py). A false dispute is worse than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agent.comparing.conflicts import MONEY, MONTH, equal, of_two_things
from agent.comparing.dispute import Conflict, Side, only_rounded
from agent.comparing.mentions import Mention, mention_of
from agent.near import GROUPS, NEAR
from agent.question import Question
from agent.reading import Quantity, ReadSentence
from agent.reading.grammar import parse
from agent.reading.predications import COUNTS, DOES, RELATIVE, Predications, predications
from agent.reading.words import AUXILIARIES
from agent.terms import stem, terms, words

# What people are counted by; "34 people arrested" tells nothing of how many came.
FATES = frozenset(term for group in GROUPS[:3] for term in terms(group))
ANYBODY = frozenset(terms("people person"))
# Nouns that a question counts by and that narrow nothing down, and verbs that say no more than that there was something.
ANY_NOUN = ANYBODY | frozenset(terms("money amount figure total"))
LIGHT_VERBS = AUXILIARIES | frozenset("be is are was were been being happen happened come came go went get got take took make made".split())
BEFORE_TOTAL = 6  # words
HYPHENS = "-‐‑"
# A part of what was counted, and what stands beside it: "ten of the injured", "the other five".
OF_THEM = re.compile(r"\W*of\s+(?:the|these|those|them|whom|us|his|her|its|their)\b", re.IGNORECASE)
OTHERS = frozenset(("other", "others", "another", "remaining", "further", "more"))
TOTAL = re.compile(r"\b(?:toll|number|count|total|figure)\b", re.IGNORECASE)
COUNTING = frozenset(("many", "much"))


def read_grammar(text: str) -> Predications:
    return predications(text, parse([text])[0])


@dataclass(frozen=True)
class Asked:
    """What a question counts: the noun ("officers"), what is done or befalls ("injured"), and who does it ("Jackson"); stems."""

    noun: frozenset[str]
    deed: frozenset[str]
    doer: frozenset[str]
    fates: frozenset[str]
    counts: bool

    @classmethod
    def by(cls, question: Question) -> Asked:
        read = read_grammar(question.text)
        tokens = read.grammar.tokens
        nouns = [tokens[t.head].text for t in tokens if t.lower in COUNTING and t.relation == "amod" and tokens[t.head].kind == "NOUN"]
        nouns += re.findall(r"\bnumber of ([\w’'-]+)", question.text, re.IGNORECASE)
        called = frozenset(terms(" ".join(nouns)))
        verbs = [
            n for n, t in enumerate(tokens) if t.kind == "VERB" and t.lower not in LIGHT_VERBS and set(terms(t.text)) & set(question.terms)
        ]
        deed = frozenset(terms(" ".join(tokens[n].text for n in verbs[:1])))
        names = frozenset(terms(" ".join(question.names)))
        doers = [t.other for t in read.ties if t.head in verbs[:1] and t.relation == DOES]
        doer = frozenset(term for n in doers for term in terms(tokens[n].text)) & names
        # The parser takes the verb of so short a question as "How much did Ada Holm spend?" for a noun.
        for name in question.names:
            done = re.search(rf"\b(?:did|does|do)\s+(?:the\s+)?{re.escape(name)}\s+(?P<verb>[\w-]+)", question.text, re.IGNORECASE)
            if done and done["verb"].lower() not in LIGHT_VERBS and set(terms(done["verb"])) & set(question.terms):
                deed, doer = frozenset(terms(done["verb"])), frozenset(terms(name))
        # "How many deaths were there" and "the death toll" ask for what befell people, not for things of that name.
        deed = deed or (frozenset(question.terms) & FATES)
        wanted = _with_near(frozenset(question.terms))
        return cls(called - ANY_NOUN - FATES, deed, doer, FATES - wanted, question.counts)


def _with_near(asked: frozenset[str]) -> frozenset[str]:
    return asked.union(*(NEAR.get(term, frozenset()) for term in asked))


@dataclass(frozen=True)
class Value:
    """A value in a sentence of an article."""

    sentence: ReadSentence
    quantity: Quantity

    @cached_property
    def mention(self) -> Mention:
        unit = tuple(stem(word) for word in words(self.quantity.unit)) or tuple(re.findall(r"[%$€£¥]", self.quantity.unit))
        return mention_of(0, self.sentence, self.quantity, unit)

    @cached_property
    def read(self) -> Predications:
        return read_grammar(self.sentence.text)

    @cached_property
    def number(self) -> int | None:
        """The token that its number ends with."""
        start = self.sentence.span.start
        held = self.read.grammar.between(self.quantity.span.start - start, self.quantity.span.end - start)
        return next((token for token in held if token in self.read.values), None)

    @cached_property
    def noun(self) -> int | None:
        """The token of what it counts: "officers" in "nine police officers", "metre" in "a 24-metre trawler"."""
        if self.number is None:
            return None
        tokens = self.read.grammar.tokens
        following = self.number + 2
        if following < len(tokens) and tokens[self.number + 1].text in HYPHENS and tokens[following].text.isalpha():
            return following
        return next((tie.head for tie in self.read.ties if tie.relation == COUNTS and tie.other == self.number), None)

    @cached_property
    def counted(self) -> frozenset[str]:
        """Stems of what it counts, none where the number stands alone."""
        if self.noun is not None:
            return frozenset(terms(self.read.grammar.tokens[self.noun].text))
        return frozenset(self.mention.unit[-1:])

    @cached_property
    def periods(self) -> frozenset[str]:
        """Months and years that the sentence names."""
        return frozenset(time.iso for time in self.sentence.times if time.iso and MONTH.fullmatch(time.iso))

    @property
    def measured(self) -> str:
        """ "money", "percent" or "" for anything else."""
        unit = " ".join(self.mention.unit)
        return "money" if MONEY.search(unit) else "percent" if re.search(r"%|percent|per cent", unit) else ""

    def answers(self, asked: Asked) -> bool:
        """Whether it is a value of what is asked: of those things, of that deed, and of nobody else's."""
        if (asked.counts and self.measured) or self._of_a_part(asked):
            return False
        if asked.noun and not self._phrase() & _with_near(asked.noun):
            return False
        beside = self.mention.before | self.mention.after | frozenset(self.mention.unit)
        if beside & asked.fates:
            return False
        start = self.sentence.span.start
        if TOTAL.search(" ".join(self.sentence.text[: self.quantity.span.start - start].split()[-BEFORE_TOTAL:])):
            beside |= self.mention.left
        return not asked.deed or ((bool(beside & _with_near(asked.deed)) or self._of_deed(asked)) and not self._of_another(asked))

    def _of_a_part(self, asked: Asked) -> bool:
        """Whether it counts some of them: "ten of the injured", "the other five silos", "600 miners who wished to work"."""
        tokens = self.read.grammar.tokens
        if self.number is None:
            return False
        if OF_THEM.match(self.sentence.text, tokens[self.number].end):
            return True
        if self.noun is None:
            return False
        below = self.read.grammar.children(self.noun)
        deeds = set(self._deeds(asked))
        narrowed = any(tokens[n].relation == "relcl" and n not in deeds and self._tells_which(n) for n in below)
        return narrowed or any(tokens[n].lower in OTHERS and n < self.noun for n in below)

    def _tells_which(self, clause: int) -> bool:
        """Whether a clause begins with "who" or the like, and no comma before it."""
        tokens, first = self.read.grammar.tokens, self.read.grammar.subtree(clause).start
        return first > 0 and tokens[first].lower in RELATIVE and tokens[first - 1].kind != "PUNCT"

    def _phrase(self) -> frozenset[str]:
        if self.noun is None:
            return frozenset(self.mention.unit)
        tokens = self.read.grammar.tokens
        before = [n for n in self.read.grammar.children(self.noun) if tokens[n].relation in {"compound", "amod"}]
        return frozenset(term for n in (*before, self.noun) for term in terms(tokens[n].text))

    def _deeds(self, asked: Asked) -> Iterator[int]:
        wanted = _with_near(asked.deed)
        return (n for n, token in enumerate(self.read.grammar.tokens) if set(terms(token.text)) & wanted)

    def _of_deed(self, asked: Asked) -> bool:
        own = {self.number, self.noun} - {None}
        deeds = set(self._deeds(asked))
        return any(tie.head in deeds and tie.other in own for tie in self.read.ties)

    def _of_another(self, asked: Asked) -> bool:
        """Whether somebody else than the question's does it: "Jackson's wife spent"."""
        deeds = set(self._deeds(asked))
        doers = [tie.other for tie in self.read.ties if tie.relation == DOES and tie.head in deeds and tie.plain]
        tokens = self.read.grammar.tokens
        named = [n for n in doers if tokens[n].kind in {"NOUN", "PROPN"} and n != self.number]
        return bool(asked.doer and named) and not any(asked.doer & set(terms(tokens[same].text)) for n in named for same in self._called(n))

    def _called(self, token: int) -> Iterator[int]:
        tokens = self.read.grammar.tokens
        for one in self.read.named(token):
            yield one
            yield from (n for n in self.read.grammar.children(one) if tokens[n].relation in {"compound", "appos"})

    def same_figure(self, other: Value) -> bool:
        """Whether they are one figure, where one is rounded or says "about"; "at least three" is another than "three"."""
        mine, theirs = self.quantity, other.quantity
        if mine.value == theirs.value:
            return mine.modifier.replace("~", "") == theirs.modifier.replace("~", "")
        sides = tuple(Side("", None, None, one.span, one.text, one.text, one.value) for one in (mine, theirs))
        return equal(self.mention, other.mention) or only_rounded(Conflict("number", "conflict", "", sides))

    def of_one_thing(self, other: Value) -> bool:
        """Whether both count or measure the same, so that two numbers cannot both be right."""
        if self.measured != other.measured or (self.periods and other.periods and not self.periods & other.periods):
            return False
        if self.measured:
            return self.mention.unit[-1:] == other.mention.unit[-1:] and not of_two_things(self.mention, other.mention)
        mine, theirs = self.counted - ANYBODY - FATES, other.counted - ANYBODY - FATES
        return (not mine or not theirs or bool(_with_near(mine) & theirs)) and not of_two_things(self.mention, other.mention)

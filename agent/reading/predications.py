"""Who does what to whom in a sentence: ties between its words, the same for "the court fined him" and "he was fined by the court".

Read off the dependency parse (agent/reading/grammar.py). The subject of a passive is what is done to; the one "by" whom is who does it; a
relative pronoun is its noun, and a verb without a subject of its own has that of the verb it is joined to. What stands in apposition, after
"is" or before a name as its title is one thing ("the mayor, Ada Holm", "mayor Ada Holm", "Ada Holm, who is mayor").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from agent.reading.grammar import Grammar
from agent.reading.numbers import numbers
from agent.reading.words import listed

DOES, DONE_TO, IS, OF, COUNTS, TO_WHOM = "does", "done to", "is", "of", "counts", "to whom"
VERBS = frozenset({"VERB", "AUX"})
NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
RELATIVE = listed("who whom which that whose")
BEING = listed("is are was were be been being am 's 're become becomes became remain remains remained")
CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "conj", "xcomp"})
MOST_OF_A_NAME = 4  # words
MOST_JOINED = 8  # words joined by "and" that are followed; more is a list


@dataclass(frozen=True, slots=True)
class Tie:
    """That one word stands to another in a relation: one of the constants above or a preposition. Numbers of tokens.

    `plain`: the other stands beside its verb, and was not found by way of another clause, where the parser errs more.
    """

    head: int
    relation: str
    other: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Predications:
    """All ties of a sentence; `same` says of a token which others name the same thing, `values` has the numbers by the token that they
    end with."""

    grammar: Grammar
    ties: tuple[Tie, ...]
    same: Mapping[int, frozenset[int]] = field(default_factory=dict)
    values: Mapping[int, str] = field(default_factory=dict)

    def phrase(self, token: int) -> frozenset[int]:
        """The token with what depends on it, without clauses: "the number of inspections"."""
        held, waiting = {token}, [token]
        while waiting:
            below = [n for n in self.grammar.children(waiting.pop()) if self.grammar.tokens[n].relation not in CLAUSES]
            held.update(below)
            waiting += below
        return frozenset(held)

    def named(self, token: int) -> frozenset[int]:
        """The tokens that name what this one names, itself included."""
        return self.same.get(token, frozenset({token}))


def predications(text: str, grammar: Grammar) -> Predications:
    """`grammar` is that of the text, which is one sentence."""
    return _Reader(text, grammar).read()


class _Reader:
    def __init__(self, text: str, grammar: Grammar) -> None:
        self.grammar, self.tokens = grammar, grammar.tokens
        self.below: dict[int, list[int]] = defaultdict(list)
        for number, token in enumerate(self.tokens):
            if token.head != number:
                self.below[token.head].append(number)
        self.values: dict[int, str] = {}
        self.part_of_number: dict[int, int] = {}
        for value in numbers(text):
            held = grammar.between(value.span.start, value.span.end)
            if len(held):
                self.values[held[-1]] = value.canonical
                self.part_of_number.update(dict.fromkeys(held, held[-1]))

    def read(self) -> Predications:
        ties = [tie for number in range(len(self.tokens)) for tie in self._ties(number)]
        ties = [Tie(self._end(t.head), t.relation, self._end(t.other), t.plain) for t in ties]
        ties = [tie for tie in dict.fromkeys(ties) if tie.head != tie.other]
        ties += self._titles()
        return Predications(self.grammar, tuple(ties), _groups(ties), self.values)

    def _end(self, number: int) -> int:
        return self.part_of_number.get(number, number)

    def _ties(self, number: int) -> Iterator[Tie]:
        token = self.tokens[number]
        if token.kind in VERBS or self._predicates(number):
            yield from self._of_verb(number)
        for child in self.below[number]:
            relation, held = self.tokens[child].relation, self._joined(child)
            if relation in {"prep", "agent"} and not (relation == "agent" or self._is_agent(number, child)):
                yield from (Tie(number, self.tokens[child].lower, thing) for thing in self._objects(child))
            elif relation == "poss":
                yield from (Tie(number, OF, self._noun(one)) for one in held)
            elif relation == "appos" and self.tokens[child].kind in NOUNS:
                yield Tie(number, IS, child)
            elif relation == "nummod" or (relation in {"compound", "nmod"} and child in self.values):
                whole = self.grammar.whole_words(range(child, child + 1))
                if all(one in self.part_of_number or self.tokens[one].kind == "PUNCT" for one in whole):
                    yield Tie(number, COUNTS, child)
            elif relation in {"compound", "nmod", "amod"}:
                yield from (Tie(number, "mod", one) for one in held)

    def _titles(self) -> Iterator[Tie]:
        """Nouns before a name in one phrase: "the lawyer Anna Pell", "chief executive Noor Vasanti"."""
        for phrase in self.grammar.phrases:
            if self.tokens[phrase.noun].kind == "PROPN":
                for number in range(phrase.start, phrase.noun):
                    possessive = any(self.tokens[n].tag == "POS" for n in range(number, phrase.noun))
                    if self.tokens[number].kind in {"NOUN", "PROPN"} and not possessive:
                        yield Tie(phrase.noun, IS, number)

    def _predicates(self, number: int) -> bool:
        return any(self.tokens[child].relation in SUBJECTS | PASSIVE_SUBJECTS for child in self.below[number])

    def _of_verb(self, number: int) -> Iterator[Tie]:
        role, subjects = self._subject(number)
        being = self.tokens[number].lower in BEING and not self._passive(number)
        for one in subjects:
            if not being:
                yield Tie(number, role, one, self._beside(number, one))
        for child in self.below[number]:
            token = self.tokens[child]
            if token.relation in {"attr", "acomp"} and being:
                for what in self._joined(child):
                    yield from (Tie(one, IS if self.tokens[what].kind in NOUNS else "mod", what) for one in subjects)
            elif token.relation in {"dobj", "oprd", "attr"} and not being:
                yield from (Tie(number, DONE_TO, self._noun(one), self._noun(one) == one) for one in self._joined(child))
            elif token.relation == "dative":
                things = self._objects(child) if token.kind == "ADP" else self._joined(child)
                yield from (Tie(number, TO_WHOM, self._noun(one)) for one in things)
            elif token.relation == "agent" or (token.relation == "prep" and self._is_agent(number, child)):
                yield from (Tie(number, DOES, one) for one in self._objects(child))
            elif token.relation in {"xcomp", "ccomp"}:
                yield Tie(number, "that", child)
            elif token.relation == "advcl":
                mark = next((self.tokens[m].lower for m in self.below[child] if self.tokens[m].relation in {"mark", "advmod"}), "")
                yield Tie(number, mark or "while", child)
        double = [child for child in self.below[number] if self.tokens[child].relation in SUBJECTS]
        yield from (Tie(one, IS, other) for one, other in pairwise(double) if other - one < MOST_OF_A_NAME)  # "the director Pia Sorn"
        if being:
            for child in self.below[number]:
                if self.tokens[child].relation == "prep":
                    yield from (Tie(one, self.tokens[child].lower, thing) for one in subjects for thing in self._objects(child))

    def _passive(self, number: int) -> bool:
        return any(self.tokens[child].relation in {"auxpass", "nsubjpass", "agent"} for child in self.below[number])

    def _is_agent(self, number: int, child: int) -> bool:
        return (
            self.tokens[child].lower == "by"
            and self._passive(number)
            and not any(self.tokens[one].tag == "VBG" for one in self.below[child])
        )

    def _subject(self, number: int, depth: int = 0) -> tuple[str, tuple[int, ...]]:
        """Whether the grammatical subject does it or has it done to it, and the subject."""
        token = self.tokens[number]
        role = DONE_TO if self._passive(number) else DOES
        subjects = [child for child in self.below[number] if self.tokens[child].relation in SUBJECTS | PASSIVE_SUBJECTS]
        if subjects:
            if role == DONE_TO and any(self.tokens[child].relation == "dobj" for child in self.below[number]):
                role = TO_WHOM  # "she was given a prize"
            return role, tuple(self._noun(one) for child in subjects for one in self._joined(child))
        if depth > MOST_JOINED:
            return role, ()
        above = self.tokens[token.head]
        if token.relation == "acl":
            named = () if token.tag == "VB" else (token.head,)  # "the decision to close"
            return (DONE_TO if token.tag == "VBN" else DOES), named
        if token.relation == "conj" and above.kind in VERBS:
            inherited_passive = role is DOES and token.tag == "VBN" and self._passive(token.head) and not self._has_auxiliary(number)
            return (DONE_TO if inherited_passive else role), self._subject(token.head, depth + 1)[1]
        if token.relation == "relcl" and self.below[number] and token.tag == "VBN" and not self._has_auxiliary(number):
            return DONE_TO, (token.head,)
        if token.relation in {"xcomp", "advcl"} and above.kind in VERBS:
            objects = [c for c in self.below[token.head] if self.tokens[c].relation in {"dobj", "dative"}]
            if token.relation == "xcomp" and objects and token.tag == "VB":
                return role, (self._noun(objects[0]),)
            if token.tag == "VBN" and not self._has_auxiliary(number):
                role = DONE_TO
            return role, self._subject(token.head, depth + 1)[1]
        return role, ()

    def _beside(self, number: int, subject: int) -> bool:
        """Whether it is the verb's own subject, or a person that "who" stands for."""
        own = [self.tokens[child].lower for child in self.below[number] if self.tokens[child].relation in SUBJECTS | PASSIVE_SUBJECTS]
        return bool(own) and (own == ["who"] or subject not in self._above(number))

    def _above(self, number: int) -> set[int]:
        """What a verb hangs on, up to the root."""
        found: set[int] = set()
        while self.tokens[number].head not in found | {number}:
            number = self.tokens[number].head
            found.add(number)
        return found

    def _has_auxiliary(self, number: int) -> bool:
        return any(self.tokens[child].relation in {"aux", "auxpass"} for child in self.below[number])

    def _noun(self, number: int) -> int:
        """A relative pronoun's noun."""
        token = self.tokens[number]
        if token.lower in RELATIVE and token.kind in {"PRON", "DET", "SCONJ"}:
            verb = token.head
            for _ in range(MOST_JOINED):
                if self.tokens[verb].relation in {"relcl", "acl"}:
                    return self.tokens[verb].head
                if self.tokens[verb].head == verb:
                    break
                verb = self.tokens[verb].head
        return number

    def _objects(self, preposition: int) -> tuple[int, ...]:
        held: list[int] = []
        for child in self.below[preposition]:
            if self.tokens[child].relation in {"pobj", "pcomp"}:
                held += [self._noun(one) for one in self._joined(child)]
            elif self.tokens[child].relation == "prep":  # "out of the lobby"
                held += self._objects(child)
        return tuple(held)

    def _joined(self, number: int) -> list[int]:
        """A word and those that "and" joins to it."""
        held = [number]
        for one in held:
            if len(held) < MOST_JOINED:
                held += [c for c in self.below[one] if self.tokens[c].relation == "conj" and self.tokens[c].kind == self.tokens[one].kind]
        return held


def _groups(ties: list[Tie]) -> dict[int, frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for tie in ties:
        if tie.relation == IS:
            joined = groups.get(tie.head, {tie.head}) | groups.get(tie.other, {tie.other})
            for one in joined:
                groups[one] = joined
    return {one: frozenset(group) for one, group in groups.items()}

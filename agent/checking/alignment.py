"""The predications of a text as they are held against another's: each verb or noun with what stands to it, as keys and not as places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.checking.synonyms import SAME
from agent.checking.tokens import key, root_of
from agent.checking.verbs import stand_for
from agent.near import NEAR
from agent.reading.grammar import parse
from agent.reading.predications import Predications, predications
from agent.reading.words import PRONOUNS, listed
from vectorstore.sentence import sentence_spans

# Letters in which two words of one family agree at least: "decided" and "decision".
FAMILY = 4
# Forms that the stemmer takes for other words.
SHORT = {"had": "have", "has": "have", "did": "do", "does": "do"}
# What says of itself nothing about who or what it is.
THIN = PRONOUNS | listed("most some many few all both none half one two others those these more")
NAMING = frozenset({"NOUN", "PROPN", "NUM", "ADJ"})
VERBS = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Thing:
    """A word that stands to another: its key, those of all that names the same, of its whole phrase, and of what stands before it there.

    `thin`: a pronoun, or a word like "most", which may mean anything.
    """

    text: str
    key: str
    named: frozenset[str]
    phrase: frozenset[str]
    before: frozenset[str]
    thin: bool
    verb: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb or noun with what stands to it: the relation (agent/reading/predications.py), the thing, and whether it stands beside it."""

    head: Thing
    ties: tuple[tuple[str, Thing, bool], ...]

    def filled(self, *roles: str) -> list[tuple[Thing, bool]]:
        return [(thing, plain) for relation, thing, plain in self.ties if relation in roles]


def pieces_of(text: str) -> list[str]:
    """What is parsed by itself: sentences, cut at a semicolon."""
    pieces = (part.strip() for span in sentence_spans(text) for part in text[span.start : span.end].split(";"))
    return [piece for piece in pieces if any(map(str.isalnum, piece))]


@lru_cache(maxsize=2048)
def frames_of(text: str) -> tuple[Frame, ...]:
    """Raises ModelMissing or ModelAltered (vectorstore/model_files.py)."""
    pieces = pieces_of(text)
    found: list[Frame] = []
    for piece, grammar in zip(pieces, parse(pieces), strict=True):
        read = predications(piece, grammar)
        things = {number: _thing(read, number) for number in {n for tie in read.ties for n in (tie.head, tie.other)}}
        ties: dict[int, list[tuple[str, Thing, bool]]] = {}
        for tie in read.ties:
            ties.setdefault(tie.head, []).append((tie.relation, things[tie.other], tie.plain))
        found += [Frame(things[head], tuple(some)) for head, some in ties.items()]
    return tuple(found)


def _thing(read: Predications, number: int) -> Thing:
    tokens = read.grammar.tokens
    token = tokens[number]

    def key_of(n: int) -> str:
        return f"#{read.values[n]}" if n in read.values else _key(tokens[n].lower)

    named = frozenset(key_of(n) for n in read.named(number) if n not in read.values)
    phrase = [n for n in read.phrase(number) if tokens[n].kind in NAMING]
    return Thing(
        token.text,
        key_of(number),
        named,
        named | {key_of(n) for n in phrase},
        frozenset(key_of(n) for n in phrase if n < number and tokens[n].kind != "NUM"),
        token.lower in THIN or token.kind in ("PRON", "DET", "NUM") or number in read.values,
        token.kind in VERBS,
    )


@lru_cache(maxsize=8192)
def _key(low: str) -> str:
    return key(SHORT.get(low, low))


def alike(one: Thing, other: Thing) -> bool:
    """Whether a word of the sentence may stand for one of the quote."""
    return not one.named.isdisjoint(other.named) or kin(one.key, other.key)


def related(one: Thing, other: Thing) -> bool:
    """Whether they are alike, or either stands in the other's phrase: "the number of inspections" and "inspections"."""
    return not one.named.isdisjoint(other.phrase) or not other.named.isdisjoint(one.phrase) or kin(one.key, other.key)


def told_apart(one: Thing, other: Thing, things: Sequence[Thing]) -> bool:
    """Whether two of one noun are two things: the finance ministry, where the quote has it beside the interior ministry."""
    apart = one.key == other.key and one.before and other.before and one.before.isdisjoint(other.before)
    return bool(apart) and any(thing.key == one.key and not thing.before.isdisjoint(one.before) for thing in things)


@lru_cache(maxsize=65536)
def kin(said: str, quoted: str) -> bool:
    """Whether two keys are of one word, one family, or one meaning."""
    if said == quoted:
        return True
    if said[:1] == "#" or quoted[:1] == "#":
        return False
    if quoted in SAME.get(said, ()) or quoted in NEAR.get(said, ()) or said in stand_for().get(quoted, ()):
        return True
    one, other = root_of(said), root_of(quoted)
    shared = max(FAMILY, min(len(one), len(other)) - 2)
    return len(one) >= FAMILY and len(other) >= FAMILY and one[:shared] == other[:shared]

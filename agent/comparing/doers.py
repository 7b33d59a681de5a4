"""Who the words of a sentence make the doer: "troops killed four", "four were killed by troops", "four were killed", "four died".

Only verbs of what is done to people and things are looked at, in groups that one act may be worded by; a list of ours. Subjects, passives
and what stands after "by" are the parser's (agent/reading/grammar.py); without its files nobody is said to do anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.comparing.people import for_people
from agent.comparing.sameness import Compared
from agent.reading.grammar import Grammar
from agent.reading.words import PRONOUNS
from vectorstore.sentence import Span

Doer = Literal["subject", "after by", "nobody"]

# For each act the verbs that somebody does to somebody (base, past, participle), and those that merely happen to one.
ACTS: dict[str, tuple[str, str]] = {
    "killing": ("kill killed murder murdered slay slew slain assassinate assassinated massacre massacred execute executed",
                "die dies died perish perished"),
    "shooting": ("shoot shot gun gunned", ""),
    "injuring": ("injure injured wound wounded hurt maim maimed beat beaten stab stabbed", ""),
    "arresting": ("arrest arrested detain detained jail jailed imprison imprisoned seize seized", ""),
    "destroying": ("destroy destroyed wreck wrecked demolish demolished flatten flattened raze razed gut gutted ruin ruined",
                   "collapse collapsed crumble crumbled"),
    "striking": ("hit bomb bombed shell shelled bombard bombarded ram rammed strike struck attack attacked", "sink sinks sank sunk"),
    "clearing": ("clear cleared evict evicted expel expelled remove removed disperse dispersed drag dragged", "leave left"),
    "dismissing": ("fire fired sack sacked dismiss dismissed oust ousted axe axed", "resign resigned quit"),
    "closing": ("close closed shut ban banned block blocked", ""),
    "burning": ("burn burned burnt torch torched ignite ignited", ""),
    "displacing": ("displace displaced uproot uprooted deport deported", "flee fled"),
}  # fmt: skip
DONE = {verb: act for act, (done, _) in ACTS.items() for verb in done.split()}
HAPPENS = {verb: act for act, (_, happens) in ACTS.items() for verb in happens.split()}
THIRD = {f"{verb}s": act for verb, act in DONE.items() if not verb.endswith(("ed", "en", "ot", "t", "wn", "in"))}
GERUNDS = {f"{verb.removesuffix('e')}ing": act for verb, act in DONE.items() if not verb.endswith("ed")}
BODILY = ("killing", "shooting", "injuring", "displacing")  # these are done to people; "hurt relations" is another thing
SUBJECTS, PASSIVE_SUBJECTS = ("nsubj", "csubj"), ("nsubjpass", "csubjpass")
LONGEST_SUBJECT = 6  # words of a doer that are shown
# After "by" these are a time, a place or a means, and nobody who does anything.
NO_DOER = re.compile(
    r"(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|noon|midnight|morning|evening|night|then|now|accident|mistake|law|hand|phone"
    r"|far|half|a third|some measure|the (?:end|time|side|river|road|sea))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deed:
    """`act` is the key of ACTS; `span` the verb with its doer, in the article; `verb` the verb as written."""

    act: str
    verb: str
    doer: Doer
    span: Span


def deeds_in(one: Compared, grammar: Grammar) -> Iterator[Deed]:
    """What the sentence says was done, in its own words: quotations are somebody else's, and what was not done is no deed."""
    offset = one.sentence.span.start
    for number, token in enumerate(grammar.tokens):
        quoted = any(quote.start <= offset + token.start < quote.end for quote in one.sentence.quotations)
        if token.kind != "VERB" or quoted or _child(grammar, number, ("neg",)) is not None:
            continue
        found = _deed(grammar, number)
        if found is not None:
            act, doer, tokens = found
            yield Deed(act, token.text, doer, grammar.span(tokens, offset))


def _deed(grammar: Grammar, verb: int) -> tuple[str, Doer, range] | None:
    """The act, whom the words make the doer, and the tokens that tell it."""
    token = grammar.tokens[verb]
    act = DONE.get(token.lower) or THIRD.get(token.lower) or GERUNDS.get(token.lower)
    suffered = _child(grammar, verb, PASSIVE_SUBJECTS)
    auxiliary = _child(grammar, verb, ("auxpass",))
    # "The four killed in the blast": no auxiliary, and the noun before it is what it was done to.
    reduced = token.relation == "acl" and token.tag == "VBN"
    # "He was held and jailed": the auxiliary of the first is that of the second.
    joined = token.relation == "conj" and token.tag == "VBN" and _child(grammar, token.head, ("auxpass",)) is not None
    if act and (suffered is not None or auxiliary is not None or reduced or joined):
        sufferer = suffered if suffered is not None else token.head if reduced else _shared_subject(grammar, verb, PASSIVE_SUBJECTS)
        if not _suffers(grammar, act, sufferer):
            return None
        by = _child(grammar, verb, ("agent",))
        if by is not None and (doer := _after_by(grammar, by)) is not None:
            return act, "after by", range(verb, doer.stop)
        return act, "nobody", range(verb if auxiliary is None else auxiliary, verb + 1)
    subject = _shared_subject(grammar, verb, SUBJECTS)
    done_to = _child(grammar, verb, ("dobj",))
    if act and done_to is not None:
        if subject is None or grammar.tokens[subject].lower in PRONOUNS or not _suffers(grammar, act, done_to):
            return None
        shown = _named(grammar, subject)
        return act, "subject", range(shown.start, verb + 1) if subject < verb <= subject + LONGEST_SUBJECT else range(verb, verb + 1)
    meant = any(grammar.tokens[child].lower == "to" for child in grammar.children(verb))  # "were told to leave"
    if (
        token.lower in HAPPENS
        and not meant
        and done_to is None
        and subject is not None
        and _suffers(grammar, HAPPENS[token.lower], subject)
    ):
        return HAPPENS[token.lower], "nobody", range(verb, verb + 1)
    return None


def _child(grammar: Grammar, of: int, relations: tuple[str, ...]) -> int | None:
    return next((child for child in grammar.children(of) if grammar.tokens[child].relation in relations), None)


def _shared_subject(grammar: Grammar, verb: int, relations: tuple[str, ...]) -> int | None:
    """Its own subject, or that of the verb that it is joined to or depends on: "came and cleared", "used gas to clear"."""
    for _ in range(3):
        subject = _child(grammar, verb, relations)
        if subject is not None:
            return subject
        token = grammar.tokens[verb]
        if token.relation not in ("conj", "xcomp", "advcl") or token.head == verb:
            return None
        verb = token.head
    return None


def _suffers(grammar: Grammar, act: str, noun: int | None) -> bool:
    """Whether the act can be done to it: what is done to bodies is done to people."""
    if noun is None or act not in BODILY:
        # "Prices hit a record", "the loss hit $3 billion".
        return noun is None or act != "striking" or grammar.tokens[noun].kind not in ("NUM", "SYM")
    token = grammar.tokens[noun]
    counted = any(grammar.tokens[child].relation in ("nummod", "amod", "quantmod") for child in grammar.children(noun))
    number = token.kind in ("PROPN", "PRON", "NUM") or token.lower.removesuffix("s") in ("dozen", "hundred", "thousand", "score")
    return number or for_people(token.lower) or token.lower in ("men", "women") or (counted and for_people(token.lower.removesuffix("s")))


def _after_by(grammar: Grammar, by: int) -> range | None:
    noun = _child(grammar, by, ("pobj",))
    if noun is None:
        return None
    shown = _named(grammar, noun)
    words = " ".join(grammar.tokens[number].text for number in shown)
    return None if NO_DOER.match(words) else shown


def _named(grammar: Grammar, noun: int) -> range:
    """The noun with what stands before it, cut where it is long."""
    before = [number for number in grammar.subtree(noun) if number <= noun]
    return range(max(before[0], noun - LONGEST_SUBJECT + 1), noun + 1)

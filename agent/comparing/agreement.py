"""Whether one sentence bears out another: what is printed as agreed must hold for each who is said to agree.

Likeness cannot tell "will travel to the port" from "was booed in the port". Here the same words must be said of the same subject, as
equally done or yet to come, as equally denied or withdrawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import lru_cache

from agent.comparing.prose import IRREGULAR
from agent.comparing.sameness import Compared
from agent.near import NEAR
from agent.terms import STOP, stem, terms, words
from vectorstore.sentence import Span

# Share of what the sentence says, by rarity, that must stand in another that is said to agree with it. This limit and the word lists below
# were set on granary and brakka of the sample, with eight hand-aligned events in view: no event was held back. There 10 of 11 and 12 of
# 12 pairs of origins in what is agreed are right.
COVERED = 0.42
# The share that must for the two to be shown side by side, where the reader sees both. On the contrast set's eight events, with links of
# PROBABLE and more, 0, .1, .15 and .25 show words of .433, .433, .412 and .383 of the claims from two articles, and .95, .94, .95 and
# .96 of what is shown is right by the labels; on 10 other basil triplets that have none, 55 of 67 lines were judged right at .1.
TOUCHED = 0.1
# Near words ("killed", "dead") count as the word itself, at this discount.
NEAR_WORTH = 0.8
# Two sentences that have a figure above SMALL in common need share only this much of the words otherwise asked.
SMALL, FIGURE_WORTH = 12, 0.75
# The same share, of the words without the figures and what they count: "3 million crowns" may be the cost of anything.
BESIDE = 0.15
# Where no verb is shared, this share of the words makes up for it.
NEARLY_ALL = 0.6
MODALS = frozenset("will would can could may might must shall should".split())
LIGHT = frozenset("came went had made took gave put set got left began kept held need used".split())
ACTS = (
    "ask asked demand demanded want wants call called seek sought request requested",
    "pay paid bear bore cover covered",
    "clear cleared end ended lift lifted break broken",
    "go gone visit visited inspect inspected travel travelled arrive arrived",
    "send sent deploy deployed",
    "close closed shut seal sealed",
    "destroy destroyed wreck wrecked ruin ruined gutted",
    "tell told inform informed warn warned",
    "buy bought acquire acquired purchase purchased",
)
SAME_ACT = {stem(word): frozenset(stem(other) for other in act.split()) for act in ACTS for word in act.split()}
TO_COME = re.compile(
    r"\b(?:will|won['’]t|would|shall|going to|(?:is|are|was|were) (?:to|due|set|expected|scheduled|planned|likely) \w+"
    r"|(?:plan|intend|aim|hope|want|promise|expect|vow|pledge)(?:s|ed|ned)? to)\b|['’]ll\b",
    re.IGNORECASE,
)
TAKEN_BACK = re.compile(
    r"\b(?:withdr[ae]wn?|withdrew|retract\w*|correct(?:ed|s|ion)|revis(?:ed|es|ion)|no longer|den(?:y|ies|ied|ying|ial)|reject(?:s|ed)"
    r"|disput(?:e|es|ed)|refut\w+|dismiss(?:es|ed)|cancel\w*|abandon\w*|ruled out|false(?:ly)?|wrong(?:ly)?|untrue|overturn\w*"
    r"|(?:first|earlier|previous|initial|old|original) (?:count|figure|toll)s?"
    r"|(?:new|updated|latest) (?:count|figure|toll)s?)\b",
    re.IGNORECASE,
)
KEPT = 16_384  # sentences of which what was read off them is kept: each is held against many others
# A sentence whose first name starts within so many words is about its bearer, and what it says stands after that name.
SUBJECT = 6


def bears_out(gist: Compared, other: Compared, rarity: Mapping[str, float]) -> bool:
    """Whether `other` says what `gist` says: its figures, enough of its words, and the same way round."""
    if _one_denies(gist, other) or to_come(gist) != to_come(other) or not gist.numbers <= other.numbers:
        return False
    figures = {number for number in gist.numbers & other.numbers if not isinstance(number, str)}
    telling = any(isinstance(figure, float | int) and figure > SMALL for figure in figures)
    if coverage(gist, other, rarity) < COVERED * (FIGURE_WORTH if telling else 1.0):
        return False
    return coverage(gist, other, rarity, figures=False) >= BESIDE and does_the_same(gist, other, rarity)


def may_bear_out(gist: Compared, other: Compared, rarity: Mapping[str, float]) -> bool:
    """Whether `other` may be set beside `gist` as perhaps the same: not if one of them denies, and with some of its words."""
    return not _one_denies(gist, other) and coverage(gist, other, rarity) >= TOUCHED


def _one_denies(one: Compared, other: Compared) -> bool:
    """Whether one of two sentences denies or takes back, and the other does not."""
    if bool(one.sentence.negations) != bool(other.sentence.negations) or taken_back(one) != taken_back(other):
        return True
    return (one.sentence.stance == "denies") != (other.sentence.stance == "denies")


def coverage(gist: Compared, other: Compared, rarity: Mapping[str, float], *, figures: bool = True) -> float:
    """The share of what `gist` says, by rarity, that `other` says too; who is said to say it and of whom it is said count for nothing."""
    said = said_terms(gist, figures=figures)
    theirs = set(other.terms)
    total = sum(rarity.get(term, 0.0) for term in said)
    held = sum(rarity.get(term, 0.0) for term in said & theirs)
    held += sum(NEAR_WORTH * rarity.get(term, 0.0) for term in said - theirs if NEAR.get(term, frozenset()) & theirs)
    return held / total if total else 0.0


def does_the_same(gist: Compared, other: Compared, rarity: Mapping[str, float]) -> bool:
    """Whether a telling verb of `gist`, or a near one, stands in `other`, or nearly all of its other words do."""
    verbs = telling_verbs(gist)
    theirs = set(other.terms)
    shared = any(verb in theirs or (NEAR.get(verb, frozenset()) | SAME_ACT.get(verb, frozenset())) & theirs for verb in verbs)
    return not verbs or shared or coverage(gist, other, rarity) >= NEARLY_ALL


@lru_cache(maxsize=KEPT)
def telling_verbs(one: Compared) -> Set[str]:
    """Stems of the verbs that can be told by their form, in the sentence's own statement; "came" or "took" tell too little."""
    said = words(_statement(one))
    return frozenset(
        stem(word)
        for before, word in zip(("", *said), said, strict=False)
        if word not in STOP
        and word not in LIGHT
        and ((word.endswith("ed") and len(word) > 4) or word in IRREGULAR or (before in MODALS and not word.endswith("ly")))
    )


@lru_cache(maxsize=KEPT)
def said_terms(one: Compared, *, figures: bool = True) -> Set[str]:
    """Its terms without its subject's name, without those that only say on whose word it is, and without figures if so asked."""
    return frozenset(terms(_statement(one, figures=figures)))


def _statement(one: Compared, *, figures: bool = True) -> str:
    sentence, start = one.sentence, one.sentence.span.start
    framing = [part for spoken in sentence.attributions for part in (spoken.source, spoken.cue)]
    framing += [] if figures else [quantity.span for quantity in sentence.quantities]
    subject = subject_end(one)
    kept = re.sub(r"\S", " ", sentence.text[:subject]) + sentence.text[subject:]
    for part in framing:
        begin, end = (min(max(place - start, 0), len(kept)) for place in part)
        kept = kept[:begin] + " " * (end - begin) + kept[end:]
    return kept


def subject_end(one: Compared) -> int:
    """Where the name that the sentence begins with ends, in characters; 0 if it begins with none."""
    start = one.sentence.span.start
    first: Span | None = min(one.sentence.names, default=None)
    if first is None or len(words(one.sentence.text[: first.start - start])) >= SUBJECT:
        return 0
    return first.end - start


@lru_cache(maxsize=KEPT)
def to_come(one: Compared) -> bool:
    return bool(TO_COME.search(_unquoted(one)))


@lru_cache(maxsize=KEPT)
def taken_back(one: Compared) -> bool:
    return bool(TAKEN_BACK.search(_unquoted(one)))


def _unquoted(one: Compared) -> str:
    """The outlet's own words; all of them where it has none but a quotation."""
    text, start = one.sentence.text, one.sentence.span.start
    for span in one.sentence.quotations:
        text = text[: span.start - start] + " " * (span.end - span.start) + text[span.end - start :]
    return text if len(words(text)) > 2 else one.sentence.text

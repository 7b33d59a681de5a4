"""Which nouns are words for people and bodies."""

from __future__ import annotations

import re

from agent.reading.cast import GROUPS, ORGANISATIONS
from agent.reading.cues import SAYING_NOUNS
from agent.reading.names import HONORIFICS
from agent.reading.phrases import PARTY
from agent.reading.sources import source_type
from agent.reading.speakers import ROLES
from agent.reading.words import FUNCTION_WORDS, listed

BODIES = listed(
    "company brigade ministry police union committee government council agency office court embassy army navy coastguard firm bank"
)
SOMEBODY = (
    ROLES
    | GROUPS
    | BODIES
    | listed(
        "spokesman spokeswoman spokesperson official officer minister president chairman lawyer judge prosecutor resident witness worker "
        "miner neighbour mother father son daughter wife husband brother sister friend doctor nurse teacher student analyst economist "
        "expert critic supporter opponent activist protester driver captain constable sergeant soldier commander mayor governor senator "
        "man woman boy girl child people family boss host reporter correspondent force campaign administration department party"
    )
)
# Words for people: those of the list, and by their endings ("governor", "activist", "politician").
PEOPLE = SOMEBODY | listed("republican democrat conservative liberal socialist member ally hero star veteran aide host secretary adviser")
THINGS = listed("matter letter number order paper power other computer center tower fundraiser factor")
NOBODY = BODIES | listed("force campaign administration department party family")
# What may be on record in place of somebody.
DOCUMENTS = listed(
    "document record report paper filing memo letter statement study survey poll data figure projection forecast estimate return "
    "indictment complaint lawsuit affidavit ruling transcript email post tweet website page announcement release notice bulletin "
    "review analysis profile book diary log file order bill law text message video footage recording testimony source"
)
# More words for several people or a body.
TOGETHER = listed(
    "jury prosecution defense defence pair trio couple duo business mob crowd nation country state side staff crew management leadership "
    "board panel committee commission bench chamber house parliament coalition regulator public clergy"
)
# Of these the word after "of" says who it is.
PARTS = listed(
    "one two three four five group number handful dozen hundred thousand lot majority couple pair some many most few several all both"
)
RELATIVE = listed("that which who whom whose what it this there")
# Where the name of a source ends and what is said about it begins.
BEFORE_DETAILS = re.compile(r",| (?:that|who|which|at|in|on|for|from|of his|of her|outside|after|before|during)\b")
COLLECTIVE = listed("authority authorities staff police team crew crowd mob government regime leadership public troop side folk")
ENDINGS = ("er", "or", "ist", "ian", "ant", "man", "woman", "geon")


def for_people(word: str) -> bool:
    """Whether a noun, in lower case, is a word for somebody, and not for a body of people."""
    word = word.strip(".")
    return word not in NOBODY and (
        word in PEOPLE
        or word.removesuffix("s") in PEOPLE
        or word in HONORIFICS
        or (len(word) > 4 and word.endswith(ENDINGS) and word not in THINGS)
    )


def names_a_source(said: str) -> bool:
    """Whether the words an article uses for a source name a person, a body, a document, or people without a name.

    "the second of the letters" and "several aides" do, "the new ones", "which the mayor" and "the energy of a father" do not.
    """
    source = re.sub(r"\s+", " ", said).strip(" ,.;:")
    first, _, others = source.partition(" ")
    if not source or PARTY.match(source) or (first.lower() in RELATIVE and (first.lower() != "that" or not others[:1].islower())):
        return False  # "that coach" is somebody
    head = BEFORE_DETAILS.split(source)[0]
    noun, _, whole = head.partition(" of ")
    words = noun.split()
    if not words:
        return False
    forms = _singulars(words[-1].lower())
    if whole and forms & PARTS:
        return names_a_source(whole)
    if words[-1][0].isupper():
        return not forms & FUNCTION_WORDS
    if forms & (SOMEBODY | BODIES | ORGANISATIONS | TOGETHER | DOCUMENTS | SAYING_NOUNS) or any(map(for_people, forms)):
        return True
    return source_type(noun) != "unknown" or source_type(source) == "anonymous"


def _singulars(word: str) -> frozenset[str]:
    """The word and what it may be the plural of."""
    word = word.removesuffix("'s").removesuffix("’s")
    found = {word, word.removesuffix("s"), word.removesuffix("es")}
    return frozenset(found | {word[:-3] + "y"} if word.endswith("ies") else found | {word[:-3] + "man"} if word.endswith("men") else found)


def someone(word: str) -> bool:
    """Whether a noun, in lower case, may stand for people: one or several, or a body of them."""
    single = word.removesuffix("s")
    return bool({word, single} & (NOBODY | COLLECTIVE)) or for_people(word) or for_people(single)

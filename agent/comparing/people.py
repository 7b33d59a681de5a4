"""Which nouns are words for people and bodies."""

from __future__ import annotations

from agent.reading.cast import GROUPS
from agent.reading.names import HONORIFICS
from agent.reading.speakers import ROLES
from agent.reading.words import listed

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


def someone(word: str) -> bool:
    """Whether a noun, in lower case, may stand for people: one or several, or a body of them."""
    single = word.removesuffix("s")
    return bool({word, single} & (NOBODY | COLLECTIVE)) or for_people(word) or for_people(single)

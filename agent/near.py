"""Words that news uses for one another: the extractive reader counts one for the other, at a discount.

A short list of the commonest reports (casualties, arrests, causes, money, times), and the forms of verbs that no stemmer knows for one
word; from general English and not from any data set.
"""

from __future__ import annotations

from collections.abc import Collection

from agent.terms import terms

GROUPS = (
    "kill killed killing dead dies died die death deaths toll fatal fatalities perished lives casualties",
    "hurt injured injuries injury wounded wounds casualties harmed treated hospital",
    "arrest arrested arrests detained detention custody seized held jailed",
    "start started starts begin began begun opened launch launched beginning",
    "end ended ends finish finished over closed",
    "cause caused causes causing reason blame blamed trigger triggered behind why",
    "explode exploded explosion exploding blast blew",
    "fire blaze flames burned burnt burning",
    "pay paid paying pays payment payer",
    "fine fined penalty",
    "resign resigned resignation quit stepped",
    "win won wins winner victory beat champion",
    "free freed release released",
    "board boarded boarding climbed raid raided inspection",
    "shot shots fired gunfire firing rounds",
    "crowd people protesters demonstrators participants turnout",
    "strike strikers striking walkout",
    "cost costs price worth charge",
    "rise rose risen increase increased up higher",
    "fall fell fallen drop dropped decrease decreased down lower",
    "say said claim claimed",
    "doctor doctors hospital physician surgeon",
    "police officers officer",
    "worker workers employee employees staff",
    "boss chief head leader",
    "distance far miles kilometres metres nautical",
    "own owns owned owner owners run runs ran running operates operated operator bought",
    "evacuate evacuated evacuation evacuees residents fled flee displaced",
    "replace replaced replaces replacement successor succeed succeeded succeeds",
    "convict convicted conviction guilty",
    "steal stole stolen theft thieves robbed robbery raid raiders",
    "lose lost loses losing loss losses defeat defeated beaten",
    "fired sacked dismissed ousted dismissal",
    "purchase purchased bought buy buys acquire acquired acquisition takeover",
)
# Forms of one verb; none of those that say too little to tell what a text is about ("take", "give", "know").
VERBS = (
    "break broke broken breaks", "build built builds", "catch caught", "choose chose chosen", "deal dealt", "drive drove driven",
    "fight fought fights", "fly flew flown", "freeze froze frozen", "grow grew grown", "hide hid hidden", "hold held holds",
    "lead led leads", "leave left leaves", "meet met meets", "sell sold sells", "send sent sends", "shake shook shaken",
    "sink sank sunk", "spend spent spends", "swear swore sworn", "teach taught", "tear tore torn", "throw threw thrown",
    "wear wore worn", "write wrote written writes",
)  # fmt: skip


def _near() -> dict[str, frozenset[str]]:
    near: dict[str, set[str]] = {}
    for group in (*GROUPS, *VERBS):
        members = set(terms(group))
        for member in members:
            near.setdefault(member, set()).update(members)
    return {word: frozenset(others - {word}) for word, others in near.items()}


NEAR = _near()

# A near word ("dead" for "killed") counts this much of the word itself.
NEAR_WORD = 0.85


def holds(term: str, words: Collection[str]) -> float:
    """1 for the word itself, less for a near one, else 0."""
    return 1.0 if term in words else NEAR_WORD if any(near in words for near in NEAR.get(term, ())) else 0.0

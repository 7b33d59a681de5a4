"""Words that news uses for one another: the extractive reader counts one for the other, at a discount.

A short list of the commonest reports (casualties, arrests, causes, money, times), from general English and not from any data set.
"""

from __future__ import annotations

from agent.terms import terms

GROUPS = (
    "kill killed killing dead dies died die death deaths toll fatal fatalities perished lives",
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
)


def _near() -> dict[str, frozenset[str]]:
    near: dict[str, set[str]] = {}
    for group in GROUPS:
        members = set(terms(group))
        for member in members:
            near.setdefault(member, set()).update(members)
    return {word: frozenset(others - {word}) for word, others in near.items()}


NEAR = _near()

"""Words that news prose uses for one another and that say neither more nor less. General English, taken from no data set.

A stronger word stands in no group with a weaker one ("murder" and "kill"): that is agent/checking/force.py's to refuse.
"""

from __future__ import annotations

from agent.checking.tokens import key
from agent.terms import stem

GROUPS = (
    "find discover detect spot", "hurt injure wound injury", "kill die dead death", "fire dismiss sack oust remove", "quit resign step",
    "close shut closure", "start begin launch", "end finish conclude stop", "buy purchase acquire", "get receive obtain",
    "rise increase climb grow", "fall drop decrease decline", "reject refuse turn", "remain stay keep", "rescue save",
    "reach get arrive", "refund repay reimburse pay", "examine investigate probe inspect study review look investigation",
    "conceal hide", "fetch sell", "approve pass back", "ship vessel boat", "car vehicle", "child kid youngster",
    "firm company business", "plan intend", "oppose against", "late behind delay overdue", "miss missing", "flee escape",
    "help aid assist", "talk negotiate discuss negotiation", "vote ballot poll", "leader head chief", "blaze fire", "house home",
    "worker employee staff", "price cost fare fee charge", "prison jail", "crash collision accident", "big large huge", "small little",
    "claim allege", "use fire deploy", "regain recover", "carry transport", "lead run operate", "include among", "anyone anybody",
    "everyone everybody", "trial court", "lawyer attorney counsel", "doctor physician medic", "test check", "money fund", "spend pay",
    "visit trip", "demand call request appeal ask", "offer propose proposal", "allow permit let", "ban prohibit forbid", "win victory",
    "person people human", "turn convert change transform", "rule decide judge find", "defeat beat loss", "tell say", "twice double",
    "leave depart exit", "destroy ruin", "damage harm", "build construct", "schedule plan", "postpone delay", "cancel scrap",
    "merge merger", "quarter fourth", "expensive dear",
)  # fmt: skip


def _same() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in GROUPS:
        words = group.split()
        members = frozenset(map(key, words)) | frozenset(map(stem, words))
        for member in members:
            found[member] = found.get(member, frozenset()) | members
    return found


SAME = _same()

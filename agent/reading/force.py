"""How strongly a cue of saying commits the one who writes it: "said" leaves it open, "claimed" doubts, "admitted" presumes it true."""

from __future__ import annotations

from typing import Literal, get_args

from agent.reading import Attribution
from agent.reading.cues import SAYING_NOUNS, VERB_FORMS
from agent.reading.words import listed, words_of

Force = Literal["said", "claimed", "admitted", "denied", "warned", "promised", "accused", "vouched", "thought"]
FORCES: tuple[Force, ...] = get_args(Force)

# Verbs by what they add to "said". A list of ours; what is not in it is "said".
ADDING: dict[Force, str] = {
    "claimed": ("claim allege assert maintain contend insist purport profess proclaim boast brag swear imply suggest speculate"),
    "admitted": ("admit concede acknowledge confess recognise recognize"),
    "denied": ("deny reject refute rebut dispute dismiss disavow repudiate"),
    "warned": ("warn caution threaten"),
    "promised": ("promise pledge vow assure guarantee"),
    "accused": (
        "accuse blame criticize criticise condemn denounce attack blast slam mock ridicule decry deride rebuke chide scold "
        "lambast lambaste assail bash castigate deplore lash"
    ),
    "vouched": ("confirm reveal disclose show find prove point clarify explain conclude discover determine learn"),
    "thought": ("think believe feel hope fear worry guess suspect doubt expect consider assume presume anticipate wonder want"),
}
ADDED = {verb: force for force, verbs in ADDING.items() for verb in verbs.split()}
NOUNS: dict[str, Force] = {
    "claim": "claimed", "allegation": "claimed", "assertion": "claimed", "contention": "claimed", "insistence": "claimed",
    "suggestion": "claimed", "admission": "admitted", "acknowledgment": "admitted", "acknowledgement": "admitted", "denial": "denied",
    "warning": "warned", "promise": "promised", "pledge": "promised", "vow": "promised", "assurance": "promised",
    "accusation": "accused", "fear": "thought", "hope": "thought", "belief": "thought",
}  # fmt: skip
# "Said to be", "told to": nothing of these is added by the words around them.
PLAIN = listed("said say says told tell tells")


def force_of(text: str, attribution: Attribution) -> Force:
    """What the cue adds to "said", by its verb or noun."""
    for word in words_of(text, *attribution.cue):
        lemma = VERB_FORMS[word.lower][0] if word.lower in VERB_FORMS else ""
        if lemma in ADDED and word.lower not in PLAIN:
            return ADDED[lemma]
        if word.lower in SAYING_NOUNS:
            return NOUNS.get(word.lower.removesuffix("s"), "said")
    return "said"

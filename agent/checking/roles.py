"""Who does a thing and to whom it is done: a sentence's verbs held against the same verbs of the quote (agent/reading/predications.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.checking.alignment import Frame, Thing, alike, related, told_apart
from agent.checking.counts import MEASURES
from agent.checking.tokens import key
from agent.checking.verbs import LIGHT
from agent.reading.predications import DOES, DONE_TO, TO_WHOM
from agent.reading.words import listed

OTHER = {DOES: DONE_TO, DONE_TO: DOES}
# Words for somebody whom the quote may name elsewhere: "the man" and "Ivo Prenn" are no two.
SOMEBODY = frozenset(map(key, listed("man woman boy girl child teenager youth pensioner victim suspect player striker pair couple")))
# Who gives or loses something, and to whom or from whom, may change places as well.
TOWARDS = (TO_WHOM, "to", "from", "against")
# Prepositions that say where, when, by whom or for what; after "of" the parser attaches too freely.
PREPOSED = listed("in at on from for by to with near against into")


def changed_roles(said: Sequence[Frame], quoted: Sequence[Frame]) -> Iterator[str]:
    """A verb for which every place in the quote has another doer, or the two exchanged."""
    things = [thing for frame in quoted for _, thing, _ in frame.ties] + [frame.head for frame in quoted]
    for frame in said:
        if not frame.head.verb or not frame.filled(*OTHER):
            continue
        places = [other for other in quoted if other.filled(*OTHER) and alike(frame.head, other.head)]
        places = [other for other in places if other.head.key == frame.head.key] or places
        found = [next(_differs(frame, other, things), "") for other in places]
        if found and all(found):
            yield found[0]
            return


def _differs(frame: Frame, other: Frame, things: Sequence[Thing]) -> Iterator[str]:
    verb = frame.head.text
    same_verb = frame.head.key == other.head.key
    for role, opposite in OTHER.items():
        mine, theirs = frame.filled(role), other.filled(role)
        rivals = things if role == DOES else []
        known = [_known(thing, [one for one, _ in theirs], rivals) for thing, _ in mine]
        for (thing, plain), found in zip(mine, known, strict=True):
            if found or thing.thin or not same_verb:
                continue
            towards = [one for one, _ in other.filled(*TOWARDS) if alike(thing, one)]
            if any(alike(thing, one) for one, _ in other.filled(opposite)):
                if _exchanged(frame, other, role):
                    yield f'turns round who and whom of "{verb}"'
            elif (towards and any(related(one, them) for one, _ in frame.filled(*TOWARDS) for them, _ in theirs)) or (
                towards and role == DOES and theirs and all(beside for _, beside in theirs)
            ):
                yield f'turns round who and whom of "{verb}"'
            elif any(alike(thing, one) for relation, one, _ in other.ties if relation != role) or not plain or not theirs:
                continue
            elif (
                all(beside for _, beside in theirs)
                and (frame.head.key not in LIGHT or any(known))
                and not {thing.key, theirs[0][0].key} & (MEASURES | SOMEBODY)
                and any(alike(thing, one) for one in things)
            ):
                yield f'has "{thing.text}" where the quote has "{theirs[0][0].text}" for "{verb}"'


def _known(thing: Thing, theirs: Sequence[Thing], things: Sequence[Thing]) -> bool:
    return any(one.thin or (related(thing, one) and not told_apart(thing, one, things)) for one in theirs)


def _exchanged(frame: Frame, other: Frame, role: str) -> bool:
    """The door opened and somebody opened the door are one; somebody who opened the door was not opened by it."""
    if role == DONE_TO:
        return bool(other.filled(DONE_TO))
    mine = [thing for thing, _ in frame.filled(DONE_TO) if not thing.thin]
    if any(alike(one, thing) for one in mine for thing, _ in other.filled(DOES)):
        return True
    return bool(mine) and not any(related(one, thing) for one in mine for thing, _ in other.filled(DONE_TO))


def moved_objects(said: Sequence[Frame], quoted: Sequence[Frame]) -> Iterator[str]:
    """ "By Moll" where the quote has "by his pupil" and Moll as something else: what stands after a preposition, beside the same word."""
    things = [thing for frame in quoted for _, thing, _ in frame.ties] + [frame.head for frame in quoted]
    for frame in said:
        same = [] if frame.head.thin else [other for other in quoted if other.head.key == frame.head.key]
        for preposition, thing, _ in frame.ties if same else ():
            theirs = [one for other in same for one, _ in other.filled(preposition)]
            if preposition not in PREPOSED or thing.thin or not theirs or any(one.thin for one in theirs):
                continue
            if _tied(frame.head, thing, same, quoted) or not any(alike(thing, one) for one in things):
                continue
            yield f'"{frame.head.text} {preposition} {thing.text}" is not what the quote has'
            return


def _tied(head: Thing, thing: Thing, same: Sequence[Frame], quoted: Sequence[Frame]) -> bool:
    """Whether the quote joins the two in any way."""
    if any(related(thing, one) for other in same for _, one, _ in other.ties):
        return True
    return any(related(thing, other.head) and any(alike(head, one) for _, one, _ in other.ties) for other in quoted)

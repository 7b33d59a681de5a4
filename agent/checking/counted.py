"""What a number counts: the nouns that stand with it in the sentence and in the quote (agent/reading/predications.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.checking.alignment import Frame, Thing, related
from agent.checking.counts import COMPARING, MEASURES, SHORT, TIMES
from agent.checking.synonyms import SAME
from agent.checking.tokens import Token, key
from agent.reading.predications import COUNTS
from agent.reading.words import MONTHS, listed

# Words among the measures that stand for many things.
VAGUE = frozenset(map(key, listed("time people person hundred thousand million billion point second minute degree")))


def changed_counted(said: Sequence[Frame], quoted: Sequence[Frame], mine: Sequence[Token], held: frozenset[str]) -> Iterator[str]:
    """A unit that the quote does not have, and a number that counts other things than there.

    `mine` are the words of the sentence, `held` the keys of the quote's.
    """
    for token in mine:
        if token.key in MEASURES - VAGUE - TIMES and token.key not in held and not _written(token.lower, token.key, held):
            yield f'the unit "{token.text}" is not in the quote'
            return
    theirs: dict[str, list[Thing]] = {}
    for frame in quoted:
        for thing, _ in frame.filled(COUNTS):
            theirs.setdefault(thing.key, []).append(frame.head)
    for frame in said:
        noun = frame.head
        if noun.verb or noun.thin or noun.text.lower() in COMPARING | frozenset(MONTHS):
            continue
        for number, _ in frame.filled(COUNTS):
            counted = theirs.get(number.key, [])
            if not counted or any(one.thin or related(noun, one) or _written(noun.text.lower(), noun.key, one.named) for one in counted):
                continue
            if {noun.key, *(one.key for one in counted)} & TIMES or (noun.key in MEASURES - VAGUE and noun.key in held):
                continue
            yield f'gives {number.text} to "{noun.text}", where the quote has "{counted[0].text}"'
            return


def _written(word: str, its_key: str, held: frozenset[str]) -> bool:
    """Whether the quote has the word in full or in another form: "km", "kilometres"."""
    return bool(SAME.get(its_key, frozenset()) & held) or any(key(full) in held for full in SHORT.get(word, "").split())

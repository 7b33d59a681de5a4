"""Things done that the quote does not tell of: a verb for which it has none that means the same.

A list of strong verbs cannot know that "obtained" is more than "applied for". So it is the other way round: a new verb has to have its
like in the quote, unless it is one of those that say little by themselves. What is alike is in agent/checking/verbs.txt (WordNet's
synonyms, and the wider verb for the narrower: "change" for "cut", never the reverse), in SAME and in NEAR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from agent.checking.force import STRONGER
from agent.checking.negations import REFUSING
from agent.checking.relations import FALLING, RISING
from agent.checking.synonyms import SAME
from agent.checking.tokens import PAST, Token, key, root_of
from agent.near import NEAR
from agent.reading.cues import SPEECH, VERB_FORMS
from agent.reading.words import DETERMINERS, listed
from agent.terms import stem

# After these a verb stands in its plain form.
BEFORE_PLAIN = listed("will would could can may might must should did does do to not cannot won't didn't doesn't 'll shall")
PARTICLES = listed("down off")
# Verbs whose past is their plain form.
UNCHANGED = listed("cut hit shut split hurt quit beat cast bid burst")
# Verbs that say little by themselves, and participles that are used like adjectives.
LIGHT = frozenset(
    map(
        key,
        listed(
            "be have do come go get take make give hold put set keep let leave find use bring carry show see look move turn "
            "begin start continue happen occur remain stay follow include involve face receive meet stand need want seem "
            "appear become name call note base concern relate mean know learn hear number total age live work sit travel "
            "serve aim date affect belong contain count deal reach arrive take last add try plan expect intend hope act "
            "bear feel think ask return run drop change play speak tell say place lie wear wait lead cover describe discuss "
            "talk due compare title print quote cite reveal estimate spend suffer experience require own share hundred "
            "indeed aim born aged unhurt provide pass fail according including send fall rise grow"
        ),
    )
)
# Letters in which two words of one family agree at least: "collided" and "collision".
FAMILY = 4


@cache
def stand_for() -> Mapping[str, frozenset[str]]:
    """For a word of a quote, as agent/checking/tokens.py has it, or a verb with its particle ("put_off"): the verbs it allows."""
    lines = (Path(__file__).parent / "verbs.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {quoted: frozenset(said) for quoted, *said in rows}


def changed_verbs(said: Sequence[Token], quoted: Sequence[Token]) -> Iterator[str]:
    held = {token.key for token in quoted} | {key(part) for token in quoted if "-" in token.text for part in token.text.split("-") if part}
    stems = {stem(token.lower) for token in quoted}
    for token in said:
        if _other_phrase(said, token, quoted, held):
            yield f'says "{token.text} {said[token.place + 1].text}", for which the quote has no word'
            return
        if (
            not _verb(said, token)
            or token.key in held | LIGHT | REFUSING
            or _speech(token)
            or any(token.key in group for group in STRONGER)
        ):
            continue  # those of saying, and those in groups, are agent/checking/force.py's
        if not _meant(token, held, stems, quoted):
            yield f'says "{token.text}", for which the quote has no word'
            return


def _verb(tokens: Sequence[Token], token: Token) -> bool:
    if (
        not token.content
        or not token.text[0].islower()
        or ("-" in token.text and not token.lower.startswith("re-"))
        or token.lower.startswith("un")
    ):
        return False
    lead = tokens[token.place - 1].lower if token.place else ""
    following = tokens[token.place + 1] if token.place + 1 < len(tokens) else None
    if token.lower in UNCHANGED:
        return following is not None and (following.lower in DETERMINERS or not following.text[0].islower()) and lead not in DETERMINERS
    plain = lead in BEFORE_PLAIN and (token.lower.endswith("ss") or not token.lower.endswith("s"))
    return plain or (token.lower.endswith("ed") and len(token.lower) > 4) or token.lower in PAST


def _other_phrase(said: Sequence[Token], token: Token, quoted: Sequence[Token], held: set[str]) -> bool:
    """ "Turned down" for what was not offered: with a particle a light verb is another one."""
    particle = said[token.place + 1].lower if token.place + 1 < len(said) else ""
    row = stand_for().get(f"{token.key}_{particle}") if particle in PARTICLES else None
    if not row or any(other.lower == particle for other in quoted) or (token.key in held and token.key not in LIGHT):
        return False
    return not row & held and not any(SAME.get(word, frozenset()) & held for word in row)


def _speech(token: Token) -> bool:
    return token.lower in VERB_FORMS and VERB_FORMS[token.lower][0] in SPEECH


def _meant(token: Token, held: set[str], stems: set[str], quoted: Sequence[Token]) -> bool:
    forms = {token.key, stem(token.lower), *(key(token.lower[:-cut]) for cut in (1, 2) if len(token.lower) > cut + 2)}
    if any((SAME.get(form, frozenset()) | NEAR.get(form, frozenset())) & (held | stems) for form in forms):
        return True
    if any(forms & way and way & held for way in (RISING, FALLING)):
        return True
    table = stand_for()
    phrasal = {f"{one.key}_{other.lower}" for one in quoted for other in quoted[one.place + 1 : one.place + 4] if one.content}
    told = {one.key for one in quoted if one.content}
    if any(forms & table.get(word, frozenset()) for word in told | phrasal):
        return True
    root = root_of(token.lower)
    return any(_alike(root, root_of(other.lower)) for other in quoted if other.content)


def _alike(one: str, other: str) -> bool:
    return one == other or (len(one) >= FAMILY and one[:FAMILY] == other[:FAMILY]) or (len(other) >= FAMILY and one.endswith(other))

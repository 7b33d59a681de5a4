"""Noun phrases beside a verb, found from closed word classes and the order of words; there is no parser behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.reading.cues import ALSO_NOUNS, SAYING_NOUNS, VERB_FORMS, Form
from agent.reading.names import TITLES
from agent.reading.units import Piece
from agent.reading.words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    MONTHS,
    PREPOSITIONS,
    listed,
)

SUBJECTS = listed(
    "i you he she it we they who which that some many others everyone everybody someone somebody nobody both most few several "
    "one none all this these those anyone each neither either"
)
LINKING = listed("of for in at from with on behind against to inside near within outside over under about by between")
COMMON_VERBS = listed(
    "went came got took made gave began left kept held became brought sat stood ran won lost paid met led grew fell rose spent "
    "built sent broke drew drove chose threw flew wore hit cut put set let goes comes gets takes makes gives begins leaves keeps "
    "holds becomes brings sits stands runs wins loses pays meets leads spends sends remains remained seems seemed appears "
    "appeared happened needs includes continues lives tries wants uses helps means says said told tells "
    "got go come get take make give become bring know see think want saw knew thought heard hears came follows followed "
    "lies lay lied lies"
)
NOT_PAST = listed("united hundred red indeed need speed bed seed feed breed sacred wicked naked kindred hatred shed sped")
COUNTING = listed("one some many most few several both all those these no each")
LONGEST_PHRASE = 40
WHEN = frozenset(DAYS) | frozenset(MONTHS) | listed("today yesterday tomorrow tonight")
RELATIVES = listed("who whom which that whose")
PARTY = re.compile(r"[A-Z]{1,3}-[A-Z]")


def is_verb(pieces: Sequence[Piece], i: int) -> bool:
    """Whether the word at `i` is probably a verb of its clause."""
    word = pieces[i]
    if not word.is_word or (word.capitalised and (word.name or i > 0)):
        return False
    if word.lower in AUXILIARIES or word.lower in COMMON_VERBS:
        return True
    before = pieces[i - 1].lower if i else ""
    inside_phrase = before in DETERMINERS or before in {"'s", "and"} or before.replace(",", "").isdigit()
    if word.lower.endswith("ed") and word.lower not in NOT_PAST:
        return not inside_phrase
    if word.lower in VERB_FORMS and word.lower not in ALSO_NOUNS and word.lower not in SAYING_NOUNS:
        return VERB_FORMS[word.lower][1] in (Form.PAST, Form.THIRD) and not inside_phrase
    return False


def is_noun_like(pieces: Sequence[Piece], i: int) -> bool:
    word = pieces[i]
    if word.kind == "quote":
        return False
    if word.lower in {"'s", "%", "$", "&"}:
        return True
    if word.text in {"'", "’"} and i > 0 and pieces[i - 1].lower.endswith("s"):
        return True  # of a plural: "the tenants' league"
    if not word.is_word:
        return False
    if word.capitalised and (word.name or word.lower in TITLES):
        return True
    closed = word.lower in AUXILIARIES or word.lower in PREPOSITIONS or word.lower in CONJUNCTIONS
    return not (closed or word.lower in SUBJECTS or word.lower in ADVERBS or is_adverb(word)) and not is_verb(pieces, i)


def is_adverb(word: Piece) -> bool:
    return word.is_word and not word.name and (word.lower in ADVERBS or (word.lower.endswith("ly") and len(word.lower) > 4))


def phrase_before(pieces: Sequence[Piece], end: int, floor: int = 0) -> int | None:
    """Index where the noun phrase that ends just before `end` starts, an apposition between commas included; None if none."""
    last = end - 1
    if last < floor:
        return None
    if pieces[last].text in {",", "—", "–", "-", ")"}:
        return _over_apposition(pieces, last, floor)
    return _plain_before(pieces, end, floor)


def _plain_before(pieces: Sequence[Piece], end: int, floor: int) -> int | None:
    i, start = end - 1, None
    while i >= floor:
        word = pieces[i]
        if word.lower in SUBJECTS and not (word.capitalised and word.name):
            if start is None:
                return None if word.lower == "that" and (i == floor or not is_noun_like(pieces, i - 1)) else i
            if word.lower in DETERMINERS | COUNTING:
                start = i
            break
        if word.lower in DETERMINERS and word.is_word:
            if start is None:
                return None
            start = i
            if i - 2 >= floor and pieces[i - 1].lower in LINKING and is_noun_like(pieces, i - 2) and pieces[i - 2].lower not in WHEN:
                i -= 2
                continue
            return _joined_before(pieces, i, floor)
        if is_noun_like(pieces, i) and (start is not None or pieces[i].lower != "'s"):
            if start is None and pieces[i].lower in WHEN:
                return None
            start = i
        elif word.text == "." and start is not None and i > floor and pieces[i - 1].capitalised and len(pieces[i - 1].text) <= 4:
            start = i - 1
            i -= 1
        elif start is None:
            return None
        elif (word.lower in LINKING and i > floor and is_noun_like(pieces, i - 1) and pieces[i - 1].lower not in WHEN) or (
            word.lower == "and" and i > floor and is_noun_like(pieces, i - 1) and _alike(pieces[i - 1], pieces[i + 1])
        ):
            pass
        else:
            break
        i -= 1
    if start is None:
        return None
    if i >= floor and is_verb(pieces, i):
        return _over_relative(pieces, i, start, floor)
    return start


def _joined_before(pieces: Sequence[Piece], start: int, floor: int) -> int:
    """From "the Port Service" of "the Treasury and the Port Service" to the first of the two, if both are names and a clause begins
    there: "He saw the Treasury and the Port Service said" has two subjects."""
    if start - 2 >= floor and pieces[start - 1].lower == "and" and pieces[start - 2].name and pieces[start + 1].name:
        first = _plain_before(pieces, start - 1, floor)
        if first is not None and (first == floor or pieces[first - 1].text in {",", ";", ":", "—"} or pieces[first - 1].kind == "quote"):
            return first
    return start


def _alike(left: Piece, right: Piece) -> bool:
    return (left.name and right.name) or (left.lower.endswith("s") and not right.capitalised and not left.capitalised)


def _over_relative(pieces: Sequence[Piece], verb: int, start: int, floor: int) -> int:
    """From "who opposed him" back to the noun before it, where the phrase is the end of a relative clause."""
    for i in range(verb - 1, max(floor, verb - 8), -1):
        if not pieces[i].is_word:
            break
        if pieces[i].lower in {"who", "that", "which"}:
            before = _plain_before(pieces, i, floor) if is_noun_like(pieces, i - 1) else None
            return start if before is None else before
    return start


def _over_apposition(pieces: Sequence[Piece], last: int, floor: int) -> int | None:
    """The phrase before a parenthesis that ends at `last`: "Carter, who was in Iraq, |said"."""
    opener = {")": "(", "—": "—", "–": "–", "-": "-", ",": ","}[pieces[last].text]
    found: int | None = None
    commas = 0
    for i in range(last - 1, max(floor, last - 45), -1):
        if pieces[i].kind == "quote" and len(pieces[i].text) > 60:
            break
        if pieces[i].text != opener:
            continue
        commas += 1
        if is_apposition(pieces, i + 1, last) and i > floor and (is_noun_like(pieces, i - 1) or pieces[i - 1].text == "."):
            start = _plain_before(pieces, i, floor)
            if start is not None and any(_names_somebody(word) for word in pieces[start:i]):
                found = start
                if opener != "," or not _preposition_before(pieces, start):
                    break
        if commas >= 4:
            break
    return found


def _names_somebody(word: Piece) -> bool:
    """Not an age, a day, or the party and place of a politician ("R-Ohio")."""
    return not (word.text[0].isdigit() or word.lower in WHEN or PARTY.match(word.text))


def _preposition_before(pieces: Sequence[Piece], start: int) -> bool:
    return start > 0 and pieces[start - 1].lower in PREPOSITIONS


def is_apposition(pieces: Sequence[Piece], start: int, end: int) -> bool:
    """Whether these words may say who somebody is: "the chief", "who was there", "R-Ohio", "42", "speaking in Rome"."""
    if start >= end:
        return False
    first = pieces[start]
    clause = first.lower in CONJUNCTIONS or first.lower in SUBJECTS - RELATIVES - {"one", "both"}
    return first.kind != "quote" and not clause


def phrase_after(pieces: Sequence[Piece], start: int, joined: bool = True) -> int:
    """Index after the noun phrase that starts at `start`; `start` itself if there is none. `joined` lets "and" go on."""
    i, head = start, False
    while i < min(len(pieces), start + LONGEST_PHRASE):
        word = pieces[i]
        if word.lower in DETERMINERS and word.is_word and (i == start or pieces[i - 1].lower in LINKING or pieces[i - 1].lower == "and"):
            i += 1
            continue
        if not head and word.lower in COUNTING and i + 1 < len(pieces) and is_noun_like(pieces, i + 1):
            i += 1
            continue
        if not head and word.lower in SUBJECTS:
            return i + 1
        if is_noun_like(pieces, i):
            if head and word.lower in WHEN:
                break
            head = True
        elif not head:
            break
        elif word.text == "(":
            closing = next((j for j in range(i, min(i + 8, len(pieces))) if pieces[j].text == ")"), None)
            if closing is None:
                break
            i = closing
        elif not (_links(pieces, i) or (joined and _joins(pieces, i))):
            break
        i += 1
    return i if head or i > start else start


def _links(pieces: Sequence[Piece], i: int) -> bool:
    if i + 1 >= len(pieces):
        return False
    if pieces[i].text == ".":
        return len(pieces[i - 1].text) <= 4 and pieces[i - 1].capitalised and pieces[i + 1].capitalised
    return pieces[i].lower in LINKING and _starts_phrase(pieces, i + 1)


def _joins(pieces: Sequence[Piece], i: int) -> bool:
    follows = pieces[i].lower == "and" and i + 1 < len(pieces) and _starts_phrase(pieces, i + 1)
    return follows and not clause_starts(pieces, i + 1)


def _starts_phrase(pieces: Sequence[Piece], i: int) -> bool:
    word = pieces[i]
    return (word.lower in DETERMINERS and word.is_word) or (is_noun_like(pieces, i) and word.lower not in WHEN)


def clause_starts(pieces: Sequence[Piece], i: int) -> bool:
    """Whether a subject and its verb start at `i`."""
    end = phrase_after(pieces, i, joined=False)
    while end > i and end < len(pieces) and is_adverb(pieces[end]):
        end += 1
    return i < end < len(pieces) and is_verb(pieces, end)

"""Where a sentence has a verb of saying, thinking or intending, in a form that is that verb and not a noun or an adjective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.reading.cues import ALSO_NOUNS, PHRASAL, SHOWING, SPEECH, TAKES, VERB_FORMS, Form, Takes
from agent.reading.phrases import SUBJECTS, clause_starts, is_adverb, phrase_before
from agent.reading.units import Piece
from agent.reading.words import AUXILIARIES, DETERMINERS, PREPOSITIONS, listed

BE = listed("is are was were be been being am 's 're isn't aren't wasn't weren't")
MODALS = AUXILIARIES - BE - listed("has have had having hasn't haven't hadn't 've")
# Verbs that may stand before "to" and the cue: "went on to say", "refused to say".
BEFORE_TO = listed(
    "went continued began refused declined seemed appeared tried sought used wanted hoped failed want wants continues refuses "
    "hesitated hastened on expected likely able forced going has had have plans vowed promised started seems appears hopes"
)
PLURAL = listed("police people they we i you who some many others most few several both men women children those these us all")
OF_THE_PRESS = listed(
    "conference conferences briefing briefings release releases secretary office corps club freedom agency agencies statement"
)
COMPLEMENTS = listed("that whether how why if what")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb with its auxiliaries and particle: pieces `first` to `last`, both included."""

    lemma: str
    form: Form
    first: int
    last: int
    participle: bool
    takes: frozenset[Takes]


def cues_in(pieces: Sequence[Piece]) -> Iterator[Cue]:
    for i, piece in enumerate(pieces):
        if piece.is_word and not (piece.capitalised and i > 0) and piece.lower in VERB_FORMS:
            cue = _verb_cue(pieces, i)
            if cue:
                yield cue


def _verb_cue(pieces: Sequence[Piece], i: int) -> Cue | None:
    lemma, form = VERB_FORMS[pieces[i].lower]
    first = i
    while first > 0 and (_is_auxiliary(pieces, first - 1) or is_adverb(pieces[first - 1]) or pieces[first - 1].lower in {"to", "not"}):
        if pieces[first - 1].lower == "to":
            if first < 2 or pieces[first - 2].lower not in BEFORE_TO:
                return None
            first -= 1
        first -= 1
    while first < i and is_adverb(pieces[first]) and pieces[first].lower not in {"not", "never"}:
        first += 1
    group = {pieces[j].lower for j in range(first, i)}
    if "being" in group or (form is Form.PAST and group & BE):
        return None
    before = next((pieces[j] for j in range(first - 1, -1, -1) if not is_adverb(pieces[j])), None)
    if not _fits(pieces, i, first, lemma, form, group, before):
        return None
    takes, last = _complement(pieces, i, lemma)
    if not takes:
        return None
    participle = form is Form.ING and not group & BE
    if participle and before and (before.lower in DETERMINERS or before.lower in {"'s", "of", "for", "to"}):
        return None
    return Cue(lemma, form, first, last, participle, takes)


def _is_auxiliary(pieces: Sequence[Piece], i: int) -> bool:
    """Whether this is an auxiliary; "'s" is one after a pronoun, and a possessive elsewhere."""
    return pieces[i].lower in AUXILIARIES and (pieces[i].lower != "'s" or (i > 0 and pieces[i - 1].lower in SUBJECTS))


def _fits(pieces: Sequence[Piece], i: int, first: int, lemma: str, form: Form, group: set[str], before: Piece | None) -> bool:
    """Whether the form can be this verb here, and not a noun or a participle before a noun."""
    if before is not None and (
        before.lower in DETERMINERS - {"that", "which", "who", "all", "some", "many", "others", "most", "few", "this"}
    ):
        return False
    if before is not None and before.lower in {"'s"} | PREPOSITIONS and form is not Form.ING:
        return False
    if lemma == "press" and i + 1 < len(pieces) and pieces[i + 1].lower in OF_THE_PRESS:
        return False
    if lemma in ALSO_NOUNS and before is not None and before.text[0].isdigit():
        return False  # "by 0.5 points to 4.5"
    if lemma in SHOWING and form in (Form.BASE, Form.THIRD) and before is not None and _ends(pieces, i + 1):
        return True
    finite = bool(group & (MODALS | {"has", "have", "had", "to"})) or bool(group & BE)
    if form is Form.BASE and not finite:
        plural = before is not None and (before.lower in PLURAL or (before.lower.endswith("s") and before.is_word) or before.text == ",")
        plural = plural or _plural_head(pieces, first)
        if not plural or (lemma in ALSO_NOUNS and before is not None and before.lower not in PLURAL and not _clause_follows(pieces, i + 1)):
            return False
    if form is Form.THIRD and lemma in ALSO_NOUNS and before is not None:
        named = before.name or before.lower in listed("he she it who which that") or before.text in {",", ")", "—"}
        return named or _clause_follows(pieces, i + 1) or (i + 1 < len(pieces) and pieces[i + 1].lower in PHRASAL.get(lemma, ()))
    return not (form is Form.PAST and not group and _is_reduced(pieces, i, lemma))


def _plural_head(pieces: Sequence[Piece], end: int) -> bool:
    """Whether the noun phrase before the verb is headed by a plural: "scientists at the university say"."""
    start = phrase_before(pieces, end)
    if start is None:
        return False
    head = next((i for i in range(start, end) if pieces[i].lower in PREPOSITIONS), end) - 1
    return (
        head >= start
        and pieces[head].is_word
        and not pieces[head].name
        and (pieces[head].lower in PLURAL or pieces[head].lower.endswith("s"))
    )


def _is_reduced(pieces: Sequence[Piece], i: int, lemma: str) -> bool:
    """Whether a past participle belongs to the noun before it: "the income stated in the form", "a report published by them"."""
    following = pieces[i + 1].lower if i + 1 < len(pieces) else ""
    if following == "by":
        return True
    if lemma == "say" or following not in {"in", "on", "at", "as", "to", "from", "during"} or following in PHRASAL.get(lemma, ()):
        return False
    near = pieces[max(0, i - 6) : i + 14]
    return not any(piece.kind == "quote" or piece.lower == "that" for piece in near) and following != "to"


def _clause_follows(pieces: Sequence[Piece], i: int) -> bool:
    return i < len(pieces) and (pieces[i].lower in COMPLEMENTS or pieces[i].kind == "quote" or clause_starts(pieces, i))


def _complement(pieces: Sequence[Piece], i: int, lemma: str) -> tuple[frozenset[Takes], int]:
    """What the cue takes here, and the index of its last word."""
    takes = TAKES[lemma]
    following = pieces[i + 1].lower if i + 1 < len(pieces) else ""
    if lemma == "go":
        return (frozenset({Takes.CLAUSE}), i + 1) if following == "on" and _near_quote(pieces, i) else (frozenset(), i)
    if following in PHRASAL.get(lemma, ()):
        if following in COMPLEMENTS:
            return frozenset({Takes.CLAUSE}), i
        clause = {Takes.CLAUSE} if following in {"out", "back", "in"} else set()
        return frozenset({Takes.OBJECT} | clause), i + 1
    if following == "to" and Takes.INFINITIVE in takes:
        return frozenset({Takes.INFINITIVE}), i
    if takes == {Takes.INFINITIVE}:
        return frozenset(), i
    if lemma not in SPEECH and Takes.CLAUSE in takes and Takes.OBJECT not in takes:
        closes = lemma in SHOWING and _ends(pieces, i + 1)
        return (takes, i) if closes or _clause_follows(pieces, i + 1) or _near_quote(pieces, i) else (frozenset(), i)
    return takes, i


def _ends(pieces: Sequence[Piece], i: int) -> bool:
    """Whether the sentence ends here, and has a comma before: "..., a letter shows."."""
    comma = any(piece.text == "," or (piece.kind == "quote" and piece.text.rstrip("\"”’'").endswith(",")) for piece in pieces[:i])
    return comma and all(piece.text == "." for piece in pieces[i:])


def _near_quote(pieces: Sequence[Piece], i: int) -> bool:
    return any(piece.kind == "quote" for piece in pieces[max(0, i - 6) : i + 4])

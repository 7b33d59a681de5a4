"""Attributions within one sentence: a cue, the source beside it, and the content on one side or on both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.reading.contents import content_of, left_start, trimmed
from agent.reading.cues import SPEECH, VERB_FORMS, Form
from agent.reading.phrases import WHEN, clause_starts, is_adverb, is_noun_like, is_verb, phrase_after, phrase_before
from agent.reading.units import Piece, Unit
from agent.reading.verbs import Cue, cues_in
from agent.reading.words import ADVERBS, CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from vectorstore.sentence import Span

# Words and marks of a sentence that are looked at together; nobody writes more, and the time grows with the square.
LONGEST_SENTENCE = 400
# Words and marks after "according to" that may name the source, if no mark ends it: "according to" can be said again and again.
LONGEST_SOURCE = 60


@dataclass(frozen=True, slots=True)
class Found:
    """An attribution before its speaker is known. `speech` is true for a cue that only speech or writing has.

    `content` is empty where a colon ends the sentence and what was said comes after it.
    """

    source: Span
    cue: Span
    content: tuple[Span, ...]
    direct: bool
    speech: bool


def attributions_in(unit: Unit) -> list[Found]:
    """The attributions of a sentence by their cues, in order."""
    pieces = unit.pieces
    windows = (pieces[start : start + LONGEST_SENTENCE] for start in range(0, len(pieces), LONGEST_SENTENCE))
    return [found for window in windows for found in _attributions(window)]


def _attributions(pieces: Sequence[Piece]) -> list[Found]:
    found: list[Found] = []
    subject: tuple[int, int] | None = None
    cues = list(cues_in(pieces))
    for cue in cues:
        later = [other for other in cues if other.first > cue.last]
        source, inverted = _source(pieces, cue, subject)
        if source is None:
            continue
        content = content_of(pieces, cue, source, inverted, later)
        if not cue.participle:
            subject = source
        if content or (cue.lemma in SPEECH and pieces[-1].text == ":" and not later):
            found.append(_found(pieces, cue, source, content))
    found.extend(_according(pieces))
    return sorted(found, key=lambda one: one.cue)


def _found(pieces: Sequence[Piece], cue: Cue, source: tuple[int, int], content: Sequence[tuple[int, int]]) -> Found:
    direct = any(piece.kind == "quote" for start, end in content for piece in pieces[start:end])
    return Found(
        _span(pieces, *source),
        _span(pieces, cue.first, cue.last + 1),
        tuple(_span(pieces, start, end) for start, end in content),
        direct,
        cue.lemma in SPEECH,
    )


def _span(pieces: Sequence[Piece], start: int, end: int) -> Span:
    return Span(pieces[start].start, pieces[end - 1].end)


def _source(pieces: Sequence[Piece], cue: Cue, subject: tuple[int, int] | None) -> tuple[tuple[int, int] | None, bool]:
    """The source as indices, and whether it stands after the cue."""
    if cue.participle:
        return _source_of_participle(pieces, cue, subject), False
    after = _inverted(pieces, cue)
    if after is not None:
        return after, True
    end = cue.first
    while end > 0 and is_adverb(pieces[end - 1]):
        end -= 1
    end = _before_when(pieces, end)
    start = phrase_before(pieces, end)
    if start is None:
        joined = end > 0 and pieces[end - 1].lower in {"and", "but", "then", "or", ","}
        return (subject or _main_subject(pieces, end) if joined and cue.form is not Form.BASE else None), False
    while end - 1 > start and (pieces[end - 1].text in {",", "—", "–"} or is_adverb(pieces[end - 1])):
        end -= 1
    return (start, end), False


def _before_when(pieces: Sequence[Piece], end: int) -> int:
    """Where the source ends, if only a day stands between it and the cue: "the mayor on Tuesday said"."""
    if end > 1 and pieces[end - 1].lower in WHEN:
        before = end - 2 if pieces[end - 2].lower == "on" else end - 1
        if before > 0 and is_noun_like(pieces, before - 1) and pieces[before - 1].lower not in WHEN:
            return before
    return end


def _source_of_participle(pieces: Sequence[Piece], cue: Cue, subject: tuple[int, int] | None) -> tuple[int, int] | None:
    before = pieces[cue.first - 1] if cue.first else None
    if before is None:
        comma = next((i for i in range(cue.last, len(pieces)) if pieces[i].text == ","), None)
        if comma is None:
            return None
        end = phrase_after(pieces, comma + 1)
        return (comma + 1, end) if end > comma + 1 else None
    if before.is_word and is_noun_like(pieces, cue.first - 1) and before.lower not in WHEN:
        start = phrase_before(pieces, cue.first)
        return (start, cue.first) if start is not None and not subject else subject
    return subject or _main_subject(pieces, cue.first)


def _main_subject(pieces: Sequence[Piece], end: int) -> tuple[int, int] | None:
    """The subject of the first verb before `end`."""
    for i in range(1, end):
        if is_verb(pieces, i) or pieces[i].lower in VERB_FORMS:
            start = phrase_before(pieces, i)
            if start is not None:
                return start, i
    return None


def _inverted(pieces: Sequence[Piece], cue: Cue) -> tuple[int, int] | None:
    """The source after the cue, as in: "...," said the chief of police, a former officer."""
    if cue.form not in (Form.PAST, Form.THIRD) or cue.lemma not in SPEECH or cue.first != cue.last or cue.first == 0:
        return None
    before = pieces[cue.first - 1]
    if not (before.kind == "quote" or before.text in {",", "—", "–"}):
        return None
    start = cue.last + 1
    end = phrase_after(pieces, start)
    if end <= start or pieces[start].lower in {"that", "it", "there"} or pieces[start].lower in WHEN:
        return None
    follows = pieces[end] if end < len(pieces) else None
    closes = follows is None or follows.text in {".", ",", ";", "—", "–", "?", ":"} or follows.lower in PREPOSITIONS | {"who", "whose"}
    if before.kind != "quote":
        quoted = any(piece.kind == "quote" for piece in pieces[: cue.first])
        has_verb = any(is_verb(pieces, i) for i in range(cue.first - 1))
        if (
            not closes
            or not has_verb
            or (not quoted and phrase_before(pieces, cue.first) is not None and follows is not None and follows.text != ".")
        ):
            return None
    elif not closes and follows is not None and is_verb(pieces, end) and follows.lower not in VERB_FORMS:
        return None
    return start, _with_apposition(pieces, end)


def _with_apposition(pieces: Sequence[Piece], end: int) -> int:
    """The end of a source with the apposition that closes the sentence: "said Ann Lee, head of the school"."""
    if end < len(pieces) and pieces[end].text == "," and end + 1 < len(pieces):
        first = pieces[end + 1]
        stop = next(
            (
                i
                for i in range(end + 1, len(pieces))
                if pieces[i].kind == "quote" or (pieces[i].text in {".", ";", "—"} and not _shortened(pieces, i))
            ),
            len(pieces),
        )
        stop = stop - 1 if pieces[stop - 1].text in {",", ":"} else stop
        opens = first.lower in DETERMINERS | {"who", "whose"} or is_noun_like(pieces, end + 1)
        participle = first.lower.endswith("ing") and first.lower in VERB_FORMS
        if opens and not participle and stop > end + 1 and first.lower not in CONJUNCTIONS and not clause_starts(pieces, end + 1):
            return next((i for i in range(end + 1, stop) if pieces[i].text == "," and pieces[i + 1].lower.endswith("ing")), stop)
    return end


def _according(pieces: Sequence[Piece]) -> Iterator[Found]:
    for i in range(len(pieces) - 2):
        if pieces[i].lower != "according" or pieces[i + 1].lower != "to":
            continue
        most = min(len(pieces), i + 2 + LONGEST_SOURCE)
        end = next((j for j in range(i + 2, most) if _ends_source(pieces, j)), most)
        left = trimmed(pieces, left_start(pieces, i) if i else 0, i)
        if left and (pieces[i - 1].lower in CONJUNCTIONS or (left[1] - left[0] <= 1 and pieces[left[0]].lower in ADVERBS | CONJUNCTIONS)):
            left, end = None, min(end, max(i + 3, phrase_after(pieces, i + 2)))
        goes_on = end + 1 < len(pieces) and pieces[end].text == "," and is_verb(pieces, end + 1)
        right = trimmed(pieces, end, len(pieces)) if left is None or goes_on else None
        content = [part for part in (left, right) if part]
        if content and end > i + 2:
            direct = any(piece.kind == "quote" for start, stop in content for piece in pieces[start:stop])
            yield Found(_span(pieces, i + 2, end), _span(pieces, i, i + 2), tuple(_span(pieces, *part) for part in content), direct, True)


def _ends_source(pieces: Sequence[Piece], i: int) -> bool:
    return pieces[i].kind == "quote" or (pieces[i].text in {",", ";", ".", "—"} and not _shortened(pieces, i))


def _shortened(pieces: Sequence[Piece], i: int) -> bool:
    return pieces[i].text == "." and i + 1 < len(pieces) and pieces[i + 1].capitalised and len(pieces[i - 1].text) <= 4

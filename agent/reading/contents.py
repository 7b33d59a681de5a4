"""What is said: the quotation or clause before the source, after the cue, or on both sides."""

from __future__ import annotations

from collections.abc import Sequence

from agent.reading.cues import SHOWING, SPEECH, Form, Takes
from agent.reading.phrases import WHEN, clause_starts, is_adverb, is_noun_like, is_verb, phrase_after, phrase_before
from agent.reading.units import Piece
from agent.reading.verbs import COMPLEMENTS, Cue
from agent.reading.words import CONJUNCTIONS, PREPOSITIONS, is_title, listed

OCCASIONS = listed(
    "statement interview speech email e-mail letter tweet post message briefing conference call report column article op-ed memo "
    "debate rally hearing address video advance filing release appearance response reply testimony note event town "
    "meeting news press phone telephone television radio series recent morning afternoon evening night show"
)
# What opens a count and no subordinate clause: "At least four people were hurt, the coastguard said on Friday".
COUNTED = frozenset({"at least", "at most", "up to", "about a", "over a", "as many", "as few"})
QUOTE_ENDS = (",", "?", "!", "—", "–", "-", "…", ";")


def content_of(pieces: Sequence[Piece], cue: Cue, source: tuple[int, int], inverted: bool, later: Sequence[Cue]) -> list[tuple[int, int]]:
    left_end = cue.first if inverted or cue.participle else source[0]
    left = None if cue.participle else _left(pieces, left_end, cue, inverted)
    start = source[1] if inverted else cue.last + 1
    if left is not None:
        right = _right_of_left(pieces, start, left)
        return [left, right] if right else [left]
    right = _right(pieces, cue, start, later)
    return [right] if right else []


def _left(pieces: Sequence[Piece], end: int, cue: Cue, inverted: bool) -> tuple[int, int] | None:
    """Content before source and cue: a quotation that ends there, or a clause and a comma."""
    if end == 0 or Takes.CLAUSE not in cue.takes | ({Takes.CLAUSE} if Takes.RECIPIENT in cue.takes else set()):
        return None
    before = pieces[end - 1]
    stop = end - 1 if before.text in {",", "—", "–", "-"} and before.kind == "mark" else end
    if stop == 0:
        return None
    start = left_start(pieces, stop)
    quote = pieces[stop - 1]
    if quote.kind == "quote":
        inner = quote.text.rstrip("”’\"'»“` ")
        ends = stop < end or inner.endswith(QUOTE_ENDS) or (start == stop - 1 and (inverted or _ends_soon(pieces, cue.last + 1)))
        of_a_work = start < stop - 1 and pieces[stop - 2].kind == "word" and is_title(quote.text)
        return (start, stop) if ends and not of_a_work else None
    if stop == end or (cue.lemma not in SPEECH and not (cue.lemma in SHOWING and _closes(pieces, cue.last + 1, inverted))):
        return None
    has_verb = any(is_verb(pieces, i) for i in range(start, stop))
    first = pieces[start]
    after = cue.last + 1
    if Takes.RECIPIENT in cue.takes:
        after = max(after, phrase_after(pieces, after))
    counted = start + 1 < stop and f"{first.lower} {pieces[start + 1].lower}" in COUNTED
    subordinate = not counted and (first.lower in PREPOSITIONS | CONJUNCTIONS - {"but", "and"} or first.lower.endswith("ing"))
    if not has_verb or (subordinate and not _closes(pieces, after, inverted)):
        return None
    return (start, stop) if inverted or _ends_soon(pieces, after) else None


def _closes(pieces: Sequence[Piece], after: int, inverted: bool) -> bool:
    """Whether the sentence ends with source and cue."""
    return inverted or all(piece.kind == "mark" for piece in pieces[after:])


def left_start(pieces: Sequence[Piece], stop: int) -> int:
    start = 0
    for i in range(stop - 1):
        if pieces[i].text in {";", ":"} and pieces[i].kind == "mark":
            start = i + 1
    if start < stop - 1 and pieces[start].lower in {"but", "and", "still", "yet", "so"}:
        start += 1
        if start < stop - 1 and pieces[start].text == ",":
            start += 1
    return start


def _ends_soon(pieces: Sequence[Piece], start: int) -> bool:
    """Whether nothing that could be content follows: the end, a comma, or when and where it was said."""
    if start >= len(pieces) or pieces[start].text in {".", ",", ";", "—", "–", "?", "!"}:
        return True
    word = pieces[start].lower
    return word in WHEN or word in {
        "in",
        "on",
        "at",
        "during",
        "of",
        "to",
        "after",
        "last",
        "this",
        "as",
        "earlier",
        "when",
        "while",
        "from",
        "late",
        "early",
    }


def _right_of_left(pieces: Sequence[Piece], start: int, left: tuple[int, int]) -> tuple[int, int] | None:
    """What goes on after source and cue in the middle: "...," he said, "..."."""
    for i in range(start, len(pieces)):
        if (
            pieces[i].kind == "quote"
            and i > start
            and (pieces[i - 1].text in {",", ":", ".", "—", "–", "that", "and"} or len(pieces[i].text) > 40)
        ):
            return trimmed(pieces, i, len(pieces))
    goes_on = start + 2 < len(pieces) and pieces[start].text == "," and pieces[left[1] - 1].kind != "quote"
    if goes_on and not (pieces[start + 1].lower.endswith("ing") or pieces[start + 1].lower in {"who", "which", "according"}):
        return trimmed(pieces, start + 1, len(pieces))
    return None


def _right(pieces: Sequence[Piece], cue: Cue, start: int, later: Sequence[Cue]) -> tuple[int, int] | None:
    end = len(pieces)
    clausal = Takes.CLAUSE in cue.takes or Takes.RECIPIENT in cue.takes
    if Takes.RECIPIENT in cue.takes:
        start = _over_recipient(pieces, start)
    elif clausal:
        start = _over_adjunct(pieces, start)
    while start < end and pieces[start].kind == "mark" and pieces[start].text in {",", ":", "—", "–", "-"}:
        start += 1
    for other in later:
        cut = _cut_before(pieces, other, start)
        if cut is not None:
            end = min(end, cut)
    for i in range(start, end):
        if pieces[i].text == ";" and pieces[i].kind == "mark":
            end = i
            break
        if pieces[i].lower == "according" and i + 1 < end and pieces[i + 1].lower == "to":
            end = i
            break
    if not clausal and Takes.INFINITIVE not in cue.takes:
        end = _object_end(pieces, start, end)
    return trimmed(pieces, start, end)


def _over_recipient(pieces: Sequence[Piece], start: int) -> int:
    limit = min(len(pieces), start + 25)
    for i in range(start, limit):
        if pieces[i].kind == "quote" and len(pieces[i].text) > 30:
            return i
        if pieces[i].lower in COMPLEMENTS | {"to"} and i > start and pieces[i].kind == "word":
            return i
        if pieces[i].text in {":", ","} and pieces[i].kind == "mark":
            return i + 1
        if is_verb(pieces, i):
            break
    after = phrase_after(pieces, start)
    if (after < len(pieces) and pieces[start].lower in listed("him her them me us you")) or (
        start + 1 < len(pieces) and pieces[start].lower == "reporters"
    ):
        return start + 1
    return after if after < len(pieces) and not is_verb(pieces, after) else start + 1


def _over_adjunct(pieces: Sequence[Piece], start: int) -> int:
    """Past "on Wednesday", "in a statement", "to reporters": up to "that" or a quotation if it comes soon, else as far as known."""
    i = start
    limit = min(len(pieces), start + 16)
    while i < limit and is_adverb(pieces[i]):
        i += 1
    if i < limit and (
        pieces[i].lower in WHEN or pieces[i].lower in {"last", "this", "earlier"} or (pieces[i].lower in PREPOSITIONS and pieces[i].is_word)
    ):
        for j in range(i, limit):
            if pieces[j].lower == "that" and j > i and pieces[j - 1].lower not in PREPOSITIONS:
                return j
            if pieces[j].kind == "quote" and len(pieces[j].text) > 25:
                return j
            if pieces[j].text in {",", ":"} or (is_verb(pieces, j) and j > i):
                break
        if pieces[i].lower in WHEN:
            return _over_adjunct(pieces, i + 1)
        if (
            pieces[i].lower in {"on", "last", "this", "late", "early"}
            and i + 1 < limit
            and (pieces[i + 1].lower in WHEN or pieces[i + 1].lower in {"week", "month", "year", "night", "morning"})
        ):
            return _over_adjunct(pieces, i + 2)
        if pieces[i].lower in {"in", "during", "on", "at", "through", "via", "to"}:
            end = phrase_after(pieces, i + 1)
            if any(piece.lower in OCCASIONS or piece.lower == "reporters" for piece in pieces[i + 1 : end]):
                return _over_adjunct(pieces, end)
    return i


def _cut_before(pieces: Sequence[Piece], other: Cue, start: int) -> int | None:
    """Where the content of an earlier cue ends because this later one is not inside it."""
    if other.first <= start:
        return None
    before = pieces[other.first - 1]
    if other.participle:
        return other.first - 1 if before.text == "," or before.kind == "quote" else None
    if before.lower == "and" and other.form is Form.PAST and other.lemma in SPEECH:
        return other.first - 1
    source = phrase_before(pieces, other.first)
    if source is None or source - 2 < start:
        return None
    if pieces[source - 1].lower in {"but", "while", "though", "although"} and pieces[source - 2].text in {",", ";"}:
        return source - 2
    return None


def _object_end(pieces: Sequence[Piece], start: int, end: int) -> int:
    for i in range(start + 1, end):
        word = pieces[i]
        if word.kind == "mark" and word.text in {",", "—", "–", "(", ";"} and i > start + 1:
            if (
                word.text == ","
                and i + 1 < end
                and (pieces[i + 1].kind == "quote" or (is_noun_like(pieces, i + 1) and i + 2 < end and pieces[i + 2].text == ","))
            ):
                continue
            return i
        if word.lower in listed("when while after before because although though until") and word.is_word:
            return i
        if word.lower in {"and", "but"} and i + 1 < end and (is_verb(pieces, i + 1) or clause_starts(pieces, i + 1)):
            return i
    return end


def trimmed(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int] | None:
    while end > start and pieces[end - 1].kind == "mark" and pieces[end - 1].text in ".,;:—–-!":
        end -= 1
    while start < end and pieces[start].kind == "mark" and pieces[start].text in ".,;:—–-":
        start += 1
    return (start, end) if end > start else None

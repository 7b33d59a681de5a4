"""Which quotation marks hold speech, and which stand round a word the outlet keeps at arm's length."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from agent.reading.attributions import Found
from agent.reading.cues import SPEECH, VERB_FORMS
from agent.reading.units import Piece, Unit
from agent.reading.words import is_title, words_of
from vectorstore.sentence import Span

# House style of news: a quoted fragment of more words than this is somebody's words.
LONGEST_SCARE = 4
# How many words may stand between a cue and a short quotation that belongs to it ("called the plan a “disaster”").
NEAR = 4
# Paragraphs of nothing but quotation that may follow one another under one attribution.
LONGEST_RUN = 8


def is_short(quoted: str) -> bool:
    return sum(word.is_word and word.lower != "'s" for word in words_of(quoted)) <= LONGEST_SCARE


def sorted_quotations(units: Sequence[Unit], found: Sequence[Sequence[Found]]) -> tuple[list[Span], list[Span]]:
    """(quotations of speech, scare quotes), each cut at paragraph ends; titles of works are in neither."""
    speech: list[Span] = []
    scare: list[Span] = []
    for unit, attributions in zip(units, found, strict=True):
        holding = _holding(unit.pieces, attributions)
        for i, piece in enumerate(unit.pieces):
            if piece.kind != "quote":
                continue
            span = Span(piece.start, piece.end)
            if not is_short(piece.text) or _belongs_to_cue(unit.pieces, i, holding.get(i, ())):
                speech.append(span)
            elif not is_title(piece.text) or not any(word.is_word and len(word.text) > 1 for word in words_of(piece.text)):
                scare.append(span)
    return speech, scare


def _holding(pieces: Sequence[Piece], attributions: Sequence[Found]) -> dict[int, list[Found]]:
    """For the number of each quotation the attributions that have it in their content, in order."""
    holding: dict[int, list[Found]] = {}
    for one in attributions:
        numbers: set[int] = set()
        for part in one.content:
            first = bisect_left(pieces, part.start, key=lambda piece: piece.start)
            last = bisect_right(pieces, part.end, key=lambda piece: piece.end)
            numbers.update(i for i in range(first, last) if pieces[i].kind == "quote")
        for i in numbers:
            holding.setdefault(i, []).append(one)
    return holding


def _belongs_to_cue(pieces: Sequence[Piece], i: int, holding: Sequence[Found]) -> bool:
    """`holding` are the attributions that have the quotation in their content."""
    quote = pieces[i]
    for one in holding:
        if one.content[0].start == quote.start and quote.text.rstrip("”’\"'»“` ").endswith((",", "?", "!", ".", "—")):
            return True
        if one.speech and one.cue.end <= quote.start and _is_near(pieces, one.cue.end, i):
            return True
    before = [piece.lower for piece in pieces[max(0, i - NEAR) : i]]
    return any(word in VERB_FORMS and VERB_FORMS[word][0] in SPEECH for word in before)


def _is_near(pieces: Sequence[Piece], start: int, i: int) -> bool:
    """Whether at most NEAR words stand between an offset and a piece."""
    between = 0
    while i > 0 and pieces[i - 1].start >= start and between <= NEAR:
        i -= 1
        between += pieces[i].is_word
    return between <= NEAR


def with_continuations(units: Sequence[Unit], found: Sequence[Sequence[Found]]) -> list[list[Found]]:
    """Each attribution with the quoted sentences and paragraphs that follow it without a cue of their own.

    After indirect speech only a quotation that follows at once in the same paragraph is the same speaker's.
    """
    grown = [list(attributions) for attributions in found]
    last: tuple[int, int] | None = None
    run = 0
    paragraphs_on = False
    for u, unit in enumerate(units):
        speech = [n for n, one in enumerate(grown[u]) if one.speech]
        if speech:
            direct = [n for n in speech if grown[u][n].direct or not grown[u][n].content]
            # "...," said the mayor, according to the Post: the mayor goes on.
            inner = [n for n in direct if not any(_reports(grown[u][n], grown[u][other]) for other in direct)]
            last, run, paragraphs_on = (u, (inner or direct or speech)[-1]), 0, bool(direct)
            if _opens_with_speech(unit) and not any(_holds(grown[u][n], unit.pieces[0]) for n in speech):
                last = None
            continue
        if last is None:
            continue
        if not _opens_with_speech(unit):
            # Plain text in between: what is quoted after it may be somebody else's.
            last = last if unit.paragraph == units[last[0]].paragraph and not grown[u] else None
            continue
        same = unit.paragraph == units[last[0]].paragraph and (paragraphs_on or u - run == last[0] + 1)
        near = same or (paragraphs_on and unit.paragraph - units[u - 1].paragraph <= 1 and run < LONGEST_RUN)
        if not near or grown[u]:
            last = None
            continue
        one = grown[last[0]][last[1]]
        pieces = [piece for piece in unit.pieces if piece.kind == "quote"]
        grown[last[0]][last[1]] = replace(one, content=(*one.content, *(Span(piece.start, piece.end) for piece in pieces)))
        run += 1
    return [[one for one in attributions if one.content] for attributions in grown]


def _reports(one: Found, other: Found) -> bool:
    """Whether what the first gives is that the other spoke."""
    return any(part.start <= other.cue.start and other.cue.end <= part.end for part in one.content)


def _opens_with_speech(unit: Unit) -> bool:
    """Whether nothing but quotation stands in the unit, stray marks apart."""
    words = [piece for piece in unit.pieces if piece.kind != "mark"]
    return bool(words) and all(piece.kind == "quote" for piece in words) and not is_title(words[0].text)


def _holds(one: Found, piece: Piece) -> bool:
    return any(part.start <= piece.start and piece.end <= part.end for part in one.content)

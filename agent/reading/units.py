"""Sentences as the rules see them: words and marks, with each quotation folded into one piece."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agent.reading.cues import SPEECH, VERB_FORMS
from agent.reading.words import DAYS, listed, words_of
from vectorstore.sentence import Span, paragraph_spans, sentence_spans

TAIL_WORDS = frozenset(DAYS) | listed(". , in on at during last this as when while before after from to of with")
Kind = Literal["word", "mark", "quote"]


class Piece(NamedTuple):
    """`text` of a quotation is its words with the marks; `name` is true for a word of a name."""

    start: int
    end: int
    text: str
    lower: str
    kind: Kind
    name: bool = False

    @property
    def is_word(self) -> bool:
        return self.kind == "word"

    @property
    def capitalised(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence with its quotations kept whole; more than one sentence where a quotation goes on over them."""

    span: Span
    paragraph: int
    pieces: tuple[Piece, ...]


def units_of(text: str, quotations: Sequence[Span], names: Sequence[Span]) -> list[Unit]:
    """The units of a text; a quotation that crosses paragraphs is cut at their ends."""
    units: list[Unit] = []
    sentences, s, q, n = sentence_spans(text), 0, 0, 0
    for number, paragraph in enumerate(paragraph_spans(text)):
        while q < len(quotations) and quotations[q].end <= paragraph.start:
            q += 1
        quoted = [Span(max(span.start, paragraph.start), min(span.end, paragraph.end)) for span in _until(quotations, q, paragraph.end)]
        while n < len(names) and names[n].end <= paragraph.start:
            n += 1
        named = list(_until(names, n, paragraph.end))
        ends = []
        while s < len(sentences) and sentences[s].start < paragraph.end:
            ends.append(sentences[s].end)
            s += 1
        start, unit_quotes = paragraph.start, iter(quoted)
        held: list[Span] = []
        pending = next(unit_quotes, None)
        for end in ends:
            while pending and pending.start < end:
                held.append(pending)
                pending = next(unit_quotes, None)
            if held and held[-1].end > end:
                continue
            units.append(_unit(text, Span(start, end), number, held, named))
            start, held = end, []
        if start < paragraph.end and text[start : paragraph.end].strip():
            units.append(_unit(text, Span(start, paragraph.end), number, held, named))
    return _with_tails(units)


def _with_tails(units: Sequence[Unit]) -> list[Unit]:
    """Joins "...?" and "he asked." where a splitter saw two sentences."""
    joined: list[Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last and last.paragraph == unit.paragraph and last.pieces and last.pieces[-1].kind == "quote" and _is_tail(unit.pieces):
            joined[-1] = Unit(Span(last.span.start, unit.span.end), unit.paragraph, last.pieces + unit.pieces)
        else:
            joined.append(unit)
    return joined


def _is_tail(pieces: Sequence[Piece]) -> bool:
    """Whether a sentence only says who spoke: "Ann Lee asked on Friday."."""
    cue = next((i for i, piece in enumerate(pieces[:10]) if piece.lower in VERB_FORMS and VERB_FORMS[piece.lower][0] in SPEECH), None)
    if cue is None or any(piece.kind == "quote" for piece in pieces) or len(pieces) > 16:
        return False
    after = pieces[cue + 1].lower if cue + 1 < len(pieces) else "."
    return (cue > 0 and after in TAIL_WORDS) or cue == 0


def _until(spans: Sequence[Span], first: int, end: int) -> Iterator[Span]:
    while first < len(spans) and spans[first].start < end:
        yield spans[first]
        first += 1


def _unit(text: str, span: Span, paragraph: int, quotations: Sequence[Span], names: Sequence[Span]) -> Unit:
    pieces: list[Piece] = []
    position = span.start
    for quotation in quotations:
        pieces.extend(_words(text, position, quotation.start, names))
        quoted = text[quotation.start : quotation.end]
        pieces.append(Piece(quotation.start, quotation.end, quoted, quoted.lower(), "quote"))
        position = quotation.end
    pieces.extend(_words(text, position, span.end, names))
    start = pieces[0].start if pieces else span.start
    return Unit(Span(start, span.end), paragraph, tuple(pieces))


def _words(text: str, start: int, end: int, names: Sequence[Span]) -> Iterator[Piece]:
    n = bisect_left(names, start, key=lambda name: name.end)
    for word in words_of(text, start, end):
        while n < len(names) and names[n].end < word.end:
            n += 1
        named = n < len(names) and names[n].start <= word.start
        yield Piece(*word, "word" if word.is_word or word.lower == "'s" else "mark", named)

"""Offsets of sentences. The splitter behind it (syntok) can be changed here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from syntok import segmenter

# syntok takes time and memory in proportion to a paragraph's length; longer ones are cut at a blank.
LONGEST_PARAGRAPH = 20_000
# Nobody writes a longer sentence (the longest of 45,000 in news articles has 1,699 characters): it is a list, a table or an attack, and
# is cut at a blank, or what looks at all pairs of words or marks of a sentence would take the square of its length.
LONGEST_SENTENCE = 2_000
CLOSING = "”’\"'»)]"
# What syntok takes for an end: a shortened title before a name, a month or "No." before a figure, a state before a title.
TITLE = (
    r"(?:Govs?|Sens?|Reps?|Lt|Sgts?|Cmdr|Adm|Rev|Hon|Supt|Atty|Pres|Maj|Cpl|Pvt|Insp|Det|Dep|Asst|Sec|Ald|Cllr|Mme|Msgr|Messrs|Gens|Drs"
    r"|Amb|Ft)"
)
STATE = (
    r"(?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash"
    r"|Wis|Wyo)"
)
MONTH = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
GOES_ON = re.compile(
    rf"\b(?:{TITLE}\.(?=\s+[^\W\d_])|{STATE}\.(?=\s+(?:{TITLE}\.|Gen|Col|Capt|Attorney|Lieutenant|Governor|Senator))"
    rf"|(?:{MONTH}|No|Nos)\.(?=\s+\d))\s+"
)


class Span(NamedTuple):
    start: int
    end: int


def paragraph_spans(text: str) -> list[Span]:
    """Runs of text between line ends, without the blanks around them."""
    return [Span(*match.span()) for match in re.finditer(r"\S[^\n\r\u2028\u2029]*(?<=\S)", text)]


# Reading and comparing ask for the sentences of an event's articles again and again.
CACHED, LONGEST_CACHED = 512, 50_000


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Sentences in order, none across a line end nor over LONGEST_SENTENCE; together they hold every character that is not a blank."""
    return _cached(text) if len(text) <= LONGEST_CACHED else _cached_long(text)


def _sentence_spans(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    for paragraph in paragraph_spans(text):
        for piece in _pieces(text, paragraph, LONGEST_PARAGRAPH):
            found.extend(part for span in _split(text, piece) for part in _pieces(text, span, LONGEST_SENTENCE))
    return tuple(found)


_cached = lru_cache(maxsize=CACHED)(_sentence_spans)
_cached_long = lru_cache(maxsize=1)(_sentence_spans)  # reading asks three times in a row; more would fill the memory


def _pieces(text: str, span: Span, longest: int) -> Iterator[Span]:
    """The span in parts of at most so many characters, each from a blank to a blank where there is one."""
    start = span.start
    while span.end - start > longest:
        cut = text.rfind(" ", start + 1, start + longest)
        cut = cut if cut > start else start + longest
        body = text[start:cut].rstrip()
        if body:
            yield Span(start, start + len(body))
        rest = text[cut : cut + longest]
        start = cut + len(rest) - len(rest.lstrip())
    if start < span.end:
        yield Span(start, span.end)


def _split(text: str, piece: Span) -> list[Span]:
    block = text[piece.start : piece.end]
    # A sentence starts where its first token starts and reaches to the next start, so no character is lost whatever syntok drops.
    starts = [sentence[0].offset for paragraph in segmenter.analyze(block) for sentence in paragraph if sentence]
    starts = [0, *(start for start in starts[1:] if start > 0)]
    inside = {piece.start + match.end() for match in GOES_ON.finditer(block)}
    spans: list[Span] = []
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        body = block[start:end]
        first, last = start + len(body) - len(body.lstrip()), end - len(body) + len(body.rstrip())
        if first >= last:
            continue
        span = Span(piece.start + first, piece.start + last)
        if spans and (span.start in inside or all(character in CLOSING for character in text[span.start : span.end])):
            spans[-1] = Span(spans[-1].start, span.end)  # a closing mark belongs to the sentence it closes
        else:
            spans.append(span)
    return spans

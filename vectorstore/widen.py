"""Passages are cut for the embedder. As results they may be longer: each takes in whole sentences of its article after it and before it,
as long as a result may be and as far as no other result of the article begins. Where two meet, each also takes in the sentence at the
seam, so that what is said across it stands in one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vectorstore.passage import LONGEST_PASSAGE
from vectorstore.sentence import Span

# Where a sentence surely ends: a mark before a blank and a capital, or a line's end. An end that is overlooked only makes a result
# shorter, so short words with a capital ("Mr.", "U.S.") end none; the real splitter takes a hundred times as long.
END = re.compile(r"[.!?…][”’\"')\]]*(?=\s+[“‘\"'(\[]*[A-Z\d])|(?<=\S)(?=\s*\n)")
SHORT = re.compile(r"\b(?:[A-Z][a-z]{0,3}|[a-z]\.[a-z])\.$")
# From so many characters before an end it is told whether a short word stands there.
BEFORE = 8


def widened(spans: Sequence[tuple[str, int, int]], texts: Mapping[str, str], longest: int = LONGEST_PASSAGE) -> list[Span]:
    """For each (text id, start, end), in their order, a span of the text that holds it. Those of one text that were apart share one
    sentence at most on either side."""
    wide = [Span(start, end) for _, start, end in spans]
    for number, (text_id, start, end) in enumerate(spans):
        text = texts[text_id]
        others = [(cut, wide[other]) for other, (of_text, *cut) in enumerate(spans) if of_text == text_id and other != number]
        floor = max((min(start, grown.end) for (_, end_of), grown in others if end_of <= start), default=0)
        ceiling = min((max(end, grown.start) for (start_of, _), grown in others if start_of >= end), default=len(text))
        floor = max(_starts(text, max(0, floor - longest), floor), default=floor)
        ceiling = min(_ends(text, ceiling, min(len(text), ceiling + longest)), default=ceiling)
        wide[number] = _grown(text, Span(start, end), floor, ceiling, longest)
    return wide


def _grown(text: str, span: Span, floor: int, ceiling: int, longest: int) -> Span:
    """Takes a sentence after the span and one before it by turns, until neither fits."""
    room = max(0, longest - (span.end - span.start))
    floor, ceiling = max(floor, span.start - room), min(ceiling, span.end + room)
    starts, ends = _starts(text, floor, span.start)[::-1], _ends(text, span.end, ceiling)
    start, end = span
    while starts or ends:
        if ends and ends[0] - start <= longest:
            end, *ends = ends
        else:
            ends = []
        if starts and end - starts[0] <= longest:
            start, *starts = starts
        else:
            starts = []
    return Span(start, end)


def _ends(text: str, after: int, ceiling: int) -> list[int]:
    """Ends of sentences in (after, ceiling], in order."""
    whole = len(text.rstrip())
    found = [end for end in _edges(text, after, min(len(text), ceiling + BEFORE)) if after < end <= ceiling]
    return [*found, whole] if after < whole <= ceiling and whole not in found else found


def _starts(text: str, floor: int, before: int) -> list[int]:
    """Starts of sentences in [floor, before), in order."""
    edges = [*([0] if floor == 0 else []), *_edges(text, max(0, floor - BEFORE), before)]
    starts = (edge + len(text[edge:before]) - len(text[edge:before].lstrip()) for edge in edges)
    return sorted({start for start in starts if floor <= start < before})


def _edges(text: str, start: int, stop: int) -> list[int]:
    return [match.end() for match in END.finditer(text, start, stop) if not SHORT.search(text[max(0, match.end() - BEFORE) : match.end()])]

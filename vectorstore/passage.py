"""Passages: what is embedded and searched. Whole sentences, within a token budget, with offsets into the article's text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vectorstore.article import digest
from vectorstore.sentence import Span, sentence_spans

# Part of every passage id: a change in how text is cut must not reuse ids of the old cut.
CHUNKER = "sentences-1"
# A passage may not be longer than a reader's screen nor than the 1,200 characters that a search result may have.
LONGEST_PASSAGE = 1_200

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Passage:
    """`article.text[start:end] == text`, always. `ordinal` counts the passages of a text from 0."""

    text_id: str
    ordinal: int
    start: int
    end: int
    text: str

    @property
    def passage_id(self) -> str:
        return digest(f"{self.text_id}:{self.start}:{self.end}:{CHUNKER}")[:24]


def cut(text: str, text_id: str, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """Greedy runs of whole sentences of at most `max_tokens` tokens; a longer sentence is cut at blanks, else in the middle.

    Each sentence is counted with the blanks after it; together they overestimate the whole by little, so no passage is over the budget.
    """
    spans = [span for sentence in sentence_spans(text) for span in _short_enough(text, sentence)]
    ends = [*(span.start for span in spans[1:]), len(text)]
    counts = count_tokens([text[span.start : end] for span, end in zip(spans, ends, strict=False)])
    units = [unit for span, n in zip(spans, counts, strict=True) for unit in _fit(text, span, n, count_tokens, max_tokens)]
    passages: list[Passage] = []
    run: list[Span] = []
    held = 0
    for span, tokens in units:
        if run and (held + tokens > max_tokens or span.end - run[0].start > LONGEST_PASSAGE):
            passages.append(_passage(text, text_id, len(passages), run))
            run, held = [], 0
        run.append(span)
        held += tokens
    if run:
        passages.append(_passage(text, text_id, len(passages), run))
    return passages


def _passage(text: str, text_id: str, ordinal: int, run: Sequence[Span]) -> Passage:
    start, end = run[0].start, run[-1].end
    return Passage(text_id, ordinal, start, end, text[start:end])


def _short_enough(text: str, span: Span) -> Iterator[Span]:
    while span.end - span.start > LONGEST_PASSAGE:
        middle = text.rfind(" ", span.start + LONGEST_PASSAGE // 2, span.start + LONGEST_PASSAGE)
        middle = middle if middle > span.start else span.start + LONGEST_PASSAGE
        yield Span(span.start, middle)
        rest = text[middle : span.end]
        span = Span(middle + len(rest) - len(rest.lstrip()), span.end)
    if span.start < span.end:
        yield span


def _fit(text: str, span: Span, tokens: int, count: CountTokens, max_tokens: int) -> Iterator[tuple[Span, int]]:
    if tokens <= max_tokens or span.end - span.start < 2 or count([text[span.start : span.end]])[0] <= max_tokens:
        yield span, tokens
        return
    middle = (span.start + span.end) // 2
    blank = text.find(" ", middle, span.end)
    middle = blank if blank > 0 else middle
    for half in (Span(span.start, middle), Span(middle, span.end)):
        body = text[half.start : half.end]
        half = Span(half.start + len(body) - len(body.lstrip()), half.end - len(body) + len(body.rstrip()))
        if half.start < half.end:
            yield from _fit(text, half, count([text[half.start : half.end]])[0], count, max_tokens)

"""Reads one article by rules: no model, no other article, the same result every time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from agent.reading import Attribution, Reading, ReadSentence
from agent.reading.attributions import Found, attributions_in
from agent.reading.cast import Cast
from agent.reading.hedges import hedge_spans, negation_spans
from agent.reading.names import name_spans
from agent.reading.quantities import quantities_in
from agent.reading.quotes import sorted_quotations, with_continuations
from agent.reading.speakers import Resolver
from agent.reading.stance import stance_of
from agent.reading.times import is_clause, times_in
from agent.reading.units import Unit, units_of
from vectorstore.article import Article
from vectorstore.quotation import quotation_spans
from vectorstore.sentence import Span, paragraph_spans, sentence_spans

# Of one sentence no more attributions are kept: each is held against each, and against each word. The most that any of 58,101 sentences of
# 609 articles has is 5.
MOST_TOLD = 20


class _Told(NamedTuple):
    """An attribution, and whether its cue is one of speech."""

    attribution: Attribution
    speech: bool


@lru_cache(maxsize=64)
def read(article: Article, until: int | None = None) -> Reading:
    """What the article says, sentence by sentence. An attribution is listed with each sentence that its cue or content touches.

    With `until`, no more of the text than so many characters is looked at.
    """
    text = article.text[:until]
    sentences = sentence_spans(text)
    names = name_spans(text)
    units = units_of(text, quotation_spans(text), names)
    found = with_continuations(units, [attributions_in(unit) for unit in units])
    spoken, scare = sorted_quotations(units, found)
    told: list[list[_Told]] = [[] for _ in sentences]
    for one in _told(text, names, units, found, spoken):
        parts = (one.attribution.cue, *one.attribution.content)
        for number in sorted({number for part in parts for number in _touched(sentences, part)}):
            if len(told[number]) < MOST_TOLD:
                told[number].append(one)
    quotations, scares, named = (_shared_out(sentences, spans) for spans in (spoken, scare, names))
    paragraphs = [paragraph.start for paragraph in paragraph_spans(text)]
    return Reading(
        article,
        tuple(
            _sentence(text, article.day, span, bisect_right(paragraphs, span.start) - 1, told[n], quotations[n], scares[n], named[n])
            for n, span in enumerate(sentences)
        ),
    )


def _sentence(
    text: str,
    day: date | None,
    span: Span,
    paragraph: int,
    told: Sequence[_Told],
    quotations: tuple[Span, ...],
    scare_quotes: tuple[Span, ...],
    names: tuple[Span, ...],
) -> ReadSentence:
    body = text[span.start : span.end]
    times = tuple(times_in(text, day, *span))
    hedges = _shifted(hedge_spans(body), span.start)
    speech = [one.attribution for one in told if one.speech]
    thought = [one.attribution for one in told if not one.speech]
    own = [hedge for hedge in hedges if not any(quote.start <= hedge.start < quote.end for quote in quotations)]
    return ReadSentence(
        span=span,
        text=body,
        paragraph=paragraph,
        quotations=quotations,
        scare_quotes=scare_quotes,
        attributions=tuple(one.attribution for one in told),
        quantities=tuple(quantities_in(text, [time.span for time in times if not is_clause(time)], *span)),
        times=times,
        names=names,
        hedges=hedges,
        negations=_shifted(negation_spans(body), span.start),
        stance=stance_of(text, speech, thought, own, span),
    )


def _told(text: str, names: Sequence[Span], units: Sequence[Unit], found: Sequence[Sequence[Found]], spoken: Sequence[Span]) -> list[_Told]:
    """Attributions in order, with their speakers. `spoken` are the quotations that are no scare quotes."""
    resolver = Resolver(text, Cast(text, names), spoken)
    starts = {quotation.start for quotation in spoken}
    made: list[_Told] = []
    for unit, attributions in zip(units, found, strict=True):
        quotes = [Span(piece.start, piece.end) for piece in unit.pieces if piece.kind == "quote" and piece.start in starts]
        for one, entity in zip(attributions, resolver.resolve(attributions, unit.span, unit.paragraph), strict=True):
            name, where = (entity.full, entity.where) if entity else (None, None)
            direct = one.direct and any(_touched(quotes, part) for part in one.content)
            made.append(_Told(Attribution(one.source, one.cue, one.content, direct, name, where), one.speech))
    return made


def _touched(spans: Sequence[Span], part: Span) -> range:
    """Numbers of the spans, which stand in order and apart, that another touches."""
    first = max(0, bisect_right(spans, part.start, key=lambda span: span.start) - 1)
    if first < len(spans) and spans[first].end <= part.start:
        first += 1
    return range(first, bisect_right(spans, part.end - 1, key=lambda span: span.start))


def _shared_out(sentences: Sequence[Span], spans: Iterable[Span]) -> list[tuple[Span, ...]]:
    """For each sentence the parts of the spans that lie in it."""
    shared: list[list[Span]] = [[] for _ in sentences]
    for span in spans:
        for number in _touched(sentences, span):
            shared[number].append(Span(max(span.start, sentences[number].start), min(span.end, sentences[number].end)))
    return [tuple(parts) for parts in shared]


def _shifted(spans: Iterable[Span], by: int) -> tuple[Span, ...]:
    return tuple(Span(span.start + by, span.end + by) for span in spans)

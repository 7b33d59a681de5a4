"""Reads one article by rules: no model, no other article, the same result every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from agent.reading import Attribution, Reading, ReadSentence, Stance
from agent.reading.attributions import Found, attributions_in
from agent.reading.hedges import hedge_spans, negation_spans
from agent.reading.names import name_spans
from agent.reading.quantities import quantities_in
from agent.reading.quotes import sorted_quotations, with_continuations
from agent.reading.speakers import Cast, Resolver
from agent.reading.times import times_in
from agent.reading.units import Unit, units_of
from agent.reading.words import words_of
from vectorstore.article import Article
from vectorstore.quotation import quotation_spans
from vectorstore.sentence import Span, paragraph_spans, sentence_spans

DENIALS = frozenset(
    "deny denies denied denying reject rejects rejected rejecting refute refutes refuted refuting dispute disputes disputed "
    "disputing rebut rebuts rebutted rebutting dismiss dismisses dismissed dismissing".split()
)


@lru_cache(maxsize=64)
def read(article: Article) -> Reading:
    """What the article says, sentence by sentence. An attribution is listed with each sentence that its cue or content touches."""
    text = article.text
    names = name_spans(text)
    units = units_of(text, quotation_spans(text), names)
    found = with_continuations(units, [attributions_in(unit) for unit in units])
    spoken, scare = sorted_quotations(units, found)
    attributions = _resolved(text, names, units, found)
    paragraphs = paragraph_spans(text)
    sentences, paragraph = [], 0
    for span in sentence_spans(text):
        while paragraph + 1 < len(paragraphs) and paragraphs[paragraph].end <= span.start:
            paragraph += 1
        times = tuple(times_in(text, article.day, *span))
        here = tuple(one for one, _ in attributions if _touches(one, span))
        body = text[span.start : span.end]
        hedges = _shifted(hedge_spans(body), span.start)
        quotations = _cut(spoken, span)
        sentences.append(
            ReadSentence(
                span=span,
                text=body,
                paragraph=paragraph,
                quotations=quotations,
                scare_quotes=_cut(scare, span),
                attributions=here,
                quantities=tuple(quantities_in(text, [time.span for time in times if not time.text.startswith("when")], *span)),
                times=times,
                names=tuple(name for name in names if span.start <= name.start and name.end <= span.end),
                hedges=hedges,
                negations=_shifted(negation_spans(body), span.start),
                stance=_stance(text, [one for one in attributions if _touches(one[0], span)], hedges, quotations, span),
            )
        )
    return Reading(article, tuple(sentences))


def _resolved(
    text: str, names: Sequence[Span], units: Sequence[Unit], found: Sequence[Sequence[Found]]
) -> list[tuple[Attribution, bool]]:
    """Attributions in order, each with whether its cue is one of speech."""
    resolver = Resolver(text, Cast(text, names))
    made = []
    previous: Span | None = None
    for unit, attributions in zip(units, found, strict=True):
        for one in attributions:
            entity = resolver.resolve(one, unit.span, previous, unit.paragraph)
            who = (entity.full, entity.where) if entity else (None, None)
            made.append((Attribution(one.source, one.cue, one.content, one.direct, *who), one.speech))
        previous = unit.span
    return made


def _touches(one: Attribution, span: Span) -> bool:
    return any(part.start < span.end and span.start < part.end for part in (one.cue, *one.content))


def _cut(spans: Iterable[Span], to: Span) -> tuple[Span, ...]:
    return tuple(Span(max(span.start, to.start), min(span.end, to.end)) for span in spans if span.start < to.end and to.start < span.end)


def _shifted(spans: Iterable[Span], by: int) -> tuple[Span, ...]:
    return tuple(Span(span.start + by, span.end + by) for span in spans)


def _stance(
    text: str, attributions: Sequence[tuple[Attribution, bool]], hedges: Sequence[Span], quotations: Sequence[Span], span: Span
) -> Stance:
    """Denies, if the sentence reports a denial; else attributes, if somebody's speech is in it; else hedges; else asserts."""
    spoken = [one for one, speech in attributions if speech or one.direct]
    for one, _ in attributions:
        cue = {word.lower for word in words_of(text, *one.cue)}
        if cue & DENIALS and span.start <= one.cue.start < span.end:
            return "denies"
    if spoken:
        return "attributes"
    own = [hedge for hedge in hedges if not any(quote.start <= hedge.start < quote.end for quote in quotations)]
    return "hedges" if own else "asserts"

"""What the program says of an event, in the form of the labels, so that the two can be compared.

A brief shows the surest part of a comparison; the comparison is what is measured, and of the brief what it cites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from agent.brief import make_brief
from agent.comparing.claims import AlignedClaim, Comparison, compare
from agent.comparing.conflicts import conflicts
from agent.comparing.exclusive import silences
from agent.comparing.naming import Label, naming, scare_quotes
from agent.comparing.voices import voices
from agent.reading.read import read
from agent.statement import Citation, Ledger
from eval.articles import LabelledArticles
from eval.gold import Claim, Conflict, ConflictClass, Labels, Naming, Origin, Place, Position, Silence, Span, Voice
from vectorstore.article import Article
from vectorstore.library import Library

CLASSES: tuple[str, ...] = get_args(ConflictClass)


def predict(event: str, given: Sequence[Article], library: Library, articles: LabelledArticles) -> Labels:
    """Reads and compares `given`, the articles of one event in the order of publication."""
    label_of = {article.article_id: articles.label(article.article_id, article.text_id) or article.article_id for article in given}
    outlets: dict[str, list[str]] = {}
    for article in given:
        if article.outlet.value:
            outlets.setdefault(article.outlet.value, []).append(label_of[article.article_id])
    origins = library.origins(given)
    origin_of = {article_id: origin.origin_id for origin in origins for article_id in origin.article_ids}
    comparison = compare([read(article) for article in given], library.embed, library.states)
    return Labels(
        event=event,
        claims=tuple(_claim(claim, label_of) for claim in comparison.claims),
        conflicts=_conflicts(comparison, label_of),
        naming=tuple(
            Naming(entity=found.subject, labels=tuple(_place(label, label_of) for label in found.labels)) for found in naming(comparison)
        ),
        scare=tuple(_place(label, label_of) for label in scare_quotes(comparison)),
        silence=tuple(
            Silence(
                gist=_words(point.claim, given),
                reported_by=tuple(label_of[position.article_id] for position in point.claim.positions),
                silent=tuple(label for outlet in point.outlets for label in outlets[outlet]),
            )
            for point in silences(comparison, origin_of, list(comparison.claims))
        ),
        voices=tuple(
            Voice(speaker=voice.speaker, quotes={label_of[quote.article_id]: (Span(*quote.span),)})
            for voice in voices(comparison.readings, origin_of)
            for quote in voice.quoted
        ),
        origins=tuple(Origin(articles=tuple(label_of[article_id] for article_id in origin.article_ids)) for origin in origins),
    )


def brief_citations(given: Sequence[Article], library: Library) -> tuple[Citation, ...]:
    """All that the brief on these articles cites."""
    made = make_brief(given, library.origins(given), library.embed, Ledger(), states=library.states)
    return tuple(citation for statement in made.statements() if statement.kind != "fixed" for citation in statement.citations)


def _claim(claim: AlignedClaim, label_of: Mapping[str, str]) -> Claim:
    positions = {
        label_of[position.article_id]: Position(
            spans=tuple(Span(*span) for span in position.spans), stance=position.stance, source=position.source
        )
        for position in claim.positions
    }
    return Claim(gist=claim.gist, positions=positions)


def _conflicts(comparison: Comparison, label_of: Mapping[str, str]) -> tuple[Conflict, ...]:
    rows = (
        {
            "gist": one.about,
            "class": one.kind if one.kind in CLASSES else "other",
            "relation": one.relation,
            "sides": [{"article": label_of[side.article_id], "span": side.span} for side in one.sides],
        }
        for one in conflicts(comparison)
    )
    return tuple(Conflict.model_validate(row) for row in rows)


def _place(label: Label, label_of: Mapping[str, str]) -> Place:
    return Place(article=label_of[label.article_id], span=Span(*label.span))


def _words(claim: AlignedClaim, given: Sequence[Article]) -> str:
    """All sentences that make the claim: a labelled point may be worded like any of them."""
    texts = {article.article_id: article.text for article in given}
    return " ".join(texts[position.article_id][slice(*span)] for position in claim.positions for span in position.spans)

"""What `search` prints: passages with the searched words marked, ranked articles, and how the query was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import click

from agent.render.escape import one_line
from agent.terms import stem
from agent.wording import count
from vectorstore.article_rank import RankedArticle
from vectorstore.plan import Part, SearchPlan
from vectorstore.planned import Found
from vectorstore.search import terms


def plan_lines(plan: SearchPlan) -> Iterator[str]:
    where = ", ".join(map(one_line, sorted(plan.outlets))) or "all outlets"
    yield f"searched: {count(len(plan.parts), 'part')}, {where}{', outlets in turn' if plan.spread else ''}"
    for said in plan.said:
        yield f"  {one_line(said)}"
    for number, part in enumerate(plan.parts, 1):
        yield f"  part {number}: {one_line(part.words)}"
        yield f"    outlets: {', '.join(map(one_line, sorted(part.outlets))) or 'as above'}"
        if part.days:
            yield f"    days that count for an article: {', '.join(day.isoformat() for day in part.days)}"
        yield f"    terms: {', '.join(map(one_line, terms(part.words))) or 'none; by meaning only'}"


def plan_values(plan: SearchPlan) -> dict[str, Any]:
    return {
        "question": plan.question,
        "outlets": sorted(plan.outlets),
        "spread": plan.spread,
        "since": plan.since.isoformat() if plan.since else None,
        "until": plan.until.isoformat() if plan.until else None,
        "said": list(plan.said),
        "parts": [_part_values(part) for part in plan.parts],
    }


def _part_values(part: Part) -> dict[str, Any]:
    return {
        "words": part.words,
        "outlets": sorted(part.outlets),
        "days": [day.isoformat() for day in part.days],
        "terms": terms(part.words),
    }


def found_lines(found: Sequence[Found], plan: SearchPlan, explain: bool) -> Iterator[str]:
    """Safe for a terminal; the marks are for click.echo, which leaves them out where they would not show."""
    words = frozenset(root for text in (plan.question, *(part.words for part in plan.parts)) for root in map(stem, terms(text)))
    for number, one in enumerate(found, 1):
        hit, grade = one.hit, one.grade
        also = f" · the same, or nearly, in {count(len(hit.also), 'other article')}" if hit.also else ""
        published = one_line(hit.article.published.value or "date unknown")
        yield f"{number}. {one_line(hit.article.label)} · {published} · {hit.score:.2f}{also}"
        if explain:
            of_part = f"part {grade.part + 1}: words {grade.words:.2f} + meaning {grade.meaning:.2f} + whole question {grade.whole:.2f}"
            shares = (
                ("best sentence", grade.sentence),
                ("day", grade.dated),
                ("headline quoted", grade.titled),
                ("outlet named", grade.named),
            )
            rest = "".join(f" + {what} {share:.2f}" for what, share in shares if share)
            yield f"   {of_part}{rest}"
        yield f"   {marked(one_line(hit.text), words)}"
    if not found:
        yield "nothing found"


def marked(text: str, stems: frozenset[str]) -> str:
    """The text with the words of these stems in bold."""
    return re.sub(r"[^\W_]+", lambda word: click.style(word[0], bold=True) if stem(word[0].lower()) in stems else word[0], text)


def found_values(one: Found, explain: bool) -> dict[str, Any]:
    hit, grade = one.hit, one.grade
    values: dict[str, Any] = {
        "article_id": hit.article.article_id,
        "outlet": hit.article.outlet.value,
        "title": hit.article.title.value,
        "published": hit.article.published.value,
        "url": hit.article.url.value,
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
        "text": hit.text,
        "also": list(hit.also),
    }
    if explain:
        shares = {
            "words": grade.words,
            "meaning": grade.meaning,
            "whole_question": grade.whole,
            "best_sentence": grade.sentence,
            "day": grade.dated,
            "headline_quoted": grade.titled,
            "outlet_named": grade.named,
        }
        values |= {"part": grade.part + 1, "score_parts": shares}
    return values


def ranked_lines(ranked: Sequence[RankedArticle]) -> Iterator[str]:
    for number, one in enumerate(ranked, 1):
        yield f"{number}. {one_line(one.article.label)} · {one_line(one.article.published.value or 'date unknown')} · {one.score:.2f}"
    if not ranked:
        yield "nothing found"


def ranked_values(one: RankedArticle) -> dict[str, Any]:
    article = one.article
    return {
        "article_id": article.article_id,
        "outlet": article.outlet.value,
        "title": article.title.value,
        "published": article.published.value,
        "url": article.url.value,
        "score": one.score,
    }

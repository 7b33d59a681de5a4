"""Origins for people and as plain values: every link with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.render.escape import one_line
from agent.wording import count
from vectorstore.article import Article
from vectorstore.credit import Credit
from vectorstore.origin import PLACES, CopyLink, Origin


def origin_lines(origins: Sequence[Origin], articles: Sequence[Article]) -> Iterator[str]:
    """First the texts that several articles print, then those that one article prints and credits to another source."""
    held = {article.article_id: article for article in articles}
    shared = [origin for origin in origins if len(origin.article_ids) > 1]
    credited = [origin for origin in origins if len(origin.article_ids) == 1 and origin.author.basis == "credit"]
    for origin in sorted(shared, key=lambda origin: -len(origin.article_ids)):
        yield f"{count(len(origin.article_ids), 'article')}, one origin: {_author(origin, held)}"
        yield from (f"  {one_line(line)}" for line in origin.author.evidence)
        for link in origin.links:
            yield from _link_lines(link, held)
    if credited:
        yield f"{count(len(credited), 'article')} with a text credited to a source whose text is not held"
        for origin in credited:
            yield f"  {_name(held[origin.origin_id])}: {_author(origin, held)}, {one_line('; '.join(origin.author.evidence))}"
    if articles:
        alone = len(origins) - len(shared) - len(credited)
        yield f"{count(len(articles), 'article')}, {count(len(origins), 'independent origin')}; {alone} with no copy here and no credit"
    else:
        yield "the library holds no articles"


def _link_lines(link: CopyLink, held: Mapping[str, Article]) -> Iterator[str]:
    yield f"  {_name(held[link.copy])}"
    yield f"    {link.kind} of {_name(held[link.source])}"
    quotes = f"; {link.quotes[0]} of {count(link.quotes[1], 'quotation')} shared" if link.quotes[1] else ""
    yield f"    why: {one_line(link.why)}{quotes}"
    for article_id, credit in link.credits:
        yield f"    credit: {_name(held[article_id])}: “{one_line(credit.words)}” ({_place(credit)})"
    yield f"    who was first: {one_line(link.order_why)}"


def _author(origin: Origin, held: Mapping[str, Article]) -> str:
    author = origin.author
    if author.name is None:
        return "who wrote it first is not known"
    return f"{one_line(author.name)} ({'held: ' + _name(held[author.held]) if author.held else 'text not held'})"


def _name(article: Article) -> str:
    return f"{article.article_id[:8]} {one_line(article.label)}"


def _place(credit: Credit) -> str:
    where = PLACES[credit.place]
    return f"{where}, characters {credit.span.start} to {credit.span.end}" if credit.span else where


def origin_values(origin: Origin, articles: Sequence[Article]) -> dict[str, Any]:
    held = {article.article_id: article for article in articles}
    return {
        "origin_id": origin.origin_id,
        "author": {
            "name": origin.author.name,
            "held": origin.author.held,
            "basis": origin.author.basis,
            "evidence": list(origin.author.evidence),
        },
        "articles": [
            {
                "article_id": article_id,
                "outlet": held[article_id].outlet.value,
                "title": held[article_id].title.value,
                "published": held[article_id].published.value,
            }
            for article_id in origin.article_ids
        ],
        "links": [
            {
                "source": link.source,
                "copy": link.copy,
                "kind": link.kind,
                "shared": round(link.shared, 4),
                "quotations": list(link.quotes),
                "why": link.why,
                "order": link.order,
                "order_why": link.order_why,
                "credits": [_credit_values(article_id, credit) for article_id, credit in link.credits],
            }
            for link in origin.links
        ],
    }


def _credit_values(article_id: str, credit: Credit) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "name": credit.name,
        "role": credit.role,
        "place": credit.place,
        "words": credit.words,
        "span": list(credit.span) if credit.span else None,
    }

"""A quote in its article: the paragraph it stands in, where that is, and on whose word it is said."""

from __future__ import annotations

from collections.abc import Iterator

from agent.reading.read import read
from agent.render.escape import headline, one_line
from agent.statement import Citation
from vectorstore.article import Article
from vectorstore.sentence import paragraph_spans


def context_lines(article: Article, citation: Citation) -> Iterator[str]:
    """`article` may be a later version than the one cited; then the quote alone is shown."""
    title = headline(article.title.value)
    day = article.published.value[:10] if article.published.value else "date unknown"
    head = f"{article.outlet.value or 'outlet unknown'} · {title} · {day} · {article.author.value or 'author unknown'}"
    if article.text[citation.start : citation.end] != citation.quote:
        yield one_line(f"{head} · this article has changed since")
        yield f"  >>{one_line(citation.quote)}<<"
        return
    paragraphs = paragraph_spans(article.text)
    number = next(number for number, span in enumerate(paragraphs) if citation.start < span.end)
    span = paragraphs[number]
    end = max(span.end, citation.end)
    yield one_line(f"{head} · paragraph {number + 1} of {len(paragraphs)}")
    before, after = article.text[span.start : citation.start], article.text[citation.end : end]
    pieces = (one_line(before), f">>{one_line(citation.quote)}<<", one_line(after))
    yield f"  {' '.join(piece for piece in pieces if piece)}"
    sources = [
        article.text[attribution.source.start : attribution.source.end]
        for sentence in read(article).sentences
        if sentence.span.start < citation.end and citation.start < sentence.span.end
        for attribution in sentence.attributions
    ]
    said_by = ", ".join(dict.fromkeys(one_line(source) for source in sources))
    yield f"  attribution: {said_by}" if said_by else "  attribution: none in this sentence (asserted by the outlet)"

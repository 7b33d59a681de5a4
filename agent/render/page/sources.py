"""The articles of a brief: what is known of each, and every quote in the paragraph it stands in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from agent.brief import Brief
from agent.render.cut import cut
from agent.render.markup import Markup, element, foreign, joined, web_address
from agent.render.page.quotes import Quotes
from agent.wording import count
from vectorstore.article import Article
from vectorstore.sentence import paragraph_spans

# Characters of a paragraph around a quote that are shown, and of the paragraphs beside it.
AROUND, BESIDE = 500, 140
LONGEST_URL = 90

Window = tuple[int, int]


def sources(brief: Brief, quotes: Quotes) -> Markup:
    return joined(_source(article, brief, quotes) for article in quotes.articles)


def _source(article: Article, brief: Brief, quotes: Quotes) -> Markup:
    number = quotes.number[article.article_id]
    spans = sorted(quotes.of_article.get(article.article_id, ()))
    title = article.title.value
    head = element("h3", element("span", article.outlet.value or "Outlet unknown", class_="outlet"), ": ", _title(article))
    excerpts = (_excerpt(article, window, spans, quotes) for window in _windows(article.text, spans))
    context = joined(excerpts) if spans else element("p", "Nothing of it is quoted here.", class_="ours")
    return element(
        "article",
        head,
        element("p", joined(_about(article, brief)), class_="about"),
        context,
        id=f"a{number}",
        class_="source",
        aria_label=f"Article {number}: {article.outlet.value or 'outlet unknown'}{', ' + cut(title, 80) if title else ''}",
    )


def _title(article: Article) -> Markup:
    if not article.title.value:
        return element("span", "no headline known", class_="ours")
    return element("span", article.title.value, **foreign(article.title.value, article.language.value))


def _about(article: Article, brief: Brief) -> Iterator[Markup | str]:
    yield when(article.published.value) or "date unknown"
    yield f" · {article.author.value or 'author unknown'}"
    origin = next((origin for origin in brief.origins if article.article_id in origin.article_ids), None)
    if origin is not None and len(origin.article_ids) > 1:
        yield f" · one origin with {count(len(origin.article_ids) - 1, 'other article')}"
    if article.article_id in brief.unread:
        yield " · not compared, as more of the same origin"
    if article.article_id in brief.compared_to:
        yield f" · compared up to character {brief.compared_to[article.article_id]:,}"
    if article.partial:
        yield " · may not be whole"
    if article.language.value and not article.in_english:
        yield f" · language {article.language.value}"
    url = article.url.value
    if url:
        address = web_address(url)
        shown = cut(url, LONGEST_URL)
        yield " · "
        yield element("a", shown, href=address, rel="noopener noreferrer nofollow", class_="web") if address else shown


def when(published: str | None) -> str:
    return published[:16].replace("T", " ") if published else ""


def _windows(text: str, spans: Sequence[Window]) -> list[Window]:
    """The parts of a text that are shown, in order and apart."""
    paragraphs = paragraph_spans(text)
    found: list[Window] = []
    for start, end in spans:
        first = next((one for one in paragraphs if start < one.end), None)
        last = next((one for one in paragraphs if end <= one.end), None)
        begin = max(first.start if first else start, start - AROUND) - BESIDE
        finish = min(last.end if last else end, end + AROUND) + BESIDE
        window = _at_blank(text, max(0, begin), -1), _at_blank(text, min(len(text), finish), 1)
        window = min(window[0], start), max(window[1], end)
        if found and window[0] <= found[-1][1] + BESIDE:
            found[-1] = found[-1][0], max(found[-1][1], window[1])
        else:
            found.append(window)
    return found


def _at_blank(text: str, place: int, step: int) -> int:
    """The place moved outwards to the next blank, so that no word is cut."""
    for _ in range(40):
        if place <= 0 or place >= len(text) or text[place - (step < 0)].isspace():
            return place
        place += step
    return place


def _excerpt(article: Article, window: Window, spans: Sequence[Window], quotes: Quotes) -> Markup:
    text, (start, end) = article.text, window
    inside = [span for span in spans if start <= span[0] and span[1] <= end]
    places = sorted({start, end, *(place for span in inside for place in span)})
    pieces: list[Markup | str] = ["[…] "] if text[:start].strip() else []
    paragraphs: list[Markup] = []
    for begin, finish in itertools.pairwise(places):
        pieces += [
            element("span", id=quotes.place(article.article_id, *span), tabindex=-1, class_="place") for span in inside if span[0] == begin
        ]
        quoted = any(span[0] <= begin and finish <= span[1] for span in inside)
        lines = text[begin:finish].split("\n")
        for number, line in enumerate(lines):
            if number and pieces:
                paragraphs.append(element("p", pieces))
                pieces = []
            if line:
                pieces.append(element("mark", line) if quoted and line.strip() else line)
    if text[end:].strip():
        pieces.append(" […]")
    paragraphs += [element("p", pieces)] if pieces else []
    return element("blockquote", paragraphs, **foreign(text[start:end], article.language.value))

"""The words that a brief rests on: where each stands on the page, and how a line leads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agent.brief import Brief
from agent.render.brief_json import in_order
from agent.render.cut import cut
from agent.render.markup import Markup, element, foreign, joined
from agent.statement import Citation, Reported, Statement
from vectorstore.article import Article

LONGEST = 420  # characters of a quote in a list; the article has all of it
UNKNOWN = "an outlet not known"


class Quotes:
    """Numbers the articles of a brief from 1, in the order of publication, and names the place of each quote in them.

    It remembers which places a page leads to, so that the articles, which come last, have those and no others.
    """

    def __init__(self, brief: Brief) -> None:
        self.articles = in_order(brief.articles)
        self.number = {article.article_id: number for number, article in enumerate(self.articles, 1)}
        self.outlets = list(dict.fromkeys(article.outlet.value for article in self.articles if article.outlet.value))
        self.of_article: dict[str, set[tuple[int, int]]] = {}

    def article(self, citation: Citation) -> Article:
        return self.articles[self.number[citation.article_id] - 1]

    def place(self, article_id: str, start: int, end: int) -> str:
        return f"q{self.number[article_id]}-{start}-{end}"

    def anchor(self, citation: Citation) -> str | None:
        """Where a link to the words leads; None for those of an earlier version, which the page does not have."""
        if self.article(citation).text_id != citation.text_id:
            return None
        self.of_article.setdefault(citation.article_id, set()).add((citation.start, citation.end))
        return f"#{self.place(citation.article_id, citation.start, citation.end)}"

    def keys(self, citations: Iterable[Citation]) -> str | None:
        """Which outlets these are, as numbers for the filter."""
        found = {self.outlets.index(citation.outlet) for citation in citations if citation.outlet in self.outlets}
        return " ".join(map(str, sorted(found))) or None

    def quote(self, quote: Reported, longest: int = LONGEST, *, credit: bool = True) -> Markup:
        """The outlet and its words, which lead to their place in the article."""
        citation = quote.citations[0]
        words = element("q", cut(quote.text, longest), **foreign(quote.text, self.article(citation).language.value))
        name = element("span", citation.outlet or UNKNOWN, class_="outlet") if credit else None
        place = self.anchor(citation)
        link = element("a", words, href=place, class_="words") if place else joined(words, " (in an earlier version)")
        return element("span", name, " " if name else None, link, class_="said")


def citations_of(statement: Statement) -> tuple[Citation, ...]:
    return () if statement.kind == "fixed" else statement.citations


def all_citations(statements: Iterable[Statement]) -> Iterator[Citation]:
    for statement in statements:
        yield from citations_of(statement)

"""Whether the numbers and names that a computed sentence was built from follow from what the brief's file holds beside it.

The gate only builds the sentence again from its inputs. Who changes both alike is found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from agent.brief_file import ArticlePart, BriefFile, CitationPart, ComputedPart, FindingPart
from agent.findings import UNKNOWN
from agent.terms import words


@dataclass(frozen=True, slots=True)
class Held:
    """The articles that a brief lists, by id."""

    articles: dict[str, ArticlePart]

    @classmethod
    def of(cls, file: BriefFile) -> Held:
        return cls({part.article_id: part for part in file.articles})

    def origin(self, citation: CitationPart) -> str:
        part = self.articles.get(citation.article_id)
        return part.origin if part else citation.article_id


@dataclass(frozen=True, slots=True)
class Place:
    """A computed sentence and what stands around it."""

    file: BriefFile
    held: Held
    one: ComputedPart
    finding: FindingPart | None = None
    section: Sequence[FindingPart] = ()

    def outlets(self, citations: Sequence[CitationPart]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(citation.outlet or UNKNOWN for citation in citations))

    @property
    def details(self) -> list[CitationPart]:
        return [citation for quote in (self.finding.details if self.finding else ()) for citation in quote.citations]

    @property
    def spoken(self) -> list[CitationPart]:
        """What the finding reports itself, before its details."""
        statements = self.finding.statements if self.finding else ()
        return [citation for one in statements if one.kind == "reported" for citation in one.citations]

    @property
    def compared(self) -> list[ArticlePart]:
        return [part for part in self.file.articles if part.compared]


Follows = Callable[..., Iterator[str]]
FOLLOWS: dict[str, Follows] = {}


def _of(function: Follows) -> Follows:
    FOLLOWS[function.__name__] = function
    return function


def unfounded(file: BriefFile, held: Held) -> Iterator[tuple[str, str]]:
    """Places with what does not follow there."""
    places = [("counts", Place(file, held, file.counts))]
    places += [(f"refusal {number}", Place(file, held, one)) for number, one in enumerate(file.refusal, 1)]
    places += [(f"missing {number}", Place(file, held, one)) for number, one in enumerate(file.missing, 1)]
    for section in file.sections:
        for finding in section.findings:
            for number, one in enumerate(finding.statements, 1):
                if one.kind == "computed":
                    where = f"{section.name} {finding.rank}, statement {number}"
                    places.append((where, Place(file, held, one, finding, section.findings)))
    for where, place in places:
        follows = FOLLOWS.get(place.one.rule)
        if follows is not None:
            try:
                yield from ((where, reason) for reason in follows(place, *place.one.inputs))
            except (TypeError, ValueError, IndexError, AttributeError):
                yield where, f"its inputs do not fit the rule {place.one.rule}"


def _is(name: str, said: Any, found: Any) -> Iterator[str]:
    if said != found:
        yield f"{name}: it says {_shown(said)}, and the brief's own articles and quotes give {_shown(found)}"


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


@_of
def brief_counts(place: Place, outlets: int, unknown: int, articles: int, origins: int) -> Iterator[str]:
    listed = place.file.articles
    yield from _is("outlets", outlets, len({part.outlet for part in listed if part.outlet}))
    yield from _is("articles of unknown outlet", unknown, sum(1 for part in listed if not part.outlet))
    yield from _is("articles", articles, len(listed))
    yield from _is("independent origins", origins, len({part.origin for part in listed}))


@_of
def agreement(place: Place, names: tuple[str, ...], origins: int, *ways: int) -> Iterator[str]:
    cited = place.one.citations
    yield from _is("outlets", names, place.outlets(cited))
    witnesses = {citation.outlet or citation.article_id for citation in cited}
    yield from _is("origins", origins, min(len({place.held.origin(citation) for citation in cited}), len(witnesses)))
    articles = len({citation.article_id for citation in cited})
    if sum(ways) > articles:
        yield f"it counts {sum(ways)} positions of {articles} articles"
    quoted = [*place.spoken, *place.details]
    if not {citation.article_id for citation in quoted} <= {citation.article_id for citation in cited}:
        yield "it quotes an article that it does not count"
    counted = list(dict.fromkeys(citation.article_id for citation in cited))
    shown = list(dict.fromkeys(citation.article_id for citation in quoted if citation.article_id in counted))
    if [counted.index(one) for one in shown] != sorted(counted.index(one) for one in shown):
        yield "its quotes are not in their order"


@_of
def disputed(place: Place, relation: str, about: str, *sides: tuple[str, ...]) -> Iterator[str]:
    cited = place.one.citations
    yield from _is("quotes", tuple(citation.quote for citation in place.details), tuple(citation.quote for citation in cited))
    yield from _is("outlets", tuple(sorted({name for side in sides for name in side[1:]})), tuple(sorted(place.outlets(cited))))
    for value, *names in sides:
        if not any(_has(citation.quote, value) for citation in cited if (citation.outlet or UNKNOWN) in names):
            yield f"no quote of {', '.join(names)} has “{value}”"
    times = [citation.published for citation in cited]
    if any(_after(first, second) for first, second in pairwise(times)):
        yield "the quotes are not in the order of their publication"


def _after(first: str | None, second: str | None) -> bool:
    """By the times as they are written, those unknown last: the order in which sides are listed."""
    return (first or "9999") > (second or "9999")


def _has(quote: str, value: str) -> bool:
    """Whether all words of a value stand in a quote, in their order."""
    wanted, there = words(value), words(quote)
    at = 0
    for word in wanted:
        while at < len(there) and there[at] != word:
            at += 1
        if at == len(there):
            return False
        at += 1
    return True


@_of
def quoted_differently(place: Place, first: str, first_outlet: str, second: str, second_outlet: str) -> Iterator[str]:
    cited = place.one.citations
    yield from _is("outlets", (first_outlet, second_outlet), tuple(citation.outlet or UNKNOWN for citation in cited))
    for value, citation in zip((first, second), cited, strict=True):
        if not _has(citation.quote, value):
            yield f"the quote of {citation.outlet or UNKNOWN} has no “{value}”"


@_of
def named(place: Place, subject: str, *labels: tuple[str, ...]) -> Iterator[str]:
    for (label, *outlets), citation in zip(labels, place.one.citations, strict=True):
        yield from _is("words", label, citation.quote)
        if (citation.outlet or UNKNOWN) not in outlets:
            yield f"{citation.outlet or UNKNOWN} is quoted for “{label}” and not named"
        yield from (f"no article of {name} is listed" for name in outlets if name not in (*_held_outlets(place), UNKNOWN))


def _held_outlets(place: Place) -> set[str]:
    return {part.outlet for part in place.file.articles if part.outlet}


@_of
def scare_quoted(place: Place, marked: str, outlets: tuple[str, ...]) -> Iterator[str]:
    yield from _is("words", marked, place.one.citations[0].quote)
    yield from _is("outlets", outlets, place.outlets(place.one.citations))


@_of
def voice(place: Place, speaker: str, spoken: int, all_words: int, outlets: tuple[str, ...]) -> Iterator[str]:
    yield from _is("outlets", outlets, place.outlets(place.details))
    longest: dict[str, dict[str, int]] = {}
    for citation in place.details:
        by_article = longest.setdefault(place.held.origin(citation), {})
        by_article[citation.article_id] = by_article.get(citation.article_id, 0) + len(words(citation.quote))
    yield from _is("quoted words", spoken, sum(max(by_article.values()) for by_article in longest.values()))
    rest = [one for finding in place.section for one in finding.statements if one.kind == "computed" and one.rule == "voice"]
    yield from _is("all quoted words", all_words, sum(one.inputs[1] for one in rest if isinstance(one.inputs[1], int)))
    shares = [one.inputs[1] for one in rest]
    if shares != sorted(shares, key=lambda number: -number if isinstance(number, int) else 0):
        yield "the speakers are not in the order of their words"


@_of
def silent_others(place: Place, outlets: int, articles: int) -> Iterator[str]:
    own = place.one.citations[0]
    others = [
        part
        for part in place.compared
        if part.origin != place.held.origin(own) and part.outlet and part.outlet != own.outlet and part.language in (None, "en")
    ]
    yield from _is("articles searched", articles, len(others))
    yield from _is("outlets searched", outlets, len({part.outlet for part in others}))


@_of
def silent(place: Place, outlet: str, articles: int) -> Iterator[str]:
    named = [name for name in _held_outlets(place) if name in outlet]
    most = sum(1 for part in place.compared if part.outlet in named)
    if not 0 < articles <= most:
        yield f"it says that {articles} articles were searched, and {most} of those outlets are listed"


@_of
def copies(place: Place, first: str, others: tuple[str, ...], least: int, most: int, author: str, basis: str) -> Iterator[str]:
    for origin in place.file.origins:
        parts = [place.held.articles[one] for one in origin.article_ids if one in place.held.articles and place.held.articles[one].compared]
        names = tuple(dict.fromkeys(part.outlet or UNKNOWN for part in parts))
        shares = origin.shared or (100,)
        if (
            names[:1] == (first,)
            and names[1:] == others
            and (min(shares), max(shares)) == (least, most)
            and (origin.author or "") == author
        ):
            return
    yield f"the brief lists no origin whose text {first} and {', '.join(others)} print so far"


@_of
def repeated(place: Place, outlet: str, articles: int, read: int) -> Iterator[str]:
    unread = sum(1 for part in place.file.articles if not part.compared and (part.outlet or "") == outlet)
    yield from _is("articles not compared", articles, unread)


@_of
def no_dates(place: Place, names: tuple[str, ...], articles: int) -> Iterator[str]:
    yield from _is("articles", articles, len(place.file.articles))
    yield from _is("articles without a date", len(names), sum(1 for part in place.file.articles if not part.published))


@_of
def no_outlets(place: Place, titles: tuple[str, ...], articles: int) -> Iterator[str]:
    yield from _is("articles", articles, len(place.file.articles))
    yield from _is("articles without an outlet", len(titles), sum(1 for part in place.file.articles if not part.outlet))


@_of
def other_languages(place: Place, names: tuple[str, ...], languages: tuple[str, ...], articles: int) -> Iterator[str]:
    foreign = [part for part in place.file.articles if part.language not in (None, "en")]
    yield from _is("articles", articles, len(place.file.articles))
    yield from _is("articles not in English", len(names), len(foreign))
    yield from _is("languages", languages, tuple(sorted({part.language for part in foreign if part.language})))

"""Whether what a brief says of silence follows from the articles that it lists: how many were searched, of whom, what was out by then."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from agent.brief_file import ArticlePart
from agent.findings import UNKNOWN
from agent.rules import listed
from agent.verifying.place import Place, differs, follows


@follows
def public(place: Place, maker: str, made: str, outlet: str, last: str) -> Iterator[str]:
    times = {(part.outlet or UNKNOWN, part.published or "") for part in place.file.articles}
    for name, when in ((maker, made), (outlet, last)):
        if when and (name, when) not in times:
            yield f"no article of {name} of {when} is listed"


@follows
def silent_others(place: Place, outlets: int, articles: int) -> Iterator[str]:
    listed_here = place.file.articles
    same = {part.outlet for part in listed_here if part.origin == place.held.origin(place.one.citations[0])}
    foreign = {part.outlet for part in listed_here if part.language not in (None, "en")}
    others = [part for part in listed_here if part.outlet and part.outlet not in same | foreign]
    yield from differs("articles searched", articles, len(others))
    yield from differs("outlets searched", outlets, len({part.outlet for part in others}))


@follows
def silent(place: Place, outlet: str, articles: int) -> Iterator[str]:
    yield from _of_outlets(place, outlet, articles, place.file.articles)
    rows = [row for row in place.file.tables.silences if place.spoken and row.claim.citations[0].key == place.spoken[0].key]
    yield from differs("outlets", outlet, listed([row.outlet for row in rows]))
    yield from differs("articles searched", articles, sum(row.articles for row in rows))


@follows
def name_absent(place: Place, outlet: str, articles: int) -> Iterator[str]:
    yield from _of_outlets(place, outlet, articles, place.file.articles)


def _of_outlets(place: Place, outlets: str, articles: int, held: Sequence[ArticlePart]) -> Iterator[str]:
    """`outlets` is one or a list in words: the number of their articles that are listed must be the one said."""
    by_outlet: dict[str, int] = {}
    for part in held:
        if part.outlet:
            by_outlet[part.outlet] = by_outlet.get(part.outlet, 0) + 1
    pieces = [outlets] if outlets in by_outlet else [name for one in outlets.split(", ") for name in _names(one, by_outlet)]
    if any(name not in by_outlet for name in pieces):
        if not 0 < articles <= len(held):
            yield f"it says that {articles} articles were searched, and {len(held)} are listed"
    else:
        yield from differs("articles searched", articles, sum(by_outlet[name] for name in pieces))


def _names(piece: str, known: Container[str]) -> list[str]:
    """ "A and B" as two names, unless that is one."""
    return [piece] if piece in known or " and " not in piece else list(piece.rsplit(" and ", 1))

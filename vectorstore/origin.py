"""Which articles descend from one text. The comparison counts origins, never copies.

Precision comes first: a text is a copy if most of it stands in another article, or if a fair part does and a credit line says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from vectorstore.article import Article
from vectorstore.sentence import paragraph_spans

CopyKind = Literal["exact", "edited", "rewritten"]

RUN = 4  # words; shorter runs are shared by chance between reports of one event
# Calibrated on the basil triplets (210 articles of 70 events, none a copy: the highest containment there is .17) and on the
# tuning events of the sample (edited copies .6 and more, rewritten ones .15 to .35 with a credit line).
EDITED_FROM = 0.5
CREDITED_FROM = 0.12
CREDIT = re.compile(
    r"\((?P<dateline>[A-Z][\w .&’'-]{1,40})\)(?=\s*[—–-])"
    r"|^\W*\((?P<alone>[A-Z][\w .&’'/-]{1,40})\)\W*$"
    r"|\b(?:[Ww]ith (?:material|reporting|files|information) (?:from|by)|[Ss]ource:|[Rr]eporting by|[Mm]aterial from|[Aa]dapted from) "
    r"(?:the )?(?P<material>[A-Z][\w.&’'-]*(?: [A-Z][\w.&’'-]*){0,4})"
    r"|(?P<contributed>[A-Z][\w.&’'-]*(?: [A-Z][\w.&’'-]*){0,4}) contributed to this (?:report|story|article)"
    r"|\((?P<end>[A-Z][\w .&’'/-]{1,40})\)\W*\Z",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class CopyLink:
    """`copy` descends from the text of `source` (article ids); `shared` is the share of the copy's word runs found in the source."""

    source: str
    copy: str
    kind: CopyKind
    shared: float
    why: str


@dataclass(frozen=True, slots=True)
class Origin:
    """An independent source and all the articles that descend from it, the earliest first."""

    article_ids: tuple[str, ...]
    links: tuple[CopyLink, ...] = ()

    @property
    def origin_id(self) -> str:
        return self.article_ids[0]


def credited_names(article: Article) -> set[str]:
    """Names credited as the source of the text, lower-case: in a dateline, at the end, in a credit line, or as author."""
    lines = paragraph_spans(article.text)
    # A credit stands at the top or at the bottom; in between, a name in brackets is something else.
    ends = {*range(min(2, len(lines))), *range(max(0, len(lines) - 2), len(lines))}
    found: set[str] = set()
    for number in sorted(ends):
        for match in CREDIT.finditer(article.text[lines[number].start : lines[number].end]):
            found.update(part.strip().lower() for part in re.split(r"[/,&]", match[match.lastgroup or 0]))
    if article.author.value:
        found.update(part.strip().lower() for part in re.split(r"[/,&]| and ", article.author.value))
    return {name for name in found if name}


def word_runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def copy_link(
    source: Article, copy: Article, runs: tuple[Collection[tuple[str, ...]], Collection[tuple[str, ...]]], wires: Collection[str]
) -> CopyLink | None:
    """The link if `copy` descends from `source`; `wires` are the lower-case names that count as sources of copy."""
    source_runs, copy_runs = runs
    if source.text_id == copy.text_id:
        return CopyLink(source.article_id, copy.article_id, "exact", 1.0, "the same text")
    smaller = min(len(source_runs), len(copy_runs))
    if smaller < 20:
        return None
    common = len(set(source_runs) & set(copy_runs))
    shared = common / smaller
    percent = f"{100 * shared:.0f} % of the shorter text's {RUN}-word runs are shared"
    if shared >= EDITED_FROM:
        return CopyLink(source.article_id, copy.article_id, "edited", shared, percent)
    named = (source.outlet.value or "").lower()
    credited = {name for name in credited_names(copy) if name in wires or name == named}
    credited &= credited_names(source) | {named}
    if credited and shared >= CREDITED_FROM:
        return CopyLink(source.article_id, copy.article_id, "rewritten", shared, f"both credit {sorted(credited)[0].title()}; {percent}")
    return None


def find_origins(articles: Sequence[Article]) -> list[Origin]:
    """Groups articles, given in the order of publication, by the text they descend from. Every article is in exactly one."""
    runs = {article.article_id: word_runs(article.text) for article in articles}
    outlets = {article.outlet.value.lower() for article in articles if article.outlet.value}
    shared_credits = [name for article in articles for name in credited_names(article)]
    wires = outlets | {name for name in shared_credits if shared_credits.count(name) > 1}
    root = {article.article_id: article.article_id for article in articles}

    def find(article_id: str) -> str:
        while root[article_id] != article_id:
            article_id = root[article_id]
        return article_id

    links: list[CopyLink] = []
    for first, second in combinations(articles, 2):
        source, copy = _direction(first, second)
        link = copy_link(source, copy, (runs[source.article_id], runs[copy.article_id]), wires)
        if link:
            links.append(link)
            a, b = find(first.article_id), find(second.article_id)
            root[b] = a
    members: dict[str, list[Article]] = {}
    for article in articles:
        members.setdefault(find(article.article_id), []).append(article)
    return [_origin(group, links) for group in members.values()]


def _direction(first: Article, second: Article) -> tuple[Article, Article]:
    """An outlet that the other one credits is the source; else the earlier one."""
    if first.outlet.value and first.outlet.value.lower() in credited_names(second):
        return first, second
    if second.outlet.value and second.outlet.value.lower() in credited_names(first):
        return second, first
    return first, second


def _origin(group: list[Article], links: Sequence[CopyLink]) -> Origin:
    ids = [article.article_id for article in group]
    inside = [link for link in links if link.source in ids and link.copy in ids]
    sources = [link.source for link in inside]
    copies = {link.copy for link in inside}
    # The source is what others copy and what itself copies nothing; the list keeps the order of publication for the rest.
    ids.sort(key=lambda article_id: (article_id in copies, -sources.count(article_id)))
    best = {link.copy: link for link in sorted(inside, key=lambda link: (link.source == ids[0], link.shared))}
    return Origin(tuple(ids), tuple(best[article_id] for article_id in ids if article_id in best and article_id != ids[0]))

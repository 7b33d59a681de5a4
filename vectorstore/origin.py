"""Which articles descend from one text. The comparison counts origins, never copies.

Precision comes first: a text is a copy if most of it stands in another article, or if a fair part does and a credit line says so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from vectorstore.article import Article
from vectorstore.sentence import paragraph_spans

CopyKind = Literal["exact", "edited", "rewritten"]

RUN = 4  # words; shorter runs are shared by chance between reports of one event
# Calibrated on the basil triplets (210 articles of 70 events, none a copy: the highest containment there is .17) and on the
# tuning events of the sample (edited copies .6 and more, rewritten ones .15 to .35 with a credit line).
EDITED_FROM = 0.5
CREDITED_FROM = 0.12
# Shorter texts have too few runs for a share to mean anything; a run held by more articles than MANY is boilerplate, or one text
# copied often; fewer runs than LEAST_RUNS are no reason to compare two articles.
SHORTEST, MANY, LEAST_RUNS = 20, 20, 3
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
            found.update(part.strip(" .").lower() for part in re.split(r"[/,&]", match[match.lastgroup or 0]))
    if article.author.value:
        found.update(part.strip().lower() for part in re.split(r"[/,&]| and ", article.author.value))
    return {name for name in found if name}


@dataclass(frozen=True, slots=True)
class _Profile:
    """What the comparison needs of an article. `runs` are its runs of RUN words; equal runs are equal numbers within one process."""

    article: Article
    runs: frozenset[int]
    credits: frozenset[str]
    outlet: str


def _profile(article: Article) -> _Profile:
    words = re.findall(r"\w+", article.text.lower())
    runs = frozenset(hash(tuple(words[i : i + RUN])) for i in range(len(words) - RUN + 1))
    return _Profile(article, runs, frozenset(credited_names(article)), (article.outlet.value or "").lower())


def find_origins(articles: Sequence[Article]) -> list[Origin]:
    """Groups articles, given in the order of publication, by the text they descend from. Every article is in exactly one."""
    profiles = [_profile(article) for article in articles]
    credit_counts = Counter(name for profile in profiles for name in profile.credits)
    wires = {profile.outlet for profile in profiles if profile.outlet} | {name for name, count in credit_counts.items() if count > 1}
    links: list[CopyLink] = []
    root = list(range(len(profiles)))
    for first, second in sorted(_alike(profiles)):
        link = _link(profiles[first], profiles[second], wires)
        if link:
            links.append(link)
            root[_find(root, second)] = _find(root, first)
    members: dict[int, list[Article]] = defaultdict(list)
    for number, article in enumerate(articles):
        members[_find(root, number)].append(article)
    by_copy: dict[str, list[CopyLink]] = defaultdict(list)
    for link in links:
        by_copy[link.copy].append(link)
    return [_origin(group, [link for article in group for link in by_copy[article.article_id]]) for group in members.values()]


def _find(root: list[int], number: int) -> int:
    while root[number] != number:
        root[number] = root[root[number]]
        number = root[number]
    return number


def _alike(profiles: Sequence[_Profile]) -> Iterator[tuple[int, int]]:
    """Pairs of articles that are worth comparing: those that share a text, or several runs.

    A run that many articles have leads from each of them to the one before and to the first, so that a thousand clones cost a
    thousand comparisons and not half a million.
    """
    by_text: dict[str, int] = {}
    for number, profile in enumerate(profiles):
        first = by_text.setdefault(profile.article.text_id, number)
        if first != number:
            yield first, number
    texts = sorted(by_text.values())
    runs = np.concatenate([np.fromiter(profiles[number].runs, np.int64) for number in texts]) if texts else np.zeros(0, np.int64)
    owners = np.repeat(texts, [len(profiles[number].runs) for number in texts])
    order = np.argsort(runs, kind="stable")
    ends = np.flatnonzero(np.diff(runs[order])) + 1
    shared: Counter[tuple[int, int]] = Counter()
    for start, end in zip([0, *ends], [*ends, len(order)], strict=True):
        if end - start > 1:
            shared.update(_pairs(owners[order[start:end]].tolist()))
    yield from (pair for pair, count in shared.items() if count >= LEAST_RUNS)


def _pairs(holders: list[int]) -> Iterator[tuple[int, int]]:
    if len(holders) <= MANY:
        yield from combinations(holders, 2)
        return
    for place in range(1, len(holders)):
        yield holders[place - 1], holders[place]
        if place > 1:
            yield holders[0], holders[place]


def _link(first: _Profile, second: _Profile, wires: set[str]) -> CopyLink | None:
    """The link if one descends from the other; `wires` are the lower-case names that count as sources of copy."""
    source, copy = _direction(first, second)
    ids = source.article.article_id, copy.article.article_id
    if source.article.text_id == copy.article.text_id:
        return CopyLink(*ids, "exact", 1.0, "the same text")
    smaller = min(len(source.runs), len(copy.runs))
    if smaller < SHORTEST:
        return None
    shared = len(source.runs & copy.runs) / smaller
    percent = f"{100 * shared:.0f} % of the shorter text's {RUN}-word runs are shared"
    if shared >= EDITED_FROM:
        return CopyLink(*ids, "edited", shared, percent)
    if source.outlet and source.outlet == copy.outlet:
        return None  # an outlet's own follow-up repeats the background of the first report
    credited = copy.credits & (wires | {source.outlet}) & (source.credits | {source.outlet})
    if credited and shared >= CREDITED_FROM:
        return CopyLink(*ids, "rewritten", shared, f"both credit {min(credited).title()}; {percent}")
    return None


def _direction(first: _Profile, second: _Profile) -> tuple[_Profile, _Profile]:
    """An outlet that the other one credits is the source; else the earlier one."""
    if second.outlet and second.outlet in first.credits and first.outlet not in second.credits:
        return second, first
    return first, second


def _origin(group: list[Article], links: Sequence[CopyLink]) -> Origin:
    sources = Counter(link.source for link in links)
    copies = {link.copy for link in links}
    # The source is what others copy and what itself copies nothing; the list keeps the order of publication for the rest.
    ids = sorted((article.article_id for article in group), key=lambda article_id: (article_id in copies, -sources[article_id]))
    best = {link.copy: link for link in sorted(links, key=lambda link: (link.source == ids[0], link.shared))}
    return Origin(tuple(ids), tuple(best[article_id] for article_id in ids[1:] if article_id in best))

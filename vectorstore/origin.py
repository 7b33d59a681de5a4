"""Which articles descend from one text, and who seems to have written it first. The comparison counts origins, never copies.

Precision comes first: a text is a copy if most of its own words stand in another article, if a good part does in the same order, or
if a fair part does and a credit line says so. Words in quotation marks never count: a speech is shared by all who report it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vectorstore.article import Article
from vectorstore.credit import Credit, Place, key_of, read_credits
from vectorstore.runs import RUN, Runs, candidates, in_order, runs_of, shared

CopyKind = Literal["exact", "edited", "rewritten"]
Order = Literal["credit", "time", "unknown"]
Basis = Literal["credit", "time", "alone", "unknown"]

# Shares of the runs outside quotations, of the text that has fewer. Calibrated on pairs of which none is a copy: the basil articles
# (210, three outlets an event: at most .15) and, of different outlets, the multihop_rag articles (609: at most .10); and on the copies
# of the sample (edited .48 and more, rewritten .20 and more) and of recession_story (.20, a text with every third word exchanged).
EDITED_FROM = 0.5
REWRITTEN_FROM = 0.18
CREDITED_FROM = 0.12
# One outlet's articles have standing blocks and repeated background in common (polnear: .53 where only links to other articles are);
# its new version of a text has more.
OWN_VERSION_FROM = 0.6
# Words in the same order, of the words outside quotations, the mean of both texts: in the same pairs at most .29, .37 and more in copies.
IN_ORDER_FROM = 0.33
# Quoted words do not make a copy, but quotations of its own unmake one: of all runs an edited copy shares at least this (polnear: .16
# of an article that is quotations and a standing note, .61 and more of copies).
OF_ALL_FROM = 0.35
# Two articles that credit one source and share most of their quotations need fewer runs.
QUOTING_FROM, LEAST_QUOTES, MOST_OF = 0.08, 3, 0.5
# Two texts that have this much of each other are one, whatever else they share with others.
MUTUAL_FROM = 0.5
# Texts of fewer words or runs have too few for a share to mean anything; equal ones are as likely the same notice. Without a credit
# line, a rewritten text needs LEAST_REWRITTEN runs: an alert of a sentence shares as much with any report of its event.
SHORTEST, LEAST_REWRITTEN = 20, 60


@dataclass(frozen=True, slots=True)
class CopyLink:
    """`copy` descends from the text of `source` (article ids), or both descend from a text that is not held.

    `shared` is the share of the shorter text's runs outside quotations that the other has; `quotes` are the quotations that both have
    and that the one with fewer has. `credits` are the credit lines that bear the link out, each with the article it stands in. `order`
    says how it is known which came first; if it is unknown, `source` is the longer text.
    """

    source: str
    copy: str
    kind: CopyKind
    shared: float
    why: str
    quotes: tuple[int, int] = (0, 0)
    credits: tuple[tuple[str, Credit], ...] = ()
    order: Order = "unknown"
    order_why: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who seems to have written a text first. `name` is an agency or outlet, None if unknown; `held` the article of theirs that is
    held, None if there is none; `basis` is what that rests on, in `evidence` in sentences for people."""

    name: str | None
    held: str | None
    basis: Basis
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """An independent source and all the articles that descend from it, the earliest first. The links are those, the closest, that
    connect them: one fewer than articles."""

    article_ids: tuple[str, ...]
    links: tuple[CopyLink, ...] = ()
    author: Author = Author(None, None, "unknown", ())

    @property
    def origin_id(self) -> str:
        return self.article_ids[0]


@dataclass(frozen=True, slots=True)
class _Profile:
    """What the comparison needs of an article. `credits` are those that count, by the key of their name."""

    article: Article
    runs: Runs
    credits: Mapping[str, Credit]
    outlet: str

    @property
    def article_id(self) -> str:
        return self.article.article_id

    def credits_or_is(self, key: str) -> bool:
        return key in self.credits or key == self.outlet


def find_origins(articles: Sequence[Article], *, outlets: Collection[str] = (), wires: Mapping[str, str] | None = None) -> list[Origin]:
    """Groups articles, given in the order of publication, by the text they descend from. Every article is in exactly one.

    Of two versions of one article the later one stands. A credit counts if it names an agency of `wires`, an outlet of `outlets` or of
    the articles, or if several outlets give it.
    """
    profiles = _profiles(list({article.article_id: article for article in articles}.values()), outlets, wires)
    found: list[tuple[tuple[int, float, int, int], CopyLink, bool]] = []
    for first, second in _worth_comparing(profiles):
        link = _link(profiles[first], profiles[second])
        if link:
            source, copy = (first, second) if link.copy == profiles[second].article_id else (second, first)
            sizes = sorted(len(profiles[number].runs.own) for number in (first, second))
            of_both = link.kind == "exact" or link.shared * sizes[0] > MUTUAL_FROM * sizes[1]
            found.append(((KINDS.index(link.kind), -link.shared, source, copy), link, of_both))
    # The closest first. A copy that has more than it shares joins only one: a round-up of two texts does not make them one.
    root = list(range(len(profiles)))
    joined: set[int] = set()
    links: dict[int, list[CopyLink]] = defaultdict(list)
    for (_, _, source, copy), link, of_both in sorted(found, key=lambda item: item[0]):
        ends = _find(root, source), _find(root, copy)
        if ends[0] != ends[1] and (of_both or copy not in joined):
            root[max(ends)] = min(ends)
            links[copy].append(link)
            joined.add(copy)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(profiles)):
        members[_find(root, number)].append(number)
    return [
        _origin([profiles[number] for number in group], [link for number in group for link in links[number]])
        for group in sorted(members.values())
    ]


KINDS: tuple[CopyKind, ...] = ("exact", "edited", "rewritten")


def _find(root: list[int], number: int) -> int:
    while root[number] != number:
        root[number] = root[root[number]]
        number = root[number]
    return number


def _profiles(articles: Sequence[Article], outlets: Collection[str], wires: Mapping[str, str] | None) -> list[_Profile]:
    read = [read_credits(article, wires) for article in articles]
    own = [key_of(article.outlet.value or "") for article in articles]
    held = {*map(key_of, outlets), *own} - {""}
    crediting: dict[str, set[str]] = defaultdict(set)
    for given, outlet in zip(read, own, strict=True):
        for credit in given:
            crediting[credit.key].add(outlet)
    runs = runs_of(articles)
    return [
        _Profile(
            article,
            runs[number],
            # Of two credits to one source the first in the list is the stronger.
            {
                credit.key: credit
                for credit in sorted(read[number], key=lambda credit: ROLES.index(credit.role), reverse=True)
                if credit.known or credit.key in held or (credit.role != "report" and len(crediting[credit.key]) > 1)
            },
            own[number],
        )
        for number, article in enumerate(articles)
    ]


ROLES = ("text", "material", "report")


def _worth_comparing(profiles: Sequence[_Profile]) -> list[tuple[int, int]]:
    """Equal texts, each with the first of them, and pairs of different texts that share runs."""
    by_text: dict[bytes, int] = {}
    pairs = set()
    for number, profile in enumerate(profiles):
        first = by_text.setdefault(profile.runs.text, number)
        if first != number:
            pairs.add((first, number))
    texts = sorted(by_text.values())
    found = candidates([profiles[number].runs.own for number in texts])
    return sorted(pairs | {(texts[first], texts[second]) for first, second in found})


def _link(first: _Profile, second: _Profile) -> CopyLink | None:
    """The link if one descends from the other, or both from one text."""
    if first.runs.text == second.runs.text:
        agreed = _in_common(first, second)
        long_enough = first.runs.words >= SHORTEST or agreed
        return _directed(first, second, "exact", 1.0, "the same text", agreed) if long_enough else None
    fewest = min(len(first.runs.own), len(second.runs.own))
    share = shared(first.runs.own, second.runs.own) / fewest if fewest >= SHORTEST else 0.0
    if share < QUOTING_FROM:
        return None
    percent = f"{100 * share:.0f} % of the shorter text's {RUN}-word runs outside quotations are shared"
    agreed = _in_common(first, second)
    of_all = shared(first.runs.all, second.runs.all) / min(len(first.runs.all), len(second.runs.all))
    same_outlet = first.outlet != "" and first.outlet == second.outlet
    if share >= (OWN_VERSION_FROM if same_outlet else EDITED_FROM) and of_all >= OF_ALL_FROM:
        return _directed(first, second, "edited", share, percent, agreed)
    if same_outlet:
        return None  # an outlet's own follow-up repeats the background of the first report
    if agreed and (share >= CREDITED_FROM or (share >= QUOTING_FROM and _quotes_most(first, second))):
        names = " and ".join(sorted({credit.name for _, credit in agreed}))
        both = "both credit" if len({article_id for article_id, _ in agreed}) > 1 else "one credits"
        return _directed(first, second, "rewritten", share, f"{both} {names}; {percent}", agreed)
    if (
        min(share, of_all) >= REWRITTEN_FROM
        and fewest >= LEAST_REWRITTEN
        and (order := in_order(first.runs.sequence, second.runs.sequence)) >= IN_ORDER_FROM
    ):
        why = f"{percent}, and {100 * order:.0f} % of both texts' words come in the same order"
        return _directed(first, second, "rewritten", share, why, agreed)
    return None


def _in_common(first: _Profile, second: _Profile) -> tuple[tuple[str, Credit], ...]:
    """Credits to a source that both credit, or that one credits and the other is. Who had the news first says nothing of the text."""
    keys = [key for key in {*first.credits, *second.credits} if first.credits_or_is(key) and second.credits_or_is(key)]
    found = [(profile.article_id, profile.credits[key]) for key in sorted(keys) for profile in (first, second) if key in profile.credits]
    return tuple(found) if any(credit.role != "report" for _, credit in found) else ()


def _quotes_in_common(first: _Profile, second: _Profile) -> tuple[int, int]:
    return len(first.runs.quotes & second.runs.quotes), min(len(first.runs.quotes), len(second.runs.quotes))


def _quotes_most(first: _Profile, second: _Profile) -> bool:
    both, fewest = _quotes_in_common(first, second)
    return both >= LEAST_QUOTES and both >= MOST_OF * fewest


def _directed(
    first: _Profile, second: _Profile, kind: CopyKind, share: float, why: str, agreed: tuple[tuple[str, Credit], ...]
) -> CopyLink:
    source, copy, order, order_why = _order(first, second)
    return CopyLink(
        source.article_id, copy.article_id, kind, share, why, _quotes_in_common(first, second), agreed, order=order, order_why=order_why
    )


def _order(first: _Profile, second: _Profile) -> tuple[_Profile, _Profile, Order, str]:
    """Source and copy. An outlet that the other one credits is the source, whatever the times say; else the earlier one."""
    one, two = second.outlet in first.credits, first.outlet in second.credits
    if one != two:
        source, copy = (second, first) if one else (first, second)
        return source, copy, "credit", f"{copy.article.outlet.value or 'the copy'} credits {copy.credits[source.outlet].name}"
    when = first.article.moment, second.article.moment
    if when[0] and when[1] and when[0] != when[1]:
        source, copy = (first, second) if when[0] < when[1] else (second, first)
    elif first.article.day and second.article.day and first.article.day != second.article.day:
        source, copy = (first, second) if first.article.day < second.article.day else (second, first)
    else:
        source, copy = (second, first) if second.runs.words > first.runs.words else (first, second)
        days = [profile.article.day for profile in (first, second)]
        reason = (
            "neither has a time" if not any(days)
            else "one has no time" if not all(days)
            else f"both at {first.article.published.value}" if when[0] and when[1]
            else f"both on {days[0]}, and not both have a time of day"
        )  # fmt: skip
        return source, copy, "unknown", f"order unknown: {reason}"
    return source, copy, "time", f"{source.article.published.value} is before {copy.article.published.value}"


def _origin(group: Sequence[_Profile], links: Sequence[CopyLink]) -> Origin:
    ids = [profile.article_id for profile in group]
    author = _credited_author(group) or _first_author(group, links)
    # Where others credit the text to one of them, that one is no copy, whatever the times say.
    links = [_turned(link, author) if author.basis == "credit" and link.copy == author.held else link for link in links]
    copies, sources = {link.copy for link in links}, Counter(link.source for link in links)
    # The author's own text comes first, else what others copy and what itself copies nothing; then the order of publication.
    ranked = sorted(ids, key=lambda article_id: (article_id != author.held, article_id in copies, -sources[article_id]))
    place = {article_id: number for number, article_id in enumerate(ranked)}
    return Origin(tuple(ranked), tuple(sorted(links, key=lambda link: place[link.copy])), author)


def _turned(link: CopyLink, author: Author) -> CopyLink:
    return replace(link, source=link.copy, copy=link.source, order="credit", order_why=f"the text is credited to {author.name}")


def _credited_author(group: Sequence[_Profile]) -> Author | None:
    """The source that most of the articles credit with the text: an agency, an outlet, or a name in a credit line. A byline that only
    names a person says nothing of where the text was first."""
    crediting: dict[str, list[_Profile]] = defaultdict(list)
    for profile in group:
        for key, credit in profile.credits.items():
            theirs = any(other.outlet == key for other in group)
            whose_text = credit.role == "text" and (credit.known or theirs or credit.place != "author")
            # Who only gave material is the author of what several articles share.
            if whose_text or (credit.role == "material" and len(group) > 1 and (credit.known or theirs)):
                crediting[key].append(profile)
    if not crediting:
        return None
    key = max(crediting, key=lambda key: (len(crediting[key]), any(profile.outlet == key for profile in group), key))
    name = crediting[key][0].credits[key].name
    held = next((profile.article_id for profile in group if profile.outlet == key), None)
    many = f"credited in {len(crediting[key])} of {len(group)} articles" if len(group) > 1 else "credited in the article"
    lines = dict.fromkeys(f"“{profile.credits[key].words}” ({PLACES[profile.credits[key].place]})" for profile in crediting[key])
    return Author(name, held, "credit", (f"{many}: {'; '.join(list(lines)[:3])}",))


PLACES: Mapping[Place, str] = {
    "author": "author field",
    "dateline": "dateline",
    "byline": "byline",
    "end": "at the end",
    "line": "credit line",
    "prose": "in the text",
}


def _first_author(group: Sequence[_Profile], links: Sequence[CopyLink]) -> Author:
    """The outlet of the text that is no copy, if the times say so."""
    copies = {link.copy for link in links}
    first = next((profile for profile in group if profile.article_id not in copies), group[0])
    outlet = first.article.outlet.value
    reported = tuple(f"says who had the news first: “{c.words}”" for c in first.credits.values() if c.role == "report")
    if len(group) == 1:
        return Author(outlet, first.article_id, "alone", ("no other article here has this text", *reported))
    unsure = [link.order_why for link in links if link.order == "unknown"]
    if unsure:
        return Author(None, None, "unknown", (*list(dict.fromkeys(unsure))[:3], *reported))
    if links[0].order == "credit":
        return Author(outlet, first.article_id, "credit", tuple(dict.fromkeys(link.order_why for link in links[:3])))
    return Author(outlet, first.article_id, "time", (f"the earliest of {len(group)} articles: {first.article.published.value}", *reported))

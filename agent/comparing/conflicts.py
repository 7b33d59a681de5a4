"""Where articles that state the same thing give other numbers, times, days or quoted words. A false dispute is worse than a missed one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from agent.comparing.claims import SURE, Comparison
from agent.comparing.contradictions import denials, overtaken, wordings
from agent.comparing.dispute import Conflict as Conflict
from agent.comparing.dispute import Relation, Side, clause, rare_terms
from agent.comparing.mentions import Mention, like_a_verb, mentions_in, moment_of
from agent.comparing.sameness import Compared
from agent.reading import ReadSentence
from agent.terms import stem, terms
from vectorstore.article import Article

# Two sentences of this probability are compared for what differs in them. More is asked of what stands around the values.
LIKELY = 0.3
PLAIN = 0.4
# Values count as values of one thing only if a term beside both is rare in the event.
FEW = 16
# Share of the terms around one value that stand around the other too. All these limits were set on two invented events and 31
# pages of real coverage by reading the disputes found, with the score on the hand-aligned events in view (precision .5 at
# recall .09 there, on six disputes found): no figure here is from events that were not looked at.
ALIKE, ALIKE_SURE, ALIKE_VAGUE = 0.3, 0.15, 0.5
# Values with so many rare words in common right beside them, in sentences this likely to state the same, or one fewer where that is
# likelier, are values of one thing. Set on eight hand-aligned events and 60 others of the same kind, by reading what was found.
TELLING, SURE_ENOUGH, SURER = 2, 0.6, 0.75
# So likely that a period which only one of them names sets no other matter.
SURELY = 0.9
# Values this near are one value, when a word such as "about" or a round number says so.
ROUNDED = 0.1
# A figure that has fewer digits than another is the same, rounded, if it differs by no more than this share.
NEARLY = 0.03
NARROWING = re.compile(r"\b(?:alone|only|of (?:them|whom|those)|including|among them|another|others?)\b", re.IGNORECASE)
# Sums and shares further apart than this are of two things: a year's revenue and a product's.
FAR_APART = 10.0
ADDED, WHOLE = frozenset({"new", "additional", "extra"}), frozenset({"total", "overall"})
# What rises and falls from day to day: the figures of two days are no dispute.
MOVES = frozenset(
    stem(word)
    for word in "rose rise rising rises fell fall falls falling gained gains gain lost loses up down added adds shed dropped drops climbed "
    "climbs slid slides slipped slips edged jumped jumps sank higher lower closed close opened rallied tumbled dipped".split()
)
MONTH = re.compile(r"\d{4}(?:-\d\d)?")
MONEY = re.compile(r"[$€£¥]|dollar|euro|pound|crown")
WORDS_ABOUT = 2
MEASURES = frozenset("km kilometre kilometer mile metre meter tonne ton kg hour minute day week month year".split())


def conflicts(comparison: Comparison, one_text: Callable[[str, str], bool] = lambda first, second: False) -> list[Conflict]:
    """Numbers, times and days first, then plans and deeds, denials, and quotations printed in different words.

    `one_text` tells whether two articles (ids) print one text, so that a later value in one supersedes the earlier.
    """
    mentions = {number: _mentioned(number, one) for number, one in enumerate(comparison.sentences)}
    pairs: list[tuple[float, Mention, Mention]] = []
    rare = rare_terms(comparison.sentences, FEW)
    for link in comparison.links:
        pairs += _differing(comparison, mentions[link.first], mentions[link.second], link.probability, rare)
    groups = _joined(comparison, pairs)
    found = [conflict for group in groups if (conflict := _conflict(comparison, group, mentions, one_text)) is not None]
    return [*found, *overtaken(comparison), *denials(comparison), *wordings(comparison)]


def values_differ(comparison: Comparison, first: int, second: int) -> bool:
    """Whether two sentences give figures or times of one kind and none of them is the same."""
    pairs = [
        (one, other)
        for one in _mentioned(first, comparison.sentences[first])
        for other in _mentioned(second, comparison.sentences[second])
        if _comparable(one, other)
    ]
    return bool(pairs) and not any(equal(one, other) for one, other in pairs)


@lru_cache(maxsize=16_384)
def _mentioned(number: int, one: Compared) -> tuple[Mention, ...]:
    return tuple(mentions_in(number, one))


def _of_one_thing(one: Mention, other: Mention, probability: float, rare: frozenset[str]) -> bool:
    """Whether so many rare words stand right beside both values that they must be values of one thing; what follows them says it,
    where anything does: "paid $40 for a coat" and "paid $60 for a lamp" are two things."""
    ends = (one.after, other.after) if one.after and other.after else (one.before | one.after, other.before | other.after)
    shared = ends[0] & ends[1]
    if one.kind != "number" or 2 * len(shared) < min(len(end) for end in ends):
        return False
    return len(shared & rare) >= TELLING - (probability >= SURER)


def _differing(
    comparison: Comparison, first: Sequence[Mention], second: Sequence[Mention], probability: float, rare: frozenset[str]
) -> Iterator[tuple[float, Mention, Mention]]:
    for one in first:
        alike = [other for other in second if _comparable(one, other)]
        matches = [
            other
            for other in alike
            if _of_one_kind(one, other)
            and not _of_others(one, other)
            and not _of_two_sizes(one, other)
            and not _of_two_days(comparison, one, other)
        ]
        same = [other for other in matches if probability >= SURE_ENOUGH and _of_one_thing(one, other, probability, rare)]
        if len(same) == 1 and not equal(one, same[0]):
            known = _has(comparison, same[0].sentence, one) or _has(comparison, one.sentence, same[0])
            apart = _periods_apart(comparison, one, same[0]) if probability >= SURELY else not _same_period(comparison, one, same[0])
            if not known and (_nearly(one, same[0]) or not apart):
                yield probability * TELLING, one, same[0]
            continue
        # A sentence that has the other's figure too, of whatever unit, may count the same thing in other words.
        if not matches or any(equal(one, other) for other in alike) or _has(comparison, second[0].sentence, one):
            continue
        best = max(matches, key=lambda other: (len(one.around & other.around), -abs((one.amount or 0) - (other.amount or 0))))
        if _has(comparison, one.sentence, best):
            continue
        rivals = [mention for mention in first if mention is not one and _comparable(mention, best)]
        # A figure beside it that comes nearer to the other is the same, rounded.
        if any(_nearly(mention, best) and not _nearly(one, best) and not _of_others(mention, best) for mention in rivals):
            continue
        if any(equal(mention, best) or len(mention.around & best.around) > len(one.around & best.around) for mention in rivals):
            continue
        if len(alike) == 1 and probability >= SURER and _on_one_day(comparison, one, best):
            yield probability, one, best
            continue
        shared = _said_alike(one, best) - set(one.unit)
        least = (1 if probability >= SURE and one.kind == "number" else 2) + _vague(one)
        if probability < (SURE if _vague(one) else PLAIN) or len(shared) < least or not shared & rare:
            continue
        if len(shared) == 1 and not shared & one.part & best.part and probability < SURE:
            continue
        # One word in common does not make up for a month that only one of them names: "a vote in May".
        if len(shared) == 1 and _long_periods(comparison, one) != _long_periods(comparison, best):
            continue
        around = min(len(one.around - set(one.unit)), len(best.around - set(one.unit)))
        if len(shared) < (ALIKE_VAGUE if _vague(one) else ALIKE if probability < SURE else ALIKE_SURE) * around:
            continue
        if _vague(one) and one.after and best.after and not one.after & best.after:
            continue
        if _same_period(comparison, one, best):
            yield probability * len(shared), one, best


def of_two_things(one: Mention, other: Mention) -> bool:
    """Whether it shows, by what stands beside two values of one unit, that they are of two things."""
    return (
        _of_others(one, other)
        or _of_two_sizes(one, other)
        or (_vague(one) and bool(one.after and other.after) and not one.after & other.after)
    )


def _of_others(one: Mention, other: Mention) -> bool:
    """Whether the names nearest to two values are of two people, places or bodies: then they are values of two things."""
    sides = ((one.name_before, other.name_before), (one.name_after, other.name_after))
    named = [mine & theirs for mine, theirs in sides if mine and theirs]
    return bool(named) and not any(named)


def _of_two_sizes(one: Mention, other: Mention) -> bool:
    """Whether a sum or share cannot be the other's: it is many times as large, or one is what is added and the other all there is."""
    if not _vague(one):
        return False
    low, high = sorted(abs(mention.amount or 0.0) for mention in (one, other))
    kinds = [(bool(mention.part & ADDED), bool(mention.part & WHOLE)) for mention in (one, other)]
    return high > FAR_APART * low or kinds in ([(True, False), (False, True)], [(False, True), (True, False)])


def _of_two_days(comparison: Comparison, one: Mention, other: Mention) -> bool:
    """Whether both tell how much something moved, in reports of two days that name no period both have."""
    if not _vague(one) or _periods(comparison, one) & _periods(comparison, other):
        return False
    held = [comparison.sentences[mention.sentence] for mention in (one, other)]
    days = {(comparison.readings[each.article].article.published.value or "")[:10] for each in held}
    moved = all(not MOVES.isdisjoint(stem(word) for word in each.words) for each in held)
    return moved and len(days) > 1 and "" not in days


def _said_alike(one: Mention, other: Mention) -> frozenset[str]:
    """Words near both values, and on the same side or, in both, with no mark or conjunction between: in "took over in 2010 and bore
    the flood" 2010 is not the year of the flood."""
    return (one.left & other.left) | (one.right & other.right) | (one.around & other.around & one.part & other.part)


def _has(comparison: Comparison, sentence: int, mention: Mention) -> bool:
    return mention.kind == "number" and mention.amount in comparison.sentences[sentence].numbers


def _vague(mention: Mention) -> bool:
    """Whether the unit measures anything at all (a share, money, a rate): then the rest of the sentence must agree more."""
    unit = " ".join(mention.unit)
    return unit in {"%", "percent", "per cent", "point", "basis point"} or bool(MONEY.search(unit))


def _comparable(one: Mention, other: Mention) -> bool:
    return one.kind == other.kind and one.unit[-1] == other.unit[-1]


def _of_one_kind(one: Mention, other: Mention) -> bool:
    """Years must stand alike: "since 2019" and "after the 2020 election" are years of two things."""
    if one.unit[-1] != "year" or one.kind != "date":
        return True
    leading = [mention.shown.lower().split()[:-1] for mention in (one, other)]
    return bool(leading[0]) and leading[0] == leading[1]


def equal(one: Mention, other: Mention) -> bool:
    a, b = sorted((one.amount or 0.0, other.amount or 0.0))
    low, high = (one, other) if one.amount == a else (other, one)
    if a == b or one.kind == "date":
        return a == b
    near = b - a <= ROUNDED * b
    return near and ("~" in (one.modifier, other.modifier) or low.modifier == ">" or high.modifier == "<")


def _nearly(one: Mention, other: Mention) -> bool:
    a, b = one.amount or 0.0, other.amount or 0.0
    return abs(a - b) <= NEARLY * max(a, b)


def _same_period(comparison: Comparison, one: Mention, other: Mention) -> bool:
    """Figures of another month or year are no dispute, nor times of the clock of another day; where only one side of a vague figure names
    a period, that is not known, and left out."""
    if one.kind == "date" and one.unit != ("clock",):
        return True
    if not _vague(one):
        return not _periods_apart(comparison, one, other)
    return _periods(comparison, one) == _periods(comparison, other)


def _on_one_day(comparison: Comparison, one: Mention, other: Mention) -> bool:
    """Whether both are times of the clock on a day that both sentences name: in sentences likely to state the same that is enough."""
    return one.unit == ("clock",) and bool(_periods(comparison, one) & _periods(comparison, other))


def _periods_apart(comparison: Comparison, one: Mention, other: Mention) -> bool:
    mine, theirs = _periods(comparison, one), _periods(comparison, other)
    return bool(mine and theirs) and not mine & theirs and not all("day" in text for text in mine | theirs)


def _periods(comparison: Comparison, mention: Mention) -> set[str]:
    times = comparison.sentences[mention.sentence].sentence.times
    return {time.iso or time.text.lower() for time in times if len(time.text.split()) < 5 and moment_of(time.text, time.iso)[1] != "clock"}


@dataclass(frozen=True, slots=True)
class _Group:
    """Mentions taken for values of one thing, and the pairs of values that were found to dispute each other."""

    members: frozenset[Mention]
    disputed: frozenset[frozenset[float | None]]


def _long_periods(comparison: Comparison, mention: Mention) -> set[str]:
    """Months and years."""
    return {text for text in _periods(comparison, mention) if MONTH.fullmatch(text)}


def _joined(comparison: Comparison, pairs: Iterable[tuple[float, Mention, Mention]]) -> list[list[Mention]]:
    """Pairs that share a mention, the likeliest first. An article that has two values knows them as two things: no such join.

    Nor is a third value joined to two if nothing was found to dispute it with one of them: "boarded at 01:50" and "attacked at 3" are
    of one thing, and so may "attacked at 3" and "sailed at 16:30" seem, but not all three.
    """
    ordered = sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))
    partners: dict[Mention, list[Mention]] = {}
    for _, one, other in ordered:
        partners.setdefault(one, []).append(other)
        partners.setdefault(other, []).append(one)
    groups: dict[Mention, _Group] = {}
    for _, one, other in ordered:
        here, there = (groups.get(mention) or _Group(frozenset({mention}), frozenset()) for mention in (one, other))
        if one in there.members:
            continue
        small, large = sorted((here, there), key=lambda group: len(group.members))
        across = {frozenset((a.amount, b.amount)) for a in small.members for b in partners[a] if b in large.members}
        merged = _Group(here.members | there.members, here.disputed | there.disputed | across)
        values = {(comparison.sentences[mention.sentence].article, mention.amount) for mention in merged.members}
        every = {frozenset(two) for two in combinations({amount for _, amount in values}, 2)}
        if len(values) == len({article for article, _ in values}) and every <= merged.disputed:
            groups.update(dict.fromkeys(merged.members, merged))
    return [sorted(group.members) for group in dict.fromkeys(groups.values())]


def _conflict(
    comparison: Comparison, group: Sequence[Mention], mentions: Mapping[int, Sequence[Mention]], one_text: Callable[[str, str], bool]
) -> Conflict | None:
    """None when the mentions of one article alone differ."""
    members = list(group)
    # Articles that give one of these values in a linked sentence belong on its side.
    inside = {mention.sentence for mention in group}
    core = frozenset.intersection(*(mention.around for mention in group)) - set(group[0].unit)
    for link in comparison.links:
        for here, there in ((link.first, link.second), (link.second, link.first)):
            if here in inside and there not in inside:
                members += [
                    other
                    for other in mentions[there]
                    for one in group
                    if one.sentence == here and _comparable(one, other) and equal(one, other) and other.around & core
                ]
    best: dict[tuple[int, float | None], Mention] = {}
    for mention in sorted(set(members)):
        best.setdefault((comparison.sentences[mention.sentence].article, mention.amount), mention)
    by_article: dict[int, set[float | None]] = {}
    for article, amount in best:
        by_article.setdefault(article, set()).add(amount)
    # An article that has two of the values knows them as two things.
    best = {key: mention for key, mention in best.items() if len(by_article[key[0]]) == 1}
    if len({article for article, _ in best}) < 2 or len({amount for _, amount in best}) < 2:
        return None
    articles = [reading.article for reading in comparison.readings]
    order = sorted(best, key=lambda key: (articles[key[0]].published.value or "9999", key[0], key[1] or 0.0))
    chosen = [best[key] for key in order]
    about = _about(comparison, chosen)
    if not about:
        return None
    relation = _relation(comparison, chosen, [articles[key[0]] for key in order], one_text)
    sides = tuple(_side(articles[key[0]], comparison.sentences[best[key].sentence].sentence, best[key]) for key in order)
    return Conflict(chosen[0].kind, relation, about, sides)


def _relation(
    comparison: Comparison, mentions: Sequence[Mention], articles: Sequence[Article], one_text: Callable[[str, str], bool]
) -> Relation:
    texts = [comparison.sentences[mention.sentence].sentence.text for mention in mentions]
    units = {mention.unit for mention in mentions}
    narrowed = [bool(NARROWING.search(text)) for text in texts]
    if len(units) > 1 or any(narrowed) != all(narrowed):
        return "scope"
    if _only_rounded(mentions):
        return "scope"
    return "update" if _superseded(mentions, articles, one_text) else "conflict"


def _only_rounded(mentions: Sequence[Mention]) -> bool:
    """Whether the values are one figure, which some give with fewer digits: 43,000 for 43,350."""
    amounts = {mention.amount or 0.0 for mention in mentions}
    exact = min(amounts, key=lambda amount: (_step(amount), amount))
    others = amounts - {exact}
    near = all(abs(one - exact) <= min(_step(one) / 2, NEARLY * exact) for one in others)
    return mentions[0].kind == "number" and min(amounts) >= 100 and near


def _step(amount: float) -> float:
    """What the last digit that is not 0 counts: 1,000 in 43,000."""
    digits = f"{amount:.0f}"
    return 10.0 ** (len(digits) - len(digits.rstrip("0"))) if amount == int(amount) else 0.0


def _superseded(mentions: Sequence[Mention], articles: Sequence[Article], one_text: Callable[[str, str], bool]) -> bool:
    """One outlet or one text went from value to value, there are no others, and nobody gave the older one after the newer was out."""
    for old, before in zip(mentions, articles, strict=True):
        for new, after in zip(mentions, articles, strict=True):
            if old.amount == new.amount or before.moment is None or after.moment is None or before.moment >= after.moment:
                continue
            known = before.outlet.value is not None and before.outlet.value == after.outlet.value
            if not (known or one_text(before.article_id, after.article_id)):
                continue
            if {mention.amount for mention in mentions} != {old.amount, new.amount}:
                continue
            holders = [article for mention, article in zip(mentions, articles, strict=True) if mention.amount == old.amount]
            if all(article.moment is not None and article.moment < after.moment for article in holders):
                return True
    return False


def _side(article: Article, sentence: ReadSentence, mention: Mention) -> Side:
    span = clause(sentence, mention.span)
    quote = article.text[span.start : span.end]
    return Side(article.article_id, article.outlet.value, article.published.value, span, quote, mention.shown, mention.amount)


def _about(comparison: Comparison, mentions: Sequence[Mention]) -> str:
    """What is counted and the verb nearest to it, or else the nearest words that all sides share, in the first side's words.

    "" if the sides share too little.
    """
    shared = frozenset.intersection(*(mention.around | set(mention.unit) for mention in mentions))
    if not shared - set(mentions[0].unit) and not all(mention.unit == mentions[0].unit and not _vague(mention) for mention in mentions):
        return ""
    first = mentions[0]
    sentence = comparison.sentences[first.sentence].sentence
    at, end = (place - sentence.span.start for place in first.span)
    every = list(re.finditer(r"[^\W\d_][\w’'-]*", sentence.text))
    inside = [match for match in every if at <= match.start() < end]
    found = [match for match in every if match not in inside and set(terms(match[0])) & shared]
    beside = sorted(found, key=lambda match: max(match.start() - end, at - match.end()))
    verbs = [match for match in beside if like_a_verb(match[0])]
    counted = [match for match in inside if match[0].lower().startswith(first.unit[-1]) and not set(first.unit) & MEASURES]
    if counted and not _vague(first) and " of " not in first.shown:
        chosen = [counted[-1], *([] if like_a_verb(counted[-1][0]) else verbs[:1])]
    else:
        chosen = verbs[:1] or beside[:WORDS_ABOUT] or inside[-1:]
    return " ".join(dict.fromkeys(match[0] for match in sorted(chosen, key=lambda match: match.start())))

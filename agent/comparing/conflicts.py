"""Where articles that state the same thing give other numbers, times, days or quoted words. A false dispute is worse than a missed one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations

from agent.comparing.claims import SURE, Comparison
from agent.comparing.contradictions import denials, overtaken, wordings
from agent.comparing.dispute import Conflict as Conflict
from agent.comparing.dispute import Kind, Relation, Side, clause
from agent.comparing.prose import IRREGULAR
from agent.comparing.sameness import Compared
from agent.reading import ReadSentence
from agent.reading.words import FUNCTION_WORDS
from agent.terms import stem, terms, words
from vectorstore.article import Article
from vectorstore.sentence import Span

# Two sentences of this probability are compared for what differs in them. More is asked of what stands around the values.
LIKELY = 0.3
PLAIN = 0.4
# Values count as values of one thing only if a term beside both is rare in the event: in this many sentences, or this share of them.
FEW, FEW_OF_ALL = 16, 0.03
# Share of the terms around one value that stand around the other too. All these limits were set on two invented events and 31
# pages of real coverage by reading the disputes found, with the score on the hand-aligned events in view (precision .5 at
# recall .09 there, on six disputes found): no figure here is from events that were not looked at.
ALIKE, ALIKE_SURE, ALIKE_VAGUE = 0.3, 0.15, 0.5
# Values with so many rare words in common right beside them, in sentences this likely to state the same, or one fewer where that is
# likelier, are values of one thing. Set on eight hand-aligned events and 60 others of the same kind, by reading what was found.
TELLING, SURE_ENOUGH, SURER = 2, 0.6, 0.75
WORDS_BEFORE, WORDS_AFTER = 3, 4
# "11" in "the Sept. 11 hijackers" counts no hijackers.
OF_A_DAY = re.compile(r"(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s|\d/)$", re.IGNORECASE)
PART = re.compile(r"[;:()—–]|,(?!\d)|\.(?!\d)|\b(?:and|but|or|while|when|as|after|before|because|said|says)\b")
NEAR = 8  # words on each side of a value that say what it counts
# Values this near are one value, when a word such as "about" or a round number says so.
ROUNDED = 0.1
# A figure that has fewer digits than another is the same, rounded, if it differs by no more than this share.
NEARLY = 0.03
NARROWING = re.compile(r"\b(?:alone|only|of (?:them|whom|those)|including|among them|another|others?)\b", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
APPROXIMATE = re.compile(r"^(?:(?:at|in|on|about|around|some|the year|since|from|by|until)\s+)+", re.IGNORECASE)
MONEY = re.compile(r"[$€£¥]|dollar|euro|pound|crown")
NONE: frozenset[str] = frozenset()
UNITLESS = frozenset("them us you it time first second way more".split())
WORDS_ABOUT = 2
MEASURES = frozenset("km kilometre kilometer mile metre meter tonne ton kg hour minute day week month year".split())
NUMBERED = re.compile(r"\b([^\W\d_]{3,}) $")
SHARES = frozenset("percent per cent point basi".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A value in a compared sentence, with the words around it."""

    sentence: int
    span: Span
    kind: Kind
    amount: float | None
    shown: str
    unit: tuple[str, ...]
    modifier: str
    around: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]

    def __lt__(self, other: Mention) -> bool:
        return (self.sentence, self.span) < (other.sentence, other.span)


def conflicts(comparison: Comparison, one_text: Callable[[str, str], bool] = lambda first, second: False) -> list[Conflict]:
    """Numbers, times and days first, then plans and deeds, denials, and quotations printed in different words.

    `one_text` tells whether two articles (ids) print one text, so that a later value in one supersedes the earlier.
    """
    mentions = {number: tuple(_mentions(number, one)) for number, one in enumerate(comparison.sentences)}
    pairs: list[tuple[float, Mention, Mention]] = []
    used = Counter(term for one in comparison.sentences for term in set(one.terms))
    rare = frozenset(term for term, number in used.items() if number <= max(FEW, FEW_OF_ALL * len(comparison.sentences)))
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
    return bool(pairs) and not any(_equal(one, other) for one, other in pairs)


@lru_cache(maxsize=16_384)
def _mentioned(number: int, one: Compared) -> tuple[Mention, ...]:
    return tuple(_mentions(number, one))


def _mentions(number: int, one: Compared) -> Iterator[Mention]:
    sentence = one.sentence
    for quantity in sentence.quantities:
        if quantity.value is None or OF_A_DAY.search(sentence.text[: quantity.span.start - sentence.span.start]):
            continue
        unit = tuple(stem(word) for word in words(quantity.unit)) or tuple(re.findall(r"[%$€£¥]", quantity.unit))
        if unit and unit[-1] not in UNITLESS:
            shown = _named(sentence, quantity.span, " ".join(quantity.text.split()))
            around = _around(sentence, quantity.span)
            before, after = (found - set(unit) for found in _beside(sentence, quantity.span))
            yield Mention(number, quantity.span, "number", quantity.value, shown, unit, quantity.modifier, around, before, after)
    for time in sentence.times:
        amount, kind = _moment(time.text, time.iso)
        if amount is not None:
            around = _around(sentence, time.span)
            yield Mention(number, time.span, "date", amount, " ".join(time.text.split()), (kind,), "", around, NONE, NONE)


def _named(sentence: ReadSentence, span: Span, shown: str) -> str:
    """The value with the word it numbers: "silo 3 of the granary", where 3 counts nothing."""
    before = NUMBERED.search(sentence.text[: span.start - sentence.span.start])
    if before is None or not re.match(r"\d+ of\b", shown) or before[1].lower() in FUNCTION_WORDS or _like_a_verb(before[1]):
        return shown
    return f"{before[1]} {shown}"


def _moment(text: str, iso: str | None) -> tuple[float | None, str]:
    """A number that orders expressions of one kind (clock, day, year), and the kind."""
    bare = APPROXIMATE.sub("", text.strip())
    if re.fullmatch(r"(?:19|20)\d\d", bare):
        return float(bare), "year"
    clock = CLOCK.fullmatch(bare)
    if clock and (clock[3] or (clock[2] and "." not in bare)):
        hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
        return hour * 60.0 + int(clock[2] or 0), "clock"
    if iso and len(iso) == 10 and re.search(r"\d", bare):
        return float(datetime.fromisoformat(iso).toordinal()), "day"
    return None, ""


def _around(sentence: ReadSentence, span: Span) -> frozenset[str]:
    start = sentence.span.start
    left = " ".join(sentence.text[: span.start - start].split()[-NEAR:])
    right = " ".join(sentence.text[span.end - start :].split()[:NEAR])
    return frozenset(term for side in (left, right) for term in terms(side) if not term[:1].isdigit()) - SHARES


def _beside(sentence: ReadSentence, span: Span) -> tuple[frozenset[str], frozenset[str]]:
    """The terms right before the value and right after it: none across a mark, a conjunction or another figure."""
    start = sentence.span.start
    others = [one.span for one in sentence.quantities if one.span != span]
    begin = max([one.end - start for one in others if one.end <= span.start], default=0)
    end = min([one.start - start for one in others if one.start >= span.end], default=len(sentence.text))
    before = list(PART.finditer(sentence.text, begin, span.start - start))
    after = PART.search(sentence.text, span.end - start, end)
    left = sentence.text[before[-1].end() if before else begin : span.start - start].split()[-WORDS_BEFORE:]
    right = sentence.text[span.end - start : after.start() if after else end].split()[:WORDS_AFTER]
    sides = (frozenset(term for term in terms(" ".join(side)) if not term[:1].isdigit()) - SHARES for side in (left, right))
    return next(sides), next(sides)


def _of_one_thing(one: Mention, other: Mention, probability: float, rare: frozenset[str]) -> bool:
    """Whether so many rare words stand right beside both values that they must be values of one thing; what follows them says it,
    where anything does: "paid $40 for a coat" and "paid $60 for a lamp" are two things."""
    ends = (one.after, other.after) if one.after and other.after else (one.before | one.after, other.before | other.after)
    shared = ends[0] & ends[1]
    if one.kind != "number" or 2 * len(shared) < min(len(end) for end in ends):
        return False
    return len(shared & rare) >= TELLING or (len(shared & rare) == TELLING - 1 and probability >= SURER)


def _differing(
    comparison: Comparison, first: Sequence[Mention], second: Sequence[Mention], probability: float, rare: frozenset[str]
) -> Iterator[tuple[float, Mention, Mention]]:
    for one in first:
        matches = [other for other in second if _comparable(one, other)]
        same = [other for other in matches if probability >= SURE_ENOUGH and _of_one_thing(one, other, probability, rare)]
        if len(same) == 1 and not _equal(one, same[0]):
            known = _has(comparison, same[0].sentence, one) or _has(comparison, one.sentence, same[0])
            if not known and (_nearly(one, same[0]) or not _periods_apart(comparison, one, same[0])):
                yield probability * TELLING, one, same[0]
            continue
        # A sentence that has the other's figure too, of whatever unit, may count the same thing in other words.
        if not matches or any(_equal(one, other) for other in matches) or _has(comparison, second[0].sentence, one):
            continue
        best = max(matches, key=lambda other: (len(one.around & other.around), -abs((one.amount or 0) - (other.amount or 0))))
        if _has(comparison, one.sentence, best):
            continue
        rivals = [mention for mention in first if mention is not one and _comparable(mention, best)]
        if any(_equal(mention, best) or len(mention.around & best.around) > len(one.around & best.around) for mention in rivals):
            continue
        shared = (one.around & best.around) - set(one.unit)
        least = (1 if probability >= SURE and one.kind == "number" else 2) + _vague(one)
        if probability < (SURE if _vague(one) else PLAIN) or len(shared) < least or not shared & rare:
            continue
        around = min(len(one.around - set(one.unit)), len(best.around - set(one.unit)))
        if len(shared) < (ALIKE_VAGUE if _vague(one) else ALIKE if probability < SURE else ALIKE_SURE) * around:
            continue
        if _vague(one) and one.after and best.after and not one.after & best.after:
            continue
        if _same_period(comparison, one, best):
            yield probability * len(shared), one, best


def _has(comparison: Comparison, sentence: int, mention: Mention) -> bool:
    return mention.kind == "number" and mention.amount in comparison.sentences[sentence].numbers


def _vague(mention: Mention) -> bool:
    """Whether the unit measures anything at all (a share, money, a rate): then the rest of the sentence must agree more."""
    unit = " ".join(mention.unit)
    return unit in {"%", "percent", "per cent", "point", "basis point"} or bool(MONEY.search(unit))


def _comparable(one: Mention, other: Mention) -> bool:
    return one.kind == other.kind and one.unit[-1] == other.unit[-1]


def _equal(one: Mention, other: Mention) -> bool:
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
    """Figures of another month or year are no dispute; where only one side names a period, that is not known, and left out."""
    if one.kind == "date":
        return True
    if not _vague(one):
        return not _periods_apart(comparison, one, other)
    return _periods(comparison, one) == _periods(comparison, other)


def _periods_apart(comparison: Comparison, one: Mention, other: Mention) -> bool:
    mine, theirs = _periods(comparison, one), _periods(comparison, other)
    return bool(mine and theirs) and not mine & theirs and not all("day" in text for text in mine | theirs)


def _periods(comparison: Comparison, mention: Mention) -> set[str]:
    times = comparison.sentences[mention.sentence].sentence.times
    return {time.iso or time.text.lower() for time in times if len(time.text.split()) < 5 and _moment(time.text, time.iso)[1] != "clock"}


def _joined(comparison: Comparison, pairs: Iterable[tuple[float, Mention, Mention]]) -> list[list[Mention]]:
    """Pairs that share a mention, the likeliest first. An article that has two values knows them as two things: no such join.

    Nor is a third value joined to two if nothing was found to dispute it with one of them: "boarded at 01:50" and "attacked at 3" are
    of one thing, and so may "attacked at 3" and "sailed at 16:30" seem, but not all three.
    """
    groups: list[set[Mention]] = []
    ordered = sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))
    for _, one, other in ordered:
        touching = [group for group in groups if one in group or other in group]
        merged = {one, other}.union(*touching)
        values = {(comparison.sentences[mention.sentence].article, mention.amount) for mention in merged}
        disputed = {frozenset((a.amount, b.amount)) for _, a, b in ordered if a in merged and b in merged}
        every = {frozenset(two) for two in combinations({amount for _, amount in values}, 2)}
        if len(values) == len({article for article, _ in values}) and every <= disputed:
            groups = [group for group in groups if group not in touching] + [merged]
    return [sorted(group) for group in groups]


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
                    if one.sentence == here and _comparable(one, other) and _equal(one, other) and other.around & core
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
    verbs = [match for match in beside if _like_a_verb(match[0])]
    counted = [match for match in inside if match[0].lower().startswith(first.unit[-1]) and not set(first.unit) & MEASURES]
    if counted and not _vague(first) and " of " not in first.shown:
        chosen = [counted[-1], *([] if _like_a_verb(counted[-1][0]) else verbs[:1])]
    else:
        chosen = verbs[:1] or beside[:WORDS_ABOUT] or inside[-1:]
    return " ".join(dict.fromkeys(match[0] for match in sorted(chosen, key=lambda match: match.start())))


def _like_a_verb(word: str) -> bool:
    return word.lower() in IRREGULAR or (word.islower() and word.endswith("ed") and len(word) > 4)

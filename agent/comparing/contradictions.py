"""Disputes that no figure shows: what one article says was so and another that it was not; what is still to come in one and done in
another; one quotation printed in different words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from agent.comparing.claims import Comparison
from agent.comparing.dispute import Conflict, Side, clause, in_order, rare_terms
from agent.comparing.prose import IRREGULAR
from agent.comparing.quotation import LEAST_QUOTED, different_wording
from agent.comparing.sameness import Compared
from agent.reading import ReadSentence
from agent.terms import STOP, stem, terms
from vectorstore.article import Article
from vectorstore.sentence import Span

# Two sentences must be this likely to state the same before one is held to contradict the other: for a denial, which is worded
# otherwise than what it denies, and for a plan, which is worded as the deed is. Set with eight hand-aligned and two invented events
# in view, by reading what each finds; below these the pairs are about two things.
DENIED, DONE = 0.4, 0.75
# Of so many quotations of a sentence one is looked for in other words; nobody quotes more in one, and all are held against all.
MOST_QUOTATIONS = 12
PRINTED = 0.3  # two sentences of this probability may hold one quotation
# A phrase says what is disputed only if one of its words is rare.
FEW = 8
WORD = re.compile(r"[^\W_][\w’'-]*")
# "denied that", "no", "did not use any": right before what is denied, but for one verb.
DENIAL = re.compile(
    r"(?:\b(?:den(?:y|ies|ied|ying)(?:\s+that)?|no|never(?:\s+[\w-]+)?|without)|(?:\bnot|n['’]t)\s+(?!(?:any|an?|the)\b)(?P<verb>[\w-]+))"
    r"(?:\s+(?:any|a|an|the))?\s+$",
    re.IGNORECASE,
)
# "did not exist", "was not sent", "is not true"; but "are not bazookas" denies something else.
DENIED_AFTER = re.compile(
    r"\s+(?:did\s+not|didn['’]t|never)\s+(?:exist|happen|take place)\b"
    r"|\s+(?:was|were|is|are)(?:\s+not|n['’]t)\s*(?:\b(?:\w+ed|made|done|given|found|held|sent|seen|shown|taken|said|true|real|there)\b|[.,;])"
)
# A denial of what might be, or of a condition, and an assertion that asks, doubts or supposes, contradict nothing.
SUPPOSED = re.compile(r"\b(?:if|unless|whether|will|would|should|could|may|might|can|cannot)\b|[’']ll\b|\?", re.IGNORECASE)
NOT_ASSERTED = re.compile(r"\b(?:not|no|never|nor|neither|without|den(?:y|ies|ied|ying))\b|n['’]t\b", re.IGNORECASE)
# "by sending the photo", "support for a strike", "lost its buying power": not said to be so.
ONLY_NAMED = re.compile(
    r"\b(?:by|for|of|from|against|to|los(?:e|es|t|ing)|lack(?:s|ed|ing)?)\s+(?:(?:any|a|an|the|their|its|his|her)\s+|[a-z]+ing\s+)*$",
    re.IGNORECASE,
)
SAID = frozenset(stem(verb) for verb in "report say tell call add note".split())  # no deeds here
# Verbs that add nothing to their object: to deny using a thing is to deny the thing.
LIGHT = frozenset(
    stem(verb) for verb in "use used using have had make made making take took taken give gave given do did done see saw".split()
)
TO_COME = re.compile(
    r"(?:\b(?:will|would|going to|(?:is|are|was|were) (?:to|due to|set to|expected to|scheduled to|planning to|likely to)"
    r"|(?:plan|intend|aim|hope|promise|expect|vow|pledge)(?:s|ed|ned)? to)|['’]ll)\s+(?:be\s+)?(?P<verb>[a-z]+(?<!ly))\b",
)
Place = tuple[int, int]  # in the sentence
Places = dict[tuple[str, str], Place]  # of pairs of stems
SHOWN = 60  # characters of a side's words


def denials(comparison: Comparison) -> list[Conflict]:
    """Phrases that some articles deny and others assert; one dispute for each phrase."""
    rare = rare_terms(comparison.sentences, FEW)
    denied = {number: list(_pairs(one)) for number, one in enumerate(comparison.sentences) if _may_deny(one)}
    asserted: dict[int, Places] = {}
    against: dict[tuple[str, str], dict[int, tuple[int, Place]]] = {}
    held: dict[tuple[str, str], dict[int, tuple[int, Place]]] = {}
    for link in comparison.links:
        if link.probability < DENIED:
            continue
        for no, yes in ((link.first, link.second), (link.second, link.first)):
            if no not in denied:
                continue
            one, other = comparison.sentences[no], comparison.sentences[yes]
            if yes not in asserted:
                asserted[yes] = _asserted(other)
            for stems, place in denied[no]:
                if stems in asserted[yes] and set(stems) & rare and _denied(one, place, other):
                    against.setdefault(stems, {}).setdefault(one.article, (no, place))
                    held.setdefault(stems, {}).setdefault(other.article, (yes, asserted[yes][stems]))
    found = []
    for stems, deniers in against.items():
        holders = {article: where for article, where in held[stems].items() if article not in deniers}
        if holders:
            number, place = next(iter(holders.values()))
            about = comparison.sentences[number].sentence.text[slice(*place)]
            sides = [_side(comparison, *where, 0.0) for where in deniers.values()] + [
                _side(comparison, *where, 1.0) for where in holders.values()
            ]
            found.append(Conflict("denial", "conflict", about, in_order(sides)))
    return found


def _may_deny(one: Compared) -> bool:
    text = one.sentence.text
    return bool(NOT_ASSERTED.search(text)) and not SUPPOSED.search(text)


def _asserted(one: Compared) -> Places:
    if SUPPOSED.search(one.sentence.text):
        return {}
    return {stems: place for stems, place in _pairs(one) if not _withheld(one, place)}


def _pairs(one: Compared) -> Iterator[tuple[tuple[str, str], Place]]:
    """Two words next to each other that are no name's and both tell something: their stems, and where they stand in the sentence."""
    text = one.sentence.text
    found = list(WORD.finditer(text))
    for first, second in pairwise(found):
        plain = not (first[0][:1].isupper() or second[0][:1].isupper()) or (first.start() == 0 and not second[0][:1].isupper())
        if plain and text[first.end() : second.start()].isspace() and not {first[0].lower(), second[0].lower()} & STOP:
            stems = (*terms(first[0]), *terms(second[0]))
            if len(stems) == 2 and not any(each[0].isdigit() for each in stems):
                yield (stems[0], stems[1]), (first.start(), second.end())


def _denied(one: Compared, place: Place, other: Compared) -> bool:
    """Whether what stands there is denied; where a verb is ("did not send a letter"), the other sentence must have it too."""
    text = one.sentence.text
    found = DENIAL.search(text[: place[0]])
    if found and found["verb"]:
        verb = stem(found["verb"].lower())
        return verb in LIGHT or verb in {stem(word) for word in other.words}
    return bool(found or DENIED_AFTER.match(text, place[1]))


def _withheld(one: Compared, place: Place) -> bool:
    """Whether the sentence anywhere denies, or only names what stands there without saying that it is so."""
    text = one.sentence.text
    return bool(NOT_ASSERTED.search(text) or ONLY_NAMED.search(text[: place[0]])) or one.sentence.stance == "denies"


def _side(comparison: Comparison, number: int, place: Place, amount: float) -> Side:
    """`amount` only keeps the sides apart."""
    one = comparison.sentences[number]
    article, offset = comparison.readings[one.article].article, one.sentence.span.start
    text = one.sentence.text
    before = list(re.finditer(r"\S+\s+", text[: place[0]]))[-3:]
    begin = before[0].start() if before else place[0]
    shown = text[begin : place[1]].strip()[-SHOWN:]
    span = clause(one.sentence, Span(offset + place[0], offset + place[1]))
    return Side(article.article_id, article.outlet.value, article.published.value, span, article.text[span.start : span.end], shown, amount)


def overtaken(comparison: Comparison) -> list[Conflict]:
    """A deed that is to come in one article and done in another; one for each verb."""
    plans: dict[str, dict[int, Side]] = {}
    deeds: dict[str, dict[int, Side]] = {}
    for link in comparison.links:
        if link.probability < DONE:
            continue
        for first, second in ((link.first, link.second), (link.second, link.first)):
            plan, deed = comparison.sentences[first], comparison.sentences[second]
            if TO_COME.search(deed.sentence.text) or not _later(*(comparison.readings[one.article].article for one in (plan, deed))):
                continue
            for match in TO_COME.finditer(plan.sentence.text):
                verb = stem(match["verb"])
                if verb in SAID:
                    continue
                place = _done(deed, verb)
                if (
                    place
                    and not plan.sentence.negations
                    and not deed.sentence.negations
                    and _same_doer(plan, match.start(), deed, place[0])
                ):
                    plans.setdefault(verb, {}).setdefault(plan.article, _side(comparison, first, match.span(), 0.0))
                    deeds.setdefault(verb, {}).setdefault(deed.article, _side(comparison, second, place, 1.0))
    found = []
    for verb, planned in plans.items():
        done = [side for article, side in deeds[verb].items() if article not in planned]
        sides = in_order([*planned.values(), *done])
        # What was announced after it had been done is another plan.
        if done and sides[0].amount == 0.0:
            found.append(Conflict("stage", "update", done[-1].value.split()[-1], sides))
    return found


def _done(one: Compared, verb: str) -> Place | None:
    """Where the verb stands in a form that tells of a deed done."""
    for match in WORD.finditer(one.sentence.text):
        word = match[0].lower()
        if stem(word) == verb and ((word.endswith("ed") and len(word) > 4) or word in IRREGULAR):
            return match.span()
    return None


def _same_doer(one: Compared, verb: int, other: Compared, its_verb: int) -> bool:
    """Whether a telling word stands before both verbs."""
    before = [set(terms(each.sentence.text[:at])) for each, at in ((one, verb), (other, its_verb))]
    return bool(before[0] & before[1])


def _later(plan: Article, deed: Article) -> bool:
    """Whether the deed may have been told after the plan, by the days of publication; unknown ones say nothing against it."""
    before, after = plan.published.value, deed.published.value
    return not before or not after or before[:10] <= after[:10]


def wordings(comparison: Comparison) -> list[Conflict]:
    """One quotation printed in different words."""
    found: list[Conflict] = []
    used: set[tuple[int, Span]] = set()
    for link in comparison.links:
        if link.probability < PRINTED:
            continue
        one, other = (comparison.sentences[number] for number in (link.first, link.second))
        for first in _long_enough(one.sentence):
            for second in _long_enough(other.sentence):
                if {(link.first, first), (link.second, second)} & used:
                    continue
                texts = [_cut(one.sentence, first), _cut(other.sentence, second)]
                variant = different_wording(*texts)
                if variant:
                    used |= {(link.first, first), (link.second, second)}
                    pairs = ((one, first, variant[0]), (other, second, variant[1]))
                    sides = tuple(_quoted_side(comparison.readings[c.article].article, c.sentence, s, v) for c, s, v in pairs)
                    found.append(Conflict("wording", "conflict", "", sides))
    return found


def _long_enough(sentence: ReadSentence) -> list[Span]:
    """The quotations that are long enough to be one printed in different words, at most MOST_QUOTATIONS."""
    return [span for span in sentence.quotations if span.end - span.start > 2 * LEAST_QUOTED][:MOST_QUOTATIONS]


def _cut(sentence: ReadSentence, span: Span) -> str:
    return sentence.text[span.start - sentence.span.start : span.end - sentence.span.start]


def _quoted_side(article: Article, sentence: ReadSentence, span: Span, value: str) -> Side:
    shown = clause(sentence, span)
    shown = span if not (shown.start <= span.start and span.end <= shown.end) else shown
    return Side(article.article_id, article.outlet.value, article.published.value, shown, article.text[shown.start : shown.end], value)

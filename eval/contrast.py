"""Scores of what a brief says of an event against its labels: links, claims, conflicts, names, scare quotes, silence, voices, origins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TypeVar

from agent.terms import terms
from eval.articles import InvalidData, LabelledArticles
from eval.gold import LONGEST_LABEL, LONGEST_SIDE, Claim, Conflict, GoldEvent, Labels, Place, Span, Voice, places
from eval.score import Score

First = TypeVar("First")
Second = TypeVar("Second")
Marked = TypeVar("Marked", bound=Place)
Sentence = tuple[str, int]
Link = frozenset[Sentence]
# A predicted silence is about a labelled point if its words hold this share of the point's, and one outlet reports both.
SAME_POINT = 0.6


@dataclass(frozen=True)
class Counts:
    """What was predicted, what there is, and what of it was right. Counts of several events add up."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def f1(self) -> float | None:
        """None where there is nothing to find and nothing was predicted."""
        total = self.predicted + self.gold
        return 2 * self.right / total if total else None

    def scores(self, name: str) -> list[Score]:
        precision = Score(f"{name}_precision", *_ratio(self.right, self.predicted, "nothing was predicted"))
        recall = Score(f"{name}_recall", *_ratio(self.right, self.gold, "nothing is labelled"))
        f1 = Score(f"{name}_f1", None, "nothing is labelled or predicted") if self.f1 is None else Score(f"{name}_f1", round(self.f1, 4))
        return [precision, recall, f1]


def _ratio(part: int, whole: int, reason: str) -> tuple[float | None, str]:
    return (round(part / whole, 4), "") if whole else (None, reason)


class EventScores:
    """What was predicted of one event beside its labels, limited to the articles that the system was given."""

    def __init__(self, gold: GoldEvent, predicted: Labels, articles: LabelledArticles, given: Iterable[str] | None = None):
        """`given` are the labels of the articles that the system had, all of them if it is left out. Raises InvalidData."""
        self.gold, self.predicted, self.articles = gold, predicted, articles
        self.given = frozenset(gold.articles if given is None else given)
        for label in sorted(self.given - set(gold.articles)):
            raise InvalidData(f"{predicted.event}: {label} is not an article of the event {gold.event}")
        _check_prediction(predicted, self.given, articles)

    @cached_property
    def counts(self) -> dict[str, Counts]:
        return {
            "links": Counts(len(self._gold_links & self._links), len(self._links), len(self._gold_links)),
            "shared_sentences": _overlap(_members(self._gold_links), _members(self._links)),
            "conflicts": Counts(len(self._conflict_pairs), len(self.predicted.conflicts), len(self._gold_conflicts)),
            "naming": self._naming(),
            "scare": self._marks(self._held(self.gold.scare), self.predicted.scare),
            "silence": self._silence(),
            "voices": self._voices(),
            "origins": _overlap(self._same_origin(self.gold), self._same_origin(self.predicted)),
        }

    @cached_property
    def ratios(self) -> dict[str, tuple[int, int]]:
        """(right, of how many) of what has no precision and recall of its own."""
        pairs = [pair for claim in self._gold_claims for pair in combinations(sorted(claim), 2)]
        found = [pair for claim in self._gold_claims for pair in combinations(sorted(claim), 2) if self._links & _links_of(claim, pair)]
        shared = [claim for claim in self._claims if len(claim) > 1]
        wide = [claim for claim in self._gold_claims if len(claim) > 2]
        kept, exclusive = self._exclusive()
        stances = self._stances()
        classes = [(p.kind, g.kind) for p, g in self._conflict_pairs if p.kind and g.kind]
        relations = [(p.relation, g.relation) for p, g in self._conflict_pairs if p.relation and g.relation]
        untouched = [place for place in self._held(self.gold.injection) if not self._used(place)]
        return {
            "claims_found": (len(found), len(pairs)),
            "claims_right": (sum(1 for claim in shared if _claim_links(claim) & self._gold_links), len(shared)),
            "clusters_found": (sum(1 for claim in wide if any(_finds(mine, claim) for mine in shared)), len(wide)),
            "exclusive_kept": (kept, exclusive),
            "stance": (sum(mine == theirs for mine, theirs in stances), len(stances)),
            "conflict_class": (sum(mine == theirs for mine, theirs in classes), len(classes)),
            "conflict_relation": (sum(mine == theirs for mine, theirs in relations), len(relations)),
            "injection_kept_out": (len(untouched), len(self._held(self.gold.injection))),
        }

    # Claims as sentences: {article: sentence numbers}.

    def _sentences(self, claim: Claim) -> dict[str, frozenset[int]]:
        numbers = {
            label: frozenset(number for span in position.spans for number in _covered(span, self.gold.articles[label].sentences))
            for label, position in claim.positions.items()
            if label in self.given
        }
        return {label: found for label, found in numbers.items() if found}

    @cached_property
    def _gold_claims(self) -> list[dict[str, frozenset[int]]]:
        return [numbers for claim in self.gold.claims if len(numbers := self._sentences(claim)) > 1]

    @cached_property
    def _claims(self) -> list[dict[str, frozenset[int]]]:
        return [self._sentences(claim) for claim in self.predicted.claims]

    @cached_property
    def _gold_links(self) -> frozenset[Link]:
        return frozenset(link for claim in self._gold_claims for link in _claim_links(claim))

    @cached_property
    def _links(self) -> frozenset[Link]:
        return frozenset(link for claim in self._claims for link in _claim_links(claim))

    def _exclusive(self) -> tuple[int, int]:
        shared, linked = _members(self._gold_links), _members(self._links)
        sentences = {
            (place.article, number)
            for place in self._held(self.gold.exclusive)
            for number in _covered(place.span, self.gold.articles[place.article].sentences)
        } - shared
        return len(sentences - linked), len(sentences)

    def _stances(self) -> list[tuple[str, str]]:
        """(predicted, labelled) of the articles of claims that share links, each claim used once."""
        gold = [claim for claim in self.gold.claims if len(self._sentences(claim)) > 1]

        def likeness(mine: Claim, theirs: Claim) -> float:
            return len(_claim_links(self._sentences(mine)) & _claim_links(self._sentences(theirs)))

        return [
            (stance, wanted)
            for mine, theirs in matched(self.predicted.claims, gold, likeness)
            for label in sorted(self.given & set(mine.positions) & set(theirs.positions))
            if (stance := mine.positions[label].stance) and (wanted := theirs.positions[label].stance)
        ]

    # The rest, by spans.

    def _held(self, marked: Sequence[Marked]) -> list[Marked]:
        return [place for place in marked if place.article in self.given]

    @cached_property
    def _gold_conflicts(self) -> list[Conflict]:
        return [c for c in self.gold.conflicts if len({side.article for side in self._held(c.sides)}) > 1]

    @cached_property
    def _conflict_pairs(self) -> list[tuple[Conflict, Conflict]]:
        return matched(self.predicted.conflicts, self._gold_conflicts, _conflict_likeness)

    def _naming(self) -> Counts:
        gold = [pair for naming in self.gold.naming for pair in self._different(self._held(naming.labels))]
        mine = [pair for naming in self.predicted.naming for pair in self._different(naming.labels)]
        return Counts(len(matched(mine, gold, _pair_touches)), len(mine), len(gold))

    def _different(self, labels: Sequence[Place]) -> list[tuple[Place, Place]]:
        """Pairs of labels of different articles and different words; the same words in one article are one label."""
        once = {(label.article, self._words(label)): label for label in reversed(labels)}
        pairs = combinations(sorted(once.items(), key=lambda item: (item[1].article, item[1].span)), 2)
        return [(a[1], b[1]) for a, b in pairs if a[0][0] != b[0][0] and a[0][1] != b[0][1]]

    def _words(self, place: Place) -> str:
        return " ".join(re.findall(r"\w+", self.articles.by_label[place.article].text[slice(*place.span)].casefold()))

    def _marks(self, gold: Sequence[Place], mine: Sequence[Place]) -> Counts:
        return Counts(len(matched(mine, gold, lambda a, b: float(_touch(a, b, LONGEST_LABEL)))), len(mine), len(gold))

    def _silence(self) -> Counts:
        """Articles silent on a labelled point. What is predicted of other points is not judged: the labels are a selection."""
        gold = [p for p in self.gold.silence if self.given & set(p.silent) and self.given & set(p.reported_by)]
        pairs = matched(
            self.predicted.silence,
            gold,
            lambda mine, point: _point_likeness(mine.gist, point.gist) if set(mine.reported_by) & set(point.reported_by) else 0.0,
        )
        right = sum(len(set(mine.silent) & set(point.silent)) for mine, point in pairs)
        predicted = sum(len(set(mine.silent) & {*point.silent, *point.reported_by}) for mine, point in pairs)
        return Counts(right, predicted, sum(len(self.given & set(point.silent)) for point in gold))

    def _voices(self) -> Counts:
        """Quotes with their speakers: right where the words touch and one word of the speaker's name or office is the same."""
        gold = [quote for quote in _quotes(self.gold.voices) if quote[1].article in self.given]
        mine = _quotes(self.predicted.voices)
        pairs = matched(mine, gold, lambda a, b: float(_touch(a[1], b[1]) and bool(_name_words(a[0]) & _name_words(b[0]))))
        return Counts(len(pairs), len(mine), len(gold))

    def _same_origin(self, labels: Labels) -> set[frozenset[str]]:
        return {frozenset(pair) for origin in labels.origins for pair in combinations(self.given & set(origin.articles), 2)}

    def _used(self, place: Place) -> bool:
        claimed = (Place(article=a, span=s) for claim in self.predicted.claims for a, p in claim.positions.items() for s in p.spans)
        marked = (Place(article=a, span=s) for _, a, s, _ in places(self.predicted))
        # The labelled instruction is the short one here: a claim of any length that reaches into it uses it.
        return any(_touch(place, other, len(self.articles.by_label[place.article].text)) for group in (claimed, marked) for other in group)


def score_events(events: Sequence[EventScores]) -> tuple[Score, ...]:
    """The measures over all events together; `links_macro_f1` is the mean over events."""
    totals: dict[str, Counts] = {}
    ratios: Counter[str] = Counter()
    wholes: Counter[str] = Counter()
    for event in events:
        for name, counts in event.counts.items():
            totals[name] = totals.get(name, Counts()) + counts
        for name, (right, whole) in event.ratios.items():
            ratios[name] += right
            wholes[name] += whole
    each = [event.counts["links"].f1 for event in events]
    known = [value for value in each if value is not None]
    macro = Score("links_macro_f1", round(sum(known) / len(known), 4)) if known else Score("links_macro_f1", None, "nothing to link")
    scores = [score for name, counts in totals.items() for score in counts.scores(name)]
    return (*scores, macro, *(Score(name, *_ratio(ratios[name], wholes[name], "there is none to judge")) for name in wholes))


def matched(first: Sequence[First], second: Sequence[Second], likeness: Callable[[First, Second], float]) -> list[tuple[First, Second]]:
    """Pairs of most likeness first, each thing used once; a likeness of 0 makes no pair. Ties go by place."""
    table = [(-value, i, j) for i, a in enumerate(first) for j, b in enumerate(second) if (value := likeness(a, b)) > 0]
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in sorted(table):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((first[i], second[j]))
    return pairs


def _check_prediction(predicted: Labels, given: frozenset[str], articles: LabelledArticles) -> None:
    """Raises InvalidData: a prediction that points nowhere is a fault of the program, not a wrong answer."""
    spans = [(label, span) for claim in predicted.claims for label, position in claim.positions.items() for span in position.spans]
    spans += [(label, span) for _, label, span, _ in places(predicted)]
    named = [label for point in predicted.silence for label in (*point.reported_by, *point.silent)]
    named += [label for origin in predicted.origins for label in origin.articles]
    for label in [*(label for label, _ in spans), *named]:
        if label not in given:
            raise InvalidData(f"{predicted.event}: {label} was not given; a brief can only speak of its own articles")
    for label, span in spans:
        if not 0 <= span.start < span.end <= len(articles.by_label[label].text):
            raise InvalidData(f"{predicted.event}: {list(span)} lies outside {label}")


def _covered(span: Span, sentences: Sequence[Span]) -> Iterator[int]:
    """The sentences of which the span covers at least half, or in which it lies."""
    for number, sentence in enumerate(sentences):
        common = min(span.end, sentence.end) - max(span.start, sentence.start)
        if common > 0 and (2 * common >= sentence.end - sentence.start or common == span.end - span.start):
            yield number


def _claim_links(claim: Mapping[str, frozenset[int]]) -> set[Link]:
    return {link for pair in combinations(sorted(claim), 2) for link in _links_of(claim, pair)}


def _links_of(claim: Mapping[str, frozenset[int]], pair: tuple[str, str]) -> set[Link]:
    return {frozenset({(pair[0], a), (pair[1], b)}) for a in claim[pair[0]] for b in claim[pair[1]]}


def _finds(mine: Mapping[str, frozenset[int]], gold: Mapping[str, frozenset[int]]) -> bool:
    return all(mine.get(label, frozenset()) & numbers for label, numbers in gold.items())


def _members(links: Iterable[Link]) -> set[Sentence]:
    return {sentence for link in links for sentence in link}


def _overlap(gold: Iterable[Hashable], mine: Iterable[Hashable]) -> Counts:
    wanted, found = set(gold), set(mine)
    return Counts(len(wanted & found), len(found), len(wanted))


def _touch(a: Place, b: Place, longest: int = LONGEST_SIDE) -> bool:
    """A predicted span `a` longer than `longest` touches nothing."""
    if a.span.end - a.span.start > longest:
        return False
    return a.article == b.article and a.span.start < b.span.end and b.span.start < a.span.end


def _conflict_likeness(mine: Conflict, gold: Conflict) -> float:
    """The number of predicted sides that touch one of gold's; 0 unless they are half of them, in two articles."""
    touching = [side for side in mine.sides if any(_touch(side, other) for other in gold.sides)]
    enough = 2 * len(touching) >= len(mine.sides) and len({side.article for side in touching}) > 1
    return float(len(touching)) if enough else 0.0


def _pair_touches(mine: tuple[Place, Place], gold: tuple[Place, Place]) -> float:
    return float(all(_touch(a, b, LONGEST_LABEL) for a, b in zip(mine, gold, strict=True)))


def _point_likeness(mine: str, point: str) -> float:
    wanted = set(terms(point))
    share = len(wanted & set(terms(mine))) / len(wanted) if wanted else 0.0
    return share if share >= SAME_POINT else 0.0


def _quotes(voices: Iterable[Voice]) -> list[tuple[str | None, Place]]:
    return [(v.speaker, Place(article=label, span=span)) for v in voices for label, spans in v.quotes.items() for span in spans]


def _name_words(name: str | None) -> set[str]:
    return set(terms(name or "")) - {"unnamed", "statement", "spokesman", "spokeswoman", "spokesperson"}

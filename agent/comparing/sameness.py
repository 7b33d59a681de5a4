"""How likely it is that two sentences of two articles state the same thing. Likeness of topic is not enough."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.comparing.matching import IN_ONE, IN_STRETCH, KINDS, SAME_WORD, Matcher
from agent.comparing.pairs import Pairs
from agent.reading import ReadSentence
from agent.terms import terms, words
from vectorstore.embed import TokenStates

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
# Vectors of the texts and of their tokens; None where the embedder has none of tokens.
States = Callable[[Sequence[str]], list[TokenStates] | None]
Matrix = NDArray[np.float32]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

ALIKE = (
    "matched", "matched_rare", "matched_squared", "short", "long", "meaning", "numbers", "quoted", "place", "once", "stretch",
    "both_hedged", "both_denied", "both_lead",
)  # fmt: skip
AMONG = ("third", "together", "beside", "near_by")
FEATURES = (*ALIKE, *AMONG)
# Logistic weights over the features above, ridge on standardised features, fitted by benchmarks/links.py on the candidate pairs of
# eight hand-aligned events (27 articles) and of the sample's two tuning events. Leaving one event out, links have F1 .577 (macro .560;
# .501 without the words matched in context). The features were chosen with all of these events in view.
WEIGHTS = np.array(
    [0.826, 0.783, 1.185, -0.281, -0.123, 0.524, 0.632, 1.08, -0.597, 0.463, 1.295, 0.94, 0.542, 0.528, 0.47, 0.233, 0.574, 0.105]
)
BIAS = -5.63
LEAD = 0.08  # of an article's sentences, the first so many are its lead
FEW = 20  # sentences; none of the events that the weights were calibrated on has fewer than 39
USUAL = 80  # sentences in an event of the size that the weights were calibrated on
# Pairs below this probability are not worth keeping, and no caller asks for them.
FLOOR = 0.1
# A sentence is held against so many of another article, and against so many in all, those most like it at a glance. On eight
# hand-aligned events nine in ten of the pairs that state the same thing are among them.
EACH, MOST = 16, 96
AT_ONCE = 1024  # sentences that are put in order to find those; far more than are kept


@dataclass(frozen=True, slots=True)
class Link:
    """Two sentences, by their places in the list that was compared, and the probability that they state the same thing."""

    first: int
    second: int
    probability: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared of one sentence. `article` numbers the articles of the event."""

    article: int
    sentence: ReadSentence
    terms: tuple[str, ...]
    words: tuple[str, ...]
    numbers: frozenset[Hashable]
    quoted: frozenset[str]
    position: float

    def __hash__(self) -> int:
        """By its place, which is quick: what is read off a sentence is kept by the sentence."""
        return hash((self.article, self.sentence.span))

    @classmethod
    def of(cls, article: int, sentence: ReadSentence, position: float) -> Compared:
        quoted = " ".join(_inside(sentence, (*sentence.quotations, *sentence.scare_quotes)))
        numbers: set[Hashable] = {quantity.value for quantity in sentence.quantities if quantity.value is not None}
        numbers.update(time.iso or time.text.lower() for time in sentence.times if len(time.text.split()) < 5)
        text = sentence.text
        return cls(article, sentence, terms(text), words(text), frozenset(numbers), frozenset(terms(quoted)), position)


def _inside(sentence: ReadSentence, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    offset = sentence.span.start
    return (sentence.text[start - offset : end - offset] for start, end in spans)


class Event:
    """The sentences of an event's articles, ready to be compared pair by pair. Those of one article must stand together, in order.

    The time taken grows with the number of sentences times MOST, but for the glance at all pairs, which is a product of matrices.
    """

    def __init__(self, sentences: Sequence[Compared], embed: Embed, states: States | None = None) -> None:
        self.sentences = sentences
        self.articles = np.array([one.article for one in sentences], np.int64)
        texts = [one.sentence.text for one in sentences]
        bags: list[frozenset[Hashable]] = [frozenset(one.terms) for one in sentences]
        self.idf = _idf(bags)
        read = _once_each(texts, states) if states is not None and texts else None
        vectors = np.array([one.vector for one in read]) if read else _vectors(texts, embed) if texts else np.zeros((0, 1), np.float32)
        self.matcher = Matcher(texts, read, {str(term): value for term, value in self.idf.items()}) if read else None
        # The event's mean is what all its sentences are about; only the rest tells them apart. The mean of a few is no event's.
        centred = vectors - min(1.0, len(texts) / FEW) * vectors.mean(0, keepdims=True) if texts else vectors
        self.meaning: Matrix = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
        self._squared = Shared(bags, self.articles, {term: value * value for term, value in self.idf.items()})
        uses = Counter((one.article, term) for one, bag in zip(sentences, bags, strict=True) for term in bag)
        once = [frozenset(t for t in bag if uses[one.article, t] == 1) for one, bag in zip(sentences, bags, strict=True)]
        self._terms = Shared(bags, self.articles, self.idf)
        numbers = [one.numbers for one in sentences]
        quoted: list[frozenset[Hashable]] = [frozenset(one.quoted) for one in sentences]
        self._shared = {
            "once": Shared(once, self.articles, None),
            "numbers": Shared(numbers, self.articles, _idf(numbers)),
            "quoted": Shared(quoted, self.articles, self.idf),
        }
        self._size = np.array([sum(self.idf[term] for term in bag) for bag in bags], np.float64)
        self._quoted_size = np.array([sum(self.idf.get(term, 0.0) for term in bag) for bag in quoted], np.float64)
        self._position = np.array([one.position for one in sentences], np.float64)
        self._flags = {
            "hedged": np.array([bool(one.sentence.hedges) for one in sentences], np.bool_),
            "denied": np.array([bool(one.sentence.negations) for one in sentences], np.bool_),
            "lead": self._position < LEAD,
        }
        self._length = np.log(np.maximum([len(one.terms) for one in sentences], 1).astype(np.float64)) if texts else np.zeros(0)

    def links(self, least: float) -> list[Link]:
        """All pairs of sentences of two articles of at least this probability, the likeliest first."""
        pairs = self.candidates()
        found = [
            Link(int(i), int(j), float(p))
            for i, j, p in zip(pairs.first, pairs.second, probability(self.features(pairs)), strict=True)
            if p >= least
        ]
        return sorted(found, key=lambda link: (-link.probability, link.first, link.second))

    def candidates(self) -> Pairs:
        """Pairs that are worth a look: each sentence with those of each other article that are most like it at a glance."""
        kept: set[tuple[int, int]] = set()
        numbers = np.arange(len(self.sentences))
        for article in sorted(set(self.articles.tolist())):
            own = np.flatnonzero(self.articles == article)
            meanings = self.meaning[own] @ self.meaning.T
            for place, sentence in enumerate(own.tolist()):
                alike = 0.5 * meanings[place] + 0.5 * np.sqrt(self._terms.row(sentence) / self._larger(sentence))
                alike[own] = -1.0
                best = _best_of_each(alike, self.articles, numbers)
                kept.update((min(sentence, other), max(sentence, other)) for other in best.tolist())
        listed = np.array(sorted(kept), np.int64).reshape(-1, 2)
        return Pairs(self.articles, listed[:, 0], listed[:, 1])

    def _larger(self, sentence: int) -> Floats:
        larger: Floats = np.maximum(np.maximum(self._size, self._size[sentence]), 1e-6)
        return larger

    def features(self, pairs: Pairs) -> Floats:
        """Shape (pairs, len(FEATURES))."""
        first, second = pairs.first, pairs.second
        masses, shared = np.zeros((len(pairs), KINDS + 1)), {name: np.zeros(len(pairs)) for name in self._shared}
        meaning = np.zeros(len(pairs))
        for begin, end in _runs(first):
            one, others = int(first[begin]), second[begin:end]
            meaning[begin:end] = self.meaning[others] @ self.meaning[one]
            masses[begin:end] = self.matcher.masses(one, others.tolist()) if self.matcher else self._by_words(one, others)
            for name, table in self._shared.items():
                shared[name][begin:end] = table.row(one)[others]
        sizes = self.matcher.sizes if self.matcher else np.repeat(self._size[:, None], KINDS, axis=1)
        # Between what is matched, which favours long sentences, and the share that is matched, which favours short ones.
        matched = np.sqrt(masses[:, :KINDS] / np.maximum(sizes[first] * sizes[second], 1.0) ** 0.25)
        quoted = np.minimum(self._quoted_size[first], self._quoted_size[second])
        columns = {
            "matched": matched[:, 0],
            "matched_rare": matched[:, 1],
            "matched_squared": matched[:, 2],
            "stretch": np.sqrt(masses[:, IN_STRETCH]),
            **{f"both_{name}": (flags[first] & flags[second]).astype(np.float64) for name, flags in self._flags.items()},
            "short": np.minimum(self._length[first], self._length[second]),
            "long": np.maximum(self._length[first], self._length[second]),
            "meaning": meaning,
            "place": (self._position[first] + self._position[second]) / 2,
            **{name: np.log1p(values) for name, values in shared.items()},
            "quoted": np.where(quoted > 0, shared["quoted"] / np.maximum(quoted, 1e-6), 0.0),
            **_among(pairs, matched[:, 0]),
        }
        return np.stack([columns[name] for name in FEATURES], axis=-1)

    def _by_words(self, one: int, others: Numbers) -> Floats:
        """What the words alone tell, where there are no vectors of tokens."""
        plain = SAME_WORD * self._terms.row(one)[others]
        return np.stack([plain, plain, SAME_WORD * self._squared.row(one)[others] / 3, IN_ONE * plain], axis=-1)


class Shared:
    """Things that sentences have in common: for one sentence, the weights of what it shares with each other one."""

    def __init__(self, bags: Sequence[frozenset[Hashable]], articles: Numbers, weights: Mapping[Hashable, float] | None) -> None:
        holders: dict[Hashable, list[int]] = {}
        for number, bag in enumerate(bags):
            for thing in bag:
                holders.setdefault(thing, []).append(number)
        held = {thing: np.array(numbers) for thing, numbers in holders.items() if len(numbers) > 1}
        # What one article alone has is shared with no other.
        self._holders = {thing: numbers for thing, numbers in held.items() if len(set(articles[numbers].tolist())) > 1}
        self._bags, self._weights = bags, weights

    def row(self, sentence: int) -> Floats:
        total = np.zeros(len(self._bags))
        for thing in self._bags[sentence]:
            holders = self._holders.get(thing)
            if holders is not None:
                total[holders] += 1.0 if self._weights is None else self._weights.get(thing, 0.0)
        return total


def _among(pairs: Pairs, values: Floats) -> dict[str, Floats]:
    """What the other pairs say, by these values of all of them."""
    beside = [pairs.lookup(values, *by) for by in ((0, 1), (0, -1), (1, 0), (-1, 0))]
    return {
        "third": pairs.third(values),
        "together": np.maximum(pairs.lookup(values, 1, 1), pairs.lookup(values, -1, -1)),
        "beside": np.maximum.reduce(beside),
        "near_by": np.maximum(pairs.lookup(values, 2, 2), pairs.lookup(values, -2, -2)),
    }


def probability(features: Floats, weights: Floats = WEIGHTS, bias: float = BIAS) -> Floats:
    value: Floats = 1.0 / (1.0 + np.exp(-np.clip(features @ weights + bias, -30, 30)))
    return value


def _best_of_each(alike: Floats, articles: Numbers, numbers: Numbers) -> Numbers:
    """The EACH most alike of each article, and of those the MOST most alike."""
    if len(alike) > AT_ONCE:
        # Of a large event only the top is put in order, unless that leaves too few.
        top = np.sort(np.argpartition(-alike, AT_ONCE)[:AT_ONCE])
        best = _capped(alike, articles, numbers, top)
        if len(best) >= MOST:
            return best[:MOST]
    return _capped(alike, articles, numbers, numbers)[:MOST]


def _capped(alike: Floats, articles: Numbers, numbers: Numbers, among: Numbers) -> Numbers:
    """The EACH most alike of each article, the most alike first."""
    order = among[np.lexsort((numbers[among], -alike[among], articles[among]))]
    starts = np.flatnonzero(np.diff(articles[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    best = order[(place < EACH) & (alike[order] > 0)]
    kept: Numbers = best[np.argsort(-alike[best], kind="stable")]
    return kept


def _runs(values: Numbers) -> Iterator[tuple[int, int]]:
    """Bounds of the runs of equal values."""
    bounds = [*np.flatnonzero(np.diff(values, prepend=-1)).tolist(), len(values)] if len(values) else []
    return pairwise(bounds)


def _once_each(texts: Sequence[str], states: States) -> list[TokenStates] | None:
    """Copies share their sentences, which are read once."""
    places = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    read = states(list(places))
    return None if read is None else [read[places[text]] for text in texts]


def _vectors(texts: Sequence[str], embed: Embed) -> Matrix:
    """Copies share their sentences, which are embedded once."""
    places = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return embed(list(places)).astype(np.float32)[[places[text] for text in texts]]


def _idf(bags: Sequence[Iterable[Hashable]]) -> dict[Hashable, float]:
    """From the event's own sentences: what all of them share is background and weighs little. The scale is that of an event of USUAL
    size: in a larger one every shared word would look like proof, in a smaller one none, so sentences without the word are added."""
    counts = Counter(thing for bag in bags for thing in bag)
    total = max(len(bags), USUAL)
    scale = math.log(USUAL) / math.log(total + 1)
    return {thing: max(0.0, scale * math.log((total + 1) / (count + 0.5))) for thing, count in counts.items()}

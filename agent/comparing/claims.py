"""Shared claims: which sentences of which articles state the same thing, and how each article stands to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from agent.comparing.counterparts import Counterpart, counterparts
from agent.comparing.prose import is_prose, repeated, whole
from agent.comparing.sameness import FLOOR, Compared, Embed, Event, Link, States
from agent.reading import Attribution, Reading, ReadSentence, Stance
from agent.reading.grammar import Grammar, parse
from agent.reading.stance import stance_towards
from agent.terms import WORD, terms
from vectorstore.article import digest
from vectorstore.model_files import ModelMissing
from vectorstore.sentence import Span

# Sentences of this probability belong together. Leaving one of eight hand-aligned events out for the weights, F1 of the grouped links
# is .552, .548 and .548 at .23, .26 and .30, and .70, .71 and .75 of the claims are right; so a little is given up for rightness.
LIKELY = 0.28
# What is printed as agreement needs more: there 8 of 10 linked pairs state the same thing.
SURE = 0.5
# A sentence joins a claim when it is this likely, by its link, to state the same as the sentences of the other articles in it on
# average. Of none, .7 and .9, .9 has the most right claims.
COHERENT = 0.9
# A link this much weaker than the best of both its ends, in the same two articles, is dropped.
RIVAL = 0.4
PRONOUNS = frozenset("he she it they we i you who him her them us me one".split())
DEPENDENT = PRONOUNS | frozenset("this that these those but and his its their so there our my".split())


@dataclass(frozen=True, slots=True)
class Position:
    """Where one article makes the claim. `source` is whom it names for it, None when it names nobody."""

    article_id: str
    outlet: str | None
    spans: tuple[Span, ...]
    stance: Stance
    source: str | None


@dataclass(frozen=True, slots=True)
class AlignedClaim:
    """One statement that two or more articles make. `gist` is a sentence of one of them, verbatim: the shortest clear one.

    `certainty` is the mean probability of its links between articles.
    """

    claim_id: str
    gist: str
    gist_article: str
    gist_span: Span
    positions: tuple[Position, ...]
    certainty: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Readings side by side: the sentences compared, the links between them down to FLOOR, and the claims that the likely ones make up.

    `counterparts` are phrases that seem to stand for one thing; none without vectors of tokens. `grammar` is that of the sentences, empty
    where the parser's files are not installed: then nothing is said of naming.
    """

    readings: tuple[Reading, ...]
    sentences: tuple[Compared, ...]
    links: tuple[Link, ...]
    claims: tuple[AlignedClaim, ...]

    ids: tuple[str, ...]  # of the articles, in the order of the readings
    counterparts: tuple[Counterpart, ...] = ()
    grammar: tuple[Grammar, ...] = ()

    def article_id(self, sentence: int) -> str:
        return self.ids[self.sentences[sentence].article]


def compare(readings: Sequence[Reading], embed: Embed, states: States | None = None, *, least: float = LIKELY) -> Comparison:
    """Align the sentences of several articles. Navigation, captions and other text that is no prose is left out.

    With `states`, words are matched as they are seen in their sentences, which finds much more than words and `embed` alone.
    """
    sentences = compared_sentences(readings)
    event = Event(sentences, embed, states)
    links = tuple(event.links(FLOOR))
    likely = _unrivalled(sentences, [link for link in links if link.probability >= least])
    claims = tuple(_claim(readings, sentences, group, certainty) for group, certainty in _groups(sentences, likely))
    grammar = _grammar(sentences)
    phrases = counterparts(sentences, links, event.matcher, grammar) if event.matcher and grammar else ()
    ids = tuple(reading.article.article_id for reading in readings)
    return Comparison(tuple(readings), sentences, links, claims, ids, phrases, grammar)


def _grammar(sentences: Sequence[Compared]) -> tuple[Grammar, ...]:
    """With another embedder nobody may have installed the data wheels; all but naming works without a parser."""
    try:
        return parse([one.sentence.text for one in sentences])
    except ModelMissing:
        return ()


def compared_sentences(readings: Sequence[Reading]) -> tuple[Compared, ...]:
    """The sentences that report something, those of one article together, in order."""
    furniture = repeated(readings)
    return tuple(
        Compared.of(number, sentence, place / len(sentences))
        for number, (reading, sentences) in enumerate((reading, whole(reading)) for reading in readings)
        for place, sentence in enumerate(sentences)
        if is_prose(sentence) and (reading.article.outlet.value, sentence.text) not in furniture
    )


def _unrivalled(sentences: Sequence[Compared], links: Sequence[Link]) -> list[Link]:
    """Without the links both ends of which have a much likelier partner in the other's article."""
    best: dict[tuple[int, int], float] = {}
    for link in links:
        for here, there in ((link.first, link.second), (link.second, link.first)):
            key = here, sentences[there].article
            best[key] = max(best.get(key, 0.0), link.probability)
    return [
        link
        for link in links
        if link.probability
        >= RIVAL * min(best[link.first, sentences[link.second].article], best[link.second, sentences[link.first].article])
    ]


def _groups(sentences: Sequence[Compared], links: Iterable[Link]) -> list[tuple[frozenset[int], float]]:
    """Sets of sentences that state one thing, with their mean link. A sentence that says two things may stand in two sets."""
    weight = {(link.first, link.second): link.probability for link in links}
    weight.update({(second, first): p for (first, second), p in weight.items()})
    groups: list[set[int]] = []
    holding: dict[int, list[int]] = {}

    def mean(ones: Iterable[int], others: Iterable[int]) -> float:
        found = [weight.get((a, b), 0.0) for a in ones for b in others if sentences[a].article != sentences[b].article]
        return sum(found) / len(found) if found else 0.0

    for link in links:
        first, second = holding.get(link.first, []), holding.get(link.second, [])
        if set(first) & set(second):
            continue
        least = COHERENT * link.probability
        options = [(mean([link.second], groups[number]), sentences[link.second].sentence.text, link.second, number) for number in first]
        options += [(mean([link.first], groups[number]), sentences[link.first].sentence.text, link.first, number) for number in second]
        # By the text where two are as good: the order of the articles must not decide.
        likeness, _, member, number = max(options, default=(0.0, "", -1, -1))
        if number >= 0 and likeness >= least:
            groups[number].add(member)
            holding.setdefault(member, []).append(number)
        else:
            groups.append({link.first, link.second})
            for member in (link.first, link.second):
                holding.setdefault(member, []).append(len(groups) - 1)
    return [(frozenset(group), mean(group, group)) for group in _largest(groups)]


def _largest(groups: Iterable[set[int]]) -> list[set[int]]:
    """Without the sets that lie within another."""
    kept: list[set[int]] = []
    for group in sorted(groups, key=lambda one: (-len(one), min(one))):
        if not any(group <= other for other in kept):
            kept.append(group)
    return kept


def _claim(readings: Sequence[Reading], sentences: Sequence[Compared], group: frozenset[int], certainty: float) -> AlignedClaim:
    members = sorted(group)
    by_article: dict[int, list[Compared]] = {}
    for member in members:
        by_article.setdefault(sentences[member].article, []).append(sentences[member])
    everywhere = [one for found in by_article.values() for one in found]
    positions = tuple(_position(readings[number], found, everywhere) for number, found in by_article.items())
    best = min(members, key=lambda member: (_unclear(sentences[member]), len(sentences[member].sentence.text), member))
    gist, article = sentences[best].sentence, readings[sentences[best].article].article
    identity = digest(repr([(position.article_id, position.spans) for position in positions]))[:10]
    return AlignedClaim(f"c{identity}", gist.text, article.article_id, gist.span, positions, certainty)


def _position(reading: Reading, own: Sequence[Compared], everywhere: Sequence[Compared]) -> Position:
    stance = stance_on(own, [one for one in everywhere if one not in own])
    sentences = [one.sentence for one in own]
    named = (source_name(reading, attribution) for sentence in sentences for attribution in sentence.attributions)
    source = next((name for name in named if name), None) if stance != "asserts" else None
    spans = tuple(sentence.span for sentence in sentences)
    article = reading.article
    return Position(article.article_id, article.outlet.value, spans, stance, source)


def stance_on(own: Sequence[Compared], others: Iterable[Compared]) -> Stance:
    """How an article's sentences stand to what they share with the `others`, of other articles.

    An article that denies or attributes once and repeats the words later without saying so has still denied or attributed them.
    """
    theirs = {term for one in others for term in one.terms}
    stances = [stance_towards(one.sentence, _spans_of(one.sentence, theirs)) for one in own]
    return next((one for one in ("denies", "attributes", "hedges") if one in stances), "asserts")


def _spans_of(sentence: ReadSentence, wanted: Set[str]) -> list[Span]:
    """Where the words with these stems stand in the article."""
    start = sentence.span.start
    return [Span(start + m.start(), start + m.end()) for m in WORD.finditer(sentence.text) if set(terms(m[0])) & wanted]


def source_name(reading: Reading, attribution: Attribution) -> str | None:
    """The fullest name of the source in the article, else its words; None for a bare pronoun."""
    if attribution.speaker:
        return attribution.speaker
    named = reading.article.text[attribution.source.start : attribution.source.end].strip()
    return None if named.lower() in PRONOUNS or not named else named


def _unclear(one: Compared) -> int:
    """How badly the sentence stands alone: a pronoun or a bare quotation at its start, few words of its own, a question."""
    text = one.sentence.text
    first = one.words[0] if one.words else ""
    return 2 * (first in DEPENDENT) + 2 * (len(one.terms) < 4) + (text[:1] in "\"“'‘") + 2 * text.rstrip("\"”'’ ").endswith("?")

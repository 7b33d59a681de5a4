"""Shared claims: which sentences of which articles state the same thing, and how each article stands to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

from agent.comparing.counterparts import Counterpart, counterparts
from agent.comparing.people import names_a_source
from agent.comparing.prose import is_prose, repeated, whole
from agent.comparing.sameness import FLOOR, Compared, Embed, Event, Link, States
from agent.reading import Attribution, Reading, ReadSentence, Stance
from agent.reading.force import force_of
from agent.reading.grammar import Grammar, parse
from agent.reading.kept_grammar import Parse
from agent.reading.stance import stance_towards, tells
from agent.terms import WORD, terms
from vectorstore.article import digest
from vectorstore.model_files import ModelMissing
from vectorstore.sentence import Span

# Two sentences of this probability belong together whatever else is known; of the second, if one of them has such a link already; of the
# last, if both have. Leaving one of eight hand-aligned events out for the weights, F1 of the links of the claims (macro) is .582 (.561)
# and .78 of the exclusive sentences are left alone; with .28 for all three .578 (.559) and .71. Of 75 settings those with .36 to .44, .3,
# and .22 to .24 have .577 to .583; with a setting chosen on the other seven events, of those that leave .74 alone there, .583 (.562), .79.
LIKELY, WITH_ONE, WITH_BOTH = 0.42, 0.3, 0.22
# Two sentences of a claim may be linked no more weakly than this where the others vouch for them. Of .18 to .25, .22 has the best F1.
WEAKER = 0.22
# What is printed as agreement needs more: there 8 of 10 linked pairs state the same thing.
SURE = 0.5
# So many sentences of one article make one claim at most. Of 547 labelled positions 20 have more; without the limit, far more would.
TWICE = 2
# Of an article's sentences those whose mean link is so near to that of the surest tell how it stands to the claim. On eight
# hand-aligned events stance accuracy is .80, .81, .82 and .82 at 0, .8, .9 and 1.
NEARLY = 0.9
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


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that state one thing, by number, each with its mean link to those of the other articles; and the mean of all links."""

    strength: Mapping[int, float]
    certainty: float


def compare(readings: Sequence[Reading], embed: Embed, states: States | None = None, *, parser: Parse | None = None) -> Comparison:
    """Align the sentences of several articles. Navigation, captions and other text that is no prose is left out.

    With `states`, words are matched as they are seen in their sentences, which finds much more than words and `embed` alone.
    `parser` stands in for the parser (agent/reading/kept_grammar.py).
    """
    sentences = compared_sentences(readings)
    with ThreadPoolExecutor(1, thread_name_prefix="grammar") as beside:
        # The model reads the sentences without Python's lock, so that the parser, where it has to be loaded, has the other core.
        parsing = beside.submit(_grammar, sentences, parser or parse)
        event = Event(sentences, embed, states)
        links = tuple(event.links(FLOOR))
        claims = tuple(_claim(readings, sentences, group) for group in _groups(sentences, links))
        grammar = parsing.result()
    phrases = counterparts(sentences, links, event.matcher, grammar) if event.matcher and grammar else ()
    ids = tuple(reading.article.article_id for reading in readings)
    return Comparison(tuple(readings), sentences, links, claims, ids, phrases, grammar)


def _grammar(sentences: Sequence[Compared], parser: Parse) -> tuple[Grammar, ...]:
    """With another embedder nobody may have installed the data wheels; all but naming works without a parser."""
    try:
        return parser([one.sentence.text for one in sentences])
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


def _groups(sentences: Sequence[Compared], links: Sequence[Link]) -> list[Group]:
    """Sets of sentences that state one thing: together they hold every likely link and hardly another. `links` are the likeliest first.

    From the likeliest link that no set holds yet, a set grows by the sentence that goes best with those of the other articles in it,
    as long as it goes with each of them. A sentence that says two things may stand in two sets.
    """
    near: dict[int, dict[int, float]] = {}
    for link in links:
        if link.probability >= WEAKER:
            near.setdefault(link.first, {})[link.second] = link.probability
            near.setdefault(link.second, {})[link.first] = link.probability
    found: list[Group] = []
    held: set[tuple[int, int]] = set()
    for link in likely_links(links):
        if (link.first, link.second) not in held:
            group = _grown(sentences, near, link)
            pairs = [(a, b) for a, b in combinations(group, 2) if sentences[a].article != sentences[b].article]
            held.update(pairs)
            own = {member: [near[member][other] for other in group if other in near[member]] for member in group}
            strength = {member: sum(values) / len(values) for member, values in own.items()}
            found.append(Group(strength, sum(near[a][b] for a, b in pairs) / len(pairs)))
    return found


def likely_links(links: Sequence[Link]) -> list[Link]:
    """The links between sentences that state the same, those that stand by themselves first. What is told elsewhere at all is likelier
    told once more."""
    alone = [link for link in links if link.probability >= LIKELY]
    told = {number for link in alone for number in (link.first, link.second)}
    least = (LIKELY, WITH_ONE, WITH_BOTH)
    return alone + [link for link in links if LIKELY > link.probability >= least[(link.first in told) + (link.second in told)]]


def _grown(sentences: Sequence[Compared], near: Mapping[int, Mapping[int, float]], link: Link) -> list[int]:
    group = [link.first, link.second]
    others = {number for member in group for number in near[member]}.difference(group)
    total = dict.fromkeys(others, 0.0)
    count = Counter[int]()
    of_article = Counter[int]()

    def add(member: int) -> None:
        total.pop(member, None)
        of_article[sentences[member].article] += 1
        for number in list(total):
            article = sentences[number].article
            if of_article[article] >= TWICE:
                del total[number]
            elif article != sentences[member].article:
                if number in near[member]:
                    total[number] += near[member][number]
                    count[number] += 1
                else:
                    del total[number]

    for member in group:
        add(member)
    while total:
        # By the text where two are as good: the order of the articles must not decide.
        best = max(total, key=lambda number: (total[number] / count[number], sentences[number].sentence.text, -number))
        group.append(best)
        add(best)
    return sorted(group)


def _claim(readings: Sequence[Reading], sentences: Sequence[Compared], group: Group) -> AlignedClaim:
    members = sorted(group.strength)
    by_article: dict[int, list[int]] = {}
    for member in members:
        by_article.setdefault(sentences[member].article, []).append(member)
    positions = tuple(_position(readings[number], sentences, group.strength, found) for number, found in by_article.items())
    best = min(members, key=lambda member: (_unclear(sentences[member]), len(sentences[member].sentence.text), member))
    gist, article = sentences[best].sentence, readings[sentences[best].article].article
    identity = digest(repr([(position.article_id, position.spans) for position in positions]))[:10]
    return AlignedClaim(f"c{identity}", gist.text, article.article_id, gist.span, positions, group.certainty)


def _position(reading: Reading, sentences: Sequence[Compared], strength: Mapping[int, float], own: Sequence[int]) -> Position:
    surest = max(strength[number] for number in own)
    telling = [sentences[number] for number in own if strength[number] >= NEARLY * surest]
    stance = stance_on(telling, [sentences[number] for number in strength if number not in own])
    attributions = [one for compared in telling for one in compared.sentence.attributions if tells(compared.sentence, one)]
    named = on_whose_word(reading, attributions) if stance != "asserts" else None
    source = source_name(reading, named) if named else None
    spans = tuple(sentences[number].sentence.span for number in own)
    article = reading.article
    return Position(article.article_id, article.outlet.value, spans, stance, source)


def stance_on(own: Sequence[Compared], others: Sequence[Compared]) -> Stance:
    """How an article's sentences stand to what they share with the `others`, of other articles: with most of these, so that what one
    of them has besides counts for nothing.

    An article that denies or attributes once and repeats the words later without saying so has still denied or attributed them.
    What all others deny too is no denial of what they say.
    """
    of_article: dict[int, set[str]] = {}
    for one in others:
        of_article.setdefault(one.article, set()).update(one.terms)
    holders = Counter(term for held in of_article.values() for term in held)
    theirs = {term for term, number in holders.items() if 2 * number > len(of_article)}
    stances = [stance_towards(one.sentence, _spans_of(one.sentence, theirs)) for one in own]
    denying = {one.article for one in others if one.sentence.negations or one.sentence.stance == "denies"}
    if others and denying == set(of_article):
        stances = ["attributes" if stance == "denies" else stance for stance in stances]
    return next((one for one in ("denies", "attributes", "hedges") if one in stances), "asserts")


def _spans_of(sentence: ReadSentence, wanted: Set[str]) -> list[Span]:
    """Where the words with these stems stand in the article."""
    start = sentence.span.start
    return [Span(start + m.start(), start + m.end()) for m in WORD.finditer(sentence.text) if set(terms(m[0])) & wanted]


def source_name(reading: Reading, attribution: Attribution) -> str | None:
    """The fullest name of the source in the article, else its words; None for a pronoun and for words that name no source."""
    if attribution.speaker:
        return attribution.speaker
    named = reading.article.text[attribution.source.start : attribution.source.end].strip()
    return named if names_a_source(named) and named.lower() not in PRONOUNS else None


def on_whose_word(reading: Reading, spoken: Iterable[Attribution]) -> Attribution | None:
    """Of some attributions with a source that is one, that which gives most of what is said, and speech before thought: "asked if he
    believed so, she said", "the chief asked him to go, the office said"."""
    text = reading.article.text
    named = [one for one in spoken if source_name(reading, one)]
    # "Pointing at the map, he said", "he asked them to go, the office said": the second verb is that of what is said.
    outer = {
        one
        for one in named
        for other in named
        if one.cue < other.cue and _gives(one, other) and (one.source == other.source or _gives(other, one))
    }
    said = {one: sum(part.end - part.start for part in one.content) for one in named if one not in outer}
    return max(said, key=lambda one: (force_of(text, one) != "thought", said[one], -one.cue.start), default=None)


def _gives(one: Attribution, other: Attribution) -> bool:
    """Whether the second's verb stands in what the first is said to say."""
    return any(part.start <= other.cue.start and other.cue.end <= part.end for part in one.content)


def _unclear(one: Compared) -> int:
    """How badly the sentence stands alone: a pronoun or a bare quotation at its start, few words of its own, a question."""
    text = one.sentence.text
    first = one.words[0] if one.words else ""
    return 2 * (first in DEPENDENT) + 2 * (len(one.terms) < 4) + (text[:1] in "\"“'‘") + 2 * text.rstrip("\"”'’ ").endswith("?")

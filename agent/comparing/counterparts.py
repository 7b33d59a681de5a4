"""Which phrases of two articles stand for one another: "the mob" here where another has "the protesters".

Two phrases are taken for names of one thing if they stand in sentences that have something to do with each other, are each other's
likest there by their contextual vectors, and one of these holds:
- neither article ever uses the words that tell the other's phrase from its own, which makes them a choice of words: a writer who has both
  uses them for two things, or for a change;
- they are said of the same noun: "gay marriage", "same-sex marriage";
- both are somebody's, and nothing speaks for two owners: "his agenda", "the mayor's politics".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.comparing.matching import Matcher
from agent.comparing.people import for_people
from agent.comparing.sameness import Compared, Link
from agent.reading.grammar import Grammar, Token
from agent.reading.names import HONORIFICS
from agent.reading.phrases import WHEN
from agent.reading.quantities import NUMBER_WORDS
from agent.reading.words import DETERMINERS, listed
from agent.terms import STOP, stem
from vectorstore.sentence import Span

Floats = NDArray[np.float32]

# Cosine of the mean contextual vectors of two phrases' words, for those of own words, of one noun, and of somebody's. Calibrated with eight
# hand-aligned events in view (.45 to .6, .6 to .75 and .55 to .65 differ by .02 of naming F1 at most) and on 40 other events, read by eye:
# of somebody's phrases below .6, two in three were of two things.
OWN_WORDS, ONE_NOUN, OWNED = 0.5, 0.65, 0.6
# The sentences must have more to do with each other than this probability, but for own words that are alike beyond SURELY. In 50 other
# events, read by eye, 33 of 37 pairs of one noun were right above it and 6 of 12 below; of weak own words two of nine were right below.
RELATED, SURELY = 0.25, 0.55
# Of a noun with more kinds in an article ("interest rates", "mortgage rates", "rising rates") two are hardly ever one thing.
KINDS = 2
# Cosine of the nouns alone. In 60 other events, read by eye, most phrases that share only what stands before their nouns are below it.
HEADS_ALIKE = 0.4
ENOUGH = 24  # of a sentence's likeliest links; only events of many articles have more
MOST_WORDS = 9
# Words that begin alike over so many letters are forms of one word ("stagnant", "stagnation").
ONE_ROOT = 5
# What somebody is to one other person says nothing of who it is.
RELATIVES = listed("father mother parent son daughter child brother sister wife husband spouse widow cousin uncle aunt friend colleague")
TIMES = WHEN | listed("week month year day night morning afternoon evening weekend hour minute time today")
# Heads that name nothing by themselves.
THIN = listed(
    "one way thing people person lot part kind sort case fact idea number percent worth something anything nothing everything "
    "dozens hundreds thousands millions tens scores"
)
POSSESSIVES = listed("my your his her its our their whose")
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV", "NUM", "X"})
QUOTATION_MARKS = frozenset('"“”«»‘')
FINITE = frozenset({"VB", "VBD", "VBZ", "VBP", "MD"})
# Words of one line tell things of one noun apart: state and federal taxes are two. A list of ours.
OPPOSED = tuple(
    frozenset(stem(word) for word in line.split())
    for line in (
        "male female",
        "man woman",
        "boy girl",
        "state federal local national county city municipal regional provincial international global district",
        "republican democratic conservative liberal progressive socialist independent",
        "first second third last final next previous original initial early earlier late later latest",
        "former current present future incoming outgoing retired previous",
        "interim acting permanent",
        "old new",
        "young old",
        "public private",
        "foreign domestic",
        "straight gay",
        "straight homosexual",
        "heterosexual gay",
        "heterosexual homosexual",
        "left right",
        "high low higher lower highest lowest top bottom",
        "fast slow faster slower accelerating",
        "good bad better worse best worst",
        "same different",
        "soft hard",
        "strong weak",
        "minimum maximum",
        "northern southern eastern western north south east west",
        "black white hispanic",
        "senior junior deputy chief vice",
        "civil criminal",
        "rich poor",
        "big small",
        "social economic political military financial legal",
    )
)
# Words that tell which of several, how many or how large, and not what a writer makes of it.
SORTING = frozenset(
    stem(word)
    for word in (
        "first second third last next latest other another additional further more extra several various multiple many few "
        "different varying similar separate amended revised updated possible potential likely new recent major minor large "
        "larger big bigger small smaller main key whole entire full partial overall total annual monthly quarterly weekly "
        "daily early late final initial previous current upcoming particular certain specific single individual own quick "
        "long short available existing"
    ).split()
)
UNWANTED = frozenset({"PUNCT", "SYM", "SPACE", "CCONJ", "ADP"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase without what follows its noun. `span` is without an article before it, `bare` without a possessive pronoun too.

    `owner` is the noun or pronoun whose it is, in lower case; "" where it is nobody's. `names` are the stems of capitalised words in it.
    """

    sentence: int
    span: Span
    bare: Span
    stems: tuple[str, ...]
    owner: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Two phrases of two articles that seem to stand for one thing."""

    first: Phrase
    second: Phrase
    likeness: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A phrase with the unit vectors of its words and of their mean."""

    phrase: Phrase
    words: Floats
    mean: Floats


def counterparts(
    sentences: Sequence[Compared], links: Sequence[Link], matcher: Matcher, grammar: Sequence[Grammar]
) -> tuple[Counterpart, ...]:
    """The likest first. `links` are the likeliest first, `grammar` that of the sentences. The time taken grows with the number of links."""
    seen: dict[int, list[Seen]] = {}
    best: dict[tuple[int, tuple[str, ...], int], float] = defaultdict(float)
    found: list[tuple[Counterpart, Seen, Seen, float]] = []
    looked = Counter[int]()
    for link in links:
        if min(looked[link.first], looked[link.second]) >= ENOUGH:
            continue
        looked.update((link.first, link.second))
        for number in (link.first, link.second):
            if number not in seen:
                seen[number] = _seen(number, sentences[number], grammar[number], matcher)
        sides = seen[link.first], seen[link.second]
        if not sides[0] or not sides[1]:
            continue
        likeness = np.stack([one.mean for one in sides[0]]) @ np.stack([other.mean for other in sides[1]]).T
        articles = sentences[link.first].article, sentences[link.second].article
        for row, column in zip(*np.nonzero(likeness >= OWN_WORDS), strict=True):
            one, other, value = sides[0][row], sides[1][column], float(likeness[row, column])
            if not _other_words(one.phrase, other.phrase):
                continue
            for key in ((articles[0], one.phrase.stems, articles[1]), (articles[1], other.phrase.stems, articles[0])):
                best[key] = max(best[key], value)
            found.append((Counterpart(one.phrase, other.phrase, value), one, other, link.probability))
    kinds = _kinds(sentences, grammar)
    used: dict[int, set[str]] = defaultdict(set)
    for compared, parsed in zip(sentences, grammar, strict=True):
        used[compared.article].update(compared.terms, (stem(token.lower) for token in parsed.tokens))
    kept: dict[tuple[int, tuple[str, ...], int, tuple[str, ...]], Counterpart] = {}
    in_order = sorted(found, key=lambda one: (-one[0].likeness, one[0].first.sentence, one[0].second.sentence, one[0].first.span))
    for pair, one, other, probability in in_order:
        here, there = sentences[pair.first.sentence].article, sentences[pair.second.sentence].article
        if pair.likeness < max(best[here, pair.first.stems, there], best[there, pair.second.stems, here]):
            continue
        related = probability >= RELATED
        if _same_noun(pair) and max(kinds[here, pair.first.stems[-1]], kinds[there, pair.second.stems[-1]]) > KINDS:
            continue
        own = (related or pair.likeness >= SURELY) and _own_words(pair, used[here], used[there]) and _same_place(one, other)
        if own or (related and (_one_noun(pair) or _owned(pair))):
            kept.setdefault((here, pair.first.stems, there, pair.second.stems), pair)
    return tuple(kept.values())


NUMBERS = frozenset(stem(word) for word in (*NUMBER_WORDS, *"first second third fourth fifth sixth seventh".split()))


def _other_words(one: Phrase, other: Phrase) -> bool:
    """Whether they differ by more than an added word, a figure or a form."""
    mine, theirs = set(one.stems), set(other.stems)
    if mine <= theirs or theirs <= mine or _shortened(mine - theirs, theirs - mine):
        return False
    # "The first detainee" and "the first transfer", "further talks" and "separate talks": two of their kind, or which of several.
    if one.stems[-1] != other.stems[-1] and (mine & theirs) - {stem(one.owner)} and not (mine & theirs & {one.stems[-1], other.stems[-1]}):
        return False
    if (mine - theirs) & SORTING or (theirs - mine) & SORTING:
        return False
    differing = [(word, another) for word in mine - theirs for another in theirs - mine]
    named = bool(one.names & (mine - theirs) and other.names & (theirs - mine))
    return not named and not any(word[:ONE_ROOT] == another[:ONE_ROOT] or _opposed(word, another) for word, another in differing)


def _opposed(word: str, another: str) -> bool:
    return any(word in choice and another in choice for choice in OPPOSED)


def _shortened(mine: Set[str], theirs: Set[str]) -> bool:
    """Whether one side's words are the other's initials, or figures stand in either."""
    initials = ["".join(sorted(word[0] for word in words)) for words in (mine, theirs)]
    joined = ["".join(sorted("".join(words))) for words in (mine, theirs)]
    return initials[0] == joined[1] or initials[1] == joined[0] or any(word[0].isdigit() or word in NUMBERS for word in mine | theirs)


def _own_words(pair: Counterpart, here: Set[str], there: Set[str]) -> bool:
    mine, theirs = set(pair.first.stems), set(pair.second.stems)
    return len(pair.first.stems) + len(pair.second.stems) > 2 and not (mine - theirs) & there and not (theirs - mine) & here


def _same_place(one: Seen, other: Seen) -> bool:
    """Whether the heads answer to each other."""
    mine, theirs = set(one.phrase.stems), set(other.phrase.stems)
    head, another = one.phrase.stems[-1], other.phrase.stems[-1]
    if head in theirs - {another} or another in mine - {head}:
        return False
    # A head must not be likelier to stand for some other word.
    heads = one.words @ other.words.T
    column = max((heads[row, -1] for row, word in enumerate(one.phrase.stems[:-1]) if word not in theirs), default=-1.0)
    along = max((heads[-1, place] for place, word in enumerate(other.phrase.stems[:-1]) if word not in mine), default=-1.0)
    return bool(heads[-1, -1] >= max(HEADS_ALIKE, column, along))


def _kinds(sentences: Sequence[Compared], grammar: Sequence[Grammar]) -> Counter[tuple[int, str]]:
    """How many phrases an article has of one noun: "interest rates", "mortgage rates", "rising rates" are three."""
    phrases = {
        (one.article, phrase.stems)
        for number, (one, parsed) in enumerate(zip(sentences, grammar, strict=True))
        for phrase, _ in noun_phrases(number, one, parsed)
        if len(phrase.stems) > 1
    }
    return Counter((article, stems[-1]) for article, stems in phrases)


def _same_noun(pair: Counterpart) -> bool:
    return pair.first.stems[-1] == pair.second.stems[-1]


def _one_noun(pair: Counterpart) -> bool:
    return _same_noun(pair) and pair.likeness >= ONE_NOUN


def _owned(pair: Counterpart) -> bool:
    """Whether both are somebody's things, and the owners' names or pronouns do not differ."""
    first, second = pair.first, pair.second
    pronouns = [owner for owner in (first.owner, second.owner) if owner in POSSESSIVES]
    one_owner = first.owner == second.owner or len(pronouns) == 1
    nouns = first.stems[-1], second.stems[-1]
    return (
        bool(first.owner and second.owner)
        and one_owner
        and pair.likeness >= OWNED
        and nouns[0] != nouns[1]
        and not any(for_people(noun) for noun in nouns)
    )


def _seen(number: int, one: Compared, grammar: Grammar, matcher: Matcher) -> list[Seen]:
    found = []
    for phrase, words in noun_phrases(number, one, grammar):
        vectors = matcher.words(number, words)
        if vectors is not None:
            mean = vectors.mean(0)
            found.append(Seen(phrase, vectors, mean / max(float(np.linalg.norm(mean)), 1e-6)))
    return found


def noun_phrases(number: int, one: Compared, grammar: Grammar) -> Iterator[tuple[Phrase, list[tuple[int, int]]]]:
    """Noun phrases outside quotation marks without what follows their noun, and where their words stand in the sentence."""
    sentence, offset = one.sentence, one.sentence.span.start
    for phrase in grammar.phrases:
        tokens = _last_of_several([grammar.tokens[place] for place in range(phrase.start, phrase.noun + 1)])
        while tokens and (tokens[0].kind in UNWANTED or tokens[0].lower in DETERMINERS - POSSESSIVES):
            tokens.pop(0)
        words = [token for token in tokens if token.kind in CONTENT and token.lower.strip(".") not in HONORIFICS]
        if len(tokens) > MOST_WORDS or not words or words[-1] is not tokens[-1]:
            continue
        span, bare = Span(offset + tokens[0].start, offset + tokens[-1].end), Span(offset + words[0].start, offset + tokens[-1].end)
        head = words[-1]
        thin = {head.lower, head.lower.removesuffix("s")} & (TIMES | THIN | STOP | RELATIVES)
        numbered = any(word.kind == "NUM" or word.text[0].isdigit() for word in words)
        clause = any(token.tag in FINITE for token in tokens)
        if thin or numbered or clause or head.kind != "NOUN" or len(head.text) < 3:
            continue
        if any(quote.start <= span.start and span.end <= quote.end for quote in sentence.quotations):
            continue
        stems = tuple(stem(word.lower) or word.lower for word in words)
        names = frozenset(known for known, word in zip(stems, words, strict=True) if word.text[0].isupper() and word.start)
        yield Phrase(number, span, bare, stems, _owner(grammar, phrase.noun), names), [(word.start, word.end) for word in words]


def _last_of_several(tokens: list[Token]) -> list[Token]:
    """Without the nouns before "and", and without what stands before a quotation mark: "crime and gay marriage" ends in a phrase."""
    start = 0
    for place, token in enumerate(tokens[:-1]):
        joined = token.kind == "CCONJ" and place and tokens[place - 1].kind in ("NOUN", "PROPN")
        if joined or token.text in QUOTATION_MARKS:
            start = place + 1
    return tokens[start:]


def _owner(grammar: Grammar, noun: int) -> str:
    return next((grammar.tokens[child].lower for child in grammar.children(noun) if grammar.tokens[child].relation == "poss"), "")

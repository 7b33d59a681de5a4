"""Which phrases of two articles stand for one another: "the mob" here where another has "the protesters".

Two phrases are taken for names of one thing if they stand in sentences that have something to do with each other, are each other's
likest there by their contextual vectors, and one of these holds:
- neither article ever uses the words that tell the other's phrase from its own, which makes them a choice of words: a writer who has both
  uses them for two things, or for a change;
- they are said of the same noun: "gay marriage", "same-sex marriage", before it or, by a participle, after it;
- both are somebody's, and nothing speaks for two owners: "his agenda", "the mayor's politics".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from agent.comparing.matching import Matcher
from agent.comparing.people import for_people, someone
from agent.comparing.sameness import Compared, Link
from agent.reading.grammar import Grammar, Token
from agent.reading.names import HONORIFICS
from agent.reading.phrases import WHEN
from agent.reading.quantities import NUMBER_WORDS
from agent.reading.words import DETERMINERS, listed
from agent.terms import STOP, stem
from vectorstore.sentence import Span

Floats = NDArray[np.float32]
End = tuple[int, tuple[str, ...], int]  # an article, the stems of a phrase in it, and another article

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
# Noun phrases of a sentence that are held against those of another. Of the three longest sentences of each of 609 articles one has more, of
# 1,699 characters.
MOST_PHRASES = 50
# Pairs of phrases of two sentences, the likest. The first 40 lines of the sample's brief are the same without this limit and that above.
MOST_PAIRS = 60
# Words that begin alike over so many letters are forms of one word ("stagnant", "stagnation").
ONE_ROOT = 5
# What somebody is to one other person says nothing of who it is.
RELATIVES = listed(
    "father mother parent son daughter child brother sister wife husband spouse widow cousin uncle aunt friend colleague dad mom mum"
)
TIMES = WHEN | listed("week month year day night morning afternoon evening weekend hour minute time today")
# Heads that name nothing by themselves.
THIN = listed(
    "one way thing people person lot part kind sort case fact idea number percent worth something anything nothing everything "
    "dozens hundreds thousands millions tens scores"
)
# Nouns that add nothing to the noun before them.
OF_A_KIND = listed("message case issue matter situation process incident event problem affair episode effort measure")
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
        "different varying similar separate amended revised updated new recent large larger big bigger small smaller main whole "
        "entire full partial overall total annual monthly quarterly weekly daily early late final initial previous current "
        "upcoming particular certain specific single individual own long short available existing"
    ).split()
)
UNWANTED = frozenset({"PUNCT", "SYM", "SPACE", "CCONJ", "ADP"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase without what follows its noun. `span` is without an article before it, `bare` without a possessive pronoun too.

    `noun` and `owner`, the noun or pronoun whose it is, are in lower case; `owner` is "" where it is nobody's. `names` are the stems of
    capitalised words in it. With `told`, what a participle says of the noun after it is in it: "people living in Varn".
    """

    sentence: int
    span: Span
    bare: Span
    stems: tuple[str, ...]
    noun: str
    owner: str = ""
    names: frozenset[str] = frozenset()
    told: bool = False


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


@dataclass(frozen=True, slots=True)
class Pair:
    """Two phrases by other words in linked sentences, of the articles `here` and `there`; how likely these state the same."""

    one: Seen
    other: Seen
    here: int
    there: int
    likeness: float
    probability: float

    @property
    def phrases(self) -> tuple[Phrase, Phrase]:
        return self.one.phrase, self.other.phrase

    @property
    def order(self) -> tuple[float, int, Span, int, Span]:
        first, second = self.phrases
        return -self.likeness, first.sentence, first.span, second.sentence, second.span

    @property
    def ends(self) -> tuple[End, End]:
        return (self.here, self.one.phrase.stems, self.there), (self.there, self.other.phrase.stems, self.here)


def counterparts(
    sentences: Sequence[Compared], links: Sequence[Link], matcher: Matcher, grammar: Sequence[Grammar]
) -> tuple[Counterpart, ...]:
    """The likest first. `links` are the likeliest first, `grammar` that of the sentences. The time taken grows with the number of links."""
    pairs = sorted(_pairs(sentences, links, matcher, grammar), key=lambda pair: pair.order)
    kinds = _kinds(sentences, grammar)
    used: dict[int, set[str]] = defaultdict(set)
    for compared, parsed in zip(sentences, grammar, strict=True):
        used[compared.article].update(compared.terms, (stem(token.lower) for token in parsed.tokens))
    # What goes best with a phrase in another article: of all phrases, and of those that may stand for it.
    likest: dict[End, float] = {}
    chosen: dict[End, float] = {}
    kept: dict[tuple[End, End], Counterpart] = {}
    for pair in pairs:
        for end in pair.ends:
            likest.setdefault(end, pair.likeness)
        related = pair.probability >= RELATED
        if _same_noun(pair) and max(kinds[article, pair.one.phrase.stems[-1]] for article in (pair.here, pair.there)) > KINDS:
            continue
        own = (related or pair.likeness >= SURELY) and _own_words(pair, used[pair.here], used[pair.there]) and _same_place(pair)
        if own or (related and _one_noun(pair)):
            beaten = [chosen.setdefault(end, pair.likeness) > pair.likeness for end in pair.ends]
            told = any(phrase.told for phrase in pair.phrases) and pair.likeness >= ONE_NOUN
            wanted = not (all(beaten) if told else any(beaten))
        else:
            wanted = related and _owned(pair) and all(likest[end] <= pair.likeness for end in pair.ends)
        if wanted:
            kept.setdefault(pair.ends, Counterpart(*pair.phrases, pair.likeness))
    return tuple(kept.values())


def _pairs(sentences: Sequence[Compared], links: Sequence[Link], matcher: Matcher, grammar: Sequence[Grammar]) -> Iterator[Pair]:
    seen: dict[int, list[Seen]] = {}
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
        here, there = sentences[link.first].article, sentences[link.second].article
        rows, columns = np.nonzero(likeness >= OWN_WORDS)
        likest = np.argsort(-likeness[rows, columns], kind="stable")[:MOST_PAIRS]
        for row, column in zip(rows[likest], columns[likest], strict=True):
            one, other = sides[0][row], sides[1][column]
            if _other_words(one.phrase, other.phrase):
                yield Pair(one, other, here, there, float(likeness[row, column]), link.probability)


NUMBERS = frozenset(stem(word) for word in (*NUMBER_WORDS, *"first second third fourth fifth sixth seventh".split()))


def _other_words(one: Phrase, other: Phrase) -> bool:
    """Whether they differ by more than an added word, a figure or a form."""
    mine, theirs = set(one.stems), set(other.stems)
    if mine <= theirs or theirs <= mine or _shortened(mine - theirs, theirs - mine):
        return False
    # "The first detainee" and "the first transfer" are two of their kind, "further talks" and "separate talks" which of several.
    shared = (mine & theirs) - {stem(one.owner)}
    if shared and shared <= SORTING and one.stems[-1] != other.stems[-1]:
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


def _own_words(pair: Pair, here: Set[str], there: Set[str]) -> bool:
    first, second = pair.phrases
    mine, theirs = set(first.stems), set(second.stems)
    if someone(first.noun) != someone(second.noun):
        return False
    return len(first.stems) + len(second.stems) > 2 and not (mine - theirs) & there and not (theirs - mine) & here


def _same_place(pair: Pair) -> bool:
    """Whether the heads answer to each other."""
    one, other = pair.one, pair.other
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
        if len(phrase.stems) > 1 and not phrase.told
    }
    return Counter((article, stems[-1]) for article, stems in phrases)


def _same_noun(pair: Pair) -> bool:
    first, second = pair.phrases
    return first.stems[-1] == second.stems[-1] or _names_kind(first, second) or _names_kind(second, first)


def _names_kind(one: Phrase, other: Phrase) -> bool:
    """Whether one's noun only says what kind of thing the other's is: "a voicemail message", "a voicemail"."""
    return not one.told and {one.noun, one.noun.removesuffix("s")} & OF_A_KIND != set() and one.stems[-2:-1] == other.stems[-1:]


def _one_noun(pair: Pair) -> bool:
    return _same_noun(pair) and pair.likeness >= ONE_NOUN


def _owned(pair: Pair) -> bool:
    """Whether both are somebody's things, and the owners' names or pronouns do not differ."""
    first, second = pair.phrases
    pronouns = [owner for owner in (first.owner, second.owner) if owner in POSSESSIVES]
    one_owner = first.owner == second.owner or len(pronouns) == 1
    people = for_people(first.noun) or for_people(second.noun)
    return bool(first.owner and second.owner) and one_owner and pair.likeness >= OWNED and not _same_noun(pair) and not people


def _seen(number: int, one: Compared, grammar: Grammar, matcher: Matcher) -> list[Seen]:
    found = []
    for phrase, words in islice(noun_phrases(number, one, grammar), MOST_PHRASES):
        vectors = matcher.words(number, words)
        if vectors is not None:
            mean = vectors.mean(0)
            found.append(Seen(phrase, vectors, mean / max(float(np.linalg.norm(mean)), 1e-6)))
    return found


def noun_phrases(number: int, one: Compared, grammar: Grammar) -> Iterator[tuple[Phrase, list[tuple[int, int]]]]:
    """Noun phrases outside quotation marks without what follows their noun but "living in Varn", and where their words stand in the
    sentence, the noun last."""
    sentence, offset = one.sentence, one.sentence.span.start
    for phrase in grammar.phrases:
        before = _last_of_several([grammar.tokens[place] for place in range(phrase.start, phrase.noun + 1)])
        while before and (before[0].kind in UNWANTED or before[0].lower in DETERMINERS - POSSESSIVES):
            before.pop(0)
        head = grammar.tokens[phrase.noun]
        if not before or head.kind != "NOUN" or len(head.text) < 3:
            continue
        owner, after = _owner(grammar, phrase.noun), _participle(grammar, phrase.noun)
        for tokens in (before, before + after) if after else (before,):
            told = len(tokens) > len(before)
            content = [token for token in tokens if token.kind in CONTENT and token.lower.strip(".") not in HONORIFICS]
            thin = {head.lower, head.lower.removesuffix("s")} & (TIMES | THIN | STOP | RELATIVES)
            numbered = any(word.kind == "NUM" or word.text[0].isdigit() for word in content)
            clause = any(token.tag in FINITE for token in tokens)
            if len(tokens) > MOST_WORDS or (thin and not told) or numbered or clause:
                continue
            span, bare = (Span(offset + first.start, offset + tokens[-1].end) for first in (tokens[0], content[0]))
            if any(quote.start <= span.start and span.end <= quote.end for quote in sentence.quotations):
                continue
            words = [*(word for word in content if word is not head), head]
            stems = tuple(stem(word.lower) or word.lower for word in words)
            names = frozenset(known for known, word in zip(stems, words, strict=True) if word.text[0].isupper() and word.start)
            found = Phrase(number, span, bare, stems, head.lower, owner, names, told)
            yield found, [(word.start, word.end) for word in words]


def _participle(grammar: Grammar, noun: int) -> list[Token]:
    """What is said of a noun right after it and lasts: "living in Varn". "Held in Varn" tells what happened to some of them."""
    for child in grammar.children(noun):
        token = grammar.tokens[child]
        if child == noun + 1 and token.relation == "acl" and token.tag == "VBG":
            return [grammar.tokens[place] for place in grammar.subtree(child)]
    return []


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

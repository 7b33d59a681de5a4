"""Which phrases of two articles stand for one another: "the mob" here where another has "the protesters".

Two phrases are taken for names of one thing if they stand in sentences that have something to do with each other, are each other's
likest there by their contextual vectors, and neither article ever uses the words that tell the other's phrase from its own. The last
is what makes them a choice of words: a writer who has both uses them for two things, or for a change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.comparing.matching import Matcher
from agent.comparing.sameness import Compared, Link
from agent.reading.cues import ALSO_NOUNS, VERB_FORMS
from agent.reading.phrases import WHEN, is_noun_like
from agent.reading.quantities import NUMBER_WORDS
from agent.reading.units import Piece, units_of
from agent.reading.words import DETERMINERS, FUNCTION_WORDS, listed
from agent.terms import STOP, stem
from vectorstore.sentence import Span

Floats = NDArray[np.float32]

# Cosine of the mean contextual vectors of two phrases' words. These rules were made with eight hand-aligned events in view, none held
# back: of .45, .5, .55 and .6, .55 is best there, the others nearly as good; on two invented events it makes no difference either.
ALIKE = 0.5
# Cosine of the nouns alone. In 60 other events, read by eye, most phrases that share only what stands before their nouns are below it
# ("court records", "court papers" are not; "tax debate", "tax law" are), but for those in sentences that surely state the same.
HEADS_ALIKE, SAME = 0.4, 0.9
ENOUGH = 24  # of a sentence's likeliest links; only events of many articles have more
MOST_WORDS = 7
# Words that begin alike over so many letters are forms of one word ("stagnant", "stagnation").
ONE_ROOT = 5
TIMES = WHEN | listed("week month year day night morning afternoon evening weekend hour minute time today")
# Heads that name nothing by themselves.
THIN = listed("one way thing people person lot part kind sort case fact idea number percent worth something anything nothing everything")
VERBAL = listed("to will would can could may might must shall should did do does not n't")
POSSESSIVE = listed("'s ’s")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase without what follows its head. `bare` is without its article or possessive pronoun, as the article prints it."""

    sentence: int
    span: Span
    bare: Span
    stems: tuple[str, ...]


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


def counterparts(sentences: Sequence[Compared], links: Sequence[Link], matcher: Matcher) -> tuple[Counterpart, ...]:
    """The likest first. `links` are the likeliest first. The time taken grows with the number of links."""
    seen: dict[int, list[Seen]] = {}
    best: dict[tuple[int, tuple[str, ...], int], float] = defaultdict(float)
    found: list[Counterpart] = []
    looked = Counter[int]()
    for link in links:
        if min(looked[link.first], looked[link.second]) >= ENOUGH:
            continue
        looked.update((link.first, link.second))
        for number in (link.first, link.second):
            if number not in seen:
                seen[number] = _seen(number, sentences[number], matcher)
        sides = seen[link.first], seen[link.second]
        if not sides[0] or not sides[1]:
            continue
        likeness = np.stack([one.mean for one in sides[0]]) @ np.stack([other.mean for other in sides[1]]).T
        articles = sentences[link.first].article, sentences[link.second].article
        for row, column in zip(*np.nonzero(likeness >= ALIKE), strict=True):
            one, other, value = sides[0][row], sides[1][column], float(likeness[row, column])
            for key in ((articles[0], one.phrase.stems, articles[1]), (articles[1], other.phrase.stems, articles[0])):
                best[key] = max(best[key], value)
            if _same_place(one, other, link.probability):
                found.append(Counterpart(one.phrase, other.phrase, value))
    used: dict[int, set[str]] = defaultdict(set)
    for compared in sentences:
        used[compared.article].update(compared.terms)
    kept: dict[tuple[int, tuple[str, ...], int, tuple[str, ...]], Counterpart] = {}
    for pair in sorted(found, key=lambda pair: (-pair.likeness, pair.first.sentence, pair.second.sentence, pair.first.span)):
        here, there = sentences[pair.first.sentence].article, sentences[pair.second.sentence].article
        rivals = max(best[here, pair.first.stems, there], best[there, pair.second.stems, here])
        if pair.likeness >= rivals and _own_words(pair, used[here], used[there]):
            kept.setdefault((here, pair.first.stems, there, pair.second.stems), pair)
    return tuple(kept.values())


NUMBERS = frozenset(stem(word) for word in (*NUMBER_WORDS, *"first second third fourth fifth sixth seventh".split()))


def _same_place(one: Seen, other: Seen, probability: float) -> bool:
    """Whether the heads answer to each other, and the phrases differ by more than an added word, a figure or a form."""
    mine, theirs = set(one.phrase.stems), set(other.phrase.stems)
    if mine <= theirs or theirs <= mine or len(one.phrase.stems) + len(other.phrase.stems) < 3:
        return False
    differing = [(word, another) for word in mine - theirs for another in theirs - mine]
    if _shortened(mine - theirs, theirs - mine) or any(word[:ONE_ROOT] == another[:ONE_ROOT] for word, another in differing):
        return False
    head, another = one.phrase.stems[-1], other.phrase.stems[-1]
    if head in theirs - {another} or another in mine - {head}:
        return False
    # A head must not be likelier to stand for some other word.
    heads = one.words @ other.words.T
    column = max((heads[row, -1] for row, word in enumerate(one.phrase.stems[:-1]) if word not in theirs), default=-1.0)
    along = max((heads[-1, place] for place, word in enumerate(other.phrase.stems[:-1]) if word not in mine), default=-1.0)
    alike = heads[-1, -1] >= HEADS_ALIKE or probability >= SAME
    return bool(alike and heads[-1, -1] >= max(column, along))


def _shortened(mine: Set[str], theirs: Set[str]) -> bool:
    """Whether one side's words are the other's initials, or figures stand in either."""
    initials = ["".join(sorted(word[0] for word in words)) for words in (mine, theirs)]
    joined = ["".join(sorted("".join(words))) for words in (mine, theirs)]
    return initials[0] == joined[1] or initials[1] == joined[0] or any(word[0].isdigit() or word in NUMBERS for word in mine | theirs)


def _own_words(pair: Counterpart, here: Set[str], there: Set[str]) -> bool:
    mine, theirs = set(pair.first.stems), set(pair.second.stems)
    return not (mine - theirs) & there and not (theirs - mine) & here


def _seen(number: int, one: Compared, matcher: Matcher) -> list[Seen]:
    found = []
    for phrase, words in _phrases(number, one):
        vectors = matcher.words(number, words)
        if vectors is not None:
            mean = vectors.mean(0)
            found.append(Seen(phrase, vectors, mean / max(float(np.linalg.norm(mean)), 1e-6)))
    return found


def _phrases(number: int, one: Compared) -> Iterator[tuple[Phrase, list[tuple[int, int]]]]:
    """Noun phrases outside quotation marks, and where their words stand in the sentence."""
    sentence, offset = one.sentence, one.sentence.span.start
    names = [Span(name.start - offset, name.end - offset) for name in sentence.names]
    for unit in units_of(sentence.text, (), names):
        for run in _runs(unit.pieces):
            words = [piece for piece in run if piece.is_word and piece.lower not in DETERMINERS | POSSESSIVE]
            head = words[-1]
            span, bare = Span(offset + run[0].start, offset + head.end), Span(offset + words[0].start, offset + head.end)
            if len(run) > MOST_WORDS or any(quote.start <= span.start and span.end <= quote.end for quote in sentence.quotations):
                continue
            thin = {head.lower, head.lower.removesuffix("s")} & (TIMES | THIN | STOP)
            if thin or head.name or head.capitalised or head.text[0].isdigit() or len(head.text) < 3:
                continue
            yield Phrase(number, span, bare, tuple(stem(piece.lower) for piece in words)), [(piece.start, piece.end) for piece in words]


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """An article or possessive, and the adjectives, names and nouns after it."""
    run: list[Piece] = []
    for i, piece in enumerate(pieces):
        if piece.is_word and piece.lower in DETERMINERS and piece.lower != "that":
            yield from _closed(run)
            run = [piece]
        elif (run and piece.lower in POSSESSIVE) or _goes_into_phrase(pieces, i, bool(run)):
            run.append(piece)
        else:
            yield from _closed(run)
            run = []
    yield from _closed(run)


def _closed(run: list[Piece]) -> Iterator[list[Piece]]:
    while run and (run[-1].lower in DETERMINERS | POSSESSIVE or (run[-1].lower in VERB_FORMS and run[-1].lower not in ALSO_NOUNS)):
        run.pop()
    if len(run) > 1 and run[0].lower.endswith("ing"):
        run = run[1:]  # "facing opposition"
    # A name and one word may be a subject and its verb.
    if any(piece.lower not in DETERMINERS | POSSESSIVE for piece in run) and not (len(run) > 1 and all(piece.name for piece in run[:-1])):
        yield run


def _goes_into_phrase(pieces: Sequence[Piece], i: int, within: bool) -> bool:
    piece = pieces[i]
    if not piece.is_word or piece.lower in FUNCTION_WORDS | VERBAL or not is_noun_like(pieces, i):
        return False
    starts_as_verb = (i and pieces[i - 1].lower in VERBAL and not piece.capitalised) or (
        piece.lower in VERB_FORMS and piece.lower not in ALSO_NOUNS
    )
    return within or not starts_as_verb

"""The extractive reader: answers in the articles' own words, with no model. It proposes; the gate decides as with any reader."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.comparing.prose import is_prose
from agent.near import NEAR
from agent.question import Question
from agent.reading import Attribution, ReadSentence
from agent.reading.quantities import numbers_in
from agent.reading.read import read
from agent.statement import Citation, Evidence, Ledger, Reported, Statement
from agent.terms import terms
from agent.wording import computed
from vectorstore.article import Article
from vectorstore.origin import Origin
from vectorstore.search import Hit

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

# What makes a sentence an answer: the question's words in it, the same in its surroundings, likeness of meaning, and whether it
# holds what was asked for. Calibrated on the cases of eval/data/sample.jsonl marked "tuning"; docs/measured.md has the check.
OWN, AROUND, MEANING = 1.0, 0.35, 0.8
HAS_TIME, HAS_COUNTED, HAS_SPEAKER, IS_SPEAKER = 0.25, 0.45, 0.15, 0.5
# Not calibrated: as much as a time for a question that asks when.
HAS_REASON = 0.25
# A near word ("dead" for "killed") counts this much of the word itself.
NEAR_WORD = 0.85
# So does a word that stands only elsewhere in the article.
IN_ARTICLE = 0.5
# Least share of the question's words (by weight) in a sentence with its surroundings, and in the sentence alone.
LEAST_FOUND, LEAST_OWN = 0.58, 0.15
# A further sentence must be nearly as good as the best one; less so where outlets are contrasted, or where it is of one named.
NEARLY, NEARLY_CONTRAST, NEARLY_NAMED = 0.72, 0.6, 0.4
MOST_STATEMENTS, MOST_PER_ARTICLE = 6, 2
# Two sentences of one origin that share this much of their words say the same.
SAME_WORDS = 0.5
# Two words that begin alike, by so many letters, may be forms of one.
SAME_START = 5
# What a question counts without narrowing it down.
ANYTHING = frozenset(terms("people person persons times time number figure amount money crowns"))
STATES_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|in order to|so that|caused?|causing|blam\w+|prompt(?:ed|ing)|led to|leading to"
    r"|amid|reasons?|on (?:the )?grounds|accus(?:ed|ing)|for (?:\w+ly )?(?:not )?\w+ing|after (?:\w+ly )?\w+ing)\b",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:a\.?m|p\.?m)\b|\bnoon\b|\bmidnight\b|\bo['’]clock\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with the passage it stands in. `before` is the sentence before it, if it is in the passage; `near` are
    the terms of the sentence, of those beside it and of the headline."""

    article: Article
    sentence: ReadSentence
    before: ReadSentence | None
    evidence: Evidence
    found: float
    own: float
    score: float
    counted: bool
    focused: bool
    spoken: bool
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Row:
    article: Article
    evidence: Evidence
    sentence: ReadSentence
    before: ReadSentence | None
    own: frozenset[str]
    around: frozenset[str]
    article_terms: frozenset[str]


def candidates(question: Question, hits: Sequence[Hit], embed: Embed) -> list[Candidate]:
    """The sentences of the passages found, the best answer first."""
    asked = question.terms
    rows = [row for hit in hits for row in _rows(hit)]
    if not asked or not rows:
        return []
    weights = _weights(asked, [row.own for row in rows])
    total = sum(weights.values())
    vectors = embed([question.text, *(row.sentence.text for row in rows)])
    found: list[Candidate] = []
    for row, likeness in zip(rows, vectors[1:] @ vectors[0], strict=True):
        in_own = sum(weight * _holds(term, row.own) for term, weight in weights.items()) / total
        in_all = sum(weight * _found(term, row) for term, weight in weights.items()) / total
        counted = question.wants_number and _counts(row.sentence, question)
        spoken = bool(question.speakers) and _speaks(row.sentence, question.speakers)
        score = OWN * in_own + AROUND * in_all + MEANING * float(likeness) + HAS_COUNTED * counted + IS_SPEAKER * spoken
        score += HAS_TIME * (question.wants_time and bool(row.sentence.times))
        score += HAS_SPEAKER * (question.wants_speaker and bool(row.sentence.attributions))
        score += HAS_REASON * (question.wants_reason and states_reason(row.sentence))
        focused = all(_holds(term, row.own | row.around) for term in question.focus)
        found.append(
            Candidate(
                row.article,
                row.sentence,
                row.before,
                row.evidence,
                in_all,
                in_own,
                round(score, 5),
                counted,
                focused,
                spoken,
                row.own | row.around,
            )
        )
    return sorted(found, key=lambda item: (-item.score, item.article.article_id, item.sentence.span.start))


def _rows(hit: Hit) -> list[_Row]:
    sentences = read(hit.article).sentences
    evidence = Evidence(hit.article, hit.start, hit.end)
    title = terms(hit.article.title.value or "")
    article_terms = frozenset(terms(hit.article.text))
    rows = []
    for number, sentence in enumerate(sentences):
        inside = hit.start <= sentence.span.start and sentence.span.end <= hit.end
        if not inside or not is_prose(sentence):
            continue
        near = sentences[max(0, number - 2) : number + 2]
        before = sentences[number - 1] if number and sentences[number - 1].span.start >= hit.start else None
        around = frozenset(title).union(*(terms(other.text) for other in near))
        rows.append(_Row(hit.article, evidence, sentence, before, frozenset(terms(sentence.text)), around, article_terms))
    return rows


def states_reason(sentence: ReadSentence) -> bool:
    return STATES_REASON.search(sentence.text) is not None


def unquoted(asked: Sequence[str], chosen: Sequence[Candidate]) -> list[str]:
    """Those of the terms asked for that no sentence chosen has, nor what stands beside it, in any form. Short ones change too much."""
    near = frozenset[str]().union(*(item.near for item in chosen))
    starts = {term[:SAME_START] for term in near}
    return [term for term in asked if len(term) >= SAME_START and term[:SAME_START] not in starts and not _holds(term, near)]


def _found(term: str, row: _Row) -> float:
    near = _holds(term, row.own | row.around)
    return near or IN_ARTICLE * _holds(term, row.article_terms)


def _holds(term: str, words: Collection[str]) -> float:
    """1 for the word itself, less for a near one, else 0."""
    return 1.0 if term in words else NEAR_WORD if any(near in words for near in NEAR.get(term, ())) else 0.0


def _weights(asked: Sequence[str], sentences: Sequence[Collection[str]]) -> dict[str, float]:
    """Rare words of the sentences found tell them apart; a word in none of them weighs most, so that its absence shows."""
    holders = Counter(term for sentence in sentences for term in sentence)
    return {term: math.log((len(sentences) + 1) / (holders[term] + 0.5)) + 0.5 for term in asked}


def _counts(sentence: ReadSentence, question: Question) -> bool:
    """Whether the sentence has a quantity of what is asked for, or, where anything may be counted, one beside the question's words."""
    units = [set(terms(quantity.unit)) for quantity in sentence.quantities]
    wanted = set(question.focus) or set(question.terms) - set(terms(" ".join(question.names)))
    near = wanted.union(*(NEAR.get(term, frozenset()) for term in wanted))
    return any(unit & near for unit in units) or (bool(units) and bool(near & set(terms(sentence.text))))


def _speaks(sentence: ReadSentence, speakers: Sequence[str]) -> bool:
    """Whether something in the sentence is attributed to one of these."""
    surnames = {re.findall(r"\w+", name.lower())[-1] for name in speakers}
    said_by = " ".join(
        f"{a.speaker or ''} {sentence.text[a.source.start - sentence.span.start : a.source.end - sentence.span.start]}"
        for a in sentence.attributions
    )
    return bool(surnames & set(re.findall(r"\w+", said_by.lower())))


def choose(question: Question, ranked: Sequence[Candidate], origins: Sequence[Origin]) -> list[Candidate]:
    """The sentences to quote: none if the question's words are not there, else the best, and what is nearly as good.

    Of each outlet that the question names, the best is taken. Of one origin, a sentence that says the same is taken once.
    """
    sound = [
        item for item in ranked if item.found >= LEAST_FOUND and item.own >= LEAST_OWN and item.focused and _holds_names(question, item)
    ]
    for wanted in ("counted", "spoken"):
        if any(getattr(item, wanted) for item in sound):
            sound = [item for item in sound if getattr(item, wanted)]
    if question.wants_time and any(_tells_time(question, item) for item in sound):
        sound = [item for item in sound if _tells_time(question, item)]
    if not sound:
        return []
    origin_of = {article_id: origin.origin_id for origin in origins for article_id in origin.article_ids}
    spread = question.wants_contrast or len(question.outlets) > 1
    least = sound[0].score * (NEARLY_NAMED if len(question.outlets) > 1 else NEARLY_CONTRAST if spread else NEARLY)
    taken: Counter[str] = Counter()
    chosen: list[Candidate] = []
    for item in sound:
        if item.score < least or taken[item.article.article_id] >= (1 if spread else MOST_PER_ARTICLE):
            continue
        if any(_repeats(item, other, origin_of) for other in chosen):
            continue
        taken[item.article.article_id] += 1
        chosen.append(item)
        if len(chosen) == MOST_STATEMENTS:
            break
    return chosen


def _tells_time(question: Question, item: Candidate) -> bool:
    return bool(CLOCK.search(item.sentence.text)) if question.wants_clock else bool(item.sentence.times)


def _repeats(item: Candidate, other: Candidate, origin_of: Mapping[str, str]) -> bool:
    """Whether an article of the same origin says this already, with the same figures."""
    same_origin = origin_of.get(item.article.article_id, item.article.article_id) == origin_of.get(
        other.article.article_id, other.article.article_id
    )
    one, two = set(terms(item.sentence.text)), set(terms(other.sentence.text))
    if not same_origin or not one or not two:
        return item.sentence.text == other.sentence.text
    same_figures = numbers_in(item.sentence.text) <= numbers_in(other.sentence.text)
    return len(one & two) >= SAME_WORDS * min(len(one), len(two)) and same_figures


def _holds_names(question: Question, item: Candidate) -> bool:
    """A sentence about somebody else is no answer: one word of every name asked for stands in the article."""
    lower = {word.lower() for word in re.findall(r"\w+", f"{item.article.title.value or ''} {item.article.text}")}
    # A short name ("US", "EU") has other forms ("American"); where there is nothing longer, the other words must do.
    asked = [[word for word in re.findall(r"\w+", name) if len(word) > 2] for name in question.names]
    return all(any(word.lower() in lower for word in words) for words in asked if words)


def propose(chosen: Sequence[Candidate], ledger: Ledger, origins: Sequence[Origin], names: Mapping[str, str | None]) -> list[Statement]:
    """Statements in the articles' own words, in the order chosen; who is speaking is added where the article names him elsewhere.

    `names` are the outlets by article id."""
    statements: list[Statement] = []
    told: set[tuple[str, ...]] = set()
    for item in chosen:
        statements.append(_quoting(item.article, item.evidence, _with_antecedent(item)))
        for attribution in item.sentence.attributions:
            named = _speaker(item.article, attribution, item.sentence, ledger)
            if named and (item.article.article_id, named[0]) not in told:
                told.add((item.article.article_id, named[0]))
                statements.append(computed("speaker", named[0], named[1], citations=(named[2],)))
        for origin in origins:
            if item.article.article_id in origin.article_ids and len(origin.article_ids) > 1 and origin.article_ids not in told:
                told.add(origin.article_ids)
                printed = dict.fromkeys(names[article_id] or "an unknown outlet" for article_id in origin.article_ids)
                if len(printed) > 1:
                    statements.append(computed("one_origin", tuple(printed)))
    return statements


def _with_antecedent(item: Candidate) -> tuple[int, int]:
    """The sentence's place; with the one before it if it names its speaker only by a pronoun that nobody resolved."""
    span = item.sentence.span
    unresolved = [a for a in item.sentence.attributions if a.speaker is None]
    sources = [item.article.text[a.source.start : a.source.end].split() for a in unresolved]
    if item.before is not None and any(
        words and words[0].lower() in ("he", "she", "they", "his", "her", "its", "their") for words in sources
    ):
        return item.before.span.start, span.end
    return span.start, span.end


def _quoting(article: Article, evidence: Evidence, place: tuple[int, int]) -> Reported:
    citation = Citation.of(evidence, *place)
    return Reported(f"{article.outlet.value or 'outlet unknown'}: {citation.quote}", (citation,))


def openings(articles: Sequence[Article], ledger: Ledger) -> list[Statement]:
    """How each article opens, for a question that asks for nothing but what an outlet prints."""
    found: list[Statement] = []
    for article in articles:
        first = next((sentence for sentence in read(article).sentences if is_prose(sentence)), None)
        if first is not None:
            evidence = Evidence(article, first.span.start, first.span.end)
            ledger.show([evidence])
            found.append(_quoting(article, evidence, (first.span.start, first.span.end)))
    return found


def sentences_with(words: str, hits: Sequence[Hit], asked: Sequence[str]) -> list[Statement]:
    """The sentences of the passages that have these very words, each of another article, where two of the terms asked for are beside."""
    found: dict[str, Statement] = {}
    for hit in hits:
        for row in _rows(hit):
            on_it = sum(_holds(term, row.own | row.around) for term in asked) >= min(2, len(asked)) * NEAR_WORD
            if words in row.sentence.text and on_it and hit.article.article_id not in found:
                found[hit.article.article_id] = _quoting(hit.article, row.evidence, (row.sentence.span.start, row.sentence.span.end))
    return list(found.values())


def _speaker(article: Article, attribution: Attribution, sentence: ReadSentence, ledger: Ledger) -> tuple[str, str, Citation] | None:
    """(source as written, its fullest name, where that stands) when the sentence itself does not give the name."""
    if attribution.speaker is None or attribution.speaker_span is None or attribution.speaker in sentence.text:
        return None
    span = attribution.speaker_span
    # "Carter, who was in Iraq, said": what comes after the comma says more of the source, not who it is.
    source = article.text[attribution.source.start : attribution.source.end].split(",")[0]
    where = next((other for other in read(article).sentences if other.span.start <= span.start < other.span.end), None)
    if where is None:
        return None
    evidence = Evidence(article, where.span.start, where.span.end)
    ledger.show([evidence])
    start = _with_title(article.text, where.span.start, span.start)
    return source, article.text[start : span.end], Citation.of(evidence, start, span.end)


def _with_title(text: str, first: int, start: int) -> int:
    """Where the capitalised words directly before a name begin: "US Defense Secretary" belongs to "Ashton Carter"."""
    before = re.search(r"(?:\b[A-Z][\w.&-]* )+$", text[first:start])
    return first + before.start() if before else start

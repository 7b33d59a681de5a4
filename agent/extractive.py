"""The extractive reader: answers in the articles' own words, with no model. It proposes; the gate decides as with any reader."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.by_value import MEASURE, value_asked
from agent.comparing.prose import is_prose
from agent.hours import tells_hour
from agent.near import NEAR, NEAR_WORD, holds
from agent.question import Question
from agent.reading import Attribution, ReadSentence
from agent.reading.quantities import numbers_in
from agent.reading.read import read
from agent.statement import Citation, Evidence, Ledger, Reported, Statement
from agent.tells import tells_span, wanted
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
# A word that stands only elsewhere in the article counts this much of one that stands beside it.
IN_ARTICLE = 0.5
# What a talk is about counts this much of what is asked itself.
CONTEXT, CONTEXT_IN_ARTICLE = 0.5, 0.8
# Who was not arrested is no answer to who was.
DENIES = 0.3
NEGATED = re.compile(r"\b(?:nor|not|never|nobody|no one|none|without|\w+n['’]t)\b((?:\W+\w+){1,4})", re.IGNORECASE)
# Least share of the question's words (by weight) in a sentence with its surroundings, and in the sentence alone.
LEAST_FOUND, LEAST_OWN = 0.58, 0.15
# An article may have so much less of the question's words, by weight, than that which has most of them.
LACKS = 0.1
# A further sentence must be nearly as good as the best one; less so where outlets are contrasted, or where it is of one named.
NEARLY, NEARLY_CONTRAST, NEARLY_NAMED = 0.72, 0.6, 0.4
MOST_STATEMENTS, MOST_PER_ARTICLE = 6, 2
# Two sentences of one origin that share this much of their words say the same.
SAME_WORDS = 0.5
# Two words that begin alike, by so many letters, may be forms of one.
SAME_START = 5
# "Which outlets say that dust was the cause?" asks for sentences that say it, not for what is near it.
WHO_SAYS = re.compile(r"\b(?:which|what) (?:outlets?|papers?|newspapers?|articles?|media)\b", re.IGNORECASE)
# Whom a sentence that begins so tells of stands in the one before it.
BY_PRONOUN = re.compile(r"[“\"‘']?(?:(?:He|She|They|Both)\b|It\b(?! (?:[\w’']+ ){1,5}(?:that|whether|who|what|how|why|to)\b))")
# An article that asks does not answer.
ASKS = re.compile(r"\?[”’\"')]*$")
DATELINE = re.compile(r"^[^a-z]{3,}[^—–-]{0,40}\s[—–-]\s")
# What a question counts without narrowing it down.
ANYTHING = frozenset(terms("people person persons times time number figure amount money crowns"))


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
    whole: float
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
    asked = (*question.terms, *question.context)
    rows = [row for hit in hits for row in _rows(hit)]
    if not (asked or question.hours) or not rows:
        return []
    weights = _weights(asked, [row.own for row in rows])
    # What the talk is about is told once in an article, and not in the sentence that answers.
    weights |= {term: CONTEXT * weights[term] for term in question.context}
    own_weights = {term: weights[term] for term in question.terms}
    # An hour that is asked about tells as much as the rarest word.
    of_hour = max((*weights.values(), 1.0)) if question.hours else 0.0
    total, total_own = sum(weights.values()) + of_hour, sum(own_weights.values()) + of_hour
    vectors = embed([f"{question.text} {question.topic}".strip(), *(row.sentence.text for row in rows)])
    found: list[Candidate] = []
    for row, likeness in zip(rows, vectors[1:] @ vectors[0], strict=True):
        at_hour = of_hour * tells_hour(row.sentence.text, question.hours)
        in_own = (at_hour + sum(weight * holds(term, row.own) for term, weight in own_weights.items())) / total_own
        in_all = (at_hour + sum(weight * _found(term, row, question) for term, weight in weights.items())) / total
        counted = question.wants_number and _counts(row.sentence, question)
        in_article = sum(weight * holds(term, row.article_terms) for term, weight in weights.items()) / total
        spoken = _speaks(row, question)
        score = OWN * in_own + AROUND * in_all + MEANING * float(likeness) + HAS_COUNTED * counted + IS_SPEAKER * spoken
        score += HAS_TIME * (question.wants_time and bool(row.sentence.times))
        score += HAS_TIME * (question.wants_span and tells_span(question, row.sentence))
        score -= DENIES * (not question.yes_or_no and _denies(row.sentence.text, question.terms))
        score += HAS_SPEAKER * (question.wants_speaker and bool(row.sentence.attributions))
        focused = all(holds(term, row.own | row.around) for term in question.focus)
        found.append(
            Candidate(
                row.article,
                row.sentence,
                row.before,
                row.evidence,
                in_all,
                in_own,
                in_article,
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


def unquoted(asked: Sequence[str], chosen: Sequence[Candidate]) -> list[str]:
    """Those of the terms asked for that no sentence chosen has, nor what stands beside it, in any form. Short ones change too much."""
    near = frozenset[str]().union(*(item.near for item in chosen))
    starts = {term[:SAME_START] for term in near}
    return [term for term in asked if len(term) >= SAME_START and term[:SAME_START] not in starts and not holds(term, near)]


def _found(term: str, row: _Row, question: Question) -> float:
    near = holds(term, row.own | row.around)
    if near or term not in question.context:
        return near or IN_ARTICLE * holds(term, row.article_terms)
    return CONTEXT_IN_ARTICLE * (1.0 if question.settled else holds(term, row.article_terms))


def _denies(text: str, asked: Sequence[str]) -> bool:
    """Whether a word asked for stands right after a negation: "nor was Ferrick arrested"."""
    return any(holds(term, terms(match[1])) for match in NEGATED.finditer(text) for term in asked)


def _weights(asked: Sequence[str], sentences: Sequence[Collection[str]]) -> dict[str, float]:
    """Rare words of the sentences found tell them apart; a word in none of them weighs most, so that its absence shows."""
    holders = Counter(term for sentence in sentences for term in sentence)
    return {term: math.log((len(sentences) + 1) / (holders[term] + 0.5)) + 0.5 for term in asked}


def _counts(sentence: ReadSentence, question: Question) -> bool:
    """Whether the sentence has a quantity of what is asked for, or, where anything may be counted, one beside the question's words."""
    if value_asked(question, sentence) is not None:
        return True
    wanted = set(question.focus) or set(question.terms) - set(terms(" ".join(question.names)))
    near = wanted.union(*(NEAR.get(term, frozenset()) for term in wanted))
    quantities = [one for one in sentence.quantities if not (question.counts and MEASURE.match(one.unit))]
    return bool(quantities) and bool(near & set(terms(sentence.text)))


def _speaks(row: _Row, question: Question) -> bool:
    """Whether something in the sentence is attributed to whom the question asks, named or called what he is; the latter may stand beside
    the speaker's name anywhere in the article."""
    sentence = row.sentence
    asked, roles = ({re.findall(r"\w+", name.lower())[-1] for name in names} for names in (question.speakers, question.roles))
    if not (asked or roles) or not sentence.attributions:
        return False
    said_by = " ".join(
        f"{a.speaker or ''} {sentence.text[a.source.start - sentence.span.start : a.source.end - sentence.span.start]}"
        for a in sentence.attributions
    )
    if (asked | roles) & set(re.findall(r"\w+", said_by.lower())):
        return True
    named = {name[-1] for a in sentence.attributions if a.speaker and (name := re.findall(r"\w+", a.speaker))}
    beside = "|".join(
        rf"\b{what}\W+(?:\w+\W+){{0,2}}{name}\b|\b{name}\W+(?:\d+\W+)?(?:(?:the|a|an)\W+)?(?:\w+\W+)?{what}\b"
        for name in named
        for what in roles
    )
    return bool(beside) and re.search(beside, row.article.text, re.IGNORECASE) is not None


def sound_ones(question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Those that have enough of the question's words to be about it."""
    return [
        item for item in ranked if item.found >= LEAST_FOUND and item.own >= LEAST_OWN and item.focused and _holds_names(question, item)
    ]


def choose(question: Question, ranked: Sequence[Candidate], origins: Sequence[Origin]) -> list[Candidate]:
    """The sentences to quote: none if the question's words are not there, else the best, and what is nearly as good.

    Of each outlet that the question names, the best is taken. Of one origin, a sentence that says the same is taken once.
    """
    sound = sound_ones(question, ranked)
    if question.topic and question.roles and not any(item.spoken for item in sound):
        return []
    sound = [item for item in sound if not ASKS.search(item.sentence.text)] or sound
    if not question.wants_contrast and len(question.outlets) < 2:
        most = max((item.whole for item in sound), default=0.0)
        sound = [item for item in sound if item.whole >= most - LACKS]
    for kind in ("counted", "spoken"):
        sound = [item for item in sound if getattr(item, kind)] or sound
    # Where no words are attributed to whom the question asks, what names him comes nearer than what others say.
    asked = {re.findall(r"\w+", name.lower())[-1] for name in question.speakers}
    if asked and not any(item.spoken for item in sound):
        sound = [item for item in sound if asked & set(re.findall(r"\w+", item.sentence.text.lower()))] or sound
    if question.hours and any(tells_hour(item.sentence.text, question.hours) for item in sound):
        sound = [item for item in sound if tells_hour(item.sentence.text, question.hours)]
    for tells, _ in wanted(question):
        sound = [item for item in sound if tells(question, item.sentence)] or sound
    if WHO_SAYS.search(question.text):
        # Words that have others of their meaning ("caused") tell less of what is meant than those that have none ("dust").
        telling = [term for term in question.terms if term not in NEAR]
        sound = [item for item in sound if set(telling) <= set(terms(item.sentence.text))] or sound
    if not sound:
        return []
    origin_of = {article_id: origin.origin_id for origin in origins for article_id in origin.article_ids}
    spread = question.wants_contrast or len(question.outlets) > 1
    # Why something happened is what outlets differ on most.
    contrasted = spread or question.asks_why
    least = sound[0].score * (NEARLY_NAMED if len(question.outlets) > 1 else NEARLY_CONTRAST if contrasted else NEARLY)
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
    # What none of these has may stand in a sentence that has little else: "The cause is not known."
    for term in unquoted(question.terms, chosen):
        tells_it = (item for item in sound if holds(term, terms(item.sentence.text)) and item not in chosen)
        chosen += [item for item in list(tells_it)[:1] if len(chosen) < MOST_STATEMENTS]
    return chosen


def _repeats(item: Candidate, other: Candidate, origin_of: Mapping[str, str]) -> bool:
    """Whether an article of the same origin says this already, with the same figures."""
    same_origin = origin_of.get(item.article.article_id, item.article.article_id) == origin_of.get(
        other.article.article_id, other.article.article_id
    )
    mine, theirs = DATELINE.sub("", item.sentence.text), DATELINE.sub("", other.sentence.text)
    one, two = set(terms(mine)), set(terms(theirs))
    if not same_origin or not one or not two:
        return mine == theirs
    same_figures = numbers_in(mine) <= numbers_in(theirs)
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
    if item.before is not None and not item.sentence.attributions and BY_PRONOUN.match(item.sentence.text):
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
            on_it = sum(holds(term, row.own | row.around) for term in asked) >= min(2, len(asked)) * NEAR_WORD
            if words in row.sentence.text and on_it and hit.article.article_id not in found:
                found[hit.article.article_id] = _quoting(hit.article, row.evidence, (row.sentence.span.start, row.sentence.span.end))
    return list(found.values())


def _speaker(article: Article, attribution: Attribution, sentence: ReadSentence, ledger: Ledger) -> tuple[str, str, Citation] | None:
    """(source as written, its fullest name, where that stands) when the sentence itself does not give the name."""
    if attribution.speaker is None or attribution.speaker_span is None or attribution.speaker in sentence.text:
        return None
    span = attribution.speaker_span
    # "Carter, who was in Iraq, said": what comes after the comma says more of the source, not who it is; so does "in a statement".
    source = re.split(r",| (?:in|at|on|during|after) ", article.text[attribution.source.start : attribution.source.end])[0]
    where = next((other for other in read(article).sentences if other.span.start <= span.start < other.span.end), None)
    if where is None:
        return None
    evidence = Evidence(article, where.span.start, where.span.end)
    ledger.show([evidence])
    start = _with_title(article.text, where.span.start, span.start)
    return source, article.text[start : span.end], Citation.of(evidence, start, span.end)


def _with_title(text: str, first: int, start: int) -> int:
    """Where the capitalised words directly before a name begin: "US Defense Secretary" belongs to "Ashton Carter"."""
    before = re.search(r"(?:\b[A-Z][\w.&-]* (?:(?:of|for) (?:the )?(?=[A-Z]))?)+$", text[first:start])
    return first + before.start() if before else start

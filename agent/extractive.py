"""The extractive reader: answers in the articles' own words, with no model. It proposes; the gate decides as with any reader."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.question import Question
from agent.reading import Attribution, Quantity, ReadSentence
from agent.reading.read import read
from agent.statement import Citation, Evidence, Ledger, Reported, Statement
from agent.terms import stem, terms
from agent.wording import computed
from vectorstore.article import Article
from vectorstore.origin import Origin
from vectorstore.search import Hit

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

# Weights of what makes a sentence an answer; calibrated on the two tuning events of the sample, checked on the third
# (docs/measured.md): the question's words in the sentence, the same in its surroundings, likeness of meaning, and whether it
# holds what was asked for.
OWN, AROUND, MEANING = 1.0, 0.35, 0.8
HAS_TIME, HAS_NUMBER, HAS_COUNTED, HAS_SPEAKER = 0.25, 0.1, 0.45, 0.25
# Below this share of the question's words (by weight) in a sentence and its surroundings, nothing was found.
LEAST_FOUND = 0.5
# A further sentence must be nearly as good as the best one.
NEARLY = 0.72
MOST_STATEMENTS, MOST_PER_ARTICLE = 6, 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with the passage it stands in."""

    article: Article
    sentence: ReadSentence
    evidence: Evidence
    found: float
    score: float
    counted: Quantity | None


def candidates(question: Question, hits: Sequence[Hit], embed: Embed) -> list[Candidate]:
    """The sentences of the passages found, the best answer first."""
    asked = _asked(question)
    if not asked or not hits:
        return []
    rows: list[tuple[Article, Evidence, ReadSentence, set[str], set[str]]] = []
    for hit in hits:
        reading = read(hit.article)
        evidence = Evidence(hit.article, hit.start, hit.end)
        title = set(terms(hit.article.title.value or ""))
        for number, sentence in enumerate(reading.sentences):
            if not (hit.start <= sentence.span.start and sentence.span.end <= hit.end):
                continue
            near = reading.sentences[max(0, number - 2) : number + 2]
            around = title.union(*(terms(other.text) for other in near))
            rows.append((hit.article, evidence, sentence, set(terms(sentence.text)), around))
    if not rows:
        return []
    weights = _weights(asked, [own for *_, own, _ in rows])
    total = sum(weights.values()) or 1.0
    vectors = embed([question.text, *(sentence.text for _, _, sentence, _, _ in rows)])
    meaning = vectors[1:] @ vectors[0]
    found: list[Candidate] = []
    for (article, evidence, sentence, own, around), likeness in zip(rows, meaning, strict=True):
        in_own = sum(weights[term] for term in asked if term in own) / total
        in_all = sum(weights[term] for term in asked if term in own | around) / total
        counted = _counted(sentence, asked)
        score = OWN * in_own + AROUND * in_all + MEANING * float(likeness)
        score += HAS_TIME * (question.wants_time and bool(sentence.times))
        if question.wants_number:
            score += HAS_COUNTED if counted else HAS_NUMBER * bool(sentence.quantities)
        score += HAS_SPEAKER * ((question.wants_speaker or bool(question.speakers)) and bool(sentence.attributions))
        found.append(Candidate(article, sentence, evidence, in_all, round(score, 5), counted))
    return sorted(found, key=lambda item: (-item.score, item.article.article_id, item.sentence.span.start))


def _asked(question: Question) -> list[str]:
    """The question's content, without the names of outlets, which say where to look and not what for."""
    outside = {stem(word) for name in (*question.outlets, *question.unheld) for word in terms(name)}
    asking = set(terms("report outlet article differ disagree compare day date time number many much"))
    return [term for term in dict.fromkeys(terms(question.text)) if term not in outside and term not in asking]


def _weights(asked: Iterable[str], sentences: Sequence[set[str]]) -> dict[str, float]:
    """Rare words of the sentences found tell them apart; a word in none of them weighs most, so that its absence shows."""
    holders = Counter(term for sentence in sentences for term in sentence)
    return {term: math.log((len(sentences) + 1) / (holders[term] + 0.5)) + 0.5 for term in asked}


def _counted(sentence: ReadSentence, asked: Sequence[str]) -> Quantity | None:
    """The quantity of what the question counts."""
    for quantity in sentence.quantities:
        if set(terms(quantity.unit)) & set(asked):
            return quantity
    return None


def choose(question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The sentences to quote: none if the question's words are not there, else the best and what is nearly as good."""
    sound = [item for item in ranked if item.found >= LEAST_FOUND and _holds_names(question, item)]
    if not sound:
        return []
    if question.wants_number and any(item.counted or item.sentence.quantities for item in sound):
        sound = [item for item in sound if item.sentence.quantities]
    if question.wants_time and any(item.sentence.times for item in sound):
        sound = [item for item in sound if item.sentence.times]
    best = sound[0].score
    least = best * NEARLY
    taken: Counter[str] = Counter()
    seen: set[str] = set()
    chosen: list[Candidate] = []
    for item in sound:
        per_article = 1 if question.wants_contrast else MOST_PER_ARTICLE
        if item.score < least or taken[item.article.article_id] >= per_article or item.sentence.text in seen:
            continue
        taken[item.article.article_id] += 1
        seen.add(item.sentence.text)
        chosen.append(item)
        if len(chosen) == MOST_STATEMENTS:
            break
    return chosen


def _holds_names(question: Question, item: Candidate) -> bool:
    """A sentence about somebody else is no answer: one word of every name asked for stands in the article."""
    held = set(re.findall(r"\w+", f"{item.article.title.value or ''} {item.article.text}"))
    lower = {word.lower() for word in held}
    # A short name ("US", "EU") is one in capitals only; where the article has another word for it, the other words must do.
    asked = [[word for word in re.findall(r"\w+", name) if len(word) > 2] for name in question.names]
    return all(any(word.lower() in lower for word in words) for words in asked if words)


def propose(chosen: Sequence[Candidate], ledger: Ledger, origins: Sequence[Origin], names: Mapping[str, str | None]) -> list[Statement]:
    """Statements in the articles' own words, in the order chosen; who is speaking is added where the article names him elsewhere."""
    statements: list[Statement] = []
    told: set[tuple[str, str]] = set()
    for item in chosen:
        sentence, article = item.sentence, item.article
        citation = Citation.of(item.evidence, sentence.span.start, sentence.span.end)
        statements.append(_quoting(article, sentence, citation))
        for attribution in sentence.attributions:
            named = _speaker(article, attribution, sentence, ledger)
            if named and (article.article_id, named[0]) not in told:
                told.add((article.article_id, named[0]))
                statements.append(computed("speaker", named[0], named[1], citations=(named[2],)))
        copies = next((origin for origin in origins if article.article_id in origin.article_ids and len(origin.article_ids) > 1), None)
        if copies:
            others = tuple(names[other] or "an unknown outlet" for other in copies.article_ids if other != article.article_id)
            statements.append(computed("one_origin", article.outlet.value or "this article", tuple(dict.fromkeys(others))))
    return statements


def sentences_with(words: str, hits: Sequence[Hit]) -> list[Statement]:
    """The sentences of the passages that have these very words, each of another article."""
    found: dict[str, Statement] = {}
    for hit in hits:
        for sentence in read(hit.article).sentences:
            inside = hit.start <= sentence.span.start and sentence.span.end <= hit.end
            if inside and words in sentence.text and hit.article.article_id not in found:
                citation = Citation.of(Evidence(hit.article, hit.start, hit.end), sentence.span.start, sentence.span.end)
                found[hit.article.article_id] = _quoting(hit.article, sentence, citation)
    return list(found.values())


def _quoting(article: Article, sentence: ReadSentence, citation: Citation) -> Reported:
    return Reported(f"{article.outlet.value or 'outlet unknown'}: {sentence.text}", (citation,))


def _speaker(article: Article, attribution: Attribution, sentence: ReadSentence, ledger: Ledger) -> tuple[str, str, Citation] | None:
    """(source as written, its fullest name, where that stands) when the sentence itself does not give the name."""
    if attribution.speaker is None or attribution.speaker_span is None or attribution.speaker in sentence.text:
        return None
    span = attribution.speaker_span
    # "Carter, who was in Iraq, said": what comes after the comma says more of the source, not who it is.
    source = article.text[attribution.source.start : attribution.source.end].split(",")[0]
    where = next(other for other in read(article).sentences if other.span.start <= span.start < other.span.end)
    evidence = Evidence(article, where.span.start, where.span.end)
    ledger.show([evidence])
    start = _with_title(article.text, where.span.start, span.start)
    return source, article.text[start : span.end], Citation.of(evidence, start, span.end)


def _with_title(text: str, first: int, start: int) -> int:
    """Where the capitalised words directly before a name begin: "US Defense Secretary" belongs to "Ashton Carter"."""
    before = re.search(r"(?:\b[A-Z][\w.&-]* )+$", text[first:start])
    return first + before.start() if before else start

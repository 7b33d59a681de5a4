"""Words to look at, by outlet: those of the sentences that stand out as worded for effect. They are shown where they stand, without a
score and without a name for what they are."""

from __future__ import annotations

from collections.abc import Iterator, Set

from agent.comparing.prose import is_prose
from agent.findings import Finder
from agent.reading import Reading, ReadSentence
from agent.reading.cues import SPEECH, VERB_FORMS
from agent.reading.force import ADDED
from agent.reading.loaded import ADVERB, EVALUATIVE, NO_ADVERBS, PARTICIPLE, document_frequency, emphases
from agent.reading.words import words_of
from agent.statement import Citation
from agent.tables import Finding, LoadedRow
from agent.terms import STOP, stem
from agent.wording import computed
from vectorstore.sentence import Span

SENTENCES = 3  # of an outlet, those that stand out most
WORDS = 8  # of an outlet in its line
STRONG = frozenset(("claimed", "admitted", "accused"))


def loaded(finder: Finder) -> tuple[tuple[LoadedRow, ...], tuple[Finding, ...]]:
    readings = finder.comparison.readings
    ranked = emphases(readings, document_frequency(readings), len(readings))
    used = {reading.article.article_id: _stems(reading) for reading in readings}
    rows, found = [], []
    for outlet in filter(finder.read_well, finder.outlets):
        mine = [
            (score.loaded, reading, sentence)
            for reading, scores in zip(readings, ranked, strict=True)
            if reading.article.outlet.value == outlet
            for sentence, score in zip(reading.sentences, scores, strict=True)
            if is_prose(sentence)
        ]
        places: list[Citation] = []
        sentences: list[Citation] = []
        for _, reading, sentence in sorted(mine, key=lambda one: (-one[0], one[2].span))[: SENTENCES * 2]:
            article = reading.article
            others = [stems for other, stems in used.items() if not finder.same_origin(other, article.article_id)]
            spans = list(_words(sentence, frozenset().union(*others)))
            if spans and len(sentences) < SENTENCES:
                places += [finder.cite_words(article, *span) for span in spans]
                sentences.append(finder.cite(article, sentence.span))
        if places:
            rows.append(LoadedRow(outlet, tuple(places), tuple(sentences)))
            shown = tuple(dict.fromkeys(place.quote for place in places))[:WORDS]
            quotes = [finder.quote_of(sentence) for sentence in sentences]
            found.append(finder.finding("loaded", (computed("look_at", outlet, shown, citations=places),), quotes))
    return tuple(rows), tuple(found)


def _stems(reading: Reading) -> frozenset[str]:
    return frozenset(stem(word.lower) for word in words_of(reading.article.text) if word.is_word)


def _words(sentence: ReadSentence, elsewhere: Set[str]) -> Iterator[Span]:
    """Words of the article's own that no text of another origin has: what they are is for the reader to say."""
    yield from sentence.scare_quotes
    start = sentence.span.start
    for word in words_of(sentence.text):
        place = start + word.start
        if not word.is_word or not word.text.islower() or word.lower in STOP:
            continue
        if any(part.start <= place < part.end for part in (*sentence.quotations, *sentence.scare_quotes)):
            continue
        lemma = VERB_FORMS[word.lower][0] if word.lower in VERB_FORMS else ""
        saying = lemma in SPEECH and ADDED.get(lemma) in STRONG
        effect = EVALUATIVE.fullmatch(word.lower) or (ADVERB.fullmatch(word.lower) and word.lower not in NO_ADVERBS)
        effect = effect or (PARTICIPLE.fullmatch(word.lower) and not lemma)
        if saying or (effect and stem(word.lower) not in elsewhere):
            yield Span(place, start + word.end)

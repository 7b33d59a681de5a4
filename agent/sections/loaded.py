"""Words to look at, by outlet: words that judge or heighten, and verbs that do more than "said", shown where they stand, without a score
and without a name for what they are."""

from __future__ import annotations

from agent.comparing.prose import is_prose
from agent.findings import Finder
from agent.reading import Reading, ReadSentence
from agent.reading.vivid import telling_cues, vivid_words
from agent.reading.words import words_of
from agent.statement import Citation
from agent.tables import Finding, LoadedRow
from agent.terms import stem
from agent.wording import computed
from vectorstore.sentence import Span

SENTENCES = 4  # of an outlet: those with most such words, in their order


def loaded(finder: Finder) -> tuple[tuple[LoadedRow, ...], tuple[Finding, ...]]:
    """Outlets with words of the list in their own voice that most other origins do not use here."""
    readings = finder.comparison.readings
    used = {reading.article.article_id: _stems(reading) for reading in readings}
    rows, found = [], []
    for outlet in filter(finder.read_well, finder.outlets):
        mine: list[tuple[Reading, ReadSentence, tuple[Span, ...]]] = []
        for reading in readings:
            if reading.article.outlet.value == outlet:
                others = _by_origin(finder, used, reading.article.article_id)
                for sentence in filter(is_prose, reading.sentences):
                    spans = _words(reading, sentence, others)
                    mine += [(reading, sentence, spans)] if spans else []
        places: list[Citation] = []
        sentences: list[Citation] = []
        for reading, sentence, spans in sorted(mine, key=lambda one: -len(one[2]))[:SENTENCES]:
            places += [finder.cite_words(reading.article, *span) for span in spans]
            sentences.append(finder.cite(reading.article, sentence.span))
        if places:
            rows.append(LoadedRow(outlet, tuple(places), tuple(sentences)))
            shown = tuple(dict.fromkeys(place.quote for place in places))
            quotes = [finder.quote_of(sentence) for sentence in sentences]
            found.append(finder.finding("loaded", (computed("look_at", outlet, shown, citations=places),), quotes))
    return tuple(rows), tuple(found)


def _stems(reading: Reading) -> frozenset[str]:
    return frozenset(stem(word.lower) for word in words_of(reading.article.text) if word.is_word)


def _by_origin(finder: Finder, used: dict[str, frozenset[str]], article_id: str) -> list[frozenset[str]]:
    """The words of each other origin."""
    origins: dict[str, frozenset[str]] = {}
    for other, stems in used.items():
        if not finder.same_origin(other, article_id):
            origins[finder.origin(other)] = origins.get(finder.origin(other), frozenset()) | stems
    return list(origins.values())


def _words(reading: Reading, sentence: ReadSentence, others: list[frozenset[str]]) -> tuple[Span, ...]:
    text = reading.article.text
    spans = sorted({*vivid_words(sentence), *telling_cues(reading, sentence)})
    return tuple(span for span in spans if 2 * sum(stem(text[slice(*span)].lower()) in one for one in others) <= len(others))

"""Who gets to speak: types of sources and single voices, by outlet."""

from __future__ import annotations

import re
from collections import Counter

from agent.comparing.sourcing import words_by_outlet
from agent.comparing.voices import Voice, unique_words
from agent.findings import Finder
from agent.reading.first_names import folded
from agent.reading.sources import SOURCE_TYPES
from agent.tables import Finding, Sourcing, TypeCell, TypeRow, VoiceCell, VoiceRow
from agent.wording import computed, listed

# A type of source is called heard only in some outlets if at least so many others quote somebody; of the most eminent types every
# outlet has somebody, and of the rarest only one by chance.
OTHERS = 2
# Words quoted of a voice, and origins that quote it, before its absence elsewhere is worth a line.
MUCH, ORIGINS = 12, 2
MOST_NAMES = 3  # of an outlet in the line on whom one outlet alone quotes
UNTOLD = 0.5  # with a greater share of words from sources of no known type, the shares of the others mislead
TELLING = 0.9  # where one type has a greater share of the quoted words, or none is known of them, the shares tell little and stand last


def sourcing(finder: Finder) -> tuple[Sourcing, tuple[Finding, ...]]:
    voices = finder.sources.voices
    counted = {voice.speaker: unique_words(voice, finder.origin_of) for voice in voices}
    total = sum(counted.values())
    ordered = sorted(voices, key=lambda voice: (-counted[voice.speaker], voice.speaker))
    rows = tuple(_voice_row(finder, voice, counted[voice.speaker]) for voice in ordered)
    table = Sourcing(finder.outlets, _type_rows(finder, rows), rows)
    shares = _shares(finder, table, total)
    telling = bool(shares) and max((row.words for row in table.types), default=0) < TELLING * total
    heard = [_voice(finder, voice, row, total) for voice, row in zip(ordered, rows, strict=True)]
    types = _heard_types(finder, table)
    findings = [*_in_one(finder, table), *(shares if telling else ()), *types, *heard, *(() if telling else shares)]
    return table, tuple(findings)


def _voice_row(finder: Finder, voice: Voice, words: int) -> VoiceRow:
    cells = []
    for outlet, (spoken, quotes) in words_by_outlet(voice, finder.outlet_of, finder.origin_of).items():
        articles = dict.fromkeys(quote.article_id for quote in quotes)
        cited = tuple(finder.cite(finder.articles[quote.article_id], quote.span) for quote in quotes)
        cells.append(VoiceCell(outlet, spoken, finder.sources.forces(voice.speaker, articles), cited))
    described = finder.sources.described(voice.speaker)
    place = finder.cite(finder.articles[described[0]], described[1]) if described else None
    kind = finder.sources.type_of(voice.speaker)
    return VoiceRow(voice.speaker, kind, place, words, tuple(cells), _absent(finder, voice.speaker))


def _absent(finder: Finder, speaker: str) -> tuple[str, ...]:
    """The outlets none of whose articles, read or not, has the name; for a person the family name is enough to have it."""
    name = speaker.split()[-1] if speaker.split()[-1][:1].isupper() else speaker
    said = re.compile(rf"(?<!\w){re.escape(folded(name.removesuffix('’s')))}(?!\w)")
    having = {article.outlet.value for article in finder.held() if said.search(finder.folded(article))}
    return tuple(outlet for outlet in finder.outlets if outlet not in having and finder.read_well(outlet))


def _type_rows(finder: Finder, voices: tuple[VoiceRow, ...]) -> tuple[TypeRow, ...]:
    by_outlet: dict[str, Counter[str]] = {outlet: Counter() for outlet in finder.outlets}
    sums: Counter[str] = Counter()
    for row in voices:
        sums[row.source_type] += row.words
        for cell in row.cells:
            by_outlet[cell.outlet][row.source_type] += cell.words
    told = {
        outlet: finder.sources.told(article_id for article_id, other in finder.outlet_of.items() if other == outlet)
        for outlet in finder.outlets
    }
    rows = []
    for kind in SOURCE_TYPES:
        cells = []
        for outlet in finder.outlets:
            words = by_outlet[outlet][kind]
            share = round(100 * words / max(1, sum(by_outlet[outlet].values())))
            cells.append(TypeCell(outlet, words, share, told[outlet][kind]))
        if any(cell.words or cell.told for cell in cells):
            rows.append(TypeRow(kind, sums[kind], tuple(cells)))
    return tuple(rows)


def _in_one(finder: Finder, table: Sourcing) -> list[Finding]:
    """Whom one outlet alone names and quotes, in one line."""
    sides, citations = [], []
    for outlet in table.outlets:
        others = set(table.outlets) - {outlet}
        alone = [row for row in table.voices if [cell.outlet for cell in row.cells] == [outlet] and set(row.absent) == others]
        alone = [row for row in alone if row.words >= MUCH and row.speaker[:1].isupper() and " " in row.speaker][:MOST_NAMES]
        if alone and others:
            sides.append((outlet, *(row.speaker for row in alone)))
            citations += [row.cells[0].quotes[0] for row in alone]
    return [finder.finding("heard", (computed("heard_in_one", *sides, citations=citations),))] if sides else []


def _shares(finder: Finder, table: Sourcing, total: int) -> list[Finding]:
    """The shares of the types in all that is quoted."""
    if not total:
        return []
    ranked = sorted((row for row in table.types if row.words), key=lambda row: (-row.words, row.source_type))
    unknown = sum(row.words for row in ranked if row.source_type == "unknown")
    if not ranked or unknown > UNTOLD * total:
        return []  # no outlet that quotes is known, or of most words it is not known whose they are
    shares = computed("shares_of_types", total, *((row.source_type, str(row.words)) for row in ranked))
    return [finder.finding("types", (shares,))]


def _heard_types(finder: Finder, table: Sourcing) -> list[Finding]:
    """The types that only some outlets let speak."""
    found = []
    ranked = sorted((row for row in table.types if row.words), key=lambda row: (-row.words, row.source_type))
    quoting = {outlet for number, outlet in enumerate(table.outlets) if any(row.cells[number].words for row in table.types)}
    for row in ranked:
        if row.source_type == "unknown":
            continue
        having = tuple(cell.outlet for cell in row.cells if cell.words)
        # An outlet that gives somebody's word without quotation marks has let him speak too.
        without = [cell.outlet for cell in row.cells if cell.outlet in quoting and not cell.words and not cell.told]
        if having and len(having) * 2 <= len(without) and len(without) >= OTHERS and len(having) + len(without) == len(quoting):
            heard = [voice for voice in table.voices if voice.source_type == row.source_type]
            citations = [cell.quotes[0] for voice in heard for cell in voice.cells]
            found.append(finder.finding("types", (computed("only_heard", row.source_type, having, len(without), citations=citations),)))
    return found


def _voice(finder: Finder, voice: Voice, row: VoiceRow, total: int) -> Finding:
    articles = dict.fromkeys(quote.article_id for quote in voice.quoted)
    quotes = tuple(finder.quote(finder.articles[quote.article_id], quote.span) for quote in voice.quoted)
    citations = [quote.citations[0] for quote in quotes]
    statements = [computed("voice", row.speaker, row.source_type, row.words, total, finder.names(articles), citations=citations)]
    if row.absent and voice.origins >= ORIGINS and row.words >= MUCH:
        number = sum(1 for article in finder.held() if article.outlet.value in row.absent)
        statements.append(computed("name_absent", listed(row.absent), number))
    return finder.finding("voice", statements, quotes)

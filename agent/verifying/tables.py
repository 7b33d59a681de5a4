"""Whether the ledgers of a brief's file cite what the library has, and name the outlets and count the words that they cite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.brief_file import BriefFile
from agent.evidence import citation_faults
from agent.statement import Citation, Ledger
from agent.tables import citations_of


def table_faults(file: BriefFile, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Places with what is wrong there."""
    tables = file.tables
    named = {name: getattr(tables, name) for name in ("naming", "words", "loaded", "timeline", "silences")}
    parts = [*named.items(), ("sources", tables.sourcing), *((f"matrix row {row.rank}, positions", row.positions) for row in file.matrix)]
    for where, part in parts:
        for citation in citations_of(part):
            yield from ((where, fault) for fault in citation_faults(citation, ledger))
    yield from _sources(file)
    yield from _outlets(file)
    yield from _claims(file)


def _sources(file: BriefFile) -> Iterator[tuple[str, str]]:
    table = file.tables.sourcing
    held = [part.outlet for part in file.articles if part.outlet]
    for row in table.types:
        if tuple(cell.outlet for cell in row.cells) != table.outlets:
            yield f"sources, {row.source_type}", "its cells are not those of the outlets, in their order"
    for voice in table.voices:
        where = f"sources, {voice.speaker}"
        for cell in voice.cells:
            yield from ((where, what) for what in _of(cell.outlet, cell.quotes))
        having = {cell.outlet for cell in voice.cells}
        if not set(voice.absent) <= set(held) - having:
            yield where, "it is called absent in an outlet that quotes it or is not listed"
        if list(voice.absent) != [name for name in table.outlets if name in voice.absent]:
            yield where, "the outlets without it are not in their order"
    for number, outlet in enumerate(table.outlets):
        for row in table.types:
            cells = (cell for voice in table.voices if voice.source_type == row.source_type for cell in voice.cells)
            spoken = sum(cell.words for cell in cells if cell.outlet == outlet)
            if number < len(row.cells) and row.cells[number].words != spoken:
                said = row.cells[number].words
                yield f"sources, {row.source_type}", f"it counts {said} words in {outlet}, and the voices of this type have {spoken} there"
        every = [row.cells[number] for row in table.types if number < len(row.cells)]
        total = max(1, sum(cell.words for cell in every))
        if any(cell.share != round(100 * cell.words / total) for cell in every):
            yield f"sources, {outlet}", "the shares are not those of the words"


def _of(outlet: str | None, citations: Sequence[Citation]) -> Iterator[str]:
    others = sorted({citation.outlet or "an outlet not known" for citation in citations if citation.outlet != outlet})
    if others:
        yield f"what is said of {outlet or 'an outlet not known'} cites {', '.join(others)}"


def _outlets(file: BriefFile) -> Iterator[tuple[str, str]]:
    tables = file.tables
    for row in tables.naming:
        for cell in row.cells:
            yield from ((f"naming, {row.subject}", what) for what in _of(cell.outlet, cell.places))
            if len(cell.places) > cell.uses:
                yield f"naming, {row.subject}", f"it counts {cell.uses} uses of “{cell.label}” and cites {len(cell.places)}"
    for word in tables.words:
        yield from ((f"words, {word.word}", what) for what in _of(word.outlet, word.places))
        if len(word.places) > word.uses or any(place.quote.lower() != word.word for place in word.places[:1]):
            yield f"words, {word.word}", "it is not the word that it cites, or it is cited more often than it is counted"
    for one in tables.loaded:
        yield from (("words to look at", what) for what in _of(one.outlet, (*one.places, *one.sentences)))
    listed = [(part.article_id, part.outlet, part.title, part.published) for part in file.articles]
    times = [(head.published or "9999", head.outlet or "") for head in tables.headlines]
    if times != sorted(times):
        yield "headlines", "not in the order of their publication"
    for head in tables.headlines:
        if (head.article_id, head.outlet, head.title, head.published) not in listed:
            yield "headlines", f"no article of {head.outlet or 'an outlet not known'} with the headline “{head.title or ''}” is listed"


def _claims(file: BriefFile) -> Iterator[tuple[str, str]]:
    held = {part.outlet for part in file.articles}
    for row in file.tables.timeline:
        for entry in row.entries:
            yield from (("timeline", what) for what in _of(entry.outlet, (entry.words,)))
    for silence in file.tables.silences:
        if silence.outlet not in held or silence.outlet in silence.makers:
            yield "silences", f"{silence.outlet} is not listed, or makes the claim itself"
        passages = (citation for miss in silence.passages for citation in miss.passage.citations)
        yield from (("silences", what) for what in _of(silence.outlet, tuple(passages)))
    for claim in file.matrix:
        for position in claim.positions:
            where = f"matrix row {claim.rank}, {position.outlet or 'an outlet not known'}"
            sentences = tuple(citation for sentence in position.sentences for citation in sentence.citations)
            yield from ((where, what) for what in _of(position.outlet, sentences))
            if any(citation.article_id != position.article_id for citation in sentences):
                yield where, "its sentences are another article's"

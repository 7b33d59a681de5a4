"""Checks a brief's file against a library. What is not the same is a fault, with its place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.brief_file import ArticlePart, BriefFile, CellPart, RowPart, read_brief
from agent.evidence import check
from agent.statement import Citation, Evidence, Ledger, Statement
from agent.verifying.inputs import unfounded
from agent.verifying.place import Held
from agent.verifying.tables import table_faults
from vectorstore.article import Article, digest
from vectorstore.chronology import order
from vectorstore.version import Version

# Positions that rest on words of the outlet; the others say that there are none.
WITH_WORDS = ("asserts", "attributes", "hedges", "denies", "differs")


# The texts that a brief read, by article and hash.
Texts = dict[tuple[str, str], Article]


class Histories(Protocol):
    """What of a library is asked."""

    def history(self, article_id: str) -> list[Version]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """`where` is the place in the brief, `what` is wrong there."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what was found wrong; no faults mean that the brief is as it was made and the library bears it out."""

    articles: int
    reported: int
    computed: int
    quotes: int
    faults: tuple[Fault, ...]


def verify(text: str | bytes, library: Histories) -> Verified:
    """Raises NotABrief if the file cannot be read as one."""
    file, seal = read_brief(text)
    held: Texts = {}
    faults = []
    for number, part in enumerate(file.articles, 1):
        found, wrong = _held(part, library)
        held |= found
        faults += [Fault(f"articles {number} ({part.outlet or part.title or part.article_id})", what) for what in wrong]
    statements = file.statements()
    ledger = Ledger()
    faults += _shown(file, held, ledger)
    faults += _sentences(statements, held, ledger)
    faults += [Fault(where, what) for where, what in table_faults(file, ledger)]
    faults += [Fault(where, what) for where, what in unfounded(file, Held.of(file))]
    faults += _places(file)
    faults += _quotations(file)
    faults += _matrix(file)
    if file.seal != seal:
        faults.append(Fault("the whole", "the file is not as it was sealed when the brief was made"))
    kinds = [statement.kind for _, statement in statements]
    quotes = sum(len(_citations(statement)) for _, statement in statements)
    return Verified(len(file.articles), kinds.count("reported"), kinds.count("computed"), quotes, tuple(dict.fromkeys(faults)))


def _citations(statement: Statement) -> tuple[Citation, ...]:
    return () if statement.kind == "fixed" else statement.citations


def _held(part: ArticlePart, library: Histories) -> tuple[Texts, list[str]]:
    """The article in the versions that the brief read, and what the brief says of it that the library does not."""
    versions = {version.article.text_id: version for version in library.history(part.article_id)}
    if not versions:
        return {}, ["no such article is held"]
    lacking = [text_id for text_id in (part.text_id, *part.earlier) if text_id not in versions]
    wrong = [f"the library holds {len(versions)} of its versions, and none with the hash {text_id[:12]}" for text_id in lacking]
    texts = {(part.article_id, one): versions[one].article for one in (part.text_id, *part.earlier) if one in versions}
    found = versions.get(part.text_id)
    if found is None:
        return texts, wrong
    article = found.article
    said = {name: getattr(part, name) for name in ("outlet", "title", "published", "author", "url", "language")}
    for name, value in said.items():
        known = getattr(article, name).value
        if known != value:
            wrong.append(f"the {name} is {_named(value)} here and {_named(known)} in the library")
    if part.version is not None and part.version != found.number:
        wrong.append(f"it is version {part.version} here and {found.number} in the library")
    wrong += ["its text does not have the hash it is held under" for one in texts.values() if digest(one.text) != one.text_id]
    return texts, wrong


def _named(value: str | None) -> str:
    return "unknown" if value is None else f"“{value}”"


def _shown(file: BriefFile, held: Texts, ledger: Ledger) -> Iterator[Fault]:
    """Fills the ledger with the passages that the brief cites, taken from the library anew."""
    listed = {(part.article_id, text_id) for part in file.articles for text_id in (part.text_id, *part.earlier)}
    for number, one in enumerate(file.evidence, 1):
        article = held.get((one.article_id, one.text_id))
        if (one.article_id, one.text_id) not in listed:
            yield Fault(f"evidence {number}", "it is of an article or version that the brief does not list")
        elif article is not None:
            (shown,) = ledger.show([Evidence(article, one.start, one.end)])
            if shown.key != one.key:
                yield Fault(f"evidence {number}", f"its key is {one.key} here and should be {shown.key}")


def _sentences(statements: Sequence[tuple[str, Statement]], held: Texts, ledger: Ledger) -> Iterator[Fault]:
    """What the gate says of every sentence. Many stand in several places, and are checked once."""
    outlets = sorted({article.outlet.value for article in held.values() if article.outlet.value})
    known: dict[Statement, tuple[str, ...]] = {}
    for where, statement in statements:
        if statement not in known:
            misquoted = (what for citation in _citations(statement) for what in _misquoted(citation, held))
            known[statement] = (*misquoted, *check(statement, ledger, outlets).reasons)
        yield from (Fault(where, what) for what in known[statement])


def _misquoted(citation: Citation, held: Texts) -> Iterator[str]:
    article = held.get((citation.article_id, citation.text_id))
    if article is None:
        yield f"the article {citation.article_id} is cited in a version that the brief does not list or the library does not hold"
    elif article.text[citation.start : citation.end] != citation.quote:
        yield f"the words “{_cut(citation.quote)}” do not stand at {citation.start} to {citation.end} of the article"
    elif (citation.outlet, citation.title, citation.published) != (article.outlet.value, article.title.value, article.published.value):
        yield f"the words “{_cut(citation.quote)}” are credited to another outlet, headline or time than the library has"


def _cut(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[:longest] + "..."


def _places(file: BriefFile) -> Iterator[Fault]:
    """Orders that the file itself shows: ranks from 1, articles by their times."""
    ranked: list[tuple[str, Iterable[int]]] = [("says", (one.rank for one in file.says)), ("matrix", (row.rank for row in file.matrix))]
    ranked += [(section.name, (one.rank for one in section.findings)) for section in file.sections]
    for name, ranks in ranked:
        found = list(ranks)
        if found != list(range(1, len(found) + 1)):
            yield Fault(name, f"its order is {', '.join(map(str, found[:12]))}")
    times = [order(part.published, part.article_id) for part in file.articles]
    for number, (before, after) in enumerate(itertools.pairwise(times), 1):
        if before >= after:
            yield Fault(f"articles {number} and {number + 1}", "not in the order of their publication")


def _quotations(file: BriefFile) -> Iterator[Fault]:
    """Outside a model's opening a reported sentence is the article's own, and stands before what is computed of it."""
    rows = [
        (f"matrix row {row.rank}", one)
        for row in file.matrix
        for one in (row.claim, *(quote for cell in row.cells for quote in cell.quotes))
    ]
    for where, finding in file.findings():
        rows += [(where, one) for one in (*finding.statements, *finding.details) if one.kind == "reported"]
        rows += [(f"{where}, why", one) for one in (finding.why.sentences if finding.why else ())]
        kinds = [one.kind for one in finding.statements]
        if kinds != sorted(kinds, key=lambda kind: kind != "reported"):
            yield Fault(where, "its sentences are not in their order")
    for where, one in rows:
        if len(one.citations) != 1 or one.text != one.citations[0].quote:
            yield Fault(where, f"“{_cut(one.text)}” is not word for word what it quotes")


def _matrix(file: BriefFile) -> Iterator[Fault]:
    held = {part.outlet for part in file.articles if part.outlet}
    for row in file.matrix:
        where = f"matrix row {row.rank}"
        if tuple(cell.outlet for cell in row.cells) != file.outlets:
            yield Fault(where, "its cells are not those of the outlets, in their order")
        for cell in row.cells:
            yield from (Fault(f"{where}, {cell.outlet}", what) for what in _cell(cell, row, held))


def _cell(cell: CellPart, row: RowPart, held: set[str]) -> Iterator[str]:
    if (cell.position == "not held") != (cell.outlet not in held):
        yield f"it says {cell.position}, and the brief lists {'an' if cell.outlet in held else 'no'} article of this outlet"
    if (cell.position in WITH_WORDS) != bool(cell.quotes):
        yield f"it says {cell.position} {'without' if not cell.quotes else 'beside'} words of the outlet"
    if any(citation.outlet != cell.outlet for quote in cell.quotes for citation in quote.citations):
        yield "it quotes another outlet"
    own = row.claim.citations[0] if row.claim.citations else None
    quoted = [citation for quote in cell.quotes for citation in quote.citations]
    if own is not None and own.outlet == cell.outlet and own not in quoted:
        yield "the words of the claim are this outlet's, and the cell does not have them"

"""The file that a brief is kept in, as a schema: what `--out FILE.json` writes and `verify` reads.

The file may come from anybody, so every value of it is checked for its kind and none may be there that the schema doesn't name.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.brief_seal import NAME, VERSION, seal
from agent.statement import Citation, Computed, Fixed, Reported, Statement
from agent.tables import Cell, Position, Tables
from vectorstore.not_json import json_fault

LARGEST = 200_000_000  # bytes; a brief on 200 articles has some 5 million


class NotABrief(ValueError):
    """The file is not a brief that this program can read; the message says why and what to do."""

    exit_code = 1


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CitationPart(Part):
    """The words `quote` stand in the text with the sha256 `text_id` from `start` to `end`, counted in Unicode characters."""

    key: str
    article_id: str
    text_id: str
    outlet: str | None
    title: str | None
    published: str | None
    start: int
    end: int
    quote: str

    def value(self) -> Citation:
        return Citation(**dict(self))


class ReportedPart(Part):
    kind: Literal["reported"]
    text: str
    citations: tuple[CitationPart, ...]

    def value(self) -> Reported:
        return Reported(self.text, tuple(one.value() for one in self.citations))


class ComputedPart(Part):
    """`rule` and `inputs` rebuild `text`."""

    kind: Literal["computed"]
    text: str
    rule: str
    inputs: tuple[str | int | tuple[str, ...], ...]
    citations: tuple[CitationPart, ...]

    def value(self) -> Computed:
        return Computed(self.text, self.rule, self.inputs, tuple(one.value() for one in self.citations))


class FixedPart(Part):
    kind: Literal["fixed"]
    text: str
    name: str

    def value(self) -> Fixed:
        return Fixed(self.text, self.name)


StatementPart = Annotated[ReportedPart | ComputedPart | FixedPart, Field(discriminator="kind")]


class WhyPart(Part):
    """The rule that a finding follows, the scores that decided, and the sentences they are of."""

    rule: FixedPart
    scores: tuple[ComputedPart, ...]
    sentences: tuple[ReportedPart, ...]


class FindingPart(Part):
    """`rank` counts the findings of a section from 1. `finding_id` is what `rashomon compare --why` takes, "" for what is no finding."""

    rank: int
    finding_id: str
    statements: tuple[StatementPart, ...]
    details: tuple[ReportedPart, ...]
    why: WhyPart | None


class SectionPart(Part):
    name: str
    findings: tuple[FindingPart, ...]


class CellPart(Part):
    outlet: str
    position: Cell
    quotes: tuple[ReportedPart, ...]


class RowPart(Part):
    rank: int
    claim: ReportedPart
    cells: tuple[CellPart, ...]
    positions: tuple[Position, ...]


class SearchPart(Part):
    query: str
    outlets: tuple[str, ...]
    since: str | None
    until: str | None
    articles_searched: int
    found: tuple[str, ...]


class EvidencePart(Part):
    """A passage that was shown, and so may be cited by its key."""

    key: str
    article_id: str
    text_id: str
    start: int
    end: int


class ArticlePart(Part):
    """`text_id` is the sha256 of the article's text; `origin` names the first article of the independent text it descends from.

    `compared` is false where too many articles of one outlet print one text (agent/brief.py). `compared_to` is how many
    characters of it were compared, if not all. `earlier` are the hashes of earlier versions of it that are cited.
    """

    article_id: str
    text_id: str
    outlet: str | None
    title: str | None
    published: str | None
    author: str | None
    url: str | None
    language: str | None
    origin: str
    compared: bool
    compared_to: int | None = None
    version: int | None
    versions: int | None
    earlier: tuple[str, ...]


class OriginPart(Part):
    article_ids: tuple[str, ...]
    author: str | None
    basis: str
    shared: tuple[int, ...]


class NamedPart(Part):
    name: str
    value: str


class ManifestPart(Part):
    program: str
    made: str
    reader: str
    model: str | None
    endpoint: str | None
    prompts: tuple[NamedPart, ...]
    settings: tuple[NamedPart, ...]


class BriefFile(Part):
    """`seal` is the sha256 over all the rest: see `seal`."""

    format: Literal["rashomon brief"]
    version: Literal[1]
    title: str
    first: str | None
    last: str | None
    counts: ComputedPart
    opening: tuple[StatementPart, ...]
    reader: str
    notes: tuple[str, ...]
    refusal: tuple[ComputedPart, ...]
    says: tuple[FindingPart, ...]
    sections: tuple[SectionPart, ...]
    outlets: tuple[str, ...]
    matrix: tuple[RowPart, ...]
    tables: Tables
    missing: tuple[ComputedPart, ...]
    searched: tuple[SearchPart, ...]
    articles: tuple[ArticlePart, ...]
    origins: tuple[OriginPart, ...]
    evidence: tuple[EvidencePart, ...]
    manifest: ManifestPart | None
    seal: str

    def findings(self) -> list[tuple[str, FindingPart]]:
        """Every finding with its place in the file."""
        found = [(f"says {one.rank}", one) for one in self.says]
        return found + [(f"{section.name} {one.rank}", one) for section in self.sections for one in section.findings]

    def statements(self) -> list[tuple[str, Statement]]:
        """Every statement with its place in the file, for people."""
        found: list[tuple[str, Statement]] = [("counts", self.counts.value())]
        for name in ("opening", "refusal", "missing"):
            found += [(f"{name} {number}", one.value()) for number, one in enumerate(getattr(self, name), 1)]
        for place, finding in self.findings():
            found += [(f"{place}, statement {number}", one.value()) for number, one in enumerate(finding.statements, 1)]
            found += [(f"{place}, quote {number}", one.value()) for number, one in enumerate(finding.details, 1)]
            why: list[FixedPart | ComputedPart | ReportedPart] = []
            if finding.why:
                why = [finding.why.rule, *finding.why.scores, *finding.why.sentences]
            found += [(f"{place}, why {number}", one.value()) for number, one in enumerate(why, 1)]
        for row in self.matrix:
            found.append((f"matrix row {row.rank}", row.claim.value()))
            found += [(f"matrix row {row.rank}, {cell.outlet}", one.value()) for cell in row.cells for one in cell.quotes]
            found += [(f"matrix row {row.rank}, positions", sentence) for one in row.positions for sentence in one.sentences]
        for number, silence in enumerate(self.tables.silences, 1):
            every = (silence.claim, silence.public, *(part for miss in silence.passages for part in (miss.passage, miss.why_not)))
            found += [(f"silence {number}", one) for one in every]
        found += [(f"claim {number} of the timeline", row.claim) for number, row in enumerate(self.tables.timeline, 1)]
        return found


def read_brief(text: str | bytes) -> tuple[BriefFile, str]:
    """The brief, and the seal that its content should have. Raises NotABrief."""
    if len(text) > LARGEST:
        raise NotABrief(f"larger than {LARGEST:,} bytes; no brief is")
    try:
        data = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise NotABrief(f"not JSON: {json_fault(error)}; `rashomon brief ... --out FILE.json` writes one") from error
    if not isinstance(data, dict) or data.get("format") != NAME:
        raise NotABrief(f'not a brief: its "format" is not "{NAME}"; `rashomon brief ... --out FILE.json` writes one')
    if data.get("version") != VERSION:
        other = f"a brief of version {data.get('version')!r}, and this program reads version {VERSION}"
        raise NotABrief(f"{other}; make it anew, or use the program that made it")
    try:
        return BriefFile.model_validate_json(json.dumps(data)), seal(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise NotABrief(f"{'/'.join(map(str, first['loc']))}: {first['msg']}") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one key a reader would see only one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found

"""The brief on one event: what is agreed and by whom, what is disputed, what only one has, what is missing. No model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.comparing.claims import compare, on_whose_word, source_name
from agent.comparing.prose import is_prose
from agent.comparing.sameness import Embed, States
from agent.evidence import check
from agent.findings import Finder
from agent.manifest import Manifest
from agent.reading import Reading
from agent.reading.kept_grammar import Parse
from agent.reading.read import read
from agent.reading.stance import tells
from agent.sections.disputes import disputed, quoted_differently
from agent.sections.loaded import loaded
from agent.sections.naming import named, used_more
from agent.sections.positions import doers, drifts, headlines, matrix, prominence
from agent.sections.silence import silent
from agent.sections.speaking import sourcing
from agent.sections.timeline import timeline
from agent.statement import Citation, Computed, Evidence, Ledger, Reported, Search, Statement
from agent.tables import Finding, Row, Tables
from agent.terms import terms, words
from agent.wording import computed, fixed
from vectorstore.article import Article
from vectorstore.origin import Origin
from vectorstore.sentence import paragraph_spans

STUB = 60  # words; shorter pages are teasers and notices, and their silence means nothing
# Articles of one outlet from one origin that are read: the first and the last ones. More of them are one voice said again, and a flood of
# them must neither drown what others say nor cost an hour (1,000 near copies in the tests).
PER_ORIGIN = 3
# Scripts that write words without blanks between them: Thai, Lao, Burmese, Khmer, Chinese and Japanese.
UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff]")
# Of one article no more is compared than so many characters and sentences: the time grows faster than both, and anybody can publish a long
# one. Of 2,800 articles in the sets at hand the longest has 71,034 characters and 762 sentences.
LONGEST_COMPARED, MOST_SENTENCES = 100_000, 1_000
SAYS = 8  # sentences of a lone article that are shown


NO_TABLES = Tables()


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Claims down, outlets across. Outlets whose articles have no usable text are "not held" throughout."""

    outlets: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """All numbers in it are computed. `opening` is a model's, through the gate, and empty without one.

    `refusal` is set where nothing can be compared; then `says` holds what a lone article says. `unread` are articles left out of the
    comparison (PER_ORIGIN). `compared_to` tells of those that are too long how many characters of them were compared.
    """

    title: str
    first: str | None
    last: str | None
    counts: Computed
    articles: tuple[Article, ...]
    sections: tuple[Section, ...]
    matrix: Matrix | None
    missing: tuple[Computed, ...]
    ledger: Ledger
    refusal: tuple[Computed, ...] = ()
    says: tuple[Finding, ...] = ()
    opening: tuple[Statement, ...] = ()
    reader: str = "extractive reader"
    notes: tuple[str, ...] = ()
    tables: Tables = NO_TABLES
    origins: tuple[Origin, ...] = ()
    unread: frozenset[str] = frozenset()
    compared_to: Mapping[str, int] = field(default_factory=dict)
    manifest: Manifest | None = None

    @property
    def refused(self) -> bool:
        return bool(self.refusal)

    def section(self, name: str) -> tuple[Finding, ...]:
        return next((section.findings for section in self.sections if section.name == name), ())

    def origin_of(self, article_id: str) -> str:
        """The first article of the origin that this one descends from."""
        return next((origin.origin_id for origin in self.origins if article_id in origin.article_ids), article_id)

    def finding(self, finding_id: str) -> tuple[str, Finding] | None:
        """The section's name and the finding with this id, or whose id begins so, if one alone does."""
        every = [(section.name, finding) for section in self.sections for finding in section.findings if finding.finding_id]
        found = [one for one in every if one[1].finding_id == finding_id] or [
            one for one in every if finding_id and one[1].finding_id.startswith(finding_id)
        ]
        return found[0] if len(found) == 1 else None

    def statements(self) -> tuple[Statement, ...]:
        """Every sentence of the brief, for the gate and for `verify`."""
        found: list[Statement] = [self.counts, *self.opening, *self.refusal, *self.missing]
        findings = [*self.says, *(finding for section in self.sections for finding in section.findings)]
        for finding in findings:
            found += [*finding.statements, *finding.details]
            found += [finding.why.rule, *finding.why.scores, *finding.why.sentences] if finding.why else []
        for row in self.matrix.rows if self.matrix else ():
            found += [row.claim, *(sentence for position in row.positions for sentence in position.sentences)]
        for silence in self.tables.silences:
            found += [silence.claim, silence.public, *(part for miss in silence.passages for part in (miss.passage, miss.why_not))]
        return tuple(found)


def make_brief(
    articles: Sequence[Article],
    origins: Sequence[Origin],
    embed: Embed,
    ledger: Ledger,
    *,
    states: States | None = None,
    question: str | None = None,
    title: str | None = None,
    earlier: Mapping[str, Sequence[Article]] | None = None,
    parser: Parse | None = None,
) -> Brief:
    """Compare articles on one event. `origins` say which are copies; agreement is counted by them.

    With a question, what bears on it comes first. `states` gives the vectors of tokens (Library.states).
    `earlier` are the versions of articles before those given, by article id: what they said and no longer say is told.
    """
    articles = list({article.article_id: article for article in articles}.values())  # of two versions the later one stands
    usable = [article for article in articles if _length(article.text) >= STUB]
    missing = _missing(articles, usable)
    outlets = {article.outlet.value for article in usable if article.outlet.value}
    origin_of = {article_id: origin.origin_id for origin in origins for article_id in origin.article_ids}
    independent = {origin_of.get(article.article_id, article.article_id) for article in usable}
    unknown = sum(1 for article in usable if not article.outlet.value)
    counts = computed("brief_counts", len(outlets), unknown, len(usable), len(independent))
    days = sorted(article.published.value[:10] for article in usable if article.published.value)
    first, last = (days[0], days[-1]) if days else (None, None)
    name = title or _headline(usable or articles)
    if len(usable) < 2:
        refusal, says = _refusal(usable, ledger)
        unusable = _missing(articles, usable, metadata=False)
        return Brief(
            name, first, last, counts, tuple(usable), (), None, unusable, ledger, refusal=refusal, says=says, origins=tuple(origins)
        )
    kept, repeated = _without_floods(usable, origin_of)
    readings = [_read(article) for article in kept]
    ends = {one.article.article_id: end for one in readings if one.article.text[(end := _end(one)) :].strip()}
    missing = (*missing, *repeated, *_in_part(kept, ends))
    comparison = compare(readings, embed, states, parser=parser)
    _record(ledger, question or name, kept, first, last)
    unread = [article for article in usable if article not in kept]
    rests = [(article, article.text[ends[article.article_id] :]) for article in kept if article.article_id in ends]
    finder = Finder(comparison, origins, ledger, _relevance(embed, question), unread, rests)
    voices, speaking = sourcing(finder)
    names, naming = named(finder)
    distinct, more = used_more(finder)
    silences, silence = silent(finder)
    times, order = timeline(finder, earlier or {})
    effect, worded = loaded(finder)
    titles, heads = headlines(finder)
    found = (
        Section("Disputed", disputed(finder) or (Finding((fixed("nothing_disputed"),)),)),
        Section("Agreed", finder.agreed() or (Finding((fixed("nothing_agreed"),)),)),
        Section("Probably shared", finder.side_by_side()),
        Section("Fact here, somebody's word there", drifts(finder)),
        Section("Who did it", doers(finder)),
        Section("Quoted differently", quoted_differently(finder)),
        Section("Said in other words", naming if comparison.grammar else (*naming, Finding((fixed("no_parser"),)))),
        Section("Words used much more", more),
        Section("Words to look at", worded),
        Section("Who gets to speak", speaking),
        Section("Only one", finder.only_one()),
        Section("Silent", silence),
        Section("Who had it first", order),
        Section("High here, low there", prominence(finder)),
        Section("Headlines", heads),
        Section("Copies", finder.copies()),
    )
    tables = Tables(voices, names, distinct, effect, titles, times, silences)
    held = sorted(outlets)
    sections, dropped = _passed(found, ledger, held)
    if dropped:
        missing = (*missing, computed("left_out", dropped))
    absent = sorted({article.outlet.value for article in articles if article.outlet.value} - outlets)
    claims = Matrix((*held, *absent), matrix(finder, absent))
    left = frozenset(article.article_id for article in unread)
    return Brief(
        name,
        first,
        last,
        counts,
        tuple(usable),
        sections,
        claims,
        missing,
        ledger,
        tables=tables,
        origins=tuple(origins),
        unread=left,
        compared_to=ends,
    )


def _read(article: Article) -> Reading:
    """The article as far as it is compared: whole sentences, the last one that the limit cuts left out."""
    reading = read(article, LONGEST_COMPARED)
    cut = len(article.text) > LONGEST_COMPARED
    return replace(reading, sentences=reading.sentences[: len(reading.sentences) - cut][:MOST_SENTENCES])


def _end(reading: Reading) -> int:
    return reading.sentences[-1].span.end if reading.sentences else 0


def _in_part(articles: Sequence[Article], ends: Mapping[str, int]) -> tuple[Computed, ...]:
    """What is said of each article that was not compared whole."""
    return tuple(
        computed("read_in_part", _name(article), article.title.value or "", ends[article.article_id])
        for article in articles
        if article.article_id in ends
    )


def _without_floods(articles: Sequence[Article], origin_of: Mapping[str, str]) -> tuple[list[Article], tuple[Computed, ...]]:
    """At most PER_ORIGIN articles of an outlet from one origin, in their order, and what was left out."""
    groups: dict[tuple[str | None, str], list[Article]] = {}
    for article in articles:
        groups.setdefault((article.outlet.value, origin_of.get(article.article_id, article.article_id)), []).append(article)
    unread = {article.article_id for group in groups.values() for article in group[1 : len(group) - PER_ORIGIN + 1]}
    of_outlet = Counter(article.outlet.value or "" for article in articles if article.article_id in unread)
    said = tuple(computed("repeated", outlet, number, PER_ORIGIN) for outlet, number in sorted(of_outlet.items()))
    return [article for article in articles if article.article_id not in unread], said


def _passed(sections: Sequence[Section], ledger: Ledger, outlets: Sequence[str]) -> tuple[tuple[Section, ...], int]:
    """The findings all of whose sentences pass the gate, and how many did not."""
    kept, dropped = [], 0
    used: set[str] = set()
    for section in sections:
        findings = []
        for finding in section.findings:
            if all(check(statement, ledger, outlets).passed for statement in (*finding.statements, *finding.details)):
                findings.append(_with_own_id(finding, used))
            else:
                dropped += 1
        kept.append(Section(section.name, tuple(findings)))
    return tuple(kept), dropped


def _with_own_id(finding: Finding, used: set[str]) -> Finding:
    """The finding; if another has its id, with a number after it."""
    own, number = finding.finding_id, 2
    while own and own in used:
        own, number = f"{finding.finding_id}-{number}", number + 1
    used.add(own)
    return finding if own == finding.finding_id else replace(finding, finding_id=own)


def _record(ledger: Ledger, query: str, articles: Sequence[Article], first: str | None, last: str | None) -> None:
    outlets = tuple(sorted({article.outlet.value for article in articles if article.outlet.value}))
    days = [article.day for article in articles if article.day]
    since, until = (min(days), max(days)) if first and last and days else (None, None)
    ledger.record(Search(query, outlets, since, until, len(articles), ()))


def _relevance(embed: Embed, question: str | None) -> Embed | None:
    """Cosine of texts to the question, as an array; None without a question."""
    if not question:
        return None
    vector = embed([question])[0]
    return lambda texts: embed(texts) @ vector


def _length(text: str) -> int:
    """In words; where no blanks part them, two letters count as one."""
    return sum(max(1, len(word) // 2) if UNPARTED.search(word) else 1 for word in words(text))


def _missing(articles: Sequence[Article], usable: Sequence[Article], *, metadata: bool = True) -> tuple[Computed, ...]:
    found = []
    empty = [_name(article) for article in articles if not words(article.text)]
    short = [_name(article) for article in articles if 0 < _length(article.text) < STUB]
    if empty:
        found.append(computed("no_text", tuple(empty)))
    if short:
        found.append(computed("stubs", tuple(short), STUB))
    if not metadata:
        return tuple(found)
    undated = [_name(article) for article in usable if not article.published.value]
    nameless = [article.title.value or "no headline" for article in usable if not article.outlet.value]
    if undated:
        found.append(computed("no_dates", tuple(undated), len(usable)))
    foreign = [article for article in usable if not article.in_english]
    if foreign:
        languages = tuple(sorted({article.language.value for article in foreign if article.language.value}))
        found.append(computed("other_languages", tuple(map(_name, foreign)), languages, len(usable)))
    if nameless:
        found.append(computed("no_outlets", tuple(nameless), len(usable)))
    return tuple(found)


def _name(article: Article) -> str:
    return article.outlet.value or article.title.value or _held(article)


def _held(article: Article) -> str:
    return article.given_id.value or article.url.value or f"article {article.article_id[:8]}"


def _headline(articles: Sequence[Article]) -> str:
    """The headline that has most in common with the others'; the first on a tie."""
    titles = [article.title.value for article in articles if article.title.value]
    if not titles:
        return "No headline known"
    used = Counter(term for title in titles for term in set(terms(title)))
    return max(titles, key=lambda title: sum(used[term] - 1 for term in set(terms(title))) / (5 + len(terms(title))))


def _refusal(usable: Sequence[Article], ledger: Ledger) -> tuple[tuple[Computed, ...], tuple[Finding, ...]]:
    if not usable:
        return (computed("no_comparison", 0, "", "", 0, ()), computed("would_take", "", 1)), ()
    article = usable[0]
    reading = _read(article)
    fields = {"headline": article.title, "outlet": article.outlet, "date": article.published}
    unknown = tuple(name for name, field in fields.items() if field.value is None)
    paragraphs = len(paragraph_spans(article.text))
    refusal = computed("no_comparison", 1, article.outlet.value or "", article.title.value or _held(article), paragraphs, unknown)
    known = int(article.outlet.value is not None and article.published.value is not None)
    return (refusal, computed("would_take", _about(reading), known)), _says(reading, ledger)


def _about(reading: Reading) -> str:
    """The names that the article has most often, which say what it is about."""
    text = reading.article.text
    named = Counter(text[name.start : name.end] for sentence in reading.sentences for name in sentence.names)
    return ", ".join(name for name, _ in named.most_common(3))


def _says(reading: Reading, ledger: Ledger) -> tuple[Finding, ...]:
    """The opening and the sentences that name a source, in the article's order, each with whose word it is."""
    found = []
    prose = [sentence for sentence in reading.sentences if is_prose(sentence)]
    chosen = [sentence for number, sentence in enumerate(prose) if number < 2 or sentence.attributions]
    for sentence in chosen[:SAYS]:
        (evidence,) = ledger.show([Evidence(reading.article, sentence.span.start, sentence.span.end)])
        citation = Citation.of(evidence, sentence.span.start, sentence.span.end)
        named = on_whose_word(reading, (one for one in sentence.attributions if tells(sentence, one)))
        source = (named and source_name(reading, named)) or ""
        if source or not sentence.attributions:
            found.append(Finding((Reported(citation.quote, (citation,)), computed("on_whose_word", source, citations=(citation,)))))
    return tuple(found)

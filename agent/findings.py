"""Turns a comparison into the statements of a brief: each finding with the words it rests on."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.comparing.agreement import COVERED, TOUCHED, bears_out
from agent.comparing.claims import DEPENDENT, SURE, AlignedClaim, Comparison, stance_on
from agent.comparing.conflicts import Conflict, conflicts, values_differ
from agent.comparing.exclusive import concreteness, exclusives, names_by_origin, silences
from agent.comparing.naming import Label, bare_words, naming, scare_quotes
from agent.comparing.prose import is_bare_quotation
from agent.comparing.sameness import Embed
from agent.comparing.voices import unique_words, voices
from agent.reading import Stance
from agent.statement import Citation, Computed, Evidence, Ledger, Reported, Search, Statement
from agent.wording import computed, listed
from vectorstore.article import Article
from vectorstore.origin import Origin
from vectorstore.sentence import Span

Cell = Literal["asserts", "attributes", "hedges", "denies", "differs", "silent", "unclear", "not held"]

UNKNOWN = "an outlet not known"
PROBABLE = 0.55  # links of this probability are shown side by side, for the reader to judge
# Share of the origins that must make a claim before it is called agreed, and how many are enough: two of thirty are not agreement.
MANY, ENOUGH = 0.1, 3
WIDELY = 0.3  # share of the articles that must make a claim before silence on it is worth a line
LINE = 110  # characters
# A question, or a sentence cut off after a title: it cannot stand for a claim.
CUT_OFF = re.compile(r"(?:\?[\"”’]*|\b(?:Gov|Sen|Rep|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Capt|Prof|Rev|St|No)\.)\s*$")
LONGEST = 320  # characters of a sentence that may stand for a claim


@dataclass(frozen=True, slots=True)
class Finding:
    """What a line of the brief says, in statements, and the quotes that belong under it."""

    statements: tuple[Statement, ...]
    details: tuple[Reported, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the matrix: a cell for each outlet, in the order of the matrix, and the words that each cell rests on."""

    claim: Reported
    cells: tuple[Cell, ...]
    quotes: tuple[tuple[Reported, ...], ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A sentence and the sentences of other articles that surely state the same: what is printed as agreed."""

    claim: AlignedClaim
    gist: int
    supporters: tuple[int, ...]
    origins: int
    certainty: float


class Finder:
    """Everything a brief says about one comparison. Every quote it gives is shown in the ledger first."""

    def __init__(
        self,
        comparison: Comparison,
        origins: Sequence[Origin],
        ledger: Ledger,
        relevance: Embed | None = None,
    ) -> None:
        self.comparison = comparison
        origin_of = {article_id: origin.origin_id for origin in origins for article_id in origin.article_ids}
        # A rewritten copy may have got its figures elsewhere; an exact or edited one has the source's.
        printed = {link.copy: origin.origin_id for origin in origins for link in origin.links if link.kind != "rewritten"}

        def one_text(first: str, second: str) -> bool:
            return printed.get(first, first) == printed.get(second, second)

        self.origins = origins
        self.origin_of = origin_of
        self.ledger = ledger
        self.relevance = relevance
        self.articles = {reading.article.article_id: reading.article for reading in comparison.readings}
        self.conflicts = sorted(conflicts(comparison, one_text), key=self._contested)
        self.links: dict[int, dict[int, float]] = {}
        for link in comparison.links:
            self.links.setdefault(link.first, {})[link.second] = link.probability
            self.links.setdefault(link.second, {})[link.first] = link.probability
        used = Counter(term for one in comparison.sentences for term in set(one.terms))
        self.rarity = {term: math.log((len(comparison.sentences) + 1) / number) for term, number in used.items()}
        self.concrete = names_by_origin(comparison, origin_of)
        everyone = {self.origin(article_id) for article_id in self.articles}
        self.shared = [star for star in self._shared(SURE, COVERED, set()) if star.origins >= max(2, min(ENOUGH, MANY * len(everyone)))]
        printed_already = {number for star in self.shared for number in (star.gist, *star.supporters)}
        self.likely = self._shared(PROBABLE, TOUCHED, printed_already)

    # What the rest is built from.

    def origin(self, article_id: str) -> str:
        return self.origin_of.get(article_id, article_id)

    def _same_origin(self, first: str, second: str) -> bool:
        return self.origin(first) == self.origin(second)

    def cite(self, article: Article, span: Span) -> Citation:
        (evidence,) = self.ledger.show([Evidence(article, span.start, span.end)])
        return Citation.of(evidence, span.start, span.end)

    def quote(self, article: Article, span: Span) -> Reported:
        citation = self.cite(article, span)
        return Reported(citation.quote, (citation,))

    def sentence(self, number: int) -> Reported:
        return self.quote(self.articles[self.comparison.article_id(number)], self.comparison.sentences[number].sentence.span)

    def names(self, article_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.articles[article_id].outlet.value or UNKNOWN for article_id in article_ids))

    def _contested(self, conflict: Conflict) -> tuple[int, int, int]:
        origins = {self.origin(side.article_id) for side in conflict.sides}
        return (("conflict", "update", "scope").index(conflict.relation), -len(origins), -len(conflict.sides))

    def _order(self, items: list[tuple[int, tuple[float, ...]]]) -> list[int]:
        """Sentence numbers, those that bear on the question first if there is one, then by the given keys."""
        if self.relevance is None:
            return [number for number, _ in sorted(items, key=lambda item: item[1])]
        texts = [self.comparison.sentences[number].sentence.text for number, _ in items]
        near = self.relevance(texts).tolist() if texts else []
        # In steps of a fifth, or the nearest wording would always come before what more outlets say.
        ranked = sorted(zip(items, near, strict=True), key=lambda pair: (-int(float(pair[1]) * 5), pair[0][1]))
        return [number for (number, _), _ in ranked]

    def _shared(self, least: float, covered: float, used: set[int]) -> list[Shared]:
        """Claims that two or more origins make, no two of them mostly the same sentences; `used` are sentences to leave out."""
        place = {(self.comparison.article_id(n), one.sentence.span): n for n, one in enumerate(self.comparison.sentences)}
        best: dict[int, Shared] = {}
        for claim in self.comparison.claims:
            members = [place[position.article_id, span] for position in claim.positions for span in position.spans]
            stars = [star for member in members if member not in used and (star := self._star(claim, member, members, least, covered))]
            if stars:
                # A long sentence says more than the others bear out: it must win an origin for each line it takes.
                star = max(stars, key=lambda one: one.origins - len(self.comparison.sentences[one.gist].sentence.text) / LINE)
                known = best.get(star.gist)
                if known is None or star.origins > known.origins:
                    best[star.gist] = star
        by_gist = {star.gist: star for star in best.values()}
        order = self._order([(star.gist, (-star.origins, -star.certainty)) for star in by_gist.values()])
        kept: list[Shared] = []
        used = set(used)
        for gist in order:
            star = by_gist[gist]
            members_of = {gist, *star.supporters}
            if len(members_of & used) * 2 < len(members_of):
                kept.append(star)
                used |= members_of
        return kept

    def _star(self, claim: AlignedClaim, gist: int, members: Sequence[int], least: float, covered: float) -> Shared | None:
        """The claim as `gist` words it, with those that state the same; None if it cannot stand alone or for two origins."""
        one = self.comparison.sentences[gist]
        text = one.sentence.text
        if re.split("['’]", one.words[0])[0] in DEPENDENT or is_bare_quotation(one.sentence):
            return None
        if len(one.terms) < 5 or len(text) > LONGEST or CUT_OFF.search(text):
            return None
        if concreteness(one, self.concrete) <= 0:
            return None
        near = self.links.get(gist, {})
        supporters = [
            other
            for other in members
            if near.get(other, 0.0) >= least and bears_out(one, self.comparison.sentences[other], self.rarity, covered)
        ]
        holders = {self.comparison.article_id(number) for number in (gist, *supporters)}
        origins = {self.origin(article_id) for article_id in holders}
        outlets = {self.articles[article_id].outlet.value or article_id for article_id in holders}
        # An outlet that says it in two articles of its own is one witness, as five outlets with one text are.
        witnesses = min(len(origins), len(outlets))
        if witnesses < 2:
            return None
        across = [near[number] for number in supporters]
        return Shared(claim, gist, tuple(supporters), witnesses, sum(across) / len(across))

    # The sections.

    def agreed(self) -> tuple[Finding, ...]:
        contested = {(side.article_id, side.value) for one in self.conflicts if one.kind != "wording" for side in one.sides}
        texts = {article: {value for other, value in contested if other == article} for article, _ in contested}
        found = []
        for star in self.shared:
            numbers = (star.gist, *star.supporters)
            gist = self.comparison.sentences[star.gist].sentence
            if any(value in gist.text for value in texts.get(self.comparison.article_id(star.gist), ())):
                continue
            found.append(Finding((self.sentence(star.gist), self._agreement(star)), tuple(self.sentence(n) for n in numbers[1:])))
        return tuple(found)

    def side_by_side(self) -> tuple[Finding, ...]:
        """Sentences that probably state one thing, in the words of each origin."""
        found = []
        for star in self.likely:
            by_origin: dict[str, int] = {}
            for number in sorted((star.gist, *star.supporters), key=lambda number: number != star.gist):
                by_origin.setdefault(self.origin(self.comparison.article_id(number)), number)
            shown = list(by_origin.values())
            found.append(Finding((self.sentence(shown[0]), self._agreement(star)), tuple(self.sentence(number) for number in shown[1:])))
        return tuple(found)

    def _agreement(self, star: Shared) -> Computed:
        by_article: dict[str, list[int]] = {}
        for number in (star.gist, *star.supporters):
            by_article.setdefault(self.comparison.article_id(number), []).append(number)
        ways = [self._stance(star, numbers) for numbers in by_article.values()]
        counts = (ways.count("asserts"), ways.count("attributes"), ways.count("hedges"), ways.count("denies"))
        citations = [self.sentence(numbers[0]).citations[0] for numbers in by_article.values()]
        return computed("agreement", self.names(by_article), star.origins, *counts, citations=citations)

    def _stance(self, star: Shared, numbers: Sequence[int]) -> Stance:
        """How some of its sentences, of one outlet, stand to what is shared."""
        own = [self.comparison.sentences[number] for number in numbers]
        articles = {one.article for one in own}
        others = [self.comparison.sentences[number] for number in (star.gist, *star.supporters)]
        return stance_on(own, [one for one in others if one.article not in articles])

    def disputed(self) -> tuple[Finding, ...]:
        return tuple(self._dispute(one) for one in self.conflicts if one.kind != "wording")

    def _dispute(self, conflict: Conflict) -> Finding:
        holders: dict[float | None, list[str]] = {}
        for side in conflict.sides:
            holders.setdefault(side.amount, []).append(side.article_id)
        shown = {side.amount: side.value for side in reversed(conflict.sides)}
        sides = tuple((shown[value], *self.names(articles)) for value, articles in holders.items())
        quotes = tuple(self.quote(self.articles[side.article_id], side.span) for side in conflict.sides)
        citations = tuple(quote.citations[0] for quote in quotes)
        return Finding((computed("disputed", conflict.relation, conflict.about, *sides, citations=citations),), quotes)

    def quoted_differently(self) -> tuple[Finding, ...]:
        found = []
        for one in self.conflicts:
            if one.kind != "wording":
                continue
            first, second = one.sides
            if self.origin(first.article_id) == self.origin(second.article_id):
                continue
            quotes = tuple(self.quote(self.articles[side.article_id], side.span) for side in one.sides)
            inputs = (first.value, first.outlet or UNKNOWN, second.value, second.outlet or UNKNOWN)
            found.append(Finding((computed("quoted_differently", *inputs, citations=[q.citations[0] for q in quotes]),), quotes))
        return tuple(found)

    def named(self) -> tuple[Finding, ...]:
        found = []
        for one in naming(self.comparison):
            groups: dict[str, list[Label]] = {}
            for label in one.labels:
                groups.setdefault(one.word_of(label), []).append(label)
            origins = {self.origin(label.article_id) for label in one.labels}
            if len(groups) < 2 or len(origins) < 2:
                continue
            ordered = sorted(groups.values(), key=lambda labels: (-len(labels), labels[0].text.lower()))
            labels = tuple((labels[0].text, *self.names(label.article_id for label in labels)) for labels in ordered)
            citations = [self.cite(self.articles[group[0].article_id], group[0].span) for group in ordered]
            found.append(Finding((computed("named", one.subject, *labels, citations=citations),)))
        marked: dict[str, list[Label]] = {}
        for label in scare_quotes(self.comparison):
            if self._used_plainly(label):
                marked.setdefault(bare_words(label), []).append(label)
        for marks in sorted(marked.values(), key=lambda marks: (-len(marks), bare_words(marks[0]))):
            citations = [self.cite(self.articles[mark.article_id], mark.span) for mark in marks]
            outlets = self.names(mark.article_id for mark in marks)
            found.append(Finding((computed("scare_quoted", marks[0].text, outlets, citations=citations),)))
        return tuple(found)

    def _used_plainly(self, label: Label) -> bool:
        """Whether another origin uses the words without the marks: only then the marks set the outlet apart."""
        bare = bare_words(label)
        used = re.compile(rf"(?<![\"'“‘«\w]){re.escape(bare)}(?![\w\"'”’»])")
        others = (one for one in self.articles.values() if not self._same_origin(one.article_id, label.article_id))
        return bool(bare) and any(used.search(one.text.lower()) for one in others)

    def voices(self) -> tuple[Finding, ...]:
        heard = voices(self.comparison.readings, self.origin_of)
        counted = {voice.speaker: unique_words(voice, self.origin_of) for voice in heard}
        total = sum(counted.values())
        ordered = sorted(heard, key=lambda voice: (-counted[voice.speaker], voice.speaker))
        found = []
        for voice in ordered:
            articles = dict.fromkeys(quote.article_id for quote in voice.quoted)
            quotes = tuple(self.quote(self.articles[quote.article_id], quote.span) for quote in voice.quoted)
            statement = computed("voice", voice.speaker, counted[voice.speaker], total, self.names(articles))
            found.append(Finding((statement,), quotes))
        return tuple(found)

    def only_one(self) -> tuple[Finding, ...]:
        """What one origin has and nobody else, at most two sentences an origin at the top, so that no outlet fills the list."""
        found = exclusives(self.comparison, self.origin_of)
        order = self._order([(one.sentence, (-one.weight, one.nearest)) for one in found])
        taken: dict[str, int] = {}
        ranked = []
        for rank, number in enumerate(order):
            origin = self.origin(self.comparison.article_id(number))
            taken[origin] = taken.get(origin, 0) + 1
            ranked.append((taken[origin] > 2, rank, number))
        findings = []
        for _, _, number in sorted(ranked):
            article = self.articles[self.comparison.article_id(number)]
            others = [one for one in self.articles.values() if not self._same_origin(one.article_id, article.article_id)]
            outlets = {one.outlet.value for one in others if one.outlet.value} - {article.outlet.value}
            searched = [one for one in others if one.outlet.value in outlets and one.in_english]
            outlets = {one.outlet.value for one in searched if one.outlet.value}
            statement = self.sentence(number)
            if not searched:
                continue
            findings.append(Finding((statement, computed("silent_others", len(outlets), len(searched), citations=statement.citations))))
        return tuple(findings)

    def silent(self) -> tuple[Finding, ...]:
        found = []
        by_claim = {one.claim.claim_id: one for one in silences(self.comparison, self.origin_of, [star.claim for star in self.shared])}
        for star in self.shared:
            silence = by_claim.get(star.claim.claim_id)
            makers = {self.comparison.article_id(number) for number in (star.gist, *star.supporters)}
            quiet = [outlet for outlet in silence.outlets if self._read_well(outlet)] if silence else []
            if not quiet or len(makers) < WIDELY * len(self.articles):
                continue
            gist = self.sentence(star.gist)
            held = [sum(1 for article in self.articles.values() if article.outlet.value == outlet) for outlet in quiet]
            for outlet, number in zip(quiet, held, strict=True):
                self.ledger.record(Search(gist.text, (outlet,), None, None, number, ()))
            absence = computed("silent", listed(quiet), sum(held), citations=gist.citations)
            found.append(Finding((gist, self._agreement(star), absence)))
        return tuple(found)

    def _read_well(self, outlet: str) -> bool:
        """Whether silence may be said of an outlet: what an article in another language says is not found by rules for English."""
        return all(article.in_english for article in self.articles.values() if article.outlet.value == outlet)

    def copies(self) -> tuple[Finding, ...]:
        found = []
        for origin in self.origins:
            held = [article_id for article_id in origin.article_ids if article_id in self.articles]
            if len({self.articles[article_id].outlet.value for article_id in held}) < 2:
                continue
            shares = [round(100 * link.shared) for link in origin.links] or [100]
            names = [self.articles[article_id].outlet.value or UNKNOWN for article_id in held]
            others = tuple(name for name in dict.fromkeys(names) if name != names[0])
            author = origin.author
            basis = "not held" if author.basis == "credit" and author.held is None else author.basis
            inputs = (names[0], others, min(shares), max(shares), author.name or "", basis)
            found.append(Finding((computed("copies", *inputs),), self._credit_lines(origin)))
        return tuple(found)

    def _credit_lines(self, origin: Origin) -> tuple[Reported, ...]:
        """The words in which the articles credit their source, where they stand in the text."""
        lines = {
            (article_id, credit.span): self.quote(self.articles[article_id], credit.span)
            for link in origin.links
            for article_id, credit in link.credits
            if credit.span and article_id in self.articles
        }
        return tuple(lines.values())

    def matrix(self, outlets: Sequence[str], absent: Sequence[str], most: int = 12) -> tuple[Row, ...]:
        """The claims that most origins make. Beside what was not found stands "unclear" where something near it was."""
        rows = []
        for star in sorted((*self.shared, *self.likely), key=lambda star: (-star.origins, -star.certainty))[:most]:
            cells = [self._cell(star, outlet) for outlet in outlets]
            cells += [("not held", ())] * len(absent)
            quotes = tuple(tuple(self.sentence(number) for number in numbers) for _, numbers in cells)
            rows.append(Row(self.sentence(star.gist), tuple(cell for cell, _ in cells), quotes))
        return tuple(rows)

    def _cell(self, star: Shared, outlet: str) -> tuple[Cell, tuple[int, ...]]:
        """How an outlet stands to the claim, and the sentences that show it."""

        def of(number: int) -> bool:
            return self.comparison.readings[self.comparison.sentences[number].article].article.outlet.value == outlet

        own = [number for number in (star.gist, *star.supporters) if of(number)]
        if own:
            return self._stance(star, own), tuple(own)
        near = self.links.get(star.gist, {})
        other = tuple(n for n, p in near.items() if of(n) and p >= SURE and values_differ(self.comparison, star.gist, n))
        if other:
            return "differs", other
        touched = any(of(other) for number in (star.gist, *star.supporters) for other in self.links.get(number, {}))
        return ("unclear" if touched or not self._read_well(outlet) else "silent"), ()

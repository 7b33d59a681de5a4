"""Turns a comparison into the statements of a brief: each finding with the words it rests on."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from agent.comparing.absence import holds, sentences_of
from agent.comparing.agreement import COVERED, TOUCHED, bears_out
from agent.comparing.claims import DEPENDENT, LIKELY, SURE, AlignedClaim, Comparison, stance_on
from agent.comparing.conflicts import conflicts
from agent.comparing.dispute import Conflict, Side
from agent.comparing.exclusive import concreteness, exclusives, names_by_origin
from agent.comparing.prose import is_bare_quotation
from agent.comparing.sameness import Embed
from agent.comparing.sourcing import Sources
from agent.reading import Stance
from agent.statement import Citation, Computed, Evidence, Ledger, Reported, Statement
from agent.tables import Cell, Finding, Why
from agent.wording import computed, fixed
from vectorstore.article import Article, digest
from vectorstore.origin import Origin
from vectorstore.sentence import Span

UNKNOWN = "an outlet not known"
PROBABLE = 0.55  # links of this probability are shown side by side, for the reader to judge
# Share of the origins that must make a claim before it is called agreed, and how many are enough: two of thirty are not agreement.
MANY, ENOUGH = 0.1, 3
WIDELY = 0.3  # share of the articles that must make a claim before silence on it is worth a line
LINE = 110  # characters
# A question, or a sentence cut off after a title: it cannot stand for a claim.
CUT_OFF = re.compile(r"(?:\?[\"”’]*|\b(?:Gov|Sen|Rep|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Capt|Prof|Rev|St|No)\.)\s*$")
LONGEST = 320  # characters of a sentence that may stand for a claim
ID = 5  # hexadecimal digits of a finding's id; a brief has some hundred findings


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
        unread: Sequence[Article] = (),
    ) -> None:
        """`unread` are articles that are held and were left out of the comparison, because more of the same were read."""
        self.comparison = comparison
        self.unread = tuple(unread)
        # What those say, each sentence once, with the outlets and origins of the articles that have it.
        self._unread_says: dict[str, tuple[set[str | None], set[str]]] = {}
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
        self.reading_of = {reading.article.article_id: reading for reading in comparison.readings}
        self.outlet_of = {article_id: article.outlet.value for article_id, article in self.articles.items() if article.outlet.value}
        self.outlets = tuple(sorted(set(self.outlet_of.values())))
        self._held = (*self.articles.values(), *self.unread)
        self._foreign = frozenset(article.outlet.value for article in self._held if not article.in_english)
        for article in self.unread:
            for text in sentences_of(article.text):
                outlets, its_origins = self._unread_says.setdefault(text, (set(), set()))
                outlets.add(article.outlet.value)
                its_origins.add(origin_of.get(article.article_id, article.article_id))
        self.sources = Sources(comparison.readings, origin_of, self.outlets)
        self.conflicts = sorted(conflicts(comparison, one_text), key=self._contested)
        contested = [one.sides for one in self.conflicts if one.kind != "wording"]
        self._sides = [[(n, side) for side in sides if (n := self.number_of(side)) is not None] for sides in contested]
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

    def same_origin(self, first: str, second: str) -> bool:
        return self.origin(first) == self.origin(second)

    def cite(self, article: Article, span: Span) -> Citation:
        (evidence,) = self.ledger.show([Evidence(article, span.start, span.end)])
        return Citation.of(evidence, span.start, span.end)

    def cite_words(self, article: Article, start: int, end: int) -> Citation:
        """Single words, shown in the sentence that they stand in."""
        reading = self.reading_of[article.article_id]
        spans = [sentence.span for sentence in reading.sentences if sentence.span.start <= start and end <= sentence.span.end]
        around = spans[0] if spans else Span(start, end)
        (evidence,) = self.ledger.show([Evidence(article, *around)])
        return Citation.of(evidence, start, end)

    def held(self) -> tuple[Article, ...]:
        """All articles of the event that are held and usable, compared or not."""
        return self._held

    def unread_holds(self, number: int, outlets: Collection[str], origins: Collection[str]) -> bool:
        """Whether an article of these outlets or origins that was not compared seems to say what this sentence does."""
        gist = self.comparison.sentences[number]
        return any(
            holds(text, gist, self.rarity)
            for text, (by, descending) in self._unread_says.items()
            if not by.isdisjoint(outlets) or not descending.isdisjoint(origins)
        )

    def quote_of(self, citation: Citation) -> Reported:
        return Reported(citation.quote, (citation,))

    def quote(self, article: Article, span: Span) -> Reported:
        citation = self.cite(article, span)
        return Reported(citation.quote, (citation,))

    def sentence(self, number: int) -> Reported:
        return self.quote(self.articles[self.comparison.article_id(number)], self.comparison.sentences[number].sentence.span)

    def finding(
        self, kind: str, statements: Sequence[Statement], details: Sequence[Reported] = (), scores: Sequence[tuple[str, str, str]] = ()
    ) -> Finding:
        """With its id and why; `kind` is one of agent/wording_findings.py. A score is a name, a value and a limit."""
        shown = [one for one in (*statements, *details) if one.kind != "fixed"]
        places = sorted({(one.article_id, one.start, one.end) for statement in shown for one in statement.citations})
        inputs = [one.inputs for one in statements if one.kind == "computed"] if not places else []
        sentences = [Reported(one.quote, (one,)) for statement in shown for one in statement.citations]
        why = Why(fixed(f"why_{kind}"), tuple(computed("score", *one) for one in scores), tuple(dict.fromkeys(sentences)))
        return Finding(tuple(statements), tuple(details), digest(repr((kind, places, inputs)))[:ID], why)

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

    def near(self, first: int, second: int) -> float:
        """How likely two sentences state the same; 0 where that is below what is kept."""
        return self.links.get(first, {}).get(second, 0.0)

    def states_the_same(self, first: int, second: int) -> bool:
        """Whether the second surely states what the first does, as is asked of what is called agreed."""
        one, other = self.comparison.sentences[first], self.comparison.sentences[second]
        return self.near(first, second) >= SURE and bears_out(one, other, self.rarity)

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
            details = [self.sentence(number) for number in numbers[1:]]
            found.append(self.finding("agreed", (self.sentence(star.gist), self.agreement(star)), details, self.scores(star, SURE)))
        return tuple(found)

    def side_by_side(self) -> tuple[Finding, ...]:
        """Sentences that probably state one thing, in the words of each origin."""
        found = []
        for star in self.likely:
            by_origin: dict[str, int] = {}
            for number in sorted((star.gist, *star.supporters), key=lambda number: number != star.gist):
                by_origin.setdefault(self.origin(self.comparison.article_id(number)), number)
            shown = list(by_origin.values())
            details = [self.sentence(number) for number in shown[1:]]
            citations = [self.sentence(numbers[0]).citations[0] for numbers in self.by_article(star).values()]
            may_be = computed("perhaps", self.names(self.by_article(star)), star.origins, citations=citations)
            found.append(self.finding("shared", (self.sentence(shown[0]), may_be), details, self.scores(star, PROBABLE)))
        return tuple(found)

    def scores(self, star: Shared, least: float) -> list[tuple[str, str, str]]:
        """How likely each of its sentences states the same as the one that stands for the claim."""
        near = self.links.get(star.gist, {})
        named = [(self.outlet(self.comparison.article_id(number)), near.get(number, 0.0)) for number in star.supporters]
        return [(f"likely to state the same, {outlet}", f"{value:.2f}", f"{least:.2f}") for outlet, value in named]

    def outlet(self, article_id: str) -> str:
        return self.outlet_of.get(article_id, UNKNOWN)

    def agreement(self, star: Shared) -> Computed:
        by_article = self.by_article(star)
        ways = [self.stance(star, numbers) for numbers in by_article.values()]
        counts = (ways.count("asserts"), ways.count("attributes"), ways.count("hedges"), ways.count("denies"))
        citations = [self.sentence(numbers[0]).citations[0] for numbers in by_article.values()]
        return computed("agreement", self.names(by_article), star.origins, *counts, citations=citations)

    def by_article(self, star: Shared) -> dict[str, list[int]]:
        """The sentences of each article that makes it."""
        found: dict[str, list[int]] = {}
        for number in (star.gist, *star.supporters):
            found.setdefault(self.comparison.article_id(number), []).append(number)
        return found

    def stance(self, star: Shared, numbers: Sequence[int]) -> Stance:
        """How some of its sentences, of one outlet, stand to what is shared."""
        own = [self.comparison.sentences[number] for number in numbers]
        articles = {one.article for one in own}
        others = [self.comparison.sentences[number] for number in (star.gist, *star.supporters)]
        return stance_on(own, [one for one in others if one.article not in articles])

    def only_one(self) -> tuple[Finding, ...]:
        """What one origin has and nobody else, at most two sentences an origin at the top, so that no outlet fills the list."""
        found = exclusives(self.comparison, self.origin_of)
        nearest_of = {one.sentence: one.nearest for one in found}
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
            searched = self._others(article)
            outlets = {one.outlet.value for one in searched}
            # What was not compared is near copies of what was; one of them may hold the sentence all the same.
            if not searched or self.unread_holds(number, {outlet for outlet in outlets if outlet}, ()):
                continue
            statement = self.sentence(number)
            absence = computed("silent_others", len(outlets), len(searched), citations=statement.citations)
            nearest = [("likeliest counterpart of another origin", f"{nearest_of[number]:.2f}", f"under {LIKELY:.2f}")]
            findings.append(self.finding("only", (statement, absence), (), nearest))
        return tuple(findings)

    def _others(self, article: Article) -> list[Article]:
        """The articles of the other outlets of which silence may be said: in English, of an outlet that prints nothing of its origin."""
        same = {one.outlet.value for one in self.held() if self.same_origin(one.article_id, article.article_id)}
        return [one for one in self.held() if one.outlet.value and one.outlet.value not in same and self.read_well(one.outlet.value)]

    def read_well(self, outlet: str) -> bool:
        """Whether silence may be said of an outlet: what an article in another language says is not found by rules for English."""
        return outlet not in self._foreign

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
            found.append(self.finding("copies", (computed("copies", *inputs),), self._credit_lines(origin)))
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

    def contested(self, most: int) -> list[Shared]:
        """The claims of the matrix: those that most origins make."""
        return sorted((*self.shared, *self.likely), key=lambda star: (-star.origins, -star.certainty))[:most]

    def differing(self, star: Shared, outlet: str) -> tuple[int, ...]:
        """The sentences of an outlet that give another answer than the claim's own in something that "Disputed" lists."""
        own = {star.gist, *star.supporters}
        found: dict[int, None] = {}
        for sides in self._sides:
            answers = {side.amount for number, side in sides if number in own}
            if answers:
                found.update({number: None for number, side in sides if side.outlet == outlet and side.amount not in answers})
        return tuple(found)

    def number_of(self, side: Side) -> int | None:
        """The number of the compared sentence that a side of a dispute stands in."""
        for number, one in enumerate(self.comparison.sentences):
            span = one.sentence.span
            if self.comparison.article_id(number) == side.article_id and span.start <= side.span.start < span.end:
                return number
        return None

    def cell(self, star: Shared, outlet: str) -> Cell:
        """How an outlet stands to a claim. Beside what was not found stands "unclear" where something near it was."""

        def of(number: int) -> bool:
            return self.comparison.readings[self.comparison.sentences[number].article].article.outlet.value == outlet

        own = [number for number in (star.gist, *star.supporters) if of(number)]
        if own:
            return self.stance(star, own)
        if self.differing(star, outlet):
            return "differs"
        own_origins = {self.origin(article_id) for article_id, name in self.outlet_of.items() if name == outlet}
        if own_origins & {self.origin(article_id) for article_id in self.by_article(star)}:
            return "unclear"  # it prints a text of which another print has the claim
        touched = any(of(other) for number in (star.gist, *star.supporters) for other in self.links.get(number, {}))
        return "unclear" if touched or not self.read_well(outlet) else "silent"

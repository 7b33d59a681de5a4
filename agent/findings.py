"""Turns a comparison into the statements of a brief: each finding with the words it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from agent.comparing.absence import holding_words, sentences_of
from agent.comparing.agreement import COVERED, bears_out, coverage, may_bear_out, to_come
from agent.comparing.claims import SURE, Comparison, stance_on
from agent.comparing.conflicts import conflicts, values_differ
from agent.comparing.dispute import Side, in_brackets_of_two, of_itself, only_rounded
from agent.comparing.exclusive import PERHAPS, exclusives, names_by_origin
from agent.comparing.prose import ENTRY
from agent.comparing.sameness import Embed
from agent.comparing.sourcing import Sources
from agent.reading import Stance
from agent.reading.first_names import folded
from agent.shared import Shared, Sharing, central, headline_terms, without_repeats
from agent.statement import Citation, Computed, Evidence, Ledger, Reported, Statement
from agent.tables import Cell, Finding, Why
from agent.terms import terms, words
from agent.wording import computed, fixed
from vectorstore.article import Article, digest
from vectorstore.origin import Origin
from vectorstore.sentence import Span

UNKNOWN = "an outlet not known"
PROBABLE = 0.55  # links of this probability are shown side by side, for the reader to judge
# Share of the origins that must make a claim before it is called agreed, and how many are enough: two of thirty are not agreement.
MANY, ENOUGH = 0.1, 3
TELLS = 4  # terms of a sentence before it is worth setting beside another: "We need to keep it that way" tells nothing alone
ID = 5  # hexadecimal digits of a finding's id; a brief has some hundred findings


class Finder:
    """Everything a brief says about one comparison. Every quote it gives is shown in the ledger first."""

    def __init__(
        self,
        comparison: Comparison,
        origins: Sequence[Origin],
        ledger: Ledger,
        relevance: Embed | None = None,
        unread: Sequence[Article] = (),
        rests: Sequence[tuple[Article, str]] = (),
    ) -> None:
        """`unread` are articles that are held and were left out of the comparison, because more of the same were read; `rests` the ends
        of those that were too long to be compared whole."""
        self.comparison = comparison
        self._folded: dict[str, str] = {}
        self.unread = tuple(unread)
        # What those say, each sentence once, with its terms and the outlets and origins of the articles that have it.
        self._unread_says: dict[str, tuple[frozenset[str], set[str | None], set[str]]] = {}
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
        for article, said in (*((article, article.text) for article in self.unread), *rests):
            for text in sentences_of(said):
                if text not in self._unread_says:
                    self._unread_says[text] = frozenset(terms(text)), set(), set()
                _, outlets, its_origins = self._unread_says[text]
                outlets.add(article.outlet.value)
                its_origins.add(origin_of.get(article.article_id, article.article_id))
        self.sources = Sources(comparison.readings, origin_of, self.outlets)
        self.conflicts = conflicts(comparison, one_text)
        self.disputes = [one for one in self.conflicts if one.kind != "wording" and not only_rounded(one) and not of_itself(one)]
        self.disputes = [one for one in self.disputes if not (one.kind == "date" and any(map(self._is_stamp, one.sides)))]
        self.disputes = [one for one in self.disputes if not in_brackets_of_two(one)]
        self._sides = [
            [(n, side) for side in sides if (n := self.number_of(side)) is not None] for sides in (one.sides for one in self.disputes)
        ]
        self.links: dict[int, dict[int, float]] = {}
        for link in comparison.links:
            self.links.setdefault(link.first, {})[link.second] = link.probability
            self.links.setdefault(link.second, {})[link.first] = link.probability
        used = Counter(term for one in comparison.sentences for term in set(one.terms))
        self.rarity = {term: math.log((len(comparison.sentences) + 1) / number) for term, number in used.items()}
        self.concrete = names_by_origin(comparison, origin_of)
        self.heads = headline_terms(comparison, self.origin)
        everyone = {self.origin(article_id) for article_id in self.articles}
        self.sharing = Sharing(comparison, self.origin, self.links, self.concrete)
        sure = self._ranked(self.sharing.stars(SURE, self._surely, set(), alone=True))
        self.shared = [star for star in without_repeats(sure, set()) if star.origins >= max(2, min(ENOUGH, MANY * len(everyone)))]
        in_agreed = {number for star in self.shared for number in (star.gist, *star.supporters)}
        probable = self.sharing.stars(PROBABLE, self._perhaps, in_agreed, alone=False)
        self.likely = without_repeats(self._ranked(probable), in_agreed)
        tellable = self.sharing.stars(PROBABLE, self._mostly, in_agreed, alone=True)
        self.rows = [*self.shared, *without_repeats(self._ranked(tellable), in_agreed)]

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

    def folded(self, article: Article) -> str:
        """Its text as names are searched in it: each is searched for many names."""
        known = self._folded.get(article.article_id)
        if known is None:
            known = self._folded[article.article_id] = folded(article.text)
        return known

    def unread_holds(self, number: int, outlets: Collection[str], origins: Collection[str]) -> bool:
        """Whether an article of these outlets or origins that was not compared seems to say what this sentence does."""
        gist = self.comparison.sentences[number]
        theirs = (
            (text, own)
            for text, (own, by, descending) in self._unread_says.items()
            if not by.isdisjoint(outlets) or not descending.isdisjoint(origins)
        )
        return holding_words(theirs, gist, self.rarity)

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

    def _order(self, items: list[tuple[int, tuple[float, ...]]]) -> list[int]:
        """Sentence numbers, those that bear on the question first if there is one, then by the given keys."""
        if self.relevance is None:
            return [number for number, _ in sorted(items, key=lambda item: item[1])]
        texts = [self.comparison.sentences[number].sentence.text for number, _ in items]
        near = self.relevance(texts).tolist() if texts else []
        # In steps of a fifth, or the nearest wording would always come before what more outlets say.
        ranked = sorted(zip(items, near, strict=True), key=lambda pair: (-int(float(pair[1]) * 5), pair[0][1]))
        return [number for (number, _), _ in ranked]

    def near(self, first: int, second: int) -> float:
        """How likely two sentences state the same; 0 where that is below what is kept."""
        return self.links.get(first, {}).get(second, 0.0)

    def states_the_same(self, first: int, second: int) -> bool:
        """Whether the second surely states what the first does, as is asked of what is called agreed."""
        one, other = self.comparison.sentences[first], self.comparison.sentences[second]
        return self.near(first, second) >= SURE and bears_out(one, other, self.rarity)

    def _surely(self, first: int, second: int) -> bool:
        return bears_out(self.comparison.sentences[first], self.comparison.sentences[second], self.rarity)

    def _perhaps(self, first: int, second: int) -> bool:
        """Not if they give different values for one thing: what does is disputed and not shared."""
        one, other = self.comparison.sentences[first], self.comparison.sentences[second]
        return may_bear_out(one, other, self.rarity) and (one.numbers <= other.numbers or not values_differ(self.comparison, first, second))

    def _mostly(self, first: int, second: int) -> bool:
        """As is asked of a row of the matrix: it says of each outlet how it stands to the claim, so most of it must be there."""
        one, other = self.comparison.sentences[first], self.comparison.sentences[second]
        return self._perhaps(first, second) and to_come(one) == to_come(other) and coverage(one, other, self.rarity) >= COVERED

    def _ranked(self, stars: Sequence[Shared]) -> list[Shared]:
        """What most origins say first, of these what can be read alone and what the headlines are about."""
        by_gist = {star.gist: star for star in stars}
        keys = {star.gist: (-star.origins, -star.legible, -self.central(star.gist), -star.certainty) for star in stars}
        return [by_gist[gist] for gist in self._order([(gist, keys[gist]) for gist in by_gist])]

    def central(self, number: int) -> float:
        return central(self.comparison.sentences[number], self.heads)

    # The sections.

    def agreed(self) -> tuple[Finding, ...]:
        found = []
        for star in filter(self._undisputed, self.shared):
            numbers = (star.gist, *star.supporters)
            details = [self.sentence(number) for number in numbers[1:]]
            found.append(self.finding("agreed", (self.sentence(star.gist), self.agreement(star)), details, self.scores(star, SURE)))
        return tuple(found)

    def _is_stamp(self, side: Side) -> bool:
        """Whether the time only tells when an entry of a live page was written."""
        number = self.number_of(side)
        text = self.comparison.sentences[number].sentence.text if number is not None else ""
        stamp = ENTRY.match(text)
        return stamp is not None and side.value in stamp[0]

    def _undisputed(self, star: Shared) -> bool:
        """Whether no value in the sentence is given otherwise by somebody: what is stands among the disputes."""
        article_id, text = self.comparison.article_id(star.gist), self.comparison.sentences[star.gist].sentence.text
        disputed = (side for one in self.disputes for side in one.sides)
        return not any(side.article_id == article_id and side.value in text for side in disputed)

    def side_by_side(self) -> tuple[Finding, ...]:
        """Sentences that probably state one thing, in the words of each origin."""
        found = []
        for star in filter(self._undisputed, self.likely):
            if len(self.comparison.sentences[star.gist].terms) < TELLS:
                continue
            by_origin: dict[str, int] = {}
            for number in sorted((star.gist, *star.supporters), key=lambda number: number != star.gist):
                by_origin.setdefault(self.origin(self.comparison.article_id(number)), number)
            shown = list(by_origin.values())
            details = [self.sentence(number) for number in shown[1:]]
            citations = [self.sentence(numbers[0]).citations[0] for numbers in self.by_article(star).values()]
            alike = {words(quote.text) for quote in (self.sentence(shown[0]), *details)}
            rule = "perhaps" if len(alike) > 1 else "same_words"
            may_be = computed(rule, self.names(self.by_article(star)), star.origins, citations=citations)
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
            nearest = [("likeliest counterpart of another origin", f"{nearest_of[number]:.2f}", f"under {PERHAPS:.2f}")]
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
        """The claims of the matrix: those that most origins make, what the headlines are about first."""
        return sorted(self.rows, key=lambda star: (-star.origins, -self.central(star.gist), -star.certainty))[:most]

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

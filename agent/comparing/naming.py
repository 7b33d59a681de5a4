"""What each outlet calls the same people, act or thing, and which words it puts in scare quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from agent.comparing.claims import Comparison
from agent.comparing.counterparts import Phrase
from agent.comparing.epithets import descriptions, differ, telling
from agent.terms import terms
from vectorstore.sentence import Span

# Words that writers choose between when they mean the same people, act or thing. Each line is one choice. Ours; short on purpose:
# a pair counts only where two articles use different words of one line in sentences that state the same thing.
CHOICES: Mapping[str, str] = {
    "the people in the street": (
        "protester protestor demonstrator rioter agitator activist picket marcher striker mob crowd hooligan troublemaker extremist "
        "miner worker dockworker striker thug"
    ),
    "the people who fight": (
        "fighter militant rebel insurgent terrorist gunman soldier troop jihadist separatist guerrilla militia mercenary"
    ),
    "the people who move": "migrant refugee immigrant alien",
    "the gathering": "protest demonstration riot unrest disturbance blockade occupation stoppage strike walkout rally march uprising",
    "what happened": (
        "explosion blast attack accident incident disaster tragedy fireball inferno collision crash sinking ramming clash "
        "crackdown massacre"
    ),
    "those in power": "government regime administration leadership junta cabinet",
    "the company's people": "management boss owner executive employer",
    "the economy": "recession slowdown downturn contraction stagflation slump",
}
WORD_CHOICE = {word: subject for subject, choice in CHOICES.items() for word in choice.split()}
FUNCTION = frozenset(
    "of in on at to for by with from and or but that who which was were is are had has have said when as after before where into over "
    "under than then it he she they not no yet so while many more most other".split()
)
LONGEST_LABEL = 60
# Marks that open and close.
MARKED = re.compile(r"[\"“‘'«].*[\"”’'»]", re.DOTALL)
OF_ONE_THING = "one thing"  # the subject where the phrases for it share no word
NAMED = 0.5  # two sentences must be this likely to state the same thing before their words are held against each other


@dataclass(frozen=True, slots=True)
class Label:
    """Words an article uses. `scare` is true where it puts them in scare quotes."""

    article_id: str
    outlet: str | None
    span: Span
    text: str
    scare: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """One subject and the labels for it, in one of three ways.

    "choice": a line of CHOICES, with labels from sentences that state the same thing. "person": a family name, with the words that
    describe its bearer anywhere. "phrase": phrases that stand for one another, at every mention; the subject is the word they share.
    """

    subject: str
    labels: tuple[Label, ...]
    kind: Literal["choice", "person", "phrase"] = "choice"

    @property
    def person(self) -> bool:
        return self.kind == "person"

    def word_of(self, label: Label) -> str:
        """Labels with the same word count as one."""
        return singular(label.text.lower().split()[-1]) if self.kind == "choice" else _without_article(label)


def naming(comparison: Comparison) -> list[Naming]:
    """Subjects that articles call by different words, those with most articles first; none without the grammar of the sentences."""
    if not comparison.grammar:
        return []
    found: dict[str, dict[tuple[str, str], Label]] = {}
    choices: dict[int, dict[str, Label]] = {}
    for link in comparison.links:
        if link.probability < NAMED:
            continue
        for number in (link.first, link.second):
            if number not in choices:
                choices[number] = dict(_choices(comparison, number))
        sides = choices[link.first], choices[link.second]
        for word, label in sides[0].items():
            for other, theirs in sides[1].items():
                subject = _subject(word, other)
                # A side that has the other's word too uses both for two things.
                if subject is None or word in sides[1] or other in sides[0]:
                    continue
                labels = found.setdefault(subject, {})
                labels.setdefault((label.article_id, word), label)
                labels.setdefault((theirs.article_id, other), theirs)
    listed = [Naming(subject, tuple(labels.values())) for subject, labels in found.items()]
    chosen = {_ends(label) for one in listed for label in one.labels}
    listed += _people(comparison)
    # What a line of the list says already is not said again.
    listed += [one for one in _phrases(comparison) if len({label.article_id for label in one.labels if _ends(label) in chosen}) < 2]
    return sorted(listed, key=lambda one: (-len({label.article_id for label in one.labels}), one.subject))


def _ends(label: Label) -> tuple[str, int]:
    return label.article_id, label.span.end


def _people(comparison: Comparison) -> Iterator[Naming]:
    """People whom articles describe in different words."""
    for name, places in descriptions(comparison).items():
        labels: dict[int, list[Label]] = {}
        for number, span in places:
            article = comparison.readings[number].article
            label = Label(article.article_id, article.outlet.value, span, article.text[span.start : span.end])
            labels.setdefault(number, []).append(label)
        if differ({number: [telling(label.text) for label in own] for number, own in labels.items()}):
            yield Naming(name.title(), tuple(label for own in labels.values() for label in own), "person")


def _phrases(comparison: Comparison) -> Iterator[Naming]:
    """Phrases that stand for one another, those that are tied to one another by others together."""
    groups: list[dict[tuple[int, tuple[str, ...]], Phrase]] = []
    for pair in comparison.counterparts:
        ends = {(comparison.sentences[phrase.sentence].article, phrase.stems): phrase for phrase in (pair.first, pair.second)}
        touching = [group for group in groups if not group.keys().isdisjoint(ends)]
        for group in touching:
            ends = {**ends, **group}
        groups = [group for group in groups if group not in touching] + [ends]
    for group in groups:
        shared = frozenset.intersection(*(frozenset(stems) for _, stems in group))
        said = {_as_printed(comparison, phrase).lower() for phrase in group.values()}
        yield Naming(_word_for(comparison, next(iter(group.values())), shared), tuple(_mentions(comparison, said)), "phrase")


def _as_printed(comparison: Comparison, phrase: Phrase) -> str:
    text = comparison.readings[comparison.sentences[phrase.sentence].article].article.text
    return text[phrase.bare.start : phrase.bare.end]


def _mentions(comparison: Comparison, said: set[str]) -> Iterator[Label]:
    """Where any article has any of these words outside quotations: one that uses two of the phrases is shown with both."""
    either = "|".join(re.sub("['’]", "['’]", re.escape(words)) for words in sorted(said, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    for reading in comparison.readings:
        article = reading.article
        quoted = [span for sentence in reading.sentences for span in sentence.quotations]
        for match in pattern.finditer(article.text):
            if not any(one.start <= match.start() < one.end for one in quoted):
                yield Label(article.article_id, article.outlet.value, Span(*match.span()), match[0])


def _word_for(comparison: Comparison, phrase: Phrase, shared: frozenset[str]) -> str:
    """The word that all phrases share, as the first has it; the place of a name where they share none."""
    said = _as_printed(comparison, phrase).split()
    return next((word for word in reversed(said) if set(terms(word)) & shared), OF_ONE_THING)


def _subject(word: str, other: str) -> str | None:
    return WORD_CHOICE[word] if word != other and WORD_CHOICE[word] == WORD_CHOICE[other] else None


def _choices(comparison: Comparison, number: int) -> Iterator[tuple[str, Label]]:
    """Nouns of CHOICES outside quotations with the phrase that they end; "riot police" are police."""
    sentence, grammar = comparison.sentences[number].sentence, comparison.grammar[number]
    article = comparison.readings[comparison.sentences[number].article].article
    for phrase in grammar.phrases:
        noun = grammar.tokens[phrase.noun]
        word = singular(noun.lower)
        if word not in WORD_CHOICE or not noun.text.islower():
            continue
        span = grammar.span(range(phrase.start, phrase.noun + 1), sentence.span.start)
        if span.end - span.start > LONGEST_LABEL:
            span = grammar.span(range(phrase.noun, phrase.noun + 1), sentence.span.start)
        if not any(quotation.start <= span.start and span.end <= quotation.end for quotation in sentence.quotations):
            scare = any(quote.start < span.end and span.start < quote.end for quote in sentence.scare_quotes)
            yield word, Label(article.article_id, article.outlet.value, span, article.text[span.start : span.end], scare)


def singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch")):
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word.removesuffix("s") if word.endswith("s") and not word.endswith("ss") else word


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that some articles put in scare quotes and others use plainly, outside quotations too; at least one of each."""

    words: str
    marked: tuple[Label, ...]
    plain: tuple[Label, ...]


def marked(comparison: Comparison) -> list[Marked]:
    """What is in scare quotes here and without them there, those with most marks first. Left out where somebody's words may be meant."""
    labels: dict[str, list[Label]] = {}
    for label in scare_quotes(comparison):
        labels.setdefault(bare_words(label), []).append(label)
    found = []
    for bare, marks in sorted(labels.items(), key=lambda item: (-len(item[1]), item[0])):
        if bare and MARKED.fullmatch(marks[0].text) and not any(_quotes_somebody(comparison, mark) for mark in marks):
            plain = tuple(_plainly(comparison, bare, {mark.article_id for mark in marks}))
            found += [Marked(bare, tuple(marks), plain)] if plain else []
    return found


def scare_quotes(comparison: Comparison) -> list[Label]:
    """Words of at most three that an article puts in quotation marks without quoting anybody; once for each article."""
    found: dict[tuple[str, str], Label] = {}
    for one in comparison.sentences:
        article = comparison.readings[one.article].article
        for span in one.sentence.scare_quotes:
            text = article.text[span.start : span.end]
            label = Label(article.article_id, article.outlet.value, span, text, True)
            if len(text.split()) <= 3 and not set(bare_words(label).split()) & FUNCTION:
                found.setdefault((article.article_id, bare_words(label)), label)
    return sorted(found.values(), key=lambda label: (label.article_id, label.span))


def _quotes_somebody(comparison: Comparison, mark: Label) -> bool:
    """Whether the marks rather hold words somebody said: a source is named in the sentence, it has several marked words, or the same
    words stand in a quotation of another article."""
    said = re.compile(rf"(?<!\w){re.escape(bare_words(mark))}(?!\w)")
    for reading in comparison.readings:
        for sentence in reading.sentences:
            if any(said.search(reading.article.text[quote.start : quote.end].lower()) for quote in sentence.quotations):
                return True
            here = reading.article.article_id == mark.article_id and sentence.span.start <= mark.span.start < sentence.span.end
            if here and (sentence.attributions or len(sentence.scare_quotes) + len(sentence.quotations) > 1):
                return True
    return False


def _plainly(comparison: Comparison, bare: str, marking: set[str]) -> Iterator[Label]:
    used = re.compile(rf"(?<![\"'“‘«\w]){re.escape(bare)}(?![\w\"'”’»])", re.IGNORECASE)
    for reading in comparison.readings:
        article = reading.article
        if article.article_id not in marking:
            for match in used.finditer(article.text):
                yield Label(article.article_id, article.outlet.value, Span(*match.span()), match[0])


def _without_article(label: Label) -> str:
    return re.sub(r"^(?:the|an?) ", "", bare_words(label))


def bare_words(label: Label) -> str:
    return label.text.strip("\"'“”‘’«»,. ").lower()

"""What each outlet calls the same people, act or thing, and which words it puts in scare quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from agent.comparing.claims import Comparison
from agent.comparing.counterparts import Phrase
from agent.comparing.epithets import descriptions
from agent.comparing.sameness import Compared
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
        "explosion blast attack accident incident disaster tragedy sabotage fireball inferno collision crash sinking ramming clash "
        "crackdown massacre"
    ),
    "those in power": "government regime administration leadership junta cabinet",
    "the company's people": "management boss owner executive employer",
    "the economy": "recession slowdown downturn contraction stagflation slump",
}
WORD_CHOICE = {word: subject for subject, choice in CHOICES.items() for word in choice.split()}
LEADING = re.compile(
    r"(?:\b(?:the|a|an|some|these|those|this|that|his|her|their|its|several|hundreds of|dozens of|more than|about)\s+)?"
    r"(?:[\w’'-]+\s+){0,2}$",
    re.IGNORECASE,
)
FUNCTION = frozenset(
    "of in on at to for by with from and or but that who which was were is are had has have said when as after before where into over "
    "under than then it he she they not no yet so while many more most other".split()
)
LONGEST_LABEL = 60
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
    """Subjects that articles call by different words, those with most articles first."""
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
    listed += _people(comparison)
    listed += _phrases(comparison)
    return sorted(listed, key=lambda one: (-len({label.article_id for label in one.labels}), one.subject))


def _people(comparison: Comparison) -> Iterator[Naming]:
    """People whom articles describe in different words."""
    for family, places in descriptions(comparison).items():
        labels = []
        for number, span in places:
            article = comparison.readings[number].article
            labels.append(Label(article.article_id, article.outlet.value, span, article.text[span.start : span.end]))
        said = [frozenset(terms(label.text)) for label in labels]
        if any(not (one <= other or other <= one) for one, other in combinations(said, 2)):
            yield Naming(family.title(), tuple(labels), "person")


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
        labels = [label for (article, _), phrase in group.items() for label in _mentions(comparison, article, phrase)]
        yield Naming(_word_for(comparison, next(iter(group.values())), shared), tuple(labels), "phrase")


def _mentions(comparison: Comparison, article: int, phrase: Phrase) -> Iterator[Label]:
    """Where the article has these words, quotations left out; the first mention with the article or pronoun before it."""
    reading = comparison.readings[article]
    found, text = reading.article, reading.article.text
    words = text[phrase.bare.start : phrase.bare.end]
    quoted = [span for sentence in reading.sentences for span in sentence.quotations]
    yield Label(found.article_id, found.outlet.value, phrase.bare, words)
    for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE):
        span = Span(match.start(), match.end())
        if span != phrase.bare and not any(one.start <= span.start < one.end for one in quoted):
            yield Label(found.article_id, found.outlet.value, span, match[0])


def _word_for(comparison: Comparison, phrase: Phrase, shared: frozenset[str]) -> str:
    """The word that all phrases share, as the first has it; the place of a name where they share none."""
    article = comparison.readings[comparison.sentences[phrase.sentence].article].article
    said = article.text[phrase.bare.start : phrase.bare.end].split()
    return next((word for word in reversed(said) if set(terms(word)) & shared), OF_ONE_THING)


def _subject(word: str, other: str) -> str | None:
    return WORD_CHOICE[word] if word != other and WORD_CHOICE[word] == WORD_CHOICE[other] else None


def _choices(comparison: Comparison, number: int) -> Iterator[tuple[str, Label]]:
    one = comparison.sentences[number]
    article = comparison.readings[one.article].article
    for match in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*", one.sentence.text):
        word = singular(match[0].lower())
        if word in WORD_CHOICE and match[0].islower() and not _modifies(one.sentence.text[match.end() :]):
            span = _noun_phrase(one, match.start(), match.end())
            if not any(quotation.start <= span.start and span.end <= quotation.end for quotation in one.sentence.quotations):
                scare = any(quote.start <= span.start + match.start() and span.start < quote.end for quote in one.sentence.scare_quotes)
                yield word, Label(article.article_id, article.outlet.value, span, article.text[span.start : span.end], scare)


def _modifies(following: str) -> bool:
    """Whether another noun seems to follow, as in "riot police": then the word names something else."""
    after = re.match(r"[ -]([^\W\d_]+)", following)
    return after is not None and after[1].islower() and after[1] not in FUNCTION and not after[1].endswith(("ed", "ing", "ly"))


def singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch")):
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word.removesuffix("s") if word.endswith("s") and not word.endswith("ss") else word


def _noun_phrase(one: Compared, start: int, end: int) -> Span:
    """The word with at most an article and two words before it, none of them a function word or across a mark."""
    text = one.sentence.text
    begin = start
    for match in reversed(list(re.finditer(r"[\w’'-]+(?=\s)", text[:start]))):
        word = match[0].lower()
        if text[match.end() : begin].strip() or word in FUNCTION or begin - match.start() > 20 or end - match.start() > LONGEST_LABEL:
            break
        begin = match.start()
        if word in {"the", "a", "an", "these", "those", "this", "that", "some", "his", "her", "their", "its"} or start - begin > 25:
            break
    offset = one.sentence.span.start
    return Span(offset + begin, offset + end)


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


def _without_article(label: Label) -> str:
    return re.sub(r"^(?:the|an?) ", "", bare_words(label))


def bare_words(label: Label) -> str:
    return label.text.strip("\"'“”‘’«»,. ").lower()

"""What each outlet calls the same people, act or thing, the words it uses much more than the others, and its scare quotes."""

from __future__ import annotations

import re

from agent.comparing.naming import Label, Marked, Naming, bare_words, marked, naming, singular
from agent.comparing.vocabulary import Distinctive, distinctive
from agent.findings import Finder
from agent.tables import Finding, NameCell, NameRow, WordRow
from agent.terms import words
from agent.wording import computed

MOST_PLACES = 12  # places of a word that are cited
MOST_WORDS = 5  # words of an outlet in one line


def named(finder: Finder) -> tuple[tuple[NameRow, ...], tuple[Finding, ...]]:
    rows, found = [], []
    for one in naming(finder.comparison):
        groups: dict[str, list[Label]] = {}
        for label in one.labels:
            groups.setdefault(one.word_of(label), []).append(label)
        origins = {finder.origin(label.article_id) for label in one.labels}
        outlets = {label.outlet or label.article_id for label in one.labels}
        if min(len(groups), len(origins), len(outlets)) < 2:
            continue  # what one outlet calls it now and then is no difference between outlets
        ordered = sorted(groups.values(), key=lambda labels: (-len(labels), labels[0].text.lower()))
        labels = tuple((labels[0].text, *finder.names(label.article_id for label in labels)) for labels in ordered)
        citations = [finder.cite(finder.articles[label.article_id], label.span) for group in ordered for label in group]
        found.append(finder.finding("named", (computed("named", one.subject, *labels, citations=citations),)))
        rows.append(_row(finder, one))
    return tuple(rows), (*found, *_scare(finder))


def _row(finder: Finder, one: Naming) -> NameRow:
    """The labels with how often each outlet has the word in all its articles that were compared."""
    cells: dict[tuple[str | None, str], NameCell] = {}
    for label in one.labels:
        key = label.outlet, one.word_of(label)
        if key in cells:
            continue
        articles = [article for article in finder.articles.values() if article.outlet.value == label.outlet]
        if label.outlet is None:
            articles = [finder.articles[label.article_id]]
        # A word of the list is counted in all its forms; a description of a person as it stands.
        said = bare_words(label) if one.person else one.word_of(label)
        pattern = re.compile(rf"(?<!\w){re.escape(said)}(?!\w)" if one.person else r"[^\W\d_]+(?:-[^\W\d_]+)*", re.IGNORECASE)
        places = [
            (article, match.span())
            for article in articles
            for match in pattern.finditer(article.text)
            if one.person or singular(match[0].lower()) == said
        ]
        total = sum(len(words(article.text)) for article in articles)
        cited = tuple(finder.cite_words(article, *span) for article, span in places[:MOST_PLACES])
        cells[key] = NameCell(label.outlet, label.text, len(places), round(1000 * len(places) / max(total, 1), 2), label.scare, cited)
    return NameRow(one.subject, tuple(cells.values()))


def _scare(finder: Finder) -> list[Finding]:
    found = []
    for one in marked(finder.comparison):
        plainly = _plainly(finder, one)
        if plainly:
            citations = [finder.cite(finder.articles[mark.article_id], mark.span) for mark in one.marked]
            outlets = finder.names(mark.article_id for mark in one.marked)
            statement = computed("scare_quoted", one.marked[0].text, outlets, finder.names(plainly), citations=citations)
            found.append(finder.finding("scare", (statement,)))
    return found


def _plainly(finder: Finder, one: Marked) -> list[str]:
    """The articles of other origins that use the words without the marks: only then the marks set the outlet apart."""
    origins = {finder.origin(mark.article_id) for mark in one.marked}
    outlets = {finder.outlet(mark.article_id) for mark in one.marked}
    plain = {label.article_id for label in one.plain}
    return [
        article_id
        for article_id in finder.articles
        if article_id in plain and finder.origin(article_id) not in origins and finder.outlet(article_id) not in outlets
    ]


def used_more(finder: Finder) -> tuple[tuple[WordRow, ...], tuple[Finding, ...]]:
    rows, found = [], []
    by_outlet: dict[str, list[Distinctive]] = {}
    for one in distinctive(finder.comparison, finder.origin_of):
        if not finder.read_well(one.outlet):
            continue
        by_outlet.setdefault(one.outlet, []).append(one)
        places = tuple(finder.cite_words(finder.articles[use.article_id], *use.span) for use in one.uses[:MOST_PLACES])
        word = one.uses[0].text.lower()
        rows.append(WordRow(one.outlet, word, len(one.uses), one.of_words, one.elsewhere, one.of_words_elsewhere, round(one.z, 2), places))
    for outlet, ones in by_outlet.items():
        shown = ones[:MOST_WORDS]
        each = [(one.uses[0].text.lower(), f"{len(one.uses):,}", f"{one.elsewhere:,}") for one in shown]
        citations = [finder.cite_words(finder.articles[one.uses[0].article_id], *one.uses[0].span) for one in shown]
        statement = computed("used_more", outlet, shown[0].of_words, *each, citations=citations)
        scores = [(f"z of “{one.uses[0].text.lower()}”", f"{one.z:.2f}", "2.58") for one in shown]
        found.append(finder.finding("words", (statement,), (), scores))
    return tuple(rows), tuple(found)

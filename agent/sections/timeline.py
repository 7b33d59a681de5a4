"""Who had a claim first, who followed, and who dropped or changed it in a later version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.comparing.absence import holding
from agent.findings import UNKNOWN, Finder
from agent.shared import Shared
from agent.statement import Citation
from agent.tables import Finding, TimelineEntry, TimelineRow
from agent.wording import computed
from agent.wording_findings import moment_of
from vectorstore.article import Article


def timeline(finder: Finder, earlier: Mapping[str, Sequence[Article]]) -> tuple[tuple[TimelineRow, ...], tuple[Finding, ...]]:
    """`earlier` are the versions of an article before the one compared, by its id."""
    rows, found = [], []
    # What is only probably shared says nothing of who had it first.
    for star in sorted(finder.shared, key=lambda star: -star.origins):
        row = _row(finder, star, earlier)
        rows.append(row)
        # Who was first cannot be said of outlets that are not known.
        if len(row.entries) < 2 or not _ordered(row.entries) or not all(entry.outlet for entry in row.entries[:2]):
            continue
        entries = [(entry.what, entry.outlet or UNKNOWN, entry.published[:16].replace("T", " ")) for entry in row.entries]
        citations = [entry.words for entry in row.entries]
        found.append(finder.finding("order", (row.claim, computed("order", *entries, citations=citations))))
    return tuple(rows), tuple(found)


def _ordered(entries: Sequence[TimelineEntry]) -> bool:
    """Whether the first is surely before the second: a day without an hour is no order within the day."""
    first, second = entries[0].published, entries[1].published
    if first[:10] != second[:10]:
        return True
    # Two that are shown with one minute are not shown in order.
    return "T" in first and "T" in second and moment_of(first).replace(second=0) < moment_of(second).replace(second=0)


def _row(finder: Finder, star: Shared, earlier: Mapping[str, Sequence[Article]]) -> TimelineRow:
    dated: list[tuple[str, str | None, Citation]] = []
    undated: list[str | None] = []
    for article_id, numbers in finder.by_article(star).items():
        article = finder.articles[article_id]
        # The claim is as old as the first version that has it.
        before = [one for one in earlier.get(article_id, ()) if _says(finder, star, one)]
        when = before[0].published.value if before else article.published.value
        if article_id in earlier and not before:
            when = article.modified.value or when  # it came with a later version
        if when:
            dated.append((when, article.outlet.value, finder.sentence(numbers[0]).citations[0]))
        else:
            undated.append(article.outlet.value)
    dated.sort(key=lambda one: (moment_of(one[0]), one[1] or ""))
    entries = []
    outlets: set[str | None] = set()
    for number, (when, outlet, words) in enumerate(dated):
        if outlet is None or outlet not in outlets:  # an outlet's later articles repeat what it had
            entries.append(TimelineEntry(when, outlet, "followed" if number else "first", words))
        outlets.add(outlet)
    entries += _changed(finder, star, earlier)
    entries += _dropped(finder, star, earlier)
    return TimelineRow(finder.sentence(star.gist), tuple(entries), tuple(dict.fromkeys(undated)))


def _says(finder: Finder, star: Shared, article: Article) -> bool:
    return any(holding(article, finder.comparison.sentences[number], finder.rarity) for number in (star.gist, *star.supporters))


def _changed(finder: Finder, star: Shared, earlier: Mapping[str, Sequence[Article]]) -> list[TimelineEntry]:
    """Articles that make the claim and whose earlier version gave other figures in its words: the sentence of the earlier one is cited."""
    gist = finder.comparison.sentences[star.gist]
    found = []
    for article_id in finder.by_article(star):
        article = finder.articles[article_id]
        when = article.modified.value or article.published.value
        for old in reversed(earlier.get(article_id, ())):
            place = None if holding(old, gist, finder.rarity) else holding(old, gist, finder.rarity, figures=False)
            if place is not None and when:
                found.append(TimelineEntry(when, article.outlet.value, "changed", finder.cite(old, place)))
                break
    return found


def _dropped(finder: Finder, star: Shared, earlier: Mapping[str, Sequence[Article]]) -> list[TimelineEntry]:
    """Articles whose earlier version made the claim and whose present one does not: the sentence of the earlier one is cited."""
    making = finder.by_article(star)
    gist = finder.comparison.sentences[star.gist]
    found = []
    for article_id, versions in earlier.items():
        article = finder.articles.get(article_id)
        when = article and (article.modified.value or article.published.value)
        if article is None or article_id in making or not when or holding(article, gist, finder.rarity):
            continue
        for old in reversed(versions):
            place = holding(old, gist, finder.rarity)
            if place is not None:
                found.append(TimelineEntry(when, article.outlet.value, "dropped", finder.cite(old, place)))
                break
    return found

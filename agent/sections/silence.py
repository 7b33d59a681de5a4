"""Who does not have what others have: with what was found instead, and whether the claim was out when the outlet printed."""

from __future__ import annotations

from agent.comparing.absence import nearest
from agent.comparing.exclusive import silences
from agent.findings import Finder
from agent.shared import Shared
from agent.statement import Computed, Search, Statement
from agent.tables import Finding, NearMiss, SilenceRow
from agent.wording import computed, listed
from agent.wording_findings import NOT_YET, moment_of

WIDELY = 0.3  # share of the articles that must make a claim before silence on it is worth a line


def silent(finder: Finder) -> tuple[tuple[SilenceRow, ...], tuple[Finding, ...]]:
    """For each claim widely made, the outlets that lack it."""
    rows: list[SilenceRow] = []
    found = []
    by_claim = {one.claim.claim_id: one for one in silences(finder.comparison, finder.origin_of, [star.claim for star in finder.shared])}
    for star in finder.shared:
        silence = by_claim.get(star.claim.claim_id)
        makers = finder.by_article(star)
        if silence is None or len(makers) < WIDELY * len(finder.articles):
            continue
        quiet = [outlet for outlet in silence.outlets if lacks(finder, star, outlet)]
        if not quiet:
            continue
        gist = finder.sentence(star.gist)
        own = [row for outlet in quiet if not (row := _row(finder, star, outlet)).public.text.startswith(NOT_YET)]
        quiet = [row.outlet for row in own]
        if not own:
            continue  # what was not out yet can be missed by nobody
        rows += own
        for row in own:
            finder.ledger.record(Search(gist.text, (row.outlet,), None, None, row.articles, ()))
        absence = computed("silent", listed(quiet), sum(row.articles for row in own), citations=gist.citations)
        statements: list[Statement] = [gist, finder.agreement(star), absence, *(row.public for row in own)]
        details = [miss.passage for row in own for miss in row.passages]
        scores = [(f"nearest in {row.outlet}: “{miss.passage.text[:60]}…”", miss.why_not.text, "") for row in own for miss in row.passages]
        found.append(finder.finding("silent", statements, details, scores))
    return tuple(rows), tuple(found)


def lacks(finder: Finder, star: Shared, outlet: str) -> bool:
    """Whether silence may be said of an outlet: not if its language is not read, if a text of one origin with one of its articles makes
    the claim, or if an article of it that was not compared has the claim's words."""
    if not finder.read_well(outlet):
        return False
    own = [article for article in finder.held() if article.outlet.value == outlet]
    origins = {finder.origin(article.article_id) for article in own}
    making = {finder.origin(position.article_id) for position in star.claim.positions}
    making |= {finder.origin(article_id) for article_id in finder.by_article(star)}
    if origins & making:
        return False
    return not finder.unread_holds(star.gist, {outlet}, origins)


def _row(finder: Finder, star: Shared, outlet: str) -> SilenceRow:
    gist = finder.comparison.sentences[star.gist]
    own = [
        (number, one)
        for number, one in enumerate(finder.comparison.sentences)
        if finder.outlet_of.get(finder.comparison.article_id(number)) == outlet
    ]
    misses = tuple(
        NearMiss(finder.sentence(one.sentence), computed("near_miss", one.shared, one.lacking)) for one in nearest(gist, own, finder.rarity)
    )
    articles = [article for article in finder.held() if article.outlet.value == outlet]
    makers = finder.names(finder.by_article(star))
    return SilenceRow(finder.sentence(star.gist), makers, outlet, len(articles), misses, _public(finder, star, outlet))


def _public(finder: Finder, star: Shared, outlet: str) -> Computed:
    made = [(article.published.value, finder.outlet(article_id)) for article_id in finder.by_article(star)
            if (article := finder.articles[article_id]).published.value]  # fmt: skip
    printed = [article.published.value for article in finder.held() if article.outlet.value == outlet and article.published.value]
    when, maker = min(made, key=lambda one: moment_of(one[0] or "")) if made else ("", "")
    last = max(printed, key=lambda one: moment_of(one or "")) if printed else ""
    return computed("public", maker, when or "", outlet, last or "")

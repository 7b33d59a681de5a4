"""ask(question) -> Answer: search, read, check, and say what was found or that it was not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent import extractive
from agent.evidence import gate
from agent.question import Question, read_question
from agent.statement import Dropped, Evidence, Ledger, Search, Statement
from agent.wording import computed, fixed
from vectorstore.article import Article
from vectorstore.library import Library, Outlet
from vectorstore.search import Hit

# Passages read for one question; a contrast reads every outlet's best ones.
PASSAGES, PASSAGES_FOR_CONTRAST = 12, 24


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be said to a question, and what was searched to say it. `refused` when nothing was found that answers."""

    question: str
    statements: tuple[Statement, ...]
    refused: bool
    reader: str
    searched: tuple[Statement, ...]
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)


def ask(question_text: str, library: Library, ledger: Ledger | None = None) -> Answer:
    """The extractive answer: no model, no network."""
    started = time.monotonic()
    ledger = ledger if ledger is not None else Ledger()
    outlets = library.outlets()
    held = [outlet.name for outlet in outlets if outlet.name]
    question = read_question(question_text, held, only_year(outlets))
    missing = not_held(question, library)
    if missing and not question.outlets:
        return _finish(question, missing, [], ledger, library, refused=True, started=started)
    hits = search(question, library, ledger)
    ranked = extractive.candidates(question, hits, library.embed)
    chosen = extractive.choose(question, ranked)
    if not chosen:
        return _finish(question, [*missing, fixed("not_found"), *nearest(hits)], hits, ledger, library, refused=True, started=started)
    articles = list({item.article.article_id: item.article for item in chosen}.values())
    related = _with_copies(articles, hits, library)
    origins = library.origins(related)
    names = {article.article_id: article.outlet.value for article in related}
    statements = extractive.propose(chosen, ledger, origins, names)
    return _finish(question, [*missing, *statements], hits, ledger, library, refused=False, started=started)


def only_year(outlets: Sequence[Outlet]) -> int | None:
    """The year of all articles, if they are of one year: it completes a date that a question gives without one."""
    years = {day.year for outlet in outlets for day in (outlet.first, outlet.last) if day}
    return years.pop() if len(years) == 1 else None


def not_held(question: Question, library: Library) -> list[Statement]:
    """What there is to say of publications that the question names and the library has not."""
    names = [*question.unheld, *(name for name in question.speakers if not library.mentions(name))]
    return [computed("not_held", name, len(library.outlets()), library.mentions(name)) for name in names]


def search(question: Question, library: Library, ledger: Ledger) -> list[Hit]:
    """Searches what the question names, shows it to the ledger and records it, also when nothing was found."""
    outlets = question.outlets or None
    spread = question.wants_contrast or len(question.outlets) > 1
    limit = PASSAGES_FOR_CONTRAST if spread else PASSAGES
    hits = library.search(
        question.text, outlets=outlets, since=question.since, until=question.until, limit=limit, spread=spread
    )
    evidence = ledger.show(Evidence(hit.article, hit.start, hit.end) for hit in hits)
    in_scope = library.articles(outlets=outlets, since=question.since, until=question.until)
    ledger.record(
        Search(question.text, question.outlets, question.since, question.until, len(in_scope), tuple(item.key for item in evidence))
    )
    return hits


def nearest(hits: Sequence[Hit]) -> list[Statement]:
    """The article that came nearest to a question nothing answers."""
    return [computed("nearest", hits[0].article.label)] if hits else []


def _with_copies(articles: Sequence[Article], hits: Sequence[Hit], library: Library) -> list[Article]:
    """The articles quoted and those found beside them that may print the same text, in the order of publication."""
    ids = {article.article_id for article in articles} | {hit.article.article_id for hit in hits}
    ids |= {other for hit in hits for other in hit.also}
    return [article for article in library.articles() if article.article_id in ids]


def _finish(
    question: Question,
    statements: Sequence[Statement],
    hits: Sequence[Hit],
    ledger: Ledger,
    library: Library,
    *,
    refused: bool,
    started: float,
) -> Answer:
    held = [outlet.name for outlet in library.outlets() if outlet.name]
    passed, dropped = gate(statements, ledger, held)
    reported = any(statement.kind == "reported" for statement in passed)
    if not refused and not reported:
        passed, refused = (*passed, fixed("nothing_passed")), True
    return Answer(
        question.text,
        passed,
        refused,
        "extractive reader",
        searched(question, library),
        dropped,
        tuple(library.notices),
        time.monotonic() - started,
    )


def searched(question: Question, library: Library) -> tuple[Statement, ...]:
    articles = library.articles(outlets=question.outlets or None, since=question.since, until=question.until)
    outlets = {article.outlet.value for article in articles if article.outlet.value}
    unknown = sum(1 for article in articles if article.outlet.value is None)
    days = [article.day for article in articles if article.day]
    span = (min(days).isoformat(), max(days).isoformat()) if days else ("", "")
    return (computed("searched", len(outlets), unknown, len(articles), *span),)

"""Which outlet was first to print what a question asks for, by the times of publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.extractive import MOST_STATEMENTS, Candidate
from agent.near import holds
from agent.question import Question
from agent.statement import Citation, Statement
from agent.wording import computed
from vectorstore.article import Article
from vectorstore.catalog import order_of_publication


def first_to_print(question: Question, sound: Sequence[Candidate], events: Mapping[str, str]) -> tuple[list[Statement], list[Candidate]]:
    """Which outlet was first with all that is asked for, with its sentence, then the others; nothing where fewer than two have it.

    Only articles of the event of the best one count (`events` by article id): what another happening was like is no news of this one."""
    best: dict[str, Candidate] = {}
    for item in sound:
        same_event = events.get(item.article.article_id) == events.get(sound[0].article.article_id)
        if item.article.outlet.value and same_event and all(holds(term, item.near) for term in question.terms):
            best.setdefault(item.article.article_id, item)
    first_of: dict[str, Candidate] = {}
    for item in sorted(best.values(), key=lambda item: order_of_publication(item.article)):
        first_of.setdefault(item.article.outlet.value or "", item)
    chosen = list(first_of.values())[:MOST_STATEMENTS]
    if len(chosen) < 2:
        return [], []
    when = [(item.article.outlet.value or "", _minute(item.article)) for item in chosen]
    citations = [Citation.of(item.evidence, item.sentence.span.start, item.sentence.span.end) for item in chosen]
    return [computed("printed_first", *when, citations=citations)], chosen


def _minute(article: Article) -> str:
    """The day and, where it is known, the minute of publication, as its outlet writes it; "" if there is no day."""
    return str(article.published.value).replace("T", " ")[:16] if article.day else ""

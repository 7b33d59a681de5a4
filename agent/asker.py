"""ask(question) -> Answer: search, read, check, and say what was found or that it was not."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agent import extractive
from agent.answerability import Weighed, content, weigh
from agent.by_value import differing
from agent.evidence import gate
from agent.first_printed import first_to_print
from agent.follow_up import Asked, articles_in_talk, asked_after, of_the_talk
from agent.grounds import Explained, Grounds, explained
from agent.planning import plan_for
from agent.question import Question
from agent.settings import Settings
from agent.statement import Dropped, Evidence, Ledger, Search, Statement
from agent.tells import untold
from agent.terms import stem
from agent.wording import computed, fixed
from vectorstore.article import Article
from vectorstore.catalog import order_of_publication
from vectorstore.library import Library
from vectorstore.other_languages import other_languages
from vectorstore.outlets import is_acronym
from vectorstore.plan import SearchPlan
from vectorstore.planned import PER_TEXT, Found
from vectorstore.scope import Scope
from vectorstore.search import Hit
from vectorstore.spelling import near_word

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXTRACTIVE = "extractive reader"
# Sentences quoted where a publication that is not held is named.
MENTIONS = 2
# Passages read for one question, or for each outlet that it names.
PASSAGES = 12
# Of the articles found, a contrast reads those whose best passage scores at least this share of the best of all.
RELEVANT = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be said to a question, and what was searched to say it. `refused` when nothing was found that answers. `why` has every
    statement with what it rests on."""

    question: str
    statements: tuple[Statement, ...]
    refused: bool
    reader: str
    searched: tuple[Statement, ...]
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    why: tuple[Explained, ...] = field(default=(), compare=False, repr=False)


def ask(
    question_text: str,
    library: Library,
    settings: Settings | None = None,
    *,
    history: Sequence[tuple[str, str]] = (),
    on_piece: Callable[[], None] | None = None,
    open_model: Callable[[Settings], BaseChatModel] | None = None,
) -> Answer:
    """The answer of the model that `settings` name, or of the extractive reader where there is none or it fails.

    `history` are earlier questions and answers, the oldest first; `on_piece` is called for each piece of a model's reply.
    `open_model` takes the place of agent.model.chat_model.
    """
    started = time.monotonic()
    ledger = Ledger()
    outlets = library.outlets()
    held = [outlet.name for outlet in outlets if outlet.name]
    asked = asked_after([earlier for earlier, _ in history], question_text, library.held_outlets())
    question = asked.question
    plan = replace(plan_for(asked.text, library), outlets=frozenset(question.outlets))
    if settings is not None and settings.model is not None:
        plan = with_model_of(settings, plan, library, open_model=open_model)
    missing = not_held(question, library)
    found = [] if missing and not question.outlets else search(question, plan, library, ledger)
    hits = [one.hit for one in found]
    weighed = weigh(plan, found, library, named=question.unheld)
    grounds = Grounds(weighed)
    reader, notes, drafted = EXTRACTIVE, [*library.notices, *plan.said, *asked.said], None
    if hits and settings is not None and settings.model is not None:
        from agent.model import ModelUnavailable
        from agent.replay import NotRecorded

        try:
            drafted = _of_model(question_text, library, ledger, held, settings, history, on_piece, open_model)
            reader = f"model {settings.model}"
        except NotRecorded:
            raise  # an evaluation's missing recording is a fault of the evaluation, not of the model
        except ModelUnavailable as error:
            notes.append(f"{error} The extractive reader answers instead.")
    if drafted is None:
        of_talk = _of_the_talk(asked, plan, weighed, library, ledger, grounds) if hits else []
        drafted = gate(of_talk or _of_reader(question, plan, hits, weighed, library, ledger, grounds), ledger, held)
    passed, dropped = drafted
    refused = not any(statement.kind == "reported" for statement in passed)
    why = _no_article_of_the_days(plan, library) if refused else []
    if refused and missing and not hits:
        passed, dropped = gate(_mentions(question, library, ledger), ledger, held)
        passed = (*passed, *nearest(weigh(plan, library.search_plan(plan, limit=PASSAGES), library)))
    elif refused:
        silent, _ = gate(_silent((), library, ledger), ledger, held)
        passed = (fixed("nothing_passed" if dropped else "not_found"), *silent, *nearest(weighed))
    if refused:
        notes += misspelt(asked.text, library)
    checked, wrong = gate([*missing, *why], ledger, held)
    statements = (*checked, *passed)
    return Answer(
        question_text,
        statements,
        refused,
        reader,
        searched(question, plan, library),
        (*wrong, *dropped),
        tuple(notes),
        time.monotonic() - started,
        explained(statements, grounds, of_model=reader != EXTRACTIVE),
    )


def with_model_of(
    settings: Settings,
    plan: SearchPlan,
    library: Library,
    outlets: Collection[str | None] | None = None,
    open_model: Callable[[Settings], BaseChatModel] | None = None,
) -> SearchPlan:
    """What the settings let their model do for a search: order what is found, from now on, and propose the plan."""
    if settings.model_reranks:
        from agent.model_rerank import ModelReranker

        library.rerank_with(ModelReranker(settings, open_model))
    if settings.model_plans:
        from agent.model_plan import with_model

        return with_model(plan, library, settings, outlets, open_model=open_model)
    return plan


def _of_the_talk(
    asked: Asked, plan: SearchPlan, everywhere: Weighed, library: Library, ledger: Ledger, grounds: Grounds
) -> list[Statement]:
    """What the articles that the talk is about have to say, if they answer: nothing if the question stands by itself.

    All articles have been searched before, so that a silence may be said."""
    if not asked.topic or (asked.question.outlets and not asked.goes_on):
        return []
    scope = Scope.of(article_ids=articles_in_talk(asked.topic, library))
    found = [one for own in _plans(asked.question, plan) for one in library.search_plan(own, scope, PASSAGES)]
    weighed = weigh(plan, found, library)
    if not found or not (asked.goes_on or of_the_talk(weighed, everywhere)):
        return []
    ledger.show(Evidence(one.hit.article, one.hit.start, one.hit.end) for one in found)
    if asked.goes_on:  # The talk says what it is about, so that the rest of the question must be found and no more.
        weighed = replace(weighed, score=max(0.0, weighed.score), parts=())
    grounds.of_talk = True
    return _of_reader(replace(asked.question, settled=asked.goes_on), plan, [one.hit for one in found], weighed, library, ledger, grounds)


def _plans(question: Question, plan: SearchPlan) -> list[SearchPlan]:
    """Each outlet that is named is searched by itself."""
    return [plan.of_outlet(outlet) for outlet in question.outlets] or [plan]


def _of_reader(
    question: Question, plan: SearchPlan, hits: Sequence[Hit], weighed: Weighed, library: Library, ledger: Ledger, grounds: Grounds
) -> list[Statement]:
    if question.outlets and not question.terms:
        printed = library.articles(outlets=question.outlets, since=plan.since, until=plan.until)
        latest = sorted((article for article in printed if article.day), key=order_of_publication, reverse=True)
        return extractive.openings([*latest, *(article for article in printed if not article.day)][: extractive.MOST_STATEMENTS], ledger)
    surely = [one.part.words for one in weighed.parts if one.surely]
    partly = any(not one.found for one in weighed.parts) and bool(surely)
    if partly:
        question = question.about(" ".join(surely))
    elif not weighed.answered_by_those_held:
        return []
    related = _with_copies(hits, library)
    origins = library.origins(related)
    ranked = extractive.candidates(question, hits, library.embed)
    by_event = question.wants_number or question.wants_first
    events = {article_id: event.event_id for event in library.events() for article_id in event.article_ids} if by_event else {}
    by_value, bearing = differing(question, extractive.sound_ones(question, ranked), origins, events)
    chosen = bearing[: extractive.MOST_STATEMENTS]
    if question.wants_first:
        by_value, chosen = first_to_print(question, extractive.sound_ones(question, ranked), events)
    chosen = chosen or extractive.choose(question, ranked, origins)
    grounds.chosen = list(chosen)
    quoted = extractive.propose(chosen, ledger, origins, {article.article_id: article.outlet.value for article in related})
    if not by_value and not quoted:
        return []
    return [
        *([fixed("part_only")] if partly and not weighed.answered_by_those_held else []),
        *by_value,
        *(fixed(name) for name in untold(question, [item.sentence for item in chosen]) if chosen and not by_value),
        *quoted,
        *_not_quoted(question, chosen),
        *_silent(chosen, library, ledger),
        *_parts_not_found(weighed, ledger),
    ]


def _not_quoted(question: Question, chosen: Sequence[extractive.Candidate]) -> list[Statement]:
    """What of the question no sentence quoted has, so that nobody takes them for an answer to it."""
    asked = {stem(word): word for word in reversed(content(question.text)) if stem(word) in question.terms}
    lacking = extractive.unquoted(tuple(reversed(asked)), chosen)
    return [computed("not_quoted", tuple(asked[term] for term in lacking))] if lacking else []


def _parts_not_found(weighed: Weighed, ledger: Ledger) -> list[Statement]:
    """The parts of the question that nothing was found for. Of an outlet that it names, its silence is said instead."""
    articles = max((search.articles_searched for search in ledger.searches), default=0)
    missed = (one for one in weighed.parts if not one.found and not one.part.outlets)
    return [computed("part_not_found", one.part.words, articles) for one in missed] if len(weighed.parts) > 1 else []


def _no_article_of_the_days(plan: SearchPlan, library: Library) -> list[Statement]:
    """Days that a part of the question names for an outlet's article, when the outlet has none of them."""
    statements: list[Statement] = []
    for part in plan.parts:
        if part.outlets and part.days and not any(library.printed(outlets=part.outlets, since=day, until=day) for day in part.days):
            held = len(library.printed(outlets=part.outlets))
            statements.append(computed("no_article_of", tuple(sorted(part.outlets)), tuple(day.isoformat() for day in part.days), held))
    return statements


def _not_read(outlets: Sequence[str], library: Library) -> list[Statement]:
    """Outlets named whose articles are in another language: why nothing was found in them."""
    statements: list[Statement] = []
    for outlet in library.outlets():
        others = other_languages(outlet.languages or {})
        if outlet.name and outlet.name in outlets and others:
            statements.append(computed("not_read", outlet.name, tuple(sorted(others))))
    return statements


def _silent(chosen: Sequence[extractive.Candidate], library: Library, ledger: Ledger) -> list[Statement]:
    """The outlets that the question names, that were searched, and that have nothing on it."""
    quoted = {item.article.outlet.value for item in chosen}
    found: list[Statement] = []
    for search in ledger.searches:
        if len(search.outlets) != 1 or search.outlets[0] in quoted:
            continue
        about = _not_read(search.outlets, library)
        if not about and not search.articles_searched:
            days = f"{search.since or '…'} to {search.until or '…'}"
            about = [computed("no_article_of", search.outlets, (days,), len(library.printed(outlets=search.outlets)))]
        found += about or [computed("silent", search.outlets[0], search.articles_searched)]
    return found


def _of_model(
    question: str,
    library: Library,
    ledger: Ledger,
    held: Sequence[str],
    settings: Settings,
    history: Sequence[tuple[str, str]],
    on_piece: Callable[[], None] | None,
    open_model: Callable[[Settings], BaseChatModel] | None,
) -> tuple[tuple[Statement, ...], tuple[Dropped, ...]]:
    """The model's sentences that pass, and those that don't. Raises ModelUnavailable."""
    from agent.model import chat_model
    from agent.model_reader import ModelReader
    from agent.proposal import budget_of, settle

    model = (open_model or chat_model)(settings)
    reader = ModelReader(model, library, ledger, budget=budget_of(settings), on_piece=on_piece, tracing=settings.tracing)
    return settle(reader, lambda: reader.propose(question, history), ledger, held, settings)


def not_held(question: Question, library: Library) -> list[Statement]:
    """What there is to say of publications that the question names and the library has not, and of speakers that nothing names.

    An acronym that nothing names may be a station or an office: that no article is by it is true of both.
    """
    held = sum(1 for outlet in library.outlets() if outlet.name)
    mentions = {name: library.mentions(_bare(name)) for name in (*question.unheld, *question.speakers)}
    absent = [name for name in question.speakers if not mentions[name]]
    publications = [*question.unheld, *filter(is_acronym, absent)]
    return [
        *(computed("not_held", name, held, mentions[name]) for name in publications),
        *(computed("not_mentioned", name) for name in absent if name not in publications),
    ]


def _bare(name: str) -> str:
    """As a text may have it at any place: without "the"."""
    return name[4:] if name.lower().startswith("the ") else name


def _mentions(question: Question, library: Library, ledger: Ledger) -> list[Statement]:
    """Where the articles held name a publication that is not held."""
    statements: list[Statement] = []
    for name in question.unheld:
        plan = SearchPlan.whole(" ".join((name, *question.terms)))
        hits = [one.hit for one in library.search_plan(plan, limit=PASSAGES) if _bare(name) in one.hit.text]
        ledger.show(Evidence(hit.article, hit.start, hit.end) for hit in hits)
        ledger.record(Search(name, (), None, None, len(library.printed()), tuple(Evidence(h.article, h.start, h.end).key for h in hits)))
        statements += extractive.sentences_with(_bare(name), hits, question.terms)[:MENTIONS]
    return statements


def search(question: Question, plan: SearchPlan, library: Library, ledger: Ledger) -> list[Found]:
    """Searches what the question names, shows it to the ledger and records each search, also when nothing was found.

    Each outlet that is named is searched by itself, for its own part of the question; a contrast reads more of every article that the
    first search finds.
    """
    since, until = plan.since, plan.until
    every: list[Found] = []
    searches: list[tuple[SearchPlan, tuple[str, ...]]] = [(plan.of_outlet(outlet), (outlet,)) for outlet in question.outlets]
    for own, outlets in searches or [(plan, ())]:
        spread = question.wants_contrast and not outlets
        found = library.search_plan(replace(own, spread=spread), limit=PASSAGES)
        articles = len(library.printed(outlets=outlets or None, since=since, until=until))
        if spread and found:
            least = RELEVANT * max(one.hit.score for one in found)
            relevant = {one.hit.article.article_id for one in found if one.hit.score >= least}
            found = library.search_plan(own, Scope.of(article_ids=relevant), PER_TEXT * len(relevant))
        evidence = ledger.show(Evidence(one.hit.article, one.hit.start, one.hit.end) for one in found)
        query = " / ".join(part.words for part in own.parts)
        ledger.record(Search(query, outlets, since, until, articles, tuple(item.key for item in evidence)))
        every += found
    return every


def misspelt(text: str, library: Library) -> Iterator[str]:
    """Words asked for that no article has, where a word one slip away stands in some."""
    rarity = library.rarity(content(text)) if library.as_of is None else {}
    for word, value in rarity.items():
        near = near_word(library.database, word) if value == 1.0 else None
        if near:
            yield f"“{word}” stands in no article; did you mean “{near}”?"


def nearest(weighed: Weighed) -> list[Statement]:
    """The article that came nearest to a question nothing answers, if it has anything of what is asked for."""
    best = max((one for one in weighed.parts if one.words > 0), key=lambda one: one.words * one.weight, default=None)
    return [computed("nearest", best.nearest.label)] if best and best.nearest else []


def _with_copies(hits: Sequence[Hit], library: Library) -> list[Article]:
    """The articles found and those that print the same text, in the order of publication."""
    return library.articles(article_ids={hit.article.article_id for hit in hits} | {other for hit in hits for other in hit.also})


def searched(question: Question, plan: SearchPlan, library: Library) -> tuple[Statement, ...]:
    articles = library.printed(outlets=question.outlets or None, since=plan.since, until=plan.until)
    outlets = {article.outlet for article in articles if article.outlet}
    unknown = sum(1 for article in articles if article.outlet is None)
    days = [article.published[:10] for article in articles if article.published]
    span = (min(days), max(days)) if days else ("", "")
    return (computed("searched", len(outlets), unknown, len(articles), *span),)

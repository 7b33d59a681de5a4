"""What a brief is on: files held in memory, an event by its id, or the event whose articles answer some words best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from agent.answerability import LEAST_FOUND, content, share
from agent.brief import Brief, make_brief
from agent.left_out import left_out
from agent.near import holds
from agent.reading.kept_grammar import KeptGrammar
from agent.settings import Settings
from agent.statement import Evidence, Ledger
from agent.terms import stem, terms
from agent.wording import count, listed
from vectorstore.article import Article
from vectorstore.events.event import Event
from vectorstore.library import EmbedderChoice, Library
from vectorstore.readers import NothingToRead, Rejection, read_path

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Passages that a model reads to write the opening.
OPENING_PASSAGES = 18
# Passages whose events vote, and how many runners-up are named.
VOTING_PASSAGES, RUNNERS_UP = 20, 3


class NoSubject(ValueError):
    """Nothing to make a brief on; the message says what was looked for."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """Articles to compare, the open library that holds them, and how they were chosen: `notes` for who asked, `said` for the brief."""

    library: Library
    articles: tuple[Article, ...]
    title: str | None
    question: str | None
    notes: tuple[str, ...]
    said: tuple[str, ...] = ()

    def narrowed(self, outlets: Sequence[str | None] | None, since: date | None) -> Subject:
        """Only the articles of these outlets and of this day or later; `said` tells what that leaves out."""
        kept = [article for article in self.articles if outlets is None or article.outlet.value in outlets]
        dated = [article for article in kept if since is None or (article.day is not None and article.day >= since)]
        said = [f"only articles of {listed([name or 'unknown outlets' for name in outlets])}"] if outlets else []
        if since is not None:
            undated = sum(1 for article in kept if article.day is None)
            said.append(
                f"only articles of {since} or later" + (f": {count(undated, 'article')} without a date left out" if undated else "")
            )
        return replace(self, articles=tuple(dated), said=(*self.said, *said))


def choose_subject(
    what: Sequence[str],
    event_id: str | None,
    question: str | None,
    files: Sequence[Path],
    open_stored: Callable[[], Library],
    choice: EmbedderChoice,
) -> Subject:
    """Raises NoSubject, NothingToRead, and what opening the library raises.

    An argument that is an existing path is a file; else an exact event id; else words. The options force one of the three.
    """
    forced = [bool(event_id), bool(question), bool(files)]
    if sum(forced) + bool(what) != 1:
        raise NothingToRead("name one thing: a file, an event's id or words, or one of --event, --question, --file")
    paths = list(files) or ([Path(item) for item in what] if what and all(Path(item).exists() for item in what) else [])
    if paths:
        return _of_files(paths, choice)
    library = open_stored()
    try:
        return subject_in(library, question or " ".join(what), event_id)
    except BaseException:
        library.__exit__(None, None, None)
        raise


def library_of(paths: Sequence[Path], choice: EmbedderChoice) -> Library:
    """The articles in files, in memory. Raises NothingToRead."""
    return Library.in_memory([item.article for path in paths for item in read_path(path) if not isinstance(item, Rejection)], choice)


def _of_files(paths: Sequence[Path], choice: EmbedderChoice) -> Subject:
    inputs = [item for path in paths for item in read_path(path)]
    articles = [item.article for item in inputs if not isinstance(item, Rejection)]
    notes = [f"not held: {item.where}: {item.reason}" for item in inputs if isinstance(item, Rejection)]
    library = Library.in_memory(articles, choice)
    return Subject(library, tuple(library.articles()), None, None, tuple(notes))


def subject_in(library: Library, words: str, event_id: str | None = None) -> Subject:
    """The event with this id, else with the words as its id, else the one whose articles answer the words best.

    Raises NoSubject."""
    events = {event.event_id: event for event in library.events()}
    notes: list[str] = []
    named = event_id or words
    event = events.get(named) or events.get(library.present_event_id(named) or "")
    if event is None:
        if event_id:
            raise NoSubject(f"no event {event_id} in this library; `rashomon events` lists them")
        of_article = {article_id: event for event in events.values() for article_id in event.article_ids}
        votes: Counter[str] = Counter()
        for hit in library.search(words, limit=VOTING_PASSAGES):
            votes[of_article[hit.article.article_id].event_id] += round(1000 * hit.score)
        if not votes:
            raise NoSubject(f"no event in this library answers “{words}”; `rashomon events` lists them")
        ranked = [events[event_id] for event_id, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0]))]
        event = ranked[0]
        found, lacking = _found(words, event, library)
        if found < LEAST_FOUND:
            raise NoSubject(
                f"no event in this library has enough of the words “{words}”; the nearest by meaning is {event.event_id} {event.title}: "
                f"`rashomon brief {event.event_id}` compares it, and `rashomon events` lists all"
            )
        notes.append(f"chosen by its words: {event.event_id} {event.title}")
        if lacking:
            notes.append(f"  not in its articles: {listed([f'“{word}”' for word in lacking])}")
        notes += [f"  runner-up: {other.event_id} {other.title}" for other in ranked[1 : RUNNERS_UP + 1]]
    held = {article.article_id: article for article in library.articles()}
    return Subject(
        library, tuple(held[article_id] for article_id in event.article_ids), event.title, None if event_id else words, tuple(notes)
    )


def _found(words: str, event: Event, library: Library) -> tuple[float, list[str]]:
    """How much of the words, weighed by their rarity, the event's articles have, or near ones, and those that they have not."""
    asked = content(words)
    articles = library.articles(article_ids=set(event.article_ids))
    held = frozenset(terms("\n".join(f"{article.title.value or ''} {article.outlet.value or ''} {article.text}" for article in articles)))
    weight = {stem(word): value for word, value in library.rarity(asked).items()}
    return share(tuple(weight), held, weight), [word for word in asked if not holds(stem(word), held)]


def brief_on(
    subject: Subject, library: Library, settings: Settings | None = None, open_model: Callable[[Settings], BaseChatModel] | None = None
) -> Brief:
    """The brief on a subject; `library` is the subject's, still open. A model that `settings` name writes its opening."""
    ledger = Ledger()
    if len(subject.articles) > 1:
        library.open_embedder_ahead()  # read from disk while the articles are read
    origins = library.origins(subject.articles)
    brief = make_brief(
        subject.articles,
        origins,
        library.embed,
        ledger,
        states=library.states,
        question=subject.question,
        title=subject.title,
        earlier=_earlier(subject.articles, library),
        parser=KeptGrammar(library.folder),
    )
    brief = replace(brief, notes=subject.said)
    if settings is None or settings.model is None or brief.refused:
        return brief
    from agent.model import ModelUnavailable, chat_model
    from agent.model_reader import ModelReader
    from agent.proposal import budget_of, settle

    ids = [article.article_id for article in brief.articles]
    hits = library.search(brief.title, article_ids=ids, limit=OPENING_PASSAGES, spread=True)
    evidence = [Evidence(hit.article, hit.start, hit.end) for hit in hits]
    held = [outlet.name for outlet in library.outlets() if outlet.name]
    try:
        reader = ModelReader((open_model or chat_model)(settings), library, ledger, budget=budget_of(settings), tracing=settings.tracing)
        opening, dropped = settle(reader, lambda: reader.brief(brief.title, evidence), ledger, held, settings)
    except ModelUnavailable as error:
        return replace(brief, notes=(*brief.notes, f"{error} The brief has no opening by a model."))
    return replace(brief, opening=opening, reader=f"model {settings.model}", notes=(*brief.notes, *left_out(dropped)))


def _earlier(articles: Sequence[Article], library: Library) -> dict[str, tuple[Article, ...]]:
    """The versions of these articles that came before the text given, of those that have any."""
    found = {}
    for article in articles:
        versions = library.versions(article.article_id)
        texts = [version.text_id for version in versions]
        if article.text_id in texts[1:]:
            found[article.article_id] = tuple(versions[: texts.index(article.text_id)])
    return found


def as_of_day(brief: Brief, library: Library) -> Brief:
    """The brief, with the day said on it if the library was read as it was on one."""
    said = tuple(notice for notice in library.notices if notice.startswith("as of "))
    return replace(brief, notes=(*said, *brief.notes)) if library.as_of else brief

"""What the articles held say: search, ask, chat, brief."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from agent.commands.console import (
    REFUSED,
    as_json,
    as_of,
    choice,
    open_library,
    outlets_meant,
    pass_settings,
    print_json,
    say,
    tell,
    write_file,
)
from agent.settings import Settings


@click.command()
@click.argument("query")
@click.option("--outlet", "outlets", multiple=True, help="Only this outlet; may be given several times.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day or earlier.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option("--articles", "whole", is_flag=True, help="Rank whole articles instead of passages.")
@click.option("--explain", is_flag=True, help="Show how the query was read, and what each score is made of.")
@as_of
@as_json
@pass_settings
def search(
    settings: Settings,
    query: str,
    outlets: tuple[str, ...],
    since: Any,
    until: Any,
    limit: int,
    whole: bool,
    explain: bool,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Find passages by words and by meaning. Each outlet that the query names is searched for its own part of it."""
    from agent.answerability import lacking, weigh
    from agent.asker import with_model_of
    from agent.planning import plan_for
    from agent.render.escape import terminal
    from agent.render.found import found_lines, found_values, plan_lines, plan_values, ranked_lines, ranked_values
    from vectorstore.scope import Scope

    if whole and explain:
        raise click.UsageError("--explain tells how passages are chosen; leave out --articles")
    with open_library(settings, day=day) as library:
        tell(library)
        told = len(library.notices)
        first, last = (given.date() if given else None for given in (since, until))
        chosen = outlets_meant(library, outlets)
        plan = plan_for(query, library, chosen)
        if settings.model is not None and not whole:
            plan = with_model_of(settings, plan, library, chosen)
        scope = Scope.of(chosen, first, last)
        if whole:
            ranked = library.rank_articles(query, scope, limit)
            values, lines = [ranked_values(one) for one in ranked], ranked_lines(ranked)
        else:
            found = library.search_plan(plan, scope, limit)
            for note in (
                *plan.said,
                *library.notices[told:],
                *lacking(weigh(plan, found, library), found, len(library.printed(outlets=chosen, since=first, until=last))),
            ):
                click.echo(terminal(note), err=True)
            values, lines = [found_values(one, explain) for one in found], found_lines(found, plan, explain)
    values = [{**value, **({"as_of": day.date().isoformat()} if day else {})} for value in values]
    if as_json:
        print_json({"plan": plan_values(plan), "hits": values} if explain else values)
    else:
        for line in (*(plan_lines(plan) if explain else ()), *lines):
            click.echo(line)
    if not values:
        raise SystemExit(REFUSED)


@click.command()
@click.argument("question")
@as_of
@as_json
@pass_settings
def ask(settings: Settings, question: str, day: datetime | None, as_json: bool) -> None:
    """Answer a question from the articles held, every sentence with the words it rests on."""
    from agent.asker import ask as answer_question
    from agent.render.answer import answer_lines, answer_values

    with open_library(settings, day=day) as library:
        answer = answer_question(question, library, settings)
    if as_json:
        print_json(answer_values(answer))
    else:
        for line in answer_lines(answer):
            say(line)
    if answer.refused:
        raise SystemExit(REFUSED)


@click.command()
@pass_settings
def chat(settings: Settings) -> None:
    """Ask one question after the other; /help lists the commands."""
    from agent.chat import start

    start(settings, lambda: open_library(settings))


@click.command()
@click.argument("what", nargs=-1)
@click.option("--event", "event_id", help="An event by its id, as `events` lists it.")
@click.option("--question", help="Words that choose the event whose articles answer them best.")
@click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path, exists=True), help="Articles in a file, held in memory only."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the brief to FILE.md or FILE.json instead.")
@as_of
@as_json
@pass_settings
def brief(
    settings: Settings,
    what: tuple[str, ...],
    event_id: str | None,
    question: str | None,
    files: tuple[Path, ...],
    out: Path | None,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Contrast the outlets on one event. WHAT is a file or folder, an event's id, or words that choose an event."""
    from agent.render.brief_json import brief_text as brief_as_json
    from agent.render.brief_markdown import brief_markdown
    from agent.subject import Subject, as_of_day, brief_on, choose_subject

    if out is not None and out.suffix.lower() not in (".md", ".json"):
        raise click.UsageError(f"--out {out}: the name must end in .md or .json")
    subject: Subject = choose_subject(what, event_id, question, files, lambda: open_library(settings, day=day), choice(settings))
    with subject.library as library:
        if day is not None and library.as_of is None:
            raise click.UsageError("--as-of looks back in the library; files are read as they are")
        made = as_of_day(brief_on(subject, library, settings), library)
    for line in subject.notes:
        say(line, err=True)
    text = brief_as_json(made) if as_json or (out is not None and out.suffix.lower() == ".json") else brief_markdown(made)
    if out is None:
        click.echo(text)
    else:
        write_file(out, text)
        say(f"wrote {out}")
    if made.refused:
        raise SystemExit(REFUSED)


@click.command()
@click.argument("what", nargs=-1)
@click.option("--event", "event_id", help="An event by its id, as `events` lists it.")
@click.option("--question", help="Words that choose the event whose articles answer them best.")
@click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path, exists=True), help="Articles in a file, held in memory only."
)
@click.option("--why", metavar="ID", help="Only this finding: the sentences, the scores and the rule it rests on.")
@as_of
@as_json
@pass_settings
def compare(
    settings: Settings,
    what: tuple[str, ...],
    event_id: str | None,
    question: str | None,
    files: tuple[Path, ...],
    why: str | None,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Print all that a comparison finds, each finding with an id. WHAT is a file or folder, an event's id, or words that choose an event.

    No model takes part. `brief` prints the same in a shorter form to be read.
    """
    from agent.render.brief_json import brief_text as brief_as_json
    from agent.render.brief_json import finding_text
    from agent.render.comparison import comparison_lines, unknown_lines, why_lines
    from agent.subject import NoSubject, as_of_day, brief_on, choose_subject

    subject = choose_subject(what, event_id, question, files, lambda: open_library(settings, day=day), choice(settings))
    with subject.library as library:
        if day is not None and library.as_of is None:
            raise click.UsageError("--as-of looks back in the library; files are read as they are")
        made = as_of_day(brief_on(subject, library), library)
    for line in subject.notes:
        say(line, err=True)
    if why is not None:
        found = made.finding(why)
        if found is None:
            raise NoSubject(unknown_lines(why, [finding.finding_id for section in made.sections for finding in section.findings]))
        if as_json:
            click.echo(finding_text(*found))
        for line in () if as_json else why_lines(*found):
            click.echo(line)
        return
    if as_json:
        click.echo(brief_as_json(made))
    for line in () if as_json else comparison_lines(made):
        click.echo(line)
    if made.refused:
        raise SystemExit(REFUSED)

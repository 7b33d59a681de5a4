"""What the articles held say: search, ask, chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from agent.commands.console import (
    REFUSED,
    as_json,
    as_of,
    open_library,
    outlets_meant,
    pass_settings,
    print_json,
    say,
    tell,
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

"""Who copied whom: the origins of articles, and why they are thought so."""

from __future__ import annotations

import click

from agent.commands.console import as_json, open_library, pass_settings, print_json, say
from agent.settings import Settings


@click.command()
@click.argument("what", nargs=-1)
@click.option("--event", "event_id", help="An event by its id, as `events` lists it.")
@click.option("--all", "everything", is_flag=True, help="The whole library; so it is too if nothing is named.")
@as_json
@pass_settings
def origins(settings: Settings, what: tuple[str, ...], event_id: str | None, everything: bool, as_json: bool) -> None:
    """Explain which articles descend from one text, who seems to have written it first, and how that is known.

    WHAT is an event's id, or words that choose an event.
    """
    from agent.render.origins import origin_lines, origin_values
    from agent.subject import subject_in

    if bool(what) + bool(event_id) + everything > 1:
        raise click.UsageError("name one thing: an event's id, words, or --all")
    with open_library(settings) as library:
        if what or event_id:
            subject = subject_in(library, " ".join(what), event_id)
            articles, notes = list(subject.articles), subject.notes
        else:
            articles, notes = library.articles(), ()
        found = library.origins(articles)
    for line in notes:
        say(line, err=True)
    if as_json:
        print_json([origin_values(origin, articles) for origin in found])
    else:
        for line in origin_lines(found, articles):
            say(line)

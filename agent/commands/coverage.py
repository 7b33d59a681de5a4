"""What the articles held are: their events and outlets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from agent.commands.console import as_json, as_of, open_library, outlets_meant, pass_settings, print_json, say, tell
from agent.settings import Settings


@click.command()
@click.option("--outlet", "outlets", multiple=True, help="Only events with an article of this outlet (or of one of several).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only events with an article of this day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only events with an article of this day or earlier.")
@click.option("--min-outlets", default=0, show_default=True, type=click.IntRange(0), help="Leave out events of fewer known outlets.")
@click.option("--min-articles", default=2, show_default=True, type=click.IntRange(1), help="Leave out smaller events.")
@as_of
@as_json
@pass_settings
def events(
    settings: Settings,
    outlets: tuple[str, ...],
    since: Any,
    until: Any,
    min_outlets: int,
    min_articles: int,
    day: datetime | None,
    as_json: bool,
) -> None:
    """List the events: which articles report the same happening. An event is listed whole if one of its articles fits."""
    from agent.render.report import event_lines, event_values

    days = [day.date() if day else None for day in (since, until)]
    with open_library(settings, any_embedder=True, day=day) as library:
        tell(library)
        empty = not library.outlets()
        found = library.events(outlets=outlets_meant(library, outlets), since=days[0], until=days[1])
    shown = [event for event in found if len(event.article_ids) >= min_articles and len(event.outlets) >= min_outlets]
    if as_json:
        print_json([event_values(event) for event in shown])
        return
    for line in event_lines(shown, len(found) - len(shown), empty=empty):
        say(line)


@click.command()
@click.option("--update", is_flag=True, help="First take up a changed outlets.toml; the next ingest would do so too.")
@as_json
@pass_settings
def outlets(settings: Settings, update: bool, as_json: bool) -> None:
    """List the outlets held: articles, days, spellings, and what the outlet registry knows of each."""
    from agent.render.outlets import outlet_lines, outlet_values

    with open_library(settings, write=update and settings.library.exists(), any_embedder=True) as library:
        tell(library)
        held, registry = library.outlets(), library.registry
    if as_json:
        print_json([outlet_values(outlet, registry) for outlet in held])
    else:
        for line in outlet_lines(held, registry):
            say(line)

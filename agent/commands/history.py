"""What becomes of articles: versions, diff, remove."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import click

from agent.commands.console import REFUSED, as_json, open_library, outlets_meant, pass_settings, print_json, say
from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.article import Article
    from vectorstore.library import Library

DAY = click.DateTime(["%Y-%m-%d"])
NAMED_LISTED = 5


class NotHeld(ValueError):
    """No article, or more than one, is meant; the message says which."""

    exit_code = 1


def one_article(library: Library, what: str) -> str:
    """The id of the one article that is meant. Raises NotHeld."""
    found = library.named(what)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotHeld(f"no article has the URL or id {what}, or an id that starts so; `rashomon export` lists those that are held")
    listed = ", ".join(found[:NAMED_LISTED]) + (" ..." if len(found) > NAMED_LISTED else "")
    raise NotHeld(f"{len(found)} articles are meant by {what}: {listed}; give the id of one")


@click.command()
@click.argument("what", required=False)
@as_json
@pass_settings
def versions(settings: Settings, what: str | None, as_json: bool) -> None:
    """List the versions of an article: when each was published, changed and first seen, and where it was read.

    WHAT is a URL, a given id, or the beginning of an article's id. Without it, the articles with more than one version are listed.
    """
    from agent.render.history import changed_lines, history_values, version_lines

    with open_library(settings) as library:
        articles = library.changed_articles() if what is None else [library.history(one_article(library, what))]
    if as_json:
        values = [history_values(article) for article in articles]
        print_json(values if what is None else values[0])
        return
    for line in changed_lines(articles) if what is None else version_lines(articles[0]):
        say(line)


@click.command()
@click.argument("what")
@click.argument("old", metavar="[FROM]", required=False, type=click.IntRange(1))
@click.argument("new", metavar="[TO]", required=False, type=click.IntRange(1))
@as_json
@pass_settings
def diff(settings: Settings, what: str, old: int | None, new: int | None, as_json: bool) -> None:
    """Show what changed between two versions of an article, sentence by sentence.

    WHAT is a URL, a given id, or the beginning of an article's id; FROM and TO are numbers that `versions` lists. Without them, the
    last two are compared.
    """
    from agent.render.history import plain, revision_lines, revision_values
    from vectorstore.revision import revision

    with open_library(settings) as library:
        held = library.history(one_article(library, what))
    if len(held) < 2:
        raise NotHeld(f"one version of {what} is held; there is nothing to compare it with")
    if (old is None) != (new is None):
        raise click.UsageError("give both FROM and TO, or neither")
    first, second = (old, new) if old and new else (len(held) - 1, len(held))
    if max(first, second) > len(held):
        raise click.UsageError(f"{what} has {len(held)} versions; `rashomon versions {what}` lists them")
    before, after = held[first - 1], held[second - 1]
    change = revision(before.article, after.article)
    if as_json:
        print_json(revision_values(change, before, after))
        return
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    # Every word of an article in these lines is harmless already, and the colours must not be taken for one.
    for line in revision_lines(change, before, after, _in_colour if coloured else plain):
        click.echo(line)


def _in_colour(words: str, side: Literal["old", "new"]) -> str:
    return click.style(words, fg="red" if side == "old" else "green", bold=True, underline=side == "new", strikethrough=side == "old")


@click.command()
@click.argument("what", nargs=-1)
@click.option("--url", "urls", multiple=True, help="The article with this URL; may be given several times.")
@click.option("--outlet", "outlets", multiple=True, help="Of the articles named, or of all, those of this outlet; several times.")
@click.option("--since", type=DAY, help="Of those, the ones published on this day or later.")
@click.option("--before", type=DAY, help="Of those, the ones published before this day.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be removed.")
@as_json
@pass_settings
def remove(
    settings: Settings,
    what: tuple[str, ...],
    urls: tuple[str, ...],
    outlets: tuple[str, ...],
    since: Any,
    before: Any,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove articles with every version, and look through the library's files for what may be left of them.

    WHAT are URLs, given ids, or the beginnings of articles' ids. On a terminal you are asked; elsewhere nothing is removed without --yes.
    Texts that other articles print stay, and are named.
    """
    from agent.render.history import removal_lines, removed_lines, removed_values

    if not (what or urls or outlets or since or before):
        raise click.UsageError("name articles by WHAT or --url, or choose some with --outlet, --since or --before")
    days = [day.date() if day else None for day in (since, before)]
    # To look is enough as long as nothing is removed: it needs no lock, and works beside a writer.
    with open_library(settings, write=yes and not dry_run) as library:
        chosen = _chosen(library, (*what, *urls), outlets, days[0], days[1])
        copies = library.printing([article.article_id for article in chosen])
        undated = sum(1 for article in library.articles(outlets=outlets or None) if article.day is None) if since or before else 0
        versions = sum(len(library.history(article.article_id)) for article in chosen)
        removed = library.remove([article.article_id for article in chosen]) if yes and not dry_run and chosen else None
    if not chosen:
        raise NotHeld("no article held is meant: nothing was removed")
    if removed is None and not as_json:
        for line in removal_lines(chosen, copies, versions, undated):
            say(line)
    if removed is None and not dry_run and sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        click.confirm("remove them for good?", abort=True)
        with open_library(settings, write=True, any_embedder=True) as library:
            removed = library.remove([article.article_id for article in chosen])
    if as_json:
        print_json(removed_values(removed, chosen, copies))
    elif removed is not None:
        for line in removed_lines(removed, copies):
            say(line)
    elif dry_run:
        say("nothing was removed: a dry run")
    else:
        say("nothing was removed: add --yes to remove them")
    if (removed is None and not dry_run) or (removed is not None and not removed.verified):
        raise SystemExit(REFUSED)


def _chosen(library: Library, named: Sequence[str], outlets: Sequence[str], since: date | None, before: date | None) -> list[Article]:
    ids = {one_article(library, name) for name in named}
    held = library.articles(outlets=outlets_meant(library, outlets), since=since)
    return [
        article
        for article in held
        if (not named or article.article_id in ids) and (before is None or (article.day is not None and article.day < before))
    ]

"""What comes from outside: watch, and the list of what was rejected."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.commands.console import REFUSED, as_json, open_library, pass_settings, print_json, say
from agent.commands.fetched import BATCH, batches, check_writable, writing
from agent.commands.storing import addresses_in, inputs_of, progress, read_addresses
from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.readers import Read, Rejection

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SHORTEST = 60


class Every(click.ParamType[int]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", str(value))
        if match is None or int(match[1]) * SECONDS[match[2]] < SHORTEST:
            self.fail("write a number and s, m, h or d, a minute at least: 15m", param, ctx)
        return int(match[1]) * SECONDS[match[2]]


@click.command()
@click.argument("lists", nargs=-1, required=True, metavar="FEEDS.opml|URL...")
@click.option("--every", type=Every(), help="Again and again, with this much time between: 15m, 2h. Without it, once, for cron.")
@click.option("--most", type=click.IntRange(1, 10_000), default=100, show_default=True, help="New articles read of one feed at a time.")
@as_json
@pass_settings
def watch(settings: Settings, lists: tuple[str, ...], every: int | None, most: int, as_json: bool) -> None:
    """Fetch what is new in feeds (RSS, Atom) and sitemaps, and store it.

    An OPML file is a list of feeds, as feed readers export it. An article whose text the feed holds is taken from there, the others
    from their pages. robots.txt is obeyed, and a site is asked once a second at most.
    """
    addresses = list(_addresses(lists))
    while True:
        rejected = _round(settings, addresses, most, as_json=as_json)
        if every is None:
            if rejected:
                raise SystemExit(REFUSED)
            return
        time.sleep(every)


def _addresses(lists: tuple[str, ...]) -> Iterator[str]:
    from vectorstore.fetching.address import is_address
    from vectorstore.fetching.watch import feeds_in
    from vectorstore.readers.decode import Unreadable

    for one in lists:
        if is_address(one):
            yield one
            continue
        try:
            yield from feeds_in(Path(one))
        except (OSError, Unreadable) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise click.UsageError(f"{one}: {reason}; give an OPML file, or the address of a feed") from None


def _round(settings: Settings, addresses: list[str], most: int, *, as_json: bool) -> bool:
    """One visit to each list. Whether anything was rejected."""
    from agent.render.report import ingest_lines, ingest_values, visit_lines, visit_values
    from vectorstore.fetching import fetch
    from vectorstore.fetching.memory import Memory
    from vectorstore.fetching.watch import Watcher
    from vectorstore.ingest import IngestReport

    report, notices = IngestReport(), list[str]()
    check_writable(settings, notices)
    # What others store meanwhile, another watch among them, is seen by this reader at once.
    with open_library(settings) as reader:
        watcher = Watcher(fetch.Fetcher(), Memory(reader.database), most=most)
        for batch in batches(watcher.read(addresses)):
            answered = {visit.url for visit in watcher.visits if visit.problem is None}
            stale = [one for one in reader.quarantine.rejected() if one.path in answered]
            if not batch and not stale and not watcher.unsaved:
                continue
            with writing(settings, notices) as library:
                memory = Memory(library.database)
                report.add(library.ingest(watcher.still_new(batch, memory)))
                watcher.remember(memory)
                library.quarantine.forget([one for one in library.quarantine.rejected() if one in stale])
    if as_json:
        lists = [visit_values(visit) for visit in watcher.visits]
        print_json({**ingest_values(report), "lists": lists, "library": str(settings.library), "notices": notices})
    else:
        for line in [*notices, *visit_lines(watcher.visits), *ingest_lines(report, settings.library)]:
            say(line)
    return bool(report.rejected)


@click.command()
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option("--retry", is_flag=True, help="Read them again; what is read now leaves the list.")
@click.option("--forget", is_flag=True, help="Take them out of the list.")
@as_json
@pass_settings
def rejected(settings: Settings, places: tuple[str, ...], retry: bool, forget: bool, as_json: bool) -> None:
    """List the inputs that were rejected, with the reasons.

    PLACEs are files or addresses of the list; without them all are meant.
    """
    from agent.render.report import rejected_lines, rejection_values

    if retry and forget:
        raise click.UsageError("--retry and --forget exclude each other")
    if retry:
        _retry(settings, places, as_json=as_json)
        return
    with open_library(settings, write=forget, any_embedder=True) as library:
        chosen = _meant(library.quarantine.rejected(), places)
        if forget:
            library.quarantine.forget(chosen)
    if as_json:
        print_json([rejection_values(one) for one in chosen])
    else:
        for line in rejected_lines(chosen, forgotten=forget):
            say(line)


def _meant(listed: list[Rejection], places: tuple[str, ...]) -> list[Rejection]:
    chosen = [one for one in listed if not places or {one.path, one.source, one.where} & set(places)]
    for place in places:
        if not any(place in (one.path, one.source, one.where) for one in chosen):
            raise click.UsageError(f"{place} is not in the list; `rashomon rejected` shows it")
    return chosen


def _retry(settings: Settings, places: tuple[str, ...], *, as_json: bool) -> None:
    from agent.render.report import ingest_lines, ingest_values
    from vectorstore.ingest import IngestReport

    with open_library(settings, any_embedder=True) as reader:
        chosen = _meant(reader.quarantine.rejected(), places)
    again = dict.fromkeys((one.source, one.columns) for one in chosen if one.source)
    gone = [one for one in chosen if one.source is None]
    retried, seen = {source for source, _ in again}, set[tuple[str, int | None]]()
    fetched = addresses_in([source or "" for source, _ in again])

    def inputs() -> Iterator[Read | Rejection]:
        for source, columns in again:
            if source not in fetched:
                yield from _again(source or "", dict(columns))

    def noted(items: Iterable[Read | Rejection]) -> Iterator[Read | Rejection]:
        for item in items:
            seen.add((item.path, item.line))
            yield item

    report, notices = IngestReport(), list[str]()
    check_writable(settings, notices)
    for batch in batches(read_addresses(fetched)):
        # The last batch, which may be empty, is stored with what stands in files.
        last = len(batch) < BATCH
        with writing(settings, notices) as library:
            report.add(library.ingest(noted(chain(batch, inputs() if last else ())), progress()))
            left = library.quarantine.rejected()
            if last:
                # What is no longer there under its old number was edited away.
                library.quarantine.forget(
                    [one for one in left if one.source in retried and (one.path, one.line) not in seen and one in chosen]
                )
                left = library.quarantine.rejected()
    if as_json:
        print_json({**ingest_values(report), "left": len(left)})
    else:
        for one in gone:
            say(f"{one.where}: cannot be read again by itself; give it again, or forget it with --forget")
        for line in ingest_lines(report, settings.library):
            say(line)
        say(f"{len(left)} left in the list of what was rejected")
    if report.rejected:
        raise SystemExit(REFUSED)


def _again(source: str, columns: dict[str, str]) -> Iterator[Read | Rejection]:
    """A place that is there no longer stays in the list, with that as the reason."""
    from vectorstore.readers import NothingToRead, Rejection

    with suppress(NothingToRead):
        yield from inputs_of([source], columns)
        return
    yield Rejection(source, None, "there is no such file any more", source=source, columns=tuple(columns.items()))

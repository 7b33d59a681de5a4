"""What comes over the network is stored apart from its fetching: a slow site keeps nobody else from writing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent.commands.console import open_library, say
from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.library import Library
    from vectorstore.readers import Read, Rejection

# Articles held in memory before they are stored: a minute or two of fetching is lost at most, and 100 long pages are some 5 MB.
BATCH = 100
# Seconds for which what was fetched waits for another writer: another ingest may well take minutes, and fetching again costs others.
PATIENCE = 600.0


def batches(items: Iterable[Read | Rejection]) -> Iterator[list[Read | Rejection]]:
    """The last one comes when the items have ended, and may be empty."""
    batch: list[Read | Rejection] = []
    for item in shown(items):
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def shown(items: Iterable[Read | Rejection]) -> Iterable[Read | Rejection]:
    """With a bar where there is a terminal."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, unit=" articles", desc="fetch")


def check_writable(settings: Settings, notices: list[str]) -> None:
    """Raises LibraryError now for what would else come up once everything is fetched. A library that another process writes is one."""
    from vectorstore.errors import LibraryInUse

    try:
        with open_library(settings, write=True) as library:
            notices += library.notices
    except LibraryInUse:
        return


@contextmanager
def writing(settings: Settings, notices: list[str]) -> Iterator[Library]:
    """The library, as soon as nobody else writes it. Raises LibraryInUse after PATIENCE."""
    from vectorstore.errors import LibraryInUse

    end, told = time.monotonic() + PATIENCE, False
    while True:
        try:
            library = open_library(settings, write=True)
            break
        except LibraryInUse as error:
            if time.monotonic() >= end:
                raise
            if not told:
                say(f"{str(error).partition(';')[0]}; what was fetched is stored once it has ended", err=True)
            told = True
            time.sleep(0.2)
    with library:
        yield library
    notices += (notice for notice in library.notices if notice not in notices)

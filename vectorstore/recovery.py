"""What an opened library finds left undone, and how it is finished: an interrupted ingest, an index that is behind or damaged."""

from __future__ import annotations

import time

from vectorstore.catalog import Catalog
from vectorstore.events.keeper import EventKeeper
from vectorstore.generation import IndexKeeper, IndexUnusable
from vectorstore.ingest import RUNNING
from vectorstore.server_index import ServerIndexKeeper


def recover(catalog: Catalog, index: IndexKeeper | ServerIndexKeeper | None, events: EventKeeper, notices: list[str]) -> None:
    """Finishes what an interrupted ingest left, and replaces an index that can't be trusted; `notices` gets what was mended."""
    running, damaged = catalog.meta(RUNNING), index is not None and index.damaged()
    if running is None and not damaged:
        events.place()
        return
    started = time.monotonic()
    count = catalog.articles_stored_after(int(running)) if running else 0
    rebuilt = finish(catalog, index, events, notices)
    took = f"index rebuilt in {time.monotonic() - started:.1f} s" if rebuilt else "index not rebuilt"
    if running is not None:
        notices.append(f"recovered {count} articles, {took}: the last ingest was interrupted, and all that it had stored is kept")
    else:
        notices.append(f"{took}: it was damaged or missing")


def finish(catalog: Catalog, index: IndexKeeper | ServerIndexKeeper | None, events: EventKeeper, notices: list[str]) -> bool:
    """Brings events and index up to the catalog and says that no ingest is running. Whether the index is up to date now."""
    events.place()
    done = index is None
    if index is not None:
        try:
            index.update()
            done = True
        except IndexUnusable as failure:
            notices.append(f"{failure}; until the next ingest mends it, searches are exact and have the same answers")
    if catalog.meta(RUNNING) is not None:
        with catalog.transaction():
            catalog.drop_meta(RUNNING)
    return done

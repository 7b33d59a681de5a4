"""Every text cut and embedded anew: for another embedder, or another way to cut."""

from __future__ import annotations

import json
from collections.abc import Callable

from vectorstore.catalog import Catalog
from vectorstore.embed import Embedder
from vectorstore.events.keeper import EventKeeper
from vectorstore.generation import GENERATION
from vectorstore.ingest import WINDOW, room, vector_key
from vectorstore.passage import CHUNKER, Passage, cut


def reindex(catalog: Catalog, embedder: Embedder, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Returns the number of passages. The index is out of date afterwards: it belongs to no generation."""
    identity, text_ids = embedder.identity, catalog.text_ids()
    places: list[list[tuple[int, int]]] = []
    waiting: dict[str, str] = {}
    for number, text_id in enumerate(text_ids, 1):
        passages = cut(catalog.text(text_id), text_id, embedder.count_tokens, room(identity))
        places.append([(passage.start, passage.end) for passage in passages])
        waiting |= catalog.missing_vectors({vector_key(passage.text, identity): passage.text for passage in passages})
        if len(waiting) >= WINDOW or number == len(text_ids):
            if waiting:
                vectors = embedder.embed(list(waiting.values()))
                with catalog.transaction():
                    catalog.put_vectors(list(waiting), vectors)
            waiting = {}
        if on_progress:
            on_progress(number, len(text_ids))
    with catalog.transaction():
        catalog.clear_passages()
        for text_id, spans in zip(text_ids, places, strict=True):
            text = catalog.text(text_id)
            passages = [Passage(text_id, ordinal, start, end, text[start:end]) for ordinal, (start, end) in enumerate(spans)]
            catalog.put_passages(passages, [vector_key(passage.text, identity) for passage in passages])
        catalog.drop_unused_vectors()
        catalog.set_meta("embedder", json.dumps(identity.as_dict(), sort_keys=True))
        catalog.set_meta("chunker", CHUNKER)
        catalog.drop_meta(GENERATION)
        EventKeeper(catalog).place_all_anew()
        catalog.note("reindexed", identity.name)
    return sum(map(len, places))

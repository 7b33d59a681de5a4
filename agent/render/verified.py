"""What `verify` found, for people and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agent.render.escape import one_line
from agent.verifying import Verified
from agent.wording import count

SHOWN = 40


def verified_lines(found: Verified, name: str) -> Iterator[str]:
    for fault in found.faults[:SHOWN]:
        yield f"{one_line(fault.where)}: {one_line(fault.what)}"
    if len(found.faults) > SHOWN:
        yield f"... and {len(found.faults) - SHOWN} more; --json lists them all"
    looked_at = (
        f"{count(found.quotes, 'quote')} in {count(found.reported, 'reported sentence')} and "
        f"{count(found.computed, 'computed sentence')}, from {count(found.articles, 'article')}"
    )
    if found.faults:
        yield f"{name}: {count(len(found.faults), 'fault')} ({looked_at})"
    else:
        yield f"{name}: verified: {looked_at}; all as it was, and as the articles have it"


def verified_values(found: Verified) -> dict[str, Any]:
    return {
        "verified": not found.faults,
        "articles": found.articles,
        "reported": found.reported,
        "computed": found.computed,
        "quotes": found.quotes,
        "faults": [{"where": fault.where, "what": fault.what} for fault in found.faults],
    }

"""An event, as it is listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Event:
    """Articles about one happening, in the order of publication. `outlets` are the known ones, each once."""

    event_id: str
    title: str
    article_ids: tuple[str, ...]
    outlets: tuple[str, ...]
    first: date | None
    last: date | None

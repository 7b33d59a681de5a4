"""Which articles are searched or listed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Scope:
    """None means no limit. `outlets` may hold None for articles whose outlet is unknown; days are those of publication, both
    included, and leave out articles without a date. With `as_of`, of every article the version that stood on that day is meant, and
    articles that did not exist then, or have no date, are left out.
    """

    outlets: frozenset[str | None] | None = None
    since: date | None = None
    until: date | None = None
    article_ids: frozenset[str] | None = None
    as_of: date | None = None

    @classmethod
    def of(
        cls,
        outlets: Collection[str | None] | None = None,
        since: date | None = None,
        until: date | None = None,
        article_ids: Collection[str] | None = None,
        as_of: date | None = None,
    ) -> Scope:
        named = None if outlets is None else frozenset(outlets)
        return cls(named, since, until, None if article_ids is None else frozenset(article_ids), as_of)

    def between(self, since: date | None, until: date | None) -> Scope:
        """The same, and also of these days."""
        first = max(filter(None, (self.since, since)), default=None)
        last = min(filter(None, (self.until, until)), default=None)
        return replace(self, since=first, until=last)

    @property
    def everything(self) -> bool:
        return self == Scope()

    def condition(self) -> tuple[str, tuple[str, ...]]:
        """The scope as a condition on the catalog's table `versions`, and its values; which versions `as_of` means, the catalog knows."""
        parts, values = ["TRUE"], []
        if self.outlets is not None:
            named = sorted(name for name in self.outlets if name is not None)
            unknown = " OR versions.outlet IS NULL" if None in self.outlets else ""
            parts.append(f"(versions.outlet IN (SELECT value FROM json_each(?)){unknown})")
            values.append(json.dumps(named))
        if self.article_ids is not None:
            parts.append("versions.article_id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(self.article_ids)))
        for day, comparison in ((self.since, ">="), (self.until, "<=")):
            if day is not None:
                parts.append(f"substr(versions.published, 1, 10) {comparison} ?")
                values.append(day.isoformat())
        return " AND ".join(parts), tuple(values)

    def holds(self, article_id: str, outlet: str | None, published: str | None) -> bool:
        """The same condition for one version's values."""
        day = published[:10] if published is not None else None
        return (
            (self.outlets is None or outlet in self.outlets)
            and (self.article_ids is None or article_id in self.article_ids)
            and (self.since is None or (day is not None and day >= self.since.isoformat()))
            and (self.until is None or (day is not None and day <= self.until.isoformat()))
        )


EVERYTHING = Scope()

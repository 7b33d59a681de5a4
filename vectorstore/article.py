"""An article, what is known about it, and how each of those things is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

Provenance = Literal["given", "found", "unknown"]
METADATA = ("title", "outlet", "url", "published", "modified", "author", "language", "given_id")
# The source of an outlet that nobody named and the outlet registry knows by its domain.
REGISTRY = "registry: "
# Parameters that tell a publisher where a click came from; the page is the same without them.
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid")


@dataclass(frozen=True, slots=True)
class Field:
    """One metadata value and where it came from.

    `source` names the key it was given under or the rule that found it; `span` is where it stands in the article's text,
    if it was found there. `others` are different values given later for the same article.
    """

    value: str | None = None
    provenance: Provenance = "unknown"
    source: str = ""
    span: tuple[int, int] | None = None
    others: tuple[str, ...] = ()

    def merged(self, new: Field) -> Field:
        """This value with what `new` adds: given beats found beats unknown; a second given value is kept beside the first."""
        rank = {"unknown": 0, "found": 1, "given": 2}
        if new.value is None or new.value == self.value or new.value in self.others:
            stronger = rank[new.provenance] > rank[self.provenance] and new.value == self.value
            return replace(new, others=self.others) if stronger else self
        if rank[new.provenance] > rank[self.provenance]:
            return replace(new, others=self.others)
        if rank[new.provenance] < rank[self.provenance]:
            return self
        return replace(self, others=(*self.others, new.value))


UNKNOWN = Field()


@dataclass(frozen=True, slots=True)
class Article:
    """One publication. Its text is never changed after the reader, so that offsets into it hold.

    `modified` is when the publisher last changed it, `language` an ISO 639 code. `outlet_written` is the outlet's name as the source
    wrote it, where the outlet is shown under another (vectorstore.registry). `notes` are remarks of the reader on the text, for
    example how it was decoded.
    """

    text: str
    title: Field = UNKNOWN
    outlet: Field = UNKNOWN
    url: Field = UNKNOWN
    published: Field = UNKNOWN
    modified: Field = UNKNOWN
    author: Field = UNKNOWN
    language: Field = UNKNOWN
    given_id: Field = UNKNOWN
    notes: tuple[str, ...] = ()
    outlet_written: str | None = None

    @property
    def text_id(self) -> str:
        """Hash of the text alone: copies share it."""
        return digest(self.text)

    @property
    def key(self) -> str:
        """What makes this the same publication when it comes again: URL, else given id, else outlet, title and text, else text."""
        if self.url.value:
            return f"url:{canonical_url(self.url.value)}"
        if self.given_id.value:
            return f"id:{self.given_id.value}"
        if self.written_outlet or self.title.value:
            return f"named:{digest(repr((self.written_outlet, self.title.value)))}:{self.text_id}"
        return f"text:{self.text_id}"

    @property
    def written_outlet(self) -> str | None:
        """The outlet's name as the source wrote it: what a registry makes of it changes no article's identity."""
        return self.outlet_written or (None if self.outlet.source.startswith(REGISTRY) else self.outlet.value)

    @property
    def article_id(self) -> str:
        return digest(self.key)[:16]

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.published.value[:10]) if self.published.value else None

    @property
    def moment(self) -> datetime | None:
        """Time of publication if a time of day is known; without an offset it counts as UTC."""
        if not self.published.value or "T" not in self.published.value:
            return None
        when = datetime.fromisoformat(self.published.value)
        return when if when.tzinfo else when.replace(tzinfo=UTC)

    @property
    def in_english(self) -> bool:
        """Also where the language is unknown: what reads articles takes them for English."""
        return self.language.value in (None, "en")

    @property
    def label(self) -> str:
        """Outlet and headline for people; what is unknown is said."""
        words = self.text.split(None, 7)[:7]
        title = f'"{self.title.value}"' if self.title.value else f"no headline (“{' '.join(words)} ...”)"
        return f"{self.outlet.value or 'outlet unknown'}, {title}"

    def fields(self) -> Iterator[tuple[str, Field]]:
        return ((name, getattr(self, name)) for name in METADATA)

    def merged(self, new: Article) -> Article:
        """This article with the metadata that `new`, the same publication, adds."""
        changes: dict[str, Any] = {name: field.merged(getattr(new, name)) for name, field in self.fields()}
        written = self.outlet_written if changes["outlet"].value == self.outlet.value else new.outlet_written
        return replace(self, **changes, notes=tuple(dict.fromkeys(self.notes + new.notes)), outlet_written=written)

    def metadata(self) -> dict[str, Any]:
        """What is stored of the metadata; unknown fields are left out."""
        known = {
            name: {
                "value": field.value,
                "provenance": field.provenance,
                "source": field.source,
                **({"span": list(field.span)} if field.span else {}),
                **({"others": list(field.others)} if field.others else {}),
            }
            for name, field in self.fields()
            if field.provenance != "unknown"
        }
        written = {"outlet_written": self.outlet_written} if self.outlet_written else {}
        return {**known, **written, **({"notes": list(self.notes)} if self.notes else {})}

    @classmethod
    def from_metadata(cls, text: str, metadata: Mapping[str, Any]) -> Article:
        fields: dict[str, Any] = {
            name: Field(
                stored["value"],
                stored["provenance"],
                stored["source"],
                (stored["span"][0], stored["span"][1]) if "span" in stored else None,
                tuple(stored.get("others", ())),
            )
            for name, stored in metadata.items()
            if name not in ("notes", "outlet_written")
        }
        return cls(text, notes=tuple(metadata.get("notes", ())), outlet_written=metadata.get("outlet_written"), **fields)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical_url(url: str) -> str:
    """The address without what does not change the page: scheme, fragment, default port, tracking, last slash."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith(TRACKING)]
    return urlunsplit(("https", host + port, parts.path.rstrip("/"), urlencode(query), ""))

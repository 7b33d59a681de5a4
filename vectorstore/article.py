"""An article, what is known about it, and how each of those things is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import eq
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# How sure a value is, from sure to unsure:
# given     by whoever brought the article: a key of the record, a column, the front matter
# declared  by the publisher, in a part of the page that machines read: JSON-LD, OpenGraph, meta tags, canonical link
# found     where such a value stands by custom in what people read: byline, dateline, headline, <time>
# guessed   from something that often says it, but is there for another purpose
Certainty = Literal["given", "declared", "found", "guessed", "unknown"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
METADATA = ("title", "outlet", "url", "published", "modified", "author", "language", "given_id")
# How a reader's remark begins if the text seems not to be whole.
PARTIAL = "partial:"
# The source of an outlet that nobody named and the outlet registry knows by its domain.
REGISTRY = "registry: "
# Parameters that tell a publisher where a click came from; the page is the same without them.
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid")


def in_marks(title: str) -> str:
    """In double quotation marks; those within become single ones, so that nothing in a title ends them."""
    return '"' + title.replace('"', "'") + '"'


@dataclass(frozen=True, slots=True)
class Field:
    """One metadata value, how sure it is and where it came from.

    `source` names the key it was given under, the part of the page or the rule that found it; `span` is where it stands in the
    article's text, if it was found there. `others` are the values that disagree, the surest first; they have no others of their own.
    """

    value: str | None = None
    certainty: Certainty = "unknown"
    source: str = ""
    span: tuple[int, int] | None = None
    others: tuple[Field, ...] = ()

    @classmethod
    def of(cls, candidates: Iterable[Field], same: Callable[[str, str], bool] = eq) -> Field:
        """The surest of the candidates, the first among equals, with those that disagree beside it."""
        first: list[Field] = []
        for candidate in sorted((one for one in candidates if one.value is not None), key=Field._rank):
            if not any(same(candidate.value or "", one.value or "") for one in first):
                first.append(replace(candidate, others=()))
        return replace(first[0], others=tuple(first[1:])) if first else UNKNOWN

    def merged(self, new: Field) -> Field:
        """This value and what `new` knows of the same field, the same whichever of the two came first: the surer value stands, among
        equals the lesser one, and every other is kept beside it."""
        if new.value is None or self.value is None:
            return self if new.value is None else new
        if new == self:
            return self
        best: dict[str, Field] = {}
        for one in sorted((self, *self.others, new, *new.others), key=Field._order):
            best.setdefault(one.value or "", replace(one, others=()))
        head = min(self, new, key=lambda one: (one._rank(), one.value)).value or ""
        others = sorted((one for value, one in best.items() if value != head), key=Field._order)
        return replace(best[head], others=tuple(others))

    def _rank(self) -> int:
        return CERTAINTIES.index(self.certainty)

    def _order(self) -> tuple[int, str, str, tuple[int, int]]:
        return self._rank(), self.value or "", self.source, self.span or (-1, -1)

    def stored(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "certainty": self.certainty,
            "source": self.source,
            **({"span": list(self.span)} if self.span else {}),
            **({"others": [other.stored() for other in self.others]} if self.others else {}),
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any] | str) -> Field:
        """Reads what `stored` wrote, and what libraries of the first format hold: `provenance`, and others without a source."""
        if isinstance(stored, str):
            return cls(stored, "given", "")
        return cls(
            stored["value"],
            stored["certainty"] if "certainty" in stored else stored["provenance"],
            stored["source"],
            (stored["span"][0], stored["span"][1]) if "span" in stored else None,
            tuple(cls.from_stored(other) for other in stored.get("others", ())),
        )


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
    _text_id: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Notes are a set: in one order, so that equal articles are equal whatever was noted first."""
        object.__setattr__(self, "notes", tuple(sorted(set(self.notes))))

    @property
    def text_id(self) -> str:
        """Hash of the text alone: copies share it. Taken once, as each citation asks for it and a text may be long."""
        if not self._text_id:
            object.__setattr__(self, "_text_id", digest(self.text))
        return self._text_id

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
        title = in_marks(self.title.value) if self.title.value else f"no headline (“{' '.join(words)} ...”)"
        return f"{self.outlet.value or 'outlet unknown'}, {title}"

    @property
    def partial(self) -> bool:
        """Whether the reader had reason to think that this is not the whole text."""
        return any(note.startswith(PARTIAL) for note in self.notes)

    def fields(self) -> Iterator[tuple[str, Field]]:
        return ((name, getattr(self, name)) for name in METADATA)

    def merged(self, new: Article) -> Article:
        """This article with the metadata that `new`, the same publication, adds."""
        changes: dict[str, Any] = {name: field.merged(getattr(new, name)) for name, field in self.fields()}
        written = self.outlet_written if changes["outlet"].value == self.outlet.value else new.outlet_written
        return replace(self, **changes, notes=self.notes + new.notes, outlet_written=written)

    def metadata(self) -> dict[str, Any]:
        """What is stored of the metadata; unknown fields are left out."""
        known = {name: field.stored() for name, field in self.fields() if field.value is not None}
        written = {"outlet_written": self.outlet_written} if self.outlet_written else {}
        return {**known, **written, **({"notes": list(self.notes)} if self.notes else {})}

    @classmethod
    def from_metadata(cls, text: str, metadata: Mapping[str, Any]) -> Article:
        fields: dict[str, Any] = {name: Field.from_stored(metadata[name]) for name in METADATA if name in metadata}
        return cls(text, notes=tuple(metadata.get("notes", ())), outlet_written=metadata.get("outlet_written"), **fields)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@lru_cache(maxsize=4_096)  # it is part of the article's identity, which is asked for again and again
def canonical_url(url: str) -> str:
    """The address without what does not change the page: scheme, fragment, default port, tracking, last slash."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith(TRACKING)]
    return urlunsplit(("https", host + port, parts.path.rstrip("/"), urlencode(query), ""))

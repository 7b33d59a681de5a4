"""The values of an answer: evidence, citations, statements, and the ledger of what was searched and shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from vectorstore.article import Article, digest


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was shown for a question. Only evidence may be cited, by its key."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def key(self) -> str:
        return "e" + digest(f"{self.article.article_id}:{self.article.text_id}:{self.start}:{self.end}")[:7]


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of an article: `article.text[start:end] == quote`. Unknown metadata stays None."""

    key: str
    article_id: str
    text_id: str
    outlet: str | None
    title: str | None
    published: str | None
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, evidence: Evidence, start: int, end: int) -> Citation:
        """The words from `start` to `end` of the article of this evidence."""
        article = evidence.article
        return cls(
            evidence.key,
            article.article_id,
            article.text_id,
            article.outlet.value,
            article.title.value,
            article.published.value,
            start,
            end,
            article.text[start:end],
        )


@dataclass(frozen=True, slots=True)
class Reported:
    """What an article says. Every number and name of `text` stands in the quotes, the outlet is the cited one."""

    text: str
    citations: tuple[Citation, ...]
    kind: Literal["reported"] = "reported"


@dataclass(frozen=True, slots=True)
class Computed:
    """A count, a share, an order, a silence or a relation. `rule` and `inputs` rebuild `text` (agent/wording.py)."""

    text: str
    rule: str
    inputs: tuple[str | int | tuple[str, ...], ...]
    citations: tuple[Citation, ...] = ()
    kind: Literal["computed"] = "computed"


@dataclass(frozen=True, slots=True)
class Fixed:
    """Wording from the closed list in agent/wording.py, by its name."""

    text: str
    name: str
    kind: Literal["fixed"] = "fixed"


Statement = Reported | Computed | Fixed


@dataclass(frozen=True, slots=True)
class Search:
    """One search: what was asked, over which articles, and which evidence it found (none is a result too)."""

    query: str
    outlets: tuple[str, ...]
    since: date | None
    until: date | None
    articles_searched: int
    found: tuple[str, ...]


@dataclass(slots=True)
class Ledger:
    """All that was searched and shown for one question. Evidence is in here or it may not be cited."""

    shown: dict[str, Evidence] = field(default_factory=dict)
    searches: list[Search] = field(default_factory=list)

    def show(self, passages: Iterable[Evidence]) -> list[Evidence]:
        listed = list(passages)
        self.shown.update((evidence.key, evidence) for evidence in listed)
        return listed

    def record(self, search: Search) -> None:
        self.searches.append(search)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that did not pass the gate, and why."""

    text: str
    reasons: tuple[str, ...]

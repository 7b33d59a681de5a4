"""What the readers find in an input: an article, or a reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from vectorstore.article import Article


@dataclass(frozen=True, slots=True)
class Read:
    """An article and where it was read: the path is provenance, never identity. `line` is None for a whole file."""

    article: Article
    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input that is not an article: what is wrong with it, and what to do. `line` counts records if `unit` says so.

    `source` is the file (an absolute path) or address that can be read again, `columns` what `--map` said of it, `digest` the SHA-256 of
    the bytes that were refused, of the whole file where a line of it was, and `at` the time, once it is stored.
    """

    path: str
    line: int | None
    reason: str
    unit: str = "line"
    digest: str | None = field(default=None, compare=False)
    source: str | None = field(default=None, compare=False)
    columns: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    at: str | None = field(default=None, compare=False)

    @property
    def where(self) -> str:
        return self.path if self.line is None else f"{self.path}, {self.unit} {self.line}"

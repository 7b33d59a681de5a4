"""What a brief was made from and with: program, model, settings, prompts and the versions of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from agent.settings import Settings
from prompts import Prompt
from vectorstore.article import Article
from vectorstore.embed import identity_of
from vectorstore.library import Library

# What the opening of a brief is asked for with (agent/model_reader.py).
OPENING_PROMPTS = ("brief_system", "brief_event", "mend_format", "repair")


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """Which of its versions an article was read in, counted from 1; `of` is how many the library held."""

    article_id: str
    number: int
    of: int
    first_seen: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`prompts` are names with the sha256 of their files, empty without a model; `settings` are names with values as text.

    `made` is a time in UTC. Nothing in here is a secret: of an endpoint only the host is told.
    """

    program: str
    made: str
    reader: str
    model: str | None
    endpoint: str | None
    prompts: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    versions: tuple[ArticleVersion, ...]

    def version_of(self, article_id: str) -> ArticleVersion | None:
        return next((one for one in self.versions if one.article_id == article_id), None)


def manifest_of(
    articles: Sequence[Article], library: Library, settings: Settings, reader: str, asked: Sequence[tuple[str, str]], made: datetime
) -> Manifest:
    """`asked` is how the articles were chosen, as names with values; it goes in front of the settings."""
    identity = identity_of(settings.embedder, dict(settings.embedder_options))
    used = reader.startswith("model ")
    chosen = [
        *asked,
        ("as of", library.as_of.isoformat() if library.as_of else "now"),
        ("embedder", f"{identity.name} ({identity.dimension or 'unknown'} dimensions, {identity.digest[:16] or 'remote'})"),
        ("runtime", settings.runtime),
        ("cut into passages by", str(library.status()["chunker"] or "unknown")),
    ]
    return Manifest(
        f"rashomon {version('rashomon')}",
        made.astimezone(UTC).isoformat(timespec="seconds"),
        reader,
        settings.model if used else None,
        settings.endpoint if used else None,
        tuple((name, Prompt.load(name).digest) for name in OPENING_PROMPTS) if used else (),
        tuple(chosen),
        tuple(_version(article, library) for article in articles),
    )


def _version(article: Article, library: Library) -> ArticleVersion:
    held = library.history(article.article_id)
    one = next(version for version in held if version.article.text_id == article.text_id)
    return ArticleVersion(article.article_id, one.number, len(held), one.seen)

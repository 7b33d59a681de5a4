"""The articles that cases and gold labels speak of, by label: the record's `id`, or the stem of a text file's name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

from vectorstore.article import Article
from vectorstore.readers import NothingToRead, Rejection, find_files, read_file


class InvalidData(ValueError):
    """A suite, gold or baseline file that cannot be used; the message names file and line, and says what to do."""

    exit_code = 2


@dataclass(frozen=True)
class LabelledArticles:
    """Articles by label, in the order in which they are ingested."""

    by_label: dict[str, Article]

    @classmethod
    def read(cls, folder: Path) -> LabelledArticles:
        """Raises InvalidData for a file with a record that is no article, and for a label given twice."""
        found: dict[str, Article] = {}
        for label, article, where in _labelled(folder):
            if label in found:
                raise InvalidData(f"{where}: the label {label} is used twice; give one of the two articles another id")
            found[label] = article
        return cls(found)

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        return {(article.article_id, article.text_id): label for label, article in self.by_label.items()}

    def label(self, article_id: str, text_id: str) -> str | None:
        """The label of this version of an article; None if it is none of these."""
        return self._labels.get((article_id, text_id))

    @cached_property
    def current(self) -> frozenset[str]:
        """The labels of articles that no later version replaces."""
        return frozenset({article.article_id: label for label, article in self.by_label.items()}.values())

    @cached_property
    def outlets(self) -> frozenset[str]:
        return frozenset(article.outlet.value for article in self.by_label.values() if article.outlet.value)

    @cached_property
    def digest(self) -> str:
        """Changes with any text, label or metadata."""
        rows = [f"{label} {article.article_id} {article.text_id} {article.metadata()}" for label, article in self.by_label.items()]
        return hashlib.sha256("\n".join(rows).encode("utf-8")).hexdigest()


def sample_folder() -> Path:
    return Path(str(resources.files("vectorstore").joinpath("sample")))


def _labelled(folder: Path) -> Iterator[tuple[str, Article, str]]:
    try:
        files = find_files(folder)
    except NothingToRead as error:
        raise InvalidData(str(error)) from None
    for file in files:
        for item in read_file(file):
            if isinstance(item, Rejection):
                raise InvalidData(f"{item.where}: {item.reason}; mend or remove this record")
            where = file.name if item.line is None else f"{file.name}, line {item.line}"
            label = item.article.given_id.value or (file.stem if item.line is None else None)
            if label is None:
                raise InvalidData(f"{where}: a record without an id cannot be labelled; give it one")
            yield label, item.article, where

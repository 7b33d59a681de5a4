"""Adapters to public sets: each reads the input files of a folder, never its gold, and yields the predictions its scorer wants."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.articles import InvalidData
from vectorstore.library import EmbedderChoice, Library
from vectorstore.readers import Read, Rejection

Prediction = dict[str, Any]
Adapter = Callable[..., Iterator[Prediction]]
# Each is a module of this package with a function `predictions(folder, choice)`; those that search also take the folder of a library
# that is kept, so that a second run need not embed everything again.
NAMES = ("basil", "claims", "contrast", "extraction", "grouping", "injection", "multihop_rag", "nanco", "polnear", "summhay")
SEARCHING = ("multihop_rag", "summhay")


def adapter(name: str) -> Adapter:
    found: Adapter = import_module(f"eval.benchmarks.{name}").predictions
    return found


@contextmanager
def opened(inputs: Iterable[Read | Rejection], choice: EmbedderChoice, kept: Path | None) -> Iterator[Library]:
    """A library of these inputs, in the folder `kept` or in one that is removed afterwards. Raises InvalidData for one that is no
    article: a set is searched whole or not at all."""
    with TemporaryDirectory() as folder, Library.open(kept or Path(folder), choice, write=True) as library:
        report = library.ingest(inputs)
        if report.rejected:
            first = report.rejected[0]
            raise InvalidData(f"{first.where}: {first.reason}")
        yield library


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each JSON object of a .jsonl or .jsonl.gz file, with its place. Raises InvalidData for what is not one."""
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise InvalidData(f"{path.name}, line {number}: not a line of JSON ({error})") from None
                if not isinstance(row, dict):
                    raise InvalidData(f"{path.name}, line {number}: not a JSON object")
                yield f"{path.name}, line {number}", row
    except FileNotFoundError:
        raise InvalidData(f"{path}: no such file; --data must be the set's folder") from None
    except (UnicodeDecodeError, OSError, EOFError) as error:
        raise InvalidData(f"{path.name}, after line {number}: cannot be read ({error})") from None


def text_of(row: dict[str, Any], where: str, key: str) -> str:
    """The string under a key that every row must have. Raises InvalidData."""
    value = row.get(key)
    if not isinstance(value, str):
        raise InvalidData(f"{where}: {key} is missing or not text")
    return value

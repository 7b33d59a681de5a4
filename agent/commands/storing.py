"""What is held: ingest, export, reindex."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.console import REFUSED, as_json, choice, open_library, pass_settings, print_json, say
from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.library import IngestReport
    from vectorstore.readers import Read, Rejection


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
@pass_settings
def ingest(settings: Settings, paths: tuple[Path, ...], as_json: bool) -> None:
    """Store the articles in files and folders (.txt, .jsonl). What is already stored is not stored again."""
    from agent.render.report import ingest_lines, ingest_values

    inputs = _inputs(paths)
    with open_library(settings, write=True) as library:
        report = library.ingest(inputs, _progress())
        notices = list(library.notices)
    if as_json:
        print_json({**ingest_values(report), "library": str(settings.library), "notices": notices})
    else:
        for line in [*notices, *ingest_lines(report, settings.library)]:
            say(line)
    if report.rejected:
        raise SystemExit(REFUSED)


def _inputs(paths: Sequence[Path]) -> Iterator[Read | Rejection]:
    """Raises NothingToRead before anything is opened if a path holds nothing to read."""
    from vectorstore.readers import find_files, read_file

    files = [file for path in paths for file in find_files(path)]
    return (item for file in files for item in read_file(file))


def _progress() -> Callable[[IngestReport], None] | None:
    """A bar where there is a terminal, nothing where there is none."""
    if not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    bar = tqdm(unit=" articles", desc="ingest")

    def show(report: IngestReport) -> None:
        bar.update(report.inputs - bar.n)

    return show


@click.command()
@pass_settings
def export(settings: Settings) -> None:
    """Print the articles held as JSON lines, in the order of publication."""
    from agent.render.report import article_values

    with open_library(settings, any_embedder=True) as library:
        for article in library.articles():
            click.echo(json.dumps(article_values(article), ensure_ascii=False, sort_keys=True))


@click.command()
@click.option("--embedder", help="The embedder to fill the library with from now on [env: RASHOMON_EMBEDDER].")
@pass_settings
def reindex(settings: Settings, embedder: str | None) -> None:
    """Cut and embed every article anew, and rebuild the index."""
    from dataclasses import replace

    from vectorstore.library import Library

    chosen = choice(settings if embedder is None else replace(settings, embedder=embedder))
    with Library.open(settings.library, chosen, write=True, any_embedder=True) as library:
        count = library.reindex()
    say(f"{count:,} passages embedded with {chosen.spec}")

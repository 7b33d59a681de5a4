"""What is held: ingest, export, reindex."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.console import REFUSED, as_json, choice, open_library, pass_settings, print_json, say
from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.library import IngestReport
    from vectorstore.readers import Read, Rejection


STDIN = Path("-")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help='The column or key that holds a field, such as text=Body or outlet="Source name". May be repeated.',
)
@as_json
@pass_settings
def ingest(settings: Settings, paths: tuple[Path, ...], columns: tuple[str, ...], as_json: bool) -> None:
    """Store the articles in files and folders; "-" is standard input. What is already stored is not stored again.

    Saved web pages, Markdown, text, JSON lines, JSON, CSV and TSV are read, told apart by what is in them. Of a folder the files
    with a known ending are read (.html .htm .md .txt .jsonl .json .csv .tsv ...), of a file named here the ending does not matter.
    """
    from agent.render.report import ingest_lines, ingest_values

    inputs = _inputs(paths, _column_map(columns))
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


def _column_map(pairs: Sequence[str]) -> dict[str, str]:
    from vectorstore.readers.record import FIELDS

    columns: dict[str, str] = {}
    for pair in pairs:
        field, equals, name = pair.partition("=")
        field = "given_id" if field.strip() == "id" else field.strip()
        if not equals or not name.strip() or field not in FIELDS:
            known = ", ".join("id" if one == "given_id" else one for one in FIELDS)
            raise click.UsageError(f"--map {pair}: write FIELD=NAME, where FIELD is one of {known}")
        if field in columns:
            raise click.UsageError(f"--map names {pair.partition('=')[0]} twice")
        columns[field] = name.strip()
    return columns


def _inputs(paths: Sequence[Path], columns: Mapping[str, str]) -> Iterator[Read | Rejection]:
    """Raises NothingToRead before anything is opened if a path holds nothing to read."""
    from vectorstore.readers import find_files, read_file, read_stream

    files = [file for path in paths for file in ([path] if path == STDIN else find_files(path))]
    readers = (read_stream(sys.stdin.buffer, columns) if file == STDIN else read_file(file, columns) for file in files)
    return (item for reader in readers for item in reader)


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
    with Library.open(settings.library, chosen, write=True, any_embedder=True, chroma_url=settings.chroma_url) as library:
        count = library.reindex()
    say(f"{count:,} passages embedded with {chosen.spec}")

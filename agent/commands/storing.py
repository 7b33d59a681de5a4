"""What is held: ingest, export, reindex."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.console import REFUSED, as_json, choice, open_library, pass_settings, print_json, say
from agent.commands.fetched import batches, check_writable, writing
from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.library import IngestReport
    from vectorstore.readers import Read, Rejection


STDIN = "-"
# Endings named of the files that were passed over.
MOST_KINDS = 6


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="PATH|URL...")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help='The column or key that holds a field, such as text=Body or outlet="Source name". May be repeated.',
)
@as_json
@pass_settings
def ingest(settings: Settings, what: tuple[str, ...], columns: tuple[str, ...], as_json: bool) -> None:
    """Store the articles in files, folders and at web addresses; "-" is standard input. What is stored already is not stored again.

    Saved web pages, Markdown, text, JSON lines, JSON, CSV, TSV, feeds and ZIP archives of these are read, told apart by what is in them.
    Of a folder the files with a known ending are read (.html .htm .md .txt .jsonl .json .csv .tsv .zip ...), of a file named here the
    ending does not matter. What cannot be read is listed by `rashomon rejected`.
    """
    from agent.render.report import ingest_lines, ingest_values
    from vectorstore.ingest import IngestReport

    addresses, notices, report = addresses_in(what), list[str](), IngestReport()
    files = inputs_of([one for one in what if one not in addresses], _column_map(columns))
    if len(addresses) < len(what):
        with open_library(settings, write=True) as library:
            report = library.ingest(files, progress())
            notices = list(library.notices)
    else:
        check_writable(settings, notices)
    for batch in batches(read_addresses(addresses)) if addresses else ():
        with writing(settings, notices) as library:
            report.add(library.ingest(batch))
    notices += passed_over_notices([one for one in what if one not in addresses and one != STDIN])
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


def inputs_of(what: Sequence[str], columns: Mapping[str, str]) -> Iterator[Read | Rejection]:
    """What stands in files and folders. Raises NothingToRead before anything is opened if a path holds nothing to read."""
    from vectorstore.readers import read_path, read_stream

    readers = [read_stream(sys.stdin.buffer, columns) if one == STDIN else read_path(Path(one), columns) for one in what]
    return (item for reader in readers for item in reader)


def passed_over_notices(folders: Sequence[str]) -> Iterator[str]:
    """Which kinds of files in the folders were left out for their ending, so that nobody believes them stored."""
    from vectorstore.readers import passed_over

    for folder in folders:
        left = passed_over(Path(folder))
        if left:
            kinds = dict.fromkeys(file.suffix.lower() or f"{file.name}, which has no ending" for file in left)
            shown = ", ".join(list(kinds)[:MOST_KINDS]) + (", ..." if len(kinds) > MOST_KINDS else "")
            files = f"{len(left)} file was" if len(left) == 1 else f"{len(left)} files were"
            yield f"{folder}: {files} passed over for the ending ({shown}); a file that is named itself is read"


def addresses_in(what: Sequence[str]) -> list[str]:
    from vectorstore.fetching.address import is_address

    return [one for one in dict.fromkeys(what) if is_address(one)]


def read_addresses(addresses: Sequence[str]) -> Iterator[Read | Rejection]:
    """What stands at addresses, one after the other."""
    from vectorstore.fetching import fetch
    from vectorstore.fetching.web import read_address

    fetcher = fetch.Fetcher()
    for address in addresses:
        yield from read_address(fetcher, address)


def progress() -> Callable[[IngestReport], None] | None:
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
    from agent.render.escape import inert_json
    from agent.render.report import article_values

    with open_library(settings, any_embedder=True) as library:
        for article in library.articles():
            click.echo(inert_json(json.dumps(article_values(article), ensure_ascii=False, sort_keys=True)))


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

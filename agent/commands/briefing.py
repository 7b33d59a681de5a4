"""The brief on one event, in every form it has, and whether a kept one still holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.console import (
    REFUSED,
    as_json,
    as_of,
    choice,
    open_library,
    outlets_meant,
    pass_settings,
    print_json,
    say,
    write_file,
)
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.subject import Subject

ENDINGS = (".html", ".md", ".json", ".csv", ".docx")
files_option = click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path, exists=True), help="Articles in a file, held in memory only."
)


@click.command()
@click.argument("what", nargs=-1)
@click.option("--event", "event_id", help="An event by its id, as `events` lists it.")
@click.option("--question", help="Words that choose the event whose articles answer them best.")
@files_option
@click.option("--outlets", "--outlet", "outlets", multiple=True, help="Compare only this outlet's articles; several times, or with commas.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Compare only articles of this day or later.")
@click.option(
    "--out",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Write the brief to FILE instead; its ending says the form: {', '.join(ENDINGS)}. Several times for several files.",
)
@as_of
@as_json
@pass_settings
def brief(
    settings: Settings,
    what: tuple[str, ...],
    event_id: str | None,
    question: str | None,
    files: tuple[Path, ...],
    outlets: tuple[str, ...],
    since: datetime | None,
    out: tuple[Path, ...],
    day: datetime | None,
    as_json: bool,
) -> None:
    """Contrast the outlets on one event. WHAT is a file or folder, an event's id, or words that choose an event.

    A page in HTML needs nothing but a browser. FILE.csv stands for three tables: FILE-matrix.csv, FILE-quotes.csv and FILE-numbers.csv.
    A .docx needs the extra `docx`. `rashomon verify` checks a .json later.
    """
    from dataclasses import replace

    from agent.manifest import manifest_of
    from agent.render.files import brief_files
    from agent.subject import as_of_day, brief_on, choose_subject

    for path in out:
        if path.suffix.lower() not in ENDINGS:
            raise click.UsageError(f"--out {path}: the name must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    subject = choose_subject(what, event_id, question, files, lambda: open_library(settings, day=day), choice(settings))
    with subject.library as library:
        if day is not None and library.as_of is None:
            raise click.UsageError("--as-of looks back in the library; files are read as they are")
        narrowed = _narrowed(subject, outlets, since.date() if since else None)
        made = as_of_day(brief_on(narrowed, library, settings), library)
        asked = _asked(subject, event_id, files, outlets, since)
        made = replace(made, manifest=manifest_of(made.articles, library, settings, made.reader, asked, datetime.now(UTC)))
    for line in subject.notes:
        say(line, err=True)
    if not out:
        (text,) = (content for _, content in brief_files(made, Path("brief.json" if as_json else "brief.md")))
        click.echo(text)
    for path in out:
        for file, content in brief_files(made, path):
            write_file(file, content)
            say(f"wrote {file}")
    if made.refused:
        raise SystemExit(REFUSED)


def _narrowed(subject: Subject, names: Sequence[str], since: date | None) -> Subject:
    """The subject with only the articles asked for; what that leaves out is said in the brief."""
    library = subject.library
    known = library.held_outlets()
    each = [part.strip() for name in names for part in ([name] if known.meant(name) else name.split(",")) if part.strip()]
    return subject.narrowed(outlets_meant(library, each), since)


def _asked(
    subject: Subject, event_id: str | None, files: Sequence[Path], outlets: Sequence[str], since: datetime | None
) -> list[tuple[str, str]]:
    """How the articles were chosen, for the manifest. Of a file only its name is told."""
    chosen = [("event", event_id or ""), ("words", subject.question or ""), ("files", ", ".join(path.name for path in files))]
    chosen += [("outlets", ", ".join(outlets)), ("since", since.date().isoformat() if since else "")]
    return [(name, value) for name, value in chosen if value]


@click.command()
@click.argument("what", nargs=-1)
@click.option("--event", "event_id", help="An event by its id, as `events` lists it.")
@click.option("--question", help="Words that choose the event whose articles answer them best.")
@files_option
@click.option("--why", metavar="ID", help="Only this finding: the sentences, the scores and the rule it rests on.")
@as_of
@as_json
@pass_settings
def compare(
    settings: Settings,
    what: tuple[str, ...],
    event_id: str | None,
    question: str | None,
    files: tuple[Path, ...],
    why: str | None,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Print all that a comparison finds, each finding with an id. WHAT is a file or folder, an event's id, or words that choose an event.

    No model takes part. `brief` prints the same in a shorter form to be read.
    """
    from agent.render.brief_json import brief_text as brief_as_json
    from agent.render.brief_json import finding_text
    from agent.render.comparison import comparison_lines, unknown_lines, why_lines
    from agent.subject import NoSubject, as_of_day, brief_on, choose_subject

    subject = choose_subject(what, event_id, question, files, lambda: open_library(settings, day=day), choice(settings))
    with subject.library as library:
        if day is not None and library.as_of is None:
            raise click.UsageError("--as-of looks back in the library; files are read as they are")
        made = as_of_day(brief_on(subject, library), library)
    for line in subject.notes:
        say(line, err=True)
    if why is not None:
        found = made.finding(why)
        if found is None:
            raise NoSubject(unknown_lines(why, [finding.finding_id for section in made.sections for finding in section.findings]))
        if as_json:
            click.echo(finding_text(*found))
        for line in () if as_json else why_lines(*found):
            click.echo(line)
        return
    if as_json:
        click.echo(brief_as_json(made))
    for line in () if as_json else comparison_lines(made):
        click.echo(line)
    if made.refused:
        raise SystemExit(REFUSED)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@files_option
@as_json
@pass_settings
def verify(settings: Settings, file: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Check a brief that was kept as JSON against the articles held, or those in --file: every quote, hash, outlet and order, and every
    computed sentence. No model is asked. Whatever is not as it was is named, with its place."""
    from agent.brief_file import LARGEST, NotABrief
    from agent.render.verified import verified_lines, verified_values
    from agent.subject import library_of
    from agent.verifying import verify as check

    library = library_of(files, choice(settings)) if files else open_library(settings, any_embedder=True)
    with library:
        try:
            with file.open("rb") as opened:
                found = check(opened.read(LARGEST + 1), library)
        except NotABrief as error:
            raise NotABrief(f"{file}: {error}") from error
    if as_json:
        print_json(verified_values(found))
    else:
        for line in verified_lines(found, str(file)):
            say(line)
    if found.faults:
        raise SystemExit(REFUSED)

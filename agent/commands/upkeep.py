"""How the program and the library are: status, doctor, demo."""

from __future__ import annotations

from pathlib import Path

import click

from agent.commands.console import REFUSED, as_json, choice, open_library, pass_settings, print_json, say
from agent.settings import Settings


@click.command()
@as_json
@pass_settings
def status(settings: Settings, as_json: bool) -> None:
    """What the library holds and what filled it."""
    from agent.render.report import status_lines

    with open_library(settings, any_embedder=True) as library:
        values = {"library": str(settings.library), **library.status()}
    if as_json:
        print_json(values)
    else:
        for line in status_lines(values):
            say(line)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_settings
def backup(settings: Settings, file: Path) -> None:
    """Write the library, as it is at this moment, to one file."""
    with open_library(settings, any_embedder=True) as library:
        size = library.back_up(file)
    say(f"wrote {file}, {size / 1e6:.1f} MB; this brings it back: rashomon --library FOLDER restore {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@pass_settings
def restore(settings: Settings, file: Path) -> None:
    """Put the library of a backup into a folder that has none, and rebuild its index."""
    from vectorstore.backup import restore as restored

    restored(file, settings.library)
    with open_library(settings, write=True, any_embedder=True) as library:
        articles = library.status()["articles"]
    say(f"{articles:,} articles restored to {settings.library}")


@click.command()
@as_json
@pass_settings
def doctor(settings: Settings, as_json: bool) -> None:
    """Check versions, model files and library, and say what would leave this machine."""
    from agent.doctor import examine

    findings = examine(settings)
    if as_json:
        print_json([{"name": item.name, "value": item.value, "ok": item.ok} for item in findings])
    else:
        for item in findings:
            say(f"{'ok ' if item.ok else '!! '} {item.name}: {item.value}")
    if not all(item.ok for item in findings):
        raise SystemExit(REFUSED)


@click.command()
@click.option("--sample", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another folder of articles.")
@pass_settings
def demo(settings: Settings, sample: Path | None) -> None:
    """Show the main job on the fictional sample coverage, in a library that is thrown away."""
    from agent.demo import run

    for line in run(choice(settings), sample):
        say(line)

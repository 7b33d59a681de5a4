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

"""The command line: parse, call, print, map errors to exit codes. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import io
import os
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import click

from agent.commands import asking, briefing, coverage, fetching, history, lineage, storing, upkeep
from agent.commands.console import FAILED, WRONG_USE
from agent.settings import Settings


class Commands(click.Group):
    """Our commands and those that installed packages add under `rashomon.commands`; those are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(point.name for point in entry_points(group="rashomon.commands"))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for point in entry_points(group="rashomon.commands", name=cmd_name):
            command: click.Command = point.load()
            return command
        return None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--library", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder of the library [env: RASHOMON_LIBRARY]."
)
@click.version_option(version("rashomon"), prog_name="rashomon")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None) -> None:
    """Reads many outlets' articles on one event side by side: who says what, who differs, who is silent, who only copied."""
    environ = dict(os.environ)
    if folder is not None:
        environ["RASHOMON_LIBRARY"] = str(folder)
    ctx.obj = Settings.from_environment(environ)


for command in (
    *(storing.ingest, storing.export, storing.reindex),
    *(fetching.watch, fetching.rejected),
    *(history.versions, history.diff, history.remove),
    *(coverage.events, coverage.outlets, lineage.origins),
    *(asking.search, asking.ask, asking.chat),
    *(briefing.brief, briefing.compare, briefing.verify),
    *(upkeep.status, upkeep.backup, upkeep.restore, upkeep.doctor, upkeep.demo),
):
    cli.add_command(command)


def main() -> None:
    """The entry point: every error ends here, as one sentence and an exit code."""
    _write_whole()
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as stop:
        raise SystemExit(stop.exit_code) from None
    except click.ClickException as error:
        _show(error)
        raise SystemExit(WRONG_USE) from None
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:
        _drop_the_rest()
        raise SystemExit(FAILED) from None
    except Exception as error:
        if os.environ.get("RASHOMON_DEBUG"):
            raise
        click.echo(f"rashomon: {_sentence(error)}", err=True)
        _drop_the_rest()
        raise SystemExit(getattr(error, "exit_code", FAILED)) from None


def _write_whole() -> None:
    """With PYTHONUNBUFFERED, Python takes no notice when a full disk takes only a part of what is written: half a JSON would end with 0."""
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper) and isinstance(out.buffer, io.FileIO):
        encoding, errors = out.encoding, out.errors
        buffer = io.BufferedWriter(out.detach())
        sys.stdout = io.TextIOWrapper(buffer, encoding=encoding, errors=errors, line_buffering=True)


def _drop_the_rest() -> None:
    """What nobody takes any more is dropped, or Python would try again as it ends, and end with a code of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show(error: click.ClickException) -> None:
    """As click shows it, but harmless for a terminal: what was given is repeated in it, a name of a file that others have made maybe."""
    from agent.render.escape import terminal

    text = io.StringIO()
    error.show(text)
    click.echo(terminal(text.getvalue()), nl=False, err=True)


def _sentence(error: Exception) -> str:
    from agent.render.escape import terminal

    if hasattr(error, "exit_code"):
        return terminal(str(error))
    if isinstance(error, OSError):
        return terminal(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    return terminal(f"{type(error).__name__}: {error} (set RASHOMON_DEBUG=1 to see where)")

"""The command line: parse, call, print, map errors to exit codes. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.library import EmbedderChoice, IngestReport, Library
    from vectorstore.readers import Read, Rejection

# 0 done; 1 a refusal, a failed check or rejected input (the rest is done); 2 wrong use; 3 the machine or an endpoint failed.
REFUSED, WRONG_USE, FAILED = 1, 2, 3


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


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
pass_settings = click.make_pass_decorator(Settings)


def say(text: str = "") -> None:
    from agent.render.escape import terminal

    click.echo(terminal(text))


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def choice(settings: Settings) -> EmbedderChoice:
    from vectorstore.library import EmbedderChoice

    return EmbedderChoice(settings.embedder, settings.runtime, settings.embedder_options)


def open_library(settings: Settings, *, write: bool = False) -> Library:
    from vectorstore.library import Library

    return Library.open(settings.library, choice(settings), write=write)


@cli.command()
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


@cli.command()
@click.argument("question")
@as_json
@pass_settings
def ask(settings: Settings, question: str, as_json: bool) -> None:
    """Answer a question from the articles held, every sentence with the words it rests on."""
    from agent.asker import ask as answer_question
    from agent.render.answer import answer_lines, answer_values

    with open_library(settings) as library:
        answer = answer_question(question, library, settings)
    if as_json:
        print_json(answer_values(answer))
    else:
        for line in answer_lines(answer):
            say(line)
    if answer.refused:
        raise SystemExit(REFUSED)


@cli.command()
@pass_settings
def chat(settings: Settings) -> None:
    """Ask one question after the other; /help lists the commands."""
    from agent.chat import start

    start(settings, lambda: open_library(settings))


@cli.command()
@click.option("--min-articles", default=2, show_default=True, type=click.IntRange(1), help="Leave out smaller events.")
@as_json
@pass_settings
def events(settings: Settings, min_articles: int, as_json: bool) -> None:
    """List the events: which articles report the same happening."""
    from agent.render.report import event_lines, event_values

    with open_library(settings) as library:
        found = library.events()
    if as_json:
        print_json([event_values(event) for event in found if len(event.article_ids) >= min_articles])
    else:
        for line in event_lines(found, min_articles):
            say(line)


@cli.command()
@click.argument("what", nargs=-1)
@click.option("--event", "event_id", help="An event by its id, as `events` lists it.")
@click.option("--question", help="Words that choose the event whose articles answer them best.")
@click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path, exists=True), help="Articles in a file, held in memory only."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the brief to FILE.md or FILE.json instead.")
@as_json
@pass_settings
def brief(
    settings: Settings,
    what: tuple[str, ...],
    event_id: str | None,
    question: str | None,
    files: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Contrast the outlets on one event. WHAT is a file or folder, an event's id, or words that choose an event."""
    from agent.render.brief_json import brief_text as brief_as_json
    from agent.render.brief_markdown import brief_markdown
    from agent.subject import Subject, brief_on, choose_subject

    if out is not None and out.suffix.lower() not in (".md", ".json"):
        raise click.UsageError(f"--out {out}: the name must end in .md or .json")
    subject: Subject = choose_subject(what, event_id, question, files, lambda: open_library(settings), choice(settings))
    with subject.library as library:
        made = brief_on(subject, library, settings)
    for line in subject.notes:
        click.echo(line, err=True)
    text = brief_as_json(made) if as_json or (out is not None and out.suffix.lower() == ".json") else brief_markdown(made)
    if out is None:
        click.echo(text)
    else:
        write_file(out, text)
        say(f"wrote {out}")
    if made.refused:
        raise SystemExit(REFUSED)


def write_file(path: Path, text: str) -> None:
    """All or nothing: a file that was there before stays whole until the new one is."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text + ("" if text.endswith("\n") else "\n"), encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@cli.command()
@click.argument("query")
@click.option("--outlet", "outlets", multiple=True, help="Only this outlet; may be given several times.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day or earlier.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200))
@as_json
@pass_settings
def search(settings: Settings, query: str, outlets: tuple[str, ...], since: Any, until: Any, limit: int, as_json: bool) -> None:
    """Find passages by words and by meaning."""
    from agent.render.report import hit_lines, hit_values

    with open_library(settings) as library:
        known = {outlet.name for outlet in library.outlets()}
        unknown = [name for name in outlets if name not in known]
        if unknown:
            raise click.UsageError(f"no article by {', '.join(unknown)} is held; `rashomon outlets` lists those that are")
        days = [day.date() if day else None for day in (since, until)]
        hits = library.search(query, outlets=outlets or None, since=days[0], until=days[1], limit=limit)
    if as_json:
        print_json([hit_values(hit) for hit in hits])
    else:
        for line in hit_lines(hits):
            say(line)
    if not hits:
        raise SystemExit(REFUSED)


@cli.command()
@as_json
@pass_settings
def outlets(settings: Settings, as_json: bool) -> None:
    """List the outlets held, with their articles and days."""
    from agent.render.report import outlet_lines, outlet_values

    with open_library(settings) as library:
        held = library.outlets()
    if as_json:
        print_json([outlet_values(outlet) for outlet in held])
    else:
        for line in outlet_lines(held):
            say(line)


@cli.command()
@as_json
@pass_settings
def status(settings: Settings, as_json: bool) -> None:
    """What the library holds and what filled it."""
    from agent.render.report import status_lines

    with open_library(settings) as library:
        values = {"library": str(settings.library), **library.status()}
    if as_json:
        print_json(values)
    else:
        for line in status_lines(values):
            say(line)


@cli.command()
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


@cli.command()
@pass_settings
def export(settings: Settings) -> None:
    """Print the articles held as JSON lines, in the order of publication."""
    from agent.render.report import article_values

    with open_library(settings) as library:
        for article in library.articles():
            click.echo(json.dumps(article_values(article), ensure_ascii=False, sort_keys=True))


@cli.command()
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


@cli.command()
@click.option("--sample", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another folder of articles.")
@pass_settings
def demo(settings: Settings, sample: Path | None) -> None:
    """Show the main job on the fictional sample coverage, in a library that is thrown away."""
    from agent.demo import run

    for line in run(choice(settings), sample):
        say(line)


def main() -> None:
    """The entry point: every error ends here, as one sentence and an exit code."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as stop:
        raise SystemExit(stop.exit_code) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(WRONG_USE) from None
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None
    except Exception as error:
        if os.environ.get("RASHOMON_DEBUG"):
            raise
        click.echo(f"rashomon: {_sentence(error)}", err=True)
        raise SystemExit(getattr(error, "exit_code", FAILED)) from None


def _sentence(error: Exception) -> str:
    from agent.render.escape import terminal

    if hasattr(error, "exit_code"):
        return terminal(str(error))
    if isinstance(error, OSError):
        return terminal(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    return terminal(f"{type(error).__name__}: {error} (set RASHOMON_DEBUG=1 to see where)")

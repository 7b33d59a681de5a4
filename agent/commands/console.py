"""What commands share: options, printing, opening the library."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.settings import Settings

if TYPE_CHECKING:
    from vectorstore.library import EmbedderChoice, Library

# 0 done; 1 a refusal, a failed check or rejected input (the rest is done); 2 wrong use; 3 the machine or an endpoint failed.
REFUSED, WRONG_USE, FAILED = 1, 2, 3

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
pass_settings = click.make_pass_decorator(Settings)


def say(text: str = "", *, err: bool = False) -> None:
    from agent.render.escape import terminal

    click.echo(terminal(text), err=err)


def print_json(value: Any) -> None:
    from agent.render.escape import inert_json

    click.echo(inert_json(json.dumps(value, ensure_ascii=False, indent=2)))


def choice(settings: Settings) -> EmbedderChoice:
    from vectorstore.library import EmbedderChoice

    return EmbedderChoice(settings.embedder, settings.runtime, settings.embedder_options)


as_of = click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="The library as it was on this day.")


def open_library(settings: Settings, *, write: bool = False, any_embedder: bool = False, day: datetime | None = None) -> Library:
    """With `any_embedder`, also one that another embedder filled: for commands that embed nothing. With a day, the library as it was
    then; what that leaves out is among its notices."""
    from vectorstore.library import Library

    library = Library.open(settings.library, choice(settings), write=write, any_embedder=any_embedder, chroma_url=settings.chroma_url)
    if day is not None:
        library.look_back(day.date())
    return library


def tell(library: Library) -> None:
    """Prints the notices beside the output, for commands whose output has no place for them."""
    for notice in library.notices:
        say(notice, err=True)


def outlets_meant(library: Library, names: Sequence[str]) -> list[str | None] | None:
    """The outlets held that the user's names mean; None for no names. Raises UsageError for a name that means none, or several."""
    found: list[str | None] = []
    for name in names:
        meant = library.held_outlets().meant(name)
        if not meant:
            raise click.UsageError(f"no article by {name} is held; `rashomon outlets` lists those that are")
        if len(meant) > 1:
            raise click.UsageError(f"{name} may be {' or '.join(meant)}; name one of them")
        found.append(meant[0])
    return found or None


def write_file(path: Path, content: str | bytes) -> None:
    """All or nothing: a file that was there before stays whole until the new one is."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(content if isinstance(content, bytes) else (content + ("" if content.endswith("\n") else "\n")).encode())
        draft.replace(path)
    except OSError as error:
        # Of a full disk the system names no file, else the draft.
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        draft.unlink(missing_ok=True)

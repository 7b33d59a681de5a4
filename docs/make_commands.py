"""Prints docs/commands.md from the program itself: python docs/make_commands.py > docs/commands.md"""

from __future__ import annotations

import click

from agent.cli import cli


def main() -> None:
    print("# Commands\n")
    print("Printed by the program (`python docs/make_commands.py`); a test compares the two.\n")
    print("Exit codes: 0 done; 1 the answer is a refusal, a check failed or some input was rejected (the rest is done);")
    print("2 wrong use; 3 the machine or an endpoint failed.\n")
    _page(click.Context(cli, info_name="rashomon", max_content_width=100))


def _page(ctx: click.Context) -> None:
    level = len(ctx.command_path.split())
    print(f"{'#' * (level + 1)} {ctx.command_path}\n\n```\n{ctx.get_help().rstrip()}\n```\n")
    if isinstance(ctx.command, click.Group):
        for name in ctx.command.list_commands(ctx):
            command = ctx.command.get_command(ctx, name)
            if command is not None:
                _page(click.Context(command, info_name=name, parent=ctx, max_content_width=100))


if __name__ == "__main__":
    main()

"""The command ``truce`` itself: what it says without a word, and its version."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def truce(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Simulate ceasefire talks between Russia and Ukraine from May 2025, scenario against scenario.

    Example: truce compare hardball maximum_pressure
    """
    if version:
        import sim

        print(f"truce {sim.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())

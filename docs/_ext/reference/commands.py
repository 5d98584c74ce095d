"""Every command with its arguments and options, from the tree that Typer makes of them."""

from __future__ import annotations

import inspect
import re
from typing import Any

import typer

from reference.markdown import code, plain, table
from sim.cli import app

ROOT = typer.main.get_command(app)


def commands() -> dict[str, Any]:
    """Return the commands by name, in the order of the help."""
    return dict(ROOT.commands)


def overview() -> str:
    """Return a table of all commands."""
    rows = [(f"[`truce {name}`](#truce-{name})", plain(_texts(command)[0])) for name, command in commands().items()]
    return table(("command", "what it does"), rows)


def markdown() -> str:
    """Return a section for each command."""
    return "\n".join(_section(name, command) for name, command in commands().items())


def options(command: Any) -> list[tuple[str, str]]:
    """Return how each argument and option is written, and what it means, with its default."""
    context = ROOT.make_context("truce", ["list"], resilient_parsing=True)
    written = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return [(record[0], record[1]) for record in written if record is not None]


def _section(name: str, command: Any) -> str:
    lines = [f"## truce {name}", ""]
    for text in _texts(command):
        example = re.fullmatch(r"Example: (truce .+)", text)
        lines += ["```console", example[1], "```", ""] if example else [plain(text), ""]
    rows = [(code(_spelt(written)), plain(" ".join(meaning.split()))) for written, meaning in options(command)]
    return "\n".join([*lines, table(("argument or option", "meaning"), rows)])


def _texts(command: Any) -> list[str]:
    """Return the paragraphs of a command's help, without the mark that forbids to wrap one."""
    paragraphs = inspect.cleandoc(command.help).replace("\b", "").split("\n\n")
    return [" ".join(paragraph.split()) for paragraph in paragraphs]


def _spelt(written: str) -> str:
    """Return how an argument is written, without the type that Typer puts behind it."""
    return re.sub(r" <.*>$", " ...", written) if "list[" in written else re.sub(r" <.*>$", "", written)

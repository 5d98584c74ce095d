"""The command that serves the page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import number


@app.command("app")
def app_command(
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes any that is free.", metavar="N", parser=number)
    ] = 5006,
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on instead of this machine only; anybody who reaches it may compute."),
    ] = None,
) -> None:
    """Open a page on which turning a parameter shows at once what it does.

    Example: truce app --port 5007
    """
    from sim.app.server import serve

    serve(port, host, say=lambda text: print(text, flush=True), warn=lambda text: print(text, file=sys.stderr))

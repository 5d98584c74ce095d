"""The page: one Panel component that carries messages between a browser and a `sim.app.session.Session`.

What is seen is made in the browser, from ``templates/page.html``, ``.css`` and ``.js``, because a screen reader, the
keyboard and a phone are served best by the browser's own inputs; Panel gives the session, its life and its wire.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import panel
from panel.custom import JSComponent

from sim.app.explorer import Explorer
from sim.app.gate import NONCE
from sim.app.pool import Pool
from sim.app.session import Session

if TYPE_CHECKING:
    from bokeh.document import Document
    from jinja2 import Template

_TEMPLATES = Path(__file__).with_name("templates")

#: Seconds after which a page that nobody touches makes room for others, and between looks for such.
IDLE, LOOK = 1800.0, 60.0


class Page(JSComponent):
    """The wire between a browser and its session.

    Parameters
    ----------
    pool
        Where the session's results are computed.
    document
        Bokeh's document of the session.
    query
        The query of the address that was opened.
    """

    _esm = (_TEMPLATES / "page.js").read_text("utf-8")

    def __init__(self, pool: Pool, document: Document, query: str, **others: Any) -> None:
        super().__init__(**others)  # type: ignore[no-untyped-call]
        self._document, self._touched = document, time.monotonic()
        self._session = Session(Explorer(pool), self._send_msg, self._defer, query)

    def _handle_msg(self, message: object) -> None:
        """Take a message from the browser."""
        self._touched = time.monotonic()
        self._session.receive(message)

    def _defer(self, function: Callable[[], None]) -> None:
        """Run a function on the server's own thread, unless the session has ended."""
        context = self._document.session_context  # None once the session has gone
        if context is not None and not context.destroyed:
            self._document.add_next_tick_callback(function)

    def close(self) -> None:
        """End the session's computations."""
        self._session.close()

    def sleep_if_idle(self) -> None:
        """Ask the browser to leave if nobody has touched the page for long."""
        if time.monotonic() - self._touched > IDLE:
            self._send_msg(json.dumps({"kind": "asleep"}))


def session_in(pool: Pool) -> Callable[[], Page]:
    """Return what makes a page for each session that begins, all with the same pool."""

    def begin() -> Page:
        document = cast("Document", panel.state.curdoc)
        arguments: dict[str, list[bytes]] = cast(Any, document.session_context).request.arguments
        page = Page(pool, document, urlencode(arguments, doseq=True))
        document.template = template()
        document.on_session_destroyed(lambda _: page.close())
        document.add_periodic_callback(page.sleep_if_idle, int(1000 * LOOK))
        return page

    return begin


@cache
def template() -> Template:
    """Return the frame of the page, into which Bokeh puts its scripts."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = (_TEMPLATES / "page.html").read_text("utf-8")
    environment.globals |= {
        "style": (_TEMPLATES / "page.css").read_text("utf-8"),
        "scripted": lambda text: text.replace("<script", f'<script nonce="{NONCE}"'),
    }
    return environment.from_string(source)

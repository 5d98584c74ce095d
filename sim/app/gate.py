"""Who may enter: every request to the page passes here before Bokeh sees it, and every answer leaves with headers.

A page on loopback is reachable from any web site the same browser has open. Such a site must neither read it nor make
it work: not by asking under its own name (the origin is checked), not by letting its own name point to 127.0.0.1
(DNS rebinding: the name in the request is checked), not by opening it in frames and images until it is full. And of all
that Bokeh and Panel offer (modules as resources, metadata, scripts for embedding), only what this page needs is there.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import Application, OutputTransform, RequestHandler

#: Names of this machine for itself.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Addresses that mean: all of this machine.
WILDCARDS = ("", "0.0.0.0", "::")
#: Where a page that was left alone goes.
ASLEEP = "/asleep"

#: Stands in the page where the word is to be that makes its own scripts known; another one in each answer.
NONCE = secrets.token_hex(16)

_STATIC = re.compile(r"/static/(?:js|css|extensions/panel)/(?:[\w./@^+-]|%5[Ee])+")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::([0-9]{1,5}))?")
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Truce</title><link rel="icon" href="data:,"><style>
:root {{ color-scheme: light dark }}
body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1.25rem }}
h1 {{ font-size: 1.4rem }}
</style></head><body><main><h1>{title}</h1><p>{text}</p>{link}</main></body></html>
"""


@dataclass(frozen=True)
class Door:
    """Under which names, and to how many at once, the page is open.

    Attributes
    ----------
    port
        The port that is listened on.
    host
        The address that is listened on, as given by ``--host``; None for loopback only.
    most
        Sessions at the same time.
    """

    port: int
    host: str | None = None
    most: int = 8

    def knows(self, host: str) -> bool:
        """Whether a request may call this server so (the header ``Host``, with its port).

        Examples
        --------
        >>> door = Door(5006)
        >>> [door.knows(host) for host in ("127.0.0.1:5006", "[::1]:5006", "localhost", "evil.example:5006")]
        [True, True, False, False]
        """
        found = _HOST.fullmatch(host.lower())
        if not found or int(found[3] or 80) != self.port:
            return False
        name = found[1] or found[2]
        if name in LOOPBACK:
            return True
        if self.host is None:
            return False
        if self.host not in WILDCARDS:
            return name == self.host.lower()
        # Open to all of this machine's addresses, whose names nobody can list. A number cannot be rebound, and this
        # machine's own name is not an attacker's.
        return _is_address(name) or name in (socket.gethostname().lower(), socket.getfqdn().lower())

    def refusal(self, request: HTTPServerRequest, sessions: int) -> Refusal | None:
        """Return why a request is not let in, None if it is.

        Parameters
        ----------
        request
            As it came.
        sessions
            How many there are.
        """
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        if not self.knows(host):
            return Refusal(HTTPStatus.FORBIDDEN, "Not under this name", "This page is not open under this address.")
        path = request.path
        same = origin is None or origin.lower() == f"{request.protocol}://{host.lower()}"
        if not same or (path == "/ws" and origin is None):
            return Refusal(HTTPStatus.FORBIDDEN, "Not from there", "Another site may not use this page.")
        if path == "/":
            # Browsers say what a page is wanted for; only for itself does one get a session.
            if request.headers.get("Sec-Fetch-Dest", "document") != "document":
                return Refusal(HTTPStatus.FORBIDDEN, "Not as a part", "This page cannot be a part of another.")
            if sessions >= self.most:
                return Refusal(
                    HTTPStatus.SERVICE_UNAVAILABLE, "All places are taken",
                    f"{sessions} pages are open, as many as this machine is to compute for. Close one that is not "
                    "needed and load this page again after some seconds; what you had set is in its address.",
                )  # fmt: skip
            return None
        if path == ASLEEP:
            return Refusal(
                HTTPStatus.OK, "Asleep",
                "Nobody had touched this page for a long time, so it made room for others. What you had set is kept.",
                f"/?{request.query}" if request.query else "/",
            )  # fmt: skip
        if path == "/ws" or (_STATIC.fullmatch(path) and ".." not in path):
            return None
        return Refusal(HTTPStatus.NOT_FOUND, "Nothing here", "There is no such page.", "/")


@dataclass(frozen=True)
class Refusal:
    """What is answered instead of what was asked for."""

    status: HTTPStatus
    title: str
    text: str
    link: str | None = None


class _Refused(Matcher):
    """Catches what the door refuses."""

    def __init__(self, door: Door, sessions: Callable[[], int]) -> None:
        self.door, self.sessions = door, sessions

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        refusal = self.door.refusal(request, self.sessions())
        return None if refusal is None else {"target_kwargs": {"refusal": refusal}}


class _Answer(RequestHandler):
    """Says why not."""

    refusal: Refusal

    def initialize(self, refusal: Refusal) -> None:
        self.refusal = refusal

    def check_xsrf_cookie(self) -> None:
        """Nothing can be changed here."""

    def prepare(self) -> None:
        from html import escape

        refusal = self.refusal
        link = f'<p><a href="{escape(refusal.link)}">Go on</a></p>' if refusal.link else ""
        self.set_status(refusal.status)
        if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.set_header("Retry-After", "20")
        self.finish(_PAGE.format(title=refusal.title, text=refusal.text, link=link))


class _Headers(OutputTransform):
    """Adds to every answer what tells the browser to trust it with nothing that it does not need."""

    def __init__(self, entering: set[HTTPServerRequest], request: HTTPServerRequest) -> None:
        self.host = request.headers.get("Host", "")
        self.request, self.entering = request, entering
        if request.path == "/":
            entering.add(request)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        self.entering.discard(self.request)  # its session is counted from now on
        nonce = secrets.token_urlsafe(16)
        if headers.get("Content-Type", "").startswith("text/html"):
            chunk = chunk.replace(NONCE.encode(), nonce.encode())
            if "Content-Length" in headers:
                headers["Content-Length"] = str(len(chunk))
            headers["Cache-Control"] = "no-store"
        policy = {
            "default-src": "'none'",
            # blob: is how Panel loads the script of a component. Nothing is evaluated from text.
            "script-src": f"'self' 'nonce-{nonce}' blob:",
            "connect-src": f"'self' ws://{self.host} wss://{self.host} blob:" if self._is_plain() else "'self' blob:",
            "style-src": "'self' 'unsafe-inline'",  # Bokeh writes style sheets into the page
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if "Server" in headers:
            del headers["Server"]
        return status_code, headers, chunk

    def _is_plain(self) -> bool:
        return _HOST.fullmatch(self.host.lower()) is not None


def guard(application: Application, door: Door, sessions: Callable[[], int]) -> None:
    """Put the door before everything that an application answers.

    Parameters
    ----------
    application
        Bokeh's, or any of Tornado.
    door
        Who may enter.
    sessions
        Tells how many there are.
    """
    # Before the rules that are there already: what is refused must not reach any of them.
    # Those whose session is still to be made count, too, or many that come at once would all find a place free.
    entering: set[HTTPServerRequest] = set()
    refused = _Refused(door, lambda: sessions() + len(entering))
    application.default_router.rules.insert(0, Rule(refused, _Answer))
    application.add_transform(cast(Any, partial(_Headers, entering)))


def origins(door: Door) -> list[str]:
    """Return the hosts that Bokeh's own check of websockets is to let pass; the door's own check is the narrower.

    Examples
    --------
    >>> origins(Door(5006))
    ['127.0.0.1:5006', 'localhost:5006']
    """
    if door.host is None or (door.host in LOOPBACK and ":" not in door.host):
        return [f"{name}:{door.port}" for name in LOOPBACK if ":" not in name]
    return ["*"]  # Bokeh cannot read addresses with colons, nor knows this machine's names


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def counted(contexts: Iterable[Any]) -> int:
    """Return the number of sessions of Bokeh's applications."""
    return sum(len(list(context.sessions)) for context in contexts)

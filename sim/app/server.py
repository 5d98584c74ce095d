"""The server of the page: Panel's, on loopback, behind a door, with limits on everything that could exhaust it."""

from __future__ import annotations

import errno
import logging
import secrets
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.app.gate import LOOPBACK, WILDCARDS, Door, counted, guard, origins
from sim.errors import UsageError, whole_number

if TYPE_CHECKING:
    from panel.io.server import Server

#: The port unless told otherwise.
PORT = 5006
#: Sessions at the same time; each can keep the machine busy.
MOST_SESSIONS = 8
#: Bytes of the longest message from a browser: an uploaded scenario file, with room for how it is wrapped up.
LONGEST_MESSAGE = 128 * 1024
#: Bytes of the longest head of a request: links can be long.
LONGEST_HEAD = 48 * 1024
#: Milliseconds after which a session is given up that no browser is connected to, and between looks for such.
UNUSED, LOOK = 10_000, 2_000


def make_server(
    session: Callable[[], Any],
    *,
    host: str | None = None,
    port: int = PORT,
    most: int = MOST_SESSIONS,
    loop: Any = None,
) -> Server:
    """Return a server that is bound and not yet started.

    Parameters
    ----------
    session
        Makes what one session shows, called once per session.
    host
        Address or name to listen on; loopback if None.
    port
        Port to listen on; 0 takes any that is free.
    most
        Sessions at the same time.
    loop
        The event loop of Tornado to run on; the current one if None.

    Returns
    -------
    Server
        Bokeh's; ``server.port`` says where it listens.

    Raises
    ------
    UsageError
        If it cannot listen there.
    """
    import panel
    from bokeh.settings import settings
    from panel.io.server import get_server

    whole_number("--port", port, lowest=0, highest=65535)
    # An environment set up for other pages must not make this one ask a server on the internet for its scripts.
    settings.resources = "server"
    panel.config.notifications = False
    door = Door(_free_port(host, port), host, most)
    server = get_server(
        {"/": session},
        address=host or "127.0.0.1",
        port=door.port,
        loop=loop,
        start=False,
        title="Truce",
        location=False,
        admin=False,
        websocket_origin=origins(door),
        # Only a session that this server has begun can be joined, and nothing of the browser's request is kept in it.
        sign_sessions=True,
        secret_key=secrets.token_bytes(32),
        include_headers=[],
        include_cookies=[],
        websocket_max_message_size=LONGEST_MESSAGE,
        unused_session_lifetime_milliseconds=UNUSED,
        check_unused_sessions_milliseconds=LOOK,
        use_index=False,
        http_server_kwargs={"max_header_size": LONGEST_HEAD, "max_body_size": 0, "body_timeout": 10.0},
    )
    application = server._tornado
    guard(application, door, lambda: counted(application.applications.values()))
    return server


def address_of(server: Server, host: str | None) -> str:
    """Return the address under which a browser on this machine opens the page."""
    name = "127.0.0.1" if host is None or host in WILDCARDS else host
    return f"http://{f'[{name}]' if ':' in name else name}:{server.port}/"


def serve(port: int, host: str | None, say: Callable[[str], None], warn: Callable[[str], None]) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    port, host
        As for `make_server`.
    say, warn
        Take the address of the page, and a warning if others than this machine can reach it.

    Raises
    ------
    UsageError
        If Panel is missing, or it cannot listen there.
    """
    whole_number("--port", port, lowest=0, highest=65535)
    for name in ("bokeh", "tornado", "panel"):
        # Refused and lost connections are everyday, and the terminal is the user's.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        import panel  # noqa: F401
    except ImportError:
        raise UsageError("truce app needs Panel, which is not installed: pip install 'truce-sim[app]'") from None
    from sim.app.explorer import Explorer, warm_up
    from sim.app.page import session_in
    from sim.app.places import described_controls
    from sim.app.pool import Pool
    from sim.app.state import State

    pool = Pool()
    try:
        server = make_server(session_in(pool), host=host, port=port)
        if host is not None and host not in LOOPBACK:
            warn(
                f"truce: the page can be reached from other machines under {host}; whoever opens it makes this one "
                "compute, and what is sent is not encrypted. Without --host it is for this machine only."
            )
        pool.warm(warm_up)
        # What everybody sees first is there before anybody asks.
        first = Explorer(pool)
        first.submit(State(), lambda result: first.close() if result.complete else None)
        described_controls(State.scenario, None)
        say(f"Truce is open at {address_of(server, host)} (end it with Ctrl-C)")
        server.start()
        try:
            server.io_loop.start()
        finally:
            server.stop()
    finally:
        pool.close()


def _free_port(host: str | None, port: int) -> int:
    """Return the port if it can be listened on, a free one in the place of 0."""
    where = host or "127.0.0.1"
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            where, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
            return int(trial.getsockname()[1])
    except socket.gaierror:
        raise UsageError(f"--host {where}: this machine has no such address or name") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = _free_port(host, 0)
            raise UsageError(f"port {port} is taken; another one is free: truce app --port {other}") from None
        reason = error.strerror or str(error)
        raise UsageError(f"cannot listen on {where}, port {port} ({reason}); choose another --host or --port") from None

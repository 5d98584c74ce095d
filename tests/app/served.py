"""A page's server in a thread of its own, and requests to it as a browser or an attacker would make them."""

from __future__ import annotations

import asyncio
import http.client
import re
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketClientConnection, websocket_connect

from sim.app.gate import counted
from sim.app.server import make_server


def empty_session() -> object:
    import panel

    return panel.pane.HTML("nothing")


def token_in(text: str) -> str:
    return re.search(r'"token":"([^"]+)"', text)[1]


class Served:
    """A server in a thread of its own, and requests to it with whatever headers."""

    def __init__(self, session: Callable[[], object] = empty_session, **how: object) -> None:
        self._session, self._how = session, how
        self._ready, self.loop, self.server = threading.Event(), None, None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        self.loop = IOLoop.current()
        self.server = make_server(self._session, port=0, loop=self.loop, **self._how)
        self.server.start()
        self.loop.add_callback(self._ready.set)
        self.loop.start()

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        def stop() -> None:
            self.server.stop()
            self.loop.stop()

        self.loop.add_callback(stop)
        self._thread.join(30)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    @property
    def sessions(self) -> int:
        return counted(self.server._tornado.applications.values())

    def get(self, path: str = "/", method: str = "GET", body: bytes | None = None, **headers: str):
        """Status (0 if the line was cut), headers and text of an answer; names of headers with _ for -."""
        sent = {"Host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)) as connection:
            connection.request(method, path, body=body, headers=sent)
            try:
                answer = connection.getresponse()
            except http.client.RemoteDisconnected:
                return 0, {}, ""
            return answer.status, answer.headers, answer.read().decode()

    def join(self, token: str, *, until: str = "ACK", seconds: float = 30.0, **headers: str) -> str:
        """What comes over a websocket opened for a token ("" if it is shut), or the status of a refusal."""
        sent = {"Host": self.host, "Origin": f"http://{self.host}"} | headers

        async def heard() -> str:
            request = HTTPRequest(f"ws://{self.host}/ws", headers=sent, connect_timeout=30)
            try:
                connection: WebSocketClientConnection = await websocket_connect(request, subprotocols=["bokeh", token])
            except HTTPClientError as error:
                return str(error.code)
            parts: list[str] = []
            end = time.monotonic() + seconds
            with suppress(asyncio.TimeoutError):
                while until not in "".join(parts) and (left := end - time.monotonic()) > 0:
                    part = await asyncio.wait_for(connection.read_message(), left)
                    if part is None:
                        break
                    parts.append(str(part))
            connection.close()
            return "".join(parts)

        loop = IOLoop(make_current=False)
        try:
            return loop.run_sync(heard)
        finally:
            loop.close(all_fds=True)

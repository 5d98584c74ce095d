"""Abuse the page as a stranger could, and count what it answers: its limits must hold, and it must go on answering.

A page of its own is started on a free port of this machine. After every kind of abuse a browser opens the page and asks
for something; whether it is answered, and how much memory the server has by then, stands beside the counts. Exit code 1
if a limit did not hold. Linux only (it reads ``/proc``).
``python benchmarks/abuse.py [--times 1.0]``
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from tables import markdown
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from sim.app.server import LONGEST_HEAD, LONGEST_MESSAGE, MOST_SESSIONS, UNUSED
from sim.app.state import LIMITS

#: What nobody should get: files of this machine, and what Bokeh and Panel offer beside this page.
PATHS = (
    "/../../etc/passwd", "/static/../../../etc/passwd", "/static/js/..%2f..%2f..%2fsim/errors.py", "/etc/passwd",
    "/static/js/%2e%2e/%2e%2e/server.py", "/static/js/....//....//etc/passwd", "/static/js/..\\..\\server.py", "/admin",
    "/static//etc/passwd", "/static/js/bokeh.min.js/../../x", "/autoload.js", "/metadata", "/rest/session_info",
    "/components/panel.template/a/_css/x", "/%00", "//evil.example/x", "/static/js/" + "a/" * 2000,
)  # fmt: skip
STRANGERS = (
    {"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Dest": "iframe"},
    {"Host": "127.0.0.1:1"}, {"Host": ""}, {"Host": "evil.example", "Origin": "http://evil.example"},
)  # fmt: skip
#: Messages that no page sends.
NONSENSE = (
    None, [], "x", {"kind": "__class__"}, {"kind": "change", "name": "russia.confidence", "place": 10**12},
    {"kind": "set", "field": "runs", "value": 10**9}, {"kind": "set", "field": "scenario", "value": "/etc/passwd"},
    {"kind": "upload", "text": "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nextends: /etc/passwd\n"},
    {"kind": "upload", "text": "x" * (LIMITS.text + 1)}, {"kind": "upload", "text": "[" * 10_000},
    {"kind": "take_table", "name": "../../x"}, {"kind": "ready", "n": "1"},
)  # fmt: skip


class Target:
    """The page of a server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if found is None:
            raise SystemExit(f"the page did not open: {line}")
        self.port = int(found[1])
        self.host = f"127.0.0.1:{self.port}"

    @property
    def memory(self) -> float:
        """Memory of the server itself, megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def ask(self, path: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None) -> str:
        """Return the status of an answer, ``cut`` if there is none."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            try:
                connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
                for name, value in ({"Host": self.host} | (headers or {})).items():
                    connection.putheader(name, value)
                if body:
                    connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body or None)
                return str(connection.getresponse().status)
            except (OSError, http.client.HTTPException):
                return "cut"

    def many(self, requests: Iterable[tuple[object, ...]]) -> Counter[str]:
        """Return how often each status came, of requests from 16 browsers at once."""
        with ThreadPoolExecutor(16) as browsers:
            return Counter(browsers.map(lambda given: self.ask(*given), requests))  # type: ignore[arg-type]

    async def joined(self) -> tuple[WebSocketClientConnection, str]:
        """Return the wire of a new session, and the name of what takes its messages."""
        text = await asyncio.to_thread(self.page)
        token = re.search(r'"token":"([^"]+)"', text)[1]  # type: ignore[index]
        wire = await self.wire(token)
        for _ in range(3):  # the three parts of the greeting
            await wire.read_message()
        await send(wire, "PULL-DOC-REQ", {})
        told = ""
        while not (found := re.search(r'"roots":\[\{[^]]*?"id":"(\w+)"', told)):
            part = await asyncio.wait_for(wire.read_message(), 60)
            if part is None:
                raise SystemExit("the page shut the wire")
            told = str(part)
        return wire, found[1]

    async def wire(self, token: str) -> WebSocketClientConnection:
        request = HTTPRequest(f"ws://{self.host}/ws", headers={"Host": self.host, "Origin": f"http://{self.host}"})
        return await websocket_connect(request, subprotocols=["bokeh", token])

    def page(self) -> str:
        """Return the page, as soon as there is a place for one more."""
        end = time.monotonic() + 60 + UNUSED / 1000
        while time.monotonic() < end:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                connection.request("GET", "/", headers={"Host": self.host})
                answer = connection.getresponse()
                text = answer.read().decode()
            if answer.status == 200:
                return text
            time.sleep(0.5)
        raise SystemExit(f"nobody is let in any more: {answer.status}")

    async def answers(self) -> bool:
        """Whether a browser that comes now is let in and answered."""
        wire, name = await self.joined()
        await send_wish(wire, name, {"kind": "ready", "n": 1})
        found = False
        while not found:
            part = await asyncio.wait_for(wire.read_message(), 120)
            if part is None:
                return False
            found = '\\"kind\\": \\"start\\"' in str(part) or '"kind": "start"' in str(part)
        wire.close()
        return True


async def send(wire: WebSocketClientConnection, kind: str, content: object) -> None:
    for part in ({"msgid": "1", "msgtype": kind}, {}, content):
        await wire.write_message(json.dumps(part))


async def send_wish(wire: WebSocketClientConnection, name: str, wish: object) -> None:
    await send(wire, "PATCH-DOC", wished(name, wish))


def wished(name: str, wish: object) -> object:
    """Return a message to the session as the page sends it."""
    values = {"type": "map", "entries": [["model", {"id": name}], ["data", plain(wish)]]}
    event = {"type": "event", "name": "data_event", "values": values}
    return {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}]}


def plain(value: object) -> object:
    """Return a value in the form in which Bokeh writes mappings."""
    if isinstance(value, dict):
        return {"type": "map", "entries": [[key, plain(one)] for key, one in value.items()]}
    return value


# The abuses: each returns what was answered, and whether the limits held ----------------------------------------------

Outcome = tuple[Counter[str], bool]


def strangers(page: Target, number: int) -> Outcome:
    found = page.many(("/", "GET", b"", STRANGERS[i % len(STRANGERS)]) for i in range(number))
    return found, set(found) <= {"403", "400"}


def paths(page: Target, number: int) -> Outcome:
    found = page.many((PATHS[i % len(PATHS)],) for i in range(number))
    return found, set(found) <= {"400", "403", "404", "cut"}


def long_requests(page: Target, number: int) -> Outcome:
    kinds = [
        ("/?x=" + "y" * (2 * LONGEST_HEAD),), ("/", "POST", b"x" * 100_000), ("/", "PUT", b"x" * 1_000_000),
        ("/", "GET", b"", {"X-Long": "z" * (2 * LONGEST_HEAD)}),
    ]  # fmt: skip
    found = page.many(kinds[i % len(kinds)] for i in range(number))
    return found, set(found) <= {"400", "403", "405", "413", "431", "cut"}


def sessions(page: Target, number: int) -> Outcome:
    """Sessions whose browser goes away at once; places come back only after some seconds."""
    begun = time.monotonic()
    found = page.many(("/",) for _ in range(number))
    rounds = 1 + int((time.monotonic() - begun) / (UNUSED / 1000))
    return found, set(found) <= {"200", "503"} and found["200"] <= MOST_SESSIONS * rounds


def idle_lines(page: Target, number: int) -> Outcome:
    """Lines that are held open with half a request each, while others ask."""
    with ExitStack() as stack:
        for _ in range(number):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", page.port), timeout=60))
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        return page.many(("/nothing",) for _ in range(20)), page.ask("/nothing") == "404"


async def forged_tokens(page: Target, number: int) -> Outcome:
    found: Counter[str] = Counter()
    for _ in range(number):
        try:
            wire = await page.wire("Zm9yZ2Vk.c2lnbmF0dXJl")
        except (HTTPClientError, OSError):
            found["refused"] += 1
        else:
            found["shut" if await asyncio.wait_for(wire.read_message(), 60) is None else "answered"] += 1
    return found, not found["answered"]


async def long_messages(page: Target, number: int) -> Outcome:
    found: Counter[str] = Counter()
    for _ in range(number):
        wire, name = await page.joined()
        await send_wish(wire, name, {"kind": "upload", "text": "x" * (2 * LONGEST_MESSAGE)})
        while (part := await asyncio.wait_for(wire.read_message(), 60)) is not None and "kind" not in str(part):
            pass
        found["shut" if part is None else "taken"] += 1
    return found, not found["taken"]


async def nonsense(page: Target, number: int) -> Outcome:
    """Messages without sense, from one browser that listens: each is answered with a sentence."""
    wire, name = await page.joined()
    found: Counter[str] = Counter()

    async def hear() -> None:
        while (part := await wire.read_message()) is not None:
            found["troubles"] += str(part).count("trouble")

    hearing = asyncio.ensure_future(hear())
    for i in range(number):
        await send_wish(wire, name, NONSENSE[i % len(NONSENSE)])
    before = -1
    while before < found["troubles"] < number:  # as long as answers go on coming
        before = found["troubles"]
        await asyncio.sleep(10)
    wire.close()
    await hearing
    return found, found["troubles"] == number


def deaf_browser(page: Target, number: int) -> Outcome:
    """Messages that ask for all there is, from a browser that soon reads no answer any more."""
    token = re.search(r'"token":"([^"]+)"', page.page())[1]  # type: ignore[index]
    most = 0.0
    with socket.create_connection(("127.0.0.1", page.port), timeout=60) as line:
        line.sendall(
            f"GET /ws HTTP/1.1\r\nHost: {page.host}\r\nOrigin: http://{page.host}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Sec-WebSocket-Protocol: bokeh, {token}\r\n\r\n".encode()
        )
        heard = b""
        while b'"ACK"' not in heard:
            heard += line.recv(4096)
        line.sendall(frames("PULL-DOC-REQ", {}))
        while not (found := re.search(rb'"roots":\[\{[^]]*?"id":"(\w+)"', heard)):
            heard += line.recv(4096)
        sent = 0
        try:
            for sent in range(number):  # noqa: B007, told below
                line.sendall(frames("PATCH-DOC", wished(found[1].decode(), {"kind": "ready", "n": 1})))
                most = max(most, page.memory)
        except OSError:  # shut by the server, or no more is taken
            pass
        for _ in range(20):
            time.sleep(0.5)
            most = max(most, page.memory)
    return Counter({"sent": sent + 1, "most megabytes": round(most)}), most < 500


def frames(kind: str, content: object) -> bytes:
    """Return a message of Bokeh's as the frames of a websocket, masked with zeros."""
    told = b""
    for part in ({"msgid": "1", "msgtype": kind}, {}, content):
        text = json.dumps(part).encode()
        length = bytes([128 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        told += b"\x81" + length + bytes(4) + text
    return told


ABUSES: tuple[tuple[str, Callable[[Target, int], object], int], ...] = (
    ("another name, another origin", strangers, 700),
    ("paths to what is not of the page", paths, 1_700),
    ("requests that are too long", long_requests, 400),
    ("sessions begun and left", sessions, 400),
    ("lines held open with half a request", idle_lines, 800),
    ("wires with a forged token", forged_tokens, 100),
    ("messages that are too long", long_messages, 5),
    ("messages without sense", nonsense, 600),
    ("messages from one who never listens", deaf_browser, 2_000),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--times", type=float, default=1.0, help="how often each is done, as a multiple")
    times = parser.parse_args().times
    command = [sys.executable, "-m", "sim", "app", "--port", "0"]
    rows: list[dict[str, object]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            page = Target(process)
            asyncio.run(page.answers())
            rows.append({"abuse": "none", "times": 0, "answers": "", "held": "", "MB": round(page.memory)})
            for name, abuse, number in ABUSES:
                number = max(1, round(number * times))
                done = abuse(page, number)
                found, held = asyncio.run(done) if asyncio.iscoroutine(done) else done  # type: ignore[misc]
                held = held and asyncio.run(page.answers()) and process.poll() is None
                answers = ", ".join(f"{key}: {count}" for key, count in sorted(found.items()))
                rows.append({
                    "abuse": name, "times": number, "answers": answers, "held": "yes" if held else "NO",
                    "MB": round(page.memory),
                })  # fmt: skip
                print(rows[-1], file=sys.stderr, flush=True)
        finally:
            process.terminate()
    print(markdown(rows))
    return 1 if any(row["held"] == "NO" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

"""The page as its server hands it over: scripts that are known, a state from the address, an end."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("panel")

from sim.app import page, server
from sim.app.explorer import Explorer
from sim.app.gate import NONCE
from sim.app.pool import Pool
from tests.app.served import Served, token_in
from tests.processes import wait_for

#: One run of some weeks, on the server's own thread.
ONE = "/?runs=1&deadline=2025-06-30&horizon=2025-07-28"


@pytest.fixture(scope="module")
def begin():
    return page.session_in(Pool(0))


def test_every_script_of_the_page_is_known_and_comes_from_here(begin):
    with Served(begin) as served:
        answers = [served.get(ONE) for _ in range(2)]
    for status, headers, text in answers:
        nonce = re.search(r"'nonce-([\w-]+)'", headers["Content-Security-Policy"])[1]
        scripts = re.findall(r"<script[^>]*>", text)
        assert status == 200 and len(scripts) > 5 and all(f'nonce="{nonce}"' in script for script in scripts)
        assert NONCE not in text and int(headers.get("Content-Length", len(text.encode()))) == len(text.encode())
        assert not re.search(r"""(src|href)=["'](https?:)?//""", text)
        assert int(headers["Content-Length"]) == len(text.encode())
    first, second = (re.search(r'nonce="([^"]+)"', text)[1] for _, _, text in answers)
    assert first != second


def test_the_end_of_a_session_ends_its_computations(begin, monkeypatch):
    monkeypatch.setattr(server, "UNUSED", 200)
    monkeypatch.setattr(server, "LOOK", 50)
    closed = []
    monkeypatch.setattr(Explorer, "close", lambda explorer: closed.append(explorer))
    with Served(begin) as served:
        assert served.get(ONE)[0] == 200
        wait_for(lambda: closed and not served.sessions)
    assert len(closed) == 1


#: The message that asks a browser to leave, as it stands in a string of a message of Bokeh's.
ASLEEP = r'\"kind\": \"asleep\"'


def test_a_page_that_nobody_touches_is_asked_to_make_room(begin, monkeypatch):
    monkeypatch.setattr(page, "IDLE", 0.0)
    monkeypatch.setattr(page, "LOOK", 0.05)
    with Served(begin) as served:
        told = served.join(token_in(served.get(ONE)[2]), until=ASLEEP)
    assert ASLEEP in told


def test_a_page_that_is_touched_stays(begin, monkeypatch):
    monkeypatch.setattr(page, "LOOK", 0.05)
    with Served(begin) as served:
        told = served.join(token_in(served.get(ONE)[2]), until=ASLEEP, seconds=1.0)
    assert "ACK" in told and ASLEEP not in told

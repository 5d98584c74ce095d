"""Who gets in at the door of the page's server, asked as a browser would and as an attacker would."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

pytest.importorskip("panel")


from sim.app import server
from sim.app.gate import Door
from sim.app.server import make_server
from sim.errors import UsageError
from tests.app.served import Served, empty_session, token_in
from tests.processes import wait_for

MOST = 2


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served() as found:
        yield found


def test_the_page_opens_under_every_name_of_loopback(served):
    for name in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"):
        assert served.get(Host=f"{name}:{served.server.port}", Sec_Fetch_Dest="document")[0] == 200


@pytest.mark.parametrize("host", ["evil.example:{}", "127.0.0.1.evil.example:{}", "127.0.0.1:1", "127.0.0.1", ""])
def test_another_name_is_refused_even_with_an_origin_that_fits(served, host):
    host = host.format(served.server.port)
    assert served.get(Host=host)[0] == 403
    assert served.get(Host=host, Origin=f"http://{host}")[0] == 403
    assert served.get("/static/js/bokeh.min.js", Host=host)[0] == 403


def test_another_origin_is_refused(served):
    assert served.get(Origin="http://evil.example")[0] == 403
    assert served.get(Origin="null")[0] == 403
    assert served.get(Origin=f"https://{served.host}")[0] == 403


@pytest.mark.parametrize("wanted_for", ["iframe", "image", "script", "empty"])
def test_a_page_that_is_wanted_as_a_part_of_another_gets_no_session(served, wanted_for):
    assert served.get(Sec_Fetch_Dest=wanted_for)[0] == 403


def test_a_websocket_is_opened_for_the_page_itself_only():
    with Served() as served:
        token = token_in(served.get()[2])
        evil = f"evil.example:{served.server.port}"
        assert served.join(token, Origin="http://evil.example") == "403"
        assert served.join(token, Host=evil, Origin=f"http://{evil}") == "403"
        assert served.join(token, Origin="") == "403"
        assert "ACK" in served.join(token)


def test_a_session_that_the_server_did_not_begin_cannot_be_joined():
    from bokeh.util.token import generate_jwt_token, generate_session_id

    with Served() as served:
        assert served.join(generate_jwt_token(generate_session_id())) == ""
        assert served.sessions == 0


def test_beyond_the_limit_one_is_asked_to_come_back_and_place_is_made_once_a_page_is_closed(monkeypatch):
    monkeypatch.setattr(server, "UNUSED", 300)
    monkeypatch.setattr(server, "LOOK", 50)
    with Served(most=MOST) as served:
        while served.sessions < MOST:  # a slow machine may lose the first before it has the second
            assert served.get()[0] == 200
        status, headers, text = served.get()
        assert status == 503 and int(headers["Retry-After"]) > 0 and "2 pages are open" in text
        wait_for(lambda: served.sessions < MOST)
        assert served.get()[0] == 200


def test_many_that_come_at_once_get_no_more_places_than_there_are():
    with Served(most=MOST) as served, ThreadPoolExecutor(16) as browsers:
        answers = list(browsers.map(lambda _: served.get()[0], range(16)))
        assert answers.count(503) >= 16 - MOST and served.sessions <= MOST


@pytest.mark.parametrize(
    "path",
    [
        "/admin", "/autoload.js", "/metadata", "/liveness", "/rest/session_info", "/favicon.ico", "/ws/", "/static/",
        "/components/antigravity/a/_css/x", "/components/panel.template/a/_css/x", "/static/../gate.py",
        "/static/js/..%2f..%2f..%2f__init__.py", "/static/js/%2e%2e/server.py", "/login", "/logout", "//",
    ],
)  # fmt: skip
def test_what_the_page_does_not_need_is_not_there(served, path):
    status, _, text = served.get(path)
    assert status == 404 and "Traceback" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_nothing_but_reading_is_answered(served, method):
    assert served.get(method=method)[0] in (403, 405)


def test_what_is_too_long_is_refused(served):
    assert served.get(f"/?x={'y' * 60_000}")[0] in (0, 400, 431)
    assert served.get(method="POST", body=b"x" * 1000)[0] in (0, 400, 405, 413)


def test_every_answer_has_headers_that_close_what_is_not_needed(served):
    for path in ("/", "/static/js/bokeh.min.js", "/nothing", "/asleep?a=1"):
        _, headers, _ = served.get(path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "'unsafe-eval'" not in policy
        assert "'unsafe-inline'" not in re.search(r"script-src[^;]*", policy)[0] and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
        assert "Server" not in headers


def test_a_page_that_went_to_sleep_leads_back_to_what_was_set(served):
    status, _, text = served.get("/asleep?russia.confidence=0.4&x=%22%3E%3Cscript%3E")
    assert status == 200 and 'href="/?russia.confidence=0.4&amp;x=%22%3E%3Cscript%3E"' in text and "<script" not in text


def test_a_port_that_is_taken_is_said_and_another_one_named():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} is taken; another one is free: truce app --port \d+"):
            make_server(empty_session, port=port)


def test_an_address_that_is_not_this_machines_is_refused():
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"):
        make_server(empty_session, host="192.0.2.1")
    with pytest.raises(UsageError, match="no such address or name"):
        make_server(empty_session, host="no.such.name.invalid")


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(UsageError, match="--port"):
        make_server(empty_session, port=port)


def test_told_so_it_opens_to_others_under_addresses_and_its_own_name_only():
    door = Door(5006, "0.0.0.0")
    assert door.knows("192.168.1.7:5006") and door.knows("[fe80::1]:5006") and door.knows("localhost:5006")
    assert door.knows(f"{socket.gethostname()}:5006")
    assert not door.knows("evil.example:5006")
    named = Door(5006, "lab.example")
    assert named.knows("LAB.example:5006") and not named.knows("evil.example:5006") and not named.knows("10.0.0.1:5006")


def test_it_listens_on_loopback_only(served):
    (address,) = {listening.getsockname()[0] for listening in served.server._http._sockets.values()}
    assert address == "127.0.0.1"

"""One exchange: what the wire refuses, cuts off, ignores, and never says aloud."""

import gc
import gzip
import os
import socket
import time
from pathlib import Path

import pytest
import requests

from sync.clock import SystemClock
from sync.errors import ConfigError, DeadlinePassed
from sync.interpreter import no_collecting
from sync.sources.causes import Cause, Trouble
from sync.sources.http import Deadline, HttpWire, Request
from sync.sources.settings import WireSettings, checked_address, checked_secret
from tests.sync.sources.stand_in import StandIn, says, serving, wire


def get(stand_in, path="/x?secret=hunter2", **limits):
    with wire(stand_in.clock, **limits) as real:
        return real.send(Request(f"{stand_in.url}{path}"))


def trouble(stand_in, **limits):
    with pytest.raises(Trouble) as caught:
        get(stand_in, **limits)
    assert "hunter2" not in str(caught.value), "an address's query must never be printed"
    return caught.value.cause


def raw(*pieces, pause=0.0):
    """An answer in hand-written bytes, after which the connection ends."""

    def answer(handler):
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)

    return lambda _ask: answer


def test_an_answer_brings_status_body_and_the_servers_time(server):
    server.routes["/x"] = says({"a": 1})

    reply = get(server)

    assert (reply.status, reply.body, reply.at) == (200, b'{"a": 1}', server.clock.now())


def test_an_exchange_leaves_nothing_to_the_cycle_collector(server):
    """`seldom_collecting` rests on this: a page's bytes would stay in memory until it looks."""
    server.routes["/x"] = says({})
    server.routes["/gone"] = says({}, status=404)
    gc.collect()  # what other tests left behind
    with no_collecting():
        get(server)
        get(server, path="/gone")

        assert [o for o in gc.get_objects() if isinstance(o, requests.Response)] == []


def test_we_say_who_we_are_and_what_we_take(server):
    server.routes["/x"] = says({})
    get(server)

    headers = server.asks[0].headers
    assert headers["user-agent"].startswith("halosync/")
    assert headers["accept"] == "application/json"


def test_settings_from_the_environment_change_nothing(server, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    server.routes["/x"] = says({})

    assert get(server).status == 200
    assert "authorization" not in server.asks[0].headers


def test_a_cookie_is_not_brought_back(server):
    server.routes["/x"] = says({}, Set_Cookie="session=1")
    with wire(server.clock) as real:
        real.send(Request(f"{server.url}/x"))
        real.send(Request(f"{server.url}/x"))

    assert "cookie" not in server.asks[1].headers


def test_a_redirect_is_not_followed(server):
    server.routes["/x"] = says({}, 302, Location=f"{server.url}/y")

    assert get(server).status == 302
    assert not server.asked("/y")


def test_a_body_shorter_than_announced_is_truncated(server):
    server.routes["/x"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")

    assert trouble(server) is Cause.TRUNCATED


def test_a_chunked_body_without_its_end_is_truncated(server):
    server.routes["/x"] = raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\n{}\r\n"
    )

    assert trouble(server) is Cause.TRUNCATED


def test_a_gzip_bomb_stops_at_the_cap(server):
    bomb = gzip.compress(b" " * 8_000_000)
    server.routes["/x"] = says(bomb, Content_Encoding="gzip")

    assert trouble(server, page_bytes=1_000_000) is Cause.PAGE_TOO_BIG


def test_a_damaged_gzip_is_truncated_not_a_crash(server):
    packed = bytearray(gzip.compress(os.urandom(2000)))
    packed[10:30] = b"\xff" * 20
    server.routes["/x"] = says(bytes(packed), Content_Encoding="gzip")

    assert trouble(server) is Cause.TRUNCATED


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
    ],
    ids=["body", "chunk", "header"],
)
def test_a_slow_drip_ends_with_the_requests_time(server, head):
    server.routes["/x"] = raw(head, *[b"x"] * 40, pause=0.1)
    started = time.monotonic()

    assert trouble(server, request_seconds=0.5) is Cause.TIMEOUT
    assert time.monotonic() - started < 1.5


def test_silence_ends_with_the_read_time(server):
    server.routes["/x"] = raw(b"", pause=2)

    assert trouble(server, read_seconds=0.2) is Cause.TIMEOUT


def test_a_reset_is_a_network_trouble(server):
    def reset(_ask):
        def answer(handler):
            handler.close_connection = True
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.connection.close()

        return answer

    server.routes["/x"] = reset

    assert trouble(server) is Cause.NETWORK


def test_nobody_at_home_is_refused(clock):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with wire(clock) as real, pytest.raises(Trouble) as caught:
        real.send(Request(url))

    assert caught.value.cause is Cause.REFUSED


def test_a_host_that_does_not_exist_is_a_name_trouble(clock):
    with wire(clock) as real, pytest.raises(Trouble) as caught:
        real.send(Request("http://does-not-exist.invalid/"))

    assert caught.value.cause is Cause.DNS


def test_nonsense_instead_of_http_is_a_trouble_too(server):
    server.routes["/x"] = raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")

    assert trouble(server) is Cause.NETWORK


def test_a_passed_deadline_ends_the_run(server):
    server.clock.elapsed = 0
    with wire(server.clock, seconds=10) as real:
        server.clock.elapsed = 11
        with pytest.raises(DeadlinePassed):
            real.send(Request(f"{server.url}/x"))

    assert not server.asks


def test_the_configured_proxy_is_used(server):
    server.routes["http://halo.invalid/x"] = says({"by": "proxy"})

    def through(ask):
        return says({"by": ask.target})

    server.routes["/x"] = through
    with wire(server.clock, proxy=server.url) as real:
        reply = real.send(Request("http://halo.invalid/x"))

    assert b"halo.invalid" in reply.body


@pytest.mark.parametrize(
    "url",
    [
        "http://halo.example",
        "ftp://halo.example",
        "halo.example",
        "https://user:pw@halo.example",
        "https://halo.example?x=1",
        "https://[",
        "",
    ],
)
def test_an_address_that_could_leak_a_secret_is_refused(url):
    with pytest.raises(ConfigError) as caught:
        checked_address(url, "halo.base_url")

    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_plain_http_is_for_loopback(host):
    assert checked_address(f"http://{host}:8080/", "x") == f"http://{host}:8080"


@pytest.mark.parametrize("value", ["", "two words ", "line\nbreak", "schlüssel", " lead"])
def test_a_secret_no_header_can_carry_is_refused_unquoted(value):
    with pytest.raises(ConfigError) as caught:
        checked_secret(value, "autoelevate.key")

    assert not value.strip() or value.strip() not in str(caught.value)


def test_no_socket_is_left_open_after_a_run(server):
    server.routes["/x"] = says({})
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        get(server)

    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


def test_the_real_clock_serves_too():
    clock = SystemClock()
    with (
        serving(StandIn()) as stand_in,
        HttpWire(WireSettings(), clock, Deadline(clock, 5)) as real,
    ):
        stand_in.routes["/x"] = says({})

        assert real.send(Request(f"{stand_in.url}/x")).status == 200

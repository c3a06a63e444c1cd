"""Each verb's effect as a client on the wire sees it, and where in a pull it acts."""

import gzip
import http.client
import time
from http.client import HTTPConnection, IncompleteRead

import pytest

from sync.sandbox import verbs
from tests.sync.sandbox.talk import PAGED, AeTalk, HaloTalk, ask


def clients(talk: HaloTalk, page: int = 1, size: int = 5):
    return talk.get(f"client?{PAGED}&page_size={size}&page_no={page}")


@pytest.fixture
def talk(halo) -> HaloTalk:
    return halo()


@pytest.fixture
def faults(talk):
    return talk.sandbox.faults


def test_a_verb_acts_on_its_endpoint_page_and_attempt_only(talk, faults):
    faults.script({("halo.clients", 2, 1): verbs.Status(503)})

    assert [clients(talk, page).status for page in (1, 2, 2, 3)] == [200, 503, 200, 200]
    assert talk.get("site?count=1").status == 200


def test_page_and_attempt_none_mean_every_one(talk, faults):
    faults.on("halo.clients", verbs.Status(500))

    assert {clients(talk, page).status for page in (1, 1, 2)} == {500}
    faults.clear()
    assert clients(talk).status == 200


def test_autoelevates_pages_are_counted_from_skip(ae):
    talk = ae()
    talk.sandbox.faults.on("ae.companies", verbs.Status(502, b"<html>"), page=2)

    said = [talk.get(f"companies?take=5&skip={skip}") for skip in (0, 5, 10)]
    assert [s.status for s in said] == [200, 502, 200]
    assert said[1].headers["Content-Type"] == "text/html"


def test_answers_by_id_have_endpoints_of_their_own(talk, faults):
    faults.on("halo.clients.one", verbs.Status(403))

    assert clients(talk).status == 200
    assert talk.get("client/12").status == 403


def test_tokens_can_fail_too(talk, faults):
    faults.on("halo.token", verbs.Status(401, b'{"error":"invalid_client"}'), attempt=2)

    assert [talk.login().status for _ in range(2)] == [401, 200]


def test_headers_and_body(talk, faults):
    faults.on("halo.clients", verbs.Headers({"Retry-After": "7"}), verbs.Body(b"null"))

    said = clients(talk)
    assert (said.status, said.headers["Retry-After"], said.body) == (200, "7", b"null")


def test_html200_claims_success(talk, faults):
    faults.on("halo.clients", verbs.Html200())

    said = clients(talk)
    assert said.status == 200
    assert said.body.startswith(b"<!DOCTYPE html>")


def test_redirect(talk, faults):
    faults.on("halo.clients", verbs.Redirect("http://127.0.0.1:1/elsewhere", 307))

    said = clients(talk)
    assert (said.status, said.headers["Location"]) == (307, "http://127.0.0.1:1/elsewhere")


@pytest.mark.parametrize("chunked", [False, True])
def test_truncate_announces_more_than_it_sends(talk, faults, chunked):
    faults.on("halo.clients", verbs.Truncate(40, chunked=chunked))

    with pytest.raises(IncompleteRead):
        clients(talk)


def test_drip_takes_its_time(talk, faults):
    faults.on("halo.instance", verbs.Drip(rate=600))
    start = time.monotonic()
    said = talk.get("instanceinfo")

    assert said.json["app_name"] == "HaloPSA"
    assert time.monotonic() - start > 0.2


def test_stall_says_nothing_for_a_while(talk, faults):
    faults.on("halo.clients", verbs.Stall(0.3), attempt=1)
    start = time.monotonic()

    assert clients(talk).status == 200
    assert time.monotonic() - start > 0.25


def test_closing_the_sandbox_ends_a_stall(talk, faults):
    faults.on("halo.clients", verbs.Stall(60))
    wire = HTTPConnection("127.0.0.1", talk.sandbox.halo_server.port, timeout=5)
    wire.request("GET", "/api/client", headers={"Authorization": f"Bearer {talk.token}"})
    start = time.monotonic()
    talk.sandbox.__exit__()
    wire.close()

    assert time.monotonic() - start < 5


@pytest.mark.parametrize("after", [None, 30])
def test_reset_breaks_the_connection(talk, faults, after):
    faults.on("halo.clients", verbs.Reset(after))

    with pytest.raises((ConnectionResetError, IncompleteRead, http.client.BadStatusLine)):
        clients(talk)


def test_a_gzip_bomb_is_small_on_the_wire(talk, faults):
    faults.on("halo.clients", verbs.GzipBomb(8 * 1024 * 1024))

    said = clients(talk)
    assert said.headers["Content-Encoding"] == "gzip"
    assert len(said.body) < 100_000
    assert len(gzip.decompress(said.body)) == 8 * 1024 * 1024


def test_wrong_charset_is_not_utf8(talk, faults, world):
    world.rename(world.clients[12], "Müller Peña Ltd")
    faults.on("halo.clients", verbs.WrongCharset())

    said = clients(talk, size=100)
    assert "utf-8" in said.headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        said.body.decode("utf-8")


def test_drop_rows_keeps_the_total(talk, faults, world):
    faults.on("halo.clients", verbs.DropRows(2), page=1)

    page = clients(talk).json
    assert len(page["clients"]) == 3
    assert page["record_count"] == len(world.clients)


def test_dup_rows_repeats_instead(talk, faults):
    faults.on("halo.clients", verbs.DupRows(2), page=1)

    ids = [c["id"] for c in clients(talk).json["clients"]]
    assert len(ids) == 5
    assert len(set(ids)) == 3


def test_cap_gives_fewer_rows_than_asked_for(ae, talk, faults):
    faults.on("halo.clients", verbs.Cap(3))
    other = ae()
    other.sandbox.faults.on("ae.companies", verbs.Cap(3))

    assert len(clients(talk).json["clients"]) == 3
    assert len(other.get("companies?take=200").json["items"]) == 3
    first, second = (clients(talk, page).json["clients"] for page in (1, 2))
    assert not {c["id"] for c in first} & {c["id"] for c in second}


def test_ignore_page_answers_with_the_first(ae, talk, faults):
    other = ae()
    for script, endpoint in ((faults, "halo.clients"), (other.sandbox.faults, "ae.computers")):
        script.on(endpoint, verbs.IgnorePage())

    assert clients(talk, 3).json["clients"] == clients(talk, 1).json["clients"]
    rows = [other.get(f"computers?take=10&skip={s}").json["items"][0]["id"] for s in (0, 10)]
    assert rows[0] == rows[1]


def test_narrow_visibility_gives_fewer_rows_and_a_total_to_match(talk, faults):
    faults.on("halo.sites", verbs.NarrowVisibility(frozenset({12})))

    page = talk.get(f"site?{PAGED}").json
    assert {s["client_id"] for s in page["sites"]} == {12}
    assert page["record_count"] == len(page["sites"])
    assert talk.get("client?count=100").json["record_count"] > 1


def test_quota_refuses_beyond_its_window(talk, faults, clock):
    faults.on("halo.clients", verbs.Quota(2, 60, {"Retry-After": "99999"}))

    said = [clients(talk) for _ in range(3)]
    assert [s.status for s in said] == [200, 200, 429]
    assert said[2].headers["Retry-After"] == "99999"
    clock.wait(61)
    assert clients(talk).status == 200


def test_hooks_change_the_world_in_mid_pull(talk, faults, world):
    gone = world.clients[max(world.clients)]
    faults.before("halo.clients", lambda: world.death(gone), page=2, attempt=1)

    first, second = (clients(talk, page).json for page in (1, 2))
    assert second["record_count"] == first["record_count"] - 1


def test_an_after_hook_changes_the_world_once_the_page_is_read(talk, faults, world):
    faults.after("halo.clients", lambda: world.rename(world.clients[12], "Changed"), page=1)

    names = [{c["id"]: c["name"] for c in clients(talk).json["clients"]}[12] for _ in range(2)]
    assert names[0] != "Changed"
    assert names[1] == "Changed"


def test_verbs_act_together(talk, faults):
    faults.on("halo.clients", verbs.Cap(4), verbs.DropRows(1), verbs.Headers({"X-Odd": "1"}))

    said = clients(talk)
    assert len(said.json["clients"]) == 3
    assert said.headers["X-Odd"] == "1"


def test_every_request_is_recorded_without_secrets(talk, world):
    clients(talk, page=2)
    AeTalk(talk.sandbox).get("companies?take=7")
    token, listed, companies = talk.sandbox.requests

    assert (token.system, token.method, token.path, token.status) == (
        "halo",
        "POST",
        "/auth/token",
        200,
    )
    assert token.scope == "read:customers read:assets"
    assert (listed.endpoint, listed.page, listed.query["page_no"]) == ("halo.clients", 2, "2")
    assert (companies.system, companies.query, companies.at) == (
        "autoelevate",
        {"take": "7"},
        world.now,
    )
    assert "authorization" in listed.header_names
    assert talk.token not in repr(list(talk.sandbox.requests))
    assert talk.sandbox.halo.keys.client_secret not in repr(list(talk.sandbox.requests))


def test_one_connection_carries_many_questions(talk):
    wire = HTTPConnection("127.0.0.1", talk.sandbox.halo_server.port, timeout=5)
    ports = set()
    for _ in range(3):
        wire.request("GET", "/api/authinfo")
        assert wire.getresponse().read()
        ports.add(wire.sock.getsockname()[1])
    wire.close()

    assert len(ports) == 1


def test_unknown_paths_are_recorded_too(talk):
    assert ask(talk.sandbox.halo_server.port, "/nowhere", {}).status == 404
    assert list(talk.sandbox.requests)[-1].endpoint == "halo.unknown"

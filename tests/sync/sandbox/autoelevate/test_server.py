"""The Partner API's door: header, key, signature, scope, quota, and the order of the checks."""

import hashlib
import hmac

import pytest

from sync.sandbox.switches import AeSwitches
from tests.sync.sandbox.talk import AeTalk, real_ms


def test_every_call_must_acknowledge_the_beta(ae):
    talk = ae()
    key = f"Bearer {talk.sandbox.autoelevate.keys.bearer_key}"

    assert talk.get("companies", bare=True, Authorization=key).status == 400
    assert talk.get("companies", X_Acknowledgment="i-understand").status == 400
    assert talk.get("companies").status == 200


def test_an_accept_header_without_json_is_refused_in_another_shape(ae):
    talk = ae()

    said = talk.get("companies", Accept="text/html")
    assert said.status == 406
    assert said.json == {"error": "Not Acceptable", "supported": ["application/json"]}
    assert talk.get("companies", Accept="text/html, application/*;q=0.8").status == 200


@pytest.mark.parametrize("key", ["", "Bearer aeb_wrong", "Basic abc"])
def test_a_missing_or_wrong_key_is_401(ae, key):
    said = ae().get("companies", Authorization=key)

    assert said.status == 401
    assert said.json["statusCode"] == 401


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_an_expired_or_revoked_key_is_401(ae, state):
    assert ae(key_state=state).get("companies").status == 401


def signed(talk: AeTalk, target: str, ts: int):
    keys = talk.sandbox.autoelevate.keys
    empty = hashlib.sha256(b"").hexdigest()
    text = f"AE-HMAC-SHA256\nGET\n{target}\n{empty}\n{ts}"
    sig = hmac.new(keys.hmac_key.encode(), text.encode(), "sha256").hexdigest()
    parameters = f"token={keys.hmac_token},bodyHash={empty},ts={ts},sig={sig}"
    return talk.get(target, Authorization=f"AE-HMAC-SHA256 {parameters}")


def test_signed_requests_are_checked_against_the_real_clock(ae):
    talk = ae()
    target = "/api/v1/companies?take=2&skip=0"

    assert signed(talk, target, real_ms()).status == 200
    assert signed(talk, target, real_ms() - 6 * 60_000).status == 401


def test_a_servers_clock_may_be_wrong(ae):
    talk = ae(clock_skew_ms=6 * 60_000)

    assert signed(talk, "/api/v1/usage", real_ms()).status == 401


@pytest.mark.parametrize(
    ("route", "scope"),
    [
        ("companies", "companyView"),
        ("locations", "locationView"),
        ("computers", "computerView"),
        ("usage", "computerView"),
        ("elevation-requests", "requestView"),
        ("audit-logs", "auditLogView"),
    ],
)
def test_each_route_needs_its_scope(ae, route, scope):
    everything = {"companyView", "locationView", "computerView", "requestView", "auditLogView"}

    assert ae(scopes=frozenset(everything - {scope})).get(route).status == 403
    assert ae(scopes=frozenset({scope})).get(route).status == 200


def test_the_hour_is_counted_per_route(ae, clock):
    talk = ae()
    said = [talk.get("companies").status for _ in range(101)]

    assert said == [200] * 100 + [429]
    assert talk.get("locations").status == 200
    assert talk.get("companies/x").status == 404
    clock.wait(3600)
    assert talk.get("companies").status == 200


def test_the_refusal_says_when_to_come_back(ae):
    talk = ae(hourly=0)
    said = talk.get("companies")

    assert said.json["retryAfterInSeconds"] == int(said.headers["Retry-After"]) > 0
    assert "Retry-After" not in ae(hourly=0, retry_after=False).get("companies").headers


def test_other_integrations_use_the_same_bucket(ae):
    talk = ae(other_consumers=98)

    assert [talk.get("usage").status for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(("burst", "says_when"), [("bare", False), ("retry-after", True)])
def test_bursts_are_refused_long_before_the_hour(ae, clock, burst, says_when):
    talk = ae(burst=burst)
    said = [talk.get("usage") for _ in range(25)]

    assert [s.status for s in said] == [200] * 24 + [429]
    assert ("Retry-After" in said[-1].headers) is says_when
    for _ in range(30):
        clock.wait(4)
        assert talk.get("computers").status == 200


@pytest.mark.parametrize(("own", "status"), [(False, 429), (True, 200)])
def test_the_unversioned_alias_and_its_bucket(ae, own, status):
    talk = ae(alias_own_bucket=own, hourly=1)

    assert talk.get("/api/v1/usage").status == 200
    assert talk.get("/api/usage").status == status


@pytest.mark.parametrize(("checks", "status"), [("400-first", 400), ("429-first", 429)])
def test_the_order_of_checks(ae, checks, status):
    talk = ae(checks=checks, hourly=0)

    assert talk.get("companies", X_Acknowledgment="no").status == status


def test_retiring_versions_announce_it(ae):
    headers = ae(deprecated=True).get("usage").headers

    assert headers["Deprecation"] == "true"
    assert headers["Sunset"]
    assert "successor-version" in headers["Link"]
    assert "Deprecation" not in ae().get("usage").headers


def test_unknown_routes_and_other_methods_are_404(ae):
    assert ae().get("users").status == 404
    assert ae().get("/elsewhere").status == 404


def test_switches_can_change_while_the_server_runs(ae):
    talk = ae()
    talk.sandbox.autoelevate.configure(AeSwitches(key_state="revoked"))
    assert talk.get("usage").status == 401

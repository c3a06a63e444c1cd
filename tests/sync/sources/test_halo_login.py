"""Logging in to Halo: discovery, token, scopes, and a cause for each refusal."""

import pytest

from sync.core.pulls import State
from sync.sources.halo_token import grants, same_house
from tests.sync.sources.halo_night import (
    AGENTS,
    ASSETS,
    CLIENTS,
    SITES,
    causes,
    clients,
    pull,
)
from tests.sync.sources.stand_in import (
    HALO_ID,
    HALO_SECRET,
    halo_settings,
    halo_world,
    says,
    token,
)


def test_the_token_is_asked_with_the_tenant_in_query_and_form(halo):
    pull(halo, tenant="a&b")

    (ask,) = halo.asked("/auth/token")
    assert (ask.method, ask.query, ask.form["tenant"]) == ("POST", {"tenant": "a&b"}, "a&b")
    assert ask.form["grant_type"] == "client_credentials"
    assert ask.form["scope"] == "read:customers read:assets"
    assert "content-type" in ask.headers


def test_only_the_token_is_posted_for(halo):
    pull(halo)

    assert {ask.path for ask in halo.asks if ask.method != "GET"} == {"/auth/token"}


def test_auth_address_and_tenant_are_discovered(halo):
    halo.routes["/api/authinfo"] = says({"auth_url": f"{halo.url}/login", "tenant_id": "found"})
    halo.routes["/login/token"] = halo.routes.pop("/auth/token")

    assert causes(pull(halo, auth_url="", tenant="")) == {""}
    assert halo.asked("/login/token")[0].query == {"tenant": "found"}


def test_without_discovery_the_customary_address_is_used(halo):
    assert causes(pull(halo, auth_url="", tenant="")) == {""}
    assert halo.asked("/auth/token")[0].query == {}


@pytest.mark.parametrize("answer", [{"auth_url": 5}, [], {"auth_url": None}, b"<html>"])
def test_a_useless_discovery_is_no_obstacle(halo, answer):
    halo.routes["/api/authinfo"] = says(answer)

    assert causes(pull(halo, auth_url="", tenant="")) == {""}


def test_the_secret_is_not_carried_to_a_host_that_halo_invents(halo):
    halo.routes["/api/authinfo"] = says({"auth_url": "https://evil.example/auth"})
    pulls = pull(halo, auth_url="", tenant="")

    assert causes(pulls) == {"auth-host"}
    assert "evil.example" in pulls[CLIENTS].manifest.detail
    assert not halo.asked("/auth/token")


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("acme.halopsa.com", "acme.halopsa.com", True),
        ("acme.halopsa.com", "auth.halopsa.com", True),
        ("acme.halopsa.com", "halopsa.com.evil.example", False),
        ("acme.halopsa.com", "evilhalopsa.com", False),
        ("halo.com", "evil.com", False),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "evil.example", False),
        ("acme.halopsa.com", "127.0.0.1", False),
        ("acme.halopsa.com", "", False),
    ],
)
def test_which_hosts_belong_to_the_instance(ours, theirs, same):
    assert same_house(ours, theirs) is same


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (says({"error": "invalid_client"}, 401), "invalid-client"),
        (says({"error": "invalid_client"}, 400), "invalid-client"),
        (says({"error": "invalid_scope"}, 400), "invalid-scope"),
        (says({"error": "invalid_scope"}, 401), "invalid-scope"),
        (says(b"<html>Server Error</html>", 500), "wrong-tenant"),
        (says(b"", 500), "wrong-tenant"),
        (says({"error": "unknown tenant"}, 400), "wrong-tenant"),
        (says(b"", 404), "token-address"),
        (says({"hello": 1}), "token-address"),
        (says(b"<html>portal</html>"), "token-address"),
        (says({"access_token": ""}), "token-address"),
        (says({"access_token": "a\r\nX: y"}), "token-address"),
    ],
)
def test_each_refused_login_has_its_own_cause(halo, answer, cause):
    halo.routes["/auth/token"] = answer
    pulls = pull(halo)

    assert causes(pulls) == {cause}
    assert {p.manifest.state for p in pulls.values()} == {State.UNREACHABLE}
    assert len(halo.asked("/auth/token")) == (2 if answer[0] == 500 else 1)
    assert not halo.asked("/api/Client")


def test_no_secret_stands_in_any_text_even_when_halo_echoes_it(halo):
    echo = f"bad {HALO_SECRET} for {HALO_ID.upper()}"
    halo.routes["/auth/token"] = says({"error": "invalid_client", "error_description": echo}, 401)
    pulls = pull(halo)

    said = repr(pulls).lower()
    assert "bad […] for […]" in said
    assert HALO_SECRET not in said
    assert HALO_ID not in said
    assert HALO_SECRET not in repr(halo_settings("https://h.example"))


def test_a_missing_scope_withholds_the_lists_that_need_it_and_no_others(halo):
    halo.routes["/auth/token"] = token("read:customers")
    pulls = pull(halo)

    assert pulls[ASSETS].manifest.cause == "scope-missing"
    assert pulls[ASSETS].manifest.state is State.FORBIDDEN
    assert "read:assets" in pulls[ASSETS].manifest.detail
    assert not halo.asked("/api/Asset"), "known before page 1"
    assert pulls[SITES].manifest.state is State.COMPLETE


@pytest.mark.parametrize(
    "granted",
    ["all", "all:standard", "edit:customers edit:assets", "READ read:assets edit:customers"],
)
def test_wider_scopes_include_the_needed_ones(granted):
    have = frozenset(granted.split())

    assert grants(have, "read:customers")
    assert grants(have, "read:assets")


def test_a_token_without_a_scope_shows_when_the_api_refuses(halo):
    halo.routes["/auth/token"] = token(scope=None)
    for path in ("Client", "Site", "Asset", "Agent"):
        halo.routes[f"/api/{path}"] = says(b"", 401)

    pulls = pull(halo)

    assert pulls[CLIENTS].manifest.cause == "scope-missing"


def test_a_short_lived_token_is_renewed_before_it_ends(halo):
    halo_world(halo, clients=clients(350))
    halo.routes["/auth/token"] = token(expires_in=100)
    listed = halo.routes["/api/Client"]

    def slow(ask):
        halo.clock.elapsed += 40
        return listed(ask)

    halo.routes["/api/Client"] = slow

    assert len(pull(halo)[CLIENTS].records) == 350
    assert len(halo.asked("/auth/token")) == 2
    assert {ask.headers["authorization"] for ask in halo.asked("/api/Client")} == {"Bearer t0ken"}


def test_an_expired_token_is_renewed_once_and_the_same_page_asked_again(halo):
    halo_world(halo, clients=clients(250))
    halo.routes["/auth/token"] = [token(), token(access_token="second")]
    listed = halo.routes["/api/Client"]

    def strict(ask):
        fresh = ask.headers["authorization"] == "Bearer second" or ask.query["page_no"] == "1"
        return listed(ask) if fresh else says(b"", 401)

    halo.routes["/api/Client"] = strict
    manifest = pull(halo)[CLIENTS].manifest

    assert (manifest.state, manifest.repulls) == (State.COMPLETE, 0)
    assert [ask.query["page_no"] for ask in halo.asked("/api/Client")] == ["1", "2", "2", "3"]


def test_a_401_for_ever_is_given_up_after_one_renewal(halo):
    for path in ("Client", "Site", "Asset", "Agent", "Agent/me", "InstanceInfo"):
        halo.routes[f"/api/{path}"] = says(b"", 401)
    pulls = pull(halo)

    assert causes(pulls) == {"unauthorized"}
    assert [ask.path for ask in halo.asks] == ["/auth/token", "/api/Client"] * 2


def test_a_list_refused_to_a_token_that_opens_others_is_its_own_trouble(halo):
    halo.routes["/api/Asset"] = says(b"", 401)
    pulls = pull(halo)

    assert pulls[ASSETS].manifest.cause == "unauthorized"
    assert pulls[AGENTS].manifest.state is State.COMPLETE


def test_a_403_withholds_one_list_and_names_what_it_needs(halo):
    halo.routes["/api/Site"] = says({"Message": "No rights"}, 403)
    pulls = pull(halo)

    assert pulls[SITES].manifest.state is State.FORBIDDEN
    assert "read:customers" in pulls[SITES].manifest.detail
    assert 'Halo says "No rights"' in pulls[SITES].manifest.detail
    assert pulls[ASSETS].manifest.state is State.COMPLETE

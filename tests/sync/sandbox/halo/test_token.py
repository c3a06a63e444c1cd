"""HaloPSA's token server and what its tokens open: every known way to be refused."""

import pytest

from tests.sync.sandbox.talk import OUR_SCOPES, HaloTalk


def test_a_token_says_what_was_granted(halo):
    said = halo().login().json

    assert set(said["scope"].split()) == set(OUR_SCOPES.split())
    assert said["token_type"] == "Bearer"
    assert said["expires_in"] == 3600


def test_the_client_id_is_a_guid_and_the_secret_two_of_them(sandbox):
    keys = sandbox.halo.keys

    assert len(keys.client_id) == 36
    assert len(keys.client_secret) == 73
    assert keys.client_secret[36] == "-"


@pytest.mark.parametrize("wrong", ["client_id", "client_secret"])
def test_a_wrong_id_or_secret_is_an_invalid_client(halo, wrong):
    said = halo().login(**{wrong: "nonsense"})

    assert (said.status, said.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("scope", ["read:agents", "edit:tickets", "all"])
def test_an_unknown_scope_or_one_the_application_lacks_is_invalid(halo, scope, status):
    said = halo(invalid_scope_status=status).login(scope)

    assert (said.status, said.json["error"]) == (status, "invalid_scope")


@pytest.mark.parametrize(("switch", "status"), [("500", 500), ("400", 400), ("401", 401)])
def test_a_wrong_tenant_is_a_server_error_or_a_plain_refusal(halo, switch, status):
    said = halo(wrong_tenant=switch).login(tenant="other")

    assert said.status == status
    assert said.body.startswith(b"<!DOCTYPE") is (status == 500)


@pytest.mark.parametrize(
    ("where", "in_query", "in_form", "nowhere"),
    [("query", 200, 500, 500), ("form", 500, 200, 500), ("ignored", 200, 200, 200)],
)
def test_the_tenant_is_read_from_the_query_the_form_or_not_at_all(
    halo, where, in_query, in_form, nowhere
):
    talk = halo(tenant_from=where)

    assert talk.login().status == in_query
    assert talk.login(in_form="yes").status == in_form
    assert talk.login(tenant="").status == nowhere


@pytest.mark.parametrize("login", ["none", "disabled"])
@pytest.mark.parametrize("status", [400, 401, 500])
def test_an_application_without_a_usable_agent_gets_no_token(halo, login, status):
    assert halo(login=login, login_status=status).login().status == status


@pytest.mark.parametrize("status", [401, 403])
def test_without_a_scope_there_is_a_token_that_opens_nothing(halo, status):
    talk = halo(no_scope_status=status)
    said = talk.login("")

    assert said.status == 200
    assert "scope" not in said.json
    assert talk.get("client").status == status
    assert talk.get("instanceinfo").status == status


def test_a_token_expires(halo, clock):
    talk = halo(expires_in=120)
    assert talk.get("client").status == 200

    clock.wait(121)
    assert talk.get("client").status == 401
    talk.login()
    assert talk.get("client").status == 200


def test_a_forged_or_missing_token_is_refused(halo):
    talk = halo()
    talk.token = "forged"

    assert talk.get("client").status == 401


@pytest.mark.parametrize(
    ("kind", "opening"), [("empty", b""), ("json", b'{"ClassName"'), ("html", b"<!DOCTYPE")]
)
def test_refusals_have_one_of_three_bodies(halo, kind, opening):
    talk = halo(denied_body=kind)
    talk.token = "forged"

    body = talk.get("client").body
    assert body.startswith(opening)
    assert bool(body) is bool(opening)


@pytest.mark.parametrize(
    ("scope", "opens", "shut"),
    [
        ("read:customers", ["client", "site", "team"], ["asset", "tickets"]),
        ("read:assets", ["asset", "agent/me"], ["client", "site"]),
    ],
)
def test_a_missing_scope_shuts_its_lists(halo, scope, opens, shut):
    talk = halo(scope=scope)

    assert {talk.get(r).status for r in opens} == {200}
    assert {talk.get(r).status for r in shut} == {403}


def test_read_assets_may_not_be_enough(halo):
    assert halo(read_assets_enough=False).get("asset").status == 403


def test_agents_may_be_shut_to_our_scopes(halo):
    assert halo(agents_without_scope="forbidden").get("agent").status == 403


def test_optional_tokens_come_along_when_the_tenant_sends_them(halo):
    said = halo(refresh_token=True, id_token=True).login().json

    assert said["refresh_token"]
    assert said["id_token"].count(".") == 2


def test_authinfo_needs_no_token(halo, sandbox):
    talk = halo()
    talk.token = ""
    said = talk.get("authinfo").json

    assert said["auth_url"] == f"{talk.sandbox.halo_server.base_url}/auth"
    assert said["tenant_id"] == talk.sandbox.halo.keys.tenant


@pytest.mark.parametrize("status", [200, 403])
def test_names_only_logins_get_brief_clients_and_perhaps_no_sites(halo, status):
    talk = halo(clients_access=1, names_only_sites=status)
    row = talk.get("client?count=1").json["clients"][0]

    assert set(row) == {"id", "name"}
    assert talk.get("site?count=1").status == status


def test_names_only_rows_may_say_inactive_or_everything(halo):
    brief = halo(clients_access=1, names_only_inactive="present")
    full = halo(clients_access=1, names_only_rows="full")

    assert set(brief.get("client?count=1").json["clients"][0]) == {"id", "name", "inactive"}
    assert "toplevel_id" in full.get("client?count=1").json["clients"][0]


def test_no_access_to_clients_or_assets_is_forbidden(halo):
    assert halo(clients_access=0).get("client").status == 403
    assert halo(assets_access=0).get("asset").status == 403


def exhausted(talk: HaloTalk, times: int):
    return [talk.get("instanceinfo").status for _ in range(times)]


@pytest.mark.parametrize(
    ("limit", "seconds", "fits"), [("300/300", 300, 300), ("500/180", 180, 500)]
)
def test_the_window_slides_over_all_requests(halo, clock, limit, seconds, fits):
    talk = halo(limit=limit)

    assert exhausted(talk, fits - 1) == [200] * (fits - 1)
    assert talk.get("instanceinfo").status == 429
    clock.wait(seconds)
    assert talk.get("instanceinfo").status == 200


def test_token_requests_may_not_count(halo):
    talk = halo(token_counted=False)

    assert exhausted(talk, 300) == [200] * 300
    assert talk.login().status == 200
    assert talk.get("client").status == 429


def test_a_tenant_without_limit(halo):
    assert set(exhausted(halo(limit="none"), 310)) == {200}


@pytest.mark.parametrize(
    ("body", "retry", "kind"),
    [
        ("json", "none", "application/json"),
        ("text", "seconds", "text/plain"),
        ("text", "date", "text/plain"),
    ],
)
def test_the_refusal_of_a_flood_in_its_variants(halo, body, retry, kind):
    talk = halo(limit_body=body, retry_after=retry)
    exhausted(talk, 299)
    said = talk.get("client")

    assert b"Rate Limit Reached - 300 Requests per rolling 5 minute window" in said.body
    assert said.headers["Content-Type"] == kind
    after = said.headers["Retry-After"]
    assert {
        "none": after is None,
        "seconds": str(after).isdecimal(),
        "date": str(after).endswith("GMT"),
    }[retry]

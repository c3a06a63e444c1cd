"""HaloPSA as a source: the contract's traps one by one."""

import pytest

from sync.core.pulls import Answer, State
from sync.core.records import Collection
from sync.errors import ConfigError
from sync.sources.halo import HaloSource
from sync.sources.halo_api import root_of
from sync.sources.halo_token import grants, same_house
from tests.sync.sources.stand_in import (
    HALO_ID,
    HALO_SECRET,
    halo_list,
    halo_settings,
    halo_world,
    says,
    token,
    wire,
)

CLIENTS, SITES = Collection.HALO_CLIENTS, Collection.HALO_SITES
ASSETS, AGENTS = Collection.HALO_ASSETS, Collection.HALO_AGENTS


def pull(stand_in, **changes):
    with wire(stand_in.clock) as real:
        source = HaloSource(halo_settings(stand_in.url, **changes), real)
        return {p.manifest.collection: p for p in source.pull()}


def causes(pulls):
    return {p.manifest.cause for p in pulls.values()}


def clients(count):
    return [{"id": n + 1, "name": f"Client {n}", "inactive": n % 2 == 0} for n in range(count)]


def assets(count, **more):
    return [{"id": n + 1, "client_id": 12, "key_field": f"LT-{n}"} | more for n in range(count)]


def test_all_four_lists_come_whole(halo):
    pulls = pull(halo)

    assert [p.manifest.state for p in pulls.values()] == [State.COMPLETE] * 4
    assert [len(p.records) for p in pulls.values()] == [1, 1, 1, 1]


def test_records_carry_what_the_core_needs(halo):
    pulls = pull(halo)
    asset = pulls[ASSETS].records[0]

    assert pulls[SITES].records[0].client == "12", "12.0 is the client 12"
    assert (asset.name, asset.client, asset.site, asset.type) == ("LT-1", "12", "20", "Laptop")
    assert asset.names == (("key_field", "LT-1"), ("inventory_number", "A1"))
    assert pulls[AGENTS].records[0].email == "sam@msp.example"


def test_the_manifest_says_whom_we_were_and_what_we_asked(halo):
    manifest = pull(halo)[CLIENTS].manifest

    assert manifest.endpoint == "GET /api/Client"
    assert ("includeinactive", "true") in manifest.parameters
    assert ("exclude_internal", "true") in manifest.parameters
    assert (manifest.login, manifest.scope) == ("halosync", "read:assets read:customers")
    assert manifest.started == halo.clock.start.replace(microsecond=0)


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/", "/API"])
def test_the_address_is_taken_with_or_without_api(halo, tail):
    assert CLIENTS in pull(halo, base_url=halo.url + tail)
    assert {ask.path.split("/")[1] for ask in halo.asks} == {"api", "auth"}


def test_a_path_in_front_of_api_is_kept():
    assert root_of("https://msp.example/halo/api/") == "https://msp.example/halo"


# The token


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


# Paging


@pytest.mark.parametrize("cap", [7, 50, 100])
def test_a_silent_page_cap_loses_nothing(halo, cap):
    halo.routes["/api/Client"] = halo_list("clients", clients(217), cap=cap)
    pulled = pull(halo)[CLIENTS]

    assert pulled.manifest.state is State.COMPLETE
    assert len(pulled.records) == 217
    assert pulled.manifest.pages == -(-217 // cap)


def test_assets_are_asked_fifty_at_a_time_without_icons(halo):
    pull(halo)

    query = halo.asked("/api/Asset")[0].query
    assert (query["page_size"], query["noicon"], query["order"]) == ("50", "true", "id")


def test_the_zero_past_the_end_is_not_a_total(halo):
    # A record died after page 1: the count promises one more than comes.
    rows = clients(100)
    halo.routes["/api/Client"] = lambda ask: says(
        {"record_count": 101, "clients": rows}
        if ask.query["page_no"] == "1"
        else {"record_count": 0, "clients": []}
    )
    manifest = pull(halo)[CLIENTS].manifest

    assert (manifest.state, manifest.cause) == (State.PARTIAL, "rows-missing")
    assert (manifest.declared, manifest.unique, manifest.repulls) == (101, 100, 1)


def test_an_ignored_page_number_stops_after_one_extra_request(halo):
    rows = clients(300)
    halo.routes["/api/Client"] = says({"record_count": 300, "clients": rows[:100]})
    pulled = pull(halo)[CLIENTS]

    assert pulled.manifest.cause == "paging-ignored"
    assert len(halo.asked("/api/Client")) == 2
    assert len(pulled.records) == 100, "what came may still add suggestions"


@pytest.mark.parametrize("limit", ["MOST_PAGES", "MOST_ROWS"])
def test_a_list_without_end_is_given_up(halo, monkeypatch, limit):
    monkeypatch.setattr(f"sync.sources.walk.{limit}", 5 if limit == "MOST_PAGES" else 500)
    endless = lambda ask: says(  # noqa: E731
        {
            "record_count": 10**9,
            "clients": [
                {"id": int(ask.query["page_no"]) * 100 + n, "name": "x"} for n in range(100)
            ],
        }
    )
    halo.routes["/api/Client"] = endless
    manifest = pull(halo)[CLIENTS].manifest

    assert manifest.cause == "pages-too-many"
    assert manifest.received == 500


def test_rows_out_of_order_are_believed_only_when_a_second_pull_agrees(halo):
    rows = clients(150)[::-1]
    halo.routes["/api/Client"] = halo_list("clients", rows)
    manifest = pull(halo)[CLIENTS].manifest

    assert (manifest.state, manifest.repulls) == (State.COMPLETE, 1)


@pytest.mark.parametrize("total", [-1, "150", None, 1.5, True, 2**70])
def test_a_total_that_is_no_number_proves_nothing(halo, total):
    rows = clients(30)
    halo.routes["/api/Client"] = lambda ask: says(
        {"record_count": total, "clients": rows if ask.query["page_no"] == "1" else []}
    )
    manifest = pull(halo)[CLIENTS].manifest

    assert (manifest.state, manifest.cause) == (State.PARTIAL, "total-bad")


# Agents


def agents(count):
    return [
        {"id": n + 1, "name": f"Agent {n}", "email": f"a{n}@msp.example", "isdisabled": False}
        for n in range(count)
    ]


def test_a_bare_array_of_agents_is_pulled_twice(halo):
    manifest = pull(halo)[AGENTS].manifest

    assert (manifest.state, manifest.declared, manifest.repulls) == (State.COMPLETE, None, 1)
    assert len(halo.asked("/api/Agent")) == 2


def test_two_different_arrays_prove_nothing_unless_the_lost_agent_is_gone(halo):
    halo.routes["/api/Agent"] = [says(agents(3)), says(agents(2))]
    halo.routes["/api/Agent/3"] = says({"id": 3, "name": "Agent 2"})

    manifest = pull(halo)[AGENTS].manifest
    assert (manifest.state, manifest.cause) == (State.PARTIAL, "pulls-differ")

    halo.routes["/api/Agent"] = [says(agents(3)), says(agents(2))]
    halo.routes["/api/Agent/3"] = says(b"", 404)

    assert pull(halo)[AGENTS].manifest.state is State.COMPLETE


@pytest.mark.parametrize("count", [50, 100])
def test_an_array_of_exactly_one_page_is_asked_for_the_next(halo, count):
    everyone = agents(count + 20)

    def paged(ask):
        first = (int(ask.query["page_no"]) - 1) * count
        return says(everyone[first : first + count])

    halo.routes["/api/Agent"] = paged

    assert len(pull(halo)[AGENTS].records) == count + 20


def test_an_array_that_ignores_paging_is_not_counted_twice(halo):
    halo.routes["/api/Agent"] = says(agents(100))
    pulled = pull(halo)[AGENTS]

    assert pulled.manifest.state is State.COMPLETE
    assert len(pulled.records) == 100


@pytest.mark.parametrize("key", ["results", "agents", "rows"])
def test_agents_may_come_in_an_envelope(halo, key):
    halo.routes["/api/Agent"] = halo_list(key, agents(120))
    pulled = pull(halo)[AGENTS]

    assert (pulled.manifest.declared, len(pulled.records)) == (120, 120)
    assert pulled.manifest.repulls == 0


def test_api_agents_and_the_unassigned_one_are_left_out_and_counted(halo):
    rows = [
        *agents(2),
        {"id": 90, "name": "Unassigned", "isapiagent": False},
        {"id": 91, "name": "AutoElevate", "isapiagent": True},
    ]
    halo.routes["/api/Agent"] = says(rows)
    pulled = pull(halo)[AGENTS]

    assert [r.name for r in pulled.records] == ["Agent 0", "Agent 1"]
    assert (pulled.manifest.unique, pulled.manifest.left_out) == (4, 2)


# Rows


def test_a_missing_inactive_flag_is_unknown_not_active(halo):
    halo_world(halo, clients=[{"id": 1, "name": "A"}, {"id": 2, "name": "B", "inactive": True}])
    pulled = pull(halo)[CLIENTS]

    assert [r.active for r in pulled.records] == [None, False]


@pytest.mark.parametrize("name", [None, "", "   "])
def test_a_client_without_a_name_is_kept_with_what_it_has(halo, name):
    halo_world(halo, clients=[{"id": 1, "name": name}])
    (record,) = pull(halo)[CLIENTS].records

    assert record.name == (name or "")


def test_stock_sites_are_left_out_unless_wanted(halo):
    halo_world(halo, sites=[{"id": 1, "name": "Van", "client_id": 1, "isstocklocation": True}])

    assert pull(halo)[SITES].records == ()
    assert len(pull(halo, include_stock_sites=True)[SITES].records) == 1


def test_internal_clients_are_left_to_the_server(halo):
    pull(halo, exclude_internal=False)

    assert "exclude_internal" not in halo.asked("/api/Client")[0].query


TYPES = [{"id": 3, "name": "Laptop"}, {"id": 4, "name": "Server"}, {"id": 9, "name": "Monitor"}]


def test_asset_types_are_resolved_by_name_and_id(halo):
    halo.routes["/api/AssetType"] = says(TYPES)
    pull(halo, asset_types=("laptop", 4))

    assert halo.asked("/api/Asset")[0].query["assettypes"] == "3,4"


def test_ids_alone_need_no_look_up(halo):
    pull(halo, asset_types=(3, "4"))

    assert halo.asked("/api/Asset")[0].query["assettypes"] == "3,4"
    assert not halo.asked("/api/AssetType")


def test_an_unknown_asset_type_says_which_there_are(halo):
    halo.routes["/api/AssetType"] = says(TYPES)
    manifest = pull(halo, asset_types=("Notebook",))[ASSETS].manifest

    assert manifest.cause == "asset-type-unknown"
    assert "Notebook" in manifest.detail
    assert "Laptop, Monitor, Server" in manifest.detail


def test_assets_of_other_types_are_left_out_where_the_filter_is_ignored(halo):
    rows = [
        *assets(2, assettype_id=3),
        {"id": 50, "client_id": 1, "key_field": "M", "assettype_id": 9},
    ]
    halo_world(halo, assets=rows)
    pulled = pull(halo, asset_types=(3,))[ASSETS]

    assert (len(pulled.records), pulled.manifest.left_out) == (2, 1)
    assert pulled.manifest.state is State.COMPLETE


def test_templates_are_no_assets(halo):
    halo_world(halo, assets=assets(1, is_template=True))

    assert pull(halo)[ASSETS].records == ()


def test_an_own_field_is_asked_for_type_by_type(halo):
    halo.routes["/api/AssetType"] = says(TYPES[:2])

    def by_type(ask):
        kind = int(ask.query["assettype_id"])
        fields = [{"name": "Host Name", "value": f"PC-{kind}"}, {"name": "RAM", "value": 8}]
        row = {"id": kind, "client_id": 12, "assettype_id": kind, "fields": fields}
        return says({"record_count": 1, "assets": [row]})

    halo.routes["/api/Asset"] = by_type
    pulled = pull(halo, asset_name_fields=("field:host name",))[ASSETS]

    assert [r.name for r in pulled.records] == ["PC-3", "PC-4"]
    assert pulled.manifest.declared == 2
    assert {a.query["includeassetfields"] for a in halo.asked("/api/Asset")} == {"true"}


def test_a_name_field_that_vanished_from_every_row_withholds_the_list(halo):
    halo_world(halo, assets=[{"id": 1, "client_id": 12, "device_name": "LT-1"}])
    manifest = pull(halo)[ASSETS].manifest

    assert manifest.cause == "rows-rejected"
    assert "key_field: missing (1)" in manifest.detail


@pytest.mark.parametrize("fields", [(), ("hostname",), ("field:",), ("key_field", "field: ")])
def test_a_name_field_that_does_not_exist_is_a_configuration_error(halo, fields):
    with pytest.raises(ConfigError, match="asset_name_fields"):
        pull(halo, asset_name_fields=fields)


# By id, facts


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says({"id": 7, "name": "x"}), Answer.PRESENT),
        (says({"id": 8}), Answer.UNKNOWN),
        (says(b"<html>"), Answer.UNKNOWN),
        (says(b"", 404), Answer.GONE),
        (says(b"", 403), Answer.HIDDEN),
        (says(b"", 401), Answer.UNKNOWN),
        (says(b"", 400), Answer.UNKNOWN),
        (says(b"", 500), Answer.UNKNOWN),
        (says(b"", 302, Location="/"), Answer.UNKNOWN),
    ],
)
def test_only_a_404_says_gone(halo, answer, said):
    halo.routes["/api/Client/7"] = answer
    with wire(halo.clock) as real:
        source = HaloSource(halo_settings(halo.url), real)

        assert source.ask(CLIENTS, "7") is said
        assert source.ask(CLIENTS, "no number") is Answer.UNKNOWN


def test_facts_name_instance_and_login(halo):
    with wire(halo.clock) as real:
        source = HaloSource(halo_settings(halo.url), real)
        list(source.pull())
        facts = source.facts()

    assert (facts.identity, facts.name, facts.version) == ("7", "Acme PSA", "2.1")
    assert (facts.login, facts.requests) == ("halosync", len(halo.asks))


def test_unreadable_facts_are_no_fault(halo):
    halo.routes["/api/InstanceInfo"] = says(b"", 403)
    halo.routes["/api/Agent/me"] = says(b"<html>")
    with wire(halo.clock) as real:
        source = HaloSource(halo_settings(halo.url), real)
        states = {p.manifest.state for p in source.pull()}
        facts = source.facts()

    assert states == {State.COMPLETE}
    assert (facts.identity, facts.login) == ("", "")


@pytest.mark.parametrize("status", [302, 401, 429, 500, 503])
def test_a_login_that_cannot_say_its_name_costs_no_list(halo, status):
    halo.routes["/api/Agent/me"] = says(b"", status)

    assert {p.manifest.state for p in pull(halo).values()} == {State.COMPLETE}


def test_an_unreachable_halo_fails_all_lists_alike_and_soon(halo):
    halo.routes["/auth/token"] = says(b"", 503)
    pulls = pull(halo)

    assert causes(pulls) == {"server-error"}
    assert len(halo.asks) == 4
    assert sum(halo.clock.waits) < 60


def test_progress_is_told_page_by_page(halo):
    halo_world(halo, clients=clients(150))
    told = []
    with wire(halo.clock) as real:
        source = HaloSource(halo_settings(halo.url), real, lambda *now: told.append(now))
        list(source.pull())

    assert told[:2] == [(CLIENTS, 100, 150), (CLIENTS, 150, 150)]

"""HaloPSA as a source: what a night brings, answers by id, and whom we talked to."""

import pytest

from sync.core.pulls import Answer, State
from sync.sources.halo import HaloSource
from sync.sources.halo_api import root_of
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
    halo_settings,
    halo_world,
    says,
    wire,
)


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


@pytest.mark.parametrize(
    ("collection", "path", "row"),
    [
        (ASSETS, "Asset", {"client_id": 1, "key_field": "PC", "assettype_id": 9}),
        (ASSETS, "Asset", {"client_id": 1, "key_field": "PC", "is_template": True}),
        (SITES, "Site", {"client_id": 1, "name": "Shelf", "isstocklocation": True}),
        (AGENTS, "Agent", {"name": "Robot", "isapiagent": True}),
    ],
)
def test_what_has_become_something_else_is_neither_gone_nor_out_of_sight(
    halo, collection, path, row
):
    halo.routes["/api/AssetType"] = says([{"id": 3, "name": "Workstation"}])
    halo.routes[f"/api/{path}/7"] = says({"id": 7, **row})
    with wire(halo.clock) as real:
        source = HaloSource(halo_settings(halo.url, asset_types=("Workstation",)), real)
        list(source.pull())

        assert source.ask(collection, "7") is Answer.LEFT_OUT


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

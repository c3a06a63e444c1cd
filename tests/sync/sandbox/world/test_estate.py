"""What a test may do to the world while somebody reads it."""

import pytest

from sync.sandbox.world.records import Client, Company, Site


def first(table):
    return next(iter(table.values()))


def test_a_born_record_is_there_and_its_id_is_new(world):
    client = Client(world.next_id(Client), "Newcomer Ltd", world.now_ms)
    company = Company(world.new_uuid(), "Newcomer Ltd", world.now_ms, world.now_ms)
    assert client.id not in world.clients

    world.birth(client, company)

    assert {r.ae_id: r.linkable for r in world.truth()}[company.id]


def test_a_dead_client_takes_its_sites_and_assets_along(world):
    client = world.clients[12]
    below = world.children(client)
    world.death(client)

    assert below
    assert client.id not in world.clients
    assert all(s.client != client.id for s in world.sites.values())
    assert all(a.client != client.id for a in world.assets.values())


def test_renaming_an_asset_changes_the_field_that_bears_its_name(world):
    asset = next(a for a in world.assets.values() if a.host_in == "inventory_number")
    key_field = asset.key_field
    world.rename(asset, "MOVED-01")

    assert (asset.inventory_number, asset.key_field) == ("MOVED-01", key_field)


def test_a_site_moves_with_its_assets(world):
    site = next(s for s in world.sites.values() if world.children(s))
    target = world.clients[12]
    world.move(site, target)

    assert site.client == 12
    assert {a.client for a in world.children(site)} == {12}


def test_a_computer_moves_to_a_location_of_another_company(world):
    computer = first(world.computers)
    place = next(p for p in world.locations.values() if p.company != computer.company)
    world.move(computer, place)

    assert (computer.location, computer.company) == (place.id, place.company)


def test_a_computer_cannot_be_put_under_a_client(world):
    with pytest.raises(TypeError, match="cannot be put under"):
        world.move(first(world.computers), first(world.clients))


def test_merged_companies_leave_one_with_everything(world):
    gone, kept = list(world.companies.values())[:2]
    below = world.children(gone)
    world.merge(gone, kept)

    assert gone.id not in world.companies
    assert below
    assert all(child.company == kept.id for child in below)


def test_a_deactivated_agent_is_disabled_and_a_deactivated_site_inactive(world):
    agent, site = first(world.agents), first(world.sites)
    world.deactivate(agent)
    world.deactivate(site)

    assert agent.disabled
    assert isinstance(site, Site)
    assert site.inactive


def test_every_change_gives_the_world_a_new_version(world):
    version = world.version
    world.rename(first(world.companies), "Another Name")

    assert world.version > version

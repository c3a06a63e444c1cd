"""The hidden truth is right: computed a second time, slowly, from the servers' own answers."""

import csv
import io
from random import Random

import pytest

from sync.sandbox.serve import Sandbox
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from sync.sandbox.world.records import COMPUTER_TYPES
from sync.sandbox.world.truth import to_csv
from tests.sync.sandbox.talk import EPOCH, AeTalk, HaloTalk

COMPUTERS = {"Workstation", "Laptop", "Server"}


def slow_oracle(halo: HaloTalk, ae: AeTalk, world: World) -> dict[tuple[str, str], bool]:
    """What links by exact name, by comparing every row with every row."""
    clients = [c for c in halo.walk("client", "clients") if not c["inactive"]]
    companies = ae.walk("companies")
    said: dict[tuple[str, str], bool] = {}
    client_of: dict[str, int] = {}
    for company in companies:
        same = [c["id"] for c in clients if c["name"] == company["name"]]
        rivals = [c for c in companies if c["name"] == company["name"]]
        same = same if company["name"].strip() else []
        said["company", company["id"]] = len(same) == 1 and len(rivals) == 1
        if said["company", company["id"]]:
            client_of[company["id"]] = same[0]
    sites = [s for s in halo.walk("site", "sites") if not s["inactive"]]
    places = ae.walk("locations")
    for place in places:
        client = client_of.get(place["companyId"])
        same = [s for s in sites if s["client_id"] == client and s["name"] == place["name"]]
        rivals = [
            p for p in places if p["companyId"] == place["companyId"] and p["name"] == place["name"]
        ]
        same = same if place["name"].strip() else []
        said["location", place["id"]] = len(same) == 1 and len(rivals) == 1
    assets = [a for a in halo.walk("asset", "assets", 50) if not a["inactive"]]
    assets = [a for a in assets if a["assettype_name"] in COMPUTERS]
    machines = ae.walk("computers")
    for machine in machines:
        name, client = machine["machineName"], client_of.get(machine["companyId"])
        same = [
            a for a in assets
            if name and a["client_id"] == client and name in {a["key_field"], a["inventory_number"]}
        ]  # fmt: skip
        rivals = [
            m for m in machines
            if m["companyId"] == machine["companyId"] and m["machineName"] == name
        ]  # fmt: skip
        said["computer", machine["id"]] = len(same) == 1 and len(rivals) == 1
    flags = "agent?includeenabled=true&includedisabled=true&includeapiagents=true"
    agents = [a for a in halo.get(flags).json if not a["isdisabled"]]
    for user in world.technicians.values():
        email = user.email.strip().casefold()
        same = [a for a in agents if a["email"].strip().casefold() == email]
        said["user", email] = bool(email) and len(same) == 1
    return said


def stir(world: World, rng: Random) -> None:
    """Make trouble where names are compared: dead targets, namesakes, blanks, odd asset types."""
    for table in (world.clients, world.sites, world.assets, world.agents):
        for record in rng.sample(list(table.values()), max(1, len(table) // 12)):
            world.deactivate(record)
    for table in (world.companies, world.locations, world.clients, world.sites):
        one, other, blank = rng.sample(list(table.values()), 3)
        world.rename(one, other.name)
        world.rename(blank, " ")
    monitors = [a for a in world.assets.values() if a.type not in COMPUTER_TYPES]
    for machine in rng.sample(list(world.computers.values()), 12):
        asset = world.assets.get(world.belongs.get(machine.id, -1))
        if asset and machine.name:
            monitor = rng.choice(monitors)
            world.move(monitor, world.sites[asset.site])
            world.rename(monitor, machine.name)
            if rng.random() < 0.5:
                world.death(asset)


@pytest.mark.parametrize("seed", range(8))
def test_linkable_is_what_a_slow_comparison_of_all_rows_finds(seed):
    world = World.create(seed, 14, 160, EPOCH)
    world.advance(seed)
    stir(world, Random(seed))
    switches = {"halo": HaloSwitches(limit="none"), "autoelevate": AeSwitches(hourly=None)}
    with Sandbox(world, **switches) as sandbox:
        slow = slow_oracle(HaloTalk(sandbox), AeTalk(sandbox), world)

    truth = {(row.kind, row.ae_id): row.linkable for row in world.truth()}

    assert truth == slow
    assert set(truth.values()) == {True, False}


@pytest.mark.parametrize("seed", range(100, 125))
def test_what_is_linkable_links_to_what_it_belongs_to(seed):
    world = World.create(seed, 30, 300, EPOCH)
    for _ in range(3):
        world.advance(4)
        for row in world.truth():
            if row.linkable:
                assert bears_the_same_name(world, row), row


def bears_the_same_name(world, row) -> bool:
    halo_id = int(row.halo_id)
    match row.kind:
        case "company":
            return world.companies[row.ae_id].name == world.clients[halo_id].name
        case "location":
            place, site = world.locations[row.ae_id], world.sites[halo_id]
            return (world.belongs[place.company], place.name) == (site.client, site.name)
        case "computer":
            machine, asset = world.computers[row.ae_id], world.assets[halo_id]
            inside = world.belongs[machine.company] == asset.client
            return inside and machine.name in {asset.key_field, asset.inventory_number}
    return row.ae_id == world.agents[halo_id].email.strip().casefold()


def test_every_counterpart_exists(world):
    world.advance(5)
    tables = {
        "company": world.clients,
        "location": world.sites,
        "computer": world.assets,
        "user": world.agents,
    }
    for row in world.truth():
        assert not row.halo_id or int(row.halo_id) in tables[row.kind], row


def test_the_truth_has_one_row_for_every_listed_record(world):
    silent = next(c for c in world.computers.values() if c.awake)
    world.silence(silent, days=31)

    ids = [row.ae_id for row in world.truth() if row.kind == "computer"]

    assert silent.id not in ids
    assert len(ids) == len(set(ids)) > 100


def test_a_looser_autoelevate_links_more(world):
    company = next(c for c in world.companies.values() if linkable(world, c.id))
    world.rename(company, company.name.upper())

    assert not linkable(world, company.id)
    assert linkable(world, company.id, "casefold")


def linkable(world, ae_id, linking="exact"):
    return {row.ae_id: row.linkable for row in world.truth(linking)}[ae_id]


def test_the_truth_file_has_the_agreed_columns(world):
    rows = list(csv.DictReader(io.StringIO(to_csv(world.truth()))))

    assert list(rows[0]) == ["kind", "ae_id", "halo_id", "linkable"]
    assert {row["linkable"] for row in rows} == {"true", "false"}
    assert {row["kind"] for row in rows} == {"company", "location", "computer", "user"}

"""The world: believable, mostly in order, wrong in the known ways, the same in every process."""

import hashlib
import subprocess
import sys
import time
import unicodedata

import pytest

from sync.sandbox.world import World
from sync.sandbox.world.names import FIRST_NAMES, SURNAMES
from sync.sandbox.world.records import COMPUTER_TYPES
from tests.sync.sandbox.talk import EPOCH


def fingerprint(world: World) -> str:
    everything = [
        world.clients, world.sites, world.assets, world.agents, world.companies, world.locations,
        world.computers, world.technicians, world.elevations, world.audit, world.belongs,
    ]  # fmt: skip
    return hashlib.sha256(repr(everything).encode()).hexdigest()


@pytest.fixture(scope="module")
def large() -> World:
    return World.create(3, 1000, 20_000, EPOCH)


def test_the_same_seed_and_nights_give_the_same_world_in_another_process(world):
    world.advance(4)
    script = (
        "from tests.sync.sandbox.world.test_world import *;"
        "w = World.create(7, 12, 130, EPOCH); w.advance(4); print(fingerprint(w))"
    )
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "99", "PYTHONPATH": "."},
    )  # fmt: skip

    assert other.stdout.strip() == fingerprint(world)


def test_another_seed_gives_another_world(world):
    assert fingerprint(World.create(8, 12, 130, EPOCH)) != fingerprint(world)


def test_most_records_are_identical_on_both_sides(large):
    same = sum(c.name == host(large, c) for c in large.computers.values())
    companies = [
        c for c in large.companies.values()
        if c.id in large.belongs and large.clients[large.belongs[c.id]].name == c.name
    ]  # fmt: skip

    assert 0.85 <= same / len(large.computers) <= 0.95
    assert 0.85 <= len(companies) / len(large.companies) <= 0.95


def host(world, computer):
    asset = world.assets.get(world.belongs.get(computer.id, -1))
    return asset.host if asset else None


def wrong_names(world, table):
    tables = {"companies": "clients", "locations": "sites"}
    there = getattr(world, tables[table])
    for record in getattr(world, table).values():
        other = there.get(world.belongs.get(record.id, -1))
        if other and other.name != record.name:
            yield record.name, other.name


COMPANY_FAULTS = {
    "ampersand": lambda ae, halo: "&" in halo and ae == halo.replace("&", "and"),
    "cut at the ampersand": lambda ae, halo: halo.startswith(f"{ae} & "),
    "legal form": lambda ae, halo: halo.startswith(ae) and halo.split()[-1] not in ae,
    "comma": lambda ae, halo: "," in halo and "," not in ae,
    "double space": lambda ae, halo: ae.replace("  ", " ") == halo and "  " in ae,
    "trailing space": lambda ae, halo: ae == f"{halo} ",
    "no-break space": lambda ae, halo: ae.replace("\u00a0", " ") == halo and "\u00a0" in ae,
    "letter case": lambda ae, halo: ae != halo and ae.casefold() == halo.casefold(),
    "decomposed accents": lambda ae, halo: unicodedata.normalize("NFC", ae) == halo,
    "lost accents": lambda ae, halo: ae.isascii() and not halo.isascii(),
    "curly quote": lambda ae, halo: ae.replace("\u2019", "'") == halo,
    "lost quote": lambda ae, halo: "'" in halo and ae == halo.replace("'", ""),
    "abbreviation": lambda ae, halo: "Mfg" in ae and "Manufacturing" in halo,
    "unexpanded variable": lambda ae, _halo: ae[0] in "%{@_",
    "markup": lambda ae, _halo: "<b>" in ae,
    "renamed in Halo": lambda _ae, halo: halo.startswith("New ") or " Health " in halo,
}


@pytest.mark.parametrize("fault", COMPANY_FAULTS)
def test_company_names_go_wrong_in_every_known_way(large, fault):
    assert any(COMPANY_FAULTS[fault](ae, halo) for ae, halo in wrong_names(large, "companies"))


def test_one_client_is_claimed_by_two_companies(large):
    names = [c.name for c in large.companies.values()]

    assert len(names) > len(set(names))
    assert len(set(large.belongs.values())) < len(large.belongs)


def test_halo_has_inactive_clients_and_two_of_one_name(large):
    names = [c.name for c in large.clients.values()]

    assert any(c.inactive for c in large.clients.values())
    assert len(names) > len(set(names))


def test_locations_bear_defaults_variables_and_contacts(large):
    wrong = [ae for ae, _ in wrong_names(large, "locations")]

    assert "Main Office" in wrong
    assert {"%sitename%", "%locationname%"} & set(wrong)
    assert any(name.split()[0] in FIRST_NAMES and name.split()[-1] in SURNAMES for name in wrong)


COMPUTER_FAULTS = {
    "domain": lambda ae, halo: ae == f"{halo.lower()}.corp.example",
    "netbios": lambda ae, halo: len(ae) == 15 and halo.upper().startswith(ae) and len(halo) > 15,
    "padding": lambda ae, halo: ae != halo and ae.replace("0", "") == halo.replace("0", ""),
    "o for 0": lambda ae, halo: ae != halo and ae.replace("O", "0") == halo.replace("O", "0"),
    "hyphen lost": lambda ae, halo: ae == halo.replace("-", "") and "-" in halo,
    "letter case": lambda ae, halo: ae == halo.lower() and ae != halo,
    "renamed": lambda ae, halo: ae.startswith("DESKTOP-") and not halo.startswith("DESKTOP-"),
}


@pytest.mark.parametrize("fault", COMPUTER_FAULTS)
def test_machine_names_go_wrong_in_every_known_way(large, fault):
    pairs = ((c.name, host(large, c)) for c in large.computers.values())

    assert any(COMPUTER_FAULTS[fault](ae, halo) for ae, halo in pairs if ae and halo)


def test_machines_are_filed_under_the_wrong_company(large):
    astray = [
        c for c in large.computers.values()
        if (asset := large.assets.get(large.belongs.get(c.id, -1)))
        and large.belongs.get(c.company) not in {None, asset.client}
    ]  # fmt: skip

    assert astray


def test_one_host_name_lives_at_several_customers(large):
    owners = {c.company for c in large.computers.values() if c.name == "DC01"}

    assert len(owners) > 3


def test_assets_are_not_only_computers(large):
    kinds = {a.type for a in large.assets.values()}

    assert kinds > COMPUTER_TYPES
    assert {110, 111, 113, 120} <= kinds
    assert {a.host_in for a in large.assets.values()} == {"key_field", "inventory_number"}


def test_technicians_part_from_agents_in_the_known_ways(large):
    pairs = [
        (t, large.agents[large.belongs[t.id]])
        for t in large.technicians.values()
        if t.id in large.belongs
    ]
    emails = [a.email.strip().casefold() for a in large.agents.values() if a.email]

    assert any(t.email.endswith("@msp-group.example") for t, _ in pairs)
    assert any(a.disabled for _, a in pairs)
    assert len(emails) > len(set(emails))
    assert any(a.email == "" for _, a in pairs)
    assert len(pairs) == len(large.technicians) - 2


def test_there_are_a_system_agent_api_agents_an_internal_client_and_a_stock_room(world):
    assert [a.name for a in world.agents.values() if a.system] == ["Unassigned"]
    assert {a.name for a in world.agents.values() if a.api_only} == {
        "halosync",
        "AutoElevate Integration",
    }
    assert any(c.internal for c in world.clients.values())
    assert any(s.stock for s in world.sites.values())


def test_some_machines_are_silent_beyond_the_window_and_a_few_never_checked_in(large):
    silent = [c for c in large.computers.values() if not c.awake]

    assert any(c.seen is None for c in silent)
    assert any(c.seen and large.now_ms - c.seen > 30 * 86_400_000 for c in silent)


@pytest.mark.slow
def test_a_hundred_thousand_computers_are_made_in_seconds():
    start = time.monotonic()
    world = World.create(5, 1000, 100_000, EPOCH)
    world.truth()

    assert len(world.computers) >= 100_000
    assert time.monotonic() - start < 20

"""The sources against the sandbox, whose truth is known: every switch, and faults on any page."""

from dataclasses import fields
from datetime import timedelta

import pytest

from sync.core.pulls import State
from sync.core.records import Collection
from sync.sandbox import verbs
from sync.sandbox.serve import Sandbox
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.world import World
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.halo import HaloSource
from sync.sources.ledger import MemoryLedger
from sync.sources.settings import AutoElevateSettings, HaloSettings
from tests.sync.sources.stand_in import NOON, FakeClock, wire

HALO, AE = HaloSwitches(), AeSwitches()


@pytest.fixture(scope="module")
def world():
    return World.create(7, 12, 230, NOON)


def night(sandbox, **limits):
    """Pull both systems; the pulls by collection name, facts, and recent requests."""
    known = sandbox.connection()
    ae = AutoElevateSettings(
        known["autoelevate"]["bearer_key"], base_url=known["autoelevate"]["base_url"]
    )
    with wire(sandbox.clock, **limits) as one, wire(sandbox.clock, **limits) as two:
        sources = (
            HaloSource(HaloSettings(**known["halo"]), one),
            AutoElevateSource(ae, two, MemoryLedger()),
        )
        pulls = {p.manifest.collection: p for source in sources for p in source.pull()}
        facts = [source.facts() for source in sources]
        return pulls, facts, sources[1].recent_requests()


def pulled(world, halo=HALO, ae=AE):
    with Sandbox(world, halo=halo, autoelevate=ae, clock=FakeClock()) as sandbox:
        return night(sandbox)[0]


def names(pull):
    return {record.id: record.name for record in pull.records}


def test_a_night_brings_exactly_the_world(world):
    pulls = pulled(world)

    assert {p.manifest.state for p in pulls.values()} == {State.COMPLETE}
    assert names(pulls[Collection.HALO_CLIENTS]) == {
        str(c.id): c.name for c in world.clients.values() if not c.internal
    }
    assert names(pulls[Collection.HALO_AGENTS]) == {
        str(a.id): a.name for a in world.agents.values() if not (a.api_only or a.system)
    }
    assert {a.id: dict(a.names)["key_field"] for a in pulls[Collection.HALO_ASSETS].records} == {
        str(a.id): a.key_field for a in world.assets.values()
    }
    assert names(pulls[Collection.AE_COMPANIES]) == {c.id: c.name for c in world.companies.values()}
    assert names(pulls[Collection.AE_LOCATIONS]) == {p.id: p.name for p in world.locations.values()}
    edge = (NOON - timedelta(days=30)).timestamp() * 1000
    assert names(pulls[Collection.AE_COMPUTERS]) == {
        c.id: c.name or "" for c in world.computers.values() if c.awake or (c.seen or 0) > edge
    }


def test_parents_and_flags_are_the_worlds_too(world):
    pulls = pulled(world)

    assert {r.id: (r.client, r.active) for r in pulls[Collection.HALO_SITES].records} == {
        str(s.id): (str(s.client), not s.inactive)
        for s in world.sites.values()
        if not (s.stock or world.clients[s.client].internal)
    }
    computers = {r.id: (r.company, r.location) for r in pulls[Collection.AE_COMPUTERS].records}
    assert computers == {
        i: (world.computers[i].company, world.computers[i].location) for i in computers
    }


def test_requests_of_the_last_day_are_the_worlds(world):
    scopes = AE.scopes | {"requestView"}
    with Sandbox(world, autoelevate=AeSwitches(scopes=scopes), clock=FakeClock()) as sandbox:
        counted = night(sandbox)[2]

    since = (NOON - timedelta(hours=24)).timestamp() * 1000
    expected = [e.computer for e in world.elevations if e.created >= since]
    assert counted == {computer: expected.count(computer) for computer in expected}


def test_only_reading_requests_are_sent_and_only_needed_scopes_asked(world):
    with Sandbox(world, clock=FakeClock()) as sandbox:
        night(sandbox)
        seen = list(sandbox.requests)

    assert {s.endpoint for s in seen if s.method != "GET"} == {"halo.token"}
    assert {s.scope for s in seen if s.scope} == {"read:customers read:assets"}


def told(value):
    """Name a test by the switches that are off their default; a set's order would vary."""
    if not isinstance(value, HaloSwitches | AeSwitches):
        return str(value)
    plain = type(value)()
    odd = [f.name for f in fields(value) if getattr(value, f.name) != getattr(plain, f.name)]
    return " ".join(f"{name}={getattr(value, name)!r}" for name in odd if name != "app_scopes")


HARMLESS = [
    HaloSwitches(retry_after="date", limit_body="text"),
    HaloSwitches(caps="50"),
    HaloSwitches(caps="100"),
    HaloSwitches(caps="none"),
    HaloSwitches(offset_from="asked"),
    HaloSwitches(flags_omitted="all", unpaged="everything", pageinate_false="honoured"),
    HaloSwitches(past_end="total"),
    HaloSwitches(agent_envelope="results", agent_paging="honoured"),
    HaloSwitches(agent_envelope="agents"),
    HaloSwitches(tenant_from="form"),
    HaloSwitches(tenant_from="ignored"),
    HaloSwitches(refresh_token=True, id_token=True),
    HaloSwitches(order="unordered"),
    HaloSwitches(site_client_id="float", dates="z"),
    HaloSwitches(expires_in=2),
    AeSwitches(extra_fields=True),
    AeSwitches(burst="bare"),
    AeSwitches(burst="retry-after", retry_after=False),
    AeSwitches(hourly=3),
    AeSwitches(deprecated=True),
    AeSwitches(window_by_id=True, invisible_by_id=404),
    AeSwitches(checks="429-first", other_consumers=95),
]


@pytest.mark.parametrize("switches", HARMLESS, ids=told)
def test_what_differs_between_tenants_makes_no_difference(world, switches):
    plain = pulled(world)
    other = pulled(world, **{"halo" if isinstance(switches, HaloSwitches) else "ae": switches})

    for collection, pull in other.items():
        assert pull.manifest.state is State.COMPLETE, pull.manifest
        assert pull.manifest.digest == plain[collection].manifest.digest


WITHHELD = [
    (HaloSwitches(login="disabled"), "halo.clients", "token-address"),
    (HaloSwitches(login="none", login_status=401), "halo.clients", "invalid-client"),
    (HaloSwitches(login="none", login_status=500), "halo.clients", "wrong-tenant"),
    (HaloSwitches(app_scopes=frozenset({"read:customers"})), "halo.assets", "invalid-scope"),
    (HaloSwitches(clients_access=0), "halo.clients", "forbidden"),
    (HaloSwitches(assets_access=0, denied_body="html"), "halo.assets", "forbidden"),
    (HaloSwitches(read_assets_enough=False), "halo.assets", "forbidden"),
    (HaloSwitches(agents_without_scope="forbidden"), "halo.agents", "forbidden"),
    (HaloSwitches(default_team=False), "halo.agents", "agents-hidden"),
    (AeSwitches(key_state="expired"), "ae.companies", "unauthorized"),
    (AeSwitches(key_state="revoked"), "ae.computers", "unauthorized"),
    (AeSwitches(scopes=frozenset({"companyView"})), "ae.locations", "forbidden"),
    (AeSwitches(order="unstable"), "ae.computers", "rows-repeated"),
]


@pytest.mark.parametrize(("switches", "collection", "cause"), WITHHELD, ids=told)
def test_what_we_may_not_read_is_withheld_with_its_cause(world, switches, collection, cause):
    pulls = pulled(world, **{"halo" if isinstance(switches, HaloSwitches) else "ae": switches})

    assert pulls[Collection(collection)].manifest.cause == cause


@pytest.mark.parametrize("wrong_tenant", ["500", "400"])
def test_a_wrong_tenant_is_called_so(world, wrong_tenant):
    switches = HaloSwitches(wrong_tenant=wrong_tenant)
    with Sandbox(world, halo=switches, clock=FakeClock()) as sandbox:
        known = HaloSettings(**sandbox.connection()["halo"] | {"tenant": "somebody-else"})
        with wire(sandbox.clock) as real:
            causes = {p.manifest.cause for p in HaloSource(known, real).pull()}

    assert causes == {"wrong-tenant"}


FAULTS = {
    "500": (verbs.Status(500), "server-error"),
    "502 html": (verbs.Status(502, b"<html>"), "server-error"),
    "503": (verbs.Status(503), "server-error"),
    "429": (verbs.Status(429), "quota"),
    "html200": (verbs.Html200(), "page-broken"),
    "empty": (verbs.Body(b""), "page-broken"),
    "null": (verbs.Body(b"null"), "page-shape"),
    "error object": (verbs.Body(b'{"error":"x"}'), "page-shape"),
    "empty list": (verbs.Body(b"[]"), "page-shape"),
    "truncated": (verbs.Truncate(20), "truncated"),
    "truncated chunk": (verbs.Truncate(20, chunked=True), "truncated"),
    "reset": (verbs.Reset(), "network"),
    "reset inside": (verbs.Reset(20), "network"),
    "dropped row": (verbs.DropRows(1), "rows-missing"),
    "repeated row": (verbs.DupRows(1), "rows-repeated"),
    "stall": (verbs.Stall(2), "timeout"),
    "drip": (verbs.Drip(50), "timeout"),
}
QUIET = {"halo": HaloSwitches(limit="none"), "autoelevate": AeSwitches(hourly=None)}


@pytest.mark.parametrize("endpoint", ["halo.assets", "ae.computers"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_leaves_no_trace_and_a_lasting_one_its_cause(world, endpoint, fault):
    verb, cause = FAULTS[fault]
    limits = {"request_seconds": 0.3, "read_seconds": 0.3}
    with Sandbox(world, clock=FakeClock(), **QUIET) as sandbox:
        plain = night(sandbox)[0][Collection(endpoint)]
        sandbox.faults.clear()
        sandbox.faults.on(endpoint, verb, page=2, attempt=1)
        once = night(sandbox, **limits)[0][Collection(endpoint)]
        sandbox.faults.clear()
        sandbox.faults.on(endpoint, verb, page=2)
        always = night(sandbox, **limits)[0][Collection(endpoint)]

    assert once.manifest.state is State.COMPLETE
    assert once.manifest.digest == plain.manifest.digest
    assert always.manifest.state.withheld
    assert always.manifest.cause == cause


@pytest.mark.parametrize("endpoint", ["halo.assets", "ae.computers"])
def test_a_bomb_a_wrong_charset_and_an_ignored_page_are_named(world, endpoint):
    with Sandbox(world, clock=FakeClock(), **QUIET) as sandbox:
        for verb, cause in (
            (verbs.GzipBomb(3_000_000), "page-too-big"),
            (verbs.Body(b'{"a":"\xe9"}'), "page-encoding"),
            (verbs.Redirect("http://127.0.0.1:1/"), "redirect"),
        ):
            sandbox.faults.clear()
            sandbox.faults.on(endpoint, verb, page=2)
            pulls = night(sandbox, page_bytes=1_000_000)[0]
            assert pulls[Collection(endpoint)].manifest.cause == cause

        sandbox.faults.clear()
        sandbox.faults.on(endpoint, verbs.IgnorePage())
        assert night(sandbox)[0][Collection(endpoint)].manifest.cause == "paging-ignored"


def test_a_record_that_dies_between_two_pulls_is_proven_gone(world):
    fresh = World.create(8, 12, 230, NOON)
    victim = max(fresh.assets.values(), key=lambda asset: asset.id)
    with Sandbox(fresh, clock=FakeClock(), **QUIET) as sandbox:
        # Page 2 loses a row at first, so there is a second pull; the victim dies in between.
        sandbox.faults.on("halo.assets", verbs.DropRows(1), page=2, attempt=1)
        sandbox.faults.before("halo.assets", lambda: fresh.death(victim), page=1, attempt=2)
        pull = night(sandbox)[0][Collection.HALO_ASSETS]

    assert pull.manifest.state is State.COMPLETE
    assert str(victim.id) not in names(pull)
    assert len(sandbox.requests.to("halo.assets.one")) == 1


def test_a_narrowed_login_is_consistent_and_smaller_which_only_the_guard_can_doubt(world):
    fresh = World.create(9, 12, 230, NOON)
    with Sandbox(fresh, clock=FakeClock(), **QUIET) as sandbox:
        before = night(sandbox)[0][Collection.HALO_ASSETS]
        fresh.narrow(clients=list(fresh.clients)[:6])
        after = night(sandbox)[0][Collection.HALO_ASSETS]

    assert after.manifest.state is State.COMPLETE
    assert 0 < len(after.records) < len(before.records)

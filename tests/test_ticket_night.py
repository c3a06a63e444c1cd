"""Whole nights with tickets as evidence, over real sockets; the truth is the sandbox's own."""

from collections import Counter
from pathlib import Path

import pytest

from sync.app.reading import open_store
from sync.cli.entry import perform
from sync.cli.terminal import Terminal
from sync.core.records import Kind
from sync.core.result import Origin
from sync.core.verdicts import Outcome
from sync.sandbox.serve import describe, prepare
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.world.records import Company
from sync.sandbox.world.tickets import linked_clients

EVIDENCE = "\nticket_evidence:\n  agent: AutoElevate Integration\n"
RIGHT = frozenset({"read:customers", "read:assets", "read:tickets"})


@pytest.fixture
def sandbox(tmp_path):
    with prepare(tmp_path, seed=11, companies=20, computers=120) as served:
        served.halo.configure(HaloSwitches(app_scopes=RIGHT))
        served.described = describe(served, tmp_path)
        yield served


def night(sandbox, *, evidence):
    """Run once; the exit code, the companies' outcomes, the known links, the report's text."""
    config = Path(sandbox.described["config"])
    text = config.read_text().replace(EVIDENCE, "")
    config.write_text(text + EVIDENCE if evidence else text)
    code = perform(["run", "-c", str(config)])
    with open_store(Terminal(config=str(config)).installation()) as store:
        outcomes = {v.ae_id: v.outcome for v in store.verdicts() if v.kind is Kind.COMPANY}
        links = {
            p.ae_id: (p.halo_id, p.origin) for p in store.recall(sandbox.world.now).pairs.values()
        }
    return code, outcomes, links, sandbox.inbox.mails[-1].body.decode("ascii", "replace")


def asked_and_linked(world):
    """Companies that are linked and whose computers asked for rights lately: they have tickets."""
    linked = linked_clients(world)
    asked = {world.computers[e.computer].company for e in world.elevations}
    return {c: i for c, i in linked.items() if c in asked and c not in world.by_hand}


def misnamed(sandbox):
    """Three companies, with no near namesake, that had another name when they were first seen."""
    world = sandbox.world
    first_words = Counter(c.name.split()[0] for c in world.companies.values())
    linked = asked_and_linked(world)
    chosen = [c for c in sorted(linked) if first_words[world.companies[c].name.split()[0]] == 1][:3]
    right = {c: world.companies[c].name for c in chosen}
    for n, company in enumerate(chosen):
        world.rename(world.companies[company], f"Quux {n} Zyx")
    night(sandbox, evidence=False)
    for company, name in right.items():
        world.rename(world.companies[company], name)
    return chosen


def test_ready_companies_close_by_their_tickets_and_by_nothing_less(sandbox):
    chosen = misnamed(sandbox)
    _, without, _, _ = night(sandbox, evidence=False)
    code, with_tickets, links, mail = night(sandbox, evidence=True)

    assert {without[c] for c in chosen} == {Outcome.READY}
    assert code == 0
    assert {with_tickets[c] for c in chosen} == {Outcome.LINKED}
    assert {links[c][1] for c in chosen} == {Origin.TICKETS}
    assert "Tickets as evidence" in mail


def test_no_link_that_tickets_make_known_is_wrong_and_each_outlives_the_setting(sandbox):
    misnamed(sandbox)
    sandbox.world.advance(1)
    night(sandbox, evidence=True)
    sandbox.world.advance(1)
    _, outcomes, links, _ = night(sandbox, evidence=False)

    truth = sandbox.world.belongs | linked_clients(sandbox.world)
    by_tickets = {c: halo_id for c, (halo_id, origin) in links.items() if origin is Origin.TICKETS}
    assert len(by_tickets) >= 3
    assert all(str(truth[c]) == halo_id for c, halo_id in by_tickets.items())
    assert {outcomes[c] for c in by_tickets} <= {Outcome.LINKED, Outcome.RENAMED}


def test_a_company_with_a_near_namesake_is_not_confirmed_by_tickets(sandbox):
    company, *_ = misnamed(sandbox)
    world = sandbox.world
    name = world.companies[company].name
    world.birth(Company(world.new_uuid(), f"{name} Group", world.now_ms, world.now_ms))
    _, outcomes, links, _ = night(sandbox, evidence=True)

    assert outcomes[company] is Outcome.READY
    assert company not in links


def test_without_the_right_the_night_is_the_same_and_the_footer_says_what_is_missing(sandbox):
    chosen = misnamed(sandbox)
    sandbox.halo.configure(HaloSwitches())
    code, outcomes, _, mail = night(sandbox, evidence=True)

    assert code == 0
    assert {outcomes[c] for c in chosen} == {Outcome.READY}
    assert "read:tickets" in mail


def test_with_the_setting_off_not_one_request_goes_to_tickets(sandbox):
    night(sandbox, evidence=False)

    assert len(sandbox.requests) > 5
    assert [seen for seen in sandbox.requests if "ticket" in seen.path.lower()] == []
    assert {seen.scope for seen in sandbox.requests if seen.scope} == {"read:customers read:assets"}


def test_explain_shows_the_tickets_from_the_database_alone(sandbox, capsys):
    company = misnamed(sandbox)[0]
    night(sandbox, evidence=True)
    sandbox.requests.clear()
    perform(["explain", "company", company, "-c", sandbox.described["config"]])

    told = capsys.readouterr().out
    assert "some company is linked to it" in told
    assert "tickets on" in told
    assert len(sandbox.requests) == 0

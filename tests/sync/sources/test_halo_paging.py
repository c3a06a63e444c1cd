"""Halo's lists: silent caps, totals past the end, agents in all their envelopes."""

import pytest

from sync.core.pulls import State
from tests.sync.sources.halo_night import (
    AGENTS,
    CLIENTS,
    agents,
    clients,
    pull,
)
from tests.sync.sources.stand_in import (
    halo_list,
    says,
)


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

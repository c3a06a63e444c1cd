"""AutoElevate asked one by one: answers by id, elevation requests, usage and notices."""

from datetime import timedelta

import pytest

from sync.core.pulls import Answer, State
from tests.sync.sources.ae_night import COMPANIES, COMPUTERS, asking, pull
from tests.sync.sources.stand_in import (
    NOON,
    ae_list,
    ae_settings,
    company,
    computer,
    millis,
    says,
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(computer(1)), Answer.PRESENT),
        (says(computer(1, lastCheckedInAt=millis(NOON - timedelta(days=29)))), Answer.PRESENT),
        (says(computer(1, lastCheckedInAt=millis(NOON - timedelta(days=31)))), Answer.SILENT),
        (says(computer(1, lastCheckedInAt=None)), Answer.SILENT),
        (says(computer(2)), Answer.UNKNOWN),
        (says({}), Answer.UNKNOWN),
        (says(b"<html>"), Answer.UNKNOWN),
        (says(b"", 404), Answer.GONE),
        (says(b"", 422), Answer.GONE),
        (says(b"", 403), Answer.HIDDEN),
        (says(b"", 401), Answer.UNKNOWN),
        (says(b"", 400), Answer.UNKNOWN),
        (says(b"", 500), Answer.UNKNOWN),
    ],
)
def test_what_an_answer_by_id_proves(ae, answer, said):
    wanted = computer(1)["id"]
    ae.routes[f"/api/v1/computers/{wanted}"] = answer

    assert asking(ae, lambda source: source.ask(COMPUTERS, wanted.upper().lower())) is said


def test_a_silent_company_is_just_present(ae):
    ae.routes["/api/v1/companies/abc"] = says(company(1, id="ABC"))

    assert asking(ae, lambda source: source.ask(COMPANIES, "abc")) is Answer.PRESENT


def test_an_id_cannot_lead_out_of_its_path(ae):
    asking(ae, lambda source: source.ask(COMPANIES, "../usage?x=1"))

    assert ae.asks[0].target == "/api/v1/companies/..%2Fusage%3Fx%3D1"


def requests_in(count, **changes):
    return [
        {"id": f"r{n}", "computerId": computer(n % 2)["id"].upper(), "createdAt": millis(NOON) - 1000, "approvalState": "DENIED", "requestedBy": None, "targetDescription": None}
        | changes
        for n in range(count)
    ]  # fmt: skip


def counted(stand_in):
    def question(source):
        list(source.pull())
        return source.recent_requests()

    return asking(stand_in, question)


def test_elevation_requests_of_the_last_day_are_counted_per_computer(ae):
    old = requests_in(1, id="old", createdAt=millis(NOON - timedelta(hours=25)))
    ae.routes["/api/v1/elevation-requests"] = ae_list(requests_in(5) + old)

    assert counted(ae) == {computer(0)["id"]: 3, computer(1)["id"]: 2}


def at_noon(answer):
    """The same answer from a server whose clock stands at noon."""

    def dated(ask):
        status, headers, body = answer(ask) if callable(answer) else answer
        return status, headers | {"Date": "Fri, 20 Nov 2026 12:00:00 GMT"}, body

    return dated


def test_the_day_is_the_servers_not_ours(ae):
    ae.clock.start = NOON + timedelta(days=3)
    for route in list(ae.routes):
        ae.routes[route] = at_noon(ae.routes[route])
    ae.routes["/api/v1/elevation-requests"] = ae_list(requests_in(1))

    assert counted(ae) == {computer(0)["id"]: 1}
    assert ae.asked("/api/v1/elevation-requests")[0].query["end"] == str(millis(NOON))


@pytest.mark.parametrize("answer", [says(b"", 403), says(b"<html>"), says(b"", 500), says({})])
def test_unreadable_elevation_requests_are_unknown_not_zero(ae, answer):
    ae.routes["/api/v1/elevation-requests"] = answer

    assert counted(ae) is None


def test_facts_name_the_partner_and_what_is_announced(ae):
    usage = ae.routes["/api/v1/usage"]
    link = '</api/v2/usage>; rel="successor-version"'
    ae.routes["/api/v1/usage"] = (
        usage[0],
        {"Deprecation": "true", "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT", "Link": link},
        usage[2],
    )
    facts = asking(ae, lambda source: (list(source.pull()), source.facts())[1])

    assert facts.identity == "2c1d43b8-e6d7-476e-9e9d-c9c5a8d2f6a1"
    assert (facts.name, facts.active_agents, facts.requests) == ("Example MSP", 1, 4)
    assert facts.notices == (
        "Deprecation: true",
        "Sunset: Sat, 01 Jan 2028 00:00:00 GMT",
        f"Link: {link}",
    )


@pytest.mark.parametrize("status", [302, 403, 404, 429, 500, 503])
def test_unreadable_usage_is_no_fault(ae, status):
    ae.routes["/api/v1/usage"] = says(b"", status)

    assert {p.manifest.state for p in pull(ae).values()} == {State.COMPLETE}


def test_no_key_stands_in_any_text(ae):
    echo = says({"message": "key aeb_0123456789abcdef unknown"}, 401)
    for route in list(ae.routes):
        ae.routes[route] = echo
    pulls = pull(ae)

    assert "aeb_0123456789" not in repr(pulls)
    assert "aeb_0123456789" not in repr(ae_settings("https://x.example"))

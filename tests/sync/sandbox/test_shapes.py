"""Every row has the published schema: right types, and no field that the vendor does not know."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sync.sandbox.world.people import AE_AGENT

SPECS = Path(__file__).parents[2] / "fixtures" / "specs"
HALO = json.loads((SPECS / "halopsa.json").read_text())
AE = json.loads((SPECS / "autoelevate.json").read_text())
SCOPES = frozenset({"companyView", "locationView", "computerView", "requestView", "auditLogView"})


def fits(spec, schema, value):
    whole = {"$ref": f"#/$defs/{schema}", "$defs": spec["$defs"]}
    Draft202012Validator(whole).validate(value)


@pytest.mark.parametrize(
    ("resource", "key", "schema", "switches"),
    [
        ("client", "clients", "Area_List", {}),
        ("client", "clients", "Area_List", {"odd_names": "null"}),
        ("client", "clients", "Area_List", {"clients_access": 1}),
        ("site", "sites", "Site_List", {}),
        ("site", "sites", "Site_List", {"site_client_id": "float"}),
        ("site", "sites", "Site_List", {"clients_access": 1}),
        ("asset", "assets", "Device_List", {}),
        ("asset", "assets", "Device_List", {"odd_names": "null"}),
    ],
)
def test_halo_lists(halo, resource, key, schema, switches):
    rows = halo(**switches).walk(resource, key)

    assert len(rows) > 10
    for row in rows:
        fits(HALO, schema, row)


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (f"agent/{AE_AGENT}?includedetails=true", "Uname"),
        ("agent/me", "Uname"),
        ("team/1?includeagents=true", "SectionDetail"),
    ],
)
def test_halo_records_by_id(halo, path, schema):
    fits(HALO, schema, halo().get(path).json)


@pytest.mark.parametrize(
    ("resource", "schema"), [("clients", "Area"), ("sites", "Site"), ("assets", "Device")]
)
def test_the_first_of_every_halo_table_by_id(halo, world, resource, schema):
    one = next(iter(getattr(world, resource)))

    fits(HALO, schema, halo().get(f"{resource.removesuffix('s')}/{one}").json)


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("agent?includeapiagents=true&includedisabled=true", "Uname_List"),
        ("team?includeagentsforteams=1st%20Line", "SectionDetail_List"),
        ("roles", "NHD_Roles"),
    ],
)
def test_halo_arrays(halo, path, schema):
    rows = halo().get(path).json

    assert len(rows) > 2
    for row in rows:
        fits(HALO, schema, row)


def test_a_halo_role_with_claims(halo):
    talk = halo()
    role = talk.get("roles").json[0]["id"]

    fits(HALO, "NHD_Roles", talk.get(f"roles/{role}?includedetails=true").json)


@pytest.mark.parametrize("switches", [{}, {"nulls": True, "null_seen_listed": True}])
@pytest.mark.parametrize(
    ("route", "schema"),
    [
        ("companies", "ListCompaniesResponse"),
        ("locations", "ListLocationsResponse"),
        ("computers", "ListComputersResponse"),
        ("elevation-requests", "ListElevationRequestsResponse"),
        ("audit-logs", "ListAuditLogsResponse"),
    ],
)
def test_autoelevate_lists(ae, route, schema, switches):
    page = ae(scopes=SCOPES, **switches).get(f"{route}?take=200").json

    assert len(page["items"]) > 5
    fits(AE, schema, page)


def test_autoelevate_usage(ae):
    fits(AE, "UsageResponse", ae().get("usage").json)


def test_autoelevate_records_by_id(ae, world):
    talk = ae()
    for route, schema in (
        ("companies", "Company"), ("locations", "Location"), ("computers", "Computer"),
    ):  # fmt: skip
        one = next(iter(getattr(world, route)))
        fits(AE, schema, talk.get(f"{route}/{one}").json)


@pytest.mark.parametrize(
    ("headers", "switches", "schema"),
    [
        ({"X_Acknowledgment": "no"}, {}, "Error"),
        ({"Authorization": "Bearer no"}, {}, "Error"),
        ({"Accept": "text/html"}, {}, "NotAcceptableError"),
        ({}, {"scopes": frozenset()}, "Error"),
        ({}, {"hourly": 0}, "RateLimitError"),
    ],
)
def test_autoelevate_refusals(ae, headers, switches, schema):
    said = ae(**switches).get("companies", **headers)

    assert said.status >= 400
    fits(AE, schema, said.json)

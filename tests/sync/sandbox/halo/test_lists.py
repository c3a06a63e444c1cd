"""HaloPSA's lists: envelopes, silent caps, totals, flags, filters; each doubt is a switch."""

import pytest

from sync.sandbox.world.records import Asset
from tests.sync.sandbox.talk import PAGED


def test_a_list_says_how_many_rows_there_are_in_all(halo, world):
    page = halo().get(f"client?{PAGED}&page_size=5&page_no=1").json

    assert page["record_count"] == len(world.clients)
    assert [c["id"] for c in page["clients"]] == sorted(world.clients)[:5]
    assert {"columns", "columns_id", "page_no", "page_size"} <= page.keys()


@pytest.mark.parametrize("resource", ["CLIENT", "Client", "client"])
def test_the_case_of_a_path_does_not_matter(halo, resource):
    assert halo().get(f"{resource}?count=1").status == 200


def test_walking_all_pages_gives_every_record_once(halo, world):
    talk = halo()

    assets = [a["id"] for a in talk.walk("asset", "assets")]
    assert assets == sorted(world.assets)
    assert [s["id"] for s in talk.walk("site", "sites")] == sorted(
        s.id for s in world.sites.values() if not s.stock
    )


@pytest.mark.parametrize(
    ("caps", "assets", "clients"),
    [("50/100", 50, 100), ("50", 50, 50), ("100", 100, 100), ("none", 150, 120)],
)
def test_page_sizes_are_capped_in_silence(halo, world, caps, assets, clients):
    for number in range(120):
        client = type(world.clients[12])(world.next_id(type(world.clients[12])), f"C{number}", 0)
        world.birth(client)
    talk = halo(caps=caps)

    assert len(talk.get(f"asset?{PAGED}&page_size=150&page_no=1").json["assets"]) == assets
    assert len(talk.get(f"client?{PAGED}&page_size=120&page_no=1").json["clients"]) == clients


@pytest.mark.parametrize(("offset", "first"), [("capped", 50), ("asked", 70)])
def test_page_two_starts_after_the_capped_or_the_asked_size(halo, world, offset, first):
    page = halo(offset_from=offset).get(f"asset?{PAGED}&page_size=70&page_no=2").json

    assert page["assets"][0]["id"] == sorted(world.assets)[first]


@pytest.mark.parametrize(("past_end", "total"), [("zero", False), ("total", True)])
def test_past_the_end_there_are_no_rows_and_perhaps_no_total(halo, world, past_end, total):
    page = halo(past_end=past_end).get(f"client?{PAGED}&page_no=99&page_size=100").json

    assert page["clients"] == []
    assert page["record_count"] == (len(world.clients) if total else 0)


def test_inactive_records_appear_only_when_asked_for(halo, world):
    world.deactivate(world.clients[12])
    talk = halo()

    def has(flags):
        return 12 in {c["id"] for c in talk.get(f"client?count=100{flags}").json["clients"]}

    assert not has("")
    assert has("&includeinactive=true")
    assert not has("&includeinactive=True")
    assert has("&activeinactive=true,true")
    assert not has("&activeinactive=true,false")


def test_a_tenant_may_list_everything_when_no_flag_is_sent(halo, world):
    world.deactivate(world.clients[12])
    rows = halo(flags_omitted="all").get("client?count=100").json["clients"]

    assert 12 in {c["id"] for c in rows}


@pytest.mark.parametrize(
    ("switches", "query", "rows"),
    [
        ({}, "", 50),
        ({"unpaged": "everything"}, "", None),
        ({}, "pageinate=false", 50),
        ({"pageinate_false": "honoured"}, "pageinate=false", None),
        ({}, "count=7", 7),
    ],
)
def test_a_list_without_paging(halo, world, switches, query, rows):
    flags = "includeactive=true&includeinactive=true"
    page = halo(**switches).get(f"asset?{flags}&{query}").json

    assert len(page["assets"]) == (rows or len(world.assets))


def test_internal_clients_can_be_left_out_and_no_row_marks_them(halo):
    talk = halo()
    rows = talk.get(f"client?{PAGED}&page_size=100&page_no=1").json["clients"]
    without = talk.get(f"client?{PAGED}&page_size=100&page_no=1&exclude_internal=true").json

    assert [c["name"] for c in rows if c not in without["clients"]] == ["Internal"]
    assert "internal" not in " ".join(rows[0])


def test_stock_locations_are_listed_on_request(halo):
    talk = halo()
    flag = "&includestocklocations=true"
    names = [s["name"] for s in talk.get(f"site?{PAGED}&page_size=100{flag}").json["sites"]]

    assert "Stock Room" in names
    assert "Stock Room" not in [s["name"] for s in talk.walk("site", "sites")]
    only = talk.get(f"site?{PAGED}{flag}&includenonstocklocations=false").json["sites"]
    assert [s["name"] for s in only] == ["Stock Room"]


def test_assets_are_filtered_by_type_client_site_and_tag(halo, world):
    talk = halo()
    asset = next(a for a in world.assets.values() if a.type == 103)

    def ids(query):
        return {a["id"] for a in talk.get(f"asset?{PAGED}&page_size=50&{query}").json["assets"]}

    assert ids("assettype_id=103") == {a.id for a in world.assets.values() if a.type == 103}
    assert ids("assettypes=103,111") >= ids("assettype_id=103")
    assert asset.id in ids(f"client_id={asset.client}&site_id={asset.site}&assettype_id=103")
    assert ids(f"inventory_number={asset.inventory_number}") == {asset.id}


def test_search_looks_into_names(halo, world):
    company = world.clients[12]
    word = company.name.split()[0]
    rows = halo().get(f"client?{PAGED}&search={word.lower()}").json["clients"]

    assert 12 in {c["id"] for c in rows}
    assert len(rows) < len(world.clients)


def test_an_unordered_tenant_ignores_the_order_asked_for(halo, world):
    rows = halo(order="unordered").get(f"client?{PAGED}&page_size=100").json["clients"]

    assert [c["id"] for c in rows] != sorted(world.clients)
    assert sorted(c["id"] for c in rows) == sorted(world.clients)


def test_descending_order(halo, world):
    rows = halo().get(f"client?{PAGED}&orderdesc=true&page_size=2").json["clients"]

    assert [c["id"] for c in rows] == sorted(world.clients, reverse=True)[:2]


@pytest.mark.parametrize(("mode", "kept"), [("ignored", True), ("filters", False)])
def test_a_date_filter_is_ignored_or_works(halo, world, mode, kept):
    talk = halo(last_update=mode)
    rows = talk.get(f"client?{PAGED}&lastupdatefromdate=2030-01-01T00:00:00").json["clients"]

    assert bool(rows) is kept


@pytest.mark.parametrize(("mode", "kind"), [("int", int), ("float", float)])
def test_a_sites_client_id_may_be_a_float(halo, mode, kind):
    site = halo(site_client_id=mode).get(f"site?{PAGED}").json["sites"][0]

    assert type(site["client_id"]) is kind


@pytest.mark.parametrize(("mode", "name"), [("null", None), ("blank", "  ")])
def test_some_names_are_null_or_blank(halo, world, mode, name):
    rows = halo(odd_names=mode).walk("asset", "assets")

    assert {a["key_field"] for a in rows if a["id"] % 40 == 0} == {name}
    assert all(a["key_field"] for a in rows if a["id"] % 40)


def test_asset_fields_come_only_with_an_asset_type(halo):
    talk = halo()

    def fields(query):
        rows = talk.get(f"asset?{PAGED}&{query}").json["assets"]
        return [f["name"] for a in rows for f in a["fields"]]

    assert fields("includeassetfields=true") == []
    assert set(fields("includeassetfields=true&assettype_id=103")) == {"Server Name"}


def test_icons_are_left_out_on_request(halo):
    talk = halo()
    icons = [talk.get(f"asset?{PAGED}{q}").json["assets"][0]["icon"] for q in ("", "&noicon=true")]

    assert icons[0].startswith("data:")
    assert icons[1] == ""


def test_rows_born_during_a_pull_shift_the_pages(halo, world):
    talk = halo()
    page = talk.get(f"asset?{PAGED}&page_size=50&page_no=1").json
    twin = next(iter(world.assets.values()))
    world.birth(Asset(1, twin.client, twin.site, twin.type, "EARLY", "1", 0))
    second = talk.get(f"asset?{PAGED}&page_size=50&page_no=2").json

    assert second["record_count"] == page["record_count"] + 1
    assert second["assets"][0]["id"] == page["assets"][-1]["id"]


def test_a_narrowed_login_gets_fewer_rows_and_a_smaller_total(halo, world):
    talk = halo()
    world.narrow(clients=[12])

    page = talk.get(f"asset?{PAGED}").json
    assert {a["client_id"] for a in page["assets"]} == {12}
    assert page["record_count"] == sum(a.client == 12 for a in world.assets.values())


@pytest.mark.parametrize(("switch", "status"), [(404, 404), (403, 403), (200, 200)])
def test_by_id_a_hidden_record_answers_in_one_of_three_ways(halo, world, switch, status):
    talk = halo(invisible_by_id=switch)
    world.narrow(clients=[12])

    assert talk.get("client/12").status == 200
    assert talk.get("client/13").status == status


def test_by_id_a_deleted_record_is_a_404(halo, world):
    talk = halo()
    asset = next(iter(world.assets.values()))
    world.death(asset)

    assert talk.get(f"asset/{asset.id}").status == 404
    assert talk.get("site/999999").status == 404


@pytest.mark.parametrize(("dates", "end"), [("bare", ":00"), ("z", "Z")])
def test_dates_come_without_or_with_an_offset(halo, dates, end):
    assert halo(dates=dates).get("client/12").json["alastupdate"].endswith(end)

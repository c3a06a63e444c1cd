"""Halo's rows: which fields name an asset, and what is left out."""

import pytest

from sync.core.pulls import State
from sync.errors import ConfigError
from tests.sync.sources.halo_night import (
    ASSETS,
    CLIENTS,
    SITES,
    assets,
    pull,
)
from tests.sync.sources.stand_in import (
    halo_world,
    says,
)


def test_a_missing_inactive_flag_is_unknown_not_active(halo):
    halo_world(halo, clients=[{"id": 1, "name": "A"}, {"id": 2, "name": "B", "inactive": True}])
    pulled = pull(halo)[CLIENTS]

    assert [r.active for r in pulled.records] == [None, False]


@pytest.mark.parametrize("name", [None, "", "   "])
def test_a_client_without_a_name_is_kept_with_what_it_has(halo, name):
    halo_world(halo, clients=[{"id": 1, "name": name}])
    (record,) = pull(halo)[CLIENTS].records

    assert record.name == (name or "")


def test_stock_sites_are_left_out_unless_wanted(halo):
    halo_world(halo, sites=[{"id": 1, "name": "Van", "client_id": 1, "isstocklocation": True}])

    assert pull(halo)[SITES].records == ()
    assert len(pull(halo, include_stock_sites=True)[SITES].records) == 1


def test_internal_clients_are_left_to_the_server(halo):
    pull(halo, exclude_internal=False)

    assert "exclude_internal" not in halo.asked("/api/Client")[0].query


TYPES = [{"id": 3, "name": "Laptop"}, {"id": 4, "name": "Server"}, {"id": 9, "name": "Monitor"}]


def test_asset_types_are_resolved_by_name_and_id(halo):
    halo.routes["/api/AssetType"] = says(TYPES)
    pull(halo, asset_types=("laptop", 4))

    assert halo.asked("/api/Asset")[0].query["assettypes"] == "3,4"


def test_ids_alone_need_no_look_up(halo):
    pull(halo, asset_types=(3, "4"))

    assert halo.asked("/api/Asset")[0].query["assettypes"] == "3,4"
    assert not halo.asked("/api/AssetType")


def test_an_unknown_asset_type_says_which_there_are(halo):
    halo.routes["/api/AssetType"] = says(TYPES)
    manifest = pull(halo, asset_types=("Notebook",))[ASSETS].manifest

    assert manifest.cause == "asset-type-unknown"
    assert "Notebook" in manifest.detail
    assert "Laptop, Monitor, Server" in manifest.detail


def test_assets_of_other_types_are_left_out_where_the_filter_is_ignored(halo):
    rows = [
        *assets(2, assettype_id=3),
        {"id": 50, "client_id": 1, "key_field": "M", "assettype_id": 9},
    ]
    halo_world(halo, assets=rows)
    pulled = pull(halo, asset_types=(3,))[ASSETS]

    assert (len(pulled.records), pulled.manifest.left_out) == (2, 1)
    assert pulled.manifest.state is State.COMPLETE


def test_templates_are_no_assets(halo):
    halo_world(halo, assets=assets(1, is_template=True))

    assert pull(halo)[ASSETS].records == ()


def test_an_own_field_is_asked_for_type_by_type(halo):
    halo.routes["/api/AssetType"] = says(TYPES[:2])

    def by_type(ask):
        kind = int(ask.query["assettype_id"])
        fields = [{"name": "Host Name", "value": f"PC-{kind}"}, {"name": "RAM", "value": 8}]
        row = {"id": kind, "client_id": 12, "assettype_id": kind, "fields": fields}
        return says({"record_count": 1, "assets": [row]})

    halo.routes["/api/Asset"] = by_type
    pulled = pull(halo, asset_name_fields=("field:host name",))[ASSETS]

    assert [r.name for r in pulled.records] == ["PC-3", "PC-4"]
    assert pulled.manifest.declared == 2
    assert {a.query["includeassetfields"] for a in halo.asked("/api/Asset")} == {"true"}


def test_a_field_that_holds_only_blanks_names_nothing(halo):
    halo_world(halo, assets=assets(1, key_field=" \t", inventory_number=" PC 1 "))
    (asset,) = pull(halo)[ASSETS].records

    assert (asset.name, asset.names) == (" PC 1 ", (("inventory_number", " PC 1 "),))


def test_a_name_field_that_vanished_from_every_row_withholds_the_list(halo):
    halo_world(halo, assets=[{"id": 1, "client_id": 12, "device_name": "LT-1"}])
    manifest = pull(halo)[ASSETS].manifest

    assert manifest.cause == "rows-rejected"
    assert "key_field: missing (1)" in manifest.detail


@pytest.mark.parametrize("fields", [(), ("hostname",), ("field:",), ("key_field", "field: ")])
def test_a_name_field_that_does_not_exist_is_a_configuration_error(halo, fields):
    with pytest.raises(ConfigError, match="asset_name_fields"):
        pull(halo, asset_name_fields=fields)

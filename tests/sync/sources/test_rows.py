"""One row at a time: what is converted, cleaned, rejected."""

import json

import msgspec
import pytest

from sync.core.records import HaloRecord, Kind
from sync.sources.halo_rows import Client, client_record
from sync.sources.rows import LONGEST_NAME, RowFault, RowReader, each, id_of, name_of

READER = RowReader(Client, each(client_record))


def raw(row):
    return msgspec.Raw(row if isinstance(row, bytes) else json.dumps(row).encode())


@pytest.mark.parametrize("value", [12, 12.0, "12", "12.0"])
def test_twelve_is_twelve_however_it_is_written(value):
    assert READER.read(raw({"id": value, "name": "A"}))[0] == "12"
    assert READER.read({"id": value, "name": "A"})[0] == "12"


@pytest.mark.parametrize("value", [True, 12.5, "twelve", "", None, [], 2**63, -(2**63) - 1, "null"])
def test_what_is_no_id_is_refused(value):
    for row in (raw({"id": value, "name": "A"}), {"id": value, "name": "A"}):
        with pytest.raises(RowFault, match=r"^id: "):
            READER.read(row)


def test_a_five_thousand_digit_id_is_refused():
    with pytest.raises(RowFault, match="id: out of range"):
        READER.read(raw(b'{"id":1' + b"0" * 5000 + b',"name":"A"}'))


@pytest.mark.parametrize("name", ["null", "true", "NA", "None", "00123", "1E5", " x ", "12-05"])
def test_names_stay_text_exactly_as_received(name):
    assert READER.read(raw({"id": 1, "name": name}))[1].name == name


def test_a_number_is_no_name():
    with pytest.raises(RowFault, match="name: wrong type"):
        READER.read(raw({"id": 1, "name": 5}))


def test_a_lone_surrogate_becomes_a_visible_marker():
    row = json.loads('{"id": 1, "name": "a\\ud800b"}')

    assert READER.read(row)[1].name == "a⟦U+D800⟧b"


def test_a_zero_byte_becomes_a_visible_marker():
    assert READER.read(raw({"id": 1, "name": "a\0b"}))[1].name == "a⟦U+0000⟧b"


def test_an_endless_name_equals_only_itself():
    long = "x" * 10_000
    cut = name_of(long)

    assert len(cut) <= LONGEST_NAME
    assert cut == name_of(long)
    assert cut != name_of(long + "y")
    assert cut != name_of(long[:-1] + "y")


def test_a_rejected_row_is_still_seen_by_its_id():
    assert id_of(raw({"id": 12.0, "name": 5})) == "12"
    assert id_of({"id": "ABC"}) == "abc"
    assert id_of(raw({"name": "A"})).startswith("?")
    assert id_of(raw({"name": "A"})) != id_of(raw({"name": "B"}))


def test_the_reason_never_quotes_the_value():
    with pytest.raises(RowFault) as caught:
        READER.read(raw({"id": "hunter2", "name": "A"}))

    assert "hunter2" not in str(caught.value)


def test_a_row_is_a_plain_record():
    assert READER.read(raw({"id": 1, "name": "A", "inactive": 1}))[1] == HaloRecord(
        Kind.COMPANY, "1", "A", active=False
    )

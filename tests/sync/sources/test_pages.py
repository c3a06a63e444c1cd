"""What counts as a page, and what is a typed error however it is dressed up."""

import json
import random

import pytest

from sync.sources.causes import Cause, Trouble
from sync.sources.pages import Envelope, read_page

AE = Envelope("items", "totalCount", keys=("id", "name"))
HALO = Envelope("clients", "record_count", ("results",), only_list=True, keys=("id", "name"))
AGENTS = Envelope("agents", "record_count", ("results",), only_list=True, bare=True, keys=("id",))


def cause(body, envelope=AE):
    with pytest.raises(Trouble) as caught:
        read_page(body if isinstance(body, bytes) else json.dumps(body).encode(), envelope)
    return caught.value.cause


def page(body, envelope=AE):
    return read_page(body if isinstance(body, bytes) else json.dumps(body).encode(), envelope)


def test_rows_and_total_are_found():
    found = page({"totalCount": 2, "items": [{"id": 1}, {"id": 2}], "novelty": []})

    assert (len(found.rows), found.total, found.bare) == (2, 2, False)


@pytest.mark.parametrize("key", ["clients", "results", "anything"])
def test_halos_envelopes(key):
    assert len(page({"record_count": 1, key: [{"id": 1}], "columns": [{"a": 1}]}, HALO).rows) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b"null",
        b"5",
        b'"text"',
        b'{"error":"x"}',
        b'{"record_count":0}',
        b'{"record_count":3,"columns":[{"a":1}]}',
        b'{"a":[{"id":1}],"b":[{"id":2}],"record_count":1}',
        b'{"clients":null,"record_count":0}',
        b'{"clients":{},"record_count":0}',
        b'{"clients":["a"],"record_count":1}',
        b'{"other":[],"record_count":0}',
        b"[1]",
        b'["{"]',
        b"[[]]",
        b"[null]",
    ],
)
def test_no_list_is_an_error_and_never_zero_rows(body):
    assert cause(body, HALO) is Cause.PAGE_SHAPE


def test_a_bare_list_of_rows_is_a_list_but_an_empty_one_is_not_an_envelope():
    assert page([{"id": 1}], HALO).bare
    assert cause([], HALO) is Cause.PAGE_SHAPE
    assert page([], AGENTS).rows == []
    assert cause([{"id": 1}], AE) is Cause.PAGE_SHAPE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html>Maintenance</html>",
        b"  <!DOCTYPE html>",
        b'{"items":[{"id":1}',
        b'{"items":[]}trailing',
        b"{'items':[]}",
        b'{"items":[{"id":NaN}],"totalCount":1}',
        b'{"items":[{"id":1,"ignored":Infinity}],"totalCount":1}',
        b'{"items":[{"id":1,"id":2}],"totalCount":1}',
        b'{"items":[{"id":1,"\\u0069d":2}],"totalCount":1}',
        b'{"items":[{"id":1,"name":"a","name":"b"},{"id":2}],"totalCount":1}',
        b'{"items":' + b"[" * 100_000 + b"]" * 100_000 + b',"totalCount":1}',
        b'{"items":[{"id":1,"x":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}]}",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_malformed_json_is_a_typed_error(body):
    assert cause(body) is Cause.PAGE_BROKEN


@pytest.mark.parametrize(
    "body", ['{"items":[{"name":"Müller"}]}'.encode("cp1252"), b"\xff\xfe{\0}\0"]
)
def test_anything_but_utf8_is_an_error(body):
    assert cause(body) is Cause.PAGE_ENCODING


def test_a_byte_order_mark_is_harmless():
    assert page(b'\xef\xbb\xbf{"items":[],"totalCount":0}').total == 0


def test_keys_inside_values_and_nested_objects_are_not_duplicates():
    row = {"id": 1, "name": 'say "id" twice: "id"', "custom": [{"id": 5, "name": "x"}]}

    assert len(page({"items": [row], "totalCount": 1}).rows) == 1


def test_a_word_like_nan_in_a_name_is_a_name():
    assert len(page({"items": [{"id": 1, "name": "NaN Infinity"}], "totalCount": 1}).rows) == 1


def test_a_lone_surrogate_does_not_cost_the_page():
    found = page(b'{"items":[{"id":1,"name":"a\\ud800b"},{"id":2,"name":"ok"}],"totalCount":2}')

    assert (len(found.rows), found.total) == (2, 2)


def test_a_huge_number_in_a_field_we_ignore_is_ignored():
    body = b'{"items":[{"id":1,"x":1' + b"0" * 5000 + b'}],"totalCount":1}'

    assert len(page(body).rows) == 1


@pytest.mark.parametrize("total", ["-1", '"2"', "1.5", "true", "null", "1e400", "9" * 30, "[]"])
def test_a_total_that_is_no_number_is_none(total):
    assert page(f'{{"items":[{{"id":1}}],"totalCount":{total}}}'.encode()).total is None


def test_fuzzed_bodies_never_raise_anything_else():
    rng = random.Random(7)
    whole = json.dumps(
        {"items": [{"id": n, "name": "Ä\ud800"[: n % 3]} for n in range(20)], "totalCount": 20}
    ).encode()
    for _ in range(4000):
        body = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(body))
            body[place : place + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        try:
            found = read_page(bytes(body), AE)
        except Trouble:
            continue
        assert found.total is None or found.total >= 0

"""What counts as a page, and what is a typed error however it is dressed up."""

import json
import random

import msgspec
import pytest

from sync.sources.causes import Cause, Trouble
from sync.sources.pages import Envelope, read_page
from sync.sources.rows import Id


class Thing(msgspec.Struct, gc=False):
    id: Id
    name: str | None = None


READ = {"keys": ("id", "name"), "row": Thing}
AE = Envelope("items", "totalCount", **READ)
HALO = Envelope("clients", "record_count", ("results",), only_list=True, **READ)
AGENTS = Envelope("agents", "record_count", ("results",), only_list=True, bare=True, **READ)


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
    assert page(b' [{"id": 1}]', HALO).bare
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


@pytest.mark.parametrize("total", [0, 1, 2**53])
def test_a_total_is_any_sensible_number(total):
    assert page({"items": [], "totalCount": total}).total == total
    assert page(strictly({"items": [], "totalCount": total})).total == total


def test_a_total_beyond_what_numbers_can_count_exactly_is_none():
    assert page({"items": [], "totalCount": 2**53 + 1}).total is None
    assert page(strictly({"items": [], "totalCount": -1})).total is None


def strictly(body):
    """The same page with something in it that only the strict reader can read."""
    if isinstance(body, dict):
        body = {"a \ud800": 1} | body
    return json.dumps(body).encode()


STRANGE = {"id": 1, "name": "a \ud800"}


def test_the_strict_reader_takes_the_same_pages():
    assert page(strictly({"items": [STRANGE, {"id": 2}], "totalCount": 2})).rows == [
        STRANGE,
        {"id": 2},
    ]
    assert page(strictly({"items": [], "totalCount": 0})).total == 0
    assert (found := page(strictly([STRANGE]), HALO)).bare
    assert (found.rows, found.total) == ([STRANGE], None)
    assert page(strictly({"items": []})).total is None


@pytest.mark.parametrize(
    "body",
    [
        STRANGE["name"],
        {"items": [5]},
        {"items": [[STRANGE]]},
        {"items": {"id": 1}},
        {"items": None},
        {"other": [STRANGE]},
        [STRANGE],
        [5, STRANGE],
    ],
)
def test_the_strict_reader_refuses_the_same_pages(body):
    assert cause(strictly(body)) is Cause.PAGE_SHAPE


def test_the_strict_reader_refuses_what_no_reader_should_take():
    for row in (b'{"id":1,"id":2}', b'{"id":NaN}', b'{"id":-Infinity}'):
        assert cause(b'{"a \\ud800":1,"items":[' + row + b"]}") is Cause.PAGE_BROKEN


def test_the_named_list_is_taken_however_many_others_there_are():
    body = {"record_count": 1, "clients": [{"id": 1}], "results": [{"id": 2}], "other": [{"id": 3}]}

    assert page(body, HALO).rows[0].id == 1
    del body["clients"]
    assert page(body, HALO).rows[0].id == 2
    del body["results"]
    assert page(body, HALO).rows[0].id == 3


def test_an_empty_list_is_taken_by_its_name_only():
    assert page({"record_count": 0, "clients": []}, HALO).rows == []
    assert cause({"record_count": 0, "other": []}, HALO) is Cause.PAGE_SHAPE


def test_a_list_of_another_name_is_no_list_where_the_name_is_known():
    assert cause({"totalCount": 1, "other": [{"id": 1}]}, AE) is Cause.PAGE_SHAPE


def test_a_key_that_is_spelled_with_an_escape_is_found_twice_too():
    twice = b'{"items":[{"\\u0069d":1,"\\u0069d":2}],"totalCount":1}'
    once = b'{"items":[{"\\u0069d":1}],"totalCount":1}'

    assert cause(twice) is Cause.PAGE_BROKEN
    assert len(page(once).rows) == 1


def test_a_key_that_nobody_reads_may_stand_twice():
    """It can change nothing, and reading every page twice for it would take the night."""
    assert len(page(b'{"items":[{"id":1,"x":1,"x":2}],"totalCount":1}').rows) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b" <html>", "HTML came instead of JSON"),
        (b"\xef\xbb\xbf<html>", "HTML came instead of JSON"),
        (b'{"a \\ud800":' + b"[" * 100_000, "nested too deeply"),
        (b'{"a \\ud800":1' + b"0" * 5_000 + b"}", "no well-formed JSON"),
        (b'{"items":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "nested too deeply"),
        (b'{"items":[}', "no well-formed JSON at byte 10"),
        (b'{"items":[{"id":NaN}]}', "NaN is no JSON number"),
        (b'{"items":[{"id":1,"id":2}]}', "an object holds the same key twice"),
        (b'{"items":"\xff"}', "no UTF-8 at byte 10"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_page_is_said(body, said):
    with pytest.raises(Trouble) as caught:
        read_page(body, AE)

    assert caught.value.detail == said


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

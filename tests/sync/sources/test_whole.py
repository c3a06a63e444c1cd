"""Pages decoded in one go: only those whose every row holds each key once, and then exactly."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sources import pages
from sync.sources.pages import Envelope, read_page
from sync.sources.rows import Id, RowReader
from sync.sources.whole import whole_rows


class Thing(msgspec.Struct, gc=False):
    id: Id
    name: str | None
    note: str | msgspec.UnsetType | None = msgspec.UNSET


READER = RowReader(Thing)
THINGS = Envelope("things", "count", keys=tuple(READER.keys), row=Thing)

VALUES = {
    "id": ("1", "2", "3"),
    "name": ('"a"', "null", '"name"', '""'),
    "note": ('"b"', "null"),
    "other": ("1", "{}", '{"id":5}', "[]"),
}
pair = st.sampled_from([(key, value) for key, values in VALUES.items() for value in values])
plain = st.permutations([("id", "1"), ("name", '"x"'), ("note", "null")])
row = st.one_of(plain, plain.map(lambda pairs: pairs[:2]), st.lists(pair, max_size=5))
rows = st.one_of(st.lists(plain), st.lists(row, max_size=4))


def listed(*rows):
    objects = ("{" + ",".join(f'"{key}":{value}' for key, value in row) + "}" for row in rows)
    return f"[{','.join(objects)}]".encode()


def body(*rows):
    return b'{"columns":[{"id":1}],"things":' + listed(*rows) + b"}"


def whole(*rows):
    return whole_rows(listed(*rows), Thing, THINGS.keys)


def holds_one_twice(row):
    keys = [key for key, _ in row if key in THINGS.keys]
    return len(set(keys)) < len(keys)


@given(rows)
def test_a_page_decoded_whole_is_the_page_read_row_by_row(written):
    found = whole(*written)

    if found is None:
        return
    one_by_one = read_page(body(*written), replace(THINGS, row=None)).rows
    assert [vars_of(r) for r in found] == [vars_of(READER.typed(r)) for r in one_by_one]
    assert not any(map(holds_one_twice, written))


def vars_of(thing):
    return msgspec.structs.asdict(thing).items() - {("note", msgspec.UNSET)}


@given(st.lists(plain))
def test_plain_pages_are_decoded_whole(written):
    assert len(whole(*written)) == len(written)
    assert all(isinstance(row, Thing) for row in read_page(body(*written), THINGS).rows)


@pytest.mark.parametrize(
    "odd",
    [
        [("id", "1"), ("name", '"a"'), ("name", '"b"')],
        [("id", "1"), ("id", "2"), ("name", '"b"')],
        [("id", "1")],
        [("id", '"x"'), ("name", '"a"')],
        [("id", "1"), ("name", '"id"')],
        [("id", "1"), ("name", '"a"'), ("other", '{"name":1}')],
        [("id", "1"), ("name", '"a"'), ("note", '"b"')],
    ],
)
def test_one_odd_row_sends_its_page_to_the_closer_look(odd):
    usual = [("id", "1"), ("name", '"x"')]

    assert whole(usual, odd) is None
    assert whole(odd, usual, usual) is None


def test_a_key_too_many_here_does_not_make_up_for_one_missing_there():
    twice = [("id", "1"), ("name", '"a"'), ("note", '"b"'), ("note", '"c"')]
    lacking = [("id", "2"), ("name", '"x"')]

    assert whole(twice, lacking) is None


@pytest.mark.parametrize(
    ("lacking", "plain"),
    [([("id", "2"), ("name", '"x"'), ("note", "null")], True), ([("id", "2")], False)],
)
def test_the_strict_reader_is_not_asked_where_no_key_can_stand_twice(monkeypatch, lacking, plain):
    """It is slow, and a row that lacks a key is no reason for it."""
    monkeypatch.setattr(pages, "strict_json", lambda _: pytest.fail("read again"))
    usual = [("id", "1"), ("name", '"a"'), ("note", '"b"')]

    page = read_page(body(usual, lacking), THINGS)

    assert (page.plain, len(page.rows)) == (plain, 2)


def test_an_empty_page_is_not_called_plain():
    assert read_page(body(), THINGS).plain is False

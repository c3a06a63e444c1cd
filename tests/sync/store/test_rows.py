"""How values reach the database: many rows in one statement, moments as text, fingerprints."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from sync.store.codec import WORD, as_text, content
from sync.store.db import ROWS_AT_ONCE, insert_many

THINGS = sa.table("thing", sa.column("run"), sa.column("name"), sa.column("note"))


@pytest.fixture
def conn():
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        opened.exec_driver_sql("CREATE TABLE thing (note, name NOT NULL, run)")
        yield opened


def stored(conn):
    return conn.exec_driver_sql("SELECT run, name, note FROM thing ORDER BY rowid").fetchall()


@pytest.mark.parametrize("count", [0, 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE - 1])
def test_every_row_arrives_once_and_in_order(conn, count):
    rows = [(f"n{i}", None if i % 2 else i) for i in range(count)]

    insert_many(conn, THINGS, ("name", "note"), rows, run=7)

    assert stored(conn) == [(7, *row) for row in rows]


def test_an_old_sqlite_takes_fewer_values_in_one_statement(conn):
    raw = conn.connection.dbapi_connection
    raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 10)
    rows = [(f"n{i}", i) for i in range(11)]

    insert_many(conn, THINGS, ("name", "note"), rows, run=7)

    assert stored(conn) == [(7, *row) for row in rows]


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.builds(
    lambda micros, zone: (EPOCH + timedelta(microseconds=micros)).astimezone(zone),
    st.integers(-6 * 10**16, 2 * 10**17),
    zones | st.just(UTC),
)


@given(moments | moments.map(lambda moment: moment.replace(microsecond=0)))
def test_a_moment_is_written_in_utc_to_the_microsecond(moment):
    assert as_text(moment) == moment.astimezone(UTC).isoformat(timespec="microseconds")


@given(st.lists(st.tuples(st.text(), st.none() | st.integers(0, 9))))
def test_a_fingerprint_is_the_sum_of_its_rows_own(rows):
    alone = [blake2b(msgspec.json.encode(row), digest_size=8).digest() for row in rows]

    assert content(rows) % WORD == sum(int.from_bytes(one, "big") for one in alone) % WORD
    assert content(rows) == content(reversed(rows))

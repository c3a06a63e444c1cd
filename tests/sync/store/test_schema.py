"""The migrated tables are the declared ones; older ones are brought along, newer ones refused."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import sync.store
from sync.store import schema, tables
from sync.store.db import Database
from sync.store.verify import GUARDED
from tests.sync.store.nightly import rows

METADATA = tables.Run.metadata
SHAPES = (
    "SELECT name, sql FROM sqlite_master"
    " WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE 'alembic%'"
)


def test_the_migrated_tables_are_the_models(store, path, tmp_path):
    fresh = tmp_path / "fresh.sqlite3"
    engine = sa.create_engine(f"sqlite:///{fresh}")
    METADATA.create_all(engine)
    engine.dispose()

    def shape(file):
        return {name: sorted(re.split(r"[,\n]+\s*", sql)) for name, sql in rows(file, SHAPES)}

    assert shape(path) == shape(fresh)


def test_alembic_sees_no_difference_either(path, store):
    database = Database(path, read_only=True, busy_seconds=1)
    with database.read() as conn:
        found = compare_metadata(MigrationContext.configure(conn), METADATA)
    database.close()

    assert found == []


def test_the_list_of_revisions_is_the_chain_of_files():
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    chain = [script.revision for script in scripts.walk_revisions()]

    assert tuple(reversed(chain)) == schema.REVISIONS


def test_migrations_are_inside_the_package_that_is_shipped():
    package = Path(sync.store.__file__).parent

    assert (package / "migrations" / "env.py").is_file()
    assert list((package / "migrations" / "versions").glob("0001_*.py"))


def test_what_must_not_change_is_kept_by_triggers(path, store):
    found = rows(path, "SELECT tbl_name FROM sqlite_master WHERE type='trigger'")

    assert {table for (table,) in found} == set(GUARDED)

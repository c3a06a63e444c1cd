"""Brings the database file to the tables this version knows: one transaction, backup first."""

import secrets
from pathlib import Path

import sqlalchemy as sa

from sync.errors import ConfigError
from sync.failpoint import failpoint
from sync.store.db import Database
from sync.store.place import APPLICATION_ID
from sync.store.runs import meta, set_meta

REVISIONS = ("0001",)
"""Oldest first; a test holds it against the files under migrations/versions."""
MIGRATIONS = Path(__file__).parent / "migrations"
INSTALL = "install"
"""What tells this installation from every other."""


def revision_of(conn: sa.Connection) -> str | None:
    """Read which migration the file is at; None for a file without tables."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def is_current(database: Database) -> bool:
    """Tell whether the tables are this version's; refuse those of a newer one."""
    with database.read() as conn:
        revision = revision_of(conn)
        stranger = revision is None and bool(sa.inspect(conn).get_table_names())
    if stranger:
        raise ConfigError(
            f"{database.path} is a database of another program",
            hint="Point `state_dir` to a folder of its own.",
        )
    if revision is not None and revision not in REVISIONS:
        raise ConfigError(
            f"the database {database.path} was written by a newer halosync (revision {revision})",
            hint="Install that version again, or restore the backup made before the upgrade.",
        )
    return revision == REVISIONS[-1]


def migrate(database: Database) -> None:
    """Run what is missing. Killed on the way, the file is as it was before."""
    # Alembic takes a fifth of a second to import; most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.write("migrate") as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
        if meta(conn, INSTALL) is None:
            set_meta(conn, INSTALL, secrets.token_hex(8))
        failpoint("migrate:upgraded")
        conn.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def refuse_old(database: Database) -> None:
    """A reader changes nothing, not even the tables."""
    raise ConfigError(
        f"the database {database.path} is of an older halosync",
        hint="The next run upgrades it, with a backup first.",
    )

"""What all tables share: names of constraints, moments in UTC, and the metadata of their own."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from sync.store.codec import as_text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)


class Utc(sa.TypeDecorator[datetime]):
    """An aware moment as ISO text in UTC: sorts as text, and reads well in any SQLite browser."""

    impl = sa.String
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(32)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else as_text(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


class Table(SQLModel, registry=registry(metadata=metadata)):
    """Base of all tables, with a metadata of its own."""

    metadata: ClassVar[sa.MetaData] = metadata

"""The tables: what is remembered of every run. SQLModel here is schema, never validation.

Four tables hold intervals (`record`, `verdict`, `finding`, `pair`): a row is written when something
begins and touched once when it ends, so that a night on which nothing changed costs nothing.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from sync.store.base import Table, Utc


class Meta(Table, table=True):
    """Single facts: the installation's id, the two tenants, the run that readers see."""

    key: str = Field(primary_key=True)
    value: str


class Run(Table, table=True):
    """One run. It is `started`, then `published`, `failed` (in words) or `died` (killed)."""

    __table_args__ = (
        sa.Index(
            "uq_run_slot_published", "slot", unique=True, sqlite_where=sa.text("state='published'")
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    slot: str
    started: datetime = Field(sa_type=Utc)
    timezone: str
    config_hash: str
    version: str
    state: str = Field(index=True)
    ended: datetime | None = Field(default=None, sa_type=Utc)
    why: str = ""
    """A failed run's sentence."""
    previous: int | None = None
    """The run published before this one."""
    open: int = 0
    linked: int = 0
    records: int = 0
    withheld: bool = False
    counts: str = "[]"
    doubts: str = "[]"
    systems: str = "{}"
    verdicts: int = 0
    verdict_content: str = ""
    findings_digest: str = ""
    digest: str = ""
    """SHA-256 over everything of this run that never changes, and the previous run's digest."""


class Observation(Table, table=True):
    """What one run saw of one collection: its manifest, and what the store held afterwards."""

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    collection: str = Field(primary_key=True)
    state: str
    manifest: str
    fingerprint: str
    listed: int
    """Records in tonight's list."""
    stored: int
    """Records that stood in the store after this run: the missing but unproven ones too."""
    content: str
    """Sum of the fingerprints of these rows, so that `verify` can tell whether one was lost."""


class Tally(Table, table=True):
    """How many open rows a list of intervals holds now, and the sums of their fingerprints."""

    collection: str = Field(primary_key=True)
    stored: int
    content: str
    remarks: str
    """Of what is written in place on them."""


class Record(Table, table=True):
    """One stretch of runs during which a record looked the same."""

    __table_args__ = (
        sa.Index(
            "uq_record_standing",
            "collection",
            "record_id",
            unique=True,
            sqlite_where=sa.text("last_run IS NULL"),
        ),
        sa.Index("ix_record_last_run", "last_run", sqlite_where=sa.text("last_run IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    collection: str
    record_id: str
    name: str
    parent: str | None = None
    """The id of its company or client."""
    place: str | None = None
    """The id of its location or site."""
    email: str
    active: int | None = None
    extra: str
    """The side's own fields as JSON."""
    first_run: int
    last_run: int | None = None
    """The last published run in which it stood so; NULL while it stands, and never touched then."""
    silent_since: str | None = None
    """Computers: day of the last check-in, once that is more than seven days ago."""
    missing_run: int | None = None
    """The run whose trusted list first lacked it, while nothing proves that it is gone."""
    gone_run: int | None = None
    """The run in which its own by-id request proved it gone."""


class Verdict(Table, table=True):
    """One stretch of runs during which the rules said the same of a record."""

    __table_args__ = (
        sa.Index(
            "uq_verdict_standing",
            "kind",
            "ae_id",
            unique=True,
            sqlite_where=sa.text("last_run IS NULL"),
        ),
        sa.Index("ix_verdict_last_run", "last_run", sqlite_where=sa.text("last_run IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    ae_id: str
    outcome: str
    rule: str
    halo_id: str | None = None
    detail: str
    """Rivals, differences and the rest as JSON; empty for most."""
    first_run: int
    last_run: int | None = None


class Finding(Table, table=True):
    """One finding from the run that opened it to the run that closed it; reopening is a new row."""

    __table_args__ = (
        sa.Index(
            "uq_finding_open",
            "kind",
            "ae_id",
            unique=True,
            sqlite_where=sa.text("closed_run IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    ae_id: str
    opened_run: int = Field(foreign_key="run.id")
    closed_run: int | None = Field(default=None, foreign_key="run.id")
    as_of: datetime | None = Field(default=None, sa_type=Utc)
    """While withheld: the start of the run that judged it last."""
    body: str


class Pair(Table, table=True):
    """The ledger: two records known to belong together, until a decision or a proof ends it."""

    __table_args__ = (
        sa.Index(
            "uq_pair_standing",
            "kind",
            "ae_id",
            unique=True,
            sqlite_where=sa.text("ended_run IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    ae_id: str
    halo_id: str
    origin: str
    ae_name: str
    halo_name: str
    created: str | None = None
    """AutoElevate's `createdAt`, as text in UTC."""
    made: str | None = None
    made_run: int
    ended_run: int | None = None
    ended_why: str = ""


class Decision(Table, table=True):
    """What somebody decided. Append-only: a later word overrides, nothing is taken out."""

    id: int | None = Field(default=None, primary_key=True)
    verb: str
    kind: str
    actor: str
    at: datetime = Field(sa_type=Utc)
    reason: str
    ae_id: str
    pattern: str
    halo_id: str
    expires: datetime | None = Field(default=None, sa_type=Utc)
    facts: str
    ae_name: str
    halo_name: str
    seal: str


class Outbox(Table, table=True):
    """One finished mail. Its bytes never change; after retention they are dropped, not edited."""

    __table_args__ = (sa.UniqueConstraint("run_id", "recipients"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    recipients: str
    subject: str
    message_id: str = Field(unique=True)
    body: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    body_sha256: str
    reduced: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    reduced_sha256: str


class Delivery(Table, table=True):
    """How far one mail got with one recipient. `accepted` never changes."""

    __table_args__ = (sa.UniqueConstraint("outbox_id", "recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox.id")
    recipient: str
    state: str = Field(index=True)
    reason: str = ""
    reduced: bool = False
    attempts: int = 0
    at: datetime | None = Field(default=None, sa_type=Utc)


class Page(Table, table=True):
    """The digest of one archive file of a run; the file itself lies on the shelf."""

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    name: str = Field(primary_key=True)
    sha256: str


class Quota(Table, table=True):
    """One request made to a route with an hourly quota."""

    __table_args__ = (sa.Index("ix_quota_route_at", "route", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    route: str
    at: datetime = Field(sa_type=Utc)


class Event(Table, table=True):
    """What happened, in order, append-only and without gaps."""

    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    collection: str | None = None
    """With `run_id`: the observation that the event cites."""
    at: datetime = Field(sa_type=Utc)
    kind: str
    actor: str
    body: str
    seal: str

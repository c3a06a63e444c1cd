"""The first tables, and the triggers that keep what must not change from changing."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TRIGGERS = {
    "event_kept": "BEFORE DELETE ON event",
    "event_fixed": "BEFORE UPDATE ON event",
    "decision_kept": "BEFORE DELETE ON decision",
    "decision_fixed": "BEFORE UPDATE ON decision",
    "run_kept": "BEFORE DELETE ON run",
    "run_fixed": "BEFORE UPDATE ON run WHEN OLD.state = 'published'",
    "observation_kept": "BEFORE DELETE ON observation",
    "observation_fixed": "BEFORE UPDATE ON observation",
    "outbox_kept": "BEFORE DELETE ON outbox",
    # Retention empties a mail's bytes; nothing puts others in their place.
    "outbox_fixed": "BEFORE UPDATE OF body, reduced ON outbox"
    " WHEN NEW.body IS NOT NULL OR NEW.reduced IS NOT NULL",
    "outbox_named": "BEFORE UPDATE OF id, run_id, recipients, subject, message_id, body_sha256,"
    " reduced_sha256 ON outbox",
    "delivery_kept": "BEFORE DELETE ON delivery",
    "delivery_accepted": "BEFORE UPDATE ON delivery WHEN OLD.state = 'accepted'",
}


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ae_id", sa.String(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("halo_id", sa.String(), nullable=False),
        sa.Column("expires", sa.String(32), nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("ae_name", sa.String(), nullable=False),
        sa.Column("halo_name", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ae_id", sa.String(), nullable=False),
        sa.Column("halo_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("ae_name", sa.String(), nullable=False),
        sa.Column("halo_name", sa.String(), nullable=False),
        sa.Column("created", sa.String(), nullable=True),
        sa.Column("made", sa.String(), nullable=True),
        sa.Column("made_run", sa.Integer(), nullable=False),
        sa.Column("ended_run", sa.Integer(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
    )
    op.create_index(
        "uq_pair_standing",
        "pair",
        ["kind", "ae_id"],
        unique=True,
        sqlite_where=sa.text("ended_run IS NULL"),
    )
    op.create_table(
        "quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
    )
    op.create_index("ix_quota_route_at", "quota", ["route", "at"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=True),
        sa.Column("extra", sa.String(), nullable=False),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=True),
        sa.Column("silent_since", sa.String(), nullable=True),
        sa.Column("missing_run", sa.Integer(), nullable=True),
        sa.Column("gone_run", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.create_index(
        "ix_record_last_run",
        "record",
        ["last_run"],
        unique=False,
        sqlite_where=sa.text("last_run IS NOT NULL"),
    )
    op.create_index(
        "uq_record_standing",
        "record",
        ["collection", "record_id"],
        unique=True,
        sqlite_where=sa.text("last_run IS NULL"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("config_hash", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended", sa.String(32), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=True),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("doubts", sa.String(), nullable=False),
        sa.Column("systems", sa.String(), nullable=False),
        sa.Column("verdicts", sa.Integer(), nullable=False),
        sa.Column("verdict_content", sa.String(), nullable=False),
        sa.Column("findings_digest", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_state"), "run", ["state"], unique=False)
    op.create_index(
        "uq_run_slot_published",
        "run",
        ["slot"],
        unique=True,
        sqlite_where=sa.text("state='published'"),
    )
    op.create_table(
        "tally",
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("remarks", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("collection", name=op.f("pk_tally")),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ae_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("halo_id", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(
        "ix_verdict_last_run",
        "verdict",
        ["last_run"],
        unique=False,
        sqlite_where=sa.text("last_run IS NOT NULL"),
    )
    op.create_index(
        "uq_verdict_standing",
        "verdict",
        ["kind", "ae_id"],
        unique=True,
        sqlite_where=sa.text("last_run IS NULL"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("collection", sa.String(), nullable=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_event_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ae_id", sa.String(), nullable=False),
        sa.Column("opened_run", sa.Integer(), nullable=False),
        sa.Column("closed_run", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.String(32), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["closed_run"], ["run.id"], name=op.f("fk_finding_closed_run_run")),
        sa.ForeignKeyConstraint(["opened_run"], ["run.id"], name=op.f("fk_finding_opened_run_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(
        "uq_finding_open",
        "finding",
        ["kind", "ae_id"],
        unique=True,
        sqlite_where=sa.text("closed_run IS NULL"),
    )
    op.create_table(
        "observation",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_observation_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "collection", name=op.f("pk_observation")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("reduced", sa.LargeBinary(), nullable=True),
        sa.Column("reduced_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_outbox_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sa.UniqueConstraint("run_id", "recipients", name=op.f("uq_outbox_run_id_recipients")),
    )
    op.create_table(
        "page",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_page_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "name", name=op.f("pk_page")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reduced", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_delivery_outbox_id_outbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("outbox_id", "recipient", name=op.f("uq_delivery_outbox_id_recipient")),
    )
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)

    for name, moment in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {name} {moment} BEGIN SELECT RAISE(ABORT, '{name}: never changes'); END"
        )

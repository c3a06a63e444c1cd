"""Runs the migrations on the connection it is given, in the transaction already open there."""

from alembic import context

from sync.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Run.metadata,
    render_as_batch=True,
)
context.run_migrations()

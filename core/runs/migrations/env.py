"""Alembic's entry: migrates over the connection that `core.runs.database` hands in.

By hand, for a new revision: see "Changing the schema" in the README.
"""

from alembic import context

from core.runs.schema import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Open a RunStore instead: it migrates its database by itself.")
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()

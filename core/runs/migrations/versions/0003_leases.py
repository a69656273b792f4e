"""Runs that go on: who may write a run, where it can be taken up again, and whose it is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("runs", sa.Column("owner", sa.String(64), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("name", sa.String(80), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("private", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("restarts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("checkpoint", sa.String(64), nullable=True))
    op.add_column("runs", sa.Column("expected", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("runs", sa.Column("measured", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("ix_runs_owner", "runs", ["owner"])

"""Runs that several web processes know: which task of the cluster holds one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("runs", sa.Column("task", sa.String(64), nullable=False, server_default=""))

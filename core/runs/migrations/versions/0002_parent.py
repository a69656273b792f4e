"""Runs that go on where another ended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    op.add_column("runs", sa.Column("parent_id", sa.String(32), nullable=True))

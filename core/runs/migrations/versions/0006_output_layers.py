"""Layers made by hand: runs from before output layers among them were recognized keep theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Say of these runs that an output layer was added, so that their weights still fit."""
    runs = sa.table("runs", sa.column("id", sa.String), sa.column("experiment", sa.JSON))
    connection = op.get_bind()
    for run_id, experiment in connection.execute(sa.select(runs.c.id, runs.c.experiment)).all():
        model = experiment.get("model", {})
        if model.get("kind") == "custom":
            changed = {**experiment, "model": {**model, "output_layer": "added"}}
            connection.execute(
                sa.update(runs).where(runs.c.id == run_id).values(experiment=changed)
            )

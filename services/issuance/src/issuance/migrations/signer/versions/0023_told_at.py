"""When a waiting name was told: what was decided before does not erase it."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    with op.batch_alter_table("waiting_holder") as table:
        table.add_column(sa.Column("told_at", UtcDateTime(), nullable=True))

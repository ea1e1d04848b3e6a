"""What is counted by the hour: tickets signed, tickets ended by request. Hours before this have none, and are over soon."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "hour_count",
        sa.Column("hour", UtcDateTime(), primary_key=True),
        sa.Column("what", sa.String(10), primary_key=True),
        sa.Column("whose", sa.String(80), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("hour_count")

"""How many tickets of an authority are signed in an hour. Hours before this have none, and are over soon."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "signatures",
        sa.Column("hour", UtcDateTime(), primary_key=True),
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("tickets", sa.Integer(), nullable=False),
    )

"""What scanners showed to inspectors, sent later."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "shown",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown_at", UtcDateTime, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("colour", sa.String(5), nullable=False),
        sa.Column("format", sa.String(3), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("ticket", sa.String(32), nullable=True),
        sa.Column("scanner", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("shown_day_ticket", "shown", ["day", "ticket"], unique=False)

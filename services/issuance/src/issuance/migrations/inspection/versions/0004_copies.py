"""Marks of shown tickets under a key of the day that is destroyed; coarse places; tickets that look copied.

What was stored before could be made anew from a ticket's number: those marks go at once.
"""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("shown") as table:
        table.add_column(sa.Column("cell", sa.String(12), nullable=True))
        table.alter_column("scanner", existing_type=sa.String(16), type_=sa.String(32), nullable=True)
        table.alter_column("shown_at", existing_type=UtcDateTime, nullable=True)
    op.execute("UPDATE shown SET ticket = NULL, scanner = NULL, shown_at = NULL")
    op.create_table(
        "shown_key",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "shown_copy",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("scanners", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "ticket"),
    )

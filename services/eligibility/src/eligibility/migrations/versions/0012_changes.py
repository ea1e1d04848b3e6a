"""What families told later, hearings, and grants that end on a day to come."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_change",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("changed_from", sa.Date(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("leaves_for", sa.String(12), nullable=True),
    )
    op.add_column("question", sa.Column("hearing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("decision", sa.Column("ended_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("decision", "ended_on")
    op.drop_column("question", "hearing")
    op.drop_table("told_change")

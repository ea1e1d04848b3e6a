"""By what the applications of one family are found, and whose siblings' own shares are to be looked at."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family_tie",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("household", sa.String(36)),
        sa.Column("home", sa.String(64), nullable=False),
    )
    op.create_index("family_household", "family_tie", ["household"])
    op.create_index("family_home", "family_tie", ["home"])
    op.create_table(
        "family_due",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_family_due_case_id", "family_due", ["case_id"])
    op.create_table(
        "not_siblings",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("other_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    for table in ("not_siblings", "family_due", "family_tie"):
        op.drop_table(table)

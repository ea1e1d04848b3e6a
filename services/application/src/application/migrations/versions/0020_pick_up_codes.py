"""Codes by which a ticket comes onto a child's phone."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pick_up_code",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("application_id"),
    )
    op.create_index("pick_up_by_end", "pick_up_code", ["expires_at"])


def downgrade() -> None:
    op.drop_table("pick_up_code")

"""What changes all passes is worked off over time, and goes on where it was when a process ends."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "remake",
        sa.Column("of", sa.String(32), primary_key=True),
        sa.Column("after", sa.String(22), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("remake")

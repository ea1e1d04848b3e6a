"""A pass is made anew when its first day comes and when its last is over: its front says so."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0033"
down_revision = "0031"


def upgrade() -> None:
    """Passes of before are made anew once, at their first day or, where that is past, spread over time."""
    with op.batch_alter_table("pass") as table:
        table.add_column(sa.Column("turns_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE pass SET turns_at = valid_from")
    is_turning = sa.text("turns_at IS NOT NULL")
    op.create_index("pass_turning", "pass", ["turns_at"], sqlite_where=is_turning, postgresql_where=is_turning)


def downgrade() -> None:
    op.drop_index("pass_turning", "pass")
    with op.batch_alter_table("pass") as table:
        table.drop_column("turns_at")

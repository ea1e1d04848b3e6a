"""How decisions that others have heard of ended, learnt after a restore."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TEXTS = {"outcome": 16, "ended_because": 24}


def upgrade() -> None:
    for name, length in TEXTS.items():
        op.add_column("told_elsewhere", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.add_column("told_elsewhere", sa.Column("ended_at", UtcDateTime, nullable=True))
    op.add_column("told_elsewhere", sa.Column("ended_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("told_elsewhere") as table:
        for name in (*TEXTS, "ended_at", "ended_on"):
            table.drop_column(name)

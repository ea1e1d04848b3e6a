"""Status lists of two bits, beside those of one."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "status_list_v2",
        sa.Column("shard", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("status_list", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("shard"),
    )
    op.create_table(
        "status_delta_v2",
        sa.Column("shard", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("delta", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "version"),
    )

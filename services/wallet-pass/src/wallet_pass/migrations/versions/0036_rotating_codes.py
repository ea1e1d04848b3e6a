"""Authorities that want a code which changes; the epoch in which phones were told of their passes."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "authority_rotation",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
    )
    op.add_column("update_counter", sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("update_counter", "epoch")
    op.drop_table("authority_rotation")

"""Authorities that want a code which changes."""

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


def downgrade() -> None:
    op.drop_table("authority_rotation")

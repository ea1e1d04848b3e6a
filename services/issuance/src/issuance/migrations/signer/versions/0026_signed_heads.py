"""Heads of chains of acts that were signed: none is signed shorter than before."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "signed_head",
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("chain", sa.String(64), primary_key=True),
        sa.Column("acts", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("signed_head")

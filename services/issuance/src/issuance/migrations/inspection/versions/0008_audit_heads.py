"""Signed heads of chains of acts, published beside the lists."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("signed_at", UtcDateTime(), primary_key=True),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
    )

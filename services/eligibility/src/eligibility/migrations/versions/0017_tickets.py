"""How tickets stand, what stands against a right to ride, and what the desk asked of a ticket."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("ticket_id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), nullable=False, index=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("valid_until", UtcDateTime, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.String(36), nullable=True),
    )
    op.create_table(
        "right_mark",
        sa.Column("application_id", sa.String(36), primary_key=True),
        sa.Column("what", sa.String(10), primary_key=True),
        sa.Column("child", sa.String(64), nullable=True, index=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=True),
    )
    op.create_table(
        "ticket_request",
        sa.Column("request_id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), nullable=False, index=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(255), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("refused", sa.String(40), nullable=False),
        sa.Column("answered_at", UtcDateTime, nullable=True),
    )


def downgrade() -> None:
    for name in ("ticket_request", "right_mark", "ticket"):
        op.drop_table(name)

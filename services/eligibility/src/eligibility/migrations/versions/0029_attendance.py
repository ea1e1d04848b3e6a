"""What schools say of the attendance of pupils."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("application_id", sa.String(36), primary_key=True),
        sa.Column("school_year", sa.String(7), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("school_number", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("differences", sa.String(), nullable=False),
        sa.Column("proven_school", sa.String(12), nullable=False),
        sa.Column("proven_at", UtcDateTime(), nullable=True),
        sa.Column("proven_by", sa.String(255), nullable=True),
        sa.Column("proven_why", sa.String(), nullable=False),
        sa.Column("waiting_grant", sa.String(36), nullable=True),
        sa.Column("look_from", sa.Date(), nullable=True),
    )
    condition = sa.text("look_from IS NOT NULL")
    op.create_index(
        "attendance_to_look_at",
        "attendance",
        ["authority_id", "application_id"],
        sqlite_where=condition,
        postgresql_where=condition,
    )


def downgrade() -> None:
    op.drop_table("attendance")

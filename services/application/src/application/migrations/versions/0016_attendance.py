"""What schools say of the pupils who apply for them."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_statement",
        sa.Column(
            "application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("school_year", sa.String(7), primary_key=True),
        sa.Column("school_number", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("said_by", sa.String(255), nullable=False),
        sa.Column("class_name", sa.String(20), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("differences", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("application_of_school", "application", ["school_number", "school_year", "id"])


def downgrade() -> None:
    op.drop_index("application_of_school", "application")
    op.drop_table("school_statement")

"""Who of the authority opened which document, and when; erased with the application."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_opening",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), nullable=False),
        sa.Column("document_id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("opening_of_application", "document_opening", ["application_id", "number"])
    op.create_index("opening_by_time", "document_opening", ["at"])


def downgrade() -> None:
    op.drop_table("document_opening")

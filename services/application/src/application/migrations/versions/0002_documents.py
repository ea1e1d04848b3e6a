"""Documents that families hand in, in parts; erased with their application."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(36)),
        sa.Column("added_at", UtcDateTime(), nullable=False),
    )
    op.create_index("document_of_application", "document", ["application_id", "added_at"])
    op.create_table(
        "document_part",
        sa.Column("document_id", sa.String(36), sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("document_part")
    op.drop_table("document")

"""Applications that are being written, their documents in parts, and where the link of one that was handed in leads."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _drafts()
    _draft_documents()
    _draft_document_parts()
    _submitted_drafts()


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("owner", sa.String(255)),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("changed", sa.String(), nullable=False),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("draft_by_edit", "draft", ["edited_at"])


def _draft_documents() -> None:
    op.create_table(
        "draft_document",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("draft_id", sa.String(36), sa.ForeignKey("draft.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
    )
    op.create_index("document_of_draft", "draft_document", ["draft_id", "added_at"])


def _draft_document_parts() -> None:
    op.create_table(
        "draft_document_part",
        sa.Column(
            "document_id", sa.String(36), sa.ForeignKey("draft_document.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _submitted_drafts() -> None:
    op.create_table(
        "submitted_draft",
        sa.Column(
            "application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("draft_id", sa.String(36), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("token_digest"),
    )


def downgrade() -> None:
    for table in ("submitted_draft", "draft_document_part", "draft_document", "draft"):
        op.drop_table(table)

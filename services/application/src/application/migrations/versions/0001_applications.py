"""Applications with their news, and the directory of schools."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _authorities()
    _schools()
    _applications()
    _news()


def _authorities() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("takes_part", sa.Boolean(), nullable=False),
    )


def _schools() -> None:
    op.create_table(
        "school",
        sa.Column("number", sa.String(12), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form", sa.String(4), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("authority_id", sa.String(32), sa.ForeignKey("authority.id"), nullable=False),
        sa.Column("operation", sa.String(2), nullable=False),
        sa.Column("operation_since", sa.Date()),
        sa.Column("search_text", sa.String(), nullable=False),
    )


def _applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("idempotency_key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("school_number", sa.String(12), nullable=False),
        sa.Column("school_year", sa.String(7), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.UniqueConstraint("owner", "idempotency_key"),
    )
    op.create_index("application_of_owner", "application", ["owner", "submitted_at", "id"])


def _news() -> None:
    op.create_table(
        "news",
        sa.Column(
            "application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("reference", sa.String(36), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("decision_id", sa.String(36)),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
    )


def downgrade() -> None:
    for table in ("news", "application", "school", "authority"):
        op.drop_table(table)

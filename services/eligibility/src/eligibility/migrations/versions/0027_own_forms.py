"""What authorities add to the form of an application."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_form",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("taken_over_from", sa.String(32)),
        sa.Column("editors", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(255)),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("valid_from", sa.Date()),
        sa.UniqueConstraint("authority_id", "version"),
    )
    op.create_index("own_form_of_authority", "own_form", ["authority_id", "created_at"])


def downgrade() -> None:
    op.drop_table("own_form")

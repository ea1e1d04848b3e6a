"""Rule sets of authorities, and the archive of every version that ever decided."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_set",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("rules_version", sa.String(120), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("origin", sa.String(120)),
        sa.Column("editors", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(255)),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("in_force_from", sa.Date()),
    )
    op.create_index("rule_set_of_authority", "rule_set", ["authority_id", "state", "in_force_from"])
    op.create_index("rule_set_published", "rule_set", ["state", "published_at"])
    op.create_table(
        "rule_set_archive",
        sa.Column("rules_version", sa.String(120), primary_key=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("rule_set_archive")
    op.drop_table("rule_set")

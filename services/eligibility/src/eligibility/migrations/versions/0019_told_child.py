"""What was told of the child of each application, which stays when the key of digests changes."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_child",
        sa.Column("application_id", sa.String(36), primary_key=True),
        sa.Column("child", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.String(64), nullable=False, index=True),
        sa.Column("told_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("told_child")

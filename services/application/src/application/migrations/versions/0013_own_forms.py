"""What authorities add to the form, and what a family answered."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_form",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
    )
    op.add_column("application", sa.Column("further", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("application") as table:
        table.drop_column("further")
    op.drop_table("own_form")

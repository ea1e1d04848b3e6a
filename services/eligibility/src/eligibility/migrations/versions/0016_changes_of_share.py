"""Of what a family told later, also what concerns its own share alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("told_change", sa.Column("share_only", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    told = sa.table("told_change", sa.column("share_only", sa.Boolean()))
    op.execute(told.delete().where(told.c.share_only))  # what was before did not keep them
    op.drop_column("told_change", "share_only")

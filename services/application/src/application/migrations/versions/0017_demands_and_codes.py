"""What was asked of who applied; codes for people without an account, links that only look, and wrong tries."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("demands", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("application") as table:
        table.drop_column("demands")

"""Of which ticket news tells: one ticket may be suspended, restored and signed anew several times."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("news", sa.Column("ticket_id", sa.String(36)))


def downgrade() -> None:
    op.drop_column("news", "ticket_id")

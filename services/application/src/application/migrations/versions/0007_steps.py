"""News of a ticket say which of its steps they are: clocks do not order them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("news", sa.Column("step", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("news", "step")

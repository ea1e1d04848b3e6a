"""The day on which the grant of a ticket ends, where that comes before what is signed."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("pass", sa.Column("early_end", sa.Date(), nullable=True))
    op.add_column("ticket_told", sa.Column("end_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket_told", sa.Column("last_day", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket_told", "last_day")
    op.drop_column("ticket_told", "end_step")
    op.drop_column("pass", "early_end")

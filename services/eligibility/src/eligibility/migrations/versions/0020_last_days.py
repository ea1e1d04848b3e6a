"""The day on which the grant of a ticket ends, where that comes before what is signed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("last_day", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "last_day")

"""The day on which the grant of a ticket ends, where that comes before what is signed; when a document was first
opened."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("document", sa.Column("opened_at", UtcDateTime, nullable=True))


def downgrade() -> None:
    op.drop_column("document", "opened_at")
    op.drop_column("ticket", "last_day")

"""The last step that was heard of a ticket: the API hears how it stands and nothing else. Of tickets from before, 0."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("known_ticket") as table:
        table.add_column(sa.Column("step", sa.Integer(), nullable=False, server_default="0"))

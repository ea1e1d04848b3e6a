"""What became of a request, and whose place a ticket took. Of requests from before nothing more is heard."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("known_ticket") as table:
        table.add_column(sa.Column("replaces", sa.Uuid(), nullable=True))
    with op.batch_alter_table("revocation_request") as table:
        table.add_column(sa.Column("state", sa.String(10), nullable=False, server_default="asked"))
        table.add_column(sa.Column("refused", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("tickets", sa.String(), nullable=False, server_default=""))

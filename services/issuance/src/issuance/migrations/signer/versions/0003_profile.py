"""The profile of the QR code: with the holder's name, or without personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for table in ("authority", "ticket"):
        op.add_column(table, sa.Column("qr_anonymous", sa.Boolean(), nullable=False, server_default=sa.false()))

"""A suspended pass; a pass that keeps its serial number when a changed ticket takes it over; what is told of tickets."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("pass", sa.Column("suspended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("pass", sa.Column("serial_number", sa.Uuid()))
    op.execute("UPDATE pass SET serial_number = ticket_id")
    op.create_index("pass_serial_number", "pass", ["serial_number"], unique=True)
    op.create_table(
        "ticket_told",
        sa.Column("ticket_id", sa.Uuid(), primary_key=True),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("switched_at", UtcDateTime()),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("renewed_at", UtcDateTime()),
        sa.Column("vdv", sa.LargeBinary()),
        sa.Column("qr", sa.String()),
    )
    op.execute(
        "INSERT INTO ticket_told (ticket_id, revoked_at, replaced, suspended) "
        "SELECT ticket_id, revoked_at, false, false FROM early_revocation"
    )
    op.drop_table("early_revocation")

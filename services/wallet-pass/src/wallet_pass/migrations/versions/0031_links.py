"""Links to passes end, and are renewed by the family; of those that have ended a digest is kept."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("pass", sa.Column("link_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("pass", sa.Column("link_until", UtcDateTime()))
    op.add_column("pass", sa.Column("link_ended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ticket_told", sa.Column("link_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ticket_told", sa.Column("link_ended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "ended_link",
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("serial_number", sa.Uuid(), sa.ForeignKey("pass.serial_number", ondelete="CASCADE"), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ended_link_of_pass", "ended_link", ["serial_number"])


def downgrade() -> None:
    op.drop_table("ended_link")
    for table, columns in (("ticket_told", ("link_ended", "link_number")), ("pass", ("link_ended", "link_until"))):
        for column in columns:
            op.drop_column(table, column)
    op.drop_column("pass", "link_number")

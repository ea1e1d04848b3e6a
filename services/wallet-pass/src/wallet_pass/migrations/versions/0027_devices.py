"""Phones and watches that asked to be told when a pass changes."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0027"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("pass", sa.Column("update_tag", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("push_token", sa.String(200), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("wanted_at", UtcDateTime()),
        sa.Column("pushed", sa.BigInteger(), nullable=False),
    )
    op.create_index(
        "device_due",
        "device",
        ["id"],
        sqlite_where=sa.text("wanted > pushed"),
        postgresql_where=sa.text("wanted > pushed"),
    )
    op.create_table(
        "registration",
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("device.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "serial_number", sa.Uuid(), sa.ForeignKey("pass.serial_number", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("tag", sa.BigInteger(), nullable=False),
    )
    op.create_index("registration_of_pass", "registration", ["serial_number"])
    counter = op.create_table(
        "update_counter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tag", sa.BigInteger(), nullable=False),
    )
    op.bulk_insert(counter, [{"id": 1, "tag": 0}])


def downgrade() -> None:
    op.drop_table("update_counter")
    op.drop_table("registration")
    op.drop_table("device")
    op.drop_column("pass", "update_tag")

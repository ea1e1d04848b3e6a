"""Whose inspector sent a scanner's log: an operator reads its own alone.

Of what was sent before nobody knows: it is counted for the operator of the ticket, and goes with the others after 30
days.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for name in ("shown", "shown_copy"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("operator_id", sa.Integer(), nullable=True))
    op.execute("UPDATE shown SET operator_id = organisation_id")
    op.execute("UPDATE shown_copy SET operator_id = organisation_id")


def downgrade() -> None:
    for name in ("shown", "shown_copy"):
        with op.batch_alter_table(name) as table:
            table.drop_column("operator_id")

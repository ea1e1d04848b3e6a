"""What a signer that was put back to an older copy asks of its tickets: decision, case, draw of the number, last day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("known_ticket") as table:
        table.add_column(sa.Column("decision_id", sa.Uuid()))
        table.add_column(sa.Column("case_id", sa.Uuid()))
        table.add_column(sa.Column("number_draw", sa.Integer()))
        table.add_column(sa.Column("last_day", sa.Date()))


def downgrade() -> None:
    with op.batch_alter_table("known_ticket") as table:
        for name in ("last_day", "number_draw", "case_id", "decision_id"):
            table.drop_column(name)

"""Who asked for a suspension: where a revocation takes two persons, the other one. Of those that stand it is known from
the steps of their tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("suspension", sa.Column("set_by", sa.String(255), nullable=False, server_default=""))
    op.execute(
        "UPDATE suspension SET set_by = COALESCE((SELECT audit.asked_by FROM audit JOIN ticket ON ticket.ticket_id = "
        "audit.ticket_id WHERE ticket.application_id = suspension.application_id AND audit.step = 'suspend' AND "
        "audit.reason = suspension.reason AND audit.at = suspension.set_at ORDER BY audit.id DESC LIMIT 1), '') "
        "WHERE lifted_at IS NULL AND party <> 'revocation'"
    )


def downgrade() -> None:
    op.drop_column("suspension", "set_by")

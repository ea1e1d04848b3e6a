"""Whose decision it was of which a digest is kept: an eligibility that was put back is told of all that were heard, not
only of those that have tickets. Of those of before it is known where a ticket has them, unless its family was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
_NAMES = ("decision_id", "application_id", "case_id")
DIGEST = sa.table("decision_digest", *(sa.column(each, sa.Uuid()) for each in _NAMES))
TICKET = sa.table("ticket", *(sa.column(each, sa.Uuid()) for each in _NAMES), sa.column("qr", sa.String()))
IS_SOMEBODYS = sa.func.coalesce(TICKET.c.qr, "-") != ""
"""An empty code is one that was erased, with its family."""


def upgrade() -> None:
    op.add_column("decision_digest", sa.Column("application_id", sa.Uuid(), nullable=True))
    op.add_column("decision_digest", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.add_column("decision_digest", sa.Column("outcome", sa.String(8), nullable=False, server_default=""))
    for name in ("application_id", "case_id"):
        own = sa.select(TICKET.c[name]).where(TICKET.c.decision_id == DIGEST.c.decision_id, IS_SOMEBODYS).limit(1)
        op.execute(DIGEST.update().values({name: own.scalar_subquery()}))
    op.execute("UPDATE decision_digest SET outcome = 'granted' WHERE application_id IS NOT NULL")
    op.create_index("ix_decision_digest_application_id", "decision_digest", ["application_id"])


def downgrade() -> None:
    op.drop_index("ix_decision_digest_application_id", "decision_digest")
    with op.batch_alter_table("decision_digest") as table:
        for name in ("application_id", "case_id", "outcome"):
            table.drop_column(name)

"""Suspensions by party and reason, whose right they are, one good ticket of a case, and grants that take another's place.

What was suspended before stays so, by nobody in particular; what was revoked for good by a person leaves no later ticket
of its application good by itself, where none has been issued since.
"""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0021"
down_revision = "0020"
GOES_ON = sa.text("state IN ('issued', 'suspended') AND last_day IS NULL")
NOT_LIFTED = sa.text("lifted_at IS NULL")
SUSPENDED = """
    INSERT INTO suspension (application_id, party, reason, set_at)
    SELECT application_id, 'unknown', coalesce(reason, ''), max(coalesce(issued_at, approved_at))
    FROM ticket WHERE state = 'suspended' GROUP BY application_id, coalesce(reason, '')
"""
REVOKED = """
    INSERT INTO suspension (application_id, party, reason, set_at)
    SELECT dead.application_id, 'revocation', dead.reason, max(dead.ended_at)
    FROM ticket AS dead JOIN audit ON audit.ticket_id = dead.ticket_id
    WHERE dead.state IN ('revoked', 'dropped') AND audit.step = dead.state AND audit.request_id IS NOT NULL
      AND dead.reason NOT IN ('lost', 'changed')
      AND NOT EXISTS (SELECT 1 FROM ticket AS other WHERE other.application_id = dead.application_id
                      AND other.state IN ('approved', 'held', 'issued', 'suspended'))
    GROUP BY dead.application_id, dead.reason
"""


def upgrade() -> None:
    op.add_column("waiting_grant", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.add_column("ended", sa.Column("followed_by", sa.Uuid(), nullable=True))
    op.create_index("ix_ended_followed_by", "ended", ["followed_by"])
    op.add_column("ticket", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.add_column("ticket", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("ticket", sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ticket_one_of_a_case", "ticket", ["case_id"], unique=True, sqlite_where=GOES_ON, postgresql_where=GOES_ON
    )
    op.create_table(
        "child_application",
        sa.Column("application_id", sa.Uuid(), primary_key=True),
        sa.Column("child", sa.String(64), primary_key=True),
    )
    op.create_index("ix_child_application_child", "child_application", ["child"])
    op.create_table(
        "suspension",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
    )
    op.create_index(
        "suspension_once", "suspension", ["application_id", "party", "reason"], unique=True,
        sqlite_where=NOT_LIFTED, postgresql_where=NOT_LIFTED,
    )  # fmt: skip
    op.execute("""
        UPDATE ticket SET last_day = (SELECT last_day FROM ended WHERE ended.ended_id = ticket.decision_id)
        WHERE state IN ('approved', 'held', 'issued', 'suspended')
    """)
    op.execute(SUSPENDED)
    op.execute(REVOKED)

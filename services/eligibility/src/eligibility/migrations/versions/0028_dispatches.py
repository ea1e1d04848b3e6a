"""How notices are on their way, step by step, and by which facts a delivery counts.

Notices of before have no dispatch: people noted how those were delivered.
"""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state IN ('provided', 'announced', 'queued', 'printed')")
HAS_DAY = sa.text("look_on IS NOT NULL")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("recipient", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("delivery", sa.Column("provided_at", UtcDateTime()))
    op.add_column("delivery", sa.Column("announced_at", UtcDateTime()))
    op.add_column("delivery", sa.Column("excluded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("delivery", sa.Column("failed_at", UtcDateTime()))
    op.drop_index("delivery_once", "delivery")
    op.create_index("delivery_to_recipient", "delivery", ["token", "recipient", "channel", "day"], unique=True)
    _dispatches()
    _steps()


def _dispatches() -> None:
    op.create_table(
        "dispatch",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("token", sa.String(32), sa.ForeignKey("notice.token", ondelete="CASCADE"), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("recipient", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("provided_at", UtcDateTime()),
        sa.Column("announced_at", UtcDateTime()),
        sa.Column("failure", sa.String(16)),
        sa.Column("day", sa.Date()),
        sa.Column("look_on", sa.Date()),
        sa.UniqueConstraint("token", "recipient", "number", name="dispatch_number"),
    )
    one_open = {"sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
    op.create_index("dispatch_open", "dispatch", ["token", "recipient"], unique=True, **one_open)
    op.create_index("dispatch_to_look_at", "dispatch", ["look_on"], sqlite_where=HAS_DAY, postgresql_where=HAS_DAY)
    op.create_index("dispatch_letters", "dispatch", ["authority_id", "way", "state", "since", "id"])
    op.create_index("dispatch_of_case", "dispatch", ["case_id"])


def _steps() -> None:
    op.create_table(
        "dispatch_step",
        sa.Column("token", sa.String(32), sa.ForeignKey("notice.token", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("dispatch_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("day", sa.Date()),
    )


def downgrade() -> None:
    """A second addressee's delivery of the same day and channel goes: the earlier program knows one addressee."""
    op.drop_table("dispatch_step")
    op.drop_table("dispatch")
    op.execute("DELETE FROM delivery WHERE recipient <> 0")
    op.drop_index("delivery_to_recipient", "delivery")
    with op.batch_alter_table("delivery") as table:
        for name in ("failed_at", "excluded", "announced_at", "provided_at", "recipient"):
            table.drop_column(name)
    op.create_index("delivery_once", "delivery", ["token", "channel", "day"], unique=True)

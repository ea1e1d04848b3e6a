"""Under which key what a family wrote is encrypted, and keys that are to be destroyed."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime
from shared.database.schema import WrongSchema

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = (
    ("application", "key_id", "application_by_key"),
    ("application", "draft_key_id", "application_by_draft_key"),
    ("draft", "key_id", "draft_by_key"),
)


def upgrade() -> None:
    for table, column, index in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(36)))
        op.create_index(index, table, [column])
    op.create_table(
        "ended_key",
        sa.Column("key_id", sa.String(36), primary_key=True),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("destroyed_at", UtcDateTime()),
    )
    waits = sa.text("destroyed_at IS NULL")
    op.create_index("ended_key_waiting", "ended_key", ["key_id"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    """Only where nothing is encrypted: the program of before cannot read it."""
    for table, column, _ in COLUMNS:
        named = sa.column(column)
        found = sa.select(named).select_from(sa.table(table, named)).where(named.is_not(None)).limit(1)
        if op.get_bind().execute(found).first() is not None:
            raise WrongSchema("what families wrote is encrypted: run `application keys decrypt-rows` first")
    op.drop_table("ended_key")
    for table, column, index in reversed(COLUMNS):
        op.drop_index(index, table)
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)

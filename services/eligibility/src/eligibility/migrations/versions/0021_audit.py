"""The audit trail's first form ends: its tables are written no more, and each chain goes on in shared's form."""

import sqlalchemy as sa
from alembic import op
from shared.audit.tables import ACT, CONTENT, HEAD

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`audit_head` stays as the place where the first form ends."""
    connection = op.get_bind()
    for table in (ACT, CONTENT, HEAD):
        table.create(connection, checkfirst=True)
    first = sa.table("audit_head", *map(sa.column, ("authority_id", "number", "hash")))
    ends = sa.select(first.c.authority_id, first.c.number, first.c.hash)
    connection.execute(HEAD.insert().from_select(["chain", "number", "hash"], ends))


def downgrade() -> None:
    """What was kept in the second form goes: the first cannot say it."""
    connection = op.get_bind()
    for table in (ACT, CONTENT, HEAD):
        connection.execute(table.delete())

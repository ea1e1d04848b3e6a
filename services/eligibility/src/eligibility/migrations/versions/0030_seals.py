"""Whether a notice bears its authority's seal, since when, or why not."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("seal", sa.String(10)))
    op.add_column("notice", sa.Column("sealed_at", UtcDateTime()))
    op.add_column("notice", sa.Column("seal_fault", sa.String(20)))
    waits = sa.text("seal = 'waiting'")
    op.create_index("notice_to_seal", "notice", ["written_at"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("notice_to_seal", "notice")
    with op.batch_alter_table("notice") as table:
        for column in ("seal_fault", "sealed_at", "seal"):
            table.drop_column(column)

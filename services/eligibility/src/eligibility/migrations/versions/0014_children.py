"""Which child a case is about, by digests under a key: the service makes them when it starts, from what the cases hold.

The digests before had no key, so that a name could be guessed from them: they are not kept.
"""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child_mark",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(8), nullable=False),
    )
    op.create_index("child_mark_digest", "child_mark", ["digest"])
    op.create_table(
        "told_apart",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("other_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_told_apart_other_id", "told_apart", ["other_id"])
    op.drop_table("child")


def downgrade() -> None:
    op.create_table(
        "child",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
    )
    op.create_index("child_key", "child", ["key"])
    op.drop_table("told_apart")
    op.drop_table("child_mark")

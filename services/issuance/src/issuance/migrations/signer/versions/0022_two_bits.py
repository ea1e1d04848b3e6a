"""Status lists of two bits: who was suspended when a shard was published last."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    with op.batch_alter_table("published_list") as table:
        table.add_column(sa.Column("suspended", sa.LargeBinary(), nullable=True))

"""Tables by which copies of one process agree which is active. Those for turns and limits are among shared's own."""

import sqlalchemy as sa

from shared.database.types import UtcDateTime

fenced = sa.MetaData()
"""Of a process of which only one copy may be active. Its own migrations make them."""

fence = sa.Table(
    "fence",
    fenced,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("holder", sa.Uuid, nullable=True),
    sa.Column("taken_at", UtcDateTime, nullable=True),
)
"""One row: how often a copy became active, and which was the last. It only rises: each transaction of an active copy
looks whether it is still the one."""

beat = sa.Table(
    "fence_beat",
    fenced,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
)
"""One row: when the active copy last said that it lives, by the database's clock. A row of its own: who says so waits
for none of the transactions that look at the fence."""

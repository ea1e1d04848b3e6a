"""Tables by which copies of one process agree."""

import sqlalchemy as sa

from shared.bus.tables import metadata
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

turn = sa.Table(
    "worker_turn",
    metadata,
    sa.Column("worker", sa.String(40), primary_key=True),
    sa.Column("holder", sa.Uuid, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
)
"""Whose turn a worker's work is, until when, and when a round of it last began; by the database's clock."""

shared_limit = sa.Table(
    "shared_limit",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("client", sa.String(64), primary_key=True),
    sa.Column("left_over", sa.Float, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)
"""Of who has asked lately: what is left in the bucket that all copies share. `client` is a digest; it goes as soon as
the bucket is full again, after a day at most."""

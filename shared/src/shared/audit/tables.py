"""The tables of every service's audit trail: acts in chains, what their digests are of, and how long each chain is."""

import sqlalchemy as sa

from shared.bus.tables import metadata

CHAIN_LENGTH, NAME_LENGTH = 64, 255

ACT = sa.Table(
    "audit_act",
    metadata,
    sa.Column("chain", sa.String(CHAIN_LENGTH), primary_key=True),
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),  # as it is hashed: ISO 8601, UTC, microseconds
    sa.Column("by", sa.String(NAME_LENGTH), nullable=False),
    sa.Column("act", sa.String(60), nullable=False),
    sa.Column("about", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("audit_act_about", "about"),
)
"""Nothing that a family said stands in it: `about` is an id, `digest` a hash whose salt lies in `audit_content`."""

CONTENT = sa.Table(
    "audit_content",
    metadata,
    sa.Column("chain", sa.String(CHAIN_LENGTH), primary_key=True),
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("about", sa.String(64), nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Index("audit_content_about", "about"),
)
"""What an act's digest is of: details, and digests of the rows that it wrote. Erased with the family; the act stays."""

HEAD = sa.Table(
    "audit_newest",
    metadata,
    sa.Column("chain", sa.String(CHAIN_LENGTH), primary_key=True),
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""The newest act of each chain: who cuts the end off is found out, and two writers queue here, at the end of their
transactions."""

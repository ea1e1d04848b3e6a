"""Snapshots, deltas, lists of issued tickets; what was asked for besides revocation."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("status_list", sa.Column("snapshot", sa.LargeBinary(), nullable=True))
    op.add_column("revocation_request", sa.Column("change", sa.String(10), nullable=False, server_default="revoke"))
    op.create_table(
        "status_delta",
        sa.Column("shard", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("delta", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "version"),
    )
    op.create_table(
        "issued_list",
        sa.Column("shard", sa.String(12), nullable=False),
        sa.Column("form", sa.String(3), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_list", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "form", "part"),
    )

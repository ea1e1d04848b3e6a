"""What waits, what is not good and what is not in a filter yet is found by indexes that have nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"

SEEN, NOT_GOOD = "state IN ('issued', 'suspended')", "state IN ('revoked', 'dropped', 'suspended')"
INDEXES = (
    ("waiting_grant_complete", "waiting_grant", ("received_at",), "lacks IS NULL"),
    ("ticket_not_good", "ticket", ("organisation_id", "number", "state"), NOT_GOOD),
    ("ticket_seen_until", "ticket", ("valid_until",), SEEN),
    ("ticket_seen_key", "ticket", ("qr_key", "sequence"), SEEN),
    ("ticket_seen_module", "ticket", ("vdv_module", "sequence"), SEEN),
    ("unlisted_code_of_shard", "unlisted_code", ("organisation_id", "shard"), None),
)


def upgrade() -> None:
    """Filters are read from all tickets once more: what they held was not written down."""
    op.add_column("waiting_grant", sa.Column("lacks", sa.String(10), server_default="something"))
    op.execute("UPDATE waiting_grant SET lacks = NULL")
    op.add_column("issued_list", sa.Column("keys", sa.LargeBinary()))
    op.create_table(
        "unlisted_code",
        sa.Column("ticket_id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
    )
    for name, table, columns, only in INDEXES:
        where = sa.text(only) if only else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.execute(
        "INSERT INTO unlisted_code (ticket_id, organisation_id, shard)"
        " SELECT ticket_id, ticket.organisation_id, ticket.number / 1048576 FROM ticket LEFT JOIN issued_list"
        " ON issued_list.organisation_id = ticket.organisation_id AND issued_list.number = ticket.number / 1048576"
        " WHERE vdv IS NOT NULL AND (issued_list.version IS NULL OR issued_at >= issued_list.published_at)"
    )


def downgrade() -> None:
    """Filters are read from all tickets, as before."""
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_table("unlisted_code")
    op.drop_column("issued_list", "keys")
    op.drop_column("waiting_grant", "lacks")

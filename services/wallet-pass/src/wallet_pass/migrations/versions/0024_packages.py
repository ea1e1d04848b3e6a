"""Signed packages lie in a table of their own: beside the short columns, every look at a pass read them.

What is told of a ticket is ordered by the ticket's own steps.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0021"

INDEXES = (
    ("pass_packed", ("package_digest",), "package_digest IS NOT NULL"),
    ("pass_to_move", ("token",), "package IS NOT NULL"),
)


def upgrade() -> None:
    """What is kept moves after it, in small steps (`wallet-pass migrate`)."""
    op.create_table(
        "package",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.add_column("pass", sa.Column("package_digest", sa.String(64)))
    for name in ("switch_step", "renew_step"):
        op.add_column("ticket_told", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name, columns, only in INDEXES:
        op.create_index(name, "pass", columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only))


def downgrade() -> None:
    """Packages go back into their rows."""
    op.execute(
        "UPDATE pass SET package = (SELECT content FROM package WHERE digest = package_digest) WHERE package IS NULL"
    )
    for name, _, _ in INDEXES:
        op.drop_index(name, "pass")
    for name in ("switch_step", "renew_step"):
        op.drop_column("ticket_told", name)
    op.drop_column("pass", "package_digest")
    op.drop_table("package")

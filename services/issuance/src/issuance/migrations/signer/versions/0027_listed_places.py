"""Places of the status list that are not good, though no ticket has them here: known by others, or asked to be revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "listed_place",
        sa.Column("organisation_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("ticket_id", sa.Uuid()),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """What is listed beside the tickets is lost with it."""
    op.drop_table("listed_place")

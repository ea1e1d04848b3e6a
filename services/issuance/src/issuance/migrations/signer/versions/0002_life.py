"""Lists as they were published (for deltas and filters), the life of a ticket, its audit record."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "published_list",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "number"),
    )
    op.create_table(
        "issued_list",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "number"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(255), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_index(op.f("ix_audit_ticket_id"), "audit", ["ticket_id"], unique=False)
    with op.batch_alter_table("ticket", naming_convention={"uq": "%(table_name)s_%(column_0_name)s_key"}) as ticket:
        ticket.add_column(sa.Column("generation", sa.Integer(), nullable=False, server_default="1"))
        ticket.add_column(sa.Column("replaces", sa.Uuid(), nullable=True))
        ticket.add_column(sa.Column("qr_key", sa.LargeBinary(), nullable=True))
        ticket.drop_constraint("ticket_decision_id_key", type_="unique")
        ticket.create_unique_constraint("ticket_decision_generation", ["decision_id", "generation"])
        ticket.create_unique_constraint("ticket_replaces", ["replaces"])

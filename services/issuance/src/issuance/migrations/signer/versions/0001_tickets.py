"""Tickets, what waits for them, shards of the status lists, the authorities' terms."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_announcement()
    _create_authority()
    _create_counter()
    _create_ended()
    _create_shard()
    _create_ticket()
    _create_waiting_grant()
    _create_waiting_holder()


def _create_announcement() -> None:
    op.create_table(
        "announcement",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("announced_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )


def _create_authority() -> None:
    op.create_table(
        "authority",
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.Integer(), nullable=False),
        sa.Column("product_owner_id", sa.Integer(), nullable=False),
        sa.Column("passenger_type", sa.Integer(), nullable=False),
        sa.Column("area_organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id"),
    )


def _create_counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _create_ended() -> None:
    op.create_table(
        "ended",
        sa.Column("ended_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("ended_id"),
    )
    op.create_index(op.f("ix_ended_ended_at"), "ended", ["ended_at"], unique=False)


def _create_shard() -> None:
    op.create_table(
        "shard",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "number"),
    )


def _create_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.Integer(), nullable=False),
        sa.Column("product_owner_id", sa.Integer(), nullable=False),
        sa.Column("passenger_type", sa.Integer(), nullable=False),
        sa.Column("area_organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_number", sa.Integer(), nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("valid_until", UtcDateTime, nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(8), nullable=True),
        sa.Column("token_id", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("approved_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("issued_at", UtcDateTime, nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("vdv", sa.LargeBinary(), nullable=True),
        sa.Column("qr", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("ticket_id"),
        sa.UniqueConstraint("decision_id"),
        sa.UniqueConstraint("organisation_id", "number"),
        sa.UniqueConstraint("sequence"),
        sa.UniqueConstraint("token_id"),
    )
    op.create_index(op.f("ix_ticket_application_id"), "ticket", ["application_id"], unique=False)
    op.create_index("ticket_to_sign", "ticket", ["state", "sequence"], unique=False)


def _create_waiting_grant() -> None:
    op.create_table(
        "waiting_grant",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    op.create_index(op.f("ix_waiting_grant_application_id"), "waiting_grant", ["application_id"], unique=False)
    op.create_index(op.f("ix_waiting_grant_received_at"), "waiting_grant", ["received_at"], unique=False)


def _create_waiting_holder() -> None:
    op.create_table(
        "waiting_holder",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(8), nullable=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("application_id"),
    )
    op.create_index(op.f("ix_waiting_holder_received_at"), "waiting_holder", ["received_at"], unique=False)

"""What the signer published, known tickets, requests to revoke, counts of inspections."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_certificate()
    _create_inspection()
    _create_known_ticket()
    _create_revocation_request()
    _create_status_list()
    _create_trust_list()


def _create_certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _create_inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspected_at", UtcDateTime, nullable=False),
        sa.Column("format", sa.String(3), nullable=True),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_inspection_inspected_at"), "inspection", ["inspected_at"], unique=False)


def _create_known_ticket() -> None:
    op.create_table(
        "known_ticket",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("product", sa.Integer(), nullable=True),
        sa.Column("valid_from", UtcDateTime, nullable=True),
        sa.Column("valid_until", UtcDateTime, nullable=True),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index(op.f("ix_known_ticket_application_id"), "known_ticket", ["application_id"], unique=False)
    op.create_index("known_ticket_number", "known_ticket", ["number"], unique=False)


def _create_revocation_request() -> None:
    op.create_table(
        "revocation_request",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(255), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("request_id"),
    )
    op.create_index(op.f("ix_revocation_request_ticket_id"), "revocation_request", ["ticket_id"], unique=False)


def _create_status_list() -> None:
    op.create_table(
        "status_list",
        sa.Column("shard", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("status_list", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shard"),
    )


def _create_trust_list() -> None:
    op.create_table(
        "trust_list",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trust_list", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )

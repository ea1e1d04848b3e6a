"""Passes, the authorities' designs, revocations that came before their ticket."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_pass()
    _create_authority_design()
    _create_early_revocation()


def _create_pass() -> None:
    op.create_table(
        "pass",
        sa.Column("token", sa.String(22), primary_key=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("authentication_token", sa.String(43), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("valid_until", UtcDateTime(), nullable=False),
        sa.Column("vdv", sa.LargeBinary(), nullable=False),
        sa.Column("qr", sa.String(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("package", sa.LargeBinary()),
        sa.Column("package_due", sa.Boolean(), nullable=False),
        sa.Column("google", sa.String(8), nullable=False),
    )
    op.create_index("ix_pass_authority_id", "pass", ["authority_id"])
    for name, condition in (("pass_package_due", "package_due"), ("pass_google_due", "google = 'due'")):
        op.create_index(name, "pass", ["token"], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def _create_authority_design() -> None:
    op.create_table(
        "authority_design",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("issuer_de", sa.String(100), nullable=False),
        sa.Column("issuer_en", sa.String(100), nullable=False),
        sa.Column("background", sa.String(7), nullable=False),
        sa.Column("foreground", sa.String(7), nullable=False),
        sa.Column("label", sa.String(7), nullable=False),
    )


def _create_early_revocation() -> None:
    op.create_table(
        "early_revocation",
        sa.Column("ticket_id", sa.Uuid(), primary_key=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=False),
    )

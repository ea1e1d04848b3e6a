"""Authorities, places, cases, decisions, notices, audit."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_authority()
    _create_school()
    _create_entrance()
    _create_address()
    _create_case_file()
    _create_decision()
    _create_notice()
    _create_audit()


def downgrade() -> None:
    for table in ("audit", "notice", "decision", "case_file", "address", "entrance", "school", "authority"):
        op.drop_table(table)


def _create_authority() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("settings", sa.String(), nullable=False),
    )


def _create_school() -> None:
    op.create_table(
        "school",
        sa.Column("number", sa.String(12), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("form", sa.String(4), nullable=False),
        sa.Column("form_number", sa.String(4), nullable=False),
        sa.Column("kind", sa.String(8)),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("municipality", sa.String(12), nullable=False),
        sa.Column("authority_number", sa.String(12), nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("opening_key", sa.String(2), nullable=False),
        sa.Column("opening_date", sa.String(10), nullable=False),
        sa.Column("tracks", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(36), nullable=False),
    )
    op.create_index("school_around", "school", ["form", "lat", "lon"])


def _create_entrance() -> None:
    op.create_table(
        "entrance",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("school_number", sa.String(12), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_index("ix_entrance_school_number", "entrance", ["school_number"])


def _create_address() -> None:
    op.create_table(
        "address",
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("house_number", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("city_key", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("imported_by", sa.String(36), nullable=False),
    )
    for name, column in (
        ("address_key", "key"),
        ("address_city_key", "city_key"),
        ("address_imported_by", "imported_by"),
    ):
        op.create_index(name, "address", [column])


def _create_case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("application_id", sa.String(36), nullable=False, unique=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("school_number", sa.String(12), nullable=False),
        sa.Column("school_year", sa.String(7), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("submission", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("ways", sa.String(), nullable=False),
    )
    op.create_index("case_of_authority", "case_file", ["authority_id", "state", "opened_at", "id"])


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("own_share_cents", sa.Integer()),
        sa.Column("covered_cents", sa.Integer()),
        sa.Column("distance_m", sa.Double()),
        sa.Column("limit_m", sa.Integer()),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("rules_version", sa.String(120), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("ways", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(255), nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.Column("released_at", UtcDateTime()),
        sa.Column("released_by", sa.String(255)),
        sa.Column("withdrawn_at", UtcDateTime()),
    )
    op.create_index("ix_decision_case_id", "decision", ["case_id"])


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("decision_id", sa.String(36), sa.ForeignKey("decision.id", ondelete="CASCADE"), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("pdf", sa.LargeBinary()),
    )
    op.create_index("ix_notice_decision_id", "notice", ["decision_id"])
    unprinted = sa.text("pdf IS NULL")
    op.create_index("notice_to_print", "notice", ["written_at"], sqlite_where=unprinted, postgresql_where=unprinted)


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
    )
    op.create_index("audit_of_case", "audit", ["case_id", "at"])

"""Hazards, doors, who drew entrances, streets for the search, imports."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_hazard()
    _create_entrance_set()
    _create_door()
    _create_street()
    _create_import_run()


def downgrade() -> None:
    for table in ("import_run", "street", "door", "entrance_set", "hazard"):
        op.drop_table(table)


def _create_hazard() -> None:
    op.create_table(
        "hazard",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("ways", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("levels", sa.String(), nullable=False),
        sa.Column("season", sa.String(11), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(255)),
        sa.Column("ended_at", UtcDateTime()),
    )
    op.create_index("hazard_of_authority", "hazard", ["authority_id", "ended_at"])


def _create_entrance_set() -> None:
    op.create_table(
        "entrance_set",
        sa.Column("school_number", sa.String(12), primary_key=True),
        sa.Column("authority_id", sa.String(32), nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
    )


def _create_door() -> None:
    op.create_table(
        "door",
        sa.Column("authority_id", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("city_key", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("house_number", sa.String(32), nullable=False),
        sa.Column("postal_code", sa.String(10), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
    )
    op.create_index("door_city_key", "door", ["authority_id", "city_key"])


def _create_street() -> None:
    op.create_table(
        "street",
        sa.Column("street", sa.String(), primary_key=True),
        sa.Column("city", sa.String(), primary_key=True),
        sa.Column("postal_codes", sa.String(), nullable=False),
    )


def _create_import_run() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
    )
    op.create_index("ix_import_run_kind", "import_run", ["kind"])

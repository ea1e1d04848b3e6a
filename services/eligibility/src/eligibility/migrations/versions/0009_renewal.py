"""A case for each school year of an application; what was told, for the next year; which grants were looked at."""

import sqlalchemy as sa
from alembic import op
from shared.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAMES = {"uq": "%(table_name)s_%(column_0_name)s_key"}
"""As PostgreSQL names it; SQLite's has no name."""


def upgrade() -> None:
    _unique(["application_id"], ["application_id", "school_year"], "case_file_application_id_key", "case_of_year")
    op.create_table(
        "told",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("content", sa.String(), nullable=False),
    )
    op.create_table(
        "renewal",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("school_year", sa.String(7), nullable=False),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("renewal")
    op.drop_table("told")
    _unique(["application_id", "school_year"], ["application_id"], "case_of_year", "case_file_application_id_key")


def _unique(_old: list[str], columns: list[str], before: str, after: str) -> None:
    """SQLite makes the table anew. Its foreign keys rest meanwhile: dropping the old one would erase every decision."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(before, "case_file", type_="unique")
        op.create_unique_constraint(after, "case_file", columns)
        return
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise RuntimeError("the migration needs a connection")
    cursor = raw.cursor()
    _switch(cursor, "OFF")
    with op.batch_alter_table("case_file", recreate="always", naming_convention=NAMES) as batch:
        batch.drop_constraint(before, type_="unique")
        batch.create_unique_constraint(after, columns)
    if cursor.execute("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError("rows without their case")
    _switch(cursor, "ON")


def _switch(cursor: object, state: str) -> None:
    """Only outside a transaction; the migration's own begins anew after it."""
    for statement in ("COMMIT", f"PRAGMA foreign_keys={state}", "BEGIN IMMEDIATE"):
        cursor.execute(statement)  # type: ignore[attr-defined]

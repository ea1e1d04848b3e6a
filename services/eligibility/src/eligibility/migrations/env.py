"""Alembic's entry: shared knows how."""

from eligibility.store import Row
from eligibility.store.row_security import ROW_SECURITY
from shared.database.migration import run

run(Row.metadata, ROW_SECURITY)

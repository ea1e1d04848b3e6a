"""Alembic's entry: shared knows how."""

from application.store import Row
from application.store.row_security import ROW_SECURITY
from shared.database.migration import run

run(Row.metadata, ROW_SECURITY)

"""Alembic's entry for the API's database."""

from issuance.store.inspection import Row
from issuance.store.inspection.row_security import ROW_SECURITY
from shared.database.migration import run

run(Row.metadata, ROW_SECURITY)

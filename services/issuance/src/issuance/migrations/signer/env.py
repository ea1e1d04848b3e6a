"""Alembic's entry for the signer's database."""

from issuance.store.signer import Row
from issuance.store.signer.row_security import ROW_SECURITY
from shared.database.migration import run

run(Row.metadata, ROW_SECURITY)

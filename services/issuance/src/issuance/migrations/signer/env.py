"""Alembic's entry for the signer's database."""

from issuance.store.signer import Row
from shared.database.migration import run

run(Row.metadata)

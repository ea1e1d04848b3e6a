"""Alembic's entry for the signer's database."""

from issuance.store.signer.signer_rows import Row
from shared.database.migration import run

run(Row.metadata)

"""Alembic's entry for the API's database."""

from issuance.store.inspection import Row
from shared.database.migration import run

run(Row.metadata)

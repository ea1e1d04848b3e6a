"""Alembic's entry: shared knows how."""

from eligibility.store import Row
from shared.database.migration import run

run(Row.metadata)

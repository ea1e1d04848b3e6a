"""Alembic's entry: shared knows how."""

from application.store import Row
from shared.database.migration import run

run(Row.metadata)

"""Reads the services' databases, whichever kind they are."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from local.cluster.plan import ClusterPlan, database_of
from local.system.plan import Plan

PATIENCE_SECONDS = 20.0


def read_rows(plan: Plan, service: str, query: str, *values: object) -> list[sqlite3.Row]:
    """The rows of a query with `?` for each value. Raises the driver's errors."""
    if isinstance(plan, ClusterPlan):
        return _of_postgresql(plan, service, query, *values)
    return _of_sqlite(plan.database(service), query, *values)


def _of_sqlite(path: Path, query: str, *values: object) -> list[sqlite3.Row]:
    told = [each.hex if isinstance(each, UUID) else each for each in values]
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(query, told).fetchall()


def _of_postgresql(plan: ClusterPlan, service: str, query: str, *values: object) -> list[sqlite3.Row]:
    """In the shape of the other's: a row of SQLite's takes its names from a cursor and holds any values."""
    with plan.postgresql.connect(database=database_of(service)) as connection:
        found = connection.execute(query.replace("?", "%s").encode(), values or None)
        rows, names = found.fetchall(), [each.name for each in found.description or ()]
    with closing(sqlite3.connect(":memory:")) as memory:
        named = memory.execute("SELECT " + ", ".join(f'NULL AS "{name}"' for name in names))
        return [sqlite3.Row(named, row) for row in rows]


def damage(plan: Plan, service: str) -> list[str]:
    """What is broken in a database itself, whatever it holds."""
    if isinstance(plan, ClusterPlan):
        checksums = "SELECT checksum_failures FROM pg_stat_database WHERE datname = ? AND checksum_failures > 0"
        broken = read_rows(plan, service, checksums, database_of(service))
        indexes = read_rows(plan, service, "SELECT 1 FROM pg_index WHERE NOT indisvalid")
        return [f"{len(each)} {what}" for each, what in ((broken, "pages"), (indexes, "indexes")) if each]
    whole = read_rows(plan, service, "PRAGMA integrity_check")[0][0]
    astray = read_rows(plan, service, "PRAGMA foreign_key_check")
    return [*([whole] if whole != "ok" else []), *([f"{len(astray)} rows point to nothing"] if astray else [])]

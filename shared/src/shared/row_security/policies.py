"""The policies of PostgreSQL, made of the table of accesses; and whether a database has them as this program needs.

Each policy has the digest of its text as its comment, as PostgreSQL spells expressions its own way: so a database that
has them already is left alone, and waits for no lock.
"""

import hashlib
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from shared.row_security.access import WORKER, Access, Bound, TableAccess

SEEN, READ, ADDED = "schulticket_seen", "schulticket_read", "schulticket_added"


def policies_of(table: str, access: Access) -> dict[str, str]:
    """By name, what stands behind CREATE POLICY name ON table."""
    seen = " OR ".join(f"({each})" for each in (WORKER, *_sql(table, access.bounds)))
    made = {SEEN: f"FOR ALL USING ({seen}) WITH CHECK ({seen})"}
    if access.reads:
        made[READ] = f"FOR SELECT USING ({' OR '.join(_sql(table, access.reads))})"
    if access.adds:
        made[ADDED] = f"FOR INSERT WITH CHECK ({' OR '.join(_sql(table, access.adds))})"
    return made


def _sql(table: str, bounds: tuple[Bound, ...]) -> list[str]:
    return [each.sql.replace("%(table)s", table) for each in bounds]


def apply_policies(connection: Connection, declared: TableAccess) -> None:
    """Give the tables what they are declared with, in this transaction. By their owner; SQLite is left alone."""
    if connection.dialect.name == "sqlite":
        return
    _make_functions(connection, declared.functions)
    there = _state(connection)
    for table, access in declared.tables.items():
        wanted = policies_of(table, access)
        if there.get(table) == _as_kept(wanted):
            continue
        for name in there.get(table, {}):
            if name not in _FLAGS:
                connection.exec_driver_sql(f"DROP POLICY {name} ON {table}")
        for name, text in wanted.items():
            connection.exec_driver_sql(f"CREATE POLICY {name} ON {table} {text}")
            connection.exec_driver_sql(f"COMMENT ON POLICY {name} ON {table} IS '{_digest(text)}'")
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def drop_policies(connection: Connection) -> None:
    """For a way back to a program that does not say for whom it asks: all rows are seen again."""
    if connection.dialect.name == "sqlite":
        return
    for table, found in _state(connection).items():
        for name in found.keys() - _FLAGS:
            connection.exec_driver_sql(f"DROP POLICY {name} ON {table}")
        connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def fault_of_policies(connection: Connection, declared: TableAccess, command: str) -> str | None:
    """What is wrong, with the remedy; None where each table has its policies, and they hold for its owner too.

    Args:
        command: as an operator types it, for example `issuance signer`.
    """
    if connection.dialect.name == "sqlite":
        return None
    there = _state(connection)
    wrong = [
        table for table, access in declared.tables.items() if there.get(table) != _as_kept(policies_of(table, access))
    ]
    if not wrong:
        return None
    return f"row-level security is not as this program needs it at {', '.join(sorted(wrong))}. Run `{command} migrate`"


_FLAGS = {"enabled", "forced"}


def _as_kept(policies: Mapping[str, str]) -> dict[str, str]:
    return {"enabled": "yes", "forced": "yes", **{name: _digest(text) for name, text in policies.items()}}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_STATE = sa.text(
    "SELECT c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, p.polname AS policy, "
    "obj_description(p.oid, 'pg_policy') AS digest FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') "
    "AND (c.relrowsecurity OR c.relforcerowsecurity OR p.oid IS NOT NULL)"
)


def _state(connection: Connection) -> dict[str, dict[str, str]]:
    """Of each table that has any: its policies with their digests, and whether they are in force."""
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(_STATE).mappings():
        of = found.setdefault(row["table"], {})
        of |= {name: "yes" for name in _FLAGS if row[name]}
        if row["policy"] is not None:
            of[row["policy"]] = row["digest"] or ""
    return found


def _make_functions(connection: Connection, functions: Mapping[str, str]) -> None:
    for name, text in functions.items():
        connection.exec_driver_sql(f"CREATE OR REPLACE FUNCTION {name}{text}")

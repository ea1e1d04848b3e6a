"""A database as it is after years: the rows of a few real applications, multiplied, and no statistics of them.

Every id is another one in each copy, the same in all tables, so that what belongs together still does. What is no id
(authority, school, state, days) is as it was: all copies are of one authority and of one year.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

ROWS = 50_000
SHARED = {
    "address", "alembic_version", "announcement", "authority", "pass_design", "design_picture", "counter", "entrance", "ended_session",
    "hour_count", "issued_list", "published_list", "rule_set", "school", "shard", "signed_head", "stream_state",
    "status_list", "status_list_v2", "status_delta", "status_delta_v2", "trust_list", "certificate", "shown_key",
    "archived_rules", "audit_newest", "audit_head", "audit_heads", "list_copy", "failed_work", "sqlite_sequence",
    "fence", "fence_beat", "worker_turn", "shared_limit", "application_trace", "installation",
}  # fmt: skip
"""Tables that do not grow with the applications."""
ID = re.compile(r"[0-9A-Za-z_.-]{16,}")
STAYS_LITTLE = {
    "case_file": "state NOT IN ('review', 'prepared')",
    "question": "answered_at IS NOT NULL",
    "message": "read_at IS NOT NULL",
    "mail": "state <> 'waiting'",
    "override_proposal": "closed_at IS NOT NULL",
}
"""What is copied: on people's piles lies what came of late, however much was done before."""
LONG = 600
"""Bytes of a picture, a package or a document; their copies are cut to so many, and the plans are the same."""


@dataclass(frozen=True)
class Copying:
    """What the two databases write differently: the number of a copy, as `i`, in a value."""

    numbers: str
    head: str
    whole: str
    blob: str


SQLITE = Copying(
    "(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)",
    "printf('%08x', i) || substr({0}, 9)",
    "printf('%08x', i) || {0}",
    "CAST(printf('%08x%s', i, hex(substr({0}, 1, 4))) AS BLOB)",
)
POSTGRESQL = Copying(
    "(SELECT generate_series({first}, {last}) AS i)",
    "lpad(to_hex(i), 8, '0') || substr({0}::text, 9)",
    "lpad(to_hex(i), 8, '0') || {0}",
    "decode(lpad(to_hex(i), 8, '0'), 'hex') || substr({0}, 1, 8)",
)


def multiply(engine: sa.Engine, rows: int = ROWS) -> Mapping[str, int]:
    """Fill every table that has rows, and does not stay small, with about `rows`; long contents are cut. Nobody else may
    have the database open. Returns how many each table has."""
    with engine.connect() as connection:
        _let_be(connection)
        grown = grown_tables(connection)
        for table, there in grown.items():
            insert = copy_of(
                connection, table, {each.name for each in grown}, range(1, 1 + max(1, rows // there)), LONG
            )
            connection.exec_driver_sql(insert)
        connection.commit()
        return {table.name: _count(connection, table) for table in grown}


def grown_tables(connection: sa.Connection) -> Mapping[sa.Table, int]:
    """Those that grow with the applications and have rows, each with how many."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    counted = {table: _count(connection, table) for table in metadata.sorted_tables if table.name not in SHARED}
    return {table: count for table, count in counted.items() if count}


def _let_be(connection: sa.Connection) -> None:
    """Nothing is checked or written through: the copies fit by how they are made."""
    if connection.dialect.name == "sqlite":
        connection.rollback()
        raw = connection.connection.driver_connection
        assert raw is not None
        for pragma in (
            "foreign_keys=OFF",
            "synchronous=OFF",
            "secure_delete=OFF",
            "journal_mode=MEMORY",
            "cache_size=-200000",
        ):
            raw.execute(f"PRAGMA {pragma}")
    else:
        connection.execute(sa.text("SET session_replication_role = replica"))


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def copy_of(  # of what, how often
    connection: sa.Connection,
    table: sa.Table,
    grown: Collection[str],
    numbers: range,
    cut: int | None = None,
    only: str = "true",
) -> str:
    """A statement that copies a table's rows once for each number. `grown`: names of all tables that are copied. `cut`:
    bytes of a long content that are left; None: all. `only`: which rows."""
    sqlite = connection.dialect.name == "sqlite"
    write, name = (SQLITE if sqlite else POSTGRESQL), f'"{table.name}"'
    if not sqlite:
        connection.execute(sa.text(f"ALTER TABLE {name} SET (autovacuum_enabled = false)"))
    given = [column for column in table.columns if not _is_counted(column, table)]
    samples = connection.execute(sa.select(table).limit(50)).mappings().all()
    values = [_value(column, table, samples, grown, write, cut) for column in given]
    columns = ", ".join(f'"{column.name}"' for column in given)
    copies = write.numbers.format(first=numbers.start, last=numbers.stop - 1)
    sql = f"INSERT INTO {name} ({columns}) SELECT {', '.join(values)} FROM {name}, {copies} AS n"
    sql += f" WHERE {only} AND {STAYS_LITTLE.get(table.name, 'true')}"
    return (
        sql.replace("INSERT", "INSERT OR IGNORE", 1) if sqlite else f"{sql} ON CONFLICT DO NOTHING".replace("%", "%%")
    )


def _is_counted(column: sa.Column[object], table: sa.Table) -> bool:
    """Given by the database."""
    return isinstance(column.type, sa.Integer) and [*table.primary_key.columns] == [column]


def _value(
    column: sa.Column[object],
    table: sa.Table,
    samples: Sequence[sa.RowMapping],
    grown: Collection[str],
    write: Copying,
    cut: int | None,
) -> str:
    quoted = f'"{column.name}"'
    if any(key.column.table.name not in grown for key in column.foreign_keys):
        return quoted
    seen = [row[column.name] for row in samples if row[column.name] is not None]
    is_unique = _is_unique(column, table)
    if seen and isinstance(seen[0], bytes):
        return write.blob.format(quoted) if is_unique else quoted if cut is None else f"substr({quoted}, 1, {cut})"
    if seen and isinstance(column.type, sa.Uuid) and not isinstance(seen[0], str):
        return f"({write.head.format(quoted)})::uuid"
    if seen and all(isinstance(each, str) and ID.fullmatch(each) for each in seen):
        return write.head.format(quoted)
    if is_unique and seen and isinstance(seen[0], str):
        return write.whole.format(quoted)
    if is_unique and seen and isinstance(seen[0], int):
        return f"{quoted} + i"
    return quoted


def _is_unique(column: sa.Column[object], table: sa.Table) -> bool:
    """By itself, or the last part of what names a row."""
    parts = [
        [*each.columns] for each in table.constraints if isinstance(each, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
    ]
    parts += [[*each.columns] for each in table.indexes if each.unique]
    return any(each and each[-1] is column and len(each) == 1 for each in parts) or column.name in (
        "number",
        "sequence",
    )

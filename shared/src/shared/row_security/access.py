"""Who sees which rows of a table: data, kept by each service beside its tables (`store/row_security.py`).

A worker sees all rows of each table, and writes them. What is written here comes on top: for whom a request may read
and write a row (`Access.bounds`), only read (`reads`), or only add (`adds`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from shared.row_security.asking import PREFIX


def value_of(name: str) -> str:
    """SQL: the value that the transaction was told, looked up once for a statement; NULL where there is none."""
    return f"(SELECT NULLIF(current_setting('{PREFIX}{name}', true), ''))"


WORKER = f"{value_of('worker')} IS NOT NULL"
REQUEST = f"{value_of('request')} IS NOT NULL"


class Operation(Protocol):
    """A line of a service's policy table."""

    @property
    def works_as(self) -> str:
        """The name under which it sees all rows; empty: it sees those of its caller."""


class Bound(NamedTuple):
    """SQL that is true of the rows that somebody sees. `columns`: those of the table that it reads."""

    sql: str
    columns: tuple[str, ...] = ()


def by_authority(column: str = "authority_id") -> Bound:
    """Staff of the school authority that this column names."""
    return Bound(f"{column} = {value_of('authority')}", (column,))


def by_account(column: str) -> Bound:
    """The account that this column names."""
    return Bound(f"{column} = {value_of('account')}", (column,))


def by_school(column: str = "school_number") -> Bound:
    """The office of the school that this column names."""
    return Bound(f"{column} = {value_of('school')}", (column,))


def by_operator(column: str = "organisation_id") -> Bound:
    """Staff of the transport operator that this column names."""
    return Bound(f"{column} = {value_of('operator')}::integer", (column,))


def part_of(table: str, column: str, key: str = "id") -> Bound:
    """Who sees the row of `table` to which this one belongs."""
    # OFFSET 0: looked up by its key for each row. Else PostgreSQL may read the whole table of all authorities first
    looked_up = f"SELECT 1 FROM {table} AS whole WHERE whole.{key} = %(table)s.{column} OFFSET 0"  # noqa: S608  # names out of our own tables
    return Bound(f"EXISTS ({looked_up})", (column,))


def where(sql: str, *columns: str) -> Bound:
    """Anything else, as SQL."""
    return Bound(sql, columns)


def anybody() -> Bound:
    """Every request, also without a sign-in."""
    return Bound(REQUEST)


@dataclass(frozen=True)
class Access:
    """Of one table."""

    bounds: tuple[Bound, ...] = ()
    """Who reads and writes a row, beside workers."""
    reads: tuple[Bound, ...] = ()
    adds: tuple[Bound, ...] = ()
    rights: str = "SELECT, INSERT, UPDATE, DELETE"
    """Of the running role, whoever it works for."""


def workers_only(rights: str = "SELECT, INSERT, UPDATE, DELETE") -> Access:
    """Work of the service itself, and no request."""
    return Access(rights=rights)


@dataclass(frozen=True)
class TableAccess:
    """Of all tables of a database."""

    tables: Mapping[str, Access]
    workers: frozenset[str] = frozenset()
    """The names under which this service works for itself, each of which sees all rows."""
    functions: Mapping[str, str] = field(default_factory=dict)
    """Of PostgreSQL, which policies ask: by name, the whole of its definition after CREATE FUNCTION."""

    def require_workers(self, names: Iterable[str], policy: Mapping[str, Operation] | None = None) -> None:
        """Raises UnnamedWorker for one that the table does not name: at PostgreSQL it would see all rows, which
        somebody must have said.

        Args:
            policy: of the operations some work under a name too.
        """
        operations = (each.works_as for each in (policy or {}).values() if each.works_as)
        if unnamed := sorted({*names, *operations} - self.workers):
            raise UnnamedWorker(f"workers without a name in the table of row security: {unnamed}")

    def with_tables_of(self, other: "TableAccess") -> "TableAccess":
        """Both tables as one."""
        return TableAccess(
            {**other.tables, **self.tables}, self.workers | other.workers, {**other.functions, **self.functions}
        )


class UnnamedWorker(Exception):
    """A worker that no table of row security names."""

"""Which rows belong to one application: those that name it, and all that go with them."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

Belongings = Mapping[sa.Table, sa.ColumnElement[bool]]
"""By table: which of its rows. Parents come before their children."""


def with_children(metadata: sa.MetaData, named: Belongings) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """`named`, and the tables whose rows go with them (ON DELETE CASCADE), over however many tables."""
    found = dict(named)
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            parent = key.column.table
            if key.ondelete != "CASCADE" or parent is table or parent not in found or table in named:
                continue
            along = key.parent.in_(sa.select(key.column).where(found[parent]))
            found[table] = sa.or_(found[table], along) if table in found else along
    return found


@dataclass(frozen=True)
class FamilyTables:
    """Where a service keeps something of an application."""

    metadata: sa.MetaData
    named: Sequence[sa.Column[Any]]
    """Columns that name the application, each of another table."""
    along: Sequence[tuple[sa.Column[Any], sa.Column[Any]]] = ()
    """Of tables without a foreign key: their column, and that of a table of an application which it is equal to."""

    def of(self, application_id: UUID) -> Belongings:
        """Which rows are of this application."""
        named = {each.table: each == _value(each, application_id) for each in self.named}
        found = with_children(self.metadata, named)
        for column, target in self.along:
            found[column.table] = column.in_(sa.select(target).where(found[target.table]))
        return found

    def applications_of(self, connection: sa.Connection, authority_id: str) -> list[UUID]:
        """All of an authority, by id."""
        found: set[UUID] = set()
        for each in self.named:
            if "authority_id" in each.table.c:
                mine = sa.select(each).where(each.table.c.authority_id == authority_id, each.is_not(None)).distinct()
                found.update(UUID(str(value)) for value in connection.execute(mine).scalars())
        return sorted(found)

    def authority_of(self, connection: sa.Connection, application_id: UUID) -> str | None:
        """To which it went; None where nothing is kept of it."""
        for each in self.named:
            if "authority_id" in each.table.c:
                mine = sa.select(each.table.c.authority_id).where(each == _value(each, application_id)).limit(1)
                if (found := connection.execute(mine).scalar_one_or_none()) is not None:
                    return str(found)
        return None


def count_rows(connection: sa.Connection, belongings: Belongings) -> dict[str, int]:
    """By name of the table, without those that hold none."""
    counted = {
        table.name: int(connection.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar_one())
        for table, mine in belongings.items()
    }
    return {name: rows for name, rows in sorted(counted.items()) if rows}


PlainRow = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""From a table's name and a row as it is kept to what its family wrote."""


def read_rows(
    connection: sa.Connection, table: sa.Table, mine: sa.ColumnElement[bool], plain_row: PlainRow | None = None
) -> Iterator[dict[str, Any]]:
    """One row at a time, as JSON has them: bytes as base64, moments and days as ISO 8601, ids as text.

    Args:
        plain_row: of a service that keeps values encrypted.
    """
    for row in connection.execute(sa.select(table).where(mine).order_by(*table.primary_key)).mappings():
        kept = {each.name: row[each.name] for each in table.columns}
        told = kept if plain_row is None else plain_row(table.name, kept)
        yield {name: _plain(value) for name, value in told.items()}


def _value(column: sa.Column[Any], application_id: UUID) -> UUID | str:
    return application_id if isinstance(column.type, sa.Uuid) else str(application_id)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

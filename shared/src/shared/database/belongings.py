"""Which rows belong to one application: those that name it, and all that go with them by a foreign key."""

from collections.abc import Mapping

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


def count_rows(connection: sa.Connection, belongings: Belongings) -> dict[str, int]:
    """By name of the table, without those that hold none."""
    counted = {
        table.name: int(connection.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar_one())
        for table, mine in belongings.items()
    }
    return {name: rows for name, rows in sorted(counted.items()) if rows}

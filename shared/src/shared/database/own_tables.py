"""Shared's own tables in a service's database (outbox, inbox, dead letters, failed work), brought up to date."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler

from shared.bus.tables import dead_letter, metadata


def bring_up_to_date(connection: sa.Connection) -> None:
    """Make shared's tables, and give the columns and indexes that are new to those that are there.

    They belong to no service's history, so they only grow: a new column may be empty or has a default, and the program
    of before goes on with it.
    """
    _leave_old_dead_letters(connection)
    metadata.create_all(connection)
    found = sa.inspect(connection)
    for table in metadata.sorted_tables:
        there = {column["name"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                connection.execute(AddColumn(column))
        for index in table.indexes:
            index.create(connection, checkfirst=True)


class AddColumn(sa.schema.ExecutableDDLElement):
    """A column that is new in a table of shared's."""

    def __init__(self, column: sa.Column[Any]) -> None:
        self.column = column


@compiles(AddColumn)
def _write_add_column(element: AddColumn, compiler: DDLCompiler, **_: Any) -> str:
    table = compiler.preparer.format_table(element.column.table)
    return f"ALTER TABLE {table} ADD COLUMN {compiler.get_column_specification(element.column)}"


def _leave_old_dead_letters(connection: sa.Connection) -> None:
    """The table of before took two messages at one sequence for one, and lost the second after a stream was made anew.

    SQLite cannot drop a constraint: the rows move into a table of today.
    """
    found = sa.inspect(connection)
    if not found.has_table(dead_letter.name):
        return
    there = [column["name"] for column in found.get_columns(dead_letter.name)]
    if "stored_at" in there:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(sa.text("ALTER TABLE dead_letter DROP CONSTRAINT IF EXISTS dead_letter_stream_sequence_key"))
        connection.execute(AddColumn(dead_letter.c.stored_at))
        place = next(each for each in dead_letter.constraints if each.name == "dead_letter_place")
        connection.execute(sa.schema.AddConstraint(place))
        return
    connection.execute(sa.text("ALTER TABLE dead_letter RENAME TO dead_letter_before"))
    dead_letter.create(connection)
    before = sa.table("dead_letter_before", *(sa.column(name) for name in there))
    connection.execute(dead_letter.insert().from_select(there, sa.select(*before.columns)))
    connection.execute(sa.text("DROP TABLE dead_letter_before"))

"""Whose database this is. Two installations have the same tables, and each would go on with the other's families: what
was put in place from another one is refused before anything is read of it, written or told.

A database bears the name of its installation from its first start with the setting `…_INSTALLATION` on, and so does
each copy of it. The streams of the bus bear it too (`shared.bus.admin`).
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from shared.bus.labels import printable
from shared.bus.tables import installation as table
from shared.database.dialect import ByDialect
from shared.database.engine import is_sqlite, open_engine
from shared.row_security.asking import work_as

START = "start"
"""As which a process that starts, or a command, asks at PostgreSQL."""
_BIND = ByDialect(lambda insert: insert(table).on_conflict_do_nothing())


class OtherInstallation(Exception):
    """The database is another installation's; the text says whose, and what is to be done."""


def name_in(connection: sa.Connection) -> str | None:
    """Whose database it is; None where nobody has said so yet."""
    if not connection.dialect.has_table(connection, table.name):
        return None
    return connection.execute(sa.select(table.c.name)).scalar_one_or_none()


def fault_of(found: str | None, own: str | None) -> str | None:
    """What is wrong, with the remedy; None where nothing is.

    Args:
        found: what the database bears.
        own: what this process was told.
    """
    if found is None or found == own:
        return None
    if own is None:
        return (
            f"this database belongs to the installation {printable(found)}, and this process was not told of which it "
            "is. Set …_INSTALLATION to that name if it is that one; else put the right database in its place"
        )
    return (
        f"this database belongs to the installation {printable(found)}, and this is {own}: it, or the copy that was "
        "put in its place, is another's. Nothing was written. Put a copy of this installation there, or name the right "
        "database in …_DATABASE_URL. (All of an installation on new machines keeps its name: …_INSTALLATION moves "
        "with it)"
    )


def check(url: str, own: str | None) -> None:
    """Nothing is written, not even how SQLite keeps the file.

    Raises:
        OtherInstallation: and the driver's errors where the database does not answer.
    """
    found = name_in_file(Path(str(make_url(url).database))) if is_sqlite(url) else _name_on_server(url)
    if (fault := fault_of(found, own)) is not None:
        raise OtherInstallation(fault)


def name_in_file(path: Path) -> str | None:
    """Whose SQLite database, or copy of one, this is; None where it is not there, or nobody has said so yet.

    Raises:
        sqlite3.Error.
    """
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        if connection.execute(there, (table.name,)).fetchone() is None:
            return None
        row = connection.execute(f"SELECT name FROM {table.name}").fetchone()  # noqa: S608  # our own table
        return None if row is None else str(row[0])


def _name_on_server(url: str) -> str | None:
    engine = open_engine(url, connections=1)
    try:
        with work_as(START), engine.connect() as connection:
            return name_in(connection)
    finally:
        engine.dispose()


def bind(url: str, own: str | None) -> None:
    """Have the database bear the name from now on, where it bears none; its tables are there.

    Raises:
        OtherInstallation: another process was faster, and of another one.
    """
    if own is None:
        return
    engine = open_engine(url, connections=1).execution_options(writes=True)
    try:
        with work_as(START), engine.begin() as connection:
            if name_in(connection) is None:
                values = {"id": 1, "name": own, "bound_at": datetime.now(UTC)}
                connection.execute(_BIND.of(Session(connection)), values)
            fault = fault_of(name_in(connection), own)
    finally:
        engine.dispose()
    if fault is not None:
        raise OtherInstallation(fault)

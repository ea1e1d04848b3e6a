"""What is left of rows that were deleted: in SQLite's log of writes, and in pages of files that hold no row any more.

`secure_delete` (see `engine`) overwrites rows in SQLite's main file; its write-ahead log keeps every page that was ever
written to it, until it is cut off. PostgreSQL overwrites nothing by itself: there it takes `rewrite_tables`.
"""

import sqlite3
from contextlib import closing

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from shared.database.engine import is_sqlite, open_engine

PATIENCE_SECONDS = 0.2
"""So long it waits for readers, with writers waiting behind it: it is tried again."""


def drop_remains(url: str) -> bool:
    """Cut off SQLite's write-ahead log once its pages are in the main file. PostgreSQL is left alone.

    Returns: False where somebody reads or writes just now: nothing is cut off then.

    Raises:
        sqlite3.Error.
    """
    if not is_sqlite(url):
        return True
    with closing(sqlite3.connect(str(make_url(url).database), timeout=PATIENCE_SECONDS)) as connection:
        [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def rewrite_tables(url: str) -> None:
    """Write each table anew, so that no page of before is left. Everybody else waits meanwhile.

    At PostgreSQL that takes as much room again as the largest table; what its log of writes keeps goes by the server's
    own rules (`wal_recycle`, archives), and where its user may not ask for a checkpoint it comes by itself.
    """
    engine = open_engine(url, connections=1).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if is_sqlite(url):
            connection.connection.dbapi_connection.execute("VACUUM")  # type: ignore[union-attr]  # outside any BEGIN
        else:
            connection.execute(sa.text("VACUUM (FULL, ANALYZE)"))
            if may_checkpoint(connection):
                connection.execute(sa.text("CHECKPOINT"))
    engine.dispose()
    drop_remains(url)


def may_checkpoint(connection: sa.Connection) -> bool:
    """Whether this user of PostgreSQL may order one (a superuser, or pg_checkpoint since version 15)."""
    asked = sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(connection.execute(asked).scalar_one())

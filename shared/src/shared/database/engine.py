"""Engines: how the two kinds of database are opened."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from shared.database.encoding import NEEDED, require_utf8
from shared.row_security import asking

BUSY_MILLISECONDS = 10_000
"""How long a SQLite connection waits for another process's lock before it says so."""

HIDE_PARAMETERS = True
"""An error's text does not quote the values of its statement: they are families' data, and texts end up in logs."""


def is_sqlite(url: str) -> bool:
    """Whether the URL names a SQLite database; else it is PostgreSQL."""
    return make_url(url).get_backend_name() == "sqlite"


CONNECT_SECONDS = 5
"""How long a connection to PostgreSQL may take to be made."""
NETWORK = {
    "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}  # fmt: skip
"""A server that went without a word is given up after some 20 s, with a statement on its way or without: seconds, and
milliseconds of what was sent and not acknowledged. By itself TCP waits for a quarter of an hour, or for two hours."""
LEAST_IDLE_SECONDS = 15.0
"""A transaction in which nothing is said for so long belongs to a process that is paused or hangs; it holds locks."""


def open_engine(
    url: str,
    *,
    connections: int,
    lock_seconds: float | None = None,
    statement_seconds: float | None = None,
    says_who_asks: bool = True,
) -> sa.Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`.

    At SQLite each transaction says so itself, by the option `busy_milliseconds`.

    SQLite: WAL, so that readers do not wait for the writer, and synchronous=FULL: with NORMAL a power cut lost
    up to 866 acknowledged commits of 28,716, with FULL none (docs/sources/reliability.md).

    Args:
        lock_seconds: how long a statement waits for a lock at PostgreSQL; None: for ever, as migrations do.
        statement_seconds: how long a statement may take there altogether; SQLite has nothing of the kind.
        says_who_asks: each transaction tells PostgreSQL for whom it is; not where no table has row-level security.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, connections)
    engine = sa.create_engine(
        parsed,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=HIDE_PARAMETERS,
        connect_args={"connect_timeout": CONNECT_SECONDS, "client_encoding": NEEDED, **NETWORK},
    )

    @event.listens_for(engine, "connect")
    def _limit(connection: Any, _record: Any) -> None:
        require_utf8(connection)
        # not among the options of the connection, which poolers before the server refuse
        if lock_seconds is not None:
            # half of it: who waits for a row behind others waits first for its turn, then for the row
            connection.execute(f"SET lock_timeout = {int(lock_seconds * 500)}")
        if statement_seconds is not None:
            connection.execute(f"SET statement_timeout = {int(statement_seconds * 1000)}")
            idle = int(max(statement_seconds, LEAST_IDLE_SECONDS) * 1000)
            connection.execute(f"SET idle_in_transaction_session_timeout = {idle}")
        connection.commit()

    if says_who_asks:
        event.listen(engine, "begin", asking.tell)
    return engine


def _open_sqlite(url: URL, connections: int) -> sa.Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("a database in memory loses everything: give a file, sqlite:///path/to/file.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, poolclass=sa.pool.QueuePool, pool_size=connections, max_overflow=0, hide_parameters=HIDE_PARAMETERS
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself (below): pysqlite's own way breaks savepoints
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not only unlinked
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        _be_patient(connection, options.get("busy_milliseconds"))
        # a writer takes its lock at once: a lock taken half-way cannot wait, it fails
        connection.exec_driver_sql(f"BEGIN {'IMMEDIATE' if options.get('writes') else 'DEFERRED'}")

    return engine


def _be_patient(connection: sa.Connection, milliseconds: int | None) -> None:
    """None: as the connection stands. It costs a statement only where it differs from before."""
    if milliseconds is not None and connection.info.get("busy", BUSY_MILLISECONDS) != milliseconds:
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA busy_timeout={milliseconds}")
        connection.info["busy"] = milliseconds

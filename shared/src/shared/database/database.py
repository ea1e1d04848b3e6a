"""The door to a service's own database."""

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from shared.database import journey
from shared.database.engine import BUSY_MILLISECONDS, is_sqlite, open_engine
from shared.database.writer import PATIENCE_SECONDS, Writer, failed
from shared.errors import Text, Unavailable

LOCK_STEP_SECONDS = 0.5
LONGEST_STATEMENT_SECONDS = 60.0
"""Of reading and of commands, at PostgreSQL: what takes longer hangs, and would keep one of few connections for good.
What somebody waits for is written within PATIENCE_SECONDS."""
LONGEST_REST = 0.5
"""Seconds between two steps of a command."""
Store = TypeVar("Store")
Result = TypeVar("Result")


class SessionStore(Protocol):
    """A service's view of its tables in one session; outbox and inbox are written through the same."""

    session: Session


Step = Callable[[Store], Result]
"""What one transaction does with a service's store."""

UNAVAILABLE = Text(
    "Die Datenbank ist gerade nicht erreichbar. Bitte versuchen Sie es in einer Minute noch einmal.",
    "The database is not available just now. Please try again in a minute.",
)


class Database(Generic[Store]):
    """Runs steps, each in one transaction, away from the event loop.

    `store` makes a service's view of its tables from a session. Writes go through one thread on SQLite (it has one
    writer anyway, and a queue is fairer and cheaper than locks) and through a few on PostgreSQL.
    """

    def __init__(self, url: str, store: Callable[[Session], Store], *, readers: int = 2) -> None:
        writers = 1 if is_sqlite(url) else 4
        self.url = url
        self._store = store
        self._engine = open_engine(
            url,
            connections=readers + (writers if is_sqlite(url) else 1),
            lock_seconds=PATIENCE_SECONDS,
            statement_seconds=LONGEST_STATEMENT_SECONDS,
        )
        self._hasty = self._engine
        if not is_sqlite(url):
            self._hasty = open_engine(
                url, connections=writers, lock_seconds=PATIENCE_SECONDS, statement_seconds=PATIENCE_SECONDS
            )
        self._writing: dict[int, sa.Engine] = {}
        self.writer = Writer(writers)
        self._read_threads = ThreadPoolExecutor(readers, thread_name_prefix="read")
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have `call` made in the event loop after each committed write: it wakes relays and workers."""
        self._after_commit.append(call)

    async def write(self, step: Step[Store, Result], *, wake: bool = True) -> Result:
        """Run `step` in one transaction and commit. Any exception rolls back and is raised.

        `wake=False` for a write that gives nobody work.

        Raises:
            Unavailable: where the database cannot be reached, or is locked or busy for longer than PATIENCE_SECONDS.
        """
        result = await self.writer.run(partial(self._write, step))
        if wake:
            for call in self._after_commit:
                call()
        return result

    async def read(self, query: Step[Store, Result]) -> Result:
        """Run `query` in a transaction that is rolled back."""
        run = copy_context().run  # the thread asks for whom this task does
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, run, self.read_now, query)

    def write_now(self, step: Step[Store, Result]) -> Result:
        """`write` for commands and threads, without an event loop."""
        return self._write(step, BUSY_MILLISECONDS / 1000)

    def _write(self, step: Step[Store, Result], seconds: float) -> Result:
        """`seconds`: how long to wait for another process's lock."""
        try:
            with Session(self._writing_within(seconds), expire_on_commit=False) as session:
                with session.begin():
                    result = step(self._store(session))
                journey.tell(session)
                return result
        except (DBAPIError, sqlite3.Error) as error:
            if is_temporary(error):
                failed.inc()
                raise Unavailable(UNAVAILABLE) from error
            raise

    def _writing_within(self, seconds: float) -> sa.Engine:
        """The engine for transactions that wait so long for a lock, rounded up: there are few, and they are kept."""
        steps = math.ceil(seconds / LOCK_STEP_SECONDS)
        if steps not in self._writing:
            busy = int(steps * LOCK_STEP_SECONDS * 1000)
            engine = self._hasty if seconds <= PATIENCE_SECONDS else self._engine
            self._writing[steps] = engine.execution_options(writes=True, busy_milliseconds=busy)
        return self._writing[steps]

    def read_now(self, query: Step[Store, Result]) -> Result:
        """Run a query in this thread: for commands and starts, not for the event loop.

        Raises:
            Unavailable: the database is away, locked or full.
        """
        try:
            with Session(self._engine, expire_on_commit=False) as session:
                return query(self._store(session))
        except (DBAPIError, sqlite3.Error) as error:
            if is_temporary(error):
                raise Unavailable(UNAVAILABLE) from error
            raise

    def write_in_steps(self, steps: Callable[[Store], Iterator[Result]]) -> Iterator[Result]:
        """For commands: what `steps` does between two of its results is a transaction. As long as each took, others
        have the writer, so that a service that runs meanwhile waits for no more than one."""
        try:
            with Session(self._writing_within(BUSY_MILLISECONDS / 1000), expire_on_commit=False) as session:
                began = time.perf_counter()
                for result in steps(self._store(session)):
                    session.commit()
                    yield result
                    time.sleep(min(time.perf_counter() - began, LONGEST_REST))
                    began = time.perf_counter()
                session.commit()
        except (DBAPIError, sqlite3.Error) as error:
            if is_temporary(error):
                raise Unavailable(UNAVAILABLE) from error
            raise

    def close(self) -> None:
        """Wait for running steps and close every connection."""
        self.writer.close()
        self._read_threads.shutdown(wait=True)
        self._hasty.dispose()
        self._engine.dispose()


TEMPORARY = ("OperationalError", "InterfaceError", "InternalError", "DatabaseError")
"""By the driver's class: away, locked, full, read-only, unreadable. Not its other kinds: a broken constraint, a value
that does not fit, a wrong statement."""


def is_temporary(error: BaseException | None) -> bool:
    """Whether the database is at fault: the same step may work later."""
    if not isinstance(error, DBAPIError | sqlite3.Error):  # sqlite3's own where a connection could not even be made
        return False
    return type(error).__name__ in TEMPORARY or bool(getattr(error, "connection_invalidated", False))

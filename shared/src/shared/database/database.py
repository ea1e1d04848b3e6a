"""The door to a service's own database."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from prometheus_client import Histogram
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from shared.database.engine import is_sqlite, open_engine
from shared.errors import Text, Unavailable

writer_wait = Histogram(
    "writer_wait_seconds", "How long a write waited for the writer thread", buckets=(0.001, 0.01, 0.1, 0.5, 1, 5, 30)
)
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
        self._engine = open_engine(url, connections=readers + writers)
        self._writing = self._engine.execution_options(writes=True)
        self._write_threads = ThreadPoolExecutor(writers, thread_name_prefix="write")
        self._read_threads = ThreadPoolExecutor(readers, thread_name_prefix="read")
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have `call` made in the event loop after each committed write: it wakes relays and workers."""
        self._after_commit.append(call)

    async def write(self, step: Step[Store, Result], *, wake: bool = True) -> Result:
        """Run `step` in one transaction and commit. Any exception rolls back and is raised.

        `wake=False` for a write that gives nobody work. Raises Unavailable where the database cannot be reached
        or is locked for too long.
        """
        asked_at = time.perf_counter()

        def waited() -> Result:
            writer_wait.observe(time.perf_counter() - asked_at)
            return self.write_now(step)

        result = await asyncio.get_running_loop().run_in_executor(self._write_threads, waited)
        if wake:
            for call in self._after_commit:
                call()
        return result

    async def read(self, query: Step[Store, Result]) -> Result:
        """Run `query` in a transaction that is rolled back."""
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self.read_now, query)

    def write_now(self, step: Step[Store, Result]) -> Result:
        """`write` for commands and threads, without an event loop."""
        try:
            with Session(self._writing, expire_on_commit=False) as session, session.begin():
                return step(self._store(session))
        except DBAPIError as error:
            if is_temporary(error):
                raise Unavailable(UNAVAILABLE) from error
            raise

    def read_now(self, query: Step[Store, Result]) -> Result:
        try:
            with Session(self._engine, expire_on_commit=False) as session:
                return query(self._store(session))
        except DBAPIError as error:
            if is_temporary(error):
                raise Unavailable(UNAVAILABLE) from error
            raise

    def close(self) -> None:
        """Wait for running steps and close every connection."""
        self._write_threads.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._engine.dispose()


def is_temporary(error: BaseException | None) -> bool:
    """Locked, full or unreachable: the same step may work later. Not so: a broken constraint or a wrong statement."""
    return isinstance(error, DBAPIError) and (
        type(error).__name__ in ("OperationalError", "InterfaceError") or error.connection_invalidated
    )

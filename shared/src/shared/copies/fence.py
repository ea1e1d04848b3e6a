"""One copy of a process is active, the others wait; and who was replaced without knowing it writes nothing any more.

Three things, each for what the others cannot do. A lock that the database (or, at SQLite, the machine) gives back by
itself when its holder dies: so another takes over within a second. A beat: who keeps silent for LOST_AFTER_SECONDS, but
holds its connection, as a process does that is paused, is replaced as well. And a number that rises with each change:
every transaction of the active copy looks, under a lock, whether the number is still its own, so that who comes back
after a pause writes nothing.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from shared.copies.tables import fence
from shared.errors import Text, Unavailable
from shared.runtime.worker import wait_for_first

log = structlog.get_logger("fence")
is_active_now = Gauge("fence_active", "Whether this copy is the one that works: 1 in exactly one of them")
number_now = Gauge("fence_number", "How often a copy became active, as this one last knew")

BEAT_SECONDS = 1.0
LOST_AFTER_SECONDS = 10.0
"""So long the active copy may keep silent. Our own choice: longer than what a busy machine, a failover of the database
or a pause of a virtual machine for its move takes, and shorter than anybody waits for a ticket."""
NOT_ACTIVE = Text(
    "Diese Kopie des Dienstes arbeitet gerade nicht.", "Another copy of this service is the active one just now."
)


class NotActive(Unavailable):
    """Another copy has taken over. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(NOT_ACTIVE)


@dataclass(frozen=True)
class Claim:
    """What a keeper found: the number under which this copy is active; None where another one is."""

    number: int | None


class Keeper(Protocol):
    """Holds the lock and raises the number, at one kind of database. Called in one thread."""

    def claim(self, own: int | None) -> Claim:
        """Say that this copy lives, where `own` is its number; else become active, where nobody is.

        Raises:
            SQLAlchemyError, sqlite3.Error, OSError: the database is away; nothing is known.
        """

    def check(self, session: Session, own: int) -> bool:
        """Whether the number is this copy's still; until the transaction ends no other can become active."""

    def release(self) -> None:
        """Let another one become active at once."""


class Fence:
    """Of one process. `hold` runs as long as the process does."""

    def __init__(self, keeper: Keeper, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keeper, self._monotonic = keeper, monotonic
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fence")
        self._number: int | None = None
        self._said_at = 0.0
        self._active, self._lost = asyncio.Event(), asyncio.Event()
        self._failure: str | None = None

    @property
    def number(self) -> int | None:
        """Under which this copy is active; None where it is not, or has not been able to say that it lives."""
        is_fresh = self._monotonic() - self._said_at < LOST_AFTER_SECONDS
        return self._number if is_fresh else None

    @property
    def is_waiting(self) -> bool:
        """Whether another copy is the active one, as far as is known."""
        return self.number is None

    def __str__(self) -> str:
        if self.number is not None:
            return f"active, number {self.number}"
        return f"waiting: {self._failure or 'another copy is active'}"

    def require(self) -> None:
        """Before something that cannot be taken back, as a signature. The transaction that records it asks the
        database.

        Raises:
            NotActive.
        """
        if self.number is None:
            raise NotActive

    def check(self, session: Session) -> None:
        """In each transaction that writes, first.

        Raises:
            NotActive.
        """
        own = self.number
        if own is None:
            raise NotActive
        if not self._keeper.check(session, own):
            raise NotActive

    async def hold(self) -> None:
        """Claim and beat, until it is cancelled. It ends for no error: it is asked again."""
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """Once."""
        asked_at = self._monotonic()
        loop = asyncio.get_running_loop()
        try:
            claim = await loop.run_in_executor(self._thread, self._keeper.claim, self._number)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self._note_failure(type(error).__name__)
            if self._number is not None and self.number is None:
                self._become(None)
            return
        self._failure = None
        self._said_at = asked_at
        if claim.number != self._number:
            self._become(claim.number)

    async def turns(self, stop: asyncio.Event, work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Do `work` while this copy is active, each time again. `work` ends when the event that it is given is set."""
        while not stop.is_set():
            await wait_for_first((stop, self._active), None)
            if stop.is_set():
                return
            over = asyncio.Event()
            ending = asyncio.create_task(self._end(over, stop, self._lost))
            try:
                await work(over)
            finally:
                ending.cancel()

    async def release(self) -> None:
        """Nothing more is done here: another copy may begin at once."""
        self._become(None)
        with contextlib.suppress(RuntimeError):  # done before
            await asyncio.get_running_loop().run_in_executor(self._thread, self._keeper.release)
        self._thread.shutdown()

    @staticmethod
    async def _end(over: asyncio.Event, *events: asyncio.Event) -> None:
        await wait_for_first(events, None)
        over.set()

    def _become(self, number: int | None) -> None:
        if number is None and self._number is None:
            return
        before, self._number = self._number, number
        if before is not None:
            log.warning("not_active_any_more", number=before)
            self._lost.set()
            self._active.clear()
        if number is not None:
            log.info("active", number=number)
            number_now.set(number)
            self._lost = asyncio.Event()
            self._active.set()
        is_active_now.set(number is not None)

    def _note_failure(self, kind: str) -> None:
        if self._failure is None:
            log.warning("fence_not_seen", error=kind)
        self._failure = kind


def is_own(session: Session, holder: object, own: int, *, locked: bool) -> bool:
    """Whether the row still says so; `locked`: and until the transaction ends."""
    query = sa.select(fence.c.number).where(fence.c.number == own, fence.c.holder == holder)
    if locked:
        query = query.with_for_update(read=True)
    return session.connection().execute(query).first() is not None

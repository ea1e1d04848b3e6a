"""A process whose database was put back hears and does nothing before it has caught up with what others know."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from shared.bus.epochs import is_behind
from shared.database import SessionStore, Transactions
from shared.errors import place_of
from shared.runtime.worker import Work, Worker, wait_for_first

log = structlog.get_logger("runtime")
LOOK_SECONDS = 1.0


class CaughtUp:
    """`catch_up` asks the others, where that needs nobody; without it a command does (`issuance recover`)."""

    def __init__(
        self,
        database: Transactions[SessionStore],
        catch_up: Callable[[], Awaitable[bool]] | None = None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`catch_up`: True where it has, and has noted that; else it is asked again."""
        self._database, self._catch_up, self._seconds = database, catch_up, look_seconds
        self._is_there = False

    async def is_there(self) -> bool:
        """Asked of the table until it is so; a database is put back, or its epoch raised, while its service stops."""
        if not self._is_there:
            self._is_there = not await self._database.read(lambda store: is_behind(store.session))
        return self._is_there

    async def wait(self, stop: asyncio.Event) -> None:
        """Until it has caught up, or `stop` is set."""
        told = False
        while not stop.is_set():
            try:
                if await self.is_there():
                    return
                if not told:
                    log.error("database_is_behind", remedy="see `local restore`; it hears nothing before it caught up")
                    told = True
                if self._catch_up is not None and await self._catch_up():
                    continue
            except Exception as error:  # a database that is locked or away ends no process: it is asked again
                log.warning("catching_up_failed", error=type(error).__name__, place=place_of(error))
            await wait_for_first((stop,), self._seconds)

    def first(self, *workers: Worker) -> list[Worker]:
        """The same workers, which work only then."""
        return [replace(each, work=self._only_then(each.work)) for each in workers]

    def _only_then(self, work: Work) -> Work:
        async def guarded() -> int | None:
            return await work() if await self.is_there() else None

        return guarded

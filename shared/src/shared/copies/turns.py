"""Whose turn background work is where a process has several copies: one at a time, and daily work once a day.

A turn is a row that says who has it and until when, by the database's clock. Who dies loses it after TURN_SECONDS. Two
at once do no harm, and come about where one was paused: each row of work is looked at once more in its transaction. So
this saves work, and what must be done once is a constraint as before.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from shared.bus.tables import worker_turn as turn
from shared.database import SessionStore, Step, Transactions
from shared.database.engine import is_sqlite
from shared.row_security.asking import work_as
from shared.runtime.worker import Work, Worker

Result = TypeVar("Result")

TURN_SECONDS = 30.0
RENEW_SECONDS = 10.0
"""A turn is asked for again when so much of it has gone, also while work lasts."""
OTHERS_SECONDS = 2.0
"""After it was another's turn, so long it is not asked again, though each commit wakes the worker."""
MINUTE = 60.0
MOST_OF = 0.9
"""A round is due where so much of its interval has gone since one began: copies do not wake to the second."""


class Turns:
    """Of one copy. At SQLite there is no other."""

    def __init__(
        self, database: Transactions[SessionStore], url: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._has_others, self._monotonic = database, not is_sqlite(url), monotonic
        self._copy = uuid4()
        self._own: dict[str, float] = {}
        """Until when the turn is surely ours, by the own clock."""
        self._others: dict[str, float] = {}

    async def take(self, name: str, every_seconds: float = 0.0, *, first: bool = False) -> bool:
        """Whether it is this copy's turn now.

        Args:
            every_seconds: not before so long after the last round began, in whichever copy.
            first: though one began lately.
        """
        if not self._has_others:
            return True
        now = self._monotonic()
        if not every_seconds and now < self._own.get(name, now):
            return True
        if now < self._others.get(name, now):
            return False
        least = 0.0 if first else every_seconds * MOST_OF
        is_ours = await self._write(lambda store: self._ask(store, name, least))
        if is_ours:
            self._own[name] = now + RENEW_SECONDS
        else:
            self._own.pop(name, None)
            self._others[name] = now + OTHERS_SECONDS
        return is_ours

    def in_turn(self, *workers: Worker) -> list[Worker]:
        """The same workers; those that are not for every copy work only when it is this one's turn."""
        if not self._has_others:
            return list(workers)
        return [each if each.everywhere else replace(each, work=self._in_turn(each)) for each in workers]

    async def release(self) -> None:
        """The others need not wait until the turns end by themselves."""
        if self._has_others:
            ended = sa.update(turn).where(turn.c.holder == self._copy).values(ends_at=_CLOCK)
            await self._write(lambda store: store.session.execute(ended))

    def _in_turn(self, worker: Worker) -> Work:
        every = worker.interval_seconds if worker.interval_seconds >= MINUTE else 0.0
        began: list[str] = []

        async def work() -> int | None:
            if not await self.take(worker.name, every, first=not began):
                return None
            began[:] = [worker.name]
            async with self._renewing(worker.name):
                return await worker.work()

        return work

    @contextlib.asynccontextmanager
    async def _renewing(self, name: str) -> AsyncIterator[None]:
        renewing = asyncio.create_task(self._renew(name))
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(Exception):  # the work itself meets the same trouble, and says so
                await self._write(lambda store: store.session.execute(_later(name, self._copy)))

    async def _write(self, step: Step[SessionStore, Result]) -> Result:
        """Whoever's work it is for: turns are the process's own."""
        with work_as("turns"):
            return await self._database.write(step, wake=False)

    def _ask(self, store: SessionStore, name: str, least_seconds: float) -> bool:
        asked = postgresql.insert(turn).values(
            worker=name, holder=self._copy, ends_at=_CLOCK + timedelta(seconds=TURN_SECONDS), begun_at=_CLOCK
        )
        is_mine = turn.c.holder == self._copy
        is_free = (turn.c.ends_at < _CLOCK) & (turn.c.begun_at <= _CLOCK - timedelta(seconds=least_seconds))
        values = {each: asked.excluded[each] for each in ("holder", "ends_at", "begun_at")}
        asked = asked.on_conflict_do_update(index_elements=["worker"], set_=values, where=is_mine | is_free)
        return store.session.execute(asked.returning(turn.c.worker)).first() is not None


_CLOCK: Any = sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))


def _later(name: str, copy: object) -> Any:
    ends_at = _CLOCK + timedelta(seconds=TURN_SECONDS)
    return sa.update(turn).where(turn.c.worker == name, turn.c.holder == copy).values(ends_at=ends_at)

"""What every service forgets: what the broker has forgotten too, and what failed and was never met again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from shared.bus import erasures, inbox, outbox, traces
from shared.bus.outbox import STEP
from shared.bus.topology import MAX_AGE_SECONDS
from shared.copies.turns import Turns
from shared.database import SessionStore, Transactions
from shared.database.remains import drop_remains
from shared.events import ApplicationFamilyErased
from shared.retention_job import RetentionTask, retention_worker
from shared.runtime import backlog
from shared.runtime.worker import Worker

EVERY_SECONDS = 3600.0
REMAINS_SECONDS = 20.0
"""So long at most a deleted row stays in SQLite's log of writes, unless somebody reads without a pause."""
AT_ONCE = 50


class Forgetful(Protocol):
    """A service with tasks of its own."""

    @property
    def database(self) -> Transactions[Any]:
        """Its tables."""
        ...

    @property
    def handlers(self) -> Mapping[Any, Callable[[Any], Awaitable[Any]]]:
        """What it does with events."""
        ...

    @property
    def retention(self) -> Sequence[RetentionTask]:
        """What goes when its time is over."""
        ...


def retention_workers(service: Forgetful, clock: Callable[[], datetime], turns: Turns) -> Sequence[Worker]:
    """What every service forgets, hourly; and what its own tasks say, daily."""
    again = [_erasing_again(service, clock)] if ApplicationFamilyErased in service.handlers else []
    daily = []
    if service.retention:
        daily = [retention_worker(service.database, service.retention, clock, turns.take)]
    return [*again, *daily, retention(service.database, clock)]


def _erasing_again(service: Forgetful, clock: Callable[[], datetime]) -> Worker:
    """Of a database that was put back to an older copy: what was erased since then goes once more, as it did when it
    was heard."""
    handle = service.handlers[ApplicationFamilyErased]

    async def work() -> int:
        found = await service.database.read(lambda store: erasures.list_due(store.session, AT_ONCE))
        for each in found:
            head = {"authority_id": each.authority_id, "application_id": each.application_id}
            step = await handle(ApplicationFamilyErased(occurred_at=clock(), **head))

            def both(store: Any, step: Any = step, erased: UUID = each.application_id) -> None:
                step(store)
                erasures.settle(store.session, erased)

            await service.database.write(both)
        return len(found)

    return Worker("erasures", work, EVERY_SECONDS)


def retention(database: Transactions[SessionStore], clock: Callable[[], datetime]) -> Worker:
    """The worker that does it. Made when the service starts: rows that failed before then are tried once more."""
    started_at = clock()

    async def work() -> None:
        now = clock()
        # 1. What is old, in steps: between two of them others write.
        while await database.write(partial(_forget_some, now), wake=False):
            pass
        # 2. What failed.
        await database.write(partial(_forget_failures, started_at, now), wake=False)

    return Worker("retention", work, EVERY_SECONDS)


def _forget_some(now: datetime, store: SessionStore) -> bool:
    """Events, and ids of messages a day later than the stream forgets them. Whether there may be more."""
    before = now - timedelta(seconds=MAX_AGE_SECONDS)
    events = max(outbox.purge(store.session, before, STEP), traces.purge(store.session, now, STEP))
    return max(events, inbox.purge(store.session, before - timedelta(days=1), STEP)) == STEP


def _forget_failures(started_at: datetime, now: datetime, store: SessionStore) -> None:
    """Each row once more after a start, and gone where nobody has met it since."""
    backlog.try_again(store.session, now, failed_before=started_at)
    backlog.purge(store.session, now - timedelta(seconds=MAX_AGE_SECONDS))


def remains(url: str) -> Worker:
    """The worker that cuts off SQLite's log of writes, in which rows that were deleted still lie.

    Args:
        url: of the service's database.
    """

    async def work() -> None:
        await asyncio.to_thread(drop_remains, url)

    return Worker("remains", work, REMAINS_SECONDS, everywhere=True)


__all__ = ["RetentionTask", "remains", "retention", "retention_workers"]

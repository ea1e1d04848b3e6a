"""The job that deletes what has been kept for long enough: as a command, as a trial, and as a worker that runs daily.

What is due is looked for in pages, without a lock; each thing then goes in a short transaction of its own, in which it
is looked at once more. So it may be stopped at any moment and begun again, and a second run finds nothing.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import structlog
from prometheus_client import Counter as Metric
from prometheus_client import Gauge

from shared.database import Transactions
from shared.errors import Text, place_of
from shared.retention import OnHold
from shared.runtime.worker import Worker

log = structlog.get_logger("retention")
PAGE = 200
"""So many are looked at in one transaction."""
DAY = timedelta(days=1)
FIRST_AFTER = timedelta(minutes=10)
"""A process that has just begun has other things to do."""
AGAIN_AFTER = timedelta(hours=1)
"""Another copy of the process has run it; it may end before the next time."""
LOOK_SECONDS = 60.0
TakeTurn = Callable[[str, float], Awaitable[bool]]
"""Whether this copy does the named work now, which is done once in so many seconds."""
Rows = Mapping[str, int]
"""By table: how many rows."""
Key = Any
"""Names what is due, in one task alone."""

erased_rows = Metric("retention_rows", "Rows that went because their time was over", ["table"])
held_now = Gauge("retention_held", "Due in the last run, and kept by a hold", ["kind"])
ended_at = Gauge("retention_ended_seconds", "When the last run ended that erased all that was due, as a Unix time")


@dataclass(frozen=True)
class DuePage:
    """What is due among those that were looked at. `after`: where the next page begins; None: there is none."""

    keys: Sequence[Key]
    after: Key | None = None


@dataclass(frozen=True)
class RetentionTask:
    """One kind of thing that goes when its time is over. All three take a service's store and the time of now."""

    name: str
    find: Callable[[Any, Key | None, datetime], DuePage]
    """From a place on; None: from the beginning."""
    count: Callable[[Any, Key, datetime], Rows]
    """How many rows would go. Raises OnHold."""
    erase: Callable[[Any, Key, datetime], Rows]
    """None where it is not due any more. Raises OnHold."""


@dataclass
class RetentionReport:
    """What a run did. Without ids: it is logged."""

    tables: Counter[str] = field(default_factory=Counter)
    held: dict[str, "HeldKind"] = field(default_factory=dict)
    failure: Exception | None = None
    """The last of what could not be erased; the others went."""

    def note_held(self, hold: OnHold) -> None:
        """Something is due and must stay."""
        for each in hold.holds:
            known = self.held.setdefault(str(each.kind), HeldKind(each.why))
            known.count += 1
            known.until = max((day for day in (known.until, each.until) if day), default=None)

    def as_json(self, service: str) -> dict[str, object]:
        """As programs read it."""
        held = [
            {"kind": kind, "applications": each.count, "until": each.until and each.until.isoformat(),
             "why": each.why.en}
            for kind, each in sorted(self.held.items())
        ]  # fmt: skip
        return {"service": service, "tables": dict(sorted(self.tables.items())), "held": held}


@dataclass
class HeldKind:
    """Of one kind of hold: how many applications it keeps, and until when at the latest."""

    why: Text
    count: int = 0
    until: date | None = None


async def run_retention(
    database: Transactions[Any], tasks: Sequence[RetentionTask], now: datetime, *, dry_run: bool = False
) -> RetentionReport:
    """Each task from its beginning to its end."""
    report = RetentionReport()
    for task in tasks:
        after: Key | None = None
        while True:
            page: DuePage = await database.read(partial(_find, task, after, now))
            for key in page.keys:
                await _take(database, task, key, now, report, dry_run=dry_run)
            if page.after is None:
                break
            after = page.after
    return report


async def _always(_name: str, _every_seconds: float) -> bool:
    return True


def retention_worker(
    database: Transactions[Any],
    tasks: Sequence[RetentionTask],
    clock: Callable[[], datetime] | None = None,
    take_turn: TakeTurn = _always,
) -> Worker:
    """Runs it once a day, the first time some minutes after the start; of several copies one does."""
    clock = clock or (lambda: datetime.now(UTC))
    due = [clock() + FIRST_AFTER]

    async def work() -> None:
        now = clock()
        if now < due[0]:
            return
        if not await take_turn("periods", DAY.total_seconds()):
            due[0] = now + AGAIN_AFTER
            return
        report = await run_retention(database, tasks, now)
        _tell(report)
        if report.failure is not None:
            raise report.failure
        due[0] = now + DAY

    return Worker("periods", work, LOOK_SECONDS, everywhere=True)


def _tell(report: RetentionReport) -> None:
    for table, rows in report.tables.items():
        erased_rows.labels(table).inc(rows)
    held_now.clear()
    for kind, each in report.held.items():
        held_now.labels(kind).set(each.count)
    if report.failure is None:
        ended_at.set_to_current_time()
    held = {kind: each.count for kind, each in report.held.items()}
    log.info("retention_ended", rows=sum(report.tables.values()), tables=dict(report.tables), held=held)


def _find(task: RetentionTask, after: Key | None, now: datetime, store: Any) -> DuePage:
    return task.find(store, after, now)


async def _take(
    database: Transactions[Any], task: RetentionTask, key: Key, now: datetime, report: RetentionReport, *, dry_run: bool
) -> None:
    try:
        if dry_run:
            rows = await database.read(lambda store: task.count(store, key, now))
        else:
            rows = await database.write(lambda store: task.erase(store, key, now))
    except OnHold as hold:
        report.note_held(hold)
    except Exception as error:
        log.error("retention_failed", task=task.name, error=type(error).__name__, place=place_of(error))
        report.failure = error
    else:
        report.tables.update(rows)


class EndedStore(Protocol):
    """A store of tickets, or of what is made of them."""

    def ended_applications(
        self, before: datetime, after: UUID | None, limit: int, only: UUID | None = None
    ) -> Sequence[UUID]:
        """Those whose tickets have all ended before, and of which something is left; by id, from the one after
        `after` on.

        Args:
            only: whether this one is among them.
        """
        ...

    def count_ended(self, application_id: UUID) -> Rows:
        """How many rows would go, by table."""
        ...

    def erase(self, application_id: UUID, now: datetime) -> object:
        """All that is kept of it here."""
        ...


def task_of_ended(name: str, kept: timedelta) -> RetentionTask:
    """What is kept of an application's tickets goes so long after the last of them ended."""

    def find(store: EndedStore, after: UUID | None, now: datetime) -> DuePage:
        ids = store.ended_applications(now - kept, after, PAGE)
        return DuePage(ids, ids[-1] if len(ids) == PAGE else None)

    def count(store: EndedStore, application_id: UUID, _now: datetime) -> Rows:
        return store.count_ended(application_id)

    def erase(store: EndedStore, application_id: UUID, now: datetime) -> Rows:
        if not store.ended_applications(now - kept, None, 1, application_id):
            return {}
        rows = store.count_ended(application_id)
        store.erase(application_id, now)
        return rows

    return RetentionTask(name, find, count, erase)

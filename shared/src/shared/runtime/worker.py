"""The one loop in which a service's background work is done, and the one rule for what fails there.

A worker rests until its interval is over or, where it works off a table, until a committed write wakes it. Then it
works until nothing is left. What fails is tried again after a pause that doubles from failure to failure, and a
success ends that. No error of a worker ends the service: it is logged with its kind and place, counted in
`worker_failures_total`, and told by `/readyz` for as long as it lasts. The service stays ready meanwhile: what it
accepts waits in its tables.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from prometheus_client import Counter, Gauge

from shared.errors import Unavailable, place_of
from shared.tracing import spans
from shared.tracing.spans import Attribute

log = structlog.get_logger("worker")
failed_total = Counter("worker_failures", "Background work that failed: whole rounds, and single rows", ["worker"])
failing_seconds = Gauge(
    "worker_failing_seconds", "How long no round of this work has ended well; 0: the last did", ["worker"]
)

Work = Callable[[], Awaitable[int | None]]
"""Handles what is due. Returns how many rows it took up: it is called again at once until that is 0, or None."""


@dataclass(frozen=True)
class Backoff:
    """How long to wait after failures. Without chance: no crowd asks the same server here, and a log can be read."""

    first_seconds: float = 1.0
    longest_seconds: float = 300.0

    def pause_after(self, failures: int) -> float:
        """Seconds to wait after that many failures in a row, at least one."""
        return min(self.first_seconds * 2.0 ** min(failures - 1, 30), self.longest_seconds)


BACKOFF = Backoff()
LONGEST_ASKED_SECONDS = 3600.0
"""A server that asks for a longer pause is asked again after so long."""


@dataclass(frozen=True)
class Worker:
    """Background work of a service: what is to be done, and when."""

    name: str
    work: Work
    interval_seconds: float
    """The longest rest. For a woken worker it finds what another process has written."""
    woken: bool = False
    """Every committed write of this process wakes it."""
    backoff: Backoff = BACKOFF
    everywhere: bool = False
    """Every copy of the process does it, for itself or because copies divide the rows; else one at a time does."""
    also_waiting: bool = False
    """Where one copy alone works, the others do it too while they wait (`Fence`): it writes nothing there."""
    is_traced: bool = True
    """Its rounds are spans; not of one whose rows have spans of their own."""


@dataclass(frozen=True)
class Failure:
    """A worker that fails: the last error's kind, how often in a row, and since when."""

    error: str
    count: int
    since: datetime

    def __str__(self) -> str:
        return f"{self.error}, {self.count} in a row since {self.since.isoformat(timespec='seconds')}"


async def wait_for_first(events: Sequence[asyncio.Event], seconds: float | None) -> None:
    """Until one of the events is set or the time is over; None: as long as it takes."""
    if any(event.is_set() for event in events):
        return
    waits = {asyncio.ensure_future(event.wait()) for event in events}
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WorkerLoop:
    """Runs one worker and knows how it is. `clock` and `wait` are a test's to replace."""

    def __init__(
        self,
        worker: Worker,
        clock: Callable[[], datetime] = _utc_now,
        wait: Callable[[Sequence[asyncio.Event], float], Awaitable[None]] = wait_for_first,
    ) -> None:
        self.worker = worker
        self.failure: Failure | None = None
        """Not None while the worker fails."""
        self.turned_at = time.monotonic()
        """When the loop last came by, in monotonic seconds."""
        self.succeeded_at: float | None = None
        """When a round of work last ended well; None before the first."""
        self._clock = clock
        self._wait = wait
        self._woken = asyncio.Event()
        self._pause = 0.0
        """Seconds, after a failure."""
        for figure in (failed_total, failing_seconds):
            figure.labels(worker.name)  # shown as 0 before the first

    def wake(self) -> None:
        """There may be work."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, which ends a rest and a pause at once; work that has begun is finished."""
        self.failure = None  # what failed in an earlier turn, hours ago perhaps, is not what fails now
        gauge = failing_seconds.labels(self.worker.name)
        gauge.set_function(self._failing_for)
        try:
            while not stop.is_set():
                self._woken.clear()  # before looking: what is written from here on wakes again
                await self._work_off(stop)
                if self.failure is None:
                    await self._wait((stop, self._woken), self.worker.interval_seconds)
                else:
                    await self._wait((stop,), self._pause)
        finally:
            gauge.set_function(lambda: 0.0)  # another copy works: what this one failed at is no figure of it

    def _failing_for(self) -> float:
        """Seconds."""
        return max(0.0, (self._clock() - self.failure.since).total_seconds()) if self.failure else 0.0

    async def _work_off(self, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                self.turned_at = time.monotonic()
                count = await self._round()
                self._succeeded()
                if not count:
                    return
        except Exception as error:
            self._failed(error)

    async def _round(self) -> int | None:
        span = spans.start_round(self.worker.name) if self.worker.is_traced else spans.NO_SPAN
        with span.active():
            try:
                count = await self.worker.work()
            except Exception as error:
                span.fail(type(error).__name__)
                span.end()
                raise
        if count or span.has_caused:
            span.note(Attribute.ROWS, count or 0)
            span.end()
        return count

    def _succeeded(self) -> None:
        self.succeeded_at = time.monotonic()
        if self.failure is not None:
            log.info("work_goes_on", worker=self.worker.name, after_failures=self.failure.count)
            self.failure = None

    def _failed(self, error: Exception) -> None:
        count, since = (self.failure.count + 1, self.failure.since) if self.failure else (1, self._clock())
        self.failure = Failure(type(error).__name__, count, since)
        failed_total.labels(self.worker.name).inc()
        asked = error.retry_after if isinstance(error, Unavailable) else 0.0
        self._pause = max(self.worker.backoff.pause_after(count), min(asked, LONGEST_ASKED_SECONDS))
        level = log.warning if isinstance(error, Unavailable) else log.error
        level(
            "work_failed",
            worker=self.worker.name,
            error=self.failure.error,
            place=place_of(error),
            failures=count,
            retry_in_seconds=self._pause,
        )

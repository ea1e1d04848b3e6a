"""The threads that write, their queue, and how they are.

A write waits at most `PATIENCE_SECONDS`, in the queue and for other processes' locks together: whoever asked hears by
then that it cannot be done now. Without that end, each in the queue would wait for its own lock, one after the other.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from prometheus_client import Counter, Histogram

from shared.errors import Text, Unavailable

writer_wait = Histogram(
    "writer_wait_seconds", "How long a write waited for the writer thread", buckets=(0.001, 0.01, 0.1, 0.5, 1, 5, 30)
)
given_up = Counter("writer_given_up", "Writes that were not begun within their time")
failed = Counter("writer_failed", "Writes that the database did not take: it was locked, full or away")
Result = TypeVar("Result")

PATIENCE_SECONDS = 5.0
"""Agreed for the whole house: longer, and a browser or a portal gives up by itself and tries again."""
BUSY = Text(
    "Gerade wird zu viel auf einmal gespeichert. Bitte versuchen Sie es in einer Minute noch einmal.",
    "Too much is being written just now. Please try again in a minute.",
)


class Writer:
    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="write")
        self._begun: dict[int, float] = {}
        """When each thread began what it is at."""
        self._wrote_at: float | None = None
        self.fails = False
        """Whether the newest write that has ended failed for the database's sake."""

    async def run(self, write: Callable[[float], Result]) -> Result:
        """`write` in a thread of these; it is told how many seconds are left for it.

        Raises:
            Unavailable: where it was not begun in time: then it is never done.
        """
        asked_at = time.monotonic()

        def begin() -> Result:
            waited = time.monotonic() - asked_at
            writer_wait.observe(waited)
            if waited >= PATIENCE_SECONDS:
                given_up.inc()
                raise Unavailable(BUSY)
            return self._do(write, PATIENCE_SECONDS - waited)

        late = False
        job = self._threads.submit(copy_context().run, begin)  # it writes for whom this task does

        def give_up() -> None:
            nonlocal late
            late = job.cancel()  # not where it has begun: it ends by the seconds that it was told

        timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, give_up)
        try:
            return await asyncio.wrap_future(job)
        except asyncio.CancelledError:
            if late:
                given_up.inc()
                raise Unavailable(BUSY) from None
            raise
        finally:
            timer.cancel()

    def _do(self, write: Callable[[float], Result], seconds: float) -> Result:
        me = threading.get_ident()
        self._begun[me] = time.monotonic()
        try:
            result = write(seconds)
        except Unavailable:
            self.fails = True
            raise
        else:
            self.fails, self._wrote_at = False, time.monotonic()
            return result
        finally:
            del self._begun[me]

    @property
    def seconds_since_write(self) -> float | None:
        """How long ago the newest write was committed; None where none was."""
        return None if self._wrote_at is None else time.monotonic() - self._wrote_at

    @property
    def seconds_at_work(self) -> float:
        """How long the oldest write takes that has begun and not ended; 0 where none has."""
        return time.monotonic() - min(tuple(self._begun.values()), default=time.monotonic())

    def close(self) -> None:
        """Wait for what has begun, and for the queue."""
        self._threads.shutdown(wait=True)

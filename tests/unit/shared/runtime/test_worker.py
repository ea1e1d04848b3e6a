"""The one loop of all workers: when it works, when it rests, and what it does with what fails. Time is the test's."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from prometheus_client import REGISTRY
from shared.errors import Text, Unavailable
from shared.runtime.worker import Backoff, Worker, WorkerLoop, wait_for_first
from structlog.testing import capture_logs

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
AWAY = Text("Die Datenbank ist weg.", "The database is away.")


class Time:
    """A clock that goes on only while somebody waits, and notes how long."""

    def __init__(self, rests: int) -> None:
        self.now = START
        self.rests: list[float] = []
        self.stop = asyncio.Event()
        self._left = rests

    def clock(self) -> datetime:
        return self.now

    async def wait(self, events: Sequence[asyncio.Event], seconds: float) -> None:
        if any(event.is_set() for event in events):
            return
        self.rests.append(seconds)
        self.now += timedelta(seconds=seconds)
        if len(self.rests) == self._left:
            self.stop.set()


def answers(*given: int | Exception | None) -> Callable[[], Awaitable[int | None]]:
    """Work that answers as told, then finds nothing."""
    left = list(given)

    async def work() -> int | None:
        answer = left.pop(0) if left else 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    return work


async def run(worker: Worker, rests: int) -> tuple[WorkerLoop, Time]:
    """Let the worker run until it has rested so often."""
    time = Time(rests)
    loop = WorkerLoop(worker, time.clock, time.wait)
    await loop.run(time.stop)
    return loop, time


def failures_counted(name: str) -> float:
    return REGISTRY.get_sample_value("worker_failures_total", {"worker": name}) or 0.0


@pytest.fixture(autouse=True)
def logs_of_this_test() -> Iterator[None]:
    yield
    structlog.reset_defaults()


async def test_a_worker_works_at_once_then_rests_for_its_interval() -> None:
    _, time = await run(Worker("tidy", answers(), 3600.0), rests=2)
    assert time.rests == [3600.0, 3600.0]


async def test_a_worker_works_on_without_a_rest_until_nothing_is_left() -> None:
    calls: list[None] = []

    async def work() -> int:
        calls.append(None)
        return 3 - len(calls)

    await run(Worker("tidy", work, 1.0), rests=1)
    assert len(calls) == 3


async def test_work_that_was_woken_while_it_ran_is_done_again_without_a_rest() -> None:
    time = Time(rests=1)
    calls: list[datetime] = []

    async def work() -> int:
        calls.append(time.now)
        if len(calls) == 1:
            loop.wake()
        return 0

    loop = WorkerLoop(Worker("tidy", work, 60.0, woken=True), time.clock, time.wait)
    await loop.run(time.stop)
    assert calls == [START, START], "the second look came before any time had passed"


async def test_each_failure_doubles_the_pause_up_to_five_minutes() -> None:
    _, time = await run(Worker("tidy", answers(*[RuntimeError()] * 11), 60.0), rests=11)
    assert time.rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def failing(name: str) -> float | None:
    return REGISTRY.get_sample_value("worker_failing_seconds", {"worker": name})


async def test_how_long_a_worker_fails_is_told_while_it_does_and_no_more_when_its_turn_is_over() -> None:
    """By the count of failures nobody sees it: with these pauses there are three within a quarter of an hour."""
    seen: list[float | None] = []
    answer = answers(*[RuntimeError()] * 4, 0)

    async def work() -> int | None:
        seen.append(failing("seals"))
        return await answer()

    await run(Worker("seals", work, 60.0), rests=6)
    assert seen == [0, 1, 3, 7, 15, 0]
    loop, _ = await run(Worker("seals", answers(*[RuntimeError()] * 4), 60.0), rests=3)
    assert loop.failure is not None and failing("seals") == 0, "another copy works"
    stop = asyncio.Event()
    stop.set()
    await loop.run(stop)
    assert loop.failure is None, "its turn comes again, hours later perhaps"


async def test_who_asks_to_be_left_alone_is_left_alone_up_to_an_hour() -> None:
    asks = [Unavailable(Text("weg", "away")) for _ in range(4)]
    for error, seconds in zip(asks, (0.0, 120.0, 1.0, 90_000.0), strict=True):
        error.retry_after = seconds
    _, time = await run(Worker("google", answers(*asks), 60.0), rests=4)
    assert time.rests == [1, 120, 4, 3600]


async def test_a_worker_that_must_not_wait_so_long_has_a_shorter_pause() -> None:
    worker = Worker("relay", answers(*[RuntimeError()] * 8), 1.0, backoff=Backoff(0.1, 5.0))
    _, time = await run(worker, rests=8)
    assert time.rests == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0])


async def test_a_success_ends_the_pauses_and_the_next_failure_begins_anew() -> None:
    broken = RuntimeError()
    loop, time = await run(Worker("tidy", answers(broken, broken, 0, broken), 60.0), rests=4)
    assert time.rests == [1, 2, 60, 1]
    assert loop.failure is not None
    assert loop.failure.count == 1


async def test_one_batch_that_went_well_is_a_success_too() -> None:
    """Or a list whose last row fails would make all rows before it wait for minutes."""
    broken = RuntimeError()
    _, time = await run(Worker("tidy", answers(broken, broken, 5, broken), 60.0), rests=3)
    assert time.rests == [1, 2, 1]


async def test_a_wake_up_does_not_shorten_the_pause_after_a_failure() -> None:
    time = Time(rests=2)

    async def work() -> int:
        loop.wake()
        raise RuntimeError

    loop = WorkerLoop(Worker("tidy", work, 60.0, woken=True), time.clock, time.wait)
    await loop.run(time.stop)
    assert time.rests == [1, 2]


async def test_a_failing_worker_says_what_failed_how_often_and_since_when() -> None:
    loop, _ = await run(Worker("tidy", answers(KeyError("Erika"), ValueError("Erika")), 60.0), rests=2)
    assert str(loop.failure) == "ValueError, 2 in a row since 2026-11-23T08:00:00+00:00"


async def test_a_worker_that_works_again_is_no_longer_told_as_failing() -> None:
    loop, _ = await run(Worker("tidy", answers(KeyError("Erika")), 60.0), rests=2)
    assert loop.failure is None


async def test_every_failure_is_counted_under_the_name_of_the_worker() -> None:
    before = failures_counted("counted")
    await run(Worker("counted", answers(RuntimeError(), Unavailable(AWAY), 0, RuntimeError()), 60.0), rests=4)
    assert failures_counted("counted") - before == 3
    assert failures_counted("never run") == 0


async def test_the_counter_is_there_before_the_first_failure() -> None:
    WorkerLoop(Worker("fresh", answers(), 60.0))
    assert REGISTRY.get_sample_value("worker_failures_total", {"worker": "fresh"}) == 0.0


async def test_what_is_unavailable_is_a_warning_and_everything_else_an_error_without_its_words() -> None:
    with capture_logs() as lines:
        await run(Worker("tidy", answers(Unavailable(AWAY), RuntimeError("Erika Musterfrau")), 60.0), rests=3)
    away, broken, again = lines
    assert (away["event"], away["log_level"], away["error"]) == ("work_failed", "warning", "Unavailable")
    assert (broken["log_level"], broken["error"], broken["failures"]) == ("error", "RuntimeError", 2)
    assert re.search(r"test_worker\.py:\d+$", broken["place"])
    assert (again["event"], again["log_level"]) == ("work_goes_on", "info")
    assert "Musterfrau" not in str(lines)


async def test_no_work_is_begun_after_the_stop() -> None:
    calls: list[None] = []

    async def work() -> int:
        calls.append(None)
        stop.set()
        return 50

    stop = asyncio.Event()
    await WorkerLoop(Worker("tidy", work, 60.0)).run(stop)
    assert len(calls) == 1


@pytest.mark.parametrize("answer", [0, RuntimeError()], ids=["resting", "pausing after a failure"])
async def test_a_stop_ends_a_worker_at_once_that_waits(answer: int | Exception) -> None:
    worker = Worker("tidy", answers(*[answer] * 3), 60.0, woken=True, backoff=Backoff(60.0, 60.0))
    stop = asyncio.Event()
    running = asyncio.create_task(WorkerLoop(worker).run(stop))
    await asyncio.sleep(0.01)
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, timeout=1)


async def test_a_wake_up_ends_a_rest_at_once() -> None:
    calls: list[None] = []

    async def work() -> None:
        calls.append(None)

    stop = asyncio.Event()
    loop = WorkerLoop(Worker("tidy", work, 60.0, woken=True))
    running = asyncio.create_task(loop.run(stop))
    await asyncio.sleep(0.01)
    loop.wake()
    await asyncio.sleep(0.01)
    stop.set()
    await running
    assert len(calls) == 2


async def test_who_waits_for_several_events_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    await wait_for_first([asyncio.Event(), asyncio.Event()], 0.01)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


def test_a_pause_does_not_grow_out_of_bounds_after_years_of_failures() -> None:
    assert Backoff().pause_after(10_000_000) == 300.0
    assert replace(Backoff(), longest_seconds=5.0).pause_after(2**70) == 5.0

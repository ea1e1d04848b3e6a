"""The job takes all pages, each thing in a transaction of its own; what is held or fails stays and stops nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from prometheus_client import REGISTRY
from shared.errors import Text
from shared.retention import OnHold
from shared.retention_job import FIRST_AFTER, DuePage, RetentionTask, Rows, retention_worker, run_retention
from structlog.testing import capture_logs

from shared import retention_job

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WHY = Text("Läuft noch.", "Still runs.")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Hold:
    kind: str
    until: date | None
    why: Text = WHY


@dataclass
class Shelf:
    """A store of numbers, two of which a page looks at."""

    due: list[int]
    held: dict[int, Hold] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
    writes: int = 0

    async def write(self, step: Callable[["Shelf"], Result], *, wake: bool = True) -> Result:
        self.writes += 1
        return step(self)

    async def read(self, query: Callable[["Shelf"], Result]) -> Result:
        return query(self)

    def write_now(self, step: Callable[["Shelf"], Result]) -> Result:
        self.writes += 1
        return step(self)

    def read_now(self, query: Callable[["Shelf"], Result]) -> Result:
        return query(self)


def find(shelf: Shelf, after: int | None, _now: datetime) -> DuePage:
    left = sorted(each for each in shelf.due if after is None or each > after)[:2]
    return DuePage(left, left[-1] if len(left) == 2 else None)


def count(shelf: Shelf, key: int, _now: datetime) -> Rows:
    if key in shelf.held:
        raise OnHold(WHY, [shelf.held[key]])
    return {"number": 1}


def erase(shelf: Shelf, key: int, now: datetime) -> Rows:
    if key in shelf.broken:
        raise RuntimeError("Lena Muster")
    rows = count(shelf, key, now)
    shelf.due.remove(key)
    return rows


TASKS = [RetentionTask("numbers", find, count, erase)]


async def test_all_pages_are_taken_and_a_second_run_finds_nothing() -> None:
    shelf = Shelf(list(range(7)))
    report = await run_retention(shelf, TASKS, NOW)
    assert (report.as_json("one")["tables"], shelf.due, shelf.writes) == ({"number": 7}, [], 7)
    assert (await run_retention(shelf, TASKS, NOW)).as_json("one") == {"service": "one", "tables": {}, "held": []}


async def test_a_trial_counts_the_same_and_erases_nothing() -> None:
    shelf = Shelf(list(range(5)), {3: Hold("ticket", None)})
    tried = await run_retention(shelf, TASKS, NOW, dry_run=True)
    assert (len(shelf.due), shelf.writes) == (5, 0)
    assert tried.as_json("one") == (await run_retention(shelf, TASKS, NOW)).as_json("one")


async def test_what_is_held_is_reported_with_its_reason_and_last_day() -> None:
    holds = {1: Hold("period", date(2027, 1, 1)), 2: Hold("period", date(2027, 3, 1)), 4: Hold("ticket", None)}
    report = await run_retention(Shelf(list(range(5)), holds), TASKS, NOW)
    assert report.as_json("one")["held"] == [
        {"kind": "period", "applications": 2, "until": "2027-03-01", "why": WHY.en},
        {"kind": "ticket", "applications": 1, "until": None, "why": WHY.en},
    ]
    assert report.tables == {"number": 2}


async def test_one_that_cannot_be_erased_stops_no_other_and_no_log_says_what_it_was() -> None:
    shelf = Shelf(list(range(6)), broken={2})
    with capture_logs() as logs:
        report = await run_retention(shelf, TASKS, NOW)
    assert (shelf.due, report.tables) == ([2], {"number": 5})
    assert isinstance(report.failure, RuntimeError)
    assert [each["event"] for each in logs] == ["retention_failed"] and "Muster" not in str(logs)


async def test_a_run_that_could_not_erase_all_is_none_that_has_ended() -> None:
    """Else nobody would learn that something is kept for longer than promised."""
    retention_job.ended_at.set(0)
    shelf, moment = Shelf([1, 2], broken={2}), [NOW]
    worker = retention_worker(shelf, TASKS, lambda: moment[0])
    moment[0] += FIRST_AFTER
    with pytest.raises(RuntimeError):
        await worker.work()
    assert REGISTRY.get_sample_value("retention_ended_seconds") == 0
    shelf.broken.clear()
    await worker.work()
    assert REGISTRY.get_sample_value("retention_ended_seconds")


async def test_the_worker_runs_once_a_day_and_at_once_again_where_something_failed() -> None:
    shelf, moment = Shelf([1, 2], broken={2}), [NOW]
    worker = retention_worker(shelf, TASKS, lambda: moment[0])
    await worker.work()
    assert shelf.due == [1, 2], "a process that has just begun has other things to do"
    moment[0] += FIRST_AFTER
    with pytest.raises(RuntimeError):
        await worker.work()
    shelf.broken.clear()
    with capture_logs() as logs:
        await worker.work()
    assert shelf.due == []
    assert [(each["event"], each["rows"]) for each in logs] == [("retention_ended", 1)]
    shelf.due.append(3)
    moment[0] += timedelta(hours=23)
    await worker.work()
    assert shelf.due == [3]
    moment[0] += timedelta(hours=2)
    await worker.work()
    assert shelf.due == []

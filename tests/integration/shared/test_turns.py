"""Of several copies one does what is to be done once: by the hour once an hour, and of those that go on, one at a time."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from shared.bus.tables import worker_turn as turn
from shared.copies import turns as module
from shared.copies.turns import Turns
from shared.database import Database
from shared.database.own_tables import bring_up_to_date
from shared.retention_job import DAY, DuePage, RetentionTask, retention_worker
from shared.runtime.worker import Worker, WorkerLoop
from sqlmodel import Session

HOUR = 3600.0


@dataclass
class Store:
    session: Session


@pytest.fixture
def database(postgresql: Callable[[], str]) -> Database[Store]:
    made = Database(postgresql(), Store)
    made.write_now(lambda store: bring_up_to_date(store.session.connection()))
    return made


def copies(database: Database[Store], count: int = 2) -> list[Turns]:
    """Each with a clock of its own that flies: it asks the database each time."""

    def clock() -> Callable[[], float]:
        ticks = iter(range(0, 10**9, 1000))
        return lambda: float(next(ticks))

    return [Turns(database, database.url, clock()) for _ in range(count)]


def let_pass(database: Database[Store], seconds: float) -> None:
    """As if so much time had gone by."""
    gone = timedelta(seconds=seconds)
    values = {"ends_at": turn.c.ends_at - gone, "begun_at": turn.c.begun_at - gone}

    def step(store: Store) -> None:
        for row in store.session.execute(sa.select(turn)).all():
            changed = {"ends_at": row.ends_at - gone, "begun_at": row.begun_at - gone}
            store.session.execute(sa.update(turn).where(turn.c.worker == row.worker).values(changed))

    assert set(values) == {"ends_at", "begun_at"}
    database.write_now(step)


async def test_one_has_the_turn_until_it_ends_or_is_given_back(database: Database[Store]) -> None:
    first, second = copies(database)
    assert [await each.take("printing") for each in (first, second, first, second)] == [True, False, True, False]
    let_pass(database, module.TURN_SECONDS + 1)
    assert [await each.take("printing") for each in (second, first)] == [True, False]
    await second.release()
    assert [await each.take("printing") for each in (first, second)] == [True, False]
    assert await second.take("another"), "each worker has its own"
    database.close()


async def test_what_is_done_each_hour_is_done_once_an_hour(database: Database[Store]) -> None:
    """Two copies wake at different minutes, for a day; the first rounds of a copy that begins are its own."""
    made = copies(database, 3)
    rounds: Counter[int] = Counter()
    for minute in range(0, 24 * 60, 20):
        copy = made[minute // 20 % 3]
        if await copy.take("retention", HOUR, first=minute < 60):
            rounds[minute // 60] += 1
        let_pass(database, 20 * 60)
    assert rounds[0] == 3
    assert all(rounds[hour] <= 1 for hour in range(1, 24)), rounds
    assert sum(rounds[hour] for hour in range(1, 24)) >= 20
    database.close()


async def test_the_daily_job_runs_once_a_day_over_all_copies(database: Database[Store]) -> None:
    now, runs = [datetime(2026, 11, 30, tzinfo=UTC)], [0]

    def find(_store: Store, _after: str | None, _now: datetime) -> DuePage:
        runs[0] += 1
        return DuePage(())

    task = RetentionTask("nothing", find, lambda *_: {}, lambda *_: {})
    made = [retention_worker(database, [task], lambda: now[0], each.take) for each in copies(database)]
    for _ in range(5 * 48):
        for worker in made:
            await worker.work()
        now[0] += DAY / 48
        let_pass(database, DAY.total_seconds() / 48)
    assert 4 <= runs[0] <= 6
    database.close()


async def test_work_that_lasts_keeps_its_turn(database: Database[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RENEW_SECONDS", 0.2)
    monkeypatch.setattr(module, "TURN_SECONDS", 0.6)
    first, second = (Turns(database, database.url) for _ in range(2))
    others: list[bool] = []

    async def long_work() -> None:
        for _ in range(5):
            await asyncio.sleep(0.4)
            others.append(await replace_clock(second).take("drafts"))

    (worker,) = first.in_turn(Worker("drafts", long_work, 1.0))
    await worker.work()
    assert others == [False] * 5
    database.close()


def replace_clock(turns: Turns) -> Turns:
    """Asks the database, whatever it heard a moment ago."""
    turns._others.clear()
    return turns


async def test_rows_of_a_woken_worker_are_worked_off_by_one_copy_and_by_the_next_when_it_ends(
    database: Database[Store],
) -> None:
    done: list[int] = []

    def worker(number: int) -> Worker:
        async def work() -> None:
            done.append(number)

        return Worker("printing", work, 0.05, woken=True)

    made = [Turns(database, database.url) for _ in range(2)]
    stops = [asyncio.Event() for _ in made]
    loops = [WorkerLoop(each) for number, turns in enumerate(made) for each in turns.in_turn(worker(number))]
    running = [asyncio.create_task(loop.run(stop)) for loop, stop in zip(loops, stops, strict=True)]
    await asyncio.sleep(1)
    [first] = set(done)
    stops[first].set()
    await running[first]
    await made[first].release()
    done.clear()
    await asyncio.sleep(3)
    assert set(done) == {1 - first}
    stops[1 - first].set()
    await running[1 - first]
    database.close()


async def test_what_is_for_the_copy_itself_and_what_has_no_other_copy_is_always_done(
    database: Database[Store], tmp_path: Path
) -> None:
    async def work() -> int:
        return 1

    own = Worker("ended_sessions", work, 1.0, everywhere=True)
    made = copies(database)
    await made[0].take("ended_sessions")
    assert [await each.in_turn(own)[0].work() for each in made] == [1, 1]
    alone = Turns(Database(f"sqlite:///{tmp_path / 'alone.db'}", Store), "sqlite:///x")
    assert alone.in_turn(replace(own, everywhere=False))[0].work is work
    database.close()

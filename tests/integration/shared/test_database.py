"""The same steps on SQLite and on PostgreSQL."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY
from shared.bus import inbox, outbox
from shared.bus.tables import metadata
from shared.bus.tables import outbox as outbox_table
from shared.database import Database, UtcDateTime
from shared.errors import Unavailable
from shared.events import ApplicationWithdrawn
from sqlmodel import Session

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
own = sa.MetaData()
times = sa.Table("moment", own, sa.Column("at", UtcDateTime))


@dataclass
class Store:
    session: Session


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_database()


@pytest.fixture
def database(url: str) -> Iterator[Database[Store]]:
    made = Database(url, Store)

    def create(store: Store) -> None:
        connection = store.session.connection()
        for tables in (metadata, own):
            tables.drop_all(connection)
            tables.create_all(connection)

    made.write_now(create)
    yield made
    made.close()


def event() -> ApplicationWithdrawn:
    return ApplicationWithdrawn(occurred_at=NOW, authority_id="1", application_id=uuid4(), withdrawal_id=uuid4())


async def test_a_message_is_noted_only_once_also_by_many_at_the_same_time(database: Database[Store]) -> None:
    async def note() -> bool:
        try:
            await database.write(lambda store: inbox.note(store.session, ["m-1", "m-2"], NOW))
        except sa.exc.IntegrityError:
            return False
        return True

    assert sorted(await asyncio.gather(*(note() for _ in range(12)))) == [False] * 11 + [True]
    assert await database.read(lambda store: inbox.known_ids(store.session, ["m-1", "m-3"])) == {"m-1"}


async def test_the_outbox_keeps_order_forgets_payloads_and_drives_again(database: Database[Store]) -> None:
    events = [event() for _ in range(5)]
    for one in events:
        await database.write(lambda store: outbox.emit(store.session, one))  # noqa: B023
    waiting = await database.read(lambda store: outbox.waiting_events(store.session, 10))
    assert [entry.event_id for entry in waiting] == [str(one.event_id) for one in events]
    positions = [entry.position for entry in waiting]
    await database.write(lambda store: outbox.mark_published(store.session, dict.fromkeys(positions, 1), NOW))
    assert await database.read(lambda store: outbox.count_waiting(store.session)) == 0
    assert await database.write(lambda store: outbox.redrive(store.session, events[1].event_id)) == 1
    assert await database.read(lambda store: outbox.count_waiting(store.session)) == 1
    assert await database.write(lambda store: outbox.purge(store.session, NOW + timedelta(days=1))) == 4
    assert await database.write(
        lambda store: list(outbox.redrive_since(store.session, datetime.min.replace(tzinfo=UTC)))
    ) == [1]


async def test_what_is_old_goes_in_small_steps_and_is_driven_again_in_them(database: Database[Store]) -> None:
    events = [event() for _ in range(25)]
    await database.write(lambda store: outbox.emit(store.session, *events))
    waiting = await database.read(lambda store: outbox.waiting_events(store.session, 30))
    given = {each.position: number for number, each in enumerate(waiting)}
    await database.write(lambda store: outbox.mark_published(store.session, given, NOW))
    long_ago = datetime.min.replace(tzinfo=UTC)
    assert await database.write(lambda store: list(outbox.redrive_since(store.session, long_ago, 10))) == [10, 10, 5]
    assert await database.read(lambda store: outbox.count_waiting(store.session)) == 25
    assert [each.driven for each in await database.read(lambda store: outbox.waiting_events(store.session, 30))] == [
        1
    ] * 25
    await database.write(lambda store: outbox.mark_published(store.session, given, NOW))
    later, gone = NOW + timedelta(days=1), []
    while count := await database.write(lambda store: outbox.purge(store.session, later, 10)):
        gone.append(count)
    assert gone == [10, 10, 5]
    rows = sa.select(sa.func.count()).select_from(outbox_table)
    assert await database.read(lambda store: store.session.execute(rows).scalar_one()) == 0
    # a position is never given twice
    await database.write(lambda store: outbox.emit(store.session, event()))
    (next_one,) = await database.read(lambda store: outbox.waiting_events(store.session, 1))
    assert next_one.position > max(given)


async def test_a_command_leaves_the_writer_to_others_between_its_steps(database: Database[Store]) -> None:
    """As long as each step took: a service beside it waits for one step, not for all."""
    seen: list[float] = []

    def steps(store: Store) -> Iterator[int]:
        for _ in range(5):
            outbox.emit(store.session, event())
            time.sleep(0.05)
            yield 1

    command = asyncio.create_task(asyncio.to_thread(lambda: sum(database.write_in_steps(steps))))
    while not command.done():
        began = time.perf_counter()
        await database.write(lambda store: inbox.note(store.session, [f"m-{len(seen)}"], NOW))
        seen.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    assert await command == 5
    assert len(seen) > 4, "others have written between"


async def test_a_time_comes_back_in_utc_and_one_without_zone_is_refused(database: Database[Store]) -> None:
    berlin_summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    await database.write(lambda store: store.session.execute(times.insert(), {"at": berlin_summer}))
    found = await database.read(lambda store: store.session.execute(sa.select(times.c.at)).scalar_one())
    assert found == berlin_summer
    assert found.utcoffset() == timedelta(0)
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        await database.write(lambda store: store.session.execute(times.insert(), {"at": datetime(2026, 7, 1)}))


async def test_a_step_that_fails_leaves_nothing_behind(database: Database[Store]) -> None:
    def fail(store: Store) -> None:
        outbox.emit(store.session, event())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await database.read(lambda store: outbox.count_waiting(store.session)) == 0


async def test_the_text_of_an_error_does_not_quote_a_row(database: Database[Store]) -> None:
    def note(store: Store) -> None:
        row = {"message_id": "Jānis", "received_at": NOW}
        store.session.execute(sa.text("INSERT INTO nowhere VALUES (:message_id, :received_at)"), row)

    with pytest.raises((sa.exc.SQLAlchemyError, Unavailable)) as raised:
        await database.write(note)
    told = raised.value if isinstance(raised.value, sa.exc.SQLAlchemyError) else raised.value.__cause__
    assert "nowhere" in str(told)
    assert "Jānis" not in str(told)


def test_sqlite_writes_through_to_the_disk_before_it_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}", Store)
    pragmas = database.read_now(
        lambda store: [
            store.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "journal_mode", "foreign_keys")
        ]
    )
    database.close()
    assert pragmas == [2, "wal", 1]


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="loses everything"):
        Database("sqlite://", Store)


def refused() -> tuple[float, float]:
    """How many writes did not come to their turn, and how many the database did not take."""
    named = ("writer_given_up_total", "writer_failed_total")
    given_up, failed = (REGISTRY.get_sample_value(name) or 0.0 for name in named)
    return given_up, failed


async def test_a_row_that_another_holds_is_waited_for_five_seconds_and_no_longer(
    database: Database[Store], url: str
) -> None:
    await database.write(lambda store: store.session.execute(times.insert(), {"at": NOW}))
    other = Database(url, Store)
    held, go_on = threading.Event(), threading.Event()

    def hold(store: Store) -> None:
        store.session.execute(times.update().values(at=NOW + timedelta(days=1)))
        held.set()
        go_on.wait(30)

    holding = asyncio.create_task(other.write(hold))
    await asyncio.to_thread(held.wait)
    began, before = time.monotonic(), refused()
    writes = [database.write(lambda store: store.session.execute(times.update().values(at=NOW))) for _ in range(6)]
    found = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(each) for each in found] == [Unavailable] * 6
    assert 4 < time.monotonic() - began < 8
    assert database.writer.fails
    assert sum(refused()) - sum(before) == 6 and refused()[1] > before[1], "an operator learns of each"
    go_on.set()
    await holding
    await database.write(lambda store: store.session.execute(times.update().values(at=NOW)))
    assert not database.writer.fails
    other.close()


async def test_what_was_not_begun_in_time_is_never_done(
    database: Database[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.database.writer.PATIENCE_SECONDS", 0.3)
    go_on = threading.Event()
    threads = 1 if database.url.startswith("sqlite") else 4
    busy = [asyncio.create_task(database.write(lambda _: go_on.wait(10))) for _ in range(threads)]
    await asyncio.sleep(0.1)
    with pytest.raises(Unavailable):
        await database.write(lambda store: store.session.execute(times.insert(), {"at": NOW}))
    go_on.set()
    await asyncio.gather(*busy)
    await database.write(lambda _: None)  # the queue is empty
    assert await database.read(lambda store: store.session.execute(sa.select(times)).all()) == []


async def test_a_statement_that_hangs_ends_and_is_said_to_be_tried_later(
    postgresql: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write within its five seconds, a reading later: neither keeps its connection for good."""
    monkeypatch.setattr("shared.database.database.LONGEST_STATEMENT_SECONDS", 8.0)
    database = Database(postgresql(), Store)
    hanging = sa.text("SELECT pg_sleep(60)")
    for run, most in ((database.write, 7.5), (database.read, 15.0)):
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            await run(lambda store: store.session.execute(hanging) and None)
        assert time.monotonic() - begun < most
    assert await database.read(lambda store: store.session.execute(sa.text("SELECT 1")).scalar()) == 1
    database.close()

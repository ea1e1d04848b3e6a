"""The audit trail on both databases: what is written, erased, rolled back or taken over is on record, and writers meet."""

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from shared.audit import begin, trail
from shared.audit.tables import ACT, CONTENT
from shared.audit.verify import snapshot, verify
from shared.database import Database
from shared.database.engine import open_engine
from sqlmodel import Session
from support.things_on_record import (
    KIND,
    NOW,
    THING,
    VISIT,
    VISITS,
    Store,
    checked,
    of,
    open_things,
    run,
    told,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database[Store]]:
    is_embedded = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'service.db'}" if is_embedded else request.getfixturevalue("postgresql")()
    made = open_things(url)
    yield made
    made.close()


async def test_who_erases_and_who_writes_the_same_rows_wait_for_each_other_in_one_order(
    database: Database[Store],
) -> None:
    """The writer has the row and comes for the chain's head; the eraser must not hold that head and come for the row."""
    has_row, erases = threading.Event(), threading.Event()

    def write(store: Store) -> None:
        store.session.connection().execute(THING.update().where(THING.c.id == "t1").values(cents=7))
        trail.note(store.session, chain="19900", by="worker-1", act="wrote", about="f1", at=NOW)
        trail.keep(store.session, KIND, "t1")
        has_row.set()
        erases.wait(0.7)  # on SQLite the eraser comes behind

    def erase(store: Store) -> None:
        has_row.wait(1.0)
        trail.erase(store.session, chain="19900", about="f1", by="eraser", at=NOW)
        erases.set()
        store.session.connection().execute(THING.delete().where(THING.c.family == "f1"))

    await asyncio.gather(database.write(write), database.write(erase))
    assert told(checked(database)) == []
    left = database.read_now(lambda store: store.session.connection().execute(sa.select(CONTENT)).all())
    assert {row.about for row in left} == {"f0"}


def test_a_savepoint_that_is_rolled_back_leaves_nothing_on_record(database: Database[Store]) -> None:
    def step(store: Store) -> None:
        store.write("a", 1)
        with pytest.raises(KeyError), store.session.begin_nested():
            store.write("b", 2)
            with store.session.begin_nested():
                store.write("c", 3)
            raise KeyError
        with store.session.begin_nested():
            store.write("d", 4)

    database.write_now(step)
    report = checked(database)
    assert report.ok and report.rows == 6 and report.chains[0].acts == 6


def test_a_transaction_that_is_rolled_back_leaves_nothing(database: Database[Store]) -> None:
    def step(store: Store) -> None:
        store.write("a", 1)
        raise KeyError

    with pytest.raises(KeyError):
        database.write_now(step)
    assert checked(database).chains[0].acts == 4


def test_a_session_that_goes_on_after_its_rollback_puts_only_the_rest_on_record(database: Database[Store]) -> None:
    engine = open_engine(database.url, connections=1).execution_options(writes=True)
    with Session(engine) as session:
        Store(session).write("a", 1)
        session.rollback()
        Store(session).write("b", 2)
        session.commit()
    engine.dispose()
    report = checked(database)
    assert report.ok and report.chains[0].acts == 5


def test_rows_written_without_an_act_get_one_of_the_rules(database: Database[Store]) -> None:
    def step(store: Store) -> None:
        store.session.connection().execute(THING.update().where(THING.c.id == "t1").values(cents=5))
        trail.keep(store.session, KIND, "t1")

    database.write_now(step)
    assert checked(database).ok
    last = database.read_now(lambda store: store.session.connection().execute(sa.select(ACT).where(of(ACT, 5))).one())
    assert (last.by, last.act, last.about) == (trail.RULES, trail.KEPT, "f1")


async def test_writers_of_the_same_and_of_several_chains_meet_without_a_gap(database: Database[Store]) -> None:
    def step(number: int) -> Callable[[Store], None]:
        def write(store: Store) -> None:
            chains = ["a", "b"] if number % 2 else ["b", "a"]
            for each in chains:
                trail.note(store.session, chain=each, by="w", act="did", at=NOW, detail={"n": number})

        return write

    await asyncio.gather(*(database.write(step(number)) for number in range(60)))
    report = checked(database)
    assert report.ok and {each.name: each.acts for each in report.chains} == {"19900": 4, "a": 60, "b": 60}


async def test_who_looks_while_others_write_sees_one_moment(database: Database[Store]) -> None:
    def look(store: Store) -> list[str]:
        return told(verify(snapshot(store.session), [KIND]))

    async def write() -> None:
        for number in itertools.count():
            await database.write(lambda store, number=number: store.write(f"w{number}", 1))  # type: ignore[misc]

    writing = asyncio.create_task(write())
    for _ in range(20):
        assert await database.read(look) == []
    writing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await writing


def test_what_is_taken_away_is_on_record_and_may_not_come_back(database: Database[Store]) -> None:
    thing = THING.c.id == "t1"
    values = database.read_now(
        lambda store: dict(store.session.execute(sa.select(THING).where(thing)).mappings().one())
    )

    def take_away(store: Store) -> None:
        store.session.connection().execute(THING.delete().where(thing))
        trail.keep(store.session, KIND, "t1", chain="19900", about="f1")

    database.write_now(take_away)
    assert checked(database).ok
    database.write_now(run(THING.insert().values(values)))
    assert told(checked(database)) == ["thing t1 is there, but act 5 of 19900 says that it was taken away"]


def test_what_was_there_before_is_taken_over_once(database: Database[Store]) -> None:
    database.write_now(run(THING.insert().values(id="old", family="f8", cents=5, moved=1.0, at=NOW)))
    begin.begin(database.url, [KIND])
    assert checked(database).ok
    database.write_now(run(THING.insert().values(id="new", family="f8", cents=5, moved=1.0, at=NOW)))
    begin.begin(database.url, [KIND])
    assert told(checked(database)) == ["thing new is not on record"], "what comes later is not taken over"


def test_what_an_earlier_program_wrote_meanwhile_is_taken_over_when_the_tables_come_forward_again(
    database: Database[Store],
) -> None:
    begin.begin(database.url, [KIND])
    begin.leave(database.url, "0024")
    database.write_now(run(THING.insert().values(id="between", family="f8", cents=5, moved=1.0, at=NOW)))
    assert told(checked(database)) == ["thing between is not on record"]
    for _ in range(2):
        begin.begin(database.url, [KIND])
        assert checked(database).ok
    query = "SELECT act FROM audit_act WHERE chain = 'beginnings' ORDER BY number"
    acts = database.read_now(lambda store: store.session.execute(sa.text(query)).scalars().all())
    assert acts == ["began: thing", "left: 0024", "began: thing"], "and that it was so"


async def test_two_who_write_under_one_key_at_once_leave_both_on_record(database: Database[Store]) -> None:
    locked = threading.Event()

    def visit(number: int) -> Callable[[Store], None]:
        def step(store: Store) -> None:
            store.session.connection().execute(VISIT.insert(), {"id": number, "family": "f1"})
            trail.note(store.session, chain="19900", by="worker-1", act="visited", about="f1", at=NOW)
            trail.keep(store.session, VISITS, "f1")
            if number == 1:
                trail.flush(store.session)  # the chain's head is its own until it commits
                locked.set()
                time.sleep(0.5)
            else:
                locked.wait(1.0)

        return step

    # on SQLite one writes when the other is through; on PostgreSQL the second one reads before the first has committed
    one, other = asyncio.create_task(database.write(visit(1))), asyncio.create_task(database.write(visit(2)))
    await asyncio.gather(one, other)
    report = database.read_now(lambda store: verify(store.session.connection(), [KIND, VISITS]))
    assert told(report) == []

"""One copy works, the others wait; and who was replaced writes nothing any more, whatever it believes."""

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from shared.copies.fence import Fence, NotActive
from shared.copies.fenced_database import FencedDatabase
from shared.copies.keepers import FileKeeper, SessionKeeper
from shared.copies.tables import fenced
from shared.database.engine import open_engine
from shared.errors import Unavailable
from sqlmodel import Session

SILENT_SECONDS = 1.0
"""In place of LOST_AFTER_SECONDS."""
written = sa.Table(
    "written",
    fenced,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("number", sa.BigInteger),
)


@dataclass
class Store:
    session: Session

    def write(self, number: int | None) -> None:
        self.session.execute(written.insert(), {"number": number})


@dataclass
class Copy:
    """One process's part of it, without the process."""

    fence: Fence
    database: FencedDatabase[Store]
    now: Callable[[], float] = time.monotonic
    is_paused: bool = False

    async def beat(self) -> None:
        if not self.is_paused:
            await self.fence.beat()

    async def write(self) -> int:
        """Under which number."""
        self.fence.require()
        number = self.fence.number or 0
        await self.database.write(lambda store: store.write(number))
        return number


@pytest.fixture
def url(postgresql: Callable[[], str]) -> str:
    made = postgresql()
    make_fence(made)
    return made


def make_fence(url: str) -> None:
    engine = open_engine(url, connections=1)
    with engine.begin() as connection:
        fenced.create_all(connection)
        for table in ("fence", "fence_beat"):
            columns = "id, number, beat_at" if table == "fence_beat" else "id, number"
            values = "1, 0, '1970-01-01'" if table == "fence_beat" else "1, 0"
            connection.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values})"))
    engine.dispose()


@asynccontextmanager
async def copies(url: str, count: int = 2) -> AsyncIterator[list[Copy]]:
    """Their own clocks stand still: each goes on to believe what it knew last."""
    made = []
    for _ in range(count):
        fence = Fence(SessionKeeper(url, SILENT_SECONDS), monotonic=lambda: 0.0)
        made.append(Copy(fence, FencedDatabase(url, Store, fence)))
    yield made
    for each in made:
        await each.fence.release()
        each.database.close()


def numbers(url: str) -> list[int]:
    engine = open_engine(url, connections=1)
    with engine.connect() as connection:
        found = list(connection.execute(sa.select(written.c.number).order_by(written.c.id)).scalars())
    engine.dispose()
    return found


async def beat_until_active(copy: Copy, seconds: float) -> float:
    """How long it took."""
    began = time.monotonic()
    while copy.fence.number is None:
        assert time.monotonic() - began < seconds, str(copy.fence)
        await copy.beat()
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def test_one_is_active_and_the_other_waits_and_writes_nothing(url: str) -> None:
    async with copies(url) as (first, second):
        for each in (first, second, first, second):
            await each.beat()
        assert (str(first.fence), first.fence.number) == ("active, number 1", 1)
        assert (str(second.fence), second.fence.number) == ("waiting: another copy is active", None)
        await first.write()
        with pytest.raises(NotActive):
            await second.database.write(lambda store: store.write(2))
        with pytest.raises(NotActive):
            second.fence.require()
    assert numbers(url) == [1]


async def test_where_the_active_one_ends_the_other_takes_over_at_once(url: str) -> None:
    async with copies(url) as (first, second):
        await first.beat()
        await first.fence.release()
        await second.beat()
        assert second.fence.number == 2
        await second.write()
        with pytest.raises(NotActive):
            await first.write()
    assert numbers(url) == [2]


async def test_who_has_lost_its_session_without_knowing_writes_nothing(url: str) -> None:
    """As by a failover, or by who ends sessions that rest: its own clock and memory say that it is active."""
    async with copies(url) as (first, second):
        await first.beat()
        engine = open_engine(url, connections=1)
        with engine.begin() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            connection.execute(sa.text(ended))
        engine.dispose()
        assert await beat_until_active(second, 3) < 2
        assert first.fence.number == 1, "it believes so"
        with pytest.raises(NotActive):
            await first.write()
        await first.beat()
        await first.beat()
        assert first.fence.number is None
    assert numbers(url) == []


async def test_who_is_paused_is_replaced_and_writes_nothing_when_it_comes_back(url: str) -> None:
    """It keeps its session, and so the lock."""
    async with copies(url) as (first, second):
        await first.beat()
        await second.beat()
        assert second.fence.number is None
        first.is_paused = True
        assert await beat_until_active(second, 5) < SILENT_SECONDS + 1
        await second.write()
        with pytest.raises(NotActive):
            await first.write()
        first.is_paused = False
        await first.beat()
        await first.beat()
        assert first.fence.is_waiting
        assert second.fence.number == 2
    assert numbers(url) == [2]


async def test_who_is_paused_within_a_transaction_neither_holds_up_who_waits_nor_commits(url: str) -> None:
    async with copies(url) as (first, second):
        await first.beat()
        begun, go_on = threading.Event(), threading.Event()

        def rest(store: Store) -> None:
            store.write(1)
            begun.set()
            assert go_on.wait(20)

        writing = asyncio.create_task(first.database.write(rest))
        assert await asyncio.to_thread(begun.wait, 5)
        assert await beat_until_active(second, 5) < SILENT_SECONDS + 1
        await second.write()
        go_on.set()
        with pytest.raises(Unavailable):
            await writing
    assert numbers(url) == [2]


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_no_write_of_an_earlier_number_follows_one_of_a_later(url: str, seed: int) -> None:
    chance = random.Random(seed)
    async with copies(url, 3) as made:
        began, seen = time.monotonic(), set[int]()

        def goes_on() -> bool:
            """For some seconds, and on a busy machine until it was taken over twice."""
            age = time.monotonic() - began
            return age < 5 or (len(seen) < 3 and age < 60)

        async def live(copy: Copy) -> None:
            while goes_on():
                await copy.beat()
                await asyncio.sleep(0.05)

        async def write(copy: Copy) -> None:
            while goes_on():
                try:
                    seen.add(await copy.write())
                except Unavailable:
                    await asyncio.sleep(0.01)

        async def disturb() -> None:
            while goes_on():
                await asyncio.sleep(chance.uniform(0.1, 0.6))
                active = next((each for each in made if each.fence.number is not None and not each.is_paused), None)
                if active is not None:
                    active.is_paused = True
                for each in made:
                    each.is_paused = each.is_paused and (each is active or chance.random() < 0.7)

        await asyncio.gather(*(live(each) for each in made), *(write(each) for each in made), disturb())
    found = numbers(url)
    assert found == sorted(found)
    assert len(set(found)) > 2, "it was taken over"


def test_on_one_machine_a_file_says_which_copy_works(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'signer.db'}"
    make_fence(url)

    async def story() -> None:
        first, second = (Fence(FileKeeper(url)) for _ in range(2))
        one, other = (FencedDatabase(url, Store, each) for each in (first, second))
        for each in (first, second, first):
            await each.beat()
        assert (first.number, second.number) == (1, None)
        await one.write(lambda store: store.write(1))
        with pytest.raises(NotActive):
            await other.write(lambda store: store.write(2))
        await first.release()
        await second.beat()
        assert second.number == 2
        await other.write(lambda store: store.write(2))
        await second.release()
        for database in (one, other):
            database.close()

    asyncio.run(story())
    assert numbers(url) == [1, 2]

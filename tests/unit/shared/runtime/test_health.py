"""What `/healthz` says: it fails where a part of the process has stopped turning, and never because another is away."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from shared.bus.hearing import Hearing
from shared.bus.tables import metadata
from shared.copies.fence import Claim, Fence, Keeper, NotActive
from shared.database import Database
from shared.errors import Text, Unavailable
from shared.runtime import health as module
from shared.runtime.check import Check
from shared.runtime.health import Health, Needs
from shared.runtime.worker import Backoff, Worker, WorkerLoop
from sqlmodel import Session

SHORT = Backoff(first_seconds=0.05, longest_seconds=0.05)


@dataclass
class Store:
    session: Session


@dataclass
class Process:
    """One without a broker."""

    bus: None = None
    warm: bool = True
    is_leaving: bool = False
    loops: list[WorkerLoop] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database[Store]]:
    made = Database(f"sqlite:///{tmp_path / 'service.db'}", Store)
    made.write_now(lambda store: metadata.create_all(store.session.connection()))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STUCK_SECONDS", 1.0)


async def asked(health: Health, path: str) -> tuple[int, dict[str, object]]:
    app = FastAPI()
    app.include_router(health.router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
        answer = await http.get(path)
    return answer.status_code, answer.json()


async def idle() -> None: ...


async def test_a_process_that_turns_is_alive_also_where_it_is_not_ready(database: Database[Store]) -> None:
    health = Health(Process(loops=[WorkerLoop(Worker("relay", idle, 1.0))]), Needs(database))
    assert await asked(health, "/healthz") == (200, {"status": "ok"})
    status, told = await asked(health, "/readyz")
    assert (status, told["ready"]) == (503, False)


async def test_a_write_that_does_not_end_wants_a_new_start(database: Database[Store]) -> None:
    health, go_on = Health(Process(), Needs(database)), threading.Event()
    writing = asyncio.create_task(database.write(lambda _: go_on.wait(10)))
    await asyncio.sleep(1.4)
    assert await asked(health, "/healthz") == (503, {"status": "stuck", "detail": "a write does not end"})
    go_on.set()
    await writing
    assert (await asked(health, "/healthz"))[0] == 200


async def test_a_relay_that_does_not_come_by_wants_a_new_start_and_one_that_fails_does_not(
    database: Database[Store],
) -> None:
    never = asyncio.Event()

    async def hangs() -> None:
        await never.wait()

    async def fails() -> None:
        raise Unavailable(Text("Weg.", "Away."))

    stop = asyncio.Event()
    for work, status in ((hangs, 503), (fails, 200)):
        loop = WorkerLoop(Worker("relay", work, 0.05, backoff=SHORT))
        running = asyncio.create_task(loop.run(stop))
        await asyncio.sleep(1.4)
        assert (await asked(Health(Process(loops=[loop]), Needs(database)), "/healthz"))[0] == status
        running.cancel()


async def test_a_pull_loop_that_does_not_come_by_wants_a_new_start_and_one_that_hears_nothing_does_not(
    database: Database[Store],
) -> None:
    hearing = Hearing("TICKET")
    health = Health(Process(hearings=[hearing]), Needs(database))
    hearing.turned_at = time.monotonic() - 10
    assert (await asked(health, "/healthz"))[0] == 200, "it has not begun: it catches up first"
    hearing.turn()
    hearing.turned_at = time.monotonic() - 10
    assert (await asked(health, "/healthz"))[1]["detail"] == "the pull loop of TICKET does not turn"
    hearing.turn()
    assert (await asked(health, "/healthz"))[0] == 200


async def test_what_blocks_and_what_is_told_alone(database: Database[Store]) -> None:
    async def stale() -> Check:
        return Check(ok=False, detail="old", age_seconds=90_000.04, blocks=False)

    async def breaks() -> Check:
        raise LookupError("Erika Musterfrau")

    front_door = Needs(database, accepts_without_bus=True, hears=False, checks={"lists": stale})
    status, told = await asked(Health(Process(), front_door), "/readyz")
    assert (status, told["ready"]) == (200, True)
    assert told["checks"]["lists"] == {"ok": False, "age_seconds": 90_000.0, "detail": "old"}  # type: ignore[index]
    broken = Needs(database, accepts_without_bus=True, hears=False, checks={"epoch": breaks})
    status, told = await asked(Health(Process(), broken), "/readyz")
    assert (status, told["checks"]["epoch"]) == (503, {"ok": False, "detail": "LookupError"})  # type: ignore[index]


async def test_a_database_without_its_tables_is_not_ok_though_it_can_be_read(
    database: Database[Store], tmp_path: Path
) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}", Store)
    assert await empty.read(lambda store: store.session.execute(sa.text("SELECT 1")).scalar()) == 1
    _, told = await asked(Health(Process(), Needs(empty, accepts_without_bus=True)), "/readyz")
    assert told["checks"]["database"]["ok"] is False  # type: ignore[index]
    empty.close()


async def test_a_disk_that_is_nearly_full_is_seen_before_it_is(
    database: Database[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_ROOM", 1 << 62)
    _, told = await asked(Health(Process(), Needs(database, accepts_without_bus=True)), "/readyz")
    assert str(told["checks"]["database"]["detail"]).endswith(" MB are left on the disk")  # type: ignore[index]


class OtherWorks(Keeper):
    """Implements Keeper: until `wins` another copy is the active one."""

    wins = False

    def claim(self, own: int | None) -> Claim:
        return Claim(2 if self.wins else None)

    def check(self, session: Session, own: int) -> bool:
        return self.wins

    def release(self) -> None: ...


async def test_what_a_copy_failed_at_before_another_took_over_is_no_trouble_while_it_waits(
    database: Database[Store],
) -> None:
    async def refuse() -> None:
        raise NotActive

    loop, over, keeper = WorkerLoop(Worker("limits", refuse, 1.0)), asyncio.Event(), OtherWorks()
    running = asyncio.create_task(loop.run(over))
    await asyncio.sleep(0)
    over.set()
    await running
    assert loop.failure is not None
    fence = Fence(keeper)
    health = Health(Process(loops=[loop]), Needs(database, fence=fence))
    assert (await health.checks())["workers"] == Check(ok=True, blocks=False)
    keeper.wins = True
    await fence.beat()
    again = Health(Process(loops=[loop]), Needs(database, fence=fence))
    assert not (await again.checks())["workers"].ok
    await fence.release()

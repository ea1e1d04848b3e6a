"""The local run holds its processes up: what ends is started again, a broker whose disk was full too, and it says so."""

import asyncio
import io
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from local import broker as local_broker
from local.ports import free_ports
from local.process import DidNotStart, Process
from local.report import Report
from local.system import supervisor
from local.system.supervisor import CannotHold, Supervisor
from rich.console import Console
from shared.bus import admin, outbox
from shared.bus.connection import BusSettings, connect
from shared.bus.relay import Relay
from shared.bus.tables import outbox as table
from shared.database import Database
from support.bus import Store, open_database, running, withdrawn

SERVER = Path(sys.executable).with_name("nats-server")
SLEEPS = "import time; time.sleep(600)"


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def report(said: io.StringIO) -> Report:
    return Report(Console(file=said, width=200))


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[tuple[local_broker.Broker, Process]]:
    port, monitor = free_ports(2)
    made = local_broker.Broker(tmp_path / "nats", port, monitor)
    local_broker.prepare(made)
    command = [str(SERVER), "-a", "127.0.0.1", "-c", str(made.configuration)]
    ready = f"{made.monitor_url}/healthz"
    process = Process("nats", command, made.environment(), tmp_path / "nats.log", ready, made.needed)
    process.start()
    process.wait_ready()
    asyncio.run(admin.create(made.url, str(made.seed_file("admin"))))
    yield made, process
    process.kill()


def look_until(supervisor: Supervisor, check: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come about in time"
        supervisor.look()
        time.sleep(0.1)


def program(tmp_path: Path, code: str) -> Process:
    return Process("tiny", [sys.executable, "-c", code], {}, tmp_path / "tiny.log", "http://127.0.0.1:1/")


def test_what_ends_by_itself_is_started_again_and_it_is_said(tmp_path: Path, report: Report, said: io.StringIO) -> None:
    process = program(tmp_path, SLEEPS)
    process.start()
    first = process.pid
    held = Supervisor({"tiny": process}, {}, report)
    held.look()
    assert said.getvalue() == ""
    process.kill()
    look_until(held, lambda: process.alive)
    try:
        assert process.pid != first
        assert "tiny ended by itself; it is started again" in said.getvalue()
    finally:
        process.kill()


def test_who_lists_the_processes_hears_that_one_is_another_now(tmp_path: Path, report: Report) -> None:
    process, listed = program(tmp_path, SLEEPS), list[int]()
    process.start()
    listed.append(process.pid)
    held = Supervisor({"tiny": process}, {}, report, on_start=lambda: listed.append(process.pid))
    try:
        process.kill()
        look_until(held, lambda: process.alive)
        assert len(listed) == 2 and listed[-1] == process.pid != listed[0]
    finally:
        process.kill()


def test_what_ends_again_and_again_is_given_up_with_its_last_words(
    tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "PAUSES", (0.0,) * supervisor.MOST_RESTARTS)
    process = program(tmp_path, "import sys; sys.exit('no such setting')")
    process.start()
    held = Supervisor({"tiny": process}, {}, report)
    with pytest.raises(CannotHold, match=r"tiny ended 6 times in 10 minutes:\n(?s:.*)no such setting"):
        look_until(held, lambda: False)


def put_off(store: Store) -> None:
    failed = table.update().where(table.c.attempts > 0)
    later = failed.values(next_try_at=datetime.now(UTC) + timedelta(hours=1))
    assert store.session.connection().execute(later).rowcount


async def fill_disk(process: Process, database: Database[Store]) -> None:
    """Until the broker says that it is unwell; five events are told meanwhile."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
    for _ in range(5):
        await database.write(lambda store: store.emit(withdrawn()))
    while httpx.get(process.ready_url).status_code == 200:
        await asyncio.sleep(0.1)


def test_a_broker_whose_disk_was_full_comes_back_and_what_waited_is_told(
    tmp_path: Path,
    nats: tuple[local_broker.Broker, Process],
    report: Report,
    said: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "SICK_SECONDS", 2.0)
    made, process = nats
    room = False
    held = Supervisor({"nats": process}, {"nats": process.ready_url}, report, lambda _: room)
    database = open_database(tmp_path / "sender.db")
    settings = BusSettings(made.url, made.monitor_url, made.seed_file("application"))

    def waiting() -> int:
        return database.read_now(lambda store: outbox.count_waiting(store.session))

    async def tell() -> None:
        nonlocal room
        connection = await connect("application", settings)
        async with running(Relay(connection, database).run):
            # 1. The disk is full: what is accepted waits in the outbox.
            await fill_disk(process, database)
            while not await database.read(lambda store: outbox.failing_events(store.session)):
                held.look()  # without room it is left alone
                await asyncio.sleep(0.1)
            assert (waiting(), said.getvalue()) == (5, "")
            await database.write(put_off)  # as after an hour of it
            # 2. There is room again, and it is started anew: within seconds all is told, and nothing waits for its turn.
            room = True
            deadline = time.monotonic() + 30
            while waiting():
                assert time.monotonic() < deadline, "the outbox does not empty"
                held.look()
                await asyncio.sleep(0.1)
        await connection.client.close()

    asyncio.run(tell())
    assert "nats says that a new start is needed" in said.getvalue()
    assert "nats ended by itself; it is started again" in said.getvalue()


@pytest.mark.parametrize("name", ["nats.conf", "users.conf", "store-key.conf"])
def test_a_broker_with_an_empty_configuration_does_not_start(
    nats: tuple[local_broker.Broker, Process], name: str
) -> None:
    made, process = nats
    process.kill()
    (made.folder / name).write_text("")
    with pytest.raises(DidNotStart, match=f"{name} is missing or empty"):
        process.start()


def test_a_broker_with_an_empty_configuration_that_starts_all_the_same_listens_on_loopback_alone(
    tmp_path: Path, nats: tuple[local_broker.Broker, Process]
) -> None:
    """As an operator may start it, by the command of the local run."""
    made, process = nats
    process.kill()
    made.configuration.write_text("")
    (port,) = free_ports(1)
    started = Process("nats", [*process.command, "-p", str(port)], {}, tmp_path / "empty.log", process.ready_url)
    started.start()
    try:
        deadline = time.monotonic() + 10
        while "Listening for client connections" not in started.end_of_log(200):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert f"Listening for client connections on 127.0.0.1:{port}" in started.end_of_log(200)
    finally:
        started.kill()

"""A broker that loses what it acknowledged: its sender notices, and tells it again by itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import nats
import pytest
from shared.bus import admin, inbox, outbox, relay
from shared.bus.relay import Relay
from shared.database import Database
from support.broker import Broker, start_broker, started_again
from support.bus import Store, connected, consumer, eventually, has_noted, open_database, running, withdrawn

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Disk:
    """Of a broker: it can be lost, and an older copy can be put in its place."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker

    def stop(self) -> None:
        self.broker.process.kill()
        self.broker.process.wait()

    def start(self) -> None:
        self.broker = started_again(self.broker)

    def copy(self) -> None:
        self.stop()
        shutil.rmtree(self.broker.folder / "copy", ignore_errors=True)
        shutil.copytree(self.broker.folder / "store", self.broker.folder / "copy")
        self.start()

    def put_copy_back(self) -> None:
        self.stop()
        shutil.rmtree(self.broker.folder / "store")
        shutil.copytree(self.broker.folder / "copy", self.broker.folder / "store")
        self.start()

    async def lose(self) -> None:
        """And make the streams anew, as the admin step does."""
        self.stop()
        shutil.rmtree(self.broker.folder / "store")
        self.start()
        await make_streams(self.broker)


async def make_streams(broker: Broker) -> None:
    await admin.create(broker.url, str(broker.seed_file))


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Disk]:
    disk = Disk(start_broker(tmp_path / "nats"))
    await make_streams(disk.broker)
    yield disk
    disk.stop()


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[tuple[Database[Store], Database[Store]]]:
    sender, hearer = open_database(tmp_path / "sender.db"), open_database(tmp_path / "hearer.db")
    yield sender, hearer
    sender.close()
    hearer.close()


async def tell(sender: Database[Store], count: int) -> None:
    for _ in range(count):
        await sender.write(lambda store: store.emit(withdrawn()))


async def all_sent(sender: Database[Store]) -> bool:
    return not await sender.read(lambda store: outbox.count_waiting(store.session))


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_a_broker_loses_reaches_the_hearer_once(
    disk: Disk, databases: tuple[Database[Store], Database[Store]], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "COMPARE_SECONDS", 1.0)
    sender, hearer = databases
    random, told = Random(seed), 0
    for step in ("copy", *random.choices(["copy", "lose", "put back", "put back with the hearer away"], k=4)):
        async with connected(disk.broker, "application") as out, running(Relay(out, sender).run):
            # 1. Nobody hears, so that what the broker keeps is all there is of it.
            count = random.randint(1, 30)
            await tell(sender, count)
            told += count
            await eventually(lambda: all_sent(sender))
            # 2. The fault, under the eyes of the sender, or while it is away.
            if step == "copy":
                await asyncio.to_thread(disk.copy)
            elif step == "lose":
                await disk.lose()
            else:
                await asyncio.to_thread(disk.put_copy_back)
            # 3. What is told afterwards goes as well.
            await tell(sender, 2)
            told += 2
            if "away" not in step:
                async with connected(disk.broker, "eligibility") as heard, running(consumer(heard, hearer).run):
                    await eventually(partial(has_noted, hearer, told), seconds=20)
    async with (
        connected(disk.broker, "application") as out,
        connected(disk.broker, "eligibility") as heard,
        running(Relay(out, sender).run, consumer(heard, hearer).run),
    ):
        await eventually(lambda: has_noted(hearer, told), seconds=20)
    noted = await hearer.read(lambda store: store.noted())
    assert len(noted) == len(set(noted)) == told


async def test_a_stream_that_somebody_deletes_is_missed_and_told_again_when_it_is_there(
    disk: Disk, databases: tuple[Database[Store], Database[Store]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "COMPARE_SECONDS", 0.5)
    sender, hearer = databases
    async with connected(disk.broker, "application") as out, running(Relay(out, sender).run):
        await tell(sender, 20)
        await eventually(lambda: all_sent(sender))
        client = await nats.connect(disk.broker.url, nkeys_seed=str(disk.broker.seed_file))
        await client.jetstream().delete_stream("APPLICATION")
        await client.close()
        await tell(sender, 1)
        await asyncio.sleep(1.5)
        assert not await all_sent(sender)
        await make_streams(disk.broker)
        async with connected(disk.broker, "eligibility") as heard, running(consumer(heard, hearer).run):
            await eventually(lambda: has_noted(hearer, 21), seconds=20)


async def test_a_broker_that_comes_back_unsafe_is_told_nothing_until_it_is_safe(
    disk: Disk, databases: tuple[Database[Store], Database[Store]]
) -> None:
    sender, hearer = databases
    settings = disk.broker.folder / "nats.conf"
    safe = settings.read_text()
    async with (
        connected(disk.broker, "application") as out,
        connected(disk.broker, "eligibility") as heard,
        running(Relay(out, sender).run, consumer(heard, hearer).run),
    ):
        await tell(sender, 5)
        await eventually(lambda: has_noted(hearer, 5))
        disk.stop()
        settings.write_text(safe.replace("sync_interval: always,", ""))
        disk.start()
        await eventually(lambda: _is(out.safety.fault is not None))
        await tell(sender, 5)
        await asyncio.sleep(1.0)
        assert not await all_sent(sender)
        assert "sync_interval: always" in str(out.safety.fault)
        disk.stop()
        settings.write_text(safe)
        disk.start()
        await eventually(lambda: has_noted(hearer, 10), seconds=20)
        assert out.safety.fault is None


async def _is(value: bool) -> bool:
    return value


async def test_what_is_driven_again_at_once_reaches_a_broker_that_still_knows_the_ids(
    disk: Disk, databases: tuple[Database[Store], Database[Store]]
) -> None:
    sender, hearer = databases
    async with (
        connected(disk.broker, "application") as out,
        connected(disk.broker, "eligibility") as heard,
        running(Relay(out, sender).run),
    ):
        await tell(sender, 10)
        await eventually(lambda: all_sent(sender))
        before = (await out.jetstream.stream_info("APPLICATION")).state.messages
        await sender.write(lambda store: list(outbox.redrive_since(store.session, LONG_AGO)))
        await eventually(lambda: all_sent(sender))
        assert (await out.jetstream.stream_info("APPLICATION")).state.messages == before + 10
        async with running(consumer(heard, hearer).run):
            await eventually(lambda: has_noted(hearer, 10))
            await asyncio.sleep(0.2)
    assert len(await hearer.read(lambda store: store.noted())) == 10


async def test_messages_at_one_sequence_of_two_streams_are_both_put_aside(
    disk: Disk, databases: tuple[Database[Store], Database[Store]]
) -> None:
    _, hearer = databases
    for _ in range(2):
        async with connected(disk.broker, "eligibility") as heard, running(consumer(heard, hearer).run):
            for number in range(3):
                await heard.jetstream.publish("application.withdrawn.v1", b"{", headers={"Nats-Msg-Id": str(number)})
            await asyncio.sleep(0.5)
        await disk.lose()
    assert await hearer.read(lambda store: inbox.count_quarantined(store.session)) == 6

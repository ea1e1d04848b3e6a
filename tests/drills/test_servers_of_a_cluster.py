"""A cluster of three: any server will do, each message lies on as many as is declared, and a server may go."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from local.commands import app
from nats.js.api import ConsumerConfig, StreamConfig
from shared.bus import admin
from shared.bus.connection import BusSettings, connect
from shared.bus.relay import Relay
from shared.bus.safety import Safety, UnsafeBroker
from shared.bus.topology import STREAMS, Durable, Stream, durables_of
from shared.events import ApplicationWithdrawn
from support.broker import running_broker
from support.bus import Store, consumer, eventually, has_noted, open_database, running, withdrawn
from support.cluster import Cluster, running_cluster
from typer.testing import CliRunner


def emit(event: ApplicationWithdrawn, store: Store) -> None:
    store.emit(event)


SEEN_SECONDS = 20.0
"""A server that keeps silent is given up after some pings."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster") / "of-three") as three:
        asyncio.run(admin.create(three.url, str(three.seed_file), 3))
        yield three


@pytest.fixture
def whole(cluster: Cluster) -> Iterator[Cluster]:
    """All three run, before and after."""
    yield cluster
    for server in cluster.servers:
        server.kill()
        server.start()
    cluster.wait()


def settings(cluster: Cluster, url: str | None = None, *, replicas: int = 3, monitored: bool = True) -> BusSettings:
    monitor = cluster.monitor_url if monitored else None
    return BusSettings(url or cluster.url, monitor, cluster.seed_file, replicas=replicas)


async def attempt(told: BusSettings, service: str = "eligibility") -> None:
    connection = await asyncio.wait_for(connect(service, told), 60)
    await connection.client.close()


async def test_each_message_lies_on_three_servers(cluster: Cluster) -> None:
    connection = await connect("signer", settings(cluster))
    for stream in STREAMS:
        told = await connection.jetstream.stream_info(stream.name)
        assert told.config.num_replicas == 3
        assert told.cluster is not None
        assert len(told.cluster.replicas or []) == 2, "one leads, two follow"
    await connection.client.close()


def test_a_service_starts_while_a_server_is_away_whichever_it_is(whole: Cluster) -> None:
    for away in whole.servers:
        away.kill()
        asyncio.run(attempt(settings(whole)))
        away.start()
        whole.wait()


def test_a_server_that_keeps_silent_holds_up_nobody_who_starts(whole: Cluster) -> None:
    """It takes connections and does not say a word, as a machine that swaps."""
    silent, *others = whole.servers
    silent.pause()
    told = settings(whole, ",".join(each.url for each in (silent, *others)), monitored=False)
    asyncio.run(attempt(told))


async def test_what_is_told_is_heard_once_though_every_server_dies_in_turn(whole: Cluster, tmp_path: Path) -> None:
    saying = await connect("application", settings(whole))
    hearing = await connect("eligibility", settings(whole))
    sender, hearer = open_database(tmp_path / "sender.db"), open_database(tmp_path / "hearer.db")
    said = [withdrawn() for _ in range(60)]

    async def say_while_they_die() -> None:
        for index, event in enumerate(said):
            await sender.write(partial(emit, event))
            if index % 20 == 5:
                server = whole.servers[index // 20]
                server.kill()
                server.start()
                await asyncio.to_thread(whole.wait)

    async with running(Relay(saying, sender).run, consumer(hearing, hearer).run):
        await say_while_they_die()
        await eventually(lambda: has_noted(hearer, len(said)), 60)
    assert sorted(await hearer.read(lambda store: store.noted())) == sorted(str(each.withdrawal_id) for each in said)
    for connection in (saying, hearing):
        await connection.client.close()


async def test_who_heard_from_a_server_that_keeps_silent_goes_to_another(whole: Cluster) -> None:
    connection = await connect("application", settings(whole, monitored=False))
    before = connection.client.connected_url
    assert before is not None
    [silent] = [each for each in whole.servers if each.port == before.port]
    silent.pause()

    async def is_elsewhere() -> bool:
        found = connection.client.connected_url
        return found is not None and found.port != silent.port and connection.safety.passed

    await eventually(is_elsewhere, 4 * SEEN_SECONDS)
    await connection.client.close()


async def with_admin(cluster: Cluster, change: StreamConfig | tuple[str, ConsumerConfig]) -> None:
    connection = await connect("signer", settings(cluster, replicas=1))
    if isinstance(change, StreamConfig):
        await connection.jetstream.update_stream(change)
    else:
        await connection.jetstream.add_consumer(*change)
    await connection.client.close()


@pytest.mark.parametrize("monitored", [True, False])
async def test_a_stream_on_fewer_servers_than_declared_is_not_used(cluster: Cluster, monitored: bool) -> None:
    single = admin.stream_config(Stream("APPLICATION", "application.*.*"), 1)
    await with_admin(cluster, single)
    try:
        with pytest.raises(UnsafeBroker, match=r"stream APPLICATION .* num_replicas is 1, declared 3.*--replicas 3"):
            await attempt(settings(cluster, monitored=monitored))
        await attempt(settings(cluster, replicas=1))
    finally:
        await admin.create(cluster.url, str(cluster.seed_file), 3)
    await attempt(settings(cluster, monitored=monitored))


async def test_a_consumer_whose_place_lies_on_one_server_is_not_used(cluster: Cluster) -> None:
    """Its stream would outlive a server, and where it stands in it would not."""
    [own] = [each for each in durables_of("eligibility") if each.stream == "APPLICATION"]
    lonely = admin.consumer_config(own)
    lonely.num_replicas = 1
    await with_admin(cluster, (own.stream, lonely))
    try:
        with pytest.raises(UnsafeBroker, match=r"consumer eligibility of stream APPLICATION .*num_replicas"):
            await attempt(settings(cluster))
    finally:
        await admin.create(cluster.url, str(cluster.seed_file), 3)
    await attempt(settings(cluster))


async def test_a_consumer_that_does_not_hear_all_is_not_used(cluster: Cluster) -> None:
    [own] = [each for each in durables_of("signer") if each.stream == "APPLICATION"]
    fewer = Durable(own.service, own.stream, own.kinds[1:])
    await with_admin(cluster, (own.stream, admin.consumer_config(fewer)))
    try:
        with pytest.raises(UnsafeBroker, match=rf"does not hear {own.kinds[0]}"):
            await attempt(settings(cluster), "signer")
    finally:
        await admin.create(cluster.url, str(cluster.seed_file), 3)


async def test_after_a_reconnect_a_stream_that_lost_its_copies_lets_nobody_pass(whole: Cluster) -> None:
    connection = await connect("eligibility", settings(whole))
    await with_admin(whole, admin.stream_config(Stream("APPLICATION", "application.*.*"), 1))
    found = connection.client.connected_url
    [server] = [each for each in whole.servers if found is not None and each.port == found.port]
    server.kill()
    server.start()
    try:
        await eventually(_faulty(connection.safety), 60)
        assert connection.safety.fault is not None
        assert "num_replicas is 1, declared 3" in connection.safety.fault
    finally:
        await asyncio.to_thread(whole.wait)
        await admin.create(whole.url, str(whole.seed_file), 3)
    with contextlib.suppress(OSError):
        await connection.safety.wait()
        await connection.client.close()


def _faulty(safety: Safety) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return safety.fault is not None

    return look


def test_one_server_of_three_that_does_not_sync_is_found_either_way(tmp_path: Path) -> None:
    """Whichever is asked: two of three acknowledge, and it may be one of them."""
    with running_cluster(tmp_path / "lazy", lazy=[2]) as lazy:
        asyncio.run(admin.create(lazy.url, str(lazy.seed_file), 3))
        for monitored in (True, False):
            for server in lazy.servers:
                with pytest.raises(UnsafeBroker, match="server n2 acknowledges before"):
                    asyncio.run(attempt(settings(lazy, server.url, monitored=monitored)))


def test_more_copies_than_servers_are_refused_with_the_remedy(tmp_path: Path) -> None:
    with running_broker(tmp_path / "alone") as alone:
        command = ["streams", "create", "--nats-url", alone.url, "--seed-file", str(alone.seed_file), "--replicas", "3"]
        told = CliRunner().invoke(app, command)
    assert told.exit_code == 3
    assert "name fewer --replicas" in told.output

"""What chaos does to a cluster's three servers of the bus, between two looks at a stream: what was acknowledged is
there afterwards; and where it must not be, it is not."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import nats
import nats.errors
import pytest
from chaos.cluster_world import ClusterWorld
from chaos.faults.cluster import bit_flipped, disk_wiped
from chaos.faults.power import power_cut_of_all
from chaos.planted.cluster_defects import sync_seldom
from nats.aio.client import Client
from nats.js.errors import APIError
from shared.bus.topology import inbox_prefix
from support.part_of_a_cluster import loop_devices, part_of_a_cluster

SERVERS = ["nats-1", "nats-2", "nats-3"]
SENDER, STREAM, SUBJECT = "application", "APPLICATION", "application.submitted.v1"
COUNT = 200
ATTEMPTS = 60
Fault = Callable[[ClusterWorld, Random], None]


async def _publish(world: ClusterWorld) -> int:
    """The highest sequence that was acknowledged."""
    client = await _connect(world)
    try:
        jetstream = client.jetstream(timeout=10)
        acknowledged = [await jetstream.publish(SUBJECT, b"x" * 500) for _ in range(COUNT)]
        return max(int(each.seq) for each in acknowledged)
    finally:
        await client.close()


async def _last_sequence(world: ClusterWorld) -> int:
    """Once the servers have agreed on who leads."""
    client = await _connect(world)
    try:
        for attempt in range(ATTEMPTS):
            try:
                told = json.loads((await client.request(f"$JS.API.STREAM.INFO.{STREAM}", timeout=5)).data)
                if "state" in told:
                    return int(told["state"]["last_seq"]) if told["state"]["messages"] else 0
            except (nats.errors.Error, TimeoutError, APIError):
                if attempt + 1 == ATTEMPTS:
                    raise
            await asyncio.sleep(0.5)
    finally:
        await client.close()
    return 0  # no stream any more


async def _connect(world: ClusterWorld) -> Client:
    broker = world.system.plan.broker
    return await nats.connect(
        broker.url.split(","),
        nkeys_seed=str(broker.seed_file(SENDER)),
        inbox_prefix=inbox_prefix(SENDER).encode(),
        connect_timeout=10,
    )


def _kept_after(fault: Fault, world: ClusterWorld) -> tuple[int, int]:
    world.make_streams()
    if world.disks is not None:
        world.disks.sync()  # a server whose own keys were never synced does not start any more
    acknowledged = asyncio.run(_publish(world))
    fault(world, Random(2))
    world.wait_ready(*SERVERS)
    return acknowledged, asyncio.run(_last_sequence(world))


@pytest.mark.parametrize("fault", [disk_wiped, bit_flipped])
def test_what_one_server_has_lost_the_others_have(fault: Fault, tmp_path: Path) -> None:
    with part_of_a_cluster(tmp_path, SERVERS) as world:
        acknowledged, kept = _kept_after(fault, world)

    assert kept == acknowledged >= COUNT


@loop_devices
def test_a_cut_of_all_power_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with part_of_a_cluster(tmp_path, SERVERS, with_disks=True) as world:
        acknowledged, kept = _kept_after(power_cut_of_all, world)

    assert kept == acknowledged >= COUNT


@loop_devices
def test_a_bus_that_syncs_seldom_loses_what_it_acknowledged_when_all_power_is_cut(tmp_path: Path) -> None:
    with part_of_a_cluster(tmp_path, SERVERS, with_disks=True, prepare=sync_seldom) as world:
        acknowledged, kept = _kept_after(power_cut_of_all, world)

    assert kept < acknowledged

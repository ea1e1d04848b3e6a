"""The admin step at a broker that has run before: what is there comes to the declaration."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError
from shared.bus import admin
from shared.bus.connection import BusSettings, connect
from shared.bus.safety import UnsafeBroker
from shared.bus.topology import STREAMS, durables_of
from support.broker import Broker, start_broker

TICKET = next(stream for stream in STREAMS if stream.name == "TICKET")
[NEWS, *_] = [durable for durable in durables_of("issuance") if durable.stream == "TICKET"]


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Broker]:
    broker = start_broker(tmp_path / "nats")
    yield broker
    broker.process.kill()
    broker.process.wait()


async def user(broker: Broker) -> Client:
    """With all rights."""
    return await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))


async def create(broker: Broker) -> None:
    await admin.create(broker.url, str(broker.seed_file))


async def test_a_stream_that_could_be_emptied_cannot_any_more_and_keeps_what_it_has(bare: Broker) -> None:
    client = await user(bare)
    jetstream = client.jetstream()
    open_to_all = admin.stream_config(TICKET)
    open_to_all.deny_purge = False
    await jetstream.add_stream(open_to_all)
    await jetstream.publish("ticket.revoked.v1", b"{}")
    await create(bare)
    with pytest.raises(JetStreamError):
        await jetstream.purge_stream("TICKET")
    with pytest.raises(JetStreamError):
        await jetstream.delete_msg("TICKET", 1)
    assert (await jetstream.stream_info("TICKET")).state.messages == 1
    await client.close()


async def test_a_service_does_not_start_on_a_stream_that_could_be_emptied(bare: Broker) -> None:
    await create(bare)
    client = await user(bare)
    await client.jetstream().delete_stream("TICKET")
    open_to_all = admin.stream_config(TICKET)
    open_to_all.deny_purge = False
    await client.jetstream().add_stream(open_to_all)
    await client.close()
    with pytest.raises(UnsafeBroker, match="deny_purge"):
        await connect("signer", BusSettings(bare.url, bare.monitor_url, bare.seed_file))


async def test_a_durable_that_heard_more_hears_what_is_declared(bare: Broker) -> None:
    """Also of what lies in the stream already."""
    client = await user(bare)
    jetstream = client.jetstream()
    await jetstream.add_stream(admin.stream_config(TICKET))
    wider = replace(NEWS, kinds=("ticket.issued", *NEWS.kinds))
    await jetstream.add_consumer("TICKET", admin.consumer_config(wider))
    for subject in ("ticket.issued.v1", "ticket.state_changed.v1", "ticket.issued.v1"):
        await jetstream.publish(subject, b"{}")
    await create(bare)
    subscription = await jetstream.pull_subscribe_bind(NEWS.name, "TICKET")
    assert [message.subject for message in await subscription.fetch(3, timeout=1)] == ["ticket.state_changed.v1"]
    await client.close()


async def test_two_admins_at_once_make_the_same(bare: Broker) -> None:
    await asyncio.gather(create(bare), create(bare))
    await connect_and_close(bare)


async def connect_and_close(broker: Broker) -> None:
    connection = await connect("signer", BusSettings(broker.url, broker.monitor_url, broker.seed_file))
    await connection.client.close()

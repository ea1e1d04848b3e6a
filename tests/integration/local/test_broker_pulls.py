"""Pulling from an account of one's own: what the broker keeps of it, and what a hearer does that is refused."""

import asyncio
from collections.abc import Awaitable, Iterator

import httpx
import nats
import pytest
from local.broker import Broker
from nats.aio.client import Client
from shared.bus import pull
from shared.bus.admin import consumer_config
from shared.bus.pull import PULLS_OF_AN_INBOX, Pull
from shared.bus.topology import durables_of
from support.broker import Broker as PlainBroker
from support.bus_accounts import connect, running_accounts
from support.making import make

PULLS = 400
DURABLE = durables_of("eligibility")[0]


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_accounts(tmp_path_factory.mktemp("nats")) as running:
        yield running


def entries(broker: Broker) -> int:
    """How many answers the broker keeps ways for."""
    told = [httpx.get(f"{broker.monitor_url}/accountz", params={"acc": each}).json() for each in ("BUS", "ELIGIBILITY")]
    return sum(len(each["account_detail"].get("responses") or {}) for each in told)


def test_the_broker_keeps_entries_of_a_few_pulls_only(accounts: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "BATCH", 1)

    async def story() -> tuple[int, list[int]]:
        sender, hearer = await connect(accounts, "application", []), await connect(accounts, "eligibility", [])
        jetstream = sender.jetstream()
        await asyncio.gather(*(jetstream.publish("application.submitted.v1", b"{}") for _ in range(PULLS)))
        pulling, heard, kept = Pull(hearer, DURABLE), 0, []
        while heard < PULLS:
            for message in await pulling.next_batch():
                await message.ack()
                heard += 1
            if heard % 20 == 0:
                await hearer.flush()
                kept.append(entries(accounts))
        await pulling.close()
        await hearer.flush()
        kept.append(entries(accounts))
        for each in (sender, hearer):
            await each.close()
        return heard, kept

    heard, kept = asyncio.run(story())
    assert heard == PULLS
    assert max(kept) <= PULLS_OF_AN_INBOX
    assert kept[-1] == 0, "nothing is left of one who has gone"


def test_publishing_and_looking_leave_nothing_behind(accounts: Broker) -> None:
    async def story() -> None:
        sender = await connect(accounts, "application", [])
        jetstream = sender.jetstream()
        for _ in range(50):
            await jetstream.publish("application.submitted.v1", b"{}")
            await jetstream.stream_info("APPLICATION")
        await sender.close()

    before = entries(accounts)
    asyncio.run(story())
    assert entries(accounts) == before == 0


def asked_in_a_second(pulling: Pull, client: Client, monkeypatch: pytest.MonkeyPatch) -> Awaitable[int]:
    """How often it asks, as a task."""
    asked = 0
    publish = client.publish

    async def counted(*arguments: object, **more: object) -> None:
        nonlocal asked
        asked += 1
        await make(publish, *arguments, **more)

    monkeypatch.setattr(client, "publish", counted)

    async def ask() -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                while True:
                    assert await pulling.next_batch() == []
        return asked

    return ask()


def test_who_is_refused_at_once_does_not_ask_again_at_once(
    broker: PlainBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer that somebody deleted is answered with 503 in no time, and one that is deleted meanwhile with 409."""

    async def story() -> tuple[int, list[bytes]]:
        client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
        jetstream, pulling = client.jetstream(), Pull(client, DURABLE)
        deleting = asyncio.get_running_loop().call_later(
            0.2, lambda: asyncio.ensure_future(jetstream.delete_consumer(DURABLE.stream, DURABLE.name))
        )
        asked = await asked_in_a_second(pulling, client, monkeypatch)
        deleting.cancel()
        # it is made again: the hearer goes on
        await jetstream.add_consumer(DURABLE.stream, consumer_config(DURABLE))
        await jetstream.publish("application.submitted.v1", b"{}")
        heard: list[bytes] = []
        async with asyncio.timeout(10):
            while not heard:
                heard = [message.data for message in await pulling.next_batch()]
        await client.close()
        return asked, heard

    asked, heard = asyncio.run(story())
    assert asked <= 8
    assert heard == [b"{}"]


def test_a_consumer_that_is_not_there_refuses_across_accounts_too(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(broker: Broker) -> int:
        client = await connect(broker, "eligibility", [])
        asked: int = await asked_in_a_second(Pull(client, DURABLE), client, monkeypatch)
        await client.close()
        return asked

    with running_accounts(tmp_path_factory.mktemp("bare"), streams=False) as broker:
        assert asyncio.run(story(broker)) <= 6

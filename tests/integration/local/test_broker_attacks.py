"""Who holds the seed of one process does nothing to the others: neither by itself, nor by an address for an answer."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from local.broker import Broker
from nats.aio.client import Client
from nats.aio.msg import Msg
from shared.bus import rights, topology
from shared.bus.admin import consumer_config, stream_config
from support.bus_accounts import USERS, Seen, connect, everything, look, may_say, running_accounts, settled
from support.json import whole

PULL = json.dumps({"batch": 1, "no_wait": True}).encode()
EVENTS = 150
"""In each stream and for each hearer, to be led to as many addresses."""
SOMEBODY = {"Nats-Request-Info": json.dumps({"acc": rights.BUS, "svc": rights.BUS, "server": "schulticket"})}
"""By this header JetStream knows whose request it is. NATS writes it, whatever a client has written."""
RESERVED = ("$JS.ACK.", "_R_.")
"""With such an address for an answer NATS takes no word of a client at all."""
AT_LEAST_DIRECT, AT_LEAST_LED = 900, 8_000


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_accounts(tmp_path_factory.mktemp("nats")) as running:
        asyncio.run(fill(running))
        yield running


@pytest.fixture(scope="module")
def without_lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_accounts(tmp_path_factory.mktemp("bare"), lists=False) as running:
        asyncio.run(fill(running))
        yield running


async def fill(broker: Broker) -> None:
    """Something to steal for everybody."""
    for process, said in topology.PUBLISHES.items():
        client = await connect(broker, process, [])
        jetstream = client.jetstream()
        for durable in topology.DURABLES:
            for kind in durable.kinds[:1]:
                if any(kind.startswith(each.removesuffix(".*").removesuffix(".*")) for each in said):
                    await asyncio.gather(*(jetstream.publish(f"{kind}.v1", b"{}") for _ in range(EVENTS)))
        await client.close()


def bodies(subject: str) -> list[bytes]:
    """What makes the broker answer this request, in each of the ways that it has."""
    if ".MSG.NEXT." in subject:
        return [PULL, b"", b"no JSON"]
    place = subject.split(".")
    if subject.startswith("$JS.API.STREAM.UPDATE."):
        [stream] = (each for each in topology.STREAMS if each.name == place[-1])
        return [json.dumps(stream_config(stream).as_dict()).encode()]
    if ".DURABLE.CREATE." in subject:
        [durable] = (each for each in topology.DURABLES if [each.stream, each.name] == place[-2:])
        return [json.dumps({"stream_name": place[-2], "config": consumer_config(durable).as_dict()}).encode()]
    return [b"+WPI", b"", b"+NXT"] if subject.startswith("$JS.ACK.") else [b"{}"]


@pytest.mark.parametrize("user", USERS)
def test_nobody_says_or_hears_what_is_not_its_own(
    broker: Broker, user: str, record_property: Callable[[str, object], None]
) -> None:
    said = [subject for subject in everything() if not may_say(user, subject)]
    heard = [">", "*.>", "$JS.>", "$JS.ACK.>", "$SYS.>", "_R_.>", "$JS.EVENT.>"]
    heard += [each.subjects for each in topology.STREAMS] + [
        f"{kind}.v1" for d in topology.DURABLES for kind in d.kinds
    ]
    heard += [f"{topology.inbox_prefix(other)}.>" for other in USERS if other != user]
    heard += [] if user == rights.ADMIN else ["_INBOX.>"]
    heard += [each for other in USERS if other != user for each in topology.answers(other)]

    async def attempt() -> Counter[str]:
        errors: list[str] = []
        client = await connect(broker, user, errors)
        for subject in said:
            await client.publish(subject, b"{}")
        for subject in set(heard):
            await client.subscribe(subject)
        for _ in range(3):  # the broker may answer before it complains
            await client.flush()
        await client.close()
        return Counter(error.split('"')[1] for error in errors if "permissions violation" in error)

    before = asyncio.run(look(broker))
    denied = asyncio.run(attempt())
    assert [each for each in {*said, *heard} if each.lower() not in denied] == []
    assert asyncio.run(look(broker)) == before
    tried = len(said) + len(set(heard))
    record_property("direct", tried)
    print(f"\n{user}: {tried} direct, all denied")
    assert tried > AT_LEAST_DIRECT / len(USERS)


@pytest.mark.parametrize("user", USERS)
def test_the_accounts_hold_where_no_list_of_a_user_does(without_lists: Broker, user: str) -> None:
    async def attempt() -> tuple[Seen, Seen, list[str]]:
        spies, heard = await watching(without_lists, user)
        before, client = await look(without_lists), await connect(without_lists, user, [])
        for subject in everything():
            if not may_say(user, subject):
                for body in (b"", b"{}"):
                    await client.publish(subject, body, headers={"Nats-Msg-Id": subject})
        await client.flush(30)
        await asyncio.sleep(0.2)
        after = await look(without_lists)
        for each in (client, *spies.values()):
            await each.close()
        return before, after, heard

    before, after, heard = asyncio.run(attempt())
    own = {topology.stream_of(subject).name for subject in topology.PUBLISHES.get(user, ()) if ".ask." not in subject}
    for name in before.streams.keys() - own:
        assert after.streams[name] == before.streams[name]
    for place, consumer in before.consumers.items():
        assert place[1] == user or after.consumers[place] == consumer
    assert heard == []
    led(without_lists, user)


@pytest.mark.parametrize("user", USERS)
def test_no_answer_to_a_request_reaches_another(
    broker: Broker, user: str, record_property: Callable[[str, object], None]
) -> None:
    record_property("led", led(broker, user))


def led(broker: Broker, user: str) -> int:
    """How many were tried."""
    asked = [settled(each.subject) for each in rights.requests(user)]
    requests = [(subject, body) for subject in asked for body in bodies(subject)]

    async def attack() -> tuple[Seen, Seen, list[str], list[str], int]:
        spies, heard = await watching(broker, user)
        addresses = await foreign_addresses(user, spies)
        before, errors = await look(broker), list[str]()
        client = await connect(broker, user, errors)
        answered = await acknowledged(client, user, addresses)
        for address in addresses:
            for subject, body in requests:
                await client.publish(subject, body, reply=address)
                if subject.startswith("$"):
                    await client.publish(subject, body, reply=address, headers=SOMEBODY)
            await client.flush(30)
        await asyncio.sleep(0.5)
        after = await look(broker)
        for each in (client, *spies.values()):
            await each.close()
        return before, after, addresses, heard, answered

    before, after, places, heard, answered = asyncio.run(attack())
    assert heard == []
    addresses, taken = len(places), sum(not each.startswith(RESERVED) for each in places)
    own = {topology.stream_of(subject).name for subject in topology.PUBLISHES.get(user, ()) if ".ask." not in subject}
    kept = [subject for subject, _ in requests if not subject.startswith("$") and ".ask." not in subject]
    published = Counter(topology.stream_of(subject).name for subject in kept)
    said = {name: published[name] * taken if name in own else 0 for name in before.streams}
    only_said(before, after, user, said)
    tried = addresses * sum(2 if subject.startswith("$") else 1 for subject, _ in requests) + answered
    print(f"\n{user}: {len(requests)} requests and {answered} receipts, {addresses} addresses, {tried} tried")
    assert tried > AT_LEAST_LED / len(USERS)
    assert answered or user == rights.ADMIN
    return tried


def only_said(before: Seen, after: Seen, user: str, messages: dict[str, int]) -> None:
    """Nothing is another than before, but that so many messages came into each stream."""
    for name, stream in before.streams.items():
        said = messages[name]
        assert after.streams[name] == {
            **stream,
            "messages": whole(stream["messages"]) + said,
            "last": whole(stream["last"]) + said,
        }
    assert before.consumers.keys() == after.consumers.keys()
    for (of_stream, name), consumer in before.consumers.items():
        same = {"config", "created"} if name == user else {"config", "created", "place"}
        assert {key: after.consumers[of_stream, name][key] for key in same} == {key: consumer[key] for key in same}


async def watching(broker: Broker, attacker: str) -> tuple[dict[str, Client], list[str]]:
    """All others, each at its inbox, and eligibility at its questions; and what they heard."""
    spies: dict[str, Client] = {}
    heard: list[str] = []

    async def hear(message: Msg) -> None:
        heard.append(message.subject)

    async def answer(message: Msg) -> None:  # wherever the question says
        await message.respond(b"{}")

    for user in USERS:
        if user != attacker:
            spies[user] = await connect(broker, user, [])
            await spies[user].subscribe(f"{topology.inbox_prefix(user)}.1", cb=hear)
    if "eligibility" in spies:
        for question in topology.answers("eligibility"):
            await spies["eligibility"].subscribe(question, cb=answer)
    return spies, heard


async def acknowledged(client: Client, user: str, addresses: list[str]) -> int:
    """A message that one holds, acknowledged, is answered with an empty receipt: a whole request to purge."""
    done, prefix = 0, f"{topology.inbox_prefix(user)}.".encode()
    for durable in () if user == rights.ADMIN else topology.durables_of(user):
        subscription = await client.jetstream().pull_subscribe_bind(durable.name, durable.stream, inbox_prefix=prefix)
        messages = await subscription.fetch(EVENTS // 2, timeout=5)
        for message, address in zip(messages, sorted(addresses, key=rather_api), strict=False):
            for receipt in (b"+NXT", b"+ACK"):
                await client.publish(message.reply, receipt, reply=address)
                done += 1
        await subscription.unsubscribe()
    await client.flush(30)
    return done


def rather_api(address: str) -> bool:
    return not address.startswith("$JS.API.")


async def foreign_addresses(attacker: str, spies: dict[str, Client]) -> list[str]:
    """All that the attacker may not say, and the address at which each other hearer answers a message it holds."""
    held = []
    for durable in topology.DURABLES:
        if durable.name == attacker:
            continue
        jetstream = spies[durable.name].jetstream()
        prefix = f"{topology.inbox_prefix(durable.name)}.".encode()
        subscription = await jetstream.pull_subscribe_bind(durable.name, durable.stream, inbox_prefix=prefix)
        held += [message.reply for message in await subscription.fetch(1, timeout=5)]
    return [*held, *(address for address in everything() if not may_say(attacker, address))]

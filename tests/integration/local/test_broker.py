"""The broker as `deploy/nats/nats.conf` configures it: who may say what, and what lies on the disk."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import nats
import pytest
from local import broker as brokers
from local.broker import SERVICES, Broker
from nats.aio.client import Client
from nats.aio.msg import Msg
from shared.bus import topology
from shared.bus.admin import consumer_config, stream_config
from shared.bus.connection import BusSettings
from shared.bus.connection import connect as connect_checked
from shared.bus.questions import DEADLINE_SECONDS, Asker, answer_questions
from shared.bus.safety import UnsafeBroker
from shared.pages import MOST_BYTES
from shared.questions import Knowledge, Question, Reply
from support.bus_accounts import connect, running_accounts

from shared import events


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_accounts(tmp_path_factory.mktemp("nats")) as running:
        yield running


def violations(broker: Broker, user: str, *, publish: str = "", subscribe: str = "") -> list[str]:
    """What the broker answers a user who says or hears this; empty where it is allowed."""

    async def attempt() -> list[str]:
        errors: list[str] = []
        client = await connect(broker, user, errors)
        if publish:
            await client.publish(publish, b"{}")
        if subscribe:
            await client.subscribe(subscribe)
        for _ in range(2):  # the broker may answer the first one before it complains
            await client.flush()
        await client.close()
        return [error for error in errors if "permissions violation" in error]

    return asyncio.run(attempt())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_its_own_events_and_nobody_elses(broker: Broker, service: str) -> None:
    own = {subject.replace("*", "v1") for subject in (*topology.PUBLISHES[service], *topology.ASKS.get(service, ()))}
    said = [*topology.PUBLISHES.values(), *topology.ASKS.values()]
    all_subjects = {subject.replace("*", "v1") for subjects in said for subject in subjects}
    for subject in own:
        assert violations(broker, service, publish=subject) == []
    for subject in all_subjects - own:
        assert violations(broker, service, publish=subject), f"{service} may say {subject}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_hears_its_own_answers_only(broker: Broker, service: str) -> None:
    assert violations(broker, service, subscribe=f"{topology.inbox_prefix(service)}.1") == []
    others = [topology.inbox_prefix(other) + ".>" for other in SERVICES if other != service]
    for subject in [">", "application.>", "ticket.issued.v1", "_INBOX.>", *others]:
        assert violations(broker, service, subscribe=subject), f"{service} may hear {subject}"


class Ping(Question):
    subject = "eligibility.ask.address.v1"


class Pong(Reply):
    said: str = ""


async def answering(broker: Broker, answer: Callable[[Ping], Awaitable[Pong]]) -> tuple[Client, asyncio.Event]:
    stop = asyncio.Event()
    client = await connect(broker, "eligibility", [])
    asyncio.get_running_loop().create_task(answer_questions("eligibility", client, {Ping: answer}, stop))
    await asyncio.sleep(0.2)
    return client, stop


def test_a_question_is_answered_by_whom_it_is_for_and_kept_nowhere(broker: Broker) -> None:
    async def story() -> tuple[Pong | None, int]:
        async def pong(question: Ping) -> Pong:
            return Pong(said="here")

        client, stop = await answering(broker, pong)
        asker = Asker()
        asker.client = await connect(broker, "application", [])
        answer = await asker.ask(Ping(), Pong)
        stop.set()
        admin_of = await connect(broker, "admin", [])
        info = await admin_of.jetstream().stream_info("ELIGIBILITY")
        for each in (client, asker.client, admin_of):
            await each.close()
        return answer, info.state.messages

    before = asyncio.run(messages_of(broker))
    assert asyncio.run(story()) == (Pong(said="here"), before)


async def messages_of(broker: Broker) -> int:
    client = await connect(broker, "admin", [])
    info = await client.jetstream().stream_info("ELIGIBILITY")
    await client.close()
    return info.state.messages


class Known(Knowledge):
    said: str = ""


@pytest.mark.parametrize("knows_all", [True, False])
def test_who_has_not_heard_all_yet_says_so_with_what_it_knows(broker: Broker, knows_all: bool) -> None:
    async def story() -> Known | None:
        async def known(question: Ping) -> Known:
            return Known(said="here")

        stop, client = asyncio.Event(), await connect(broker, "eligibility", [])
        answering = answer_questions("eligibility", client, {Ping: known}, stop, lambda: knows_all)
        task = asyncio.create_task(answering)
        await asyncio.sleep(0.2)
        asker = Asker()
        asker.client = await connect(broker, "application", [])
        answer = await asker.ask(Ping(), Known)
        stop.set()
        await task
        for each in (client, asker.client):
            await each.close()
        return answer

    assert asyncio.run(story()) == Known(said="here", is_whole=knows_all)


class Slow(Question):
    subject = "eligibility.ask.precheck.v1"


def test_a_question_that_takes_too_long_rests_and_no_other_one(broker: Broker) -> None:
    """A pre-check is asked by anybody: one that is measured for too long must not silence the questions about homes."""

    async def story() -> tuple[Pong | None, Pong | None, float]:
        async def pong(question: Ping) -> Pong:
            return Pong(said="here")

        async def silent(message: Msg) -> None:
            """Longer than the asker waits."""

        client, stop = await answering(broker, pong)
        await client.subscribe(Slow.subject, cb=silent)
        await client.flush()
        asker = Asker()
        asker.client = await connect(broker, "application", [])
        assert await asker.ask(Slow(), Pong) is None
        other = await asker.ask(Ping(), Pong)
        began = asyncio.get_running_loop().time()
        again = await asker.ask(Slow(), Pong)
        took = asyncio.get_running_loop().time() - began
        stop.set()
        for each in (client, asker.client):
            await each.close()
        return other, again, took

    other, again, took = asyncio.run(story())
    assert other == Pong(said="here")
    assert again is None and took < DEADLINE_SECONDS / 2


@pytest.mark.parametrize("fault", ["nobody", "raises", "sleeps", "too large"])
def test_the_asker_goes_on_without_an_answer(broker: Broker, fault: str) -> None:
    async def story() -> tuple[Pong | None, float]:
        async def answer(question: Ping) -> Pong:
            if fault == "raises":
                raise RuntimeError
            if fault == "sleeps":
                await asyncio.sleep(60)
            return Pong(said="x" * MOST_BYTES)

        client, stop = (None, None) if fault == "nobody" else await answering(broker, answer)
        asker = Asker()
        asker.client = await connect(broker, "application", [])
        began = asyncio.get_running_loop().time()
        found = await asker.ask(Ping(), Pong)
        took = asyncio.get_running_loop().time() - began
        if stop is not None:
            stop.set()
        for each in (client, asker.client):
            if each is not None:
                await each.close()
        return found, took

    found, took = asyncio.run(story())
    assert found is None
    assert took < DEADLINE_SECONDS + 3


def test_only_who_answers_may_listen_for_questions_and_it_may_not_write_to_others_by_itself(broker: Broker) -> None:
    assert violations(broker, "wallet-pass", subscribe=Ping.subject)
    assert violations(broker, "wallet-pass", publish=Ping.subject)
    assert violations(broker, "eligibility", publish=f"{topology.inbox_prefix('application')}.1.1")


@pytest.mark.parametrize("foreign", ["eligibility.granted.v1", "$JS.API.STREAM.PURGE.ELIGIBILITY"])
@pytest.mark.parametrize("asked", [b"{}", b"no question"])
def test_a_question_makes_nobody_write_where_its_asker_may_not(broker: Broker, foreign: str, asked: bytes) -> None:
    """The broker does not check the address that a question brings for the answer."""

    async def story() -> None:
        async def pong(question: Ping) -> Pong:
            return Pong(said="here")

        client, stop = await answering(broker, pong)
        attacker, owner = await connect(broker, "application", []), await connect(broker, "eligibility", [])
        await owner.jetstream().publish("eligibility.refused.v1", b"{}")
        before = await messages_of(broker)
        await attacker.publish(Ping.subject, asked, reply=foreign)
        await attacker.flush()
        await asyncio.sleep(0.5)
        assert await messages_of(broker) == before
        stop.set()
        for each in (client, attacker, owner):
            await each.close()

    asyncio.run(story())


def test_a_connection_that_is_not_there_is_nobody(broker: Broker) -> None:
    assert asyncio.run(Asker().ask(Ping(), Pong)) is None


@pytest.mark.parametrize(
    "subject",
    [
        "$JS.API.STREAM.DELETE.TICKET",
        "$JS.API.STREAM.PURGE.TICKET",
        "$JS.API.STREAM.MSG.GET.APPLICATION",
        "$JS.API.CONSUMER.DELETE.TICKET.wallet-pass",
        "$JS.API.CONSUMER.CREATE.APPLICATION",
        "$JS.API.CONSUMER.MSG.NEXT.APPLICATION.signer",
        "$JS.ACK.APPLICATION.signer.1.1.1.1.1",
    ],
)
def test_no_service_changes_streams_or_reads_what_another_hears(broker: Broker, subject: str) -> None:
    assert violations(broker, "wallet-pass", publish=subject)
    assert violations(broker, "issuance", publish=subject)


def test_the_admin_makes_streams_and_cannot_make_one_that_tells_it_what_it_holds(tmp_path: Path) -> None:
    """Consumers and streams of its own making deliver in an account that it is not in."""
    spy, durable = "_INBOX_admin.spy", topology.durables_of("eligibility")[0]
    stream = stream_config(topology.stream_of("application.submitted.v1")).as_dict()
    pushing = {**consumer_config(durable).as_dict(), "deliver_subject": spy}
    telling = {**stream, "republish": {"src": ">", "dest": f"{spy}.>"}}

    async def story(broker: Broker) -> list[str]:
        heard: list[str] = []

        async def hear(message: Msg) -> None:
            heard.append(message.subject)

        admin, application = await connect(broker, "admin", []), await connect(broker, "application", [])
        await admin.subscribe("_INBOX_admin.spy.>", cb=hear)
        await admin.subscribe(spy, cb=hear)
        made = await admin.request("$JS.API.STREAM.CREATE.APPLICATION", json.dumps(telling).encode(), timeout=5)
        consumer = json.dumps({"stream_name": "APPLICATION", "config": pushing}).encode()
        pushed = await admin.request("$JS.API.CONSUMER.DURABLE.CREATE.APPLICATION.eligibility", consumer, timeout=5)
        assert b"error" not in made.data + pushed.data, "the attack itself does not work"
        assert (await application.jetstream().publish("application.submitted.v1", b"{}")).seq == 1
        await asyncio.sleep(0.5)
        for each in (admin, application):
            await each.close()
        return heard

    with running_accounts(tmp_path / "nats", streams=False) as broker:
        assert asyncio.run(story(broker)) == []


def test_names_and_codes_of_tickets_reach_only_who_makes_passes(broker: Broker) -> None:
    """A process at the public network would hold every barcode that counts. What the broker does not deliver, no
    memory holds: the filter is the durable's, which no process may change."""
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, events.Event)]
    subjects = sorted(subject for kind in kinds if (subject := getattr(kind, "subject", "")).startswith("ticket."))
    telling = {kind.subject for kind in kinds if {"holder", "vdv", "qr"} & set(kind.model_fields)}
    assert telling & set(subjects) == {"ticket.issued.v1", "ticket.renewed.v1"}

    async def story() -> dict[str, set[str]]:
        signer = await connect(broker, "signer", [])
        for subject in subjects:
            await signer.jetstream().publish(subject, b"{}")
        heard = {}
        for durable in (durable for durable in topology.DURABLES if durable.stream == "TICKET"):
            client = await connect(broker, durable.service, [])
            prefix = f"{topology.inbox_prefix(durable.service)}.".encode()
            pulling = await client.jetstream().pull_subscribe_bind(durable.name, "TICKET", inbox_prefix=prefix)
            heard[durable.service] = {message.subject for message in await pulling.fetch(100, timeout=1)}
            await client.close()
        await signer.close()
        return heard

    heard = asyncio.run(story())
    assert heard.pop("wallet-pass") >= telling & set(subjects)
    assert set(heard) == {"application", "eligibility", "issuance"}
    for process, subjects_heard in heard.items():
        more = {"ticket.quota_reached.v1"} if process == "eligibility" else set()
        assert subjects_heard == {"ticket.state_changed.v1", "ticket.request_answered.v1"} | more, process


def test_nobody_comes_in_without_a_key(broker: Broker) -> None:
    async def attempt() -> None:
        await nats.connect(broker.url, allow_reconnect=False, max_reconnect_attempts=0)

    with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
        asyncio.run(attempt())


def test_it_syncs_always_and_its_store_cannot_be_read(broker: Broker) -> None:
    config = httpx.get(f"{broker.monitor_url}/varz").json()["jetstream"]["config"]
    assert config["sync_always"] is True
    assert "key" not in "".join(broker.environment()).lower(), (
        "a process's environment can be read by its owner's others"
    )

    async def publish() -> None:
        client = await connect(broker, "application", [])
        await client.jetstream().publish("application.secret.v1", b"Mueller-Lukasiewicz")
        await client.close()

    asyncio.run(publish())
    files = [file for file in (broker.folder / "store").rglob("*") if file.is_file()]
    assert any(file.suffix == ".blk" for file in files)
    assert not any(b"Lukasiewicz" in file.read_bytes() for file in files)


@pytest.mark.parametrize("syncs", [True, False])
def test_a_service_on_another_machine_asks_the_broker_itself_how_it_is_set(tmp_path: Path, syncs: bool) -> None:
    """The monitoring page stays on the broker's machine."""

    async def attempt(told: BusSettings) -> None:
        connection = await connect_checked("wallet-pass", told)
        await connection.client.close()

    with running_accounts(tmp_path / "nats", syncs=syncs) as running:
        refused = contextlib.nullcontext() if syncs else pytest.raises(UnsafeBroker, match="sync_interval")
        with refused:
            asyncio.run(attempt(BusSettings(running.url, None, running.seed_file("wallet-pass"))))


def test_seeds_are_secret_and_are_kept_when_prepared_again(broker: Broker) -> None:
    before = {user: broker.seed_file(user).read_bytes() for user in (*SERVICES, "admin")}
    brokers.prepare(broker)
    assert before == {user: broker.seed_file(user).read_bytes() for user in (*SERVICES, "admin")}
    secrets = [*(broker.seed_file(user) for user in before), broker.folder / "store-key.conf"]
    assert {Path(file).stat().st_mode & 0o777 for file in secrets} == {0o600}

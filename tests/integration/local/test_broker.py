"""The broker as `deploy/nats/nats.conf` configures it: who may say what, and what lies on the disk."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import nats
import pytest
from local import broker as brokers
from local.broker import SERVICES, Broker
from local.process import Process, free_ports, stop_all
from local.system.plan import BIN
from nats.aio.client import Client
from shared.bus import admin, topology
from shared.bus.questions import DEADLINE_SECONDS, MOST_BYTES, Asker, answer_questions
from shared.questions import Question, Reply


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    port, monitor = free_ports(2)
    broker = Broker(tmp_path_factory.mktemp("nats"), port, monitor)
    brokers.prepare(broker)
    command = [str(BIN / "nats-server"), "-c", str(broker.configuration)]
    environment = {**os.environ, **broker.environment()}
    process = Process("nats", command, environment, broker.folder / "log", f"{broker.monitor_url}/healthz")
    process.start()
    try:
        process.wait_ready(20)
        asyncio.run(admin.create(broker.url, str(broker.seed_file("admin"))))
        yield broker
    finally:
        stop_all([process])


async def connect(broker: Broker, user: str, errors: list[str]) -> Client:
    async def on_error(error: Exception) -> None:
        errors.append(str(error))

    return await nats.connect(
        broker.url,
        nkeys_seed=str(broker.seed_file(user)),
        inbox_prefix=topology.inbox_prefix(user).encode(),
        error_cb=on_error,
        allow_reconnect=False,
    )


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
        return [error for error in errors if "permissions violation" in error.lower()]

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


def test_nobody_comes_in_without_a_key(broker: Broker) -> None:
    async def attempt() -> None:
        await nats.connect(broker.url, allow_reconnect=False, max_reconnect_attempts=0)

    with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
        asyncio.run(attempt())


def test_it_syncs_always_and_its_store_cannot_be_read(broker: Broker) -> None:
    config = httpx.get(f"{broker.monitor_url}/varz").json()["jetstream"]["config"]
    assert config["sync_always"] is True

    async def publish() -> None:
        client = await connect(broker, "application", [])
        await client.jetstream().publish("application.secret.v1", b"Mueller-Lukasiewicz")
        await client.close()

    asyncio.run(publish())
    files = [file for file in (broker.folder / "store").rglob("*") if file.is_file()]
    assert any(file.suffix == ".blk" for file in files)
    assert not any(b"Lukasiewicz" in file.read_bytes() for file in files)


def test_seeds_are_secret_and_are_kept_when_prepared_again(broker: Broker) -> None:
    before = {user: broker.seed_file(user).read_bytes() for user in (*SERVICES, "admin")}
    brokers.prepare(broker)
    assert before == {user: broker.seed_file(user).read_bytes() for user in (*SERVICES, "admin")}
    secrets = [*(broker.seed_file(user) for user in before), broker.folder / "store-key.conf"]
    assert {Path(file).stat().st_mode & 0o777 for file in secrets} == {0o600}

"""A broker with the accounts of a real installation, and what one user may be tried for at it."""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import nats
from local import broker as brokers
from local.broker import Broker, Tls
from local.ports import free_ports
from local.process import Process, stop_all
from local.system.plan import BIN
from nats.aio.client import Client
from nats.js.api import ConsumerInfo, StreamInfo
from shared.bus import admin, rights, topology

USERS = (*rights.PROCESSES, rights.ADMIN)


@contextmanager
def running_accounts(
    folder: Path, *, tls: Tls | None = None, streams: bool = True, syncs: bool = True, lists: bool = True
) -> Iterator[Broker]:
    """Started as `make run` starts it. `lists`: whether users have their lists of what they may say and hear, too."""
    broker = Broker(folder, *free_ports(2))
    brokers.prepare(broker)
    if tls is not None:
        brokers.write_users(folder, tls)
    if not lists:
        text = (folder / "users.conf").read_text()
        text, found = re.subn(r"(nkey: \w+), permissions: \{\n.*\n.* \} \} \]", r"\1 } ]", text)
        assert found == len(USERS)
        (folder / "users.conf").write_text(text)
    if not syncs:
        text = broker.configuration.read_text()
        broker.configuration.write_text(text.replace("sync_interval: always,", ""))
    command = [str(BIN / "nats-server"), "-c", str(broker.configuration)]
    environment = {**os.environ, **broker.environment()}
    process = Process("nats", command, environment, folder / "log", f"{broker.monitor_url}/healthz")
    process.start()
    try:
        process.wait_ready(20)
        if streams:
            asyncio.run(admin.create(broker.url, str(broker.seed_file(rights.ADMIN))))
        yield broker
    finally:
        stop_all([process])


async def connect(broker: Broker, user: str, errors: list[str]) -> Client:
    async def on_error(error: Exception) -> None:
        errors.append(str(error).lower())

    return await nats.connect(
        broker.url,
        nkeys_seed=str(broker.seed_file(user)),
        inbox_prefix=topology.inbox_prefix(user).encode(),
        error_cb=on_error,
        allow_reconnect=False,
    )


def settled(subject: str) -> str:
    """A subject that one with wildcards stands for."""
    return subject.replace("*", "v1").replace(">", "1.1.1.1.0")


def matches(pattern: str, subject: str) -> bool:
    ours, theirs = pattern.split("."), subject.split(".")
    if ours[-1] == ">":
        return len(theirs) >= len(ours) and all(a in ("*", b) for a, b in zip(ours[:-1], theirs, strict=False))
    return len(ours) == len(theirs) and all(a in ("*", b) for a, b in zip(ours, theirs, strict=True))


def may_say(user: str, subject: str) -> bool:
    return any(matches(allowed, subject) for allowed in rights.permissions(user)["publish"])


def everything() -> list[str]:
    """All that anybody might say at this broker: what each may, and what JetStream does for whoever may ask it."""
    found = [settled(each.subject) for user in USERS for each in rights.requests(user)]
    found += [subject.replace("*", "secret") for subjects in topology.PUBLISHES.values() for subject in subjects]
    for stream in topology.STREAMS:
        found += [f"$JS.API.STREAM.{verb}.{stream.name}" for verb in (*STREAM_VERBS, *READING)]
        found += [f"$JS.API.DIRECT.GET.{stream.name}", f"$JS.API.CONSUMER.CREATE.{stream.name}"]
        found += [f"$JS.API.CONSUMER.CREATE.{stream.name}.spy", f"$JS.API.CONSUMER.NAMES.{stream.name}"]
    for durable in topology.DURABLES:
        place = f"{durable.stream}.{durable.name}"
        found += [f"$JS.API.CONSUMER.{verb}.{place}" for verb in CONSUMER_VERBS] + [f"$JS.ACK.{place}.1.1.1.1.0"]
    found += [f"{topology.inbox_prefix(user)}.1" for user in USERS] + ["_INBOX.1", "_R_.aaaaaa.bbbbbb"]
    found += [f"$JS.API.{verb}" for verb in (">", "STREAM.DELETE.*", "STREAM.PURGE.*", "CONSUMER.DELETE.*.*")]
    found += ["$JS.API.INFO", "$JS.API.STREAM.LIST", "$SYS.REQ.SERVER.PING.VARZ", "$JS.API.SERVER.REMOVE"]
    return list(dict.fromkeys(found))


STREAM_VERBS = ("CREATE", "UPDATE", "DELETE", "PURGE", "INFO", "RESTORE", "LEADER.STEPDOWN")
READING = ("MSG.GET", "MSG.DELETE", "SNAPSHOT")
CONSUMER_VERBS = ("DURABLE.CREATE", "CREATE", "DELETE", "INFO", "MSG.NEXT", "PAUSE", "RESET", "UNPIN")


@dataclass(frozen=True)
class Seen:
    """How streams and consumers stand."""

    streams: dict[str, dict[str, object]]
    consumers: dict[tuple[str, str], dict[str, object]]


async def look(broker: Broker) -> Seen:
    """As the admin looks: it may."""
    client = await connect(broker, rights.ADMIN, [])
    jetstream = client.jetstream(timeout=60)
    streams, consumers = {}, {}
    for stream in topology.STREAMS:
        streams[stream.name] = _stream(await jetstream.stream_info(stream.name))
        for consumer in await jetstream.consumers_info(stream.name):
            consumers[stream.name, consumer.name] = _consumer(consumer)
    await client.close()
    return Seen(streams, consumers)


def _stream(info: StreamInfo) -> dict[str, object]:
    state = info.state
    counts = {"messages": state.messages, "first": state.first_seq, "last": state.last_seq}
    return {"config": asdict(info.config), "created": info.created, **counts}


def _consumer(info: ConsumerInfo) -> dict[str, object]:
    assert info.config is not None
    place = {"delivered": info.delivered, "acknowledged": info.ack_floor, "open": info.num_ack_pending}
    return {"config": asdict(info.config), "created": info.created, "place": place}

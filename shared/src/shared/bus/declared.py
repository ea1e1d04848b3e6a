"""Whether the broker, its streams and its consumers are as declared: asked before the first word and after each
reconnect, of every server that answers."""

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from shared.bus import labels, topology
from shared.bus.addresses import read_addresses
from shared.bus.rights import HOW_IT_IS_SET
from shared.bus.safety import StreamMissing, UnsafeBroker

ANSWER_SECONDS = 5.0
OTHERS_SECONDS = 0.5
"""After the first server of a cluster has told how it is set, so long the others are waited for."""


async def check(
    service: str,
    monitor_url: str | None,
    client: Client,
    jetstream: JetStreamContext,
    replicas: int = 1,
    *,
    installation: str | None = None,
) -> None:
    """Raises UnsafeBroker and StreamMissing; errors of the connection where the broker does not answer."""
    for told in await (_ask(client) if monitor_url is None else _read_all(monitor_url)):
        _check_sync(told)
    await _check_streams(service, jetstream, replicas, installation)
    await _check_consumers(service, jetstream, replicas)


async def _read_all(monitor_url: str) -> Sequence[Mapping[str, Any]]:
    """Of each server that answers; one must."""
    told, away = [], None
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
        for url in read_addresses(monitor_url):
            try:
                told.append(await _read(http, url))
            except httpx.TransportError as error:
                away = error
    if not told and away is not None:
        raise away
    return told


async def _read(http: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
    try:
        answer = await http.get(f"{url.rstrip('/')}/varz")
        answer.raise_for_status()
        return dict(answer.json())
    except (httpx.HTTPStatusError, ValueError) as error:
        raise UnsafeBroker(f"cannot read {url}/varz, so the broker's settings are unknown: {error}") from error


async def _ask(client: Client) -> Sequence[Mapping[str, Any]]:
    """Of the server that answers first and, in a cluster, of all that answer soon after it."""
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    try:
        await client.publish(HOW_IT_IS_SET, reply=inbox)
        first = await answers.next_msg(timeout=ANSWER_SECONDS)
        if not first.data:
            raise nats.errors.NoRespondersError
        told = [_settings(first.data)]
        with contextlib.suppress(nats.errors.TimeoutError):
            while told[0].get("cluster"):
                told.append(_settings((await answers.next_msg(timeout=OTHERS_SECONDS)).data))
        return told
    finally:
        with contextlib.suppress(nats.errors.Error, OSError, asyncio.InvalidStateError):
            await answers.unsubscribe()


def _settings(answer: bytes) -> Mapping[str, Any]:
    return dict(json.loads(answer).get("data") or {})


def _check_sync(settings: Mapping[str, Any]) -> None:
    """With the default, NATS syncs every two minutes: a power cut lost all of 221,744 acknowledged messages.

    Source: docs/sources/reliability.md (measured), after Jepsen's report on NATS 2.12.1.
    """
    config = settings.get("jetstream", {}).get("config") or {}
    if config.get("sync_always") is not True:
        raise UnsafeBroker(
            f"the broker's server {settings.get('server_name', '')} acknowledges before it has written to disk. "
            "Set `jetstream { store_dir: …, sync_interval: always }` in its configuration and start it again."
        )


async def _check_streams(service: str, jetstream: JetStreamContext, replicas: int, installation: str | None) -> None:
    names = {durable.stream for durable in topology.durables_of(service)}
    names |= {topology.stream_of(subject).name for subject in topology.PUBLISHES[service]}
    for stream in (stream for stream in topology.STREAMS if stream.name in names):
        try:
            config = (await jetstream.stream_info(stream.name)).config
        except NotFoundError as error:
            raise StreamMissing(stream.name) from error
        if (found := labels.installation_of(config)) is not None and found != installation:
            raise UnsafeBroker(labels.fault(found, installation))
        if wrong := _wrong_in_stream(stream, config, replicas):
            raise UnsafeBroker(f"stream {stream.name} is not as declared: {'; '.join(wrong)}. {_remedy(replicas)}")


def _wrong_in_stream(stream: topology.Stream, config: StreamConfig, replicas: int) -> Sequence[str]:
    declared = {
        "subjects": (config.subjects, [stream.subjects]),
        "storage": (config.storage, StorageType.FILE),
        "max_age": (config.max_age, topology.MAX_AGE_SECONDS),
        "duplicate_window": (config.duplicate_window, topology.DEDUPLICATION_SECONDS),
        "deny_delete": (config.deny_delete, True),
        "deny_purge": (config.deny_purge, True),
    }
    wrong = [f"{name} is {found!r}, declared {want!r}" for name, (found, want) in declared.items() if found != want]
    if (config.num_replicas or 1) < replicas:
        wrong.append(f"num_replicas is {config.num_replicas}, declared {replicas}")
    return wrong


async def _check_consumers(service: str, jetstream: JetStreamContext, replicas: int) -> None:
    """Those that are there: of one that is missing its hearer says so, and goes on once it is made."""
    for durable in topology.durables_of(service):
        try:
            config = (await jetstream.consumer_info(durable.stream, durable.name)).config
        except NotFoundError:
            continue
        if wrong := _wrong_in_consumer(durable, config, replicas):
            where = f"consumer {durable.name} of stream {durable.stream}"
            raise UnsafeBroker(f"{where} is not as declared: {'; '.join(wrong)}. {_remedy(replicas)}")


def _wrong_in_consumer(durable: topology.Durable, config: ConsumerConfig, replicas: int) -> Sequence[str]:
    """A newer version's admin step may have it hear more: what this process does not know it puts aside."""
    wrong = []
    if config.ack_policy != AckPolicy.EXPLICIT:
        wrong.append(f"ack_policy is {config.ack_policy!r}, declared {AckPolicy.EXPLICIT!r}")
    if (config.max_deliver or -1) > 0:
        wrong.append(f"max_deliver is {config.max_deliver}, declared without an end")
    heard = config.filter_subjects or [config.filter_subject or ""]
    if missing := sorted(set(durable.filters) - set(heard)):
        wrong.append(f"it does not hear {', '.join(missing)}")
    if 0 < (config.num_replicas or 0) < replicas:  # 0: as many as its stream
        wrong.append(f"num_replicas is {config.num_replicas}, declared {replicas}")
    return wrong


def _remedy(replicas: int) -> str:
    return (
        f"Run the admin step (`local streams create --replicas {replicas}`, without a clone `python -m shared.bus` "
        "with the same options)."
    )

"""The admin step, before the services start and with the admin's NATS user: streams and durables as declared."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import nats
import nats.errors
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from shared.bus import labels
from shared.bus.addresses import read_addresses
from shared.bus.connection import tls_options
from shared.bus.safety import UnsafeBroker
from shared.bus.topology import (
    ACK_WAIT_SECONDS,
    DEDUPLICATION_SECONDS,
    DURABLES,
    MAX_AGE_SECONDS,
    STREAMS,
    Durable,
    Stream,
)

PATIENCE_SECONDS, PEERS_SECONDS = 60.0, 15.0
"""A cluster that has just begun, or lost a server, takes some seconds to agree on who leads; and its servers to find
each other."""
PAUSE_SECONDS = 0.5
NOT_CLUSTERED, NO_PEERS = 10074, 10005
"""What NATS calls it where there are too few servers for a stream: of a server that is alone, and in a cluster."""
Result = TypeVar("Result")


class TooFewServers(Exception):
    """Fewer servers are there than shall keep each message."""


async def create(
    nats_url: str,
    seed_file: str | None,
    replicas: int = 1,
    ca_file: Path | None = None,
    installation: str | None = None,
) -> None:
    """Create what is missing and bring what is there to the declaration. Repeatable.

    Args:
        installation: whose streams they are; None: what they bear stays.

    Raises:
        TooFewServers.
        UnsafeBroker: the streams are another installation's, or no process can have that name; nothing was changed.
        nats.errors.Error: the broker does not answer.
    """
    _require_name(installation)
    reasons: list[Exception] = []

    async def keep(error: Exception) -> None:
        """Of each attempt: else the library writes every one of them out at length."""
        reasons.append(error)

    try:
        connection = await nats.connect(
            list(read_addresses(nats_url)),
            nkeys_seed=seed_file,
            connect_timeout=5,
            max_reconnect_attempts=10,
            error_cb=keep,
            **tls_options(nats_url, ca_file),
        )
    except nats.errors.Error as error:
        raise error from next(reversed(reasons), None)
    try:
        jetstream = connection.jetstream(timeout=10)
        there = {stream.name: await _patiently(partial(_config_of, jetstream, stream)) for stream in STREAMS}
        bears = {found for each in there.values() if each is not None and (found := labels.installation_of(each))}
        if installation is not None and (others := bears - {installation}):
            raise UnsafeBroker(labels.fault(min(others), installation))
        name = installation or min(bears, default=None)
        for stream in STREAMS:
            config = stream_config(stream, replicas, name)
            change = jetstream.add_stream if there[stream.name] is None else jetstream.update_stream
            await _patiently(partial(change, config))
        for durable in DURABLES:
            await _patiently(partial(jetstream.add_consumer, durable.stream, consumer_config(durable)))
    finally:
        await connection.close()


def _require_name(installation: str | None) -> None:
    if installation is not None and not re.fullmatch(labels.NAME, installation):
        raise UnsafeBroker(
            "no process can have this name of an installation, and streams keep theirs for good: 3 to 100 small "
            "letters, digits, dots and hyphens, as in …_INSTALLATION. Nothing was changed"
        )


async def _patiently(call: Callable[[], Awaitable[Result]]) -> Result:
    """Again and again while the cluster agrees on who leads: all that is asked here may be asked twice."""
    began = time.monotonic()
    while True:
        try:
            return await call()
        except (nats.errors.TimeoutError, ServiceUnavailableError):
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise
        except APIError as error:
            if error.err_code not in (NOT_CLUSTERED, NO_PEERS):
                raise
            if error.err_code == NOT_CLUSTERED or time.monotonic() - began > PEERS_SECONDS:
                raise TooFewServers(str(error.description)) from error
        await asyncio.sleep(PAUSE_SECONDS)


async def _config_of(jetstream: JetStreamContext, stream: Stream) -> StreamConfig | None:
    """None where it is not there."""
    try:
        return (await jetstream.stream_info(stream.name)).config
    except NotFoundError:
        return None


def stream_config(stream: Stream, replicas: int = 1, installation: str | None = None) -> StreamConfig:
    """How a stream is declared: on disk, 14 days, and nobody may delete or purge."""
    return StreamConfig(
        name=stream.name,
        subjects=[stream.subjects],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=MAX_AGE_SECONDS,
        num_replicas=replicas,
        duplicate_window=DEDUPLICATION_SECONDS,
        deny_delete=True,
        deny_purge=True,
        metadata=None if installation is None else {labels.INSTALLATION: installation},
    )


def consumer_config(durable: Durable) -> ConsumerConfig:
    """How a durable is declared: from the beginning of its stream, each message acknowledged."""
    return ConsumerConfig(
        durable_name=durable.name,
        filter_subjects=durable.filters,
        ack_policy=AckPolicy.EXPLICIT,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=-1,
        max_ack_pending=1024,
    )

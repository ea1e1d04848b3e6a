"""The admin step, before the services start and with the admin's NATS user: streams and durables as declared."""

from pathlib import Path

import nats
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
from nats.js.errors import NotFoundError

from shared.bus.connection import tls_options
from shared.bus.topology import (
    ACK_WAIT_SECONDS,
    DEDUPLICATION_SECONDS,
    DURABLES,
    MAX_AGE_SECONDS,
    STREAMS,
    Durable,
    Stream,
)


async def create(nats_url: str, seed_file: str | None, replicas: int = 1, ca_file: Path | None = None) -> None:
    """Create what is missing and bring what is there to the declaration. Repeatable."""
    connection = await nats.connect(
        nats_url,
        nkeys_seed=seed_file,
        connect_timeout=5,
        max_reconnect_attempts=10,
        **tls_options(nats_url, ca_file),
    )
    try:
        jetstream = connection.jetstream(timeout=10)
        for stream in STREAMS:
            await _create_stream(jetstream, stream, replicas)
        for durable in DURABLES:
            await jetstream.add_consumer(durable.stream, consumer_config(durable))
    finally:
        await connection.close()


async def _create_stream(jetstream: JetStreamContext, stream: Stream, replicas: int) -> None:
    config = stream_config(stream, replicas)
    try:
        await jetstream.stream_info(stream.name)
    except NotFoundError:
        await jetstream.add_stream(config)
    else:
        await jetstream.update_stream(config)


def stream_config(stream: Stream, replicas: int = 1) -> StreamConfig:
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

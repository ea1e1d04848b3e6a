"""The connection of one service: with its own NATS user, and only to a broker that keeps what it acknowledges."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import nats
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StorageType
from nats.js.errors import NotFoundError

from shared.bus import topology
from shared.bus.rights import HOW_IT_IS_SET

log = structlog.get_logger("bus")

CONNECT_ATTEMPT_SECONDS = 5
PUBLISH_TIMEOUT_SECONDS = 5.0
REPEAT_SECONDS = 30.0
"""The same kind of error is logged at most this often."""


class UnsafeBroker(Exception):
    """The broker would lose what it acknowledged, or is not set up as declared. The service must not start on it."""


@dataclass(frozen=True)
class BusSettings:
    url: str
    monitor_url: str | None
    """The broker's HTTP monitoring, for example http://127.0.0.1:8222: `/varz` shows whether it syncs always. None: on
    another machine, so the broker is asked over the connection."""
    seed_file: Path
    """The nkey seed of this service's NATS user."""
    ca_file: Path | None = None
    """Whose certificates the broker may show, at `tls://`; None: those that the machine trusts."""
    in_clear: bool = False
    """Whether `nats://` may lead to another machine."""


@dataclass(frozen=True)
class Connection:
    client: Client
    jetstream: JetStreamContext


def tls_options(url: str, ca_file: Path | None) -> dict[str, Any]:
    """What nats-py is told of TLS. The handshake comes before the first word: in the other order, which is NATS's own,
    nats-py goes on in clear where someone in between has crossed out that the broker wants TLS."""
    if urlsplit(url).scheme != "tls":
        return {}
    return {"tls": ssl.create_default_context(cafile=ca_file), "tls_handshake_first": True}


def is_private(url: str) -> bool:
    """Whether nobody in between can read along: by TLS, or because it does not leave this machine."""
    parts = urlsplit(url)
    if parts.scheme == "tls" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


async def connect(service: str, settings: BusSettings) -> Connection:
    """Connect, checked. Waits for a broker that is not there yet; raises UnsafeBroker on one that must not be used."""
    if not (settings.in_clear or is_private(settings.url)):
        raise UnsafeBroker(
            "NATS_URL leads to another machine in clear, with names and barcodes. Give the broker a certificate "
            "(`local nats users DIR --tls-certificate FILE --tls-key FILE`) and write tls://…, or set "
            "NATS_IN_CLEAR=true where something else encrypts what goes there."
        )
    client = await _connect_patiently(service, settings)
    jetstream = client.jetstream(timeout=PUBLISH_TIMEOUT_SECONDS)
    try:
        await _check_patiently(service, settings.monitor_url, client, jetstream)
    except BaseException:
        await client.close()
        raise
    return Connection(client, jetstream)


async def _connect_patiently(service: str, settings: BusSettings) -> Client:
    told_at: dict[str, float] = {}
    tls = tls_options(settings.url, settings.ca_file)

    async def on_error(error: Exception) -> None:
        # a forbidden publish shows only here; the publisher itself sees a time-out
        kind, now = type(error).__name__, asyncio.get_running_loop().time()
        if now - told_at.get(kind, float("-inf")) < REPEAT_SECONDS:
            return  # an absent broker is an error four times a second
        told_at[kind] = now
        log.warning("bus_error", error=type(error).__name__, detail=str(error)[:200])

    async def on_disconnect() -> None:
        log.warning("bus_disconnected")

    async def on_reconnect() -> None:
        log.info("bus_reconnected")

    delay = 0.1
    while True:
        try:
            return await nats.connect(
                settings.url,
                name=service,
                nkeys_seed=str(settings.seed_file),
                inbox_prefix=topology.inbox_prefix(service).encode(),
                connect_timeout=CONNECT_ATTEMPT_SECONDS,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.25,
                ping_interval=10,
                max_outstanding_pings=2,
                error_cb=on_error,
                disconnected_cb=on_disconnect,
                reconnected_cb=on_reconnect,
                **tls,
            )
        except (OSError, nats.errors.Error, TimeoutError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            log.warning("bus_unreachable", error=type(error).__name__, retry_in_seconds=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)


async def _check_patiently(service: str, monitor_url: str | None, client: Client, jetstream: JetStreamContext) -> None:
    """A broker that goes away while it is looked at is waited for; one that answers and is wrong is refused."""
    delay = 0.1
    while True:
        try:
            _check_sync(await (_asked(client) if monitor_url is None else _read(monitor_url)))
            await _check_streams(service, jetstream)
        except (httpx.TransportError, nats.errors.Error, OSError) as error:
            log.warning("bus_unreachable", error=type(error).__name__, retry_in_seconds=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)
        else:
            return


async def _read(monitor_url: str) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=5) as http:
        try:
            answer = await http.get(f"{monitor_url.rstrip('/')}/varz")
            answer.raise_for_status()
            return dict(answer.json())
        except (httpx.HTTPStatusError, ValueError) as error:
            raise UnsafeBroker(
                f"cannot read {monitor_url}/varz, so the broker's settings are unknown: {error}"
            ) from error


async def _asked(client: Client) -> dict[str, Any]:
    answer = await client.request(HOW_IT_IS_SET, timeout=PUBLISH_TIMEOUT_SECONDS)
    return dict(json.loads(answer.data).get("data") or {})


def _check_sync(settings: Mapping[str, Any]) -> None:
    """With the default, NATS syncs every two minutes: a power cut lost all of 221,744 acknowledged messages.

    Source: verification-reliability-security, B.2 (measured), after Jepsen's report on NATS 2.12.1.
    """
    config = settings.get("jetstream", {}).get("config") or {}
    if config.get("sync_always") is not True:
        raise UnsafeBroker(
            "the broker acknowledges before it has written to disk. "
            "Set `jetstream { store_dir: …, sync_interval: always }` in its configuration and start it again."
        )


async def _check_streams(service: str, jetstream: JetStreamContext) -> None:
    names = {durable.stream for durable in topology.durables_of(service)}
    names |= {topology.stream_of(subject).name for subject in topology.PUBLISHES[service]}
    for stream in (stream for stream in topology.STREAMS if stream.name in names):
        try:
            config = (await jetstream.stream_info(stream.name)).config
        except NotFoundError as error:
            raise UnsafeBroker(f"stream {stream.name} is missing: create the streams first (admin step)") from error
        declared = {
            "subjects": (config.subjects, [stream.subjects]),
            "storage": (config.storage, StorageType.FILE),
            "max_age": (config.max_age, topology.MAX_AGE_SECONDS),
            "duplicate_window": (config.duplicate_window, topology.DEDUPLICATION_SECONDS),
            "deny_delete": (config.deny_delete, True),
            "deny_purge": (config.deny_purge, True),
        }
        wrong = [f"{name} is {found!r}, declared {want!r}" for name, (found, want) in declared.items() if found != want]
        if wrong:
            raise UnsafeBroker(f"stream {stream.name} is not as declared: {'; '.join(wrong)}. Run the admin step.")

"""The connection of one service: with its own NATS user, and only to a broker that keeps what it acknowledges."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nats
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext

from shared.bus import topology
from shared.bus.addresses import read_addresses
from shared.bus.declared import check
from shared.bus.safety import Safety, UnsafeBroker

log = structlog.get_logger("bus")

CONNECT_ATTEMPT_SECONDS = 5
PUBLISH_TIMEOUT_SECONDS = 5.0
REPEAT_SECONDS = 30.0
"""The same kind of error is logged at most this often."""


@dataclass(frozen=True)
class BusSettings:
    url: str
    """Of one server, or of several with commas between: any that answers is connected to, and another where it goes."""
    monitor_url: str | None
    """The broker's HTTP monitoring, for example http://127.0.0.1:8222: `/varz` shows whether it syncs always; of
    several servers, with commas between. None: on another machine, so the broker is asked over the connection."""
    seed_file: Path
    """The nkey seed of this service's NATS user."""
    ca_file: Path | None = None
    """Whose certificates the broker may show, at `tls://`; None: those that the machine trusts."""
    in_clear: bool = False
    """Whether `nats://` may lead to another machine."""
    replicas: int = 1
    """How many servers keep each message, at least."""
    installation: str | None = None
    """Whose streams these must be."""


@dataclass(frozen=True)
class Connection:
    """Of one process. Who publishes or hears asks `safety` first: the broker may have come back as another one."""

    service: str
    client: Client
    jetstream: JetStreamContext
    safety: Safety


def tls_options(url: str, ca_file: Path | None) -> dict[str, Any]:
    """What nats-py is told of TLS. The handshake comes before the first word: in the other order, which is NATS's own,
    nats-py goes on in clear where someone in between has crossed out that the broker wants TLS."""
    if any(urlsplit(each).scheme != "tls" for each in read_addresses(url)):
        return {}
    return {"tls": ssl.create_default_context(cafile=ca_file), "tls_handshake_first": True}


def is_private(url: str) -> bool:
    """Whether nobody in between can read along, at any of the addresses: by TLS, or because it does not leave this
    machine."""
    return all(map(_is_private, read_addresses(url)))


def _is_private(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "tls" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


async def connect(service: str, settings: BusSettings) -> Connection:
    """Connect, checked. Waits for a broker that is not there yet, or has no streams; raises UnsafeBroker on one that
    must not be used. It is checked again after every reconnect, and while it fails, `safety` lets nobody pass."""
    if not (settings.in_clear or is_private(settings.url)):
        raise UnsafeBroker(
            "NATS_URL leads to another machine in clear, with names and barcodes. Give the broker a certificate "
            "(`local nats users DIR --tls-certificate FILE --tls-key FILE`) and write tls://…, or set "
            "NATS_IN_CLEAR=true where something else encrypts what goes there."
        )
    safety = Safety()
    client = await _connect_patiently(service, settings, safety)
    jetstream = client.jetstream(timeout=PUBLISH_TIMEOUT_SECONDS)
    try:
        asked = service, settings.monitor_url, client, jetstream, settings.replicas
        look = partial(check, *asked, installation=settings.installation)
        await safety.pass_first(look)
    except BaseException:
        await client.close()
        raise
    return Connection(service, client, jetstream, safety)


def _error_log() -> Callable[[Exception], Awaitable[None]]:
    """A forbidden publish shows only here; the publisher itself sees a time-out."""
    told_at: dict[str, float] = {}

    async def on_error(error: Exception) -> None:
        kind, now = type(error).__name__, asyncio.get_running_loop().time()
        if now - told_at.get(kind, float("-inf")) < REPEAT_SECONDS:
            return  # an absent broker is an error four times a second
        told_at[kind] = now
        log.warning("bus_error", error=type(error).__name__, detail=str(error)[:200])

    return on_error


async def _connect_patiently(service: str, settings: BusSettings, safety: Safety) -> Client:
    client: Client | None = None
    tls = tls_options(settings.url, settings.ca_file)

    async def on_disconnect() -> None:
        safety.suspend()
        if client is None or not client.is_closed:  # closed by ourselves it is the ordinary end
            log.warning("bus_disconnected")

    async def on_reconnect() -> None:
        log.info("bus_reconnected")
        safety.doubt()

    delay = 0.1
    while True:
        try:
            client = await nats.connect(
                list(read_addresses(settings.url)),
                name=service,
                nkeys_seed=str(settings.seed_file),
                inbox_prefix=topology.inbox_prefix(service).encode(),
                connect_timeout=CONNECT_ATTEMPT_SECONDS,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.25,
                ping_interval=10,
                max_outstanding_pings=2,
                error_cb=_error_log(),
                disconnected_cb=on_disconnect,
                reconnected_cb=on_reconnect,
                **tls,
            )
            return client  # known to on_disconnect
        except (OSError, nats.errors.Error, TimeoutError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            log.warning("bus_unreachable", error=type(error).__name__, retry_in_seconds=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)

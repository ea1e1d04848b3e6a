"""Whether a broker may be used: it keeps what it acknowledges, and its streams are as declared.

Asked before the first word and again after every reconnect: what comes back need not be what went away.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import nats.errors
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StorageType
from nats.js.errors import NotFoundError

from shared.bus import topology
from shared.bus.rights import HOW_IT_IS_SET
from shared.errors import Unavailable

log = structlog.get_logger("bus")

ANSWER_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 5.0


class UnsafeBroker(Exception):
    """The broker would lose what it acknowledged, or is not set up as declared. Nothing may be told or heard there."""


class StreamMissing(Exception):
    """The broker has lost a stream, or the admin step has not been made yet: it is waited for."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"stream {stream} is missing: create the streams first (admin step)")


Look = Callable[[], Awaitable[None]]
"""Raises UnsafeBroker or StreamMissing with what is wrong; Unavailable, or the connection's errors, where it cannot be
seen yet."""


class Safety:
    """Lets pass who publishes or hears, while the broker passes the check."""

    def __init__(self) -> None:
        self._passed = asyncio.Event()
        self._checking: asyncio.Task[None] | None = None
        self._looks: list[Look] = []
        self._returns = 0
        """How often a broker has come back: what was seen of the one before says nothing of the next."""
        self.fault: str | None = None
        """What is wrong with the broker, in words with the remedy; None where nothing is known to be."""

    @property
    def passed(self) -> bool:
        """Whether the broker was looked at and may be used."""
        return self._passed.is_set()

    async def wait(self) -> None:
        """Until the broker has passed."""
        await self._passed.wait()

    def add(self, look: Look) -> None:
        """Have something else looked at, each time before anybody passes again."""
        self._looks.append(look)

    async def pass_first(self, look: Look) -> None:
        """Look patiently; raises UnsafeBroker."""
        self._looks.append(look)
        await self._look(lasting=False)

    def suspend(self) -> None:
        """The broker is away: nobody passes."""
        self._passed.clear()

    def doubt(self) -> None:
        """The broker is there again, and perhaps another one. It is looked at; whatever it is, no process ends."""
        self._passed.clear()
        self._returns += 1
        if self._looks and (self._checking is None or self._checking.done()):
            self._checking = asyncio.create_task(self._look(lasting=True), name="safety")

    async def _look(self, *, lasting: bool) -> None:
        delay = 0.1
        while True:
            returns = self._returns
            try:
                for look in tuple(self._looks):
                    await look()
            except nats.errors.ConnectionClosedError:
                return
            except (StreamMissing, UnsafeBroker) as error:
                if isinstance(error, UnsafeBroker) and not lasting:
                    raise
                self._blame(str(error))
            except (httpx.TransportError, nats.errors.Error, Unavailable, OSError) as error:
                log.warning("bus_unreachable", error=type(error).__name__, retry_in_seconds=delay)
            except Exception as error:
                self._blame(f"the broker could not be looked at: {type(error).__name__}")
            else:
                if returns != self._returns:
                    continue
                self.fault = None
                self._passed.set()
                return
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_PAUSE_SECONDS)

    def _blame(self, fault: str) -> None:
        if self.fault != fault:
            log.error("bus_unsafe", fault=fault)
        self.fault = fault


async def check(service: str, monitor_url: str | None, client: Client, jetstream: JetStreamContext) -> None:
    """Raises UnsafeBroker and StreamMissing; errors of the connection where the broker does not answer."""
    _check_sync(await (_asked(client) if monitor_url is None else _read(monitor_url)))
    await _check_streams(service, jetstream)


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
    answer = await client.request(HOW_IT_IS_SET, timeout=ANSWER_SECONDS)
    return dict(json.loads(answer.data).get("data") or {})


def _check_sync(settings: Mapping[str, Any]) -> None:
    """With the default, NATS syncs every two minutes: a power cut lost all of 221,744 acknowledged messages.

    Source: docs/sources/reliability.md (measured), after Jepsen's report on NATS 2.12.1.
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
            raise StreamMissing(stream.name) from error
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

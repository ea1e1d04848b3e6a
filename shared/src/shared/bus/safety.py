"""Whether a broker may be used: it keeps what it acknowledges, and its streams are as declared.

Asked before the first word and again after every reconnect: what comes back need not be what went away.
"""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import nats.errors
import structlog

from shared.errors import Unavailable

log = structlog.get_logger("bus")

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

"""What a service does at the bus: it connects once, and hears, answers and relays for as long as it may."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.bus.connection import BusSettings, Connection, connect
from shared.bus.consumer import Consumer, Handlers
from shared.bus.hearing import Hearing
from shared.bus.questions import AnswersTo, Asker, answer_questions
from shared.bus.relay import Relay
from shared.bus.topology import durables_of
from shared.database import Database
from shared.runtime.worker import WorkerLoop

log = structlog.get_logger("runtime")

CatchUp = Callable[[asyncio.Event], Any]


@dataclass
class BusWork:
    """Of one process. `loops` are those of all its workers, to which the relay's come."""

    name: str
    database: Database[Any]
    handlers: Handlers[Any]
    answers: AnswersTo
    asker: Asker | None
    catch_up: CatchUp | None
    loops: list[WorkerLoop]
    bus: Connection | None = None
    relay: Relay | None = None
    hearings: Sequence[Hearing] = field(default_factory=list)

    async def connect(self, settings: BusSettings, stop: asyncio.Event) -> bool:
        """Patiently. False where it was stopped before.

        Raises:
            UnsafeBroker.
        """
        connecting = asyncio.ensure_future(connect(self.name, settings))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not connecting.done():
            connecting.cancel()
            return False
        self.bus = bus = connecting.result()
        if self.asker is not None:
            self.asker.client = bus.client
        self.relay = Relay(bus, self.database)
        self.loops += self.relay.loops
        return True

    async def work(self, stop: asyncio.Event) -> None:
        """Hear, answer and relay until `stop` is set. Begun again, it hears with new ears: another copy may have heard
        meanwhile."""
        assert self.bus is not None and self.relay is not None  # noqa: S101  # connect comes first
        durables = durables_of(self.name)
        consumers = [Consumer(self.bus, self.database, each, self.handlers) for each in durables]
        self.hearings = [consumer.hearing for consumer in consumers]
        answering = answer_questions(self.name, self.bus.client, self.answers, stop, self._knows_all)
        for loop in self.relay.loops:
            loop.turned_at = time.monotonic()  # it may have waited for long
        log.info("hearing", streams=[durable.stream for durable in durables])
        try:
            await asyncio.gather(self._consume(consumers, stop), self.relay.run(stop), answering)
        finally:
            for hearing in self.hearings:
                hearing.end()

    def _knows_all(self) -> bool:
        return all(each.was_at_end for each in self.hearings)

    async def _consume(self, consumers: Sequence[Consumer[Any]], stop: asyncio.Event) -> None:
        if self.catch_up is not None:
            await self.catch_up(stop)
        await asyncio.gather(*(consumer.run(stop) for consumer in consumers))

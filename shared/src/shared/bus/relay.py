"""Brings events from the outbox to the bus, in order within each key."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError
from prometheus_client import Counter

from shared.bus import outbox
from shared.database import Database, SessionStore
from shared.errors import Text, Unavailable
from shared.runtime.worker import Backoff, Worker, WorkerLoop

log = structlog.get_logger("relay")
published = Counter("outbox_published_total", "Events that the broker acknowledged", ["subject"])

WINDOW = 256
"""Events in flight at once."""
IDLE_SECONDS = 1.0
"""How long the relay sleeps where nobody wakes it (another process may have written)."""
BACKOFF = Backoff(first_seconds=0.1, longest_seconds=5.0)
"""Shorter than other workers': families wait for what is on its way, and a broker is back in seconds."""
NOT_PUBLISHED = Text("Der Bus nimmt gerade nicht alles an.", "The bus does not take everything just now.")


class Relay:
    """One per service. A second one does no harm: the broker drops what it has, by `Nats-Msg-Id`."""

    def __init__(self, jetstream: JetStreamContext, database: Database[Any]) -> None:
        self._jetstream = jetstream
        self._database = database
        self.loop = WorkerLoop(Worker("relay", self._drain, IDLE_SECONDS, woken=True, backoff=BACKOFF))
        database.after_commit(self.loop.wake)

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set, and once more then."""
        await self.loop.run(stop)
        with contextlib.suppress(Unavailable):
            while await self._drain():
                pass

    async def _drain(self) -> int:
        """Publish the oldest that wait. Returns how many; raises Unavailable where something could not be published."""
        events = await self._database.read(lambda store: outbox.waiting(store.session, WINDOW))
        if not events:
            return 0
        done, all_went = await self._publish(events)
        if done:
            await self._database.write(lambda store: _mark(store, done), wake=False)
        if not all_went:
            raise Unavailable(NOT_PUBLISHED)
        return len(events)

    async def _publish(self, events: list[outbox.Waiting]) -> tuple[list[int], bool]:
        """Publish in rounds with one event of each key: in flight together, and still in order within the key."""
        done: list[int] = []
        stuck: set[str] = set()
        for round_ in _rounds(events):
            sent = [event for event in round_ if event.key not in stuck]
            results = await asyncio.gather(*(self._publish_one(event) for event in sent))
            done += [event.position for event, went in zip(sent, results, strict=True) if went]
            stuck |= {event.key for event, went in zip(sent, results, strict=True) if not went}
        return done, not stuck

    async def _publish_one(self, event: outbox.Waiting) -> bool:
        try:
            await self._jetstream.publish(event.subject, event.payload, headers={"Nats-Msg-Id": event.event_id})
        except (nats.errors.Error, JetStreamError, OSError, TimeoutError) as error:
            log.warning("publish_failed", subject=event.subject, event_id=event.event_id, error=type(error).__name__)
            return False
        published.labels(event.subject).inc()
        return True


def _rounds(events: Iterable[outbox.Waiting]) -> list[list[outbox.Waiting]]:
    rounds: list[list[outbox.Waiting]] = []
    depth: dict[str, int] = {}
    for event in events:
        index = depth.get(event.key, 0)
        depth[event.key] = index + 1
        if index == len(rounds):
            rounds.append([])
        rounds[index].append(event)
    return rounds


def _mark(store: SessionStore, positions: list[int]) -> None:
    outbox.mark_published(store.session, positions, datetime.now(UTC))

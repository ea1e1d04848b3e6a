"""Brings events from the outbox to the bus, in order within each key.

What the broker does not take is told apart. Where that is the broker's trouble (away, full, without the stream), the
relay rests and holds nothing against an event. Where it is the event's own (too large, not permitted), the event gets a
time of its own for the next try and is then tried apart, so that no other key waits for it.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

import nats.errors
import sqlalchemy as sa
import structlog
from nats.js.api import PubAck
from nats.js.errors import APIError, NoStreamResponseError
from prometheus_client import Counter

from shared.bus import outbox, streams
from shared.bus.connection import Connection
from shared.bus.safety import StreamMissing
from shared.bus.streams import StreamWatch
from shared.bus.tables import outbox as outbox_table
from shared.bus.topology import stream_of
from shared.database import Database, SessionStore, UtcDateTime
from shared.errors import Text, Unavailable, place_of
from shared.runtime.worker import Backoff, Worker, WorkerLoop
from shared.tracing import spans
from shared.tracing.parents import read_parent

log = structlog.get_logger("relay")
published_total = Counter("outbox_published_total", "Events that the broker acknowledged", ["subject"])

WINDOW = 256
"""Events in flight at once."""
IDLE_SECONDS = 1.0
"""How long the relay sleeps where nobody wakes it (another process may have written)."""
BACKOFF = Backoff(first_seconds=0.1, longest_seconds=5.0)
"""Shorter than other workers': families wait for what is on its way, and a broker is back in seconds."""
AGAIN = Backoff(first_seconds=1.0, longest_seconds=600.0)
"""For an event that the broker does not take. It is never given up: a right may be granted, or a limit raised."""
NOT_PUBLISHED = Text("Der Bus nimmt gerade nicht alles an.", "The bus does not take everything just now.")
COMPARE_SECONDS = 30.0
"""How often a loss is looked for, where no reconnect asks for it."""
BAD_REQUEST = 400
IN_PROCESS, IN_PROCESS_PAUSES = 10158, (0.02, 0.05, 0.1, 0.2)
"""What NATS calls a message whose id is being agreed on, and for how many seconds it is waited for each time. After a
change of leaders that can last for minutes: then it is the broker's trouble, as any other."""


class Whose(Enum):
    """Whose trouble it is that an event was not taken."""

    EVENT = "event"
    BROKER = "broker"
    UNKNOWN = "unknown"
    """No answer: a broker that is away keeps silent, and so does one that does not permit the event."""


@dataclass(frozen=True)
class Refusal:
    """The broker did not take an event; `kind` says nothing of a person."""

    kind: str
    whose: Whose


Outcomes = dict[int, int | Refusal]
"""By the event's position in the outbox: the sequence that the stream gave it, or why it was not taken."""


class Relay:
    """One per service. A second one does no harm: the broker drops what it has, by `Nats-Msg-Id`."""

    def __init__(self, connection: Connection, database: Database[Any]) -> None:
        self._jetstream = connection.jetstream
        self._safety = connection.safety
        self._database = database
        self._watch = StreamWatch(connection.service, connection.client, database)
        self._loop = WorkerLoop(
            Worker("relay", self._drain, IDLE_SECONDS, woken=True, backoff=BACKOFF, is_traced=False)
        )
        self._again = WorkerLoop(Worker("relay_again", self._try_again, IDLE_SECONDS, backoff=BACKOFF, is_traced=False))
        self._streams = WorkerLoop(Worker("streams", self._compare, COMPARE_SECONDS, backoff=BACKOFF))
        self.loops = (self._loop, self._again, self._streams)
        database.after_commit(self._loop.wake)
        connection.safety.add(self._watch.compare)
        connection.safety.add(self._forgive)

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set, and once more then."""
        try:
            await self._watch.compare()  # before the first event: what comes after a loss hides it
        except Exception as error:  # it is compared again and again, and nothing is published before
            log.warning("not_compared", error=type(error).__name__, place=place_of(error))
        await asyncio.gather(*(each.run(stop) for each in self.loops))
        await self.empty()

    async def empty(self) -> None:
        """Publish all that waits now, as far as the broker takes it."""
        with contextlib.suppress(Exception):
            while await self._drain():
                pass

    async def _drain(self) -> int:
        """Publish the oldest that wait. Returns 0 where those were all: what is written meanwhile wakes it. Raises
        Unavailable where the broker does not take them."""
        count = await self._publish(
            await self._database.read(lambda store: outbox.waiting_events(store.session, WINDOW))
        )
        return count if count == WINDOW else 0

    async def _try_again(self) -> int:
        """Publish what failed and is due. Apart, because each may take as long as the broker may keep silent."""
        now = _now()
        events = await self._database.read(lambda store: outbox.due_again(store.session, now, WINDOW))
        count = await self._publish(events)
        if count:
            self._loop.wake()  # for what waited behind them
        return count

    async def _compare(self) -> None:
        try:
            await self._watch.compare()
        except StreamMissing:
            self._safety.doubt()
            raise
        self._loop.wake()  # for what is told again

    async def _forgive(self) -> None:
        """The broker has come back, perhaps mended: what it did not take is tried at once. One with a full disk kept
        silent, which looks as if it did not permit the event."""
        if await self._database.read(lambda store: outbox.failing_events(store.session)):
            await self._database.write(lambda store: store.session.execute(_DUE_NOW, {"now": _now()}), wake=False)
            self._again.wake()

    async def _publish(self, events: Sequence[outbox.OutboxEvent]) -> int:
        if not events:
            return 0
        if not (self._safety.passed and self._watch.compared):
            raise Unavailable(NOT_PUBLISHED)
        # 1. In rounds with one event of each key: in flight together, and still in order within the key.
        outcomes = await self._send(events)
        # 2. Where the broker kept silent, its streams tell whether it is there.
        outcomes = await self._judge(events, outcomes)
        # 3. Write down what was taken, and when to try again what will not go.
        taken = {at: outcome for at, outcome in outcomes.items() if isinstance(outcome, int)}
        failed = _failed(events, outcomes)
        if taken or failed:
            await self._database.write(partial(_mark, events, taken, failed), wake=False)
        if any(isinstance(each, Refusal) and each.whose is Whose.BROKER for each in outcomes.values()):
            raise Unavailable(NOT_PUBLISHED)
        return len(events)

    async def _send(self, events: Sequence[outbox.OutboxEvent]) -> Outcomes:
        """What became of each event; without those that stand behind one of their key that was not taken."""
        outcomes: Outcomes = {}
        stuck: set[str] = set()
        for round_ in _rounds(events):
            sent = [event for event in round_ if event.key not in stuck]
            results = await asyncio.gather(*(self._send_one(event) for event in sent))
            for event, outcome in zip(sent, results, strict=True):
                outcomes[event.position] = outcome
                if isinstance(outcome, Refusal):
                    stuck.add(event.key)
        return outcomes

    async def _send_one(self, event: outbox.OutboxEvent) -> int | Refusal:
        # what is driven again, perhaps days later, is none of what was traced then
        parent = None if event.driven else read_parent(event.traceparent)
        span = spans.start_sending(event.subject, parent)
        try:
            receipt = await self._deliver(event, event.headers | span.headers)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            refusal = Refusal(type(error).__name__, _whose(error))
            span.fail(refusal.kind)
        else:
            published_total.labels(event.subject).inc()
            return receipt.seq
        finally:
            span.end()
        log.warning("publish_failed", subject=event.subject, event_id=event.event_id, error=refusal.kind)
        return refusal

    async def _deliver(self, event: outbox.OutboxEvent, headers: dict[str, str]) -> PubAck:
        """Where another copy's relay is sending the same event just now, a cluster says so until it has agreed on that
        one; asked again, it answers with the sequence of it."""
        for pause in IN_PROCESS_PAUSES:
            try:
                return await self._jetstream.publish(event.subject, event.payload, headers=headers)
            except APIError as error:
                if error.err_code != IN_PROCESS:
                    raise
            await asyncio.sleep(pause)
        return await self._jetstream.publish(event.subject, event.payload, headers=headers)

    async def _judge(self, events: Sequence[outbox.OutboxEvent], outcomes: Outcomes) -> Outcomes:
        """The outcomes, with each unknown trouble given to the event or to the broker."""
        stream = {event.position: stream_of(event.subject).name for event in events}
        unknown = [at for at, each in outcomes.items() if isinstance(each, Refusal) and each.whose is Whose.UNKNOWN]
        there = {name: await self._watch.is_there(name) for name in sorted({stream[at] for at in unknown})}
        judged = dict(outcomes)
        for at in unknown:
            whose = Whose.EVENT if there[stream[at]] else Whose.BROKER
            judged[at] = Refusal(getattr(outcomes[at], "kind", ""), whose)
        return judged


_WAITS_ASIDE = outbox_table.c.published_at.is_(None), outbox_table.c.attempts > sa.literal_column("0")
_DUE_NOW = outbox_table.update().where(*_WAITS_ASIDE).values(next_try_at=sa.bindparam("now", type_=UtcDateTime))


def _whose(error: Exception) -> Whose:
    if isinstance(error, TimeoutError | NoStreamResponseError):
        return Whose.UNKNOWN
    refused_as_it_is = isinstance(error, APIError) and error.code == BAD_REQUEST
    return Whose.EVENT if refused_as_it_is or isinstance(error, nats.errors.MaxPayloadError) else Whose.BROKER


def _rounds(events: Iterable[outbox.OutboxEvent]) -> list[list[outbox.OutboxEvent]]:
    rounds: list[list[outbox.OutboxEvent]] = []
    depth: dict[str, int] = {}
    for event in events:
        index = depth.get(event.key, 0)
        depth[event.key] = index + 1
        if index == len(rounds):
            rounds.append([])
        rounds[index].append(event)
    return rounds


def _failed(events: Sequence[outbox.OutboxEvent], outcomes: Outcomes) -> list[outbox.SendFailure]:
    """The events whose own trouble it is, each with the time of its next try."""
    now = _now()
    return [
        outbox.SendFailure(event.position, outcome.kind, now + timedelta(seconds=AGAIN.pause_after(event.attempts + 1)))
        for event in events
        if isinstance(outcome := outcomes.get(event.position), Refusal) and outcome.whose is Whose.EVENT
    ]


def _by_stream(events: Sequence[outbox.OutboxEvent], taken: Mapping[int, int]) -> dict[str, list[int]]:
    """The sequences that each stream gave."""
    given: dict[str, list[int]] = {}
    for event in events:
        if event.position in taken:
            given.setdefault(stream_of(event.subject).name, []).append(taken[event.position])
    return given


def _mark(
    events: Sequence[outbox.OutboxEvent],
    taken: Mapping[int, int],
    failed: Sequence[outbox.SendFailure],
    store: SessionStore,
) -> None:
    if taken:
        outbox.mark_published(store.session, taken, _now())
        streams.note_sequences(store.session, _by_stream(events, taken))
    if failed:
        outbox.mark_failed(store.session, failed)


def _now() -> datetime:
    return datetime.now(UTC)

"""Whether the streams still keep what a sender has told: a broker can lose what it acknowledged.

A disk, a flipped bit or an operator's hand is enough. The sender knows, beside its outbox, which stream it was (the
time at which it was made), how far it had come, and where the stream keeps each event. It compares at every reconnect
and every half minute, and drives again by itself what is gone. Hearers drop what they have.
"""

import json
import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import nats.errors
import sqlalchemy as sa
import structlog
from nats.aio.client import Client
from prometheus_client import Counter, Gauge
from sqlalchemy.orm import Session

from shared.bus import outbox
from shared.bus.safety import StreamMissing
from shared.bus.tables import stream_state as table
from shared.bus.topology import MAX_AGE_SECONDS, PUBLISHES, STREAMS, stream_of
from shared.database import Database, SessionStore
from shared.database.dialect import insert_of
from shared.errors import Text, Unavailable

log = structlog.get_logger("streams")
driven_again_total = Counter("outbox_driven_again", "Events told again because their stream had lost them", ["stream"])
replicas_behind = Gauge("stream_replicas_behind", "Servers of a stream that are away or lack some of it", ["stream"])

ANSWER_SECONDS = 2.0
KNOWN_SECONDS = 180.0
"""Whoever compares does so more often; after so long nobody knows how many servers are behind."""
STEP = 2000
"""Events driven again in one transaction: the writer is not held for long."""
BEFORE_FORGETTING = timedelta(hours=1)
"""What the stream is about to forget by age is not taken for lost."""
NO_ANSWER = Text("Der Bus antwortet gerade nicht.", "The bus does not answer just now.")
IN_FLIGHT = 1024
"""So many events at most had been sent, and not acknowledged, when the broker went: after a cut they may have come in
behind it, at sequences that others had before."""
NOT_FOUND = 404


@dataclass(frozen=True)
class StreamState:
    """What a broker tells of a stream, or what was seen of it last."""

    created_at: str
    first_sequence: int
    last_sequence: int
    holes: int
    """Messages between the first and the last that are not there."""


class StreamWatch:
    """Compares the streams of one sender with its outbox."""

    def __init__(self, service: str, client: Client, database: Database[Any]) -> None:
        self._client = client
        self._database = database
        self._streams = sorted({stream_of(subject).name for subject in PUBLISHES[service]})
        for stream in self._streams:
            driven_again_total.labels(stream)  # shown as 0 before the first: an alert asks whether it rises
        self.compared = False
        """Whether the outbox was held against the streams since this process has begun."""

    async def is_there(self, stream: str) -> bool:
        """Whether the broker answers and has the stream."""
        try:
            await self._ask(stream)
        except (nats.errors.Error, StreamMissing, OSError, TimeoutError):
            return False
        return True

    async def compare(self) -> None:
        """Drive again what the streams have lost.

        Raises:
            StreamMissing.
            Unavailable: where the broker does not answer.
        """
        for stream in self._streams:
            await self._compare(stream, prefix_of(stream))
        self.compared = True

    async def _compare(self, stream: str, prefix: str) -> None:
        # 1. What was seen comes first: what is acknowledged meanwhile is no loss.
        since = datetime.now(UTC) - timedelta(seconds=MAX_AGE_SECONDS) + BEFORE_FORGETTING
        seen, oldest = await self._database.read(partial(_remembered, stream, prefix, since))
        try:
            state = await self._ask(stream)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            raise Unavailable(NO_ANSWER) from error
        # 2. What is gone is told again in steps; only then is the new state the one that was seen.
        loss = seen and _loss(prefix, since, seen, oldest, state)
        if loss:
            await self._drive_again(stream, loss)
        known = _known(seen, state)
        if known != seen:
            await self._database.write(partial(_remember, stream, known), wake=False)

    async def _drive_again(self, stream: str, loss: outbox.Loss) -> None:
        count = after = 0
        while True:
            step = partial(_drive_step, loss, after)
            driven, after = await self._database.write(step)
            count += driven
            if not after:
                break
        if count:
            driven_again_total.labels(stream).inc(count)
            log.error("stream_lost_events", stream=stream, driven_again=count)

    async def _ask(self, stream: str) -> StreamState:
        answer = await self._client.request(f"$JS.API.STREAM.INFO.{stream}", timeout=ANSWER_SECONDS)
        told = json.loads(answer.data)
        if error := told.get("error"):
            if error.get("code") == NOT_FOUND:
                raise StreamMissing(stream)
            raise nats.errors.Error
        _tell_behind(stream, _count_behind(told.get("cluster") or {}))
        state = told["state"]
        first, last = int(state["first_seq"]), int(state["last_seq"])
        between = last - first + 1 if state["messages"] else 0
        return StreamState(str(told["created"]), first, last, between - int(state["messages"]))


def _tell_behind(stream: str, count: int) -> None:
    """For as long as it can be known: a copy that waits for its turn asks at a reconnect, and then no more."""
    asked_at = time.monotonic()
    known = lambda: count if time.monotonic() - asked_at < KNOWN_SECONDS else math.nan  # noqa: E731
    replicas_behind.labels(stream).set_function(known)


def _count_behind(cluster: Mapping[str, Any]) -> int:
    """Of a stream on several servers: how many of those that follow are away, or lack some of it. A stream without a
    leader is not told at all."""
    return sum(1 for each in cluster.get("replicas") or () if each.get("offline") or not each.get("current"))


def _loss(
    prefix: str, since: datetime, seen: StreamState, oldest: int | None, state: StreamState
) -> outbox.Loss | None:
    """What must be told again of what was acknowledged before `state` was asked for; `oldest`: the sequence of the
    oldest event that no age has let the stream forget."""
    if state.created_at != seen.created_at or state.holes > seen.holes:
        return outbox.Loss(prefix, since)
    cut_at_the_end = state.last_sequence < seen.last_sequence
    cut_at_the_start = oldest is not None and oldest < state.first_sequence
    if cut_at_the_end and cut_at_the_start:
        return outbox.Loss(prefix, since)
    if cut_at_the_end:
        return outbox.Loss(prefix, since, first=state.last_sequence + 1 - IN_FLIGHT)
    return outbox.Loss(prefix, since, last=state.first_sequence - 1) if cut_at_the_start else None


def _known(seen: StreamState | None, state: StreamState) -> StreamState:
    """What is to be remembered. How far the stream has come says, but for the first time, what it acknowledged here:
    what it has taken and not yet acknowledged is no sign of an earlier event."""
    last = state.last_sequence
    if seen is not None:
        last = min(last, seen.last_sequence) if seen.created_at == state.created_at else 0
    return StreamState(state.created_at, 0, last, state.holes)


def _remembered(
    stream: str, prefix: str, since: datetime, store: SessionStore
) -> tuple[StreamState | None, int | None]:
    row = store.session.execute(sa.select(table).where(table.c.stream == stream)).one_or_none()
    seen = StreamState(row.created_at, 0, row.last_sequence, row.holes) if row else None
    return seen, outbox.oldest_sequence(store.session, prefix, since)


def _remember(stream: str, state: StreamState, store: SessionStore) -> None:
    values = {"created_at": state.created_at, "last_sequence": state.last_sequence, "holes": state.holes}
    insert = insert_of(store.session)(table).values(stream=stream, **values)
    store.session.execute(insert.on_conflict_do_update(index_elements=["stream"], set_=values))


def _drive_step(loss: outbox.Loss, after: int, store: SessionStore) -> tuple[int, int]:
    return outbox.drive_again(store.session, loss, after, STEP)


_HIGHER = (
    table.update()
    .where(table.c.stream == sa.bindparam("name"), table.c.last_sequence < sa.bindparam("sequence"))
    .values(last_sequence=sa.bindparam("sequence"))
)
_SEEN = sa.select(table.c.stream, table.c.last_sequence)
_FORGET = table.update().where(table.c.stream == sa.bindparam("name")).values(created_at="")


def note_sequences(session: Session, taken: Mapping[str, Collection[int]]) -> None:
    """By stream, the sequences that it gave, as the broker acknowledged.

    A sequence that an event of before has too means that the stream went back and came up to it again: it is forgotten
    which stream it was, so that all is told again when it is looked at next.
    """
    highest = [{"name": name, "sequence": max(sequences)} for name, sequences in taken.items()]
    seen = {row.stream: row.last_sequence for row in session.connection().execute(_SEEN)}
    for name, sequences in taken.items():
        repeated = [each for each in sequences if each <= seen.get(name, 0)]
        if repeated and outbox.has_two_at(session, prefix_of(name), repeated):
            log.error("stream_went_back", stream=name)
            session.connection().execute(_FORGET, {"name": name})
    session.connection().execute(_HIGHER, highest)


def prefix_of(stream: str) -> str:
    """What the subjects of a stream begin with, without the dot."""
    return next(each.subjects for each in STREAMS if each.name == stream).split(".", 1)[0]

"""Events are rows of the transaction that caused them; a relay brings them to the bus afterwards."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.bus import traces
from shared.bus.message_ids import message_id
from shared.bus.places import headers_of
from shared.bus.tables import database_state
from shared.bus.tables import outbox as table
from shared.events import Event


@dataclass(frozen=True)
class OutboxEvent:
    """An event that has not reached the bus yet."""

    position: int
    event_id: str
    subject: str
    key: str
    payload: bytes
    driven: int
    attempts: int
    epoch: int
    traceparent: str | None = None
    """Of the span in which it was written."""

    @property
    def headers(self) -> dict[str, str]:
        """Its id as a message, and its place: an event driven again has another id, with the count behind a dot."""
        return {"Nats-Msg-Id": message_id(self.event_id, self.driven), **headers_of(self.epoch, self.position)}


@dataclass(frozen=True)
class SendFailure:
    """An event that the broker did not take."""

    position: int
    failure: str
    next_try_at: datetime


STEP = 500
"""Rows that one transaction deletes or drives again: so the writer is held for some hundredths of a second."""

# built once, and run on the connection: building it anew and going through the object session cost twice as much
_EPOCH = sa.func.coalesce(sa.select(database_state.c.epoch).scalar_subquery(), 1)
_INSERT = table.insert().inline().values(epoch=_EPOCH)


def emit(session: Session, *events: Event) -> None:
    """Tell the events, in this order, if, and only if, this transaction commits."""
    if events:
        within = traces.begin_creations(session, events)
        session.connection().execute(
            _INSERT, [_row(event) | {"traceparent": within.get(event.event_id)} for event in events]
        )


def _row(event: Event) -> dict[str, Any]:
    return {
        "event_id": str(event.event_id),
        "subject": event.subject,
        "ordering_key": event.key,
        "payload": event.model_dump_json().encode(),
        "emitted_at": event.occurred_at,
    }


_WAITS = (table.c.published_at.is_(None), table.c.payload.is_not(None))
_COLUMNS = (
    table.c.position,
    table.c.event_id,
    table.c.subject,
    table.c.ordering_key,
    table.c.payload,
    table.c.driven,
    table.c.attempts,
    table.c.epoch,
    table.c.traceparent,
)
_earlier = table.alias("earlier")
_BEHIND_A_FAILED_ONE = sa.exists().where(
    _earlier.c.ordering_key == table.c.ordering_key,
    _earlier.c.position < table.c.position,
    _earlier.c.published_at.is_(None),
    _earlier.c.attempts > sa.literal_column("0"),  # written out: only so SQLite uses the partial index
)
_NEXT = (
    sa.select(*_COLUMNS)
    .where(*_WAITS, ~_BEHIND_A_FAILED_ONE)
    .order_by(table.c.position)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_FRESH = _NEXT.where(table.c.attempts == 0)
_DUE_AGAIN = _NEXT.where(table.c.attempts > sa.literal_column("0"), table.c.next_try_at <= sa.bindparam("now"))


def waiting_events(session: Session, limit: int) -> list[OutboxEvent]:
    """The next events to publish for the first time, oldest first: none whose key waits for one that failed."""
    return [OutboxEvent(*row) for row in session.connection().execute(_FRESH, {"most": limit})]


def due_again(session: Session, now: datetime, limit: int) -> list[OutboxEvent]:
    """The events that failed and are to be tried again now, oldest first: one of each key."""
    return [OutboxEvent(*row) for row in session.connection().execute(_DUE_AGAIN, {"now": now, "most": limit})]


_PUBLISHED = (
    table.update()
    .where(table.c.position == sa.bindparam("at"))
    .values(published_at=sa.bindparam("now"), sequence=sa.bindparam("kept_at"), failure=None, next_try_at=None)
)
_FAILED = (
    table.update()
    .where(table.c.position == sa.bindparam("at"))
    .values(attempts=table.c.attempts + 1, failure=sa.bindparam("error"), next_try_at=sa.bindparam("again_at"))
)


def mark_published(session: Session, published: Mapping[int, int], now: datetime) -> None:
    """`published`: the sequence under which the stream keeps an event, by its position in the outbox."""
    rows = [{"at": position, "kept_at": sequence, "now": now} for position, sequence in published.items()]
    session.connection().execute(_PUBLISHED, rows)


def mark_failed(session: Session, failed: Sequence[SendFailure]) -> None:
    """Note why the broker did not take these events, and when each is tried again."""
    rows = [{"at": each.position, "error": each.failure[:120], "again_at": each.next_try_at} for each in failed]
    session.connection().execute(_FAILED, rows)


MOST_COUNTED = 10_000
_SOME_WAITING = sa.select(sa.literal(1).label("one")).select_from(table).where(*_WAITS).limit(MOST_COUNTED).subquery()
_COUNT_WAITING = sa.select(sa.func.count()).select_from(_SOME_WAITING)


def count_waiting(session: Session) -> int:
    """At most MOST_COUNTED: whoever watches asks often, also while the broker is away for a day."""
    return session.execute(_COUNT_WAITING).scalar_one()


def oldest_waiting(session: Session) -> datetime | None:
    """When the event was emitted that has waited longest."""
    query = sa.select(table.c.emitted_at).where(*_WAITS).order_by(table.c.position).limit(1)
    return session.execute(query).scalar_one_or_none()


def failing_events(session: Session) -> list[tuple[str, str, int]]:
    """What the broker does not take: (subject, kind of failure, how many)."""
    query = (
        sa.select(table.c.subject, table.c.failure, sa.func.count())
        .where(table.c.published_at.is_(None), table.c.attempts > sa.literal_column("0"))
        .group_by(table.c.subject, table.c.failure)
        .order_by(table.c.subject, table.c.failure)
    )
    return [(subject, failure or "unknown", count) for subject, failure, count in session.execute(query)]


_AGAIN = {
    table.c.published_at: None,
    table.c.driven: table.c.driven + 1,
    table.c.attempts: 0,
    table.c.next_try_at: None,
    table.c.failure: None,
}
"""What was published goes once more, and what failed is tried at once."""


def redrive(session: Session, event_id: UUID) -> int:
    """Publish an event again that a hearer could not read. Returns how many will go: 1, or 0 where there is none.

    Harmless for hearers that have it: their inbox knows the event ids.
    """
    mine = table.c.event_id == str(event_id), table.c.payload.is_not(None)
    return _count(session.execute(table.update().where(*mine).values(_AGAIN)))


_ENDS = sa.select(*(sa.select(end(table.c.position)).scalar_subquery() for end in (sa.func.min, sa.func.max)))


def redrive_since(session: Session, since: datetime, step: int = STEP) -> Iterator[int]:
    """Publish again what the broker may have lost, of all that was emitted at `since` or later. A step of so many
    places in the outbox at each turn, to be committed by itself; gives how many events of it go again."""
    first, last = session.execute(_ENDS).one()
    for start in range(first or 0, (last or -1) + 1, step):
        places = table.c.position.between(start, start + step - 1)
        again = table.update().where(places, table.c.emitted_at >= since, table.c.payload.is_not(None))
        yield _count(session.execute(again.values(_AGAIN)))


def tell_under(session: Session, epoch: int, since: datetime | None) -> int:
    """Publish again, in another epoch, what was told at `since` or later (None: all that is kept), and what was not
    told at all. Returns how many events will go."""
    chosen: list[sa.ColumnElement[bool]] = [table.c.payload.is_not(None)]
    if since is not None:
        chosen.append(sa.or_(table.c.emitted_at >= since, table.c.published_at.is_(None)))
    return _count(session.execute(table.update().where(*chosen).values({**_AGAIN, table.c.epoch: epoch})))


@dataclass(frozen=True)
class Loss:
    """What a stream does not keep any more: the events of one sender that it took at `kept_since` or later, at the
    sequences `first` to `last`, both included; None for any."""

    prefix: str
    """Of the subjects, up to the first dot."""
    kept_since: datetime
    first: int | None = None
    last: int | None = None


def _taken_by(prefix: str, since: datetime) -> list[sa.ColumnElement[bool]]:
    subject = table.c.subject.startswith(f"{prefix}.", autoescape=True)
    return [subject, table.c.published_at >= since, table.c.payload.is_not(None)]


def oldest_sequence(session: Session, prefix: str, since: datetime) -> int | None:
    """Where the stream keeps the oldest event that it took at `since` or later."""
    query = sa.select(table.c.sequence).where(*_taken_by(prefix, since), table.c.sequence.is_not(None))
    return session.execute(query.order_by(table.c.published_at).limit(1)).scalar_one_or_none()


def has_two_at(session: Session, prefix: str, sequences: Collection[int]) -> bool:
    """Whether a stream gave one of these sequences to two events that it could still keep: what an earlier stream had
    there long ago is no sign."""
    query = (
        sa.select(table.c.sequence)
        .where(
            table.c.subject.startswith(f"{prefix}.", autoescape=True),
            table.c.sequence.in_(sequences),
            table.c.published_at.is_not(None),
            table.c.payload.is_not(None),
        )
        .group_by(table.c.sequence)
        .having(sa.func.count() > 1)
    )
    return session.execute(query.limit(1)).first() is not None


def drive_again(session: Session, loss: Loss, after: int, limit: int) -> tuple[int, int]:
    """Publish again what a stream has lost, in one step of at most `limit` events behind the position `after`.

    Returns how many will go, and the position behind which to go on; 0 where nothing is left.
    """
    lost = [*_taken_by(loss.prefix, loss.kept_since), table.c.position > after]
    if loss.first is not None:
        lost.append(table.c.sequence >= loss.first)
    if loss.last is not None:
        lost.append(table.c.sequence <= loss.last)
    rows = session.execute(sa.select(table.c.position).where(*lost).order_by(table.c.position).limit(limit))
    positions = list(rows.scalars())
    if positions:
        session.execute(table.update().where(table.c.position.in_(positions)).values(_AGAIN))
    return len(positions), positions[-1] if len(positions) == limit else 0


def purge(session: Session, before: datetime, limit: int = STEP) -> int:
    """Delete events that were published before `before`, the oldest first and at most `limit`: the streams have
    forgotten them, and they may hold personal data. Returns how many.

    No loss is seen in it: a stream is held against what it may still keep (`streams`).
    """
    old = sa.select(table.c.position).where(table.c.published_at < before).order_by(table.c.published_at).limit(limit)
    positions = list(session.execute(old).scalars())
    if positions:
        session.execute(table.delete().where(table.c.position.in_(positions)))
    return len(positions)


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0))

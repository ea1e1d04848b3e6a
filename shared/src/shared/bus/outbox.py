"""Events are rows of the transaction that caused them; a relay brings them to the bus afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.bus.tables import outbox as table
from shared.events import Event


@dataclass(frozen=True)
class Waiting:
    """An event that has not reached the bus yet."""

    position: int
    event_id: str
    subject: str
    key: str
    payload: bytes


# built once, and run on the connection: building it anew and going through the object session cost twice as much
_INSERT = table.insert().inline()


def emit(session: Session, *events: Event) -> None:
    """Tell the events, in this order, if, and only if, this transaction commits."""
    if events:
        session.connection().execute(_INSERT, [_row(event) for event in events])


def _row(event: Event) -> dict[str, Any]:
    return {
        "event_id": str(event.event_id),
        "subject": event.subject,
        "ordering_key": event.key,
        "payload": event.model_dump_json().encode(),
        "emitted_at": event.occurred_at,
    }


def waiting(session: Session, limit: int) -> list[Waiting]:
    """The next events to publish, oldest first."""
    rows = session.execute(
        sa.select(table.c.position, table.c.event_id, table.c.subject, table.c.ordering_key, table.c.payload)
        .where(table.c.published_at.is_(None), table.c.payload.is_not(None))
        .order_by(table.c.position)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def mark_published(session: Session, positions: Sequence[int], now: datetime) -> None:
    session.execute(table.update().where(table.c.position.in_(positions)).values(published_at=now))


def count_waiting(session: Session) -> int:
    return session.execute(
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.published_at.is_(None), table.c.payload.is_not(None))
    ).scalar_one()


def redrive(session: Session, *, since: datetime | None = None, event_id: UUID | None = None) -> int:
    """Publish again what the broker may have lost or a hearer could not read. Returns how many events will go.

    Harmless for hearers that have them: their inbox knows the event ids.
    """
    update = table.update().where(table.c.payload.is_not(None)).values(published_at=None)
    if since is not None:
        update = update.where(table.c.emitted_at >= since)
    if event_id is not None:
        update = update.where(table.c.event_id == str(event_id))
    return _count(session.execute(update))


def purge(session: Session, before: datetime) -> int:
    """Empty the payloads of events published before `before`: they may hold personal data. Returns how many."""
    return _count(
        session.execute(
            table.update().where(table.c.published_at < before, table.c.payload.is_not(None)).values(payload=None)
        )
    )


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0))

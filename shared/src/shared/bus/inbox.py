"""What has been heard: the unique message id, in the transaction of its effect, makes a second delivery harmless."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.bus.places import Place
from shared.bus.tables import dead_letter, inbox
from shared.database.dialect import insert_of


def note(
    session: Session, message_ids: Collection[str], now: datetime, places: Mapping[str, Place] | None = None
) -> None:
    """Note messages whose effects are in this transaction, with the places that they have at their sender. Raises
    IntegrityError where another transaction noted one meanwhile: then this one must not commit."""
    known = places or {}
    rows = [
        {"message_id": each, "received_at": now, **(known[each].columns if each in known else NO_PLACE)}
        for each in message_ids
    ]
    if rows:
        session.execute(inbox.insert(), rows)


NO_PLACE = {"sender": None, "epoch": None, "position": None}


def known(session: Session, message_ids: Collection[str]) -> set[str]:
    """Which of these messages have been handled before."""
    rows = session.execute(sa.select(inbox.c.message_id).where(inbox.c.message_id.in_(message_ids)))
    return set(rows.scalars())


def quarantine(
    session: Session,
    *,
    stream: str,
    sequence: int,
    stored_at: datetime,
    subject: str,
    message_id: str | None,
    reason: str,
    now: datetime,
) -> None:
    """Put a message aside that cannot be handled, so that it does not block the queue. `stored_at`: when the stream
    took it, for a stream made anew gives the same sequences again."""
    session.execute(
        insert_of(session)(dead_letter)
        .values(
            stream=stream,
            sequence=sequence,
            stored_at=stored_at,
            subject=subject[:120],
            message_id=message_id and message_id[:120],
            reason=reason[:500],
            received_at=now,
        )
        .on_conflict_do_nothing()
    )


def count_quarantined(session: Session) -> int:
    return session.execute(sa.select(sa.func.count()).select_from(dead_letter)).scalar_one()


def purge(session: Session, before: datetime) -> int:
    """Forget messages older than the stream keeps them: they cannot come again."""
    return int(getattr(session.execute(inbox.delete().where(inbox.c.received_at < before)), "rowcount", 0))

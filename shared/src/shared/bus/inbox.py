"""What has been heard: the unique message id, in the transaction of its effect, makes a second delivery harmless."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.bus.places import Place
from shared.bus.tables import dead_letter, inbox
from shared.database.dialect import insert_of

MOST_CONTENTS = 1000
"""Of open letters: whoever floods a hearer fills no disk with it."""
_NOTE = inbox.insert().inline()
_KNOWN = sa.select(inbox.c.message_id).where(inbox.c.message_id.in_(sa.bindparam("ids", expanding=True)))
_COUNT_OPEN = sa.select(sa.func.count()).select_from(dead_letter).where(dead_letter.c.closed_at.is_(None))


def note(
    session: Session, message_ids: Collection[str], now: datetime, places: Mapping[str, Place] | None = None
) -> None:
    """Note messages whose effects are in this transaction, with the places that they have at their sender.

    Raises:
        IntegrityError: where another transaction noted one meanwhile: then this one must not commit.
    """
    known = places or {}
    rows = [
        {"message_id": each, "received_at": now, **(known[each].columns if each in known else NO_PLACE)}
        for each in message_ids
    ]
    if rows:
        session.connection().execute(_NOTE, rows)


NO_PLACE = {"sender": None, "epoch": None, "position": None}


def known_ids(session: Session, message_ids: Collection[str]) -> set[str]:
    """Which of these messages have been handled before."""
    rows = session.connection().execute(_KNOWN, {"ids": list(message_ids)})
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
    content: bytes,
    now: datetime,
) -> None:
    """Put a message aside that cannot be handled, so that it does not block the queue.

    Args:
        stored_at: when the stream took it, for a stream made anew gives the same sequences again.
    """
    kept = session.execute(_COUNT_OPEN).scalar_one()
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
            content=content if kept < MOST_CONTENTS else None,
        )
        .on_conflict_do_nothing()
    )


def count_quarantined(session: Session) -> int:
    """Those that nobody has closed."""
    return session.execute(_COUNT_OPEN).scalar_one()


def close_told_again(session: Session, message_ids: Collection[str], now: datetime) -> None:
    """Messages that had been put aside were told again, and handled."""
    letters = dead_letter.c.message_id.in_(message_ids), dead_letter.c.closed_at.is_(None)
    session.execute(dead_letter.update().where(*letters).values(closed_at=now, content=None))


def purge(session: Session, before: datetime, limit: int) -> int:
    """Forget messages older than the stream keeps them, at most `limit`: they cannot come again. Of dead letters the
    place stays. Returns how many."""
    letters = sa.select(dead_letter.c.id).where(dead_letter.c.received_at < before, dead_letter.c.content.is_not(None))
    some = dead_letter.c.id.in_(list(session.execute(letters.limit(limit)).scalars()))
    session.execute(dead_letter.update().where(some).values(content=None))
    old = sa.select(inbox.c.message_id).where(inbox.c.received_at < before).order_by(inbox.c.received_at).limit(limit)
    ids = list(session.execute(old).scalars())
    if ids:
        session.execute(inbox.delete().where(inbox.c.message_id.in_(ids)))
    return len(ids)

"""What has been heard: the unique message id, in the transaction of its effect, makes a second delivery harmless."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from shared.tables import dead_letter, inbox


def first_time(session: Session, message_id: str, now: datetime) -> bool:
    """Note the message; False where it was noted before."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    statement = insert(inbox).values(message_id=message_id, received_at=now).on_conflict_do_nothing()
    # RETURNING, not rowcount: psycopg does not count an insert that did nothing
    return session.execute(statement.returning(inbox.c.message_id)).first() is not None


def known(session: Session, message_ids: Collection[str]) -> set[str]:
    """Which of these messages have been handled before: their long work need not be done again."""
    rows = session.execute(sa.select(inbox.c.message_id).where(inbox.c.message_id.in_(message_ids)))
    return set(rows.scalars())


def quarantine(
    session: Session, *, stream: str, sequence: int, subject: str, message_id: str | None, reason: str, now: datetime
) -> None:
    """Put a message aside that cannot be handled, so that it does not block the queue."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    session.execute(
        insert(dead_letter)
        .values(
            stream=stream,
            sequence=sequence,
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

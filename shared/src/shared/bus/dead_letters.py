"""Messages that were put aside: listed, handled after all, or closed by a person's word."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from shared.bus import inbox, traces
from shared.bus.epochs import is_behind
from shared.bus.tables import dead_letter as table
from shared.database import SessionStore, Transactions
from shared.errors import NotFound, Problem, Text, place_of
from shared.events import Event
from shared.row_security.asking import within_as

NO_SUCH = Text("Diese Nachricht liegt nicht hier, oder sie ist erledigt.", "There is no such letter, or it is closed.")


@dataclass(frozen=True)
class DeadLetter:
    """A message that could not be handled; `content` None where it is kept no more."""

    id: int
    stream: str
    sequence: int
    subject: str
    message_id: str | None
    reason: str
    received_at: datetime
    content: bytes | None

    def to_json(self) -> dict[str, Any]:
        """Without what it says."""
        return {
            "id": self.id,
            "stream": self.stream,
            "sequence": self.sequence,
            "subject": self.subject,
            "reason": self.reason,
            "received_at": self.received_at.isoformat(),
        }


_OPEN = sa.select(
    table.c.id,
    table.c.stream,
    table.c.sequence,
    table.c.subject,
    table.c.message_id,
    table.c.reason,
    table.c.received_at,
    table.c.content,
).where(table.c.closed_at.is_(None))


def open_letters(session: Session) -> list[DeadLetter]:
    """Oldest first."""
    return [DeadLetter(*row) for row in session.execute(_OPEN.order_by(table.c.id))]


def open_letter(session: Session, letter_id: int) -> DeadLetter:
    """Raises NotFound."""
    row = session.execute(_OPEN.where(table.c.id == letter_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH)
    return DeadLetter(*row)


def close(session: Session, letter_id: int, now: datetime) -> DeadLetter:
    """Nobody need look at it any more.

    Raises:
        NotFound.
    """
    letter = open_letter(session, letter_id)
    session.execute(table.update().where(table.c.id == letter_id).values(closed_at=now, content=None))
    return letter


def forget_about(session: Session, ids: Collection[UUID]) -> int:
    """Empty what letters say that name one of these ids: its family is erased. Returns how many. They are few: all are
    read. In which trace the application was heard of goes too."""
    with within_as(session, "erasures"):
        traces.forget_about(session, ids)
        return _forget_about(session, [str(each).encode() for each in ids])


def _forget_about(session: Session, names: Collection[bytes]) -> int:
    query = sa.select(table.c.id, table.c.content).where(table.c.content.is_not(None))
    about = [row.id for row in session.execute(query) if any(name in row.content for name in names)]
    session.execute(table.update().where(table.c.id.in_(about)).values(content=None))
    return len(about)


def read_event(
    kinds: Mapping[str, type[Event]], subject: str, content: bytes, event_id: str | None
) -> tuple[Event | None, str | None]:
    """What a message says, or why it cannot be read, without its values."""
    kind = kinds.get(subject)
    if kind is None:
        return None, "this version is not known here; drive the letter again after an upgrade"
    try:
        event = kind.model_validate_json(content)
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors()[:5])
        return None, f"cannot be read: {places}"
    if event_id and str(event.event_id) != event_id:
        return None, "message id and event id differ"
    return event, None


class DeadLetters:
    """Those of one process."""

    def __init__(self, database: Transactions[SessionStore], handlers: Mapping[type[Event], Any]) -> None:
        self._database, self._handlers = database, handlers

    async def drive_again(self, letter_id: int) -> str | None:
        """Handle the message as if it came now. Returns None where that went well, and then it is closed; else why not,
        without what it says.

        Raises:
            NotFound: where there is no such letter.
        """
        letter = await self._database.read(lambda store: open_letter(store.session, letter_id))
        if await self._database.read(lambda store: is_behind(store.session)):
            return "this database was put back and has not caught up yet: nothing is handled before"
        if letter.content is None:
            return f"it is not kept here any more; at its sender: `outbox redrive --event {letter.message_id}`"
        # 1. Read it, as this program can.
        kinds = {kind.subject: kind for kind in self._handlers}
        given = letter.message_id if letter.message_id and not letter.message_id.startswith(letter.stream) else None
        event, reason = read_event(kinds, letter.subject, letter.content, given)
        if event is None:
            return reason
        # 2. The long work, then the step, its inbox row and the end of the letter in one transaction.
        try:
            step = await self._handlers[type(event)](event)
            await self._database.write(lambda store: _finish(store, letter, str(event.event_id), step))
        except Problem as error:
            return f"{type(error).__name__}: {error.text.en}"
        except Exception as error:
            return f"{type(error).__name__} at {place_of(error)}"
        return None


def _finish(store: SessionStore, letter: DeadLetter, event_id: str, step: Any) -> None:
    now = datetime.now(UTC)
    if not inbox.known_ids(store.session, [event_id]):
        step(store)
        inbox.note(store.session, [event_id], now)
    close(store.session, letter.id, now)

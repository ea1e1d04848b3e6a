"""What every part of the store has: the session, and the outbox."""

from typing import Any

import sqlalchemy as sa
from shared.bus import outbox, stations
from shared.events import Event
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel


class Row(SQLModel, registry=registry()):
    """Metadata of its own: two services in one process may each have a table of one name."""


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, *events: Event) -> None:
        """Into the outbox, in this order; a line in the log for each that is a station of an application's way."""
        outbox.emit(self.session, *events)
        stations.note(self.session, *events)

    def _execute(self, statement: Any, values: dict[str, Any]) -> sa.CursorResult[Any]:
        """On the connection: these rows are no objects, and the object session adds a third to each statement."""
        return self.session.connection().execute(statement, values)
